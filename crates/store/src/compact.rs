//! Few large files instead of many small ones, less what no reader is ever shown.

use crate::error::StoreError;
use crate::maintain::{MaintainProgress, Observe};
use crate::noted::NotedByPartition;
use crate::notes::{Note, Outcome};
use crate::resolve::{Fate, Hidden, POSITION, RowPosition, columns};
use crate::rewrite::{Keep, TARGET_BYTES, rewrite};
use crate::schema::Table;
use crate::snapshot::{ActiveFile, Snapshot, paths};
use crate::table::{Handle, Intent, Purpose, Refused};
use crate::{Store, collect, signed};
use deltalake_core::arrow::array::{AsArray, BooleanArray, RecordBatch};
use deltalake_core::arrow::datatypes::{Int32Type, Int64Type};
use deltalake_core::kernel::Remove;
use feedback::position::Position;
use feedback::time::{Day, Timestamp};
use polars::prelude::{UniqueKeepStrategy, col};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

/// Files below this size are worth merging.
const SMALL_BYTES: u64 = (TARGET_BYTES / 4) as u64;

/// What one table's compaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Compacted {
    pub files_before: usize,
    pub files_after: usize,
    pub rows_dropped: usize,
    /// Days that others rewrote at the same time; they are left to the next run.
    pub days_skipped: usize,
}

impl Compacted {
    fn add(&mut self, other: Self) {
        self.files_before += other.files_before;
        self.files_after += other.files_after;
        self.rows_dropped += other.rows_dropped;
        self.days_skipped += other.days_skipped;
    }
}

/// Merges the small files of each day that has at least `at_least` of them.
pub(crate) async fn merge_small_files(
    handle: &Handle,
    at_least: usize,
    observe: Observe<'_>,
) -> Result<Compacted, StoreError> {
    let mut done = Compacted::default();
    let by_day = by_day(&handle.snapshot().await?);
    let mut progress = MaintainProgress { table: handle.table, done: 0, days: by_day.len() };
    for (day, mut files) in by_day {
        files.retain(|file| file.bytes < SMALL_BYTES);
        if files.len() >= at_least.max(2) {
            done.add(replace(handle, day, files, None).await?);
        }
        progress.done += 1;
        observe(progress);
    }
    Ok(done)
}

pub(crate) fn by_day(snapshot: &Snapshot) -> BTreeMap<Option<Day>, Vec<Arc<ActiveFile>>> {
    let mut days: BTreeMap<Option<Day>, Vec<Arc<ActiveFile>>> = BTreeMap::new();
    for file in snapshot.files().iter() {
        days.entry(file.day).or_default().push(Arc::clone(file));
    }
    days
}

/// The files' rows in new files, as one commit that changes no data.
async fn replace(
    handle: &Handle,
    day: Option<Day>,
    files: Vec<Arc<ActiveFile>>,
    keep: Option<Keep>,
) -> Result<Compacted, StoreError> {
    let skipped = Compacted { days_skipped: 1, ..Compacted::default() };
    let put_at = Instant::now();
    let Some(written) = rewrite(handle, day, &files, keep, false).await? else { return Ok(skipped) };
    let rows_before: Option<usize> = files.iter().map(|file| file.rows).sum();
    let done = Compacted {
        files_before: files.len(),
        files_after: written.adds.len(),
        rows_dropped: rows_before.map_or(0, |rows| rows.saturating_sub(written.rows)),
        days_skipped: 0,
    };
    let removes = files.iter().map(|file| Remove { data_change: false, ..file.remove.clone() });
    let intent = Intent {
        purpose: Purpose::Compact,
        adds: written.adds,
        removes: removes.collect(),
        notes: vec![],
        put_at,
    };
    match handle.transact(&intent).await {
        Ok(_) => Ok(done),
        Err(Refused::Store(error)) => Err(error),
        Err(_) => Ok(skipped),
    }
}

/// The messages of one day of `feedback` that no reader is shown.
struct Droppable {
    notes: Vec<Note>,
    positions: NotedByPartition,
}

impl Droppable {
    fn of(hidden: &[&Hidden], now: Timestamp) -> Self {
        let mut positions = NotedByPartition::default();
        let mut records: HashMap<(&RowPosition, Outcome), i32> = HashMap::new();
        for hidden in hidden {
            let outcome = match hidden.dropped_as {
                Some(Fate::Duplicate) => Outcome::Duplicate,
                Some(Fate::Superseded) => Outcome::Superseded,
                None => continue,
            };
            let RowPosition { topic, partition, offset } = &hidden.row.position;
            positions.entry((topic.to_string(), *partition)).or_default().insert(*offset);
            if hidden.counts {
                *records.entry((&hidden.row.position, outcome)).or_default() += 1;
            }
        }
        let note = |((position, outcome), records): ((&RowPosition, Outcome), i32)| Note {
            outcome,
            reason: "compaction".to_owned(),
            detail: String::new(),
            payload: None,
            source_kind: None,
            author: None,
            author_alias: None,
            records,
            ingested_at: now,
            position: Position {
                topic: Arc::clone(&position.topic),
                partition: position.partition,
                offset: position.offset,
            },
        };
        Self { notes: records.into_iter().map(note).collect(), positions }
    }
}

