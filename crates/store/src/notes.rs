//! Notes: what became of a position that has no row in `feedback`.
//!
//! A position may be noted more than once (a crash between the two tables, a message sent through again):
//! the newest note counts, and none where `feedback` has a row of the position.

use crate::encode::{EncodedFiles, encode};
use crate::error::StoreError;
use crate::resolve::{POSITION, columns};
use crate::schema::Table;
use crate::{Store, collect};
use deltalake_core::arrow::array::{
    ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use feedback::position::Position;
use feedback::time::{Day, Timestamp};
use polars::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How a message ended that is not among the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Refused, with a reason; it can be sent through again.
    DeadLetter,
    /// Understood, and nothing in it to count.
    Ignored,
    /// Its author asked to be forgotten.
    Erased,
    /// Its rows gave way to a newer version, and a compaction dropped them. The store writes these.
    Superseded,
    /// Its rows were there already, and a compaction dropped them. The store writes these.
    Duplicate,
}

impl Outcome {
    pub const ALL: [Self; 5] =
        [Self::DeadLetter, Self::Ignored, Self::Erased, Self::Superseded, Self::Duplicate];
    /// A replay must not bring these back.
    pub(crate) const GONE: [Self; 3] = [Self::Erased, Self::Superseded, Self::Duplicate];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeadLetter => "dead_letter",
            Self::Ignored => "ignored",
            Self::Erased => "erased",
            Self::Superseded => "superseded",
            Self::Duplicate => "duplicate",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// One row of `dead_letters`, redacted.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub outcome: Outcome,
    /// A short code: `invalid_json`, `repost` …
    pub reason: String,
    /// For a person; without any of the payload's text.
    pub detail: String,
    /// Redacted; for dead letters.
    pub payload: Option<String>,
    pub source_kind: Option<String>,
    /// The author's pseudonym, where one could be read. Of an erased message it is never written: it only tells
    /// the commit whom else to forget.
    pub author: Option<String>,
    /// Another pseudonym of the same person.
    pub author_alias: Option<String>,
    /// How many records the message would have given: 1, but for erased ones.
    pub records: i32,
    pub ingested_at: Timestamp,
    pub position: Position,
}

impl Note {
    /// All pseudonyms that it tells.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.author.iter().chain(&self.author_alias)
    }

    /// What of them the table may hold.
    fn kept_names(&self) -> (Option<&str>, Option<&str>) {
        match self.outcome {
            Outcome::Erased => (None, None),
            _ => (self.author.as_deref(), self.author_alias.as_deref()),
        }
    }
}

/// One file for each day of ingestion.
pub(crate) fn encode_notes(notes: &[&Note]) -> Result<EncodedFiles, StoreError> {
    let mut days: BTreeMap<Day, Vec<&Note>> = BTreeMap::new();
    for note in notes {
        days.entry(note.ingested_at.day()).or_default().push(note);
    }
    let mut files = EncodedFiles::default();
    for (day, notes) in days {
        files.push(encode(Table::DeadLetters, Some(day), &[to_batch(&notes)?])?);
    }
    Ok(files)
}

fn to_batch(notes: &[&Note]) -> Result<RecordBatch, StoreError> {
    fn text<'a>(notes: &[&'a Note], of: impl Fn(&'a Note) -> Option<&'a str>) -> ArrayRef {
        Arc::new(notes.iter().map(|note| of(note)).collect::<StringArray>())
    }
    let number =
        |of: fn(&Note) -> i32| Arc::new(Int32Array::from_iter_values(notes.iter().map(|note| of(note))));
    let arrays: Vec<ArrayRef> = vec![
        text(notes, |note| Some(note.outcome.as_str())),
        text(notes, |note| Some(&note.reason)),
        text(notes, |note| Some(&note.detail)),
        text(notes, |note| note.payload.as_deref()),
        text(notes, |note| note.source_kind.as_deref()),
        text(notes, |note| note.kept_names().0),
        number(|note| note.records),
        Arc::new(
            TimestampMicrosecondArray::from_iter_values(notes.iter().map(|note| note.ingested_at.0))
                .with_timezone("UTC"),
        ),
        text(notes, |note| Some(&note.position.topic)),
        number(|note| note.position.partition),
        Arc::new(Int64Array::from_iter_values(notes.iter().map(|note| note.position.offset))),
        text(notes, |note| note.kept_names().1),
    ];
    RecordBatch::try_new(Table::DeadLetters.arrow_schema(), arrays).map_err(StoreError::encode)
}

