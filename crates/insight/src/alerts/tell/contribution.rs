//! What carries a change: the segments, versions, territories, languages or sources that the records beyond what was due
//! came from, or in which a score fell.
//!
//! A value carries a change where it has a good part of it, clearly more than it has of the records before, and more than
//! chance gives it: had it the part of the records that it usually has, as many would come to it in less than one of a
//! hundred cases.

use crate::stats::FEW;
use serde::{Deserialize, Serialize};
use statrs::distribution::{Binomial, DiscreteCDF};
use std::collections::BTreeMap;

/// Less of the change than this carries nothing.
const LEAST_SHARE: f64 = 0.15;
/// What already had as large a part before carries nothing either: it has so many times as much of the change.
const LEAST_TIMES: f64 = 1.3;
/// Records beyond those that were due to a value; of a score the low ones.
const LEAST_BEYOND: f64 = 5.0;
/// The chance of as many records by the usual part alone is lower.
const LEAST_CHANCE: f64 = 0.01;
/// A field in which nearly everything has one value, before and since, carries nothing: a language that all speak.
const COMMON: f64 = 0.95;
const MOST: usize = 3;

/// Records with one value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    pub records: u64,
    /// Of a score: the sum of the answers, each from 0 to 1, and how many of them are low.
    pub sum: f64,
    pub low: u64,
}

impl Tally {
    pub fn add(&mut self, more: Self) {
        self.records += more.records;
        self.sum += more.sum;
        self.low += more.low;
    }

    /// How far the answers lie below a mean, together.
    fn below(self, mean: f64) -> f64 {
        self.records as f64 * mean - self.sum
    }
}

/// A value of a field, since a change began, and in what says which part is usual.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// `segment`, `app_version`, `territory`, `language`, `source_kind` …
    pub field: String,
    /// Empty where it is not known.
    pub value: String,
    pub since: Tally,
    pub usual: Tally,
}

/// What a contribution is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartOf {
    /// The records beyond what was due.
    #[default]
    Excess,
    /// By how much a score fell.
    Fall,
}

/// The records before that a usual part is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsualOf {
    /// Of the same thing.
    #[default]
    Same,
    /// Of everything, for of the same thing there were few.
    Everything,
}

/// A part of a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    pub field: String,
    pub value: String,
    #[serde(default)]
    pub part_of: PartOf,
    /// Of the change, from 0 to 1.
    pub share: f64,
    #[serde(default)]
    pub usual_of: UsualOf,
    /// Of the records before, from 0 to 1.
    pub usual: f64,
    /// Records since.
    pub since: u64,
}

/// What brings the records beyond the `due` ones, the largest part first. Nothing where there are none.
#[must_use]
pub fn excess(counted: &[Counted], due: f64, usual_of: UsualOf) -> Vec<Contribution> {
    let share = |one: &Counted, all: &Sums| {
        let usual = part(one.usual.records, all.usual.records);
        let beyond = one.since.records as f64 - due * usual;
        Share {
            share: beyond / (all.since.records as f64 - due),
            usual,
            beyond,
            hits: one.since.records,
            of: all.since.records,
            chance: smoothed(one.usual.records, all.usual.records),
        }
    };
    found(counted, (PartOf::Excess, usual_of), |all| all.since.records as f64 > due, share)
}

/// What brings the fall of a score below its usual `mean`, the largest part first: by how much the answers of a value lie below
/// the mean together, without as much as they usually do. The parts of a field add up to the fall, `n (usual mean - mean)`.
/// Nothing where there is none.
#[must_use]
pub fn fall(counted: &[Counted], mean: f64, usual_of: UsualOf) -> Vec<Contribution> {
    let share = |one: &Counted, all: &Sums| {
        let times = all.since.records as f64 / all.usual.records as f64;
        // As many low answers as it gave of the low ones before, or of all of them where that is more.
        let of_all = smoothed(one.usual.records, all.usual.records);
        let of_low = (one.usual.low as f64 + of_all) / (all.usual.low as f64 + 1.0);
        Share {
            share: fallen(one, all, mean) / all.since.below(mean),
            usual: part(one.usual.records, all.usual.records),
            beyond: one.since.low as f64 - times * one.usual.low as f64,
            hits: one.since.low,
            of: all.since.low,
            chance: of_all.max(of_low),
        }
    };
    found(counted, (PartOf::Fall, usual_of), |all| all.since.below(mean) > 0.0, share)
}

