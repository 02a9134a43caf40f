//! How good judgements are: counted against gold labels.

use serde::Serialize;

/// Bins of the calibration error: equal widths over confidences from 0 to 1.
const BINS: usize = 15;

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
    confusion: Vec<Vec<u64>>,
    bins: [Bin; BINS],
}

#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    n: u64,
    right: u64,
    confidence: f64,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gold label {0:?} is none of the labels judged by")]
pub struct UnknownGold(pub String);

impl Tally {
    /// `labels` are those the model can say, "unknown" not among them.
    #[must_use]
    pub fn new<'l>(labels: impl IntoIterator<Item = &'l str>) -> Self {
        let labels: Vec<String> = labels.into_iter().map(str::to_owned).collect();
        let confusion = vec![vec![0; labels.len() + 1]; labels.len()];
        Self { labels, confusion, bins: [Bin::default(); BINS] }
    }

    /// `predicted` may be "unknown".
    pub fn add(&mut self, gold: &str, predicted: &str, confidence: f32) -> Result<(), UnknownGold> {
        let place = |label: &str| self.labels.iter().position(|known| known == label);
        let (Some(gold_at), predicted_at) = (place(gold), place(predicted)) else {
            return Err(UnknownGold(gold.to_owned()));
        };
        let column = predicted_at.unwrap_or(self.labels.len());
        self.confusion[gold_at][column] += 1;
        if predicted_at.is_some() {
            let confidence = f64::from(confidence).clamp(0.0, 1.0);
            let bin = &mut self.bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
            bin.n += 1;
            bin.right += u64::from(gold_at == column);
            bin.confidence += confidence;
        }
        Ok(())
    }

    #[must_use]
    pub fn evaluation(&self) -> Evaluation {
        let count = self.labels.len();
        let n: u64 = self.confusion.iter().flatten().sum();
        let answered = n - self.confusion.iter().map(|row| row[count]).sum::<u64>();
        let right: u64 = (0..count).map(|at| self.confusion[at][at]).sum();
        let labels: Vec<LabelScores> = (0..count).map(|at| self.scores(at)).collect();
        let present = || labels.iter().filter(|label| label.n > 0);
        let mean = |of: fn(&LabelScores) -> f64| ratio(present().map(of).sum(), present().count() as f64);
        let (macro_f1, macro_recall) = (mean(|label| label.f1), mean(|label| label.recall));
        let (ece, calibration_error_debiased) = self.calibration(answered);
        let accuracy = ratio(right as f64, n as f64);
        let confusion = self.confusion.clone();
        Evaluation {
            n,
            answered,
            accuracy,
            macro_f1,
            macro_recall,
            ece,
            calibration_error_debiased,
            labels,
            confusion,
        }
    }

    fn scores(&self, at: usize) -> LabelScores {
        let hits = self.confusion[at][at] as f64;
        let n: u64 = self.confusion[at].iter().sum();
        let said: u64 = self.confusion.iter().map(|row| row[at]).sum();
        LabelScores {
            label: self.labels[at].clone(),
            n,
            precision: ratio(hits, said as f64),
            recall: ratio(hits, n as f64),
            f1: ratio(2.0 * hits, (said + n) as f64),
        }
    }

    fn calibration(&self, answered: u64) -> (f64, f64) {
        let (mut absolute, mut squared) = (0.0, 0.0);
        for bin in self.bins.iter().filter(|bin| bin.n > 0) {
            let n = bin.n as f64;
            let right = bin.right as f64 / n;
            let gap = right - bin.confidence / n;
            absolute += n * gap.abs();
            let chance = if bin.n > 1 { right * (1.0 - right) / (n - 1.0) } else { gap * gap };
            squared += n * (gap * gap - chance);
        }
        (ratio(absolute, answered as f64), ratio(squared, answered as f64).max(0.0).sqrt())
    }
}

/// 0 where nothing was counted.
fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
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
