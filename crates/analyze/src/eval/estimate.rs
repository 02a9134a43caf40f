//! A figure with what chance leaves open.

use serde::Serialize;

/// The 97.5% quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

/// A figure with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// A share, with Wilson's score interval (Wilson 1927; method 3 of Newcombe 1998, Stat Med 17:857). Without
    /// observations every share is possible.
    #[must_use]
    pub fn share(hits: u64, n: u64) -> Self {
        if n == 0 {
            return Self { value: 0.0, low: 0.0, high: 1.0 };
        }
        let (value, n, z2) = (hits as f64 / n as f64, n as f64, Z95 * Z95);
        let centre = (value + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z95 / (1.0 + z2 / n) * (value * (1.0 - value) / n + z2 / (4.0 * n * n)).sqrt();
        // At 0 and at n of n the bound is the value; rounding must not leave a crumb.
        Self { value, low: (centre - half).clamp(0.0, value), high: (centre + half).clamp(value, 1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe 1998, Stat Med 17:857, table I, method 3.
    #[test]
    fn wilson_agrees_with_newcombes_table() {
        for (hits, n, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let share = Estimate::share(hits, n);
            assert!((share.low - low).abs() < 5e-5 && (share.high - high).abs() < 5e-5, "{share:?}");
        }
        assert_eq!(Estimate::share(7, 7).high, 1.0);
        assert_eq!(Estimate::share(0, 0), Estimate { value: 0.0, low: 0.0, high: 1.0 });
    }
}
