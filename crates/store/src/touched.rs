//! Which days must be counted again.
//!
//! A commit touches the days of its new rows, and every day that holds another version of one of their
//! items: a new version takes the old one off its day, and a tombstone may carry nothing but ids. A correction touches
//! the days of its item; one that an erasure took needs nothing, for its facts went, too.

use crate::error::StoreError;
use crate::index::{FileItems, item, key};
use crate::log::Correction;
use crate::resolve::{days_with_items, partition_of};
use crate::schema::DAY;
use crate::snapshot::{Snapshot, paths};
use crate::table::{PURPOSE, Purpose};
use crate::{Store, signed};
use deltalake_core::kernel::Action;
use feedback::time::Day;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How far somebody has read what insights are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seen {
    /// Of `feedback`.
    pub version: i64,
    /// The sequence of the last correction; 0 before the first.
    pub corrections: i64,
}

/// What the commits after some version, and the corrections after some other, mean for the insights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The version of `feedback` this holds for.
    pub version: i64,
    /// The last correction that this holds for.
    pub corrections: i64,
    /// Ascending. Days that hold no row any more are among them.
    pub days: BTreeSet<Day>,
    /// The log did not reach back far enough, or nothing was known before: `days` is all of them.
    pub everything: bool,
}

/// What the log says, before any row is read.
#[derive(Default)]
pub(crate) struct Changes {
    days: BTreeSet<Day>,
    /// Files with new rows.
    pub added: Vec<String>,
    /// Files whose rows a compaction has moved, some of them dropped.
    compacted: Vec<String>,
}

impl Store {
    /// The days that commits and corrections after `since` touched; all days for `None`.
    pub async fn touched_since(&self, since: Option<Seen>) -> Result<Touched, StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        let version = signed(snapshot.version);
        if let Some(since) = since
            && let Ok(known) = u64::try_from(since.version)
            && let Some((corrections, corrected)) = self.days_corrected(since.corrections, &snapshot).await?
            && let Some(changes) = self.changes(known, &snapshot).await?
            && let Some(mut days) = self.days_of(changes, &snapshot).await?
        {
            days.extend(corrected);
            return Ok(Touched { version, corrections, days, everything: false });
        }
        let corrections = self.last_sequence::<Correction>().await?;
        let mut days = snapshot.days();
        // What was counted once and has no rows any more.
        days.extend(self.inner.insights.snapshot().await?.days());
        Ok(Touched { version, corrections, days, everything: true })
    }

    /// The days that corrections after this one touched, and the last of them; `None` if the log is not the one that was
    /// read, or a file of the facts is gone.
    async fn days_corrected(
        &self,
        after: i64,
        snapshot: &Snapshot,
    ) -> Result<Option<(i64, BTreeSet<Day>)>, StoreError> {
        let (last, corrections) = self.events_after::<Correction>(after, i64::MAX).await?;
        if last < after {
            return Ok(None);
        }
        let items = corrections.iter().map(|correction| key(item(&correction.item_id))).collect();
        let days = self.days_of_items(items, snapshot).await?;
        Ok(days.map(|mut days| {
            days.extend(corrections.iter().map(|correction| correction.item_day));
            (last, days)
        }))
    }

    /// The days that hold rows of items with these keys; `None` if a file is gone.
    pub(crate) async fn days_of_items(
        &self,
        keys: Vec<u64>,
        snapshot: &Snapshot,
    ) -> Result<Option<BTreeSet<Day>>, StoreError> {
        if keys.is_empty() {
            return Ok(Some(BTreeSet::new()));
        }
        let (files, mut index) = (snapshot.files(), self.inner.caches.index.lock().await);
        let items = index.items(&self.inner.feedback, &paths(&files)).await?;
        drop(index);
        let Some(items) = items else { return Ok(None) };
        let all: Vec<_> = files.iter().map(|file| file.day).zip(items).collect();
        let wanted = [Arc::new(FileItems { keys, tombstones: Vec::new() })];
        let days = crate::blocking(move || Ok(days_with_items(&all, &wanted))).await?;
        Ok(Some(days.into_iter().collect()))
    }

    /// Reads the commits after `version`; `None` if the log no longer has them all.
    pub(crate) async fn changes(
        &self,
        version: u64,
        snapshot: &Snapshot,
    ) -> Result<Option<Changes>, StoreError> {
        let mut changes = Changes::default();
        if version > snapshot.version {
            return Ok(None);
        }
        for version in version + 1..=snapshot.version {
            let Some(actions) = self.inner.feedback.actions(version).await? else { return Ok(None) };
            changes.read(&actions, snapshot)?;
        }
        Ok(Some(changes))
    }

    /// `None` if a file whose rows are needed is gone.
    async fn days_of(
        &self,
        changes: Changes,
        snapshot: &Snapshot,
    ) -> Result<Option<BTreeSet<Day>>, StoreError> {
        let mut days = changes.days;
        if changes.added.is_empty() {
            return Ok(Some(days));
        }
        // Rows that a compaction has moved, or dropped, stood on a day of their own.
        let mut paths: BTreeSet<String> = paths(&snapshot.files()).into_iter().collect();
        paths.extend(changes.compacted);
        paths.extend(changes.added.iter().cloned());
        let paths: Vec<String> = paths.into_iter().collect();
        let mut index = self.inner.caches.index.lock().await;
        let feedback = &self.inner.feedback;
        let (Some(all), Some(added)) =
            (index.items(feedback, &paths).await?, index.items(feedback, &changes.added).await?)
        else {
            return Ok(None);
        };
        drop(index);
        let day = |path: &String| partition_of(path).map(|day| snapshot.day(day)).transpose();
        let of_paths = paths.iter().map(day).collect::<Result<Vec<_>, _>>()?;
        let all: Vec<_> = of_paths.into_iter().zip(all).collect();
        days.extend(crate::blocking(move || Ok(days_with_items(&all, &added))).await?);
        Ok(Some(days))
    }
}

impl Touched {
    /// To be asked with the next time.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen { version: self.version, corrections: self.corrections }
    }
}

impl Changes {
    fn read(&mut self, actions: &[Action], snapshot: &Snapshot) -> Result<(), StoreError> {
        let purpose = actions.iter().find_map(|action| match action {
            Action::CommitInfo(info) => info.info.get(PURPOSE).and_then(|purpose| purpose.as_str()),
            _ => None,
        });
        let erased = purpose == Some(Purpose::Erase.as_str());
        for action in actions {
            match action {
                Action::Remove(remove) if remove.data_change => {
                    let day = remove.partition_values.as_ref().and_then(|values| values.get(DAY));
                    if let Some(day) = day.and_then(Option::as_deref) {
                        self.days.insert(snapshot.day(day)?);
                    }
                }
                Action::Remove(remove) => self.compacted.push(remove.path.clone()),
                // An erasure writes the rows that stay again; its removes have named the days.
                Action::Add(add) if add.data_change && !erased => self.added.push(add.path.clone()),
                _ => {}
            }
        }
        Ok(())
    }
}
