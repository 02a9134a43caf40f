//! A transformer's vectors, each text read once.

use super::read::Readers;
use crate::train::space::{Passage, Space};
use analyze::encoder::transformer::network::WIDTH;
use analyze::encoder::transformer::reader::{Asked, Reading};
use analyze::encoder::transformer::{self};
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

pub struct NetworkSpace {
    name: &'static str,
    readers: Readers,
    /// By what was read.
    known: Mutex<HashMap<u64, Vec<Vec<i8>>>>,
}

impl NetworkSpace {
    #[must_use]
    pub fn new(name: &'static str, readers: Readers) -> Self {
        Self { name, readers, known: Mutex::default() }
    }
}

impl Space for NetworkSpace {
    fn name(&self) -> &str {
        self.name
    }

    fn vectors(&self, passages: &[Passage<'_>]) -> Result<Vec<Vec<Vec<i8>>>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<u64> = passages.iter().map(key).collect();
        let mut new: HashMap<u64, &Passage<'_>> = HashMap::new();
        for (key, passage) in keys.iter().zip(passages) {
            if !known.contains_key(key) {
                new.insert(*key, passage);
            }
        }
        let new: Vec<(u64, &Passage<'_>)> = new.into_iter().collect();
        let asked: Vec<Asked<'_>> = new.iter().map(|(_, passage)| asked(passage)).collect();
        let segments = |at: usize, reading| vectors(asked[at].segments.len(), reading);
        let read = self.readers.read(&asked, None, segments)?;
        known.extend(new.iter().map(|(key, _)| *key).zip(read));
        keys.iter().map(|key| known.get(key).cloned().context("a text was not read")).collect()
    }
}

fn asked<'t>(passage: &Passage<'t>) -> Asked<'t> {
    let context = transformer::context(passage.contract, passage.question);
    Asked { context, segments: passage.segments() }
}

fn vectors(segments: usize, reading: Option<Reading>) -> Vec<Vec<i8>> {
    match reading {
        Some(reading) => reading.segments.into_iter().map(|segment| segment.vector).collect(),
        None => vec![vec![0; WIDTH as usize]; segments],
    }
}

fn key(passage: &Passage<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let context = transformer::context(passage.contract, passage.question);
    (passage.text, context, passage.whole).hash(&mut hasher);
    hasher.finish()
}
