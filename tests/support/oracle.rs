//! What must hold in the end: every acknowledged event is there once, as it was sent, and the ledger adds up.

use super::events;
use polars::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::{AuditEvent, DeadLetterFilter, Ledger, Mark, Store, StoreOptions};

/// How much the tables answer for by now; nothing before a worker has made them.
pub fn consumed(dir: &Path) -> u64 {
    let made = ["tables.key", "tables/suppressions/_delta_log"].iter().all(|path| dir.join(path).exists());
    if made { Tables::open(dir).ledger().consumed() } else { 0 }
}

pub struct Tables {
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) store: Store,
}

impl Tables {
    pub fn open(dir: &Path) -> Self {
        Self::at(&dir.join("tables"))
    }

    pub fn at(root: &Path) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let store = runtime.block_on(Store::open(root.to_str().unwrap(), StoreOptions::default())).unwrap();
        Self { runtime, store }
    }

    /// Every change that was noted, the first first.
    pub fn audited(&self) -> Vec<AuditEvent> {
        self.runtime.block_on(self.store.tail::<AuditEvent>(Mark::default())).unwrap().events
    }

    pub fn ledger(&self) -> Ledger {
        self.runtime.block_on(self.store.ledger()).unwrap()
    }

    fn rows(&self) -> DataFrame {
        let query = async {
            let rows = self.store.feedback().await?;
            let columns =
                ["native_id", "score_value", "body", "position_partition", "position_offset"].map(col);
            self.store.collect(rows.select(columns)).await
        };
        self.runtime.block_on(query).unwrap()
    }

    /// Rows by the encoder that judged them.
    pub fn encoders(&self) -> BTreeMap<String, u64> {
        let query = async {
            let rows = self.store.feedback().await?;
            self.store.collect(rows.select([col("encoder")])).await
        };
        let rows = self.runtime.block_on(query).unwrap();
        let mut counts = BTreeMap::new();
        for encoder in rows.column("encoder").unwrap().str().unwrap().iter() {
            *counts.entry(encoder.unwrap().to_owned()).or_default() += 1;
        }
        counts
    }

    /// Rows with a network's vector; each of them has its 384 numbers and says of which space it is.
    pub fn network_vectors(&self) -> u64 {
        let query = async {
            let rows = self.store.feedback().await?;
            self.store.collect(rows.select([col("network_vector"), col("network_embedding")])).await
        };
        let rows = self.runtime.block_on(query).unwrap();
        let spaces = rows.column("network_vector").unwrap().str().unwrap();
        let vectors = rows.column("network_embedding").unwrap().binary().unwrap();
        for (space, vector) in spaces.iter().zip(vectors.iter()) {
            assert_eq!(space.map(|space| space.starts_with("minilm-1:")), vector.map(|v| v.len() == 384));
        }
        (rows.height() - vectors.null_count()) as u64
    }

    /// How many rows there are, whatever the ledger counts as one, and at how many positions.
    pub fn rows_and_positions(&self) -> (u64, u64) {
        let rows = self.rows();
        let partitions = rows.column("position_partition").unwrap().i32().unwrap();
        let offsets = rows.column("position_offset").unwrap().i64().unwrap();
        let positions: BTreeSet<_> = partitions.iter().zip(offsets.iter()).collect();
        (rows.height() as u64, positions.len() as u64)
    }

    /// Holds the tables against the events `0..count`, sent once each.
    pub fn hold(&self, count: u64) {
        let rows = self.rows();
        let ids = rows.column("native_id").unwrap().str().unwrap();
        let scores = rows.column("score_value").unwrap().f64().unwrap();
        let bodies = rows.column("body").unwrap().str().unwrap();
        let mut seen: BTreeMap<u64, u32> = BTreeMap::new();
        for ((id, score), body) in ids.iter().zip(scores.iter()).zip(bodies.iter()) {
            let number: u64 = id.unwrap().parse().unwrap();
            assert!(number < count && !events::is_broken(number), "{number} was never sent");
            assert_eq!((score, body), (Some(events::score(number) as f64), Some(&*events::text(number))));
            *seen.entry(number).or_default() += 1;
        }
        let doubled: Vec<_> = seen.iter().filter(|(_, times)| **times > 1).collect();
        assert!(doubled.is_empty(), "doubled: {doubled:?}");
        let lost: Vec<_> = (0..count).filter(|n| !events::is_broken(*n) && !seen.contains_key(n)).collect();
        assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
        self.hold_ledger(count);
    }

    /// Holds the tables against the events `0..count` that senders were told to be durable: each sound one is there as it was
    /// sent, and counts once. At most `again` of them were sent more than once, and may stand there more than once.
    pub fn hold_taken(&self, count: u64, again: u64) {
        let rows = self.rows();
        let ids = rows.column("native_id").unwrap().str().unwrap();
        let bodies = rows.column("body").unwrap().str().unwrap();
        let mut seen = BTreeSet::new();
        for (id, body) in ids.iter().zip(bodies.iter()) {
            let number: u64 = id.unwrap().parse().unwrap();
            assert!(number < count && !events::is_broken(number), "{number} was never sent");
            assert_eq!(body, Some(&*events::text(number)));
            seen.insert(number);
        }
        let lost: Vec<_> = (0..count).filter(|n| !events::is_broken(*n) && !seen.contains(n)).collect();
        assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
        let ledger = self.ledger();
        let expected =
            Ledger { facts: events::sound(count), duplicates: ledger.duplicates, ..Ledger::default() };
        assert_eq!(ledger, expected);
        assert!(ledger.duplicates <= again, "{} are there twice, {again} were sent again", ledger.duplicates);
        println!("of {again} that were sent again {} had arrived before", ledger.duplicates);
        let (rows, positions) = self.rows_and_positions();
        assert_eq!(rows, positions, "no position has two rows");
    }

    fn hold_ledger(&self, count: u64) {
        let sound = events::sound(count);
        let expected = Ledger { facts: sound, dead_letters: count - sound, ..Ledger::default() };
        assert_eq!(self.ledger(), expected);
        let letters =
            self.runtime.block_on(self.store.dead_letter_rows(&DeadLetterFilter::default())).unwrap();
        assert_eq!(letters.len() as u64, count - sound);
        assert!(letters.iter().all(|letter| letter.reason == "invalid_json"));
    }
}
