//! The one word a reader needs.

use crate::stats::fdr::benjamini_hochberg;
use serde::{Deserialize, Serialize};

/// The false-discovery level of a report, and the level of a single look.
pub const LEVEL: f64 = 0.05;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// `q <= 0.05` among all tests of the report, and large enough to matter.
    Real,
    /// `p < 0.05` by itself: it may be chance, given how many things were looked at, or too small.
    Unclear,
    /// What chance alone would do.
    Noise,
}

impl Verdict {
    #[must_use]
    pub fn new(p: f64, q: f64, large_enough: bool) -> Self {
        if q <= LEVEL && large_enough {
            Self::Real
        } else if p < LEVEL {
            Self::Unclear
        } else {
            Self::Noise
        }
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Unclear => "unclear",
            Self::Noise => "noise",
        }
    }
}

/// q-values of one report. `expected` are tests of which something is nearly always true (the weekly
/// rhythm): they are held to Bonferroni's bound and lend no weight to the others, so that a rhythm everybody
/// knows of does not loosen the level for the rest.
#[must_use]
pub fn q_values(p: &[f64], expected: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let m = p.len() + expected.len();
    let mut family = p.to_vec();
    family.resize(m, 1.0);
    let mut q = benjamini_hochberg(&family);
    q.truncate(p.len());
    (q, expected.iter().map(|p| (p * m as f64).min(1.0)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_needs_both_evidence_and_size() {
        assert_eq!(Verdict::new(1e-6, 1e-4, true), Verdict::Real);
        assert_eq!(Verdict::new(1e-6, 1e-4, false), Verdict::Unclear);
        assert_eq!(Verdict::new(0.02, 0.4, true), Verdict::Unclear);
        assert_eq!(Verdict::new(0.2, 0.4, true), Verdict::Noise);
    }

    #[test]
    fn what_is_expected_lends_no_weight() {
        let (q, expected) = q_values(&[0.02, 0.5], &[1e-12]);
        assert!((q[0] - 0.06).abs() < 1e-12, "{q:?}");
        assert!((expected[0] - 3e-12).abs() < 1e-20);
    }
}
