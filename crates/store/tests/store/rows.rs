//! Rows, batches and readings that the tests share.

use feedback::ids::Id;
use feedback::position::Position;
use feedback::time::{Day, Timestamp};
use polars::prelude::{DataFrame, DataType};
use store::{Advance, Batch, FactColumns, FactRow, Note, Outcome, Store, StoreOptions};
use tempfile::TempDir;

pub const TOPIC: &str = "feedback.survey";

/// What a row of a test differs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub item: u32,
    pub part: String,
    pub version: i64,
    pub updated: i64,
    pub hash: i64,
    pub deleted: bool,
    pub day: i32,
    pub topic: &'static str,
    pub partition: i32,
    pub offset: i64,
    pub author: Option<String>,
    pub alias: Option<String>,
    pub body: String,
}

impl Row {
    pub fn new(item: u32, offset: i64) -> Self {
        Self {
            item,
            part: String::new(),
            version: 1,
            updated: 0,
            hash: i64::from(item),
            deleted: false,
            day: 20_000,
            topic: TOPIC,
            partition: 0,
            offset,
            author: None,
            alias: None,
            body: format!("words of {item}"),
        }
    }

    pub fn version(self, version: i64) -> Self {
        Self { version, hash: self.hash * 100 + version, ..self }
    }

    pub fn deleted(self) -> Self {
        Self { deleted: true, body: String::new(), ..self }
    }

    pub fn day(self, day: i32) -> Self {
        Self { day, ..self }
    }

    pub fn part(self, part: &str) -> Self {
        Self { part: part.to_owned(), ..self }
    }

    pub fn by(self, author: &str) -> Self {
        Self { author: Some(author.to_owned()), ..self }
    }

    pub fn alias(self, alias: &str) -> Self {
        Self { alias: Some(alias.to_owned()), ..self }
    }

    pub fn saying(self, body: &str) -> Self {
        Self { body: body.to_owned(), ..self }
    }

    pub fn topic(self, topic: &'static str) -> Self {
        Self { topic, ..self }
    }

    pub fn partition(self, partition: i32) -> Self {
        Self { partition, ..self }
    }

    pub fn item_id(&self) -> Id {
        Id::of(&["survey", "form", &self.item.to_string()])
    }

    pub fn push(&self, columns: &mut FactColumns) {
        let native = self.item.to_string();
        let at = Timestamp(Day(self.day).start().0 + 3_600_000_000 + i64::from(self.item));
        columns.push(&FactRow {
            record_id: Id::of(&["survey", "form", &native, &self.part]),
            item_id: self.item_id(),
            source_kind: "survey",
            source: "form",
            native_id: &native,
            part: &self.part,
            version: self.version,
            deleted: self.deleted,
            content_hash: self.hash,
            occurred_at: at,
            // Of the version alone: the day is another matter.
            updated_at: Timestamp(Day(20_000).start().0 + self.updated),
            ingested_at: Timestamp(at.0 + 1),
            author: self.author.as_deref(),
            author_alias: self.alias.as_deref(),
            body: (!self.body.is_empty()).then_some(self.body.as_str()),
            position_topic: self.topic,
            position_partition: self.partition,
            position_offset: self.offset,
            ..FactRow::default()
        });
    }
}

pub fn encode(rows: &[Row]) -> store::EncodedFiles {
    let mut columns = FactColumns::new();
    rows.iter().for_each(|row| row.push(&mut columns));
    assert_eq!(columns.rows(), rows.len());
    let files = columns.encode().unwrap();
    assert_eq!((files.rows(), columns.rows(), columns.bytes()), (rows.len(), 0, 0));
    files
}

pub fn advance(group: &str, from: Option<i64>, next: i64) -> Advance {
    Advance { app_id: format!("{group}/{TOPIC}/0"), from, next }
}

/// A batch of one partition.
pub fn batch(rows: &[Row], from: Option<i64>, next: i64) -> Batch {
    Batch { facts: encode(rows), advances: vec![advance("g", from, next)], ..Batch::default() }
}

pub fn note(outcome: Outcome, offset: i64) -> Note {
    Note {
        outcome,
        reason: "invalid_json".to_owned(),
        detail: "expected a value at line 1".to_owned(),
        payload: Some("{\"text\": \"[email]\"".to_owned()),
        source_kind: Some("survey".to_owned()),
        author: None,
        author_alias: None,
        records: 1,
        ingested_at: Timestamp(Day(20_000).start().0 + offset),
        position: Position { topic: TOPIC.into(), partition: 0, offset },
    }
}

pub async fn open(root: &TempDir) -> Store {
    Store::open(root.path().to_str().unwrap(), StoreOptions::default()).await.unwrap()
}

pub async fn fresh() -> (TempDir, Store) {
    let root = tempfile::tempdir().unwrap();
    let store = open(&root).await;
    (root, store)
}

/// Appends rows without a fence, as the tests of reading need them.
pub async fn append(store: &Store, rows: &[Row]) -> i64 {
    let suppressions = store.suppressions().await.unwrap();
    store.commit(&Batch { facts: encode(rows), suppressions, ..Batch::default() }).await.unwrap().version
}

/// Partition and offset of all rows, sorted.
pub async fn positions(store: &Store) -> Vec<(i32, i64)> {
    sorted(store.collect(store.feedback().await.unwrap()).await.unwrap())
}

/// Partition and offset of the current rows, sorted.
pub async fn current(store: &Store) -> Vec<(i32, i64)> {
    sorted(store.collect(store.current_facts().await.unwrap()).await.unwrap())
}

fn sorted(rows: DataFrame) -> Vec<(i32, i64)> {
    let partitions = rows.column("position_partition").unwrap().i32().unwrap().clone();
    let offsets = rows.column("position_offset").unwrap().i64().unwrap().clone();
    let mut all: Vec<(i32, i64)> =
        partitions.iter().zip(offsets.iter()).map(|(p, o)| (p.unwrap(), o.unwrap())).collect();
    all.sort_unstable();
    all
}

pub fn texts(rows: &DataFrame, column: &str) -> Vec<Option<String>> {
    rows.column(column).unwrap().str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
}

pub fn numbers(rows: &DataFrame, column: &str) -> Vec<Option<i64>> {
    rows.column(column).unwrap().cast(&DataType::Int64).unwrap().i64().unwrap().iter().collect()
}
