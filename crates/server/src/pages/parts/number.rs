//! Figures as people read them. A figure without its interval is a count; everything else carries both.

use insight::report::count;
use insight::report::model::Share;
use insight::stats::Interval;
use maud::{Markup, html};

/// What a figure is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    /// A fraction, shown in percent.
    Share,
    /// From -100 to 100.
    Points,
    /// A mean on a scale of answers.
    Mean,
}

impl Unit {
    /// The figure with its unit.
    #[must_use]
    pub fn shown(self, value: f64) -> String {
        match self {
            Self::Count => whole(value),
            Self::Share => format!("{}%", percent(value)),
            Self::Points => signed(value, 0),
            Self::Mean => format!("{value:.2}"),
        }
    }

    /// A difference of two figures.
    #[must_use]
    pub fn difference(self, value: f64) -> String {
        match self {
            Self::Count => signed(value, 0),
            Self::Share => format!("{} points", signed(value * 100.0, 1)),
            Self::Points => format!("{} points", signed(value, 0)),
            Self::Mean => signed(value, 2),
        }
    }

    /// An interval of figures, without the word for it.
    #[must_use]
    pub fn between(self, Interval { low, high }: Interval) -> String {
        match self {
            Self::Share => format!("{} to {}%", percent(low), percent(high)),
            _ => format!("{} to {}", self.shown(low), self.shown(high)),
        }
    }

    /// An interval of differences.
    #[must_use]
    pub fn differences(self, Interval { low, high }: Interval) -> String {
        match self {
            Self::Share => format!("{} to {}", signed(low * 100.0, 1), signed(high * 100.0, 1)),
            Self::Mean => format!("{} to {}", signed(low, 2), signed(high, 2)),
            Self::Count | Self::Points => format!("{} to {}", signed(low, 0), signed(high, 0)),
        }
    }
}

/// Whole numbers with their thousands apart, below zero too.
#[must_use]
pub fn whole(value: f64) -> String {
    let sign = if value <= -0.5 { "\u{2212}" } else { "" };
    // Bounded by what can be counted; a cast of what is larger stops at the end.
    format!("{sign}{}", count(value.abs().round() as u64))
}

/// How many there are of something: `1 record`, `1,200 records`.
#[must_use]
pub fn of(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A ratio as a growth: `+14%`.
#[must_use]
pub fn growth(ratio: f64) -> String {
    format!("{}%", signed((ratio - 1.0) * 100.0, 0))
}

/// The same of an interval: `+3 to +26%`.
#[must_use]
pub fn growths(Interval { low, high }: Interval) -> String {
    format!("{} to {}", signed((low - 1.0) * 100.0, 0), growth(high))
}

/// In percent, with one decimal where it is below ten.
fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value != 0.0 && value.abs() < 10.0 { format!("{value:.1}") } else { format!("{value:.0}") }
}

/// With its sign, which for zero is none.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    match (is_zero, value < 0.0) {
        (true, _) => text,
        (_, true) => format!("\u{2212}{text}"),
        (_, false) => format!("+{text}"),
    }
}

/// A share with its interval, or why there is none.
#[must_use]
pub fn share(share: &Share) -> Markup {
    html! {
        @match (share.share, share.interval) {
            (Some(value), Some(interval)) => {
                span.number { (Unit::Share.shown(value)) }
                " " small.number { "(" (Unit::Share.between(interval)) ")" }
            }
            (Some(value), None) => span.number { (Unit::Share.shown(value)) },
            (None, _) => small { "too few (" (count(share.n)) ")" },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_carry_their_unit() {
        assert_eq!(Unit::Count.shown(12_345.0), "12,345");
        assert_eq!(Unit::Share.shown(0.413), "41%");
        assert_eq!(Unit::Share.shown(0.0413), "4.1%");
        assert_eq!(Unit::Share.shown(0.0), "0%");
        assert_eq!(Unit::Points.shown(-12.4), "\u{2212}12");
        assert_eq!(Unit::Points.shown(0.2), "0");
        assert_eq!(Unit::Mean.shown(4.256), "4.26");
        assert_eq!(Unit::Share.difference(-0.031), "\u{2212}3.1 points");
        assert_eq!(Unit::Share.between(Interval::new(0.38, 0.44)), "38 to 44%");
        assert_eq!(Unit::Points.differences(Interval::new(-3.2, 8.0)), "\u{2212}3 to +8");
        assert_eq!(whole(-1234.0), "\u{2212}1,234");
        assert_eq!((growth(1.137).as_str(), growth(1.001).as_str()), ("+14%", "0%"));
        assert_eq!(growths(Interval::new(0.97, 1.08)), "\u{2212}3 to +8%");
        assert_eq!(
            [0, 1, 1_200].map(|n| of(n, "record", "records")),
            ["0 records", "1 record", "1,200 records"]
        );
    }
}
