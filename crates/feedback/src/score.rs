//! Scores: a kind, a value and the scale it stands on. Scales are never pooled.

use crate::labels::labels;
use serde::{Deserialize, Serialize};

labels! {
    /// What a score measures.
    ScoreKind { Nps = "nps", Csat = "csat", Ces = "ces", Stars = "stars" }
}

impl ScoreKind {
    /// The scale meant where a payload names none.
    #[must_use]
    pub fn default_scale(self) -> (f64, f64) {
        match self {
            Self::Nps => (0.0, 10.0),
            Self::Csat | Self::Stars => (1.0, 5.0),
            Self::Ces => (1.0, 7.0),
        }
    }
}

/// A score whose value lies on its scale: `min <= value <= max`, all finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    kind: ScoreKind,
    value: f64,
    min: f64,
    max: f64,
}

impl Score {
    /// `None` where the value is off the scale or the scale is empty.
    #[must_use]
    pub fn new(kind: ScoreKind, value: f64, min: f64, max: f64) -> Option<Self> {
        let fits =
            [value, min, max].iter().all(|n| n.is_finite()) && min < max && (min..=max).contains(&value);
        fits.then_some(Self { kind, value, min, max })
    }

    #[must_use]
    pub fn kind(self) -> ScoreKind {
        self.kind
    }

    #[must_use]
    pub fn value(self) -> f64 {
        self.value
    }

    #[must_use]
    pub fn min(self) -> f64 {
        self.min
    }

    #[must_use]
    pub fn max(self) -> f64 {
        self.max
    }
}
