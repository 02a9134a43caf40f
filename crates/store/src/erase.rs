//! Forgetting an author: every row of theirs, in every file, and for every replay to come.
//!
//! The suppression is written first, so that whoever comes back with their rows is refused or cleaned up
//! after. Each position that loses its rows gets a note, so that the ledger adds up. An erasure that was
//! interrupted is finished by running it again.

use crate::error::StoreError;
use crate::notes::{Note, Outcome};
use crate::rewrite::{Keep, rewrite};
use crate::schema::{DAY, Table};
use crate::snapshot::{FILE, Snapshot};
use crate::table::{Handle, Intent, Purpose, Refused};
use crate::vacuum::{Expiry, vacuum};
use crate::{Store, collect};
use deltalake_core::arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use feedback::position::Position;
use feedback::time::{Day, Timestamp};
use polars::prelude::{DataFrame, DataType, IntoLazy, JoinArgs, JoinType, UniqueKeepStrategy, col, lit};
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Others' commits that an erasure puts up with before it gives up for now.
const ROUNDS: usize = 50;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EraseOptions {
    /// Delete the removed files at once. Readers that hold an older version lose it; so does whoever wanted
    /// to go back in time.
    pub purge: bool,
}

/// What an erasure removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EraseReport {
    pub author: String,
    /// Rows of `feedback`: every version, duplicates and tombstones included.
    pub feedback_rows: usize,
    pub items: usize,
    pub dead_letter_rows: usize,
    pub files_rewritten: usize,
    /// Their insights have to be recomputed; [`Store::touched_since`] names them too.
    pub days: BTreeSet<Day>,
    pub files_deleted: usize,
    /// Removed files still on disk that may hold rows of theirs.
    pub files_waiting: usize,
    /// When the last of them may be deleted by a vacuum; `None` if none is left.
    pub purged_by: Option<Timestamp>,
}

/// What one pass over the tables took out.
#[derive(Default)]
pub(crate) struct Removed {
    feedback_rows: usize,
    items: usize,
    dead_letter_rows: usize,
    files: usize,
    days: BTreeSet<Day>,
}

impl Store {
    /// Removes every row of `author` (a pseudonym) and of their items from every table.
    pub async fn erase(&self, author: &str, options: &EraseOptions) -> Result<EraseReport, StoreError> {
        if !self.suppressions().await?.contains(author) {
            let rows = self.rows_of(author).await?;
            self.suppress(author, Timestamp::from_datetime(chrono::Utc::now()), rows).await?;
        }
        let removed = self.remove_rows_of(author).await?;
        let mut report = EraseReport {
            author: author.to_owned(),
            feedback_rows: removed.feedback_rows,
            items: removed.items,
            dead_letter_rows: removed.dead_letter_rows,
            files_rewritten: removed.files,
            days: removed.days,
            files_deleted: 0,
            files_waiting: 0,
            purged_by: None,
        };
        for table in [Table::Feedback, Table::DeadLetters] {
            let retention = if options.purge { Duration::ZERO } else { table.retention() };
            let now = chrono::Utc::now().timestamp_millis();
            let done = vacuum(self.handle(table), Expiry::new(now, retention, retention)).await?;
            report.files_deleted += done.deleted;
            report.files_waiting += done.waiting;
            let last = done.youngest.map(|at| Timestamp((at + table.retention().as_millis() as i64) * 1000));
            report.purged_by = report.purged_by.max(last);
        }
        Ok(report)
    }

    async fn rows_of(&self, author: &str) -> Result<usize, StoreError> {
        Ok(find(&self.inner.feedback.snapshot().await?, author, true).await?.height())
    }

    /// Takes the rows out until none is left, whatever others commit meanwhile.
    pub(crate) async fn remove_rows_of(&self, author: &str) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        self.remove_dead_letters(author, &mut removed).await?;
        for _ in 0..ROUNDS {
            let snapshot = self.inner.feedback.snapshot().await?;
            let rows = find(&snapshot, author, true).await?;
            if rows.height() == 0 {
                return Ok(removed);
            }
            let notes = erased_notes(&rows).await?;
            self.append_notes(&notes.iter().collect::<Vec<_>>(), Vec::new()).await?;
            let items = texts(&rows, "item_id")?;
            let files = texts(&rows, FILE)?;
            let keep = keep_other("item_id", items.clone());
            if let Some(days) = take_out(&self.inner.feedback, &snapshot, &files, keep).await? {
                removed.feedback_rows += rows.height();
                removed.items += items.len();
                removed.files += files.len();
                removed.days.extend(days);
            }
        }
        Err(StoreError::Busy { path: self.inner.feedback.place.clone() })
    }

    /// Removes what came in while its author was being erased, by a writer that died before it could look.
    pub(crate) async fn sweep_suppressed(&self) -> Result<(), StoreError> {
        let suppressions = self.suppressions().await?;
        if suppressions.is_empty() {
            return Ok(());
        }
        for table in [Table::Feedback, Table::DeadLetters] {
            let rows = self.handle(table).snapshot().await?.scan()?.select([col("author")]);
            let authors = collect(rows.unique(None, UniqueKeepStrategy::Any)).await?;
            for author in texts(&authors, "author")?.iter().filter(|author| suppressions.contains(author)) {
                self.remove_rows_of(author).await?;
            }
        }
        Ok(())
    }

    /// Their dead letters become notes that say only that something was erased.
    async fn remove_dead_letters(&self, author: &str, removed: &mut Removed) -> Result<(), StoreError> {
        for _ in 0..ROUNDS {
            let snapshot = self.inner.dead_letters.snapshot().await?;
            let rows = find(&snapshot, author, false).await?;
            if rows.height() == 0 {
                return Ok(());
            }
            let notes = erased_notes(&rows).await?;
            self.append_notes(&notes.iter().collect::<Vec<_>>(), Vec::new()).await?;
            let files = texts(&rows, FILE)?;
            let keep = keep_other("author", HashSet::from([author.to_owned()]));
            if take_out(&self.inner.dead_letters, &snapshot, &files, keep).await?.is_some() {
                removed.dead_letter_rows += rows.height();
                removed.files += files.len();
            }
        }
        Err(StoreError::Busy { path: self.inner.dead_letters.place.clone() })
    }
}