/// Something of each note's position.
fn each<'n, T>(notes: &'n [Note], of: impl Fn(&'n Position) -> T) -> Vec<T> {
    notes.iter().map(|note| of(&note.position)).collect()
}

/// Which notes a caller wants; everything where a field is `None`.
#[derive(Debug, Clone, Default)]
pub struct DeadLetterFilter {
    /// Without any: dead letters only.
    pub outcomes: Vec<Outcome>,
    pub reason: Option<String>,
    pub topic: Option<String>,
    /// Ingested at or after.
    pub since: Option<Timestamp>,
    /// The newest ones only.
    pub limit: Option<u32>,
    /// Leave the payloads where they are: they are most of the table.
    pub without_payload: bool,
}

const PAYLOAD: &str = "payload";

/// A note as it is listed.
pub type DeadLetter = Note;

impl Store {
    /// Notes that take the place of others: each newer than what its position has, whatever this process's clock and
    /// that of the other's maker say.
    pub(crate) async fn outlasting(&self, mut notes: Vec<Note>) -> Result<Vec<Note>, StoreError> {
        let Some(earliest) = notes.iter().map(|note| note.ingested_at).min() else { return Ok(notes) };
        // Nearly always only what was noted on the same day is looked at.
        let snapshot = self.inner.dead_letters.snapshot().await?;
        let files = snapshot.files();
        let late = files.iter().filter(|file| file.day.is_none_or(|day| day >= earliest.day()));
        let files: Vec<_> = late.cloned().collect();
        let rows = snapshot.scan_files(&files)?;
        let at = col("ingested_at").cast(DataType::Int64);
        let rows = rows.filter(at.clone().gt_eq(lit(earliest.0)));
        // A compaction asks for one day's notes after it has written another's: of all those none is kept in mind.
        let wanted = DataFrame::new_infer_height(vec![
            Column::new("position_topic".into(), each(&notes, |position| &*position.topic)),
            Column::new("position_partition".into(), each(&notes, |position| position.partition)),
            Column::new("position_offset".into(), each(&notes, |position| position.offset)),
        ])?;
        let on = columns(&POSITION);
        let rows = rows.join(wanted.lazy(), on.clone(), on, JoinArgs::new(JoinType::Semi));
        let rows = collect(rows.group_by(columns(&POSITION)).agg([at.max().alias("newest")])).await?;
        let topics = rows.column("position_topic")?.str()?;
        let partitions = rows.column("position_partition")?.i32()?;
        let (offsets, at) = (rows.column("position_offset")?.i64()?, rows.column("newest")?.i64()?);
        let position = |row| Some((topics.get(row)?, partitions.get(row)?, offsets.get(row)?));
        let newest: HashMap<_, _> =
            (0..rows.height()).filter_map(|row| Some((position(row)?, at.get(row)?))).collect();
        for note in &mut notes {
            let Position { topic, partition, offset } = &note.position;
            if let Some(newest) = newest.get(&(&**topic, *partition, *offset)) {
                note.ingested_at = note.ingested_at.max(Timestamp(newest + 1));
            }
        }
        Ok(notes)
    }

    /// The notes that count, one for each position: refused, ignored and erased messages. Those whose
    /// position has a row in `feedback` by now are left out.
    pub async fn dead_letters(&self) -> Result<LazyFrame, StoreError> {
        let gone = lit(Outcome::Superseded.as_str());
        let dropped = col("outcome").eq(gone).or(col("outcome").eq(lit(Outcome::Duplicate.as_str())));
        Ok(self.counting_notes().await?.filter(dropped.not()))
    }

    /// The newest note of each position that has no row in `feedback`.
    pub(crate) async fn counting_notes(&self) -> Result<LazyFrame, StoreError> {
        self.counting_notes_of(None).await
    }

