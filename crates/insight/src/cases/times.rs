//! How long each step takes, from what happened to what was done about it: medians and 90th percentiles.

use crate::stats::SUPPRESSED;
use feedback::time::Timestamp;
use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF};
use std::collections::BTreeMap;

/// What lies beyond each end of an interval of 95%.
const TAIL: f64 = 0.025;

/// When a report, or the case it began, got how far; `None` for what has not come yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LoopTimes {
    pub occurred: Timestamp,
    pub stored: Option<Timestamp>,
    pub triaged: Option<Timestamp>,
    pub acknowledged: Option<Timestamp>,
    pub resolved: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopStep {
    /// Since it occurred.
    Stored,
    /// Since it was stored, and so on.
    Triaged,
    Acknowledged,
    Resolved,
    /// From what occurred to its resolution.
    Whole,
}

impl LoopStep {
    pub const ALL: [Self; 5] = [Self::Stored, Self::Triaged, Self::Acknowledged, Self::Resolved, Self::Whole];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Triaged => "triaged",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Whole => "whole",
        }
    }
}

impl LoopTimes {
    /// Since when a step is under way, and when it was done.
    fn ends(&self, step: LoopStep) -> (Option<Timestamp>, Option<Timestamp>) {
        match step {
            LoopStep::Stored => (Some(self.occurred), self.stored),
            LoopStep::Triaged => (self.stored, self.triaged),
            LoopStep::Acknowledged => (self.triaged, self.acknowledged),
            LoopStep::Resolved => (self.acknowledged, self.resolved),
            LoopStep::Whole => (Some(self.occurred), self.resolved),
        }
    }

    /// Seconds, never below 0 (clocks differ); `None` of what is not done, or was passed over.
    #[must_use]
    pub fn took(&self, step: LoopStep) -> Option<f64> {
        let (begun, done) = self.ends(step);
        Some(done?.0.saturating_sub(begun?.0).max(0) as f64 / 1e6)
    }

    /// Since when it waits for this step; what is resolved waits for nothing.
    #[must_use]
    pub fn waits_since(&self, step: LoopStep) -> Option<Timestamp> {
        let (begun, done) = self.ends(step);
        begun.filter(|_| done.is_none() && self.resolved.is_none())
    }
}

/// A quantile with the interval of 95% that order statistics give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantile {
    pub value: f64,
    /// `None` where so few values leave an end open: then it may be anything below, or above.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// The `p` quantile of values in ascending order, `0 < p < 1`; `None` of fewer than [`SUPPRESSED`].
///
/// The value is interpolated between order statistics (Hyndman and Fan 1996, "Sample quantiles in statistical packages",
/// The American Statistician 50:361, type 7). The interval rests on no distribution: how many of n values lie below the
/// quantile is binomial, so that two order statistics enclose it with a known chance, at least 97.5% on each side
/// (Conover 1999, "Practical Nonparametric Statistics", 3rd ed., section 3.2; David and Nagaraja 2003, "Order
/// Statistics", 3rd ed., section 7.1).
#[must_use]
pub fn quantile(sorted: &[f64], p: f64) -> Option<Quantile> {
    debug_assert!(sorted.is_sorted(), "the values ascend");
    let n = sorted.len();
    if (n as u64) < SUPPRESSED {
        return None;
    }
    let at = (n - 1) as f64 * p;
    let below = (at.floor() as usize).min(n - 1);
    let above = (below + 1).min(n - 1);
    let value = sorted[below] + (at - below as f64) * (sorted[above] - sorted[below]);
    let (low, high) = ranks(n, p)?;
    let ranked = |rank: Option<usize>| rank.and_then(|rank| sorted.get(rank - 1).copied());
    Some(Quantile { value, low: ranked(low), high: ranked(high) })
}

/// Ranks from 1: the highest below which the quantile lies with a chance of at most 2.5%, and the lowest above which it
/// does.
fn ranks(n: usize, p: f64) -> Option<(Option<usize>, Option<usize>)> {
    let below = Binomial::new(p, n as u64).ok()?;
    let low = how_many(n, |k| below.cdf(k as u64) <= TAIL);
    let high = how_many(n, |k| below.cdf(k as u64) < 1.0 - TAIL);
    Some(((low > 0).then_some(low), (high < n).then_some(high + 1)))
}

/// How many of 0, 1, 2 … below `n` fit, where all that fit come first.
fn how_many(n: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A loop with whoever acts on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loop<'a> {
    pub owner: &'a str,
    pub topic: &'a str,
    pub times: LoopTimes,
}

/// How long a step takes, of an owner, a topic, both, or all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoopRow {
    /// `None`: of all of them.
    pub owner: Option<String>,
    pub topic: Option<String>,
    pub step: LoopStep,
    /// How often it was done; the quantiles are of these alone, so that they say nothing of what still waits.
    pub done: u64,
    pub waiting: u64,
    /// What waits longest waits since then.
    pub waiting_since: Option<Timestamp>,
    /// In seconds; `None` of fewer than five.
    pub median: Option<Quantile>,
    pub p90: Option<Quantile>,
}

/// A row for every step of all, of each owner, of each topic and of both, where there is anything to say.
#[must_use]
pub fn loop_times(loops: &[Loop<'_>]) -> Vec<LoopRow> {
    let mut groups: BTreeMap<(Option<&str>, Option<&str>), Vec<&LoopTimes>> = BTreeMap::new();
    for one in loops {
        let (owner, topic) = (Some(one.owner), Some(one.topic));
        for key in [(None, None), (owner, None), (None, topic), (owner, topic)] {
            groups.entry(key).or_default().push(&one.times);
        }
    }
    let rows = groups.into_iter().flat_map(|((owner, topic), times)| {
        LoopStep::ALL.into_iter().filter_map(move |step| row(owner, topic, step, &times))
    });
    rows.collect()
}

fn row(owner: Option<&str>, topic: Option<&str>, step: LoopStep, times: &[&LoopTimes]) -> Option<LoopRow> {
    let mut took: Vec<f64> = times.iter().filter_map(|times| times.took(step)).collect();
    took.sort_by(f64::total_cmp);
    let waits = || times.iter().filter_map(move |times| times.waits_since(step));
    let (done, waiting) = (took.len() as u64, waits().count() as u64);
    (done + waiting > 0).then(|| LoopRow {
        owner: owner.map(str::to_owned),
        topic: topic.map(str::to_owned),
        step,
        done,
        waiting,
        waiting_since: waits().min(),
        median: quantile(&took, 0.5),
        p90: quantile(&took, 0.9),
    })
}

#[cfg(test)]
mod tests;
