//! Topics that the same records speak of.

use super::{Query, Shelf, choose::Chosen};
use crate::error::InsightError;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Two topics, the one that comes first in the alphabet first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    pub one: String,
    pub other: String,
    /// Those that speak of both.
    pub records: u64,
}

impl Shelf {
    /// Of the records that fit, how many speak of both of two topics: of each two that any speaks of, in the order of the
    /// alphabet.
    ///
    /// # Errors
    /// As [`Shelf::list`].
    pub fn together(&self, query: &Query) -> Result<Vec<Together>, InsightError> {
        let chosen = self.choose(query)?;
        let of_parts: Vec<HashMap<(&str, &str), u64>> = chosen.par_iter().map(of_part).collect();
        let mut all: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for (both, records) in of_parts.into_iter().flatten() {
            *all.entry(both).or_default() += records;
        }
        let told = |((one, other), records): ((&str, &str), u64)| Together {
            one: one.to_owned(),
            other: other.to_owned(),
            records,
        };
        Ok(all.into_iter().map(told).collect())
    }
}

fn of_part<'s>(chosen: &Chosen<'s>) -> HashMap<(&'s str, &'s str), u64> {
    let part = chosen.part;
    let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
    let mut topics: Vec<u32> = Vec::new();
    for row in chosen.rows() {
        topics.clear();
        topics.extend(part.mentions.get(row).iter().map(|mention| mention.topic));
        // Topics are numbered by the alphabet.
        topics.sort_unstable();
        topics.dedup();
        for (at, one) in topics.iter().enumerate() {
            topics[at + 1..].iter().for_each(|other| *counts.entry((*one, *other)).or_default() += 1);
        }
    }
    let name = |topic: u32| part.topics.get(topic as usize);
    counts.into_iter().map(|((one, other), records)| ((name(one), name(other)), records)).collect()
}
