//! What moved, from what to what.

use crate::stats::{
    Interval,
    proportion::{Difference, Proportion, newcombe},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figures {
    /// Records since the onset, how many were due, the range that 95 in 100 such stretches lie in, and how many times as
    /// many there were in the last week of it.
    Volume { seen: u64, expected: f64, range: Interval, times: f64 },
    /// The share before, of the same mix of sources, and since; by how much it rose, and in the last week of it.
    Negative {
        hits: u64,
        judged: u64,
        before: f64,
        before_range: Interval,
        since: f64,
        since_range: Interval,
        rise_range: Interval,
        rise: f64,
    },
    /// Mean answers as a part of the scale, from 0 to 1, before and since; by how much it fell in the last week of it.
    Score { answers: u64, before: f64, before_range: Interval, since: f64, since_range: Interval, fall: f64 },
}

impl Figures {
    /// Records that the metric is about.
    #[must_use]
    pub fn records(&self) -> u64 {
        match self {
            Self::Volume { seen, .. } => *seen,
            Self::Negative { hits, .. } => *hits,
            Self::Score { answers, .. } => *answers,
        }
    }

    /// Records beyond what was due.
    #[must_use]
    pub fn excess(&self) -> f64 {
        match self {
            Self::Volume { seen, expected, .. } => (*seen as f64 - expected).max(0.0),
            Self::Negative { judged, before, since, .. } => (*judged as f64 * (since - before)).max(0.0),
            Self::Score { answers, before, since, .. } => (*answers as f64 * (before - since)).max(0.0),
        }
    }

    /// Shares of since and before, with their intervals and that of the difference.
    pub(super) fn negative(hits: u64, judged: u64, before: Proportion, dispersion: f64, rise: f64) -> Self {
        let since = Proportion::new(hits.min(judged), judged).deflated(dispersion.max(1.0));
        let Difference { interval, .. } = newcombe(since, before);
        Self::Negative {
            hits,
            judged,
            before: before.share(),
            before_range: before.wilson(),
            since: since.share(),
            since_range: since.wilson(),
            rise_range: interval,
            rise,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Newcombe 1998, table II, method 10: 56 of 70 against 48 of 80 is 0.0524 to 0.3339.
    #[test]
    fn shares_carry_their_intervals() {
        let figures = Figures::negative(56, 70, Proportion::new(48, 80), 1.0, 0.2);
        let Figures::Negative { before, since, rise_range, .. } = figures else { panic!("{figures:?}") };
        assert_eq!((before, since), (0.6, 0.8));
        assert!((rise_range.low - 0.0524).abs() < 1e-4 && (rise_range.high - 0.3339).abs() < 1e-4);
        assert!((figures.excess() - 14.0).abs() < 1e-9);
        let moody = Figures::negative(56, 70, Proportion::new(48, 80), 3.0, 0.2);
        let Figures::Negative { since_range, .. } = moody else { panic!("{moody:?}") };
        assert!(since_range.low < 0.7);
    }

    #[test]
    fn an_excess_is_never_negative() {
        let range = Interval::new(5.0, 15.0);
        assert_eq!(Figures::Volume { seen: 4, expected: 10.0, range, times: 0.4 }.excess(), 0.0);
    }
}
