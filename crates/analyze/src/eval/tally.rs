//! Judgements counted one by one, and what they come to.

use super::calibration::{Bins, ERROR_BINS};
use super::scores::{Confusion, Scores};
use serde::Serialize;

/// One judged text; labels by their places in a list of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    pub gold: usize,
    /// `None`: "unknown".
    pub said: Option<usize>,
    /// From 0 to 1.
    pub confidence: f32,
}

impl Answer {
    #[must_use]
    pub fn is_right(self) -> bool {
        self.said == Some(self.gold)
    }
}

/// What a number of judgements came to. Shares and rates from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Judged texts.
    pub n: u64,
    /// Texts with an answer; the others were "unknown", and count as wrong everywhere but in `ece`.
    pub answered: u64,
    pub accuracy: f64,
    /// The mean over labels that occur in the gold data.
    pub macro_f1: f64,
    pub macro_recall: f64,
    /// Expected calibration error of the answered: over 15 bins of equal width, the mean distance of accuracy and
    /// mean confidence, weighted by the bin's size (Naeini et al. 2015).
    pub ece: f64,
    /// The root of the squared distance, less what chance puts into it in small bins (Kumar et al. 2019,
    /// "Verified uncertainty calibration"); 0 where chance explains all.
    pub calibration_error_debiased: f64,
    pub labels: Vec<LabelScores>,
    /// `confusion[gold][predicted]` in the order of `labels`; a last column counts "unknown" and any foreign label.
    pub confusion: Vec<Vec<u64>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelScores {
    pub label: String,
    pub n: u64,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Counts judgements one by one.
#[derive(Debug, Clone)]
pub struct Tally {
    labels: Vec<String>,
    confusion: Confusion,
    bins: Bins<ERROR_BINS>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gold label {0:?} is none of the labels judged by")]
pub struct UnknownGold(pub String);

impl Tally {
    /// `labels` are those the model can say, "unknown" not among them.
    #[must_use]
    pub fn new<'l>(labels: impl IntoIterator<Item = &'l str>) -> Self {
        let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
        let confusion = Confusion::new(labels.len());
        Self { labels, confusion, bins: Bins::default() }
    }

    /// `predicted` may be "unknown".
    ///
    /// # Errors
    /// Where the gold label is none of the labels.
    pub fn add(&mut self, gold: &str, predicted: &str, confidence: f32) -> Result<(), UnknownGold> {
        let place = |label: &str| self.labels.iter().position(|known| known == label);
        let Some(gold) = place(gold) else { return Err(UnknownGold(gold.to_owned())) };
        let said = place(predicted);
        self.count(Answer { gold, said, confidence });
        Ok(())
    }

    /// An answer by the places of the labels that this was made of.
    pub fn count(&mut self, answer: Answer) {
        self.confusion.add(answer.gold, answer.said, 1);
        if answer.said.is_some() {
            self.bins.add(answer.confidence, answer.is_right());
        }
    }

    #[must_use]
    pub fn evaluation(&self) -> Evaluation {
        let Scores { accuracy, macro_recall, macro_f1 } = self.confusion.scores();
        let errors = self.bins.errors();
        Evaluation {
            n: self.confusion.n(),
            answered: self.bins.n(),
            accuracy,
            macro_f1,
            macro_recall,
            ece: errors.absolute,
            calibration_error_debiased: errors.debiased(),
            labels: (0..self.labels.len()).map(|at| self.scores(at)).collect(),
            confusion: self.confusion.rows().map(<[u64]>::to_vec).collect(),
        }
    }

    fn scores(&self, at: usize) -> LabelScores {
        let label = self.confusion.of_label(at);
        LabelScores {
            label: self.labels[at].clone(),
            n: label.n,
            precision: label.precision(),
            recall: label.recall(),
            f1: label.f1(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    /// Against sklearn 1.5: `f1_score(average="macro")`, `recall_score(average="macro")`.
    #[test]
    fn scores_of_a_small_example() {
        let mut tally = Tally::new(["a", "b", "c"]);
        for (gold, said, confidence) in
            [("a", "a", 0.9), ("a", "b", 0.6), ("b", "b", 0.8), ("b", "unknown", 0.4), ("b", "b", 0.5)]
        {
            tally.add(gold, said, confidence).unwrap();
        }
        let evaluation = tally.evaluation();
        assert_eq!((evaluation.n, evaluation.answered), (5, 4));
        assert!(near(evaluation.accuracy, 0.6));
        assert!(near(evaluation.macro_recall, (0.5 + 2.0 / 3.0) / 2.0));
        assert!(near(evaluation.macro_f1, (2.0 / 3.0 + 2.0 / 3.0) / 2.0));
        assert_eq!(evaluation.confusion, [[1, 1, 0, 0], [0, 2, 0, 1], [0, 0, 0, 0]]);
        // One text a bin: |1-.9| + |0-.6| + |1-.8| + |1-.5| over 4.
        assert!(near(evaluation.ece, 1.4 / 4.0));
        assert!(near(evaluation.calibration_error_debiased, 0.0));
    }

    #[test]
    fn a_calibrated_bin_has_no_error() {
        let mut tally = Tally::new(["a", "b"]);
        for at in 0..100 {
            tally.add("a", if at < 70 { "a" } else { "b" }, 0.7).unwrap();
        }
        let evaluation = tally.evaluation();
        assert!(evaluation.ece < 1e-6 && evaluation.calibration_error_debiased < 1e-6);
        assert_eq!(tally.add("z", "a", 0.5), Err(UnknownGold("z".into())));
        assert_eq!(Tally::new(["a"]).evaluation().accuracy, 0.0);
    }
}
