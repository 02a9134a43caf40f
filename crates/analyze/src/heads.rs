//! From scores to judgements: calibrated probabilities, the prior shift of the decision, and "unknown".

use crate::encoder::{KINDS, SENTIMENTS};
use feedback::judgement::{FeedbackKind, KindJudgement, Sentiment, SentimentLabel};
use serde::{Deserialize, Serialize};

/// How one head's logits are read; fitted on development data only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Logits are divided by it before the softmax (temperature scaling, Guo et al. 2017).
    pub temperature: f32,
    /// tau x ln(training prior) of each class, subtracted from the logits when deciding: rare classes are
    /// found more often (logit adjustment, Menon et al. 2021). Probabilities are not touched.
    pub shift: Vec<f32>,
    /// Below this largest probability the answer is "unknown".
    pub threshold: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Calibrations {
    pub sentiment: Calibration,
    pub kind: Calibration,
}

/// What a head decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// `None`: not sure enough.
    pub class: Option<usize>,
    /// The calibrated probability of the class, or of the likeliest where there is none.
    pub confidence: f32,
}

impl Calibration {
    /// They sum to 1.
    #[must_use]
    pub fn probabilities<const N: usize>(&self, logits: &[f32; N]) -> [f32; N] {
        let largest = logits.iter().copied().fold(f32::MIN, f32::max);
        let odds = logits.map(|logit| ((logit - largest) / self.temperature).exp());
        let sum: f32 = odds.iter().sum();
        odds.map(|odd| odd / sum)
    }

    #[must_use]
    pub fn decide<const N: usize>(&self, logits: &[f32; N], probabilities: &[f32; N]) -> Decision {
        let shifted = |class: usize| logits[class] / self.temperature - self.shift.get(class).unwrap_or(&0.0);
        let class = (1..N).fold(0, |best, class| if shifted(class) > shifted(best) { class } else { best });
        let likeliest = probabilities.iter().copied().fold(0.0, f32::max);
        if likeliest < self.threshold {
            return Decision { class: None, confidence: likeliest };
        }
        Decision { class: Some(class), confidence: probabilities[class] }
    }
}

/// `knows_language` is false where the model was not trained on the text's language.
#[must_use]
pub fn sentiment(logits: &[f32; SENTIMENTS], calibration: &Calibration, knows_language: bool) -> Sentiment {
    if !knows_language {
        return no_sentiment();
    }
    let probabilities = calibration.probabilities(logits);
    let decision = calibration.decide(logits, &probabilities);
    let label = decision.class.map_or(SentimentLabel::Unknown, |class| SentimentLabel::ALL[class]);
    Sentiment { label, confidence: decision.confidence, probabilities }
}

/// Nothing is known: no words, or a language the model does not know.
#[must_use]
pub fn no_sentiment() -> Sentiment {
    let third = 1.0 / SENTIMENTS as f32;
    Sentiment { label: SentimentLabel::Unknown, confidence: third, probabilities: [third; SENTIMENTS] }
}

#[must_use]
pub fn kind(logits: &[f32; KINDS], calibration: &Calibration, knows_language: bool) -> KindJudgement {
    if !knows_language {
        return no_kind();
    }
    let decision = calibration.decide(logits, &calibration.probabilities(logits));
    let label = decision.class.map_or(FeedbackKind::Unknown, |class| FeedbackKind::ALL[class]);
    KindJudgement { label, confidence: decision.confidence }
}

#[must_use]
pub fn no_kind() -> KindJudgement {
    KindJudgement { label: FeedbackKind::Unknown, confidence: 1.0 / KINDS as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calibration() -> Calibration {
        Calibration { temperature: 2.0, shift: vec![-1.0, 0.0, 0.0], threshold: 0.4 }
    }

    #[test]
    fn the_shift_moves_the_decision_and_not_the_probabilities() {
        let said = sentiment(&[1.0, 2.0, -9.0], &calibration(), true);
        assert_eq!(said.label, SentimentLabel::Negative);
        assert!(said.probabilities[1] > said.probabilities[0]);
        assert!((said.confidence - said.probabilities[0]).abs() < 1e-6);
        assert!((said.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn unsure_and_foreign_are_unknown() {
        assert_eq!(sentiment(&[0.0; 3], &calibration(), true).label, SentimentLabel::Unknown);
        assert_eq!(sentiment(&[9.0, 0.0, 0.0], &calibration(), false).label, SentimentLabel::Unknown);
        assert_eq!(kind(&[0.0; KINDS], &calibration(), true).label, FeedbackKind::Unknown);
    }

    #[test]
    fn huge_scores_stay_finite() {
        let p = calibration().probabilities(&[1e30, -1e30, 0.0]);
        assert_eq!(p, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn classes_are_in_the_order_of_the_labels() {
        assert_eq!(SentimentLabel::ALL[2], SentimentLabel::Positive);
        assert_eq!(FeedbackKind::ALL.len(), KINDS + 1);
        assert_eq!(FeedbackKind::ALL[KINDS], FeedbackKind::Unknown);
    }
}
