//! Which rows of `feedback` are current: the one place that says so.
//!
//! Of the rows of an item, the greatest (version, updated_at, content_hash) wins. Its rows are current,
//! one for each part, unless it is a tombstone. What shares the winner's or a loser's version, times, hash
//! and part with another row is a duplicate of the one with the smallest position; the rest is superseded.
//!
//! Nearly all items have one row. So the rule is applied to the others only, and gives the few rows
//! to hide, which every reader takes away from a plain scan. Whoever wants a few records has it applied to theirs alone.

mod contested;
mod few;

use crate::Store;
use crate::error::StoreError;
use crate::index::{FileItems, column, item, read_columns, why_gone};
use crate::schema::DAY;
use crate::snapshot::{ActiveFile, Snapshot, paths};
use crate::sought::Sought;
use contested::Contested;
use deltalake_core::arrow::array::{AsArray, RecordBatch};
use deltalake_core::arrow::datatypes::{Int32Type, Int64Type, TimestampMicrosecondType};
use feedback::time::Day;
use polars::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Where a row stands. One position gives a part once, but two that process it at the same time (a replay and a
/// retry, two groups on the same tables) may both write it.
pub(crate) const ROW_KEY: [&str; 4] = ["position_topic", "position_partition", "position_offset", "part"];
pub(crate) const POSITION: [&str; 3] = ["position_topic", "position_partition", "position_offset"];

const RULE: &[&str] = &[
    "item_id",
    "part",
    "version",
    "updated_at",
    "content_hash",
    "deleted",
    "position_topic",
    "position_partition",
    "position_offset",
];

pub(crate) fn columns(names: &[&str]) -> Vec<Expr> {
    names.iter().map(|name| col(*name)).collect()
}

/// Why a row is not current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Superseded,
    Duplicate,
}

/// A row that is not current.
#[derive(Debug, Clone)]
pub(crate) struct Hidden {
    pub row: Arc<Row>,
    pub fate: Fate,
    /// How a compaction notes it when it drops it; `None` where it stays. A tombstone that rules its item stays; so
    /// does what only another file's row hides, for that file may be withdrawn; and so does every row of a message
    /// of which one stays, so that a position is either in the table or noted.
    pub dropped_as: Option<Fate>,
    /// The same position gave the same part twice, and this row is not current only because its like is.
    pub repeats_kept: bool,
    /// Whether the ledger counts it: of the rows that one position gave of one part, one counts.
    pub counts: bool,
}

/// What the rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    item: u128,
    part: String,
    version: (i64, i64, i64),
    deleted: bool,
    pub day: Option<Day>,
    pub position: RowPosition,
}

/// In the order that chooses among twins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowPosition {
    pub offset: i64,
    pub partition: i32,
    pub topic: Arc<str>,
}

/// Rows that say the same.
#[derive(Default)]
struct Twins<'r> {
    /// Of the topic that is asked for.
    ours: HashSet<&'r RowPosition>,
    elsewhere: bool,
}

impl Row {
    /// The file that it came from. Such rows can be withdrawn, all those of a file at once; others stay.
    fn file(&self) -> Option<&str> {
        self.position.topic.strip_prefix(FILE_TOPIC)
    }
}

/// How the topics of imported files begin.
const FILE_TOPIC: &str = "file:";

/// Which of an item's rows hide others as long as these are there: going through them from the greatest down, where
/// those before a row came from.
#[derive(Default)]
struct Before<'a> {
    greater: HashSet<Option<&'a str>>,
    /// Of the last row's version.
    equals: HashSet<Option<&'a str>>,
    /// Of its part, too.
    twins: HashSet<Option<&'a str>>,
    last: Option<&'a Row>,
}