/// The author's rows, and those of the same items, each with its file.
async fn find(snapshot: &Snapshot, author: &str, items: bool) -> Result<DataFrame, StoreError> {
    let theirs = col("author").eq(lit(author.to_owned()));
    let mut names = vec!["position_topic", "position_partition", "position_offset", DAY, FILE];
    let rows = snapshot.scan_with_files()?;
    let rows = if items {
        names.push("item_id");
        let on = [col("item_id")];
        let theirs = snapshot.scan()?.filter(theirs).select(on.clone());
        let theirs = theirs.unique(None, UniqueKeepStrategy::Any);
        rows.join(theirs, on.clone(), on, JoinArgs::new(JoinType::Semi))
    } else {
        rows.filter(theirs)
    };
    collect(rows.select(crate::resolve::columns(&names))).await
}

fn texts(rows: &DataFrame, name: &str) -> Result<HashSet<String>, StoreError> {
    Ok(rows.column(name)?.str()?.iter().flatten().map(str::to_owned).collect())
}

/// One note a position, with how many records it held.
async fn erased_notes(rows: &DataFrame) -> Result<Vec<Note>, StoreError> {
    let by = crate::resolve::columns(&crate::resolve::POSITION);
    let counts =
        rows.clone().lazy().group_by(by).agg([polars::prelude::len().cast(DataType::Int32).alias("n")]);
    let counts = collect(counts).await?;
    let topics = counts.column("position_topic")?.str()?;
    let partitions = counts.column("position_partition")?.i32()?;
    let (offsets, records) = (counts.column("position_offset")?.i64()?, counts.column("n")?.i32()?);
    let now = Timestamp::from_datetime(chrono::Utc::now());
    let note = |row: usize| {
        Some(Note {
            outcome: Outcome::Erased,
            reason: "erasure".to_owned(),
            detail: String::new(),
            payload: None,
            source_kind: None,
            author: None,
            records: records.get(row)?,
            ingested_at: now,
            position: Position {
                topic: topics.get(row)?.into(),
                partition: partitions.get(row)?,
                offset: offsets.get(row)?,
            },
        })
    };
    Ok((0..counts.height()).filter_map(note).collect())
}

/// Keeps the rows whose value is none of `values`.
fn keep_other(column: &'static str, values: HashSet<String>) -> Keep {
    Arc::new(move |batch: &RecordBatch| {
        let array = batch.column_by_name(column);
        let array =
            array.ok_or_else(|| StoreError::encode(format!("no column {column:?}")))?.as_string::<i32>();
        let keep = (0..array.len()).map(|row| array.is_null(row) || !values.contains(array.value(row)));
        Ok(BooleanArray::from(keep.collect::<Vec<bool>>()))
    })
}

/// Rewrites the named files without the rows; `None` if somebody else rewrote one first.
async fn take_out(
    handle: &Handle,
    snapshot: &Snapshot,
    paths: &HashSet<String>,
    keep: Keep,
) -> Result<Option<BTreeSet<Day>>, StoreError> {
    let put_at = Instant::now();
    let (mut adds, mut removes, mut days) = (Vec::new(), Vec::new(), BTreeSet::new());
    for file in snapshot.files()?.into_iter().filter(|file| paths.contains(&file.path)) {
        let one = std::slice::from_ref(&file);
        let Some(files) = rewrite(handle, file.day, one, Some(Arc::clone(&keep))).await? else {
            return Ok(None);
        };
        adds.extend(handle.put(&files, true).await?);
        days.extend(file.day);
        removes.push(file.remove);
    }
    let intent = Intent { purpose: Purpose::Erase, adds, removes, notes: Vec::new(), put_at };
    match handle.transact(&intent).await {
        Ok(_) => Ok(Some(days)),
        Err(Refused::FilesGone) => Ok(None),
        Err(Refused::Store(error)) => Err(error),
        // No app version is expected.
        Err(Refused::AppMoved { .. }) => Ok(None),
    }
}
