//! Keeping the tables fast: compaction, checkpoints, log cleanup and vacuum, all safe beside live writers.

use crate::Store;
use crate::compact::{Compacted, by_day, merge_small_files};
use crate::error::StoreError;
use crate::schema::Table;
use crate::snapshot::Snapshot;
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use crate::vacuum::{Expiry, vacuum};
use deltalake_core::checkpoints::{cleanup_metadata, create_checkpoint};
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintainOptions {
    /// Merge small files.
    pub compact: bool,
    /// Drop superseded rows and duplicates from `feedback` while at it.
    pub drop_superseded: bool,
    pub checkpoint: bool,
    /// Delete files that were removed longer ago than this, or than [`Store::retention`] where that is
    /// shorter; readers of older versions lose them. `None` deletes nothing.
    pub vacuum: Option<Duration>,
}

impl Default for MaintainOptions {
    fn default() -> Self {
        Self { compact: true, drop_superseded: true, checkpoint: true, vacuum: Some(Duration::MAX) }
    }
}

/// How far a compaction is: each day is a commit of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaintainProgress {
    pub table: Table,
    /// Days of the table that were looked at.
    pub done: usize,
    pub days: usize,
}

/// Hears of each step.
pub(crate) type Observe<'o> = &'o (dyn Fn(MaintainProgress) + Send + Sync);

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MaintainReport {
    pub tables: Vec<TableReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReport {
    pub table: &'static str,
    /// Files merged, and into how many.
    pub files_before: usize,
    pub files_after: usize,
    /// Superseded rows and duplicates.
    pub rows_dropped: usize,
    /// Days that somebody else rewrote at the same time.
    pub days_skipped: usize,
    pub files_deleted: usize,
    pub log_entries_deleted: usize,
}

/// What [`Store::maintain_if_needed`] remembers between calls.
#[derive(Default)]
pub(crate) struct Upkeep {
    looked_at: u64,
}

/// The app transaction of `feedback` that notes when the tables were vacuumed last, in seconds since 1970: so it
/// matters neither how long a process lives nor how many there are.
const VACUUMED: &str = "upkeep/vacuum";
/// Seconds between two automatic vacuums; of new tables the first is due after as long.
const VACUUM_EVERY: i64 = 24 * 3600;
/// Small files of one day that are worth a merge.
const MANY_OF_A_DAY: usize = 24;
/// The same once the table as a whole has many files.
const SOME_OF_A_DAY: usize = 8;
const MANY_FILES: usize = 400;
/// Commits between two looks.
const LOOK_EVERY: u64 = 8;

impl Store {
    /// Does what the options say to every table.
    pub async fn maintain(&self, options: &MaintainOptions) -> Result<MaintainReport, StoreError> {
        self.maintain_observed(options, &|_| {}).await
    }

    /// Like [`Self::maintain`], and tells how far it is after each day.
    pub async fn maintain_observed(
        &self,
        options: &MaintainOptions,
        observe: &(dyn Fn(MaintainProgress) + Send + Sync),
    ) -> Result<MaintainReport, StoreError> {
        let mut report = MaintainReport::default();
        self.sweep_suppressed(&mut BTreeSet::new(), &|_| {}).await?;
        for table in Table::ALL {
            report.tables.push(self.maintain_table(table, options, observe).await?);
        }
        Ok(report)
    }

    async fn maintain_table(
        &self,
        table: Table,
        options: &MaintainOptions,
        observe: Observe<'_>,
    ) -> Result<TableReport, StoreError> {
        let handle = self.handle(table);
        handle.note_retention().await?;
        let mut compacted = Compacted::default();
        if options.compact {
            let dropping = options.drop_superseded && table == Table::Feedback;
            compacted = match dropping {
                true => {
                    let now = Timestamp::from_datetime(chrono::Utc::now());
                    self.compact_feedback(2, now, observe).await?
                }
                false => merge_small_files(handle, 2, observe).await?,
            };
        }
        // Before the checkpoint, which no longer tells of files that were removed longer ago than the retention.
        let mut files_deleted = 0;
        if let Some(retention) = options.vacuum.map(|age| age.min(handle.retention)) {
            // What the compaction has just removed counts as removed now.
            let now = chrono::Utc::now().timestamp_millis();
            let expiry = Expiry::new(now, retention, retention);
            files_deleted = vacuum(handle, expiry).await?.deleted;
        }
        let mut log_entries_deleted = 0;
        if options.checkpoint {
            let delta = handle.delta().await?;
            create_checkpoint(&delta, None).await.map_err(|error| handle.failed(error))?;
            let cleaned = cleanup_metadata(&delta, None).await;
            log_entries_deleted = cleaned.map_err(|error| handle.failed(error))?;
        }
        Ok(TableReport {
            table: table.name(),
            files_before: compacted.files_before,
            files_after: compacted.files_after,
            rows_dropped: compacted.rows_dropped,
            days_skipped: compacted.days_skipped,
            files_deleted,
            log_entries_deleted,
        })
    }

    /// For the worker between two commits: merges small files once there are too many for fast commits,
    /// and once a day does all there is to do, for what was superseded costs every reader a look. Nearly always it
    /// looks at a number and returns `None`.
    /// Checkpoints need no care here: each fiftieth commit writes one.
    pub async fn maintain_if_needed(&self) -> Result<Option<MaintainReport>, StoreError> {
        self.maintain_if_needed_at(chrono::Utc::now().timestamp()).await
    }

    async fn maintain_if_needed_at(&self, now: i64) -> Result<Option<MaintainReport>, StoreError> {
        let mut upkeep = self.inner.caches.upkeep.lock().await;
        if self.takes_its_turn_to_vacuum(now).await? {
            return self.maintain(&MaintainOptions::default()).await.map(Some);
        }
        self.merge_many(&mut upkeep).await
    }

    /// Only the first part of [`Self::maintain_if_needed`], which is soon done: merges small files once there are too
    /// many.
    pub async fn merge_if_needed(&self) -> Result<Option<MaintainReport>, StoreError> {
        let mut upkeep = self.inner.caches.upkeep.lock().await;
        self.merge_many(&mut upkeep).await
    }

    async fn merge_many(&self, upkeep: &mut Upkeep) -> Result<Option<MaintainReport>, StoreError> {
        let version = self.inner.feedback.version().await?;
        if version < upkeep.looked_at + LOOK_EVERY {
            return Ok(None);
        }
        upkeep.looked_at = version;
        let mut report = MaintainReport::default();
        for table in [Table::Feedback, Table::DeadLetters].into_iter().chain(Table::LOGS) {
            let handle = self.handle(table);
            let Some(at_least) = needs_merge(&handle.snapshot().await?) else { continue };
            let done = merge_small_files(handle, at_least, &|_| {}).await?;
            report.tables.push(TableReport {
                table: table.name(),
                files_before: done.files_before,
                files_after: done.files_after,
                rows_dropped: 0,
                days_skipped: done.days_skipped,
                files_deleted: 0,
                log_entries_deleted: 0,
            });
        }
        Ok((!report.tables.is_empty()).then_some(report))
    }

    /// Of all processes one hears yes, once a day.
    async fn takes_its_turn_to_vacuum(&self, now: i64) -> Result<bool, StoreError> {
        let feedback = &self.inner.feedback;
        let noted = feedback.app_versions(&[VACUUMED.to_owned()]).await?.into_iter().next().flatten();
        if noted.is_some_and(|at| now - at < VACUUM_EVERY) {
            return Ok(false);
        }
        let note =
            AppVersion { app_id: VACUUMED.to_owned(), expected: Expected::Exactly(noted), version: now };
        let intent = Intent {
            purpose: Purpose::Append,
            adds: Vec::new(),
            removes: Vec::new(),
            notes: vec![note],
            put_at: Instant::now(),
        };
        match feedback.transact(&intent).await {
            Ok(_) => Ok(noted.is_some()),
            Err(Refused::Store(error)) => Err(error),
            // Another process takes it.
            Err(_) => Ok(false),
        }
    }
}

/// From how many files a day is merged, if any is.
fn needs_merge(snapshot: &Snapshot) -> Option<usize> {
    let days = by_day(snapshot);
    let files: usize = days.values().map(Vec::len).sum();
    let most = days.values().map(Vec::len).max().unwrap_or(0);
    if files > MANY_FILES + 2 * days.len() && most >= SOME_OF_A_DAY {
        return Some(SOME_OF_A_DAY);
    }
    (most >= MANY_OF_A_DAY).then_some(MANY_OF_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Batch, FactColumns, FactRow, StoreOptions};
    use feedback::ids::Id;

    async fn open(root: &tempfile::TempDir, retention: Duration) -> Store {
        let options = StoreOptions { retention, ..StoreOptions::default() };
        Store::open(root.path().to_str().unwrap(), options).await.unwrap()
    }

    #[tokio::test]
    async fn workers_that_are_started_anew_each_day_vacuum_once_a_day() {
        let root = tempfile::tempdir().unwrap();
        let (now, half_a_day) = (1_800_000_000, 12 * 3600);
        let mut vacuums = Vec::new();
        for round in 0..6 {
            // Two processes, each as young as can be.
            for _ in 0..2 {
                let store = open(&root, Duration::from_secs(3600)).await;
                let done = store.maintain_if_needed_at(now + round * half_a_day).await.unwrap();
                vacuums.push(done.is_some());
            }
        }
        let expected = [false, false, false, false, true, false, false, false, true, false, false, false];
        assert_eq!(vacuums, expected);
    }

    #[tokio::test]
    async fn the_daily_turn_drops_what_was_superseded() {
        let root = tempfile::tempdir().unwrap();
        let store = open(&root, Duration::from_secs(3600)).await;
        let now = 1_800_000_000;
        store.maintain_if_needed_at(now).await.unwrap();
        let mut columns = FactColumns::new();
        for version in 1..=3 {
            columns.push(&FactRow {
                item_id: Id::of(&["one"]),
                version,
                position_topic: "t",
                position_offset: version,
                ..FactRow::default()
            });
        }
        let facts = columns.encode().unwrap();
        store.commit(&Batch { facts, ..Batch::default() }).await.unwrap();
        let days = std::sync::Mutex::new(Vec::new());
        let done = store.maintain_if_needed_at(now + VACUUM_EVERY).await.unwrap().unwrap();
        assert_eq!(done.tables[0].rows_dropped, 2);
        store
            .maintain_observed(&MaintainOptions::default(), &|step| days.lock().unwrap().push(step))
            .await
            .unwrap();
        let steps = days.into_inner().unwrap();
        assert!(steps.contains(&MaintainProgress { table: Table::Feedback, done: 1, days: 1 }), "{steps:?}");
    }

    #[tokio::test]
    async fn the_configured_retention_holds_for_every_table_and_is_told_to_others() {
        let root = tempfile::tempdir().unwrap();
        drop(open(&root, Duration::from_secs(7 * 24 * 3600)).await);
        let month = Duration::from_secs(30 * 24 * 3600);
        let store = open(&root, month).await;
        assert_eq!(store.retention(Table::Feedback), month);
        assert_eq!(store.retention(Table::Insights), Duration::from_secs(24 * 3600));
        store.maintain(&MaintainOptions::default()).await.unwrap();
        let versions = store.version().await.unwrap();
        let delta = store.handle(Table::Feedback).delta().await.unwrap();
        let config = delta.snapshot().unwrap().table_config();
        use deltalake_core::table::config::TablePropertiesExt as _;
        assert_eq!(config.deleted_file_retention_duration(), month);
        store.maintain(&MaintainOptions::default()).await.unwrap();
        assert_eq!(store.version().await.unwrap(), versions, "it is told once");
    }
}
