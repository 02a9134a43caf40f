//! What another sample of texts would have given: the percentile bootstrap.
//!
//! Accuracy, recall and F1 depend on a sample only by how many texts fall into each cell of the confusion. So drawing
//! texts with replacement is the same as drawing the cells' counts from the multinomial distribution with the cells'
//! shares: exactly, and for a fraction of the work.

use super::estimate::Estimate;
use super::rng::Rng;
use super::scores::{Confusion, Scores};
use super::tally::{Answer, Evaluation};
use serde::Serialize;
use std::collections::BTreeMap;

/// Samples drawn for an interval.
pub const RESAMPLES: usize = 2_000;

/// Every interval starts from it: the same answers give the same one.
pub(super) const SEED: u64 = 20_261_127;

/// The scores with their intervals over texts (of the accuracy Wilson's), or differences of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimates {
    pub accuracy: Estimate,
    pub macro_recall: Estimate,
    pub macro_f1: Estimate,
}

/// An evaluation's scores.
#[must_use]
pub fn estimates(evaluation: &Evaluation) -> Estimates {
    of_confusion(&Confusion::of_rows(&evaluation.confusion))
}

/// What `second` has more than `first`, text by text in the same order: the texts are drawn with both answers, so that
/// what is hard for both falls out. The answers are by places among `labels` labels.
#[must_use]
pub fn difference(labels: usize, first: &[Answer], second: &[Answer]) -> Estimates {
    let mut cells: BTreeMap<(usize, Option<usize>, Option<usize>), u64> = BTreeMap::new();
    for (first, second) in first.iter().zip(second) {
        *cells.entry((first.gold, first.said, second.said)).or_default() += 1;
    }
    let (places, counts): (Vec<_>, Vec<u64>) = cells.into_iter().unzip();
    let gain = |counts: &[u64]| -> [f64; 3] {
        let (mut before, mut after) = (Confusion::new(labels), Confusion::new(labels));
        for ((gold, first, second), count) in places.iter().zip(counts) {
            before.add(*gold, *first, *count);
            after.add(*gold, *second, *count);
        }
        let (before, after) = (before.scores().figures(), after.scores().figures());
        std::array::from_fn(|at| after[at] - before[at])
    };
    bootstrap(&counts, gain)
}

pub(super) fn of_confusion(confusion: &Confusion) -> Estimates {
    let labels = confusion.labels();
    let drawn = bootstrap(confusion.cells(), |cells| Scores::of(labels, cells).figures());
    let n = confusion.cells().iter().sum();
    let accuracy = Estimate::share((drawn.accuracy.value * n as f64).round() as u64, n);
    // Where all answers are right, or all are wrong, every resample is like the sample: chance is not gone for that.
    if accuracy.value <= 0.0 || accuracy.value >= 1.0 {
        let wide = |figure: Estimate| Estimate {
            low: figure.low.min(accuracy.low),
            high: figure.high.max(accuracy.high),
            ..figure
        };
        return Estimates {
            accuracy,
            macro_recall: wide(drawn.macro_recall),
            macro_f1: wide(drawn.macro_f1),
        };
    }
    Estimates { accuracy, ..drawn }
}

/// The figures of a sample whose texts fall into cells with these counts.
fn bootstrap(counts: &[u64], figures: impl Fn(&[u64]) -> [f64; 3]) -> Estimates {
    let mut rng = Rng::new(SEED);
    let mut drawn = vec![0; counts.len()];
    let mut seen: [Vec<f64>; 3] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    for _ in 0..RESAMPLES {
        resample(counts, &mut rng, &mut drawn);
        for (seen, figure) in seen.iter_mut().zip(figures(&drawn)) {
            seen.push(figure);
        }
    }
    let [accuracy, macro_recall, macro_f1] = figures(counts);
    let [of_accuracy, of_recall, of_f1] = seen.map(middle);
    let estimate = |value, (low, high)| Estimate { value, low, high };
    Estimates {
        accuracy: estimate(accuracy, of_accuracy),
        macro_recall: estimate(macro_recall, of_recall),
        macro_f1: estimate(macro_f1, of_f1),
    }
}

/// Draws the counts of as many texts as there are: multinomial, as one binomial a cell of what the cells before it left
/// (Devroye 1986, "Non-uniform random variate generation", chapter XI.1.4).
fn resample(counts: &[u64], rng: &mut Rng, drawn: &mut [u64]) {
    let n: u64 = counts.iter().sum();
    let (mut left, mut rest) = (n, n);
    for (drawn, &count) in drawn.iter_mut().zip(counts) {
        *drawn = rng.binomial(left, count, rest);
        left -= *drawn;
        rest -= count;
    }
}

