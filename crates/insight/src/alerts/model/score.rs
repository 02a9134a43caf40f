//! How high answers on one scale usually are.
//!
//! Evidence of a fall is Bennett's exponential supermartingale (Bennett 1962; Fan, Grama and Liu 2012, "Hoeffding's
//! inequality for supermartingales"): for answers X from 0 to 1 with the mean m and at most the variance v,
//! `E exp(l (m - X) - v (e^l - 1 - l)) <= 1` for every l > 0. It needs counts and sums alone, which add up by the hour,
//! where a betting process would need every answer, and asks nothing of the shape, where a t-type statistic would.

use super::{dispersion_of_days, offsets};
use crate::{
    alerts::{hour::A_DAY, series::Answers},
    stats::mean::Moments,
};
use std::ops::Range;

/// By how much the mean may fall, as a part of the scale: of an NPS 10, 20 and 40 points.
pub const FALLS: [f64; 3] = [0.05, 0.10, 0.20];
const LEAST_ANSWERS: u64 = 20;
/// What is believed of the variance before an answer was seen, worth as many answers: that of answers all over the scale.
const PRIOR_ANSWERS: f64 = 10.0;
const PRIOR_VARIANCE: f64 = 1.0 / 12.0;
const PRIOR_DISPERSION: f64 = 1.5;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreModel {
    /// As a part of the scale, from 0 to 1.
    pub mean: f64,
    /// The standard error of the mean, on the same scale.
    pub error: f64,
    /// Answers it was learned from.
    n: f64,
    variance: f64,
    dispersion: f64,
    /// The lower end of where the mean may lie, by itself or together with other parts.
    lower: f64,
}

impl ScoreModel {
    /// From the hours `past`, without those that `left_out` marks; `None` below 20 answers.
    #[must_use]
    pub fn learn(answers: &[Answers], left_out: &[bool], past: Range<usize>) -> Option<Self> {
        let mut days = Vec::with_capacity(past.len() / A_DAY);
        let mut all = Moments::default();
        for from in past.step_by(A_DAY) {
            let mut day = (0.0, 0.0);
            for answers in (from..from + A_DAY).filter(|at| !left_out[*at]).map(|at| answers[at]) {
                day = (day.0 + f64::from(answers.n), day.1 + answers.sum);
                all.n += u64::from(answers.n);
                all.sum += answers.sum;
                all.sum_sq += answers.sum_sq;
            }
            days.push(day);
        }
        let (mean, n) = (all.mean()?, all.n as f64);
        if all.n < LEAST_ANSWERS {
            return None;
        }
        let variance = (all.variance()? * n + PRIOR_ANSWERS * PRIOR_VARIANCE) / (n + PRIOR_ANSWERS);
        let residual = |(n, sum): &(f64, f64)| (*n > 0.0).then(|| (sum - n * mean) / (n * variance).sqrt());
        let residuals: Vec<Option<f64>> = days.iter().map(residual).collect();
        let dispersion = dispersion_of_days(&residuals, 1.0, PRIOR_DISPERSION);
        let error = (dispersion * variance / n).sqrt();
        let mut model = [Some(Self { mean, error, n, variance, dispersion, lower: mean })];
        Self::together(&mut model);
        model[0]
    }

    /// Parts of one whole: how far each may be off follows from all of them.
    pub fn together(parts: &mut [Option<Self>]) {
        let known: Vec<(f64, f64)> =
            parts.iter().flatten().map(|part| (part.n, part.error.powi(2))).collect();
        for (part, offset) in parts.iter_mut().flatten().zip(offsets(&known)) {
            part.lower = part.mean - offset;
        }
    }

    /// The logarithms of the evidence that `n` answers with the sum `sum` give for each of [`FALLS`].
    #[must_use]
    pub fn falls(&self, n: u32, sum: f64) -> [f64; FALLS.len()] {
        let n = f64::from(n);
        FALLS.map(|fall| {
            // The best of all l where the mean has fallen by as much.
            let l = (fall / self.variance).ln_1p();
            (l * (n * self.lower - sum) - n * self.variance * (l.exp() - 1.0 - l)) / self.dispersion
        })
    }

    /// The variance of an answer, days' moods included.
    #[must_use]
    pub fn spread(&self) -> f64 {
        self.variance * self.dispersion
    }

    /// The log likelihood ratio of what is usual against a mean that is `fall` lower, of normal means.
    #[must_use]
    pub fn recovery(&self, n: u32, sum: f64, fall: f64) -> f64 {
        let middle = self.mean - fall / 2.0;
        fall * (sum - f64::from(n) * middle) / self.spread()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten answers a day, of which `best(day)` are 1 and the others 0.
    fn days(best: impl Fn(usize) -> u32) -> Vec<Answers> {
        let hour = |at: usize| match at % A_DAY {
            0 => {
                let sum = f64::from(best(at / A_DAY));
                Answers { n: 10, sum, sum_sq: sum }
            }
            _ => Answers::default(),
        };
        (0..56 * A_DAY).map(hour).collect()
    }

    fn learn(answers: &[Answers]) -> Option<ScoreModel> {
        ScoreModel::learn(answers, &[false; 56 * A_DAY], 0..56 * A_DAY)
    }

    #[test]
    fn a_mean_is_learned_with_its_scatter() {
        let even = learn(&days(|_| 7)).unwrap();
        assert!((even.mean - 0.7).abs() < 1e-12 && even.dispersion == 1.0, "{even:?}");
        assert!(
            (even.variance - 0.21).abs() < 0.005 && (even.error - (0.21_f64 / 560.0).sqrt()).abs() < 1e-3
        );
        let moody = learn(&days(|day| if day % 2 == 0 { 4 } else { 10 })).unwrap();
        assert!(moody.dispersion > 3.0 && moody.lower < even.lower, "{moody:?}");
        let in_rows = learn(&days(|day| if day / 7 % 2 == 0 { 4 } else { 10 })).unwrap();
        assert!(in_rows.dispersion > 3.0 * moody.dispersion, "{in_rows:?}");
        assert_eq!(ScoreModel::learn(&days(|_| 7), &[true; 56 * A_DAY], 0..56 * A_DAY), None);
    }

    #[test]
    fn a_fall_gives_evidence_and_a_usual_day_none() {
        let model = learn(&days(|_| 7)).unwrap();
        assert!(model.falls(100, 50.0).iter().all(|log| *log > 2.0));
        assert!(model.falls(100, 70.0).iter().all(|log| *log < 0.0));
        assert!(model.recovery(100, 70.0, 0.2) > 3.0 && model.recovery(100, 50.0, 0.2) < -3.0);
    }

    // All two-point distributions on {0, 1} up to the variance believed, by their expectation.
    #[test]
    fn the_evidence_is_an_e_value() {
        let model =
            ScoreModel { mean: 0.8, error: 0.0, n: 100.0, variance: 0.16, dispersion: 1.0, lower: 0.8 };
        for share in [0.8, 0.85, 0.95, 1.0] {
            for at in 0..FALLS.len() {
                let of = |value: f64| model.falls(1, value)[at].exp();
                let expectation = share * of(1.0) + (1.0 - share) * of(0.0);
                assert!(expectation <= 1.0 + 1e-12, "{share}: {expectation}");
            }
        }
    }
}