impl<'a> Before<'a> {
    /// Whether one of those before this row lasts as long as it does: it cannot be withdrawn, or only together.
    fn lasts(&mut self, row: &'a Row) -> bool {
        if self.last.is_some_and(|last| last.version != row.version) {
            self.greater.extend(self.equals.drain());
        }
        if self.last.is_some_and(|last| last.version != row.version || last.part != row.part) {
            self.twins.clear();
        }
        let lasting = |from: &HashSet<_>| from.contains(&None) || from.contains(&row.file());
        let lasts = lasting(&self.greater) || lasting(&self.twins);
        self.equals.insert(row.file());
        self.twins.insert(row.file());
        self.last = Some(row);
        lasts
    }
}

/// Applies the rule to all rows of some items.
fn judge(mut rows: Vec<Arc<Row>>) -> Vec<Hidden> {
    // Items together, the greatest version first, its twins together, the smallest position first.
    rows.sort_unstable_by(|a, b| {
        let by_item = a.item.cmp(&b.item).then_with(|| b.version.cmp(&a.version));
        by_item.then_with(|| a.part.cmp(&b.part)).then_with(|| a.position.cmp(&b.position))
    });
    let mut hidden = Vec::new();
    for rows in rows.chunk_by(|a, b| a.item == b.item) {
        let winner = rows[0].version;
        let gone = rows.iter().any(|row| row.version == winner && row.deleted);
        let mut kept: HashSet<(&RowPosition, &str)> = HashSet::new();
        // A kept row comes before any other of its place.
        let mut counted: HashSet<(&RowPosition, &str)> = HashSet::new();
        let first = hidden.len();
        let mut before = Before::default();
        let mut staying: HashSet<&RowPosition> = HashSet::new();
        for (at, row) in rows.iter().enumerate() {
            let wins = row.version == winner;
            let twin = at > 0 && rows[at - 1].version == row.version && rows[at - 1].part == row.part;
            if wins && !twin {
                kept.insert((&row.position, &row.part));
            }
            let counts = counted.insert((&row.position, &row.part));
            if !before.lasts(row) {
                staying.insert(&row.position);
            }
            if twin || !wins || gone {
                let fate = if twin { Fate::Duplicate } else { Fate::Superseded };
                let row = Arc::clone(row);
                hidden.push(Hidden { row, fate, dropped_as: None, repeats_kept: false, counts });
            }
        }
        staying.extend(kept.iter().map(|(position, _)| *position));
        let stays = |row: &Row| staying.contains(&row.position);
        let left: HashSet<_> =
            rows.iter().filter(|row| stays(row)).map(|row| (row.version, row.part.as_str())).collect();
        for hidden in &mut hidden[first..] {
            let row = &hidden.row;
            // Of twins one is superseded and the others are its duplicates: that one is among those that are left.
            let twin_left = left.contains(&(row.version, row.part.as_str()));
            let fate = if twin_left { Fate::Duplicate } else { hidden.fate };
            hidden.dropped_as = (!stays(row)).then_some(fate);
            hidden.repeats_kept = !gone && kept.contains(&(&row.position, row.part.as_str()));
        }
    }
    hidden
}

/// Takes the hidden rows away from a scan; filters on the result still reach the scan.
pub(crate) fn without(rows: LazyFrame, hidden: &[Hidden]) -> Result<LazyFrame, StoreError> {
    let (repeats, others): (Vec<&Hidden>, Vec<&Hidden>) = hidden.iter().partition(|row| row.repeats_kept);
    let on = columns(&ROW_KEY);
    let plain = match keys(&others)? {
        Some(keys) => rows.join(keys, on.clone(), on.clone(), JoinArgs::new(JoinType::Anti)),
        None => rows,
    };
    // Their key is that of the row that stays, so one of each is taken instead of all being taken away.
    let Some(keys) = keys(&repeats)? else { return Ok(plain) };
    let join = |how| plain.clone().join(keys.clone(), on.clone(), on.clone(), JoinArgs::new(how));
    let subset = Some(cols(ROW_KEY));
    let single = join(JoinType::Semi).unique(subset, UniqueKeepStrategy::Any);
    Ok(concat([join(JoinType::Anti), single], UnionArgs::default())?)
}

