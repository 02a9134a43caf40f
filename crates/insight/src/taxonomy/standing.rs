//! How much each topic holds, what none holds, and which topics hold the same.

use crate::{
    error::InsightError,
    report::{Filter, Period, filter::Wording},
    shelf::{Facet, Query, Shelf, Tally},
};
use feedback::insight::NO_TOPIC;
use std::collections::HashMap;

/// Fewer records of both say nothing of two topics.
const LEAST_TOGETHER: u64 = 10;
/// Two topics are worth a look where so much of all that speaks of either speaks of both …
const LEAST_ALIKE: f64 = 0.2;
/// … or so much of one of them.
const LEAST_SHARE: f64 = 0.5;
/// Pairs that are told.
const MOST_PAIRS: usize = 20;

/// Of the records with words of some days: of those without nobody can tell a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub period: Period,
    pub records: u64,
    /// Without any topic.
    pub unassigned: u64,
    /// Of each topic that any record has, the most records first.
    pub topics: Vec<Volume>,
    /// Topics that hold much of the same, those most alike first.
    pub overlaps: Vec<Overlap>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    pub topic: String,
    /// By what they say on the topic.
    pub tally: Tally,
}

/// Two topics, the one that comes first in the alphabet first.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    pub one: String,
    pub other: String,
    pub both: u64,
    /// Records of each.
    pub of_one: u64,
    pub of_other: u64,
}

impl Overlap {
    /// Of the records that speak of either, the share that speaks of both (Jaccard's coefficient).
    #[must_use]
    pub fn jaccard(&self) -> f64 {
        share(self.both, self.of_one + self.of_other - self.both)
    }

    /// Of the records of the first topic, the share that speaks of the other one, too.
    #[must_use]
    pub fn of_first(&self) -> f64 {
        share(self.both, self.of_one)
    }

    #[must_use]
    pub fn of_second(&self) -> f64 {
        share(self.both, self.of_other)
    }

    fn is_worth_a_look(&self) -> bool {
        let most = self.of_first().max(self.of_second());
        self.both >= LEAST_TOGETHER && (self.jaccard() >= LEAST_ALIKE || most >= LEAST_SHARE)
    }
}

fn share(hits: u64, of: u64) -> f64 {
    if of == 0 { 0.0 } else { hits as f64 / of as f64 }
}

impl Standing {
    /// Lists all of its records.
    #[must_use]
    pub fn filter(&self) -> Filter {
        within(self.period)
    }

    /// Lists those of a topic, or of `none`.
    #[must_use]
    pub fn of_topic(&self, topic: &str) -> Filter {
        self.filter().topic(topic)
    }

    /// Lists those that speak of both.
    #[must_use]
    pub fn of_both(&self, overlap: &Overlap) -> Filter {
        Filter { any_topic: vec![overlap.other.clone()], ..self.of_topic(&overlap.one) }
    }

    #[must_use]
    pub fn share(&self, records: u64) -> f64 {
        share(records, self.records)
    }

    /// Records of a topic; 0 where none has it.
    #[must_use]
    pub fn volume(&self, topic: &str) -> u64 {
        self.topics.iter().find(|volume| volume.topic == topic).map_or(0, |volume| volume.tally.records)
    }
}

/// Lists the records with words of some days.
pub(super) fn within(period: Period) -> Filter {
    let Period { from, to } = period;
    Filter { from: Some(from), to: Some(to), words: Some(Wording::With), ..Filter::default() }
}

/// `is_above` tells whether one topic stands above another: those share by nature and are no pair worth a look.
///
/// # Errors
/// None of these filters can fail.
pub fn standing(
    shelf: &Shelf,
    period: Period,
    is_above: impl Fn(&str, &str) -> bool,
) -> Result<Standing, InsightError> {
    let query = Query::from(within(period));
    let (all, mut counts) = shelf.counts(&query, &[Facet::Topic])?;
    let counts = counts.pop().unwrap_or_default();
    let unassigned =
        counts.iter().find(|count| count.value == NO_TOPIC).map_or(0, |count| count.tally.records);
    let topics = counts.into_iter().filter(|count| count.value != NO_TOPIC);
    let mut topics: Vec<Volume> =
        topics.map(|count| Volume { topic: count.value, tally: count.tally }).collect();
    topics.sort_by(|a, b| b.tally.records.cmp(&a.tally.records).then_with(|| a.topic.cmp(&b.topic)));
    let records: HashMap<&str, u64> =
        topics.iter().map(|volume| (volume.topic.as_str(), volume.tally.records)).collect();
    let of = |topic: &str| records.get(topic).copied().unwrap_or_default();
    let overlap = |pair: crate::shelf::Together| Overlap {
        of_one: of(&pair.one),
        of_other: of(&pair.other),
        both: pair.records,
        one: pair.one,
        other: pair.other,
    };
    let mut overlaps: Vec<Overlap> = shelf.together(&query)?.into_iter().map(overlap).collect();
    overlaps.retain(|pair| {
        pair.is_worth_a_look() && !is_above(&pair.one, &pair.other) && !is_above(&pair.other, &pair.one)
    });
    // What is as alike stays in the order of the alphabet.
    overlaps.sort_by(|a, b| b.jaccard().total_cmp(&a.jaccard()));
    overlaps.truncate(MOST_PAIRS);
    Ok(Standing { period, records: all.records, unassigned, topics, overlaps })
}
