//! What was read ahead, by what was read.

use super::context;
use super::reader::Reading;
use crate::encoder::Passage;
use std::collections::HashMap;
use xxhash_rust::xxh3::Xxh3;

/// Readings of the last group; `None` where the network had nothing to say.
#[derive(Debug, Default)]
pub struct Readings(HashMap<u128, Option<Reading>>);

impl Readings {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn put(&mut self, key: u128, reading: Option<Reading>) {
        self.0.insert(key, reading);
    }

    /// A text that stands several times in a group was read once: the reading stays.
    pub fn get(&self, key: u128) -> Option<Option<Reading>> {
        self.0.get(&key).cloned()
    }
}

/// Everything that the network reads of a passage; 128 bits, so that no two passages ever meet.
pub fn key(passage: &Passage<'_>) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(context(passage.contract, passage.asked).as_bytes());
    for segment in passage.segments() {
        hash.update(&(segment.len() as u64).to_le_bytes());
        hash.update(segment.as_bytes());
    }
    hash.digest128()
}