/// The 2.5% and the 97.5% percentile of the resamples: the B·α-th in their order (Efron and Tibshirani 1993, "An
/// introduction to the bootstrap", chapter 13.3).
pub(super) fn middle(mut resamples: Vec<f64>) -> (f64, f64) {
    resamples.sort_unstable_by(f64::total_cmp);
    let at = |per_mille: usize| (resamples.len() * per_mille / 1000).saturating_sub(1);
    let get = |at: usize| resamples.get(at).copied().unwrap_or(0.0);
    (get(at(25)), get(at(975)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Tally;

    fn answer(gold: usize, said: usize) -> Answer {
        Answer { gold, said: (said < 3).then_some(said), confidence: 0.5 }
    }

    /// Counts of a confusion over three labels, the last column "unknown".
    fn sample(rows: [[usize; 4]; 3]) -> Vec<Answer> {
        let cells = rows.into_iter().enumerate();
        let cells =
            cells.flat_map(|(gold, row)| row.into_iter().enumerate().map(move |(said, n)| (gold, said, n)));
        cells.flat_map(|(gold, said, n)| std::iter::repeat_n(answer(gold, said), n)).collect()
    }

    fn evaluation(answers: impl IntoIterator<Item = Answer>) -> Evaluation {
        let mut tally = Tally::new(["a", "b", "c"]);
        answers.into_iter().for_each(|answer| tally.count(answer));
        tally.evaluation()
    }

    /// 800 of 1,000 right: the binomial distribution's own percentiles are 0.775 and 0.824 (its terms summed), the normal
    /// interval is 0.7752 to 0.8248, Wilson's 0.7741 to 0.8236.
    #[test]
    fn the_interval_of_accuracy_agrees_with_the_closed_forms() {
        let rows = [[300, 40, 10, 10], [30, 250, 30, 10], [20, 50, 250, 0]];
        let accuracy = estimates(&evaluation(sample(rows))).accuracy;
        assert_eq!(accuracy.value, 0.8);
        let wilson = Estimate::share(800, 1000);
        for (low, high) in [(0.775, 0.824), (0.7752, 0.8248), (wilson.low, wilson.high)] {
            assert!(
                (accuracy.low - low).abs() < 0.003 && (accuracy.high - high).abs() < 0.003,
                "{accuracy:?}"
            );
        }
    }

    /// The same as drawing texts, which is what the intervals are of.
    #[test]
    fn drawing_counts_is_drawing_texts() {
        let answers = sample([[60, 8, 2, 1], [9, 30, 6, 0], [1, 5, 12, 1]]);
        let by_counts = estimates(&evaluation(answers.iter().copied()));
        let mut rng = Rng::new(3);
        let resamples: Vec<Evaluation> = (0..RESAMPLES)
            .map(|_| evaluation((0..answers.len()).map(|_| answers[rng.below(answers.len())])))
            .collect();
        type Figure = fn(&Evaluation) -> f64;
        let figures: [(Estimate, Figure); 3] = [
            (by_counts.accuracy, |e| e.accuracy),
            (by_counts.macro_recall, |e| e.macro_recall),
            (by_counts.macro_f1, |e| e.macro_f1),
        ];
        for (estimate, figure) in figures {
            let (low, high) = middle(resamples.iter().map(figure).collect());
            assert!(
                (estimate.low - low).abs() < 0.015 && (estimate.high - high).abs() < 0.015,
                "{estimate:?}"
            );
            assert!(estimate.low < estimate.value && estimate.value < estimate.high, "{estimate:?}");
        }
    }

    /// Paired shares differ with the variance (b + c - (b - c)²/n) / n², b and c being the texts that only one has right
    /// (Agresti 2013, "Categorical data analysis", chapter 11.1).
    #[test]
    fn a_paired_difference_is_narrower_than_the_scores() {
        let first: Vec<Answer> = (0..1000).map(|at| answer(0, usize::from(at >= 700))).collect();
        // Right where the first is, but for 20, and for 70 more.
        let second: Vec<Answer> =
            (0..1000).map(|at| answer(0, usize::from(!(20..770).contains(&at)))).collect();
        let gain = difference(3, &first, &second).accuracy;
        let half = 1.96 * ((90.0_f64 - 2.5) / 1e6).sqrt();
        assert!((gain.value - 0.05).abs() < 1e-9, "{gain:?}");
        assert!(
            (gain.low - (0.05 - half)).abs() < 0.002 && (gain.high - (0.05 + half)).abs() < 0.002,
            "{gain:?}"
        );
        let same = difference(3, &first, &first);
        assert_eq!(same.macro_f1, Estimate { value: 0.0, low: 0.0, high: 0.0 });
    }

    #[test]
    fn chance_is_the_same_in_every_run() {
        let measured = evaluation(sample([[6, 3, 0, 1], [2, 8, 1, 0], [0, 1, 3, 0]]));
        assert_eq!(estimates(&measured), estimates(&measured));
        let nothing = estimates(&evaluation([]));
        assert_eq!(
            nothing.accuracy,
            Estimate { value: 0.0, low: 0.0, high: 1.0 },
            "without texts all is open"
        );
    }

    /// Every resample of a sample that is all right is all right, and still another sample may not be.
    #[test]
    fn nothing_wrong_is_not_nothing_open() {
        let scores = estimates(&evaluation(sample([[30, 0, 0, 0], [0, 10, 0, 0], [0, 0, 0, 0]])));
        for figure in [scores.accuracy, scores.macro_recall, scores.macro_f1] {
            assert_eq!(figure, Estimate::share(40, 40));
        }
    }
}
