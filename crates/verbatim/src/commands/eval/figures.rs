//! Figures as a person reads them: percents with one decimal, and what chance leaves open behind them.

use analyze::eval::{Estimate, Estimates};

/// 0.7812 as `78.1`.
pub fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// `78.1 (76.0–80.2)`.
pub fn estimate(estimate: Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(percent);
    format!("{value} ({low}–{high})")
}

/// `+2.1 (−0.3 to +4.5)`.
pub fn change(estimate: Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(signed);
    format!("{value} ({low} to {high})")
}

/// Accuracy, macro recall and macro F1, each in its own way of writing.
pub fn scores(scores: &Estimates, written: fn(Estimate) -> String) -> [String; 3] {
    [scores.accuracy, scores.macro_recall, scores.macro_f1].map(written)
}

/// `50–60%`.
pub fn range(from: f64, to: f64) -> String {
    format!("{:.0}–{:.0}%", 100.0 * from, 100.0 * to)
}

/// Zero has no sign.
fn signed(share: f64) -> String {
    match format!("{:+.1}", 100.0 * share).as_str() {
        "+0.0" | "-0.0" => "0.0".to_owned(),
        number => number.replace('-', "−"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_percents_with_their_interval() {
        let share = Estimate { value: 0.7812, low: 0.76, high: 0.8024 };
        assert_eq!(estimate(share), "78.1 (76.0–80.2)");
        let gain = Estimate { value: 0.0, low: -0.0123, high: 0.05 };
        assert_eq!(change(gain), "0.0 (−1.2 to +5.0)");
        assert_eq!(signed(-0.0002), "0.0");
        assert_eq!(range(0.3, 0.4), "30–40%");
    }
}