/// What a value has of a fall below `mean`.
fn fallen(one: &Counted, all: &Sums, mean: f64) -> f64 {
    let times = all.since.records as f64 / all.usual.records as f64;
    let own_mean = all.usual.sum / all.usual.records as f64;
    one.since.below(mean) - times * one.usual.below(own_mean)
}

/// Of all values of a field.
#[derive(Debug, Default)]
struct Sums {
    since: Tally,
    usual: Tally,
}

/// How much of a change one value has.
struct Share {
    share: f64,
    usual: f64,
    beyond: f64,
    /// Records of the value, among all of them, and the chance of each by the usual part.
    hits: u64,
    of: u64,
    chance: f64,
}

impl Share {
    fn carries(&self) -> bool {
        self.share >= LEAST_SHARE
            && self.share >= LEAST_TIMES * self.usual
            && self.beyond >= LEAST_BEYOND
            && at_least(self.hits, self.of, self.chance) < LEAST_CHANCE
    }
}

fn found(
    counted: &[Counted],
    (part_of, usual_of): (PartOf, UsualOf),
    has_changed: impl Fn(&Sums) -> bool,
    share: impl Fn(&Counted, &Sums) -> Share,
) -> Vec<Contribution> {
    let mut fields: BTreeMap<&str, Vec<&Counted>> = BTreeMap::new();
    for one in counted {
        fields.entry(&one.field).or_default().push(one);
    }
    let mut found = Vec::new();
    for values in fields.values() {
        let mut all = Sums::default();
        for one in values {
            all.since.add(one.since);
            all.usual.add(one.usual);
        }
        if all.usual.records < FEW || !has_changed(&all) || has_one_value(values, &all) {
            continue;
        }
        let known = values.iter().filter(|one| !one.value.is_empty());
        let shares = known.map(|one| (one, share(one, &all))).filter(|(_, share)| share.carries());
        found.extend(shares.map(|(one, share)| Contribution {
            field: one.field.clone(),
            value: one.value.clone(),
            part_of,
            share: share.share.min(1.0),
            usual_of,
            usual: share.usual,
            since: one.since.records,
        }));
    }
    found.sort_by(|a, b| {
        b.share.total_cmp(&a.share).then_with(|| (&a.field, &a.value).cmp(&(&b.field, &b.value)))
    });
    found.truncate(MOST);
    found
}

fn has_one_value(values: &[&Counted], all: &Sums) -> bool {
    values.iter().any(|one| {
        part(one.since.records, all.since.records) >= COMMON
            && part(one.usual.records, all.usual.records) >= COMMON
    })
}

fn part(of_one: u64, of_all: u64) -> f64 {
    of_one as f64 / of_all.max(1) as f64
}

/// The part as it is expected to go on (Jeffreys' prior): what was never seen is not impossible.
fn smoothed(of_one: u64, of_all: u64) -> f64 {
    (of_one as f64 + 0.5) / (of_all as f64 + 1.0)
}

/// The chance of at least so many hits among `of`, each with the chance `p`.
fn at_least(hits: u64, of: u64, p: f64) -> f64 {
    match hits.checked_sub(1) {
        Some(below) => Binomial::new(p.clamp(0.0, 1.0), of).map_or(1.0, |binomial| binomial.sf(below)),
        None => 1.0,
    }
}

#[cfg(test)]
mod tests;
