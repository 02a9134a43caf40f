//! Taking rows out of a table, a day a commit: memory is that of one file, and a commit of somebody else beside it
//! costs a day's work and not all.

use crate::collect;
use crate::error::StoreError;
use crate::notes::{Note, Outcome};
use crate::resolve::{POSITION, columns};
use crate::rewrite::{Keep, rewrite};
use crate::schema::Table;
use crate::snapshot::{ActiveFile, FILE};
use crate::table::{Handle, Intent, Purpose, Refused};
use feedback::position::Position;
use feedback::time::{Day, Timestamp};
use polars::prelude::{DataFrame, DataType, IntoLazy, UniqueKeepStrategy, col, cols};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// Others' commits that a removal puts up with before it gives up for now.
pub(crate) const ROUNDS: usize = 50;

pub(crate) fn texts(rows: &DataFrame, name: &str) -> Result<HashSet<String>, StoreError> {
    Ok(rows.column(name)?.str()?.iter().flatten().map(str::to_owned).collect())
}

/// What [`notes_of`] needs beside the position.
pub(crate) fn counted_by(table: Table) -> &'static [&'static str] {
    if table == Table::Feedback { &["part"] } else { &["records", "outcome", "ingested_at"] }
}

/// Rows by the day of their files, and the files that hold them.
pub(crate) type ByDay = BTreeMap<Option<Day>, (DataFrame, Vec<Arc<ActiveFile>>)>;

/// Of rows that carry their file's path.
pub(crate) fn by_day(rows: &DataFrame, files: &[Arc<ActiveFile>]) -> Result<ByDay, StoreError> {
    let paths = texts(rows, FILE)?;
    let mut days: BTreeMap<Option<Day>, Vec<Arc<ActiveFile>>> = BTreeMap::new();
    for file in files.iter().filter(|file| paths.contains(&file.path)) {
        days.entry(file.day).or_default().push(Arc::clone(file));
    }
    let of = rows.column(FILE)?.str()?;
    let rows_of = |files: &[Arc<ActiveFile>]| -> Result<DataFrame, StoreError> {
        let here: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        Ok(rows.filter(&of.iter().map(|path| path.is_some_and(|path| here.contains(path))).collect())?)
    };
    days.into_iter().map(|(day, files)| Ok((day, (rows_of(&files)?, files)))).collect()
}

/// One note a position, with how many records it held. The rows carry [`counted_by`] of their table.
pub(crate) async fn notes_of(
    table: Table,
    rows: &DataFrame,
    outcome: Outcome,
    reason: &str,
) -> Result<Vec<Note>, StoreError> {
    let (by, rows) = (columns(&POSITION), rows.clone().lazy());
    let counts = if table == Table::Feedback {
        // A position that two groups read gave each of its parts twice.
        rows.group_by(by).agg([col("part").n_unique().cast(DataType::Int32).alias("n")])
    } else {
        // The newest notes of a position count.
        let newest = col("ingested_at").eq(col("ingested_at").max().over(by.clone())?);
        let key = cols([POSITION.as_slice(), &["outcome"]].concat());
        let newest = rows.filter(newest).unique(Some(key), UniqueKeepStrategy::Any);
        newest.group_by(by).agg([col("records").sum().cast(DataType::Int32).alias("n")])
    };
    let counts = collect(counts).await?;
    let topics = counts.column("position_topic")?.str()?;
    let partitions = counts.column("position_partition")?.i32()?;
    let (offsets, records) = (counts.column("position_offset")?.i64()?, counts.column("n")?.i32()?);
    let now = Timestamp::from_datetime(chrono::Utc::now());
    let note = |row: usize| {
        Some(Note {
            outcome,
            reason: reason.to_owned(),
            detail: String::new(),
            payload: None,
            source_kind: None,
            author: None,
            author_alias: None,
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

/// Rewrites the files of a day without the rows; `false` if somebody else rewrote one first.
pub(crate) async fn take_out(
    handle: &Handle,
    day: Option<Day>,
    files: &[Arc<ActiveFile>],
    keep: &Keep,
) -> Result<bool, StoreError> {
    let put_at = Instant::now();
    let (mut adds, mut removes) = (Vec::new(), Vec::new());
    for file in files {
        let one = std::slice::from_ref(file);
        match rewrite(handle, day, one, Some(Arc::clone(keep)), true).await {
            Ok(Some(written)) => adds.extend(written.adds),
            given_up => {
                handle.folder().discard(&adds).await;
                return given_up.map(|_| false);
            }
        }
        removes.push(file.remove.clone());
    }
    let intent = Intent { purpose: Purpose::Erase, adds, removes, notes: Vec::new(), put_at };
    match handle.transact(&intent).await {
        Ok(_) => Ok(true),
        // No app version is expected.
        Err(Refused::FilesGone | Refused::AppMoved { .. }) => Ok(false),
        Err(Refused::Store(error)) => Err(error),
    }
}
