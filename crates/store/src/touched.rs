//! Which days must be counted again.
//!
//! A commit touches the days of its new rows, and every day that holds another version of one of their
//! items: a new version takes the old one off its day, and a tombstone may carry nothing but ids.

use crate::error::StoreError;
use crate::resolve::{days_with_items, partition_of};
use crate::schema::DAY;
use crate::snapshot::Snapshot;
use crate::table::{PURPOSE, Purpose};
use crate::{Store, signed};
use deltalake_core::kernel::Action;
use feedback::time::Day;
use std::collections::BTreeSet;

/// What the commits after some version mean for the insights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The version of `feedback` this holds for.
    pub version: i64,
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
    /// The days that commits after `version` touched; all days for `None`.
    pub async fn touched_since(&self, version: Option<i64>) -> Result<Touched, StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        if let Some(version) = version.and_then(|version| u64::try_from(version).ok())
            && let Some(changes) = self.changes(version, &snapshot).await?
            && let Some(days) = self.days_of(changes, &snapshot).await?
        {
            return Ok(Touched { version: signed(snapshot.version), days, everything: false });
        }
        let mut days = snapshot.days()?;
        // What was counted once and has no rows any more.
        days.extend(self.inner.insights.snapshot().await?.days()?);
        Ok(Touched { version: signed(snapshot.version), days, everything: true })
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
        let mut paths: BTreeSet<String> = snapshot.files()?.into_iter().map(|file| file.path).collect();
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