/// The keys of some rows as a frame; `None` for no rows.
fn keys(hidden: &[&Hidden]) -> Result<Option<LazyFrame>, StoreError> {
    if hidden.is_empty() {
        return Ok(None);
    }
    let position = |row: &&Hidden| row.row.position.clone();
    let topics: Vec<Arc<str>> = hidden.iter().map(|row| position(row).topic).collect();
    let hidden = DataFrame::new_infer_height(vec![
        Column::new("position_topic".into(), topics.iter().map(AsRef::as_ref).collect::<Vec<&str>>()),
        Column::new(
            "position_partition".into(),
            hidden.iter().map(|row| position(row).partition).collect::<Vec<_>>(),
        ),
        Column::new(
            "position_offset".into(),
            hidden.iter().map(|row| position(row).offset).collect::<Vec<_>>(),
        ),
        Column::new("part".into(), hidden.iter().map(|row| row.row.part.as_str()).collect::<Vec<_>>()),
    ])?;
    Ok(Some(hidden.lazy()))
}

/// What is kept between two versions of the table.
#[derive(Default)]
pub(crate) struct Resolved {
    version: u64,
    hidden: Arc<Vec<Hidden>>,
    known: Contested,
    /// Of each file, the rows that were contested when it was read last, and their numbers.
    contested: HashMap<String, Numbered>,
}

/// Rows of a file, with their numbers in it.
type Numbered = (Arc<Vec<u32>>, Vec<Arc<Row>>);

impl Store {
    /// The rows of this version that are not current.
    pub(crate) async fn hidden(&self, feedback: &Snapshot) -> Result<Arc<Vec<Hidden>>, StoreError> {
        let mut cache = self.inner.caches.resolved.lock().await;
        if cache.version == feedback.version {
            return Ok(Arc::clone(&cache.hidden));
        }
        let files = feedback.files();
        let items: Vec<_> = paths(&files).into_iter().zip(self.items_of(&files).await?).collect();
        // Whoever reads an older version takes nothing from those who read the newest: they would begin anew.
        let is_older = feedback.version < cache.version;
        let Resolved { mut hidden, known, contested: mut read, .. } = if is_older {
            Resolved { contested: cache.contested.clone(), ..Resolved::default() }
        } else {
            // Whoever breaks off leaves nothing behind that is half done.
            std::mem::take(&mut *cache)
        };
        let known = crate::blocking(move || Ok(known.brought_to(items))).await?;
        let (mut contested, mut is_new) = (HashMap::new(), false);
        for file in files.iter() {
            let Some(wanted) = known.rows(&file.path) else { continue };
            let rows = match read.remove(&file.path) {
                Some((known, rows)) if known == wanted => rows,
                _ => match self.read_rows(file, &wanted).await? {
                    Some(rows) => {
                        is_new = true;
                        rows
                    }
                    None => return Err(why_gone(&self.inner.feedback).await),
                },
            };
            contested.insert(file.path.clone(), (wanted, rows));
        }
        if is_older || is_new || !read.is_empty() {
            let rows = contested.values().flat_map(|(_, rows)| rows.iter().cloned()).collect();
            hidden = Arc::new(crate::blocking(move || Ok(judge(rows))).await?);
        }
        if !is_older {
            *cache = Resolved { version: feedback.version, hidden: Arc::clone(&hidden), known, contested };
        }
        Ok(hidden)
    }

    /// The items of each of these files, which are all that there are.
    async fn items_of(&self, files: &[Arc<ActiveFile>]) -> Result<Vec<Arc<FileItems>>, StoreError> {
        let paths = paths(files);
        let mut index = self.inner.caches.index.lock().await;
        let items = index.items(&self.inner.feedback, &paths).await?;
        index.keep(&paths);
        drop(index);
        match items {
            Some(items) => Ok(items),
            None => Err(why_gone(&self.inner.feedback).await),
        }
    }

