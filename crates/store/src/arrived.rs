//! What has come since somebody looked, and how far those have got who tell others of it.
//!
//! How far somebody got is an app transaction, as the offsets of what comes in are: a commit of its own in the table
//! `deliveries`, which changes none of its rows.

use crate::error::StoreError;
use crate::resolve::{partition_of, without};
use crate::schema::Table;
use crate::snapshot::scan_paths;
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use crate::{Store, collect, signed};
use feedback::time::Day;
use polars::prelude::*;
use std::collections::BTreeSet;
use std::time::Instant;

/// What names a row for good, whatever file it is moved to.
const POSITION: [&str; 3] = ["position_topic", "position_partition", "position_offset"];

impl Store {
    /// The current rows that commits after `version` of `feedback` brought, as people corrected them, and the version this
    /// holds for. Where the log does not reach back as far, or a file of them is gone, more of what is current: nothing is
    /// left out. A correction brings no row again.
    pub async fn current_facts_since(&self, version: i64) -> Result<(i64, LazyFrame), StoreError> {
        let snapshot = self.inner.feedback.snapshot().await?;
        let hidden = self.hidden(&snapshot).await?;
        let at = signed(snapshot.version);
        let changes = match u64::try_from(version) {
            Ok(version) => self.changes(version, &snapshot).await?,
            Err(_) => None,
        };
        let Some(changes) = changes else {
            return Ok((at, self.corrected(without(snapshot.scan()?, &hidden)?).await?));
        };
        let days = changes.added.iter().filter_map(|path| partition_of(path)).map(|day| snapshot.day(day));
        let days = days.collect::<Result<BTreeSet<Day>, StoreError>>()?;
        // A compaction moves rows within their day.
        let rows = self.corrected(without(snapshot.scan_days(&days)?, &hidden)?).await?;
        let added = scan_paths(Table::Feedback, &self.inner.feedback.place, &changes.added)?;
        // Read now: a file that was merged meanwhile is deleted some time.
        match collect(added.select(POSITION.map(col))).await {
            Ok(added) => {
                let semi = JoinArgs::new(JoinType::Semi);
                Ok((at, rows.join(added.lazy(), POSITION.map(col), POSITION.map(col), semi)))
            }
            // It was merged meanwhile, and deleted.
            Err(StoreError::Busy { .. } | StoreError::Missing { .. }) => Ok((at, rows)),
            Err(error) => Err(error),
        }
    }

    /// How far whoever is called so has got; `None` before they began.
    pub async fn got_to(&self, who: &str) -> Result<Option<i64>, StoreError> {
        let noted = self.inner.logs.deliveries.app_versions(&[app_id(who)]).await?;
        Ok(noted.first().copied().flatten())
    }

    /// Notes how far whoever is called so has got, where nobody has noted otherwise since it was `from`; whether that was
    /// so.
    pub async fn note_got_to(&self, who: &str, from: Option<i64>, to: i64) -> Result<bool, StoreError> {
        let handle = &self.inner.logs.deliveries;
        let note = AppVersion { app_id: app_id(who), expected: Expected::Exactly(from), version: to };
        let intent = Intent {
            purpose: Purpose::Append,
            adds: Vec::new(),
            removes: Vec::new(),
            notes: vec![note],
            put_at: Instant::now(),
        };
        match handle.transact(&intent).await {
            Ok(_) => Ok(true),
            Err(Refused::AppMoved { .. }) => Ok(false),
            Err(Refused::Store(error)) => Err(error),
            // Nothing is removed.
            Err(Refused::FilesGone) => Err(StoreError::Busy { path: handle.place.clone() }),
        }
    }
}

fn app_id(who: &str) -> String {
    format!("told/{who}")
}
