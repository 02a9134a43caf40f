//! Where a value lies on an axis, and the round numbers that the axis names.

/// A linear axis from `low` to `high` over `from` to `to` of the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Where both ends are the same the axis is one unit long.
    #[must_use]
    pub fn new((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, from, to }
    }

    /// Values beyond the ends are drawn at them.
    #[must_use]
    pub fn at(self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.from + share * (self.to - self.from)
    }
}

/// About `wanted` round steps that cover `low` to `high`: 1, 2, 2.5 or 5 times a power of ten.
#[must_use]
pub fn ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let span = if high > low { high - low } else { 1.0 };
    let rough = span / wanted.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let step = power * steps.into_iter().find(|step| step * power >= rough * 0.999).unwrap_or(10.0);
    let first = (low / step).floor();
    let last = (low.max(low + span) / step - 1e-9).ceil();
    // Multiplied and not added up, so that 0.3 is 0.3.
    (0..=(last - first).min(50.0) as usize).map(|at| (first + at as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(ticks(0.0, 100.0, 4), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(ticks(0.0, 7.0, 4), [0.0, 2.0, 4.0, 6.0, 8.0]);
        assert_eq!(ticks(-37.0, 52.0, 4), [-50.0, -25.0, 0.0, 25.0, 50.0, 75.0]);
        assert_eq!(ticks(3.0, 3.0, 2).len(), 3);
    }

    proptest! {
        #[test]
        fn ticks_cover_what_they_are_for(low in -1e6..1e6_f64, span in 1e-3..1e6_f64, wanted in 2..8_usize) {
            let ticks = ticks(low, low + span, wanted);
            prop_assert!(ticks.len() >= 2 && ticks.len() <= 2 * wanted + 3, "{ticks:?}");
            prop_assert!(ticks[0] <= low + 1e-6 * span.max(low.abs()));
            prop_assert!(*ticks.last().unwrap() >= (low + span) - 1e-6 * span.max(low.abs()));
            prop_assert!(ticks.is_sorted());
        }

        #[test]
        fn what_is_drawn_lies_within_the_drawing(value in -1e9..1e9_f64, low in -1e3..1e3_f64, span in 0.0..1e3_f64) {
            let y = Scale::new((low, low + span), (200.0, 10.0)).at(value);
            prop_assert!((10.0..=200.0).contains(&y));
        }
    }
}
