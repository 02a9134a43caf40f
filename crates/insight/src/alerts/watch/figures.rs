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

/// A share in the mix of several sources. `parts` are, by source, how much it has in the mix, its share, and the square of
/// that one's standard error. The share is worth as many observations as have, by chance alone, the standard error of the
/// whole: `p (1 - p) / sum(w^2 error^2)`, which for one source is what it was counted from.
pub(super) fn in_the_mix(parts: &[(f64, f64, f64)]) -> Proportion {
    let all: f64 = parts.iter().map(|(n, _, _)| n).sum();
    if all <= 0.0 {
        return Proportion { hits: 0.0, n: 0.0 };
    }
    let share: f64 = parts.iter().map(|(n, share, _)| n / all * share).sum();
    let variance: f64 = parts.iter().map(|(n, _, variance)| (n / all).powi(2) * variance).sum();
    let n = if variance > 0.0 { share * (1.0 - share) / variance } else { 0.0 };
    Proportion { hits: share * n, n }
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
    fn a_mix_is_as_sure_as_what_it_is_made_of() {
        let close = |share: Proportion, p: f64, n: f64| {
            assert!((share.share() - p).abs() < 1e-12 && (share.n - n).abs() < 1e-6, "{share:?}");
        };
        // One source: what it was counted from.
        close(in_the_mix(&[(40.0, 0.25, 0.25 * 0.75 / 300.0)]), 0.25, 300.0);
        // By hand: 0.75 x 0.2 + 0.25 x 0.6 = 0.3, 0.5625 x 0.0004 + 0.0625 x 0.0024 = 0.000375, 0.21 / 0.000375 = 560.
        let two = [(30.0, 0.2, 0.16 / 400.0), (10.0, 0.6, 0.24 / 100.0)];
        close(in_the_mix(&two), 0.3, 560.0);
        // A source of which little was known makes nearly all of it: what is known of the other is worth nothing.
        let new = [(1.0, 0.3, 0.21 / 10_000.0), (99.0, 0.3, 0.21 / 20.0)];
        close(in_the_mix(&new), 0.3, 20.0 / (0.99 * 0.99 + 20.0 / 10_000.0 * 0.0001));
        assert_eq!(in_the_mix(&[(0.0, 0.3, 0.01)]), Proportion { hits: 0.0, n: 0.0 });
        assert_eq!(in_the_mix(&[]).wilson(), Interval::new(0.0, 1.0));
    }

    #[test]
    fn an_excess_is_never_negative() {
        let range = Interval::new(5.0, 15.0);
        assert_eq!(Figures::Volume { seen: 4, expected: 10.0, range, times: 0.4 }.excess(), 0.0);
    }
}