    /// How many rows of this topic say what another row says, be it one of the same topic or of another: whichever of
    /// them is current.
    pub async fn repeats(&self, topic: &str) -> Result<u64, StoreError> {
        self.hidden(&self.inner.feedback.snapshot().await?).await?;
        // Whatever version that is by now: twins are always among the contested rows.
        let cache = self.inner.caches.resolved.lock().await;
        let mut twins = HashMap::<_, Twins<'_>>::new();
        for row in cache.contested.values().flat_map(|(_, rows)| rows) {
            let twins = twins.entry((row.item, row.version, row.part.as_str())).or_default();
            if *row.position.topic == *topic {
                twins.ours.insert(&row.position);
            } else {
                twins.elsewhere = true;
            }
        }
        // Of twins of this topic alone, one is no repetition.
        let repeats = |twins: &Twins<'_>| twins.ours.len().saturating_sub(usize::from(!twins.elsewhere));
        Ok(twins.values().map(repeats).sum::<usize>() as u64)
    }

    /// Some rows of a file, by their numbers; `None` if it is gone.
    async fn read_rows(
        &self,
        file: &ActiveFile,
        wanted: &[u32],
    ) -> Result<Option<Vec<Arc<Row>>>, StoreError> {
        let Some(batches) = read_columns(&self.inner.feedback, &file.path, RULE).await? else {
            return Ok(None);
        };
        let mut topics: HashSet<Arc<str>> = HashSet::new();
        let (mut rows, mut wanted, mut start) =
            (Vec::with_capacity(wanted.len()), wanted.iter().peekable(), 0);
        for batch in &batches {
            let end = start + batch.num_rows();
            let mut inside = Vec::new();
            while let Some(row) = wanted.next_if(|row| (**row as usize) < end) {
                inside.push(*row as usize - start);
            }
            read_batch(batch, &inside, file.day, &mut topics, &mut rows)?;
            start = end;
        }
        Ok(Some(rows))
    }
}

fn read_batch(
    batch: &RecordBatch,
    wanted: &[usize],
    day: Option<Day>,
    topics: &mut HashSet<Arc<str>>,
    rows: &mut Vec<Arc<Row>>,
) -> Result<(), StoreError> {
    let text = |name| Ok::<_, StoreError>(column(batch, name)?.as_string::<i32>());
    let number = |name| Ok::<_, StoreError>(column(batch, name)?.as_primitive::<Int64Type>());
    let (items, parts, topic) = (text("item_id")?, text("part")?, text("position_topic")?);
    let (versions, hashes, offsets) =
        (number("version")?, number("content_hash")?, number("position_offset")?);
    let updated = column(batch, "updated_at")?.as_primitive::<TimestampMicrosecondType>();
    let partitions = column(batch, "position_partition")?.as_primitive::<Int32Type>();
    let deleted = column(batch, "deleted")?.as_boolean();
    for &row in wanted {
        let topic = topic.value(row);
        if !topics.contains(topic) {
            topics.insert(topic.into());
        }
        let topic = topics.get(topic).cloned().unwrap_or_else(|| topic.into());
        rows.push(Arc::new(Row {
            item: item(items.value(row)),
            part: parts.value(row).to_owned(),
            version: (versions.value(row), updated.value(row), hashes.value(row)),
            deleted: deleted.value(row),
            day,
            position: RowPosition { offset: offsets.value(row), partition: partitions.value(row), topic },
        }));
    }
    Ok(())
}

/// The days, among some files, that hold rows of the same items as other files do.
pub(crate) fn days_with_items(
    among: &[(Option<Day>, Arc<FileItems>)],
    of: &[Arc<FileItems>],
) -> HashSet<Day> {
    let sought = Sought::new(of.iter().flat_map(|items| items.keys.iter().copied()).collect());
    let holds = |items: &FileItems| items.keys.iter().any(|key| sought.has(*key));
    among.iter().filter(|(_, items)| holds(items)).filter_map(|(day, _)| *day).collect()
}

/// The partition that a path says it is in.
pub(crate) fn partition_of(path: &str) -> Option<&str> {
    path.strip_prefix(DAY)?.strip_prefix('=')?.split('/').next()
}
