//! The range of values that the data leave open.

use serde::{Deserialize, Serialize};

/// A closed range, `low <= high`, in the unit of the figure it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    #[must_use]
    pub fn new(low: f64, high: f64) -> Self {
        debug_assert!(low <= high, "an interval starts before it ends: {low} {high}");
        Self { low, high }
    }

    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The same range in another unit: every bound times `factor`, which is positive.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self::new(self.low * factor, self.high * factor)
    }
}