    /// Those of some positions, by the columns of [`POSITION`]: sought before the newest of each is.
    pub(crate) async fn counting_notes_of(&self, of: Option<Expr>) -> Result<LazyFrame, StoreError> {
        // `feedback` is looked at after the notes: what moves from one to the other is then never missed twice.
        let notes = self.inner.dead_letters.snapshot().await?.scan()?;
        let rows = self.feedback().await?.select(columns(&POSITION));
        let (notes, rows) = match of {
            Some(of) => (notes.filter(of.clone()), rows.filter(of)),
            None => (notes, rows),
        };
        let on = columns(&POSITION);
        let answered = rows.join(
            notes.clone().select(on.clone()),
            on.clone(),
            on.clone(),
            JoinArgs::new(JoinType::Semi),
        );
        let newest = col("ingested_at").eq(col("ingested_at").max().over(on.clone())?);
        let key = [POSITION.as_slice(), &["outcome"]].concat();
        let key = cols(key);
        let notes = notes.filter(newest).unique_stable(Some(key), UniqueKeepStrategy::First);
        Ok(notes.join(answered, on.clone(), on, JoinArgs::new(JoinType::Anti)))
    }

    /// The notes a person asked for, newest first.
    pub async fn dead_letter_rows(&self, filter: &DeadLetterFilter) -> Result<Vec<DeadLetter>, StoreError> {
        let wanted =
            if filter.outcomes.is_empty() { vec![Outcome::DeadLetter] } else { filter.outcomes.clone() };
        let outcome = |any: Expr, outcome: &Outcome| any.or(col("outcome").eq(lit(outcome.as_str())));
        let mut rows = self.counting_notes().await?.filter(wanted.iter().fold(lit(false), outcome));
        if let Some(reason) = &filter.reason {
            rows = rows.filter(col("reason").eq(lit(reason.clone())));
        }
        if let Some(topic) = &filter.topic {
            rows = rows.filter(col("position_topic").eq(lit(topic.clone())));
        }
        if let Some(Timestamp(since)) = filter.since {
            rows = rows.filter(col("ingested_at").cast(DataType::Int64).gt_eq(lit(since)));
        }
        let newest_first =
            SortMultipleOptions::default().with_order_descending_multi([true, false, false, false]);
        let rows = rows
            .sort(["ingested_at", "position_topic", "position_partition", "position_offset"], newest_first);
        let mut rows = rows.limit(filter.limit.unwrap_or(IdxSize::MAX));
        if filter.without_payload {
            let wanted = Table::DeadLetters.columns().iter().filter(|column| column.name != PAYLOAD);
            rows = rows.select(wanted.map(|column| col(column.name)).collect::<Vec<_>>());
        }
        self.notes_of(collect(rows).await?)
    }

    fn notes_of(&self, rows: DataFrame) -> Result<Vec<Note>, StoreError> {
        let text = |name: &str| -> Result<Vec<Option<String>>, StoreError> {
            Ok(rows.column(name)?.str()?.iter().map(|value| value.map(str::to_owned)).collect())
        };
        let (outcome, reason, detail) = (text("outcome")?, text("reason")?, text("detail")?);
        let (kind, author) = (text("source_kind")?, text("author")?);
        let payload = if rows.column(PAYLOAD).is_ok() { text(PAYLOAD)? } else { vec![None; rows.height()] };
        let (alias, topic) = (text("author_alias")?, text("position_topic")?);
        let records = rows.column("records")?.i32()?;
        let at = rows.column("ingested_at")?.cast(&DataType::Int64)?;
        let at = at.i64()?;
        let partition = rows.column("position_partition")?.i32()?;
        let offset = rows.column("position_offset")?.i64()?;
        let mut notes = Vec::with_capacity(rows.height());
        for row in 0..rows.height() {
            let name = outcome[row].as_deref().unwrap_or_default();
            let outcome = Outcome::parse(name).ok_or_else(|| StoreError::Corrupt {
                path: self.inner.dead_letters.place.clone(),
                detail: format!("the outcome {name:?}"),
            })?;
            notes.push(Note {
                outcome,
                reason: reason[row].clone().unwrap_or_default(),
                detail: detail[row].clone().unwrap_or_default(),
                payload: payload[row].clone(),
                source_kind: kind[row].clone(),
                author: author[row].clone(),
                author_alias: alias[row].clone(),
                records: records.get(row).unwrap_or(1),
                ingested_at: Timestamp(at.get(row).unwrap_or_default()),
                position: Position {
                    topic: topic[row].as_deref().unwrap_or_default().into(),
                    partition: partition.get(row).unwrap_or_default(),
                    offset: offset.get(row).unwrap_or_default(),
                },
            });
        }
        Ok(notes)
    }
}