impl Store {
    /// Compacts `feedback` and drops superseded rows and duplicates: the current rows and the tombstone that
    /// rules an item stay. Their positions are noted first; while rows are there the notes do not count.
    pub(crate) async fn compact_feedback(
        &self,
        at_least: usize,
        now: Timestamp,
        observe: Observe<'_>,
    ) -> Result<Compacted, StoreError> {
        let feedback = &self.inner.feedback;
        let snapshot = feedback.snapshot().await?;
        let hidden = self.hidden(&snapshot).await?;
        let mut droppable: HashMap<Day, Vec<&Hidden>> = HashMap::new();
        for hidden in hidden.iter().filter(|hidden| hidden.dropped_as.is_some()) {
            if let Some(day) = hidden.row.day {
                droppable.entry(day).or_default().push(hidden);
            }
        }
        let mut done = Compacted::default();
        let by_day = by_day(&snapshot);
        let mut progress = MaintainProgress { table: Table::Feedback, done: 0, days: by_day.len() };
        for (day, mut files) in by_day {
            progress.done += 1;
            let dropped = day.and_then(|day| droppable.remove(&day));
            let keep = match dropped {
                Some(hidden) => {
                    let mut dropped = Droppable::of(&hidden, now);
                    sign(&snapshot, &files, &mut dropped.notes).await?;
                    let notes = self.outlasting(dropped.notes).await?;
                    self.append_notes(&notes.iter().collect::<Vec<_>>(), Vec::new()).await?;
                    Some(keep_all_but(dropped.positions))
                }
                None => {
                    files.retain(|file| file.bytes < SMALL_BYTES);
                    if files.len() < at_least.max(2) {
                        observe(progress);
                        continue;
                    }
                    None
                }
            };
            done.add(replace(feedback, day, files, keep).await?);
            observe(progress);
        }
        tracing::debug!(
            version = signed(snapshot.version),
            dropped = done.rows_dropped,
            "compacted feedback"
        );
        Ok(done)
    }
}

/// A row that carries two names of a person may be the only one that links them: the note that takes its place
/// carries them on, so that an erasure of one still finds the other.
async fn sign(snapshot: &Snapshot, files: &[Arc<ActiveFile>], notes: &mut [Note]) -> Result<(), StoreError> {
    let wanted = columns(&[&POSITION, ["author", "author_alias"].as_slice()].concat());
    let rows = snapshot.scan_paths_with_files(&paths(files))?.filter(col("author_alias").is_not_null());
    let rows = collect(rows.select(wanted).unique(None, UniqueKeepStrategy::Any)).await?;
    let (topics, partitions) =
        (rows.column("position_topic")?.str()?, rows.column("position_partition")?.i32()?);
    let offsets = rows.column("position_offset")?.i64()?;
    let (authors, aliases) = (rows.column("author")?.str()?, rows.column("author_alias")?.str()?);
    let mut names = HashMap::with_capacity(rows.height());
    for row in 0..rows.height() {
        let position = (topics.get(row), partitions.get(row), offsets.get(row));
        names.insert(position, (authors.get(row), aliases.get(row)));
    }
    for note in notes {
        let Position { topic, partition, offset } = &note.position;
        if let Some((author, alias)) = names.get(&(Some(&**topic), Some(*partition), Some(*offset))) {
            note.author = author.map(str::to_owned);
            note.author_alias = alias.map(str::to_owned);
        }
    }
    Ok(())
}

/// Drops every row of these positions.
fn keep_all_but(positions: NotedByPartition) -> Keep {
    Arc::new(move |batch: &RecordBatch| {
        let column = |name: &str| {
            batch.column_by_name(name).ok_or_else(|| StoreError::encode(format!("no column {name:?}")))
        };
        debug_assert_eq!(batch.schema(), Table::Feedback.arrow_schema());
        let topics = column("position_topic")?.as_string::<i32>();
        let partitions = column("position_partition")?.as_primitive::<Int32Type>();
        let offsets = column("position_offset")?.as_primitive::<Int64Type>();
        let mut key = (String::new(), 0);
        let keep = (0..batch.num_rows()).map(|row| {
            if key.0 != topics.value(row) {
                key.0.clear();
                key.0.push_str(topics.value(row));
            }
            key.1 = partitions.value(row);
            !positions.get(&key).is_some_and(|dropped| dropped.contains(offsets.value(row)))
        });
        Ok(BooleanArray::from(keep.collect::<Vec<bool>>()))
    })
}
