//! Figures as a person reads them: percents with one decimal, and what chance leaves open behind them.

use crate::output;
use analyze::eval::{Estimate, Estimates, RESAMPLES};

/// 0.7812 as `78.1`.
pub fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

/// `78.1 (76.0–80.2)`.
pub fn estimate(estimate: Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(percent);
    format!("{value} ({low}–{high})")
}

/// A calibration error: `up to 4.5` where its interval begins at 0, for then chance explains all of it.
pub fn error(error: Estimate) -> String {
    if percent(error.low) == "0.0" { format!("up to {}", percent(error.high)) } else { estimate(error) }
}

/// Blank where a file is too small to tell.
pub fn speed(texts_per_second: Option<f64>) -> String {
    texts_per_second.map(|speed| format!("{speed:.1}")).unwrap_or_default()
}

/// How the encoders side by side are to be read.
pub fn legend() -> String {
    format!(
        "in percent; in brackets what chance leaves open (95%: of the accuracy Wilson's interval, of the others from {} \
         bootstrap samples of the texts); the calibration error is debiased; \"unknown\" counts as wrong",
        output::grouped(RESAMPLES as u64)
    )
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

    #[test]
    fn a_calibration_error_that_chance_explains_has_only_an_upper_end() {
        assert_eq!(error(Estimate { value: 0.021, low: 0.0, high: 0.045 }), "up to 4.5");
        assert_eq!(error(Estimate { value: 0.021, low: 0.0004, high: 0.045 }), "up to 4.5");
        assert_eq!(error(Estimate { value: 0.021, low: 0.008, high: 0.045 }), "2.1 (0.8–4.5)");
    }

    #[test]
    fn a_speed_that_is_not_told_is_blank() {
        assert_eq!([speed(Some(1234.56)), speed(None)], ["1234.6", ""]);
    }
}
