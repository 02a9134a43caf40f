//! How long each step takes, from what happened to what was done about it: medians and 90th percentiles, with what still
//! waits.
//!
//! Two things go this way. A record is stored and gets an owner; the case that it began or joined is taken up and resolved.
//! So the first two steps are of every record, and the others of cases.

mod records;
mod waits;

pub use records::{RecordLoop, first_stored, record_loops};
pub use waits::{Curve, Quantile, Waits};

use crate::report::Period;
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// When a record, or the case that it began, got how far; `None` for what has not come yet.
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

    /// Whether every record takes it; the others are of cases.
    #[must_use]
    pub fn is_of_records(self) -> bool {
        matches!(self, Self::Stored | Self::Triaged)
    }
}

/// Which steps are looked at, and as of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Those that began on these days; of any time where none are named.
    pub period: Option<Period>,
    /// What was stored or done from then on is not known yet.
    pub end: Timestamp,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Far {
    /// After so many seconds.
    Done(f64),
    /// Since then, for so many seconds.
    Waits(Timestamp, f64),
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
        Some(seconds(begun?, done?))
    }

    /// When it begins, by which it is of a period. To be stored is of the day on which that was done: what happened and is
    /// not stored, nobody knows.
    #[must_use]
    pub fn begins(&self, step: LoopStep) -> Option<Timestamp> {
        if step == LoopStep::Stored { self.stored } else { self.ends(step).0 }
    }

    /// How far it is; `None` where it does not begin in the window, is not known at its end, or was passed over: what is
    /// resolved waits for nothing.
    #[must_use]
    pub fn far(&self, step: LoopStep, window: Window) -> Option<Far> {
        let by_then = |at: &Timestamp| *at < window.end;
        let begins = self.begins(step).filter(by_then)?;
        let is_known = self.stored.as_ref().is_none_or(by_then);
        if !is_known || window.period.is_some_and(|days| !days.contains(begins.day())) {
            return None;
        }
        let (begun, done) = self.ends(step);
        let begun = begun?;
        match done.filter(by_then) {
            Some(done) => Some(Far::Done(seconds(begun, done))),
            None if self.resolved.as_ref().is_some_and(by_then) => None,
            None => Some(Far::Waits(begun, seconds(begun, window.end))),
        }
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.0.saturating_sub(from.0).max(0) as f64 / 1e6
}

/// The times of a record or a case, with whoever acts on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loop<'a> {
    /// Empty where nobody does.
    pub owner: &'a str,
    /// An id, or `none`.
    pub topic: &'a str,
    pub times: LoopTimes,
}

/// All that is measured.
#[derive(Debug, Clone, Copy, Default)]
pub struct Loops<'a> {
    /// Perhaps the later ones alone.
    pub records: &'a [Loop<'a>],
    pub cases: &'a [Loop<'a>],
    /// When the first record of all was stored; `None` where all are here.
    pub since: Option<Timestamp>,
}

impl<'a> Loops<'a> {
    /// Those that take a step.
    #[must_use]
    pub fn of(self, step: LoopStep) -> &'a [Loop<'a>] {
        if step.is_of_records() { self.records } else { self.cases }
    }

    /// Since when such steps would be known.
    #[must_use]
    pub fn first(self, step: LoopStep) -> Option<Timestamp> {
        self.since.or_else(|| self.of(step).iter().filter_map(|one| one.times.begins(step)).min())
    }
}

/// How long a step takes, of an owner, a topic, both, or all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoopRow {
    /// `None`: of all of them.
    pub owner: Option<String>,
    pub topic: Option<String>,
    pub step: LoopStep,
    /// How often it was done, and how often it is under way.
    pub done: u64,
    pub waiting: u64,
    /// What waits longest waits since then.
    pub waiting_since: Option<Timestamp>,
    /// In seconds, with what still waits; `None` of fewer than five.
    pub median: Option<Quantile>,
    pub p90: Option<Quantile>,
}

#[derive(Default)]
struct Measured {
    waits: Waits,
    since: Option<Timestamp>,
}

impl Measured {
    fn take(&mut self, far: Far) {
        match far {
            Far::Done(after) => self.waits.done(after),
            Far::Waits(begun, so_far) => {
                self.waits.waits(so_far);
                self.since = Some(self.since.map_or(begun, |since| since.min(begun)));
            }
        }
    }
}

/// A row for every step of all, of each owner, of each topic and of both, where there is anything to say.
#[must_use]
pub fn loop_times(loops: Loops<'_>, window: Window) -> Vec<LoopRow> {
    type Key<'k> = (Option<&'k str>, Option<&'k str>, LoopStep);
    let mut groups: BTreeMap<Key<'_>, Measured> = BTreeMap::new();
    for step in LoopStep::ALL {
        for one in loops.of(step) {
            let Some(far) = one.times.far(step, window) else { continue };
            let (owner, topic) = (Some(one.owner), Some(one.topic));
            for (owner, topic) in [(None, None), (owner, None), (None, topic), (owner, topic)] {
                groups.entry((owner, topic, step)).or_default().take(far);
            }
        }
    }
    let row = |((owner, topic, step), Measured { waits, since }): (Key<'_>, Measured)| {
        let curve = waits.curve();
        LoopRow {
            owner: owner.map(str::to_owned),
            topic: topic.map(str::to_owned),
            step,
            done: waits.finished(),
            waiting: waits.waiting(),
            waiting_since: since,
            median: curve.as_ref().map(|curve| curve.quantile(0.5)),
            p90: curve.as_ref().map(|curve| curve.quantile(0.9)),
        }
    };
    groups.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests;
