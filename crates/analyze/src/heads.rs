//! From scores to judgements: calibrated probabilities, the prior shift of the decision, and "unknown".

use crate::encoder::{KINDS, SENTIMENTS, URGENCIES};
use feedback::judgement::{FeedbackKind, KindJudgement, Sentiment, SentimentLabel, Urgency};
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
    /// The same for answers to a question: among them the classes are spread otherwise than in what people say unasked.
    pub asked_shift: Vec<f32>,
    /// Below this largest probability the answer is "unknown".
    pub threshold: f32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Calibrations {
    pub sentiment: Calibration,
    pub kind: Calibration,
    /// `None` of a judge that leaves it to the rules.
    pub urgency: Option<Calibration>,
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

    /// The class by the probabilities with the prior shifted out, and its own unshifted probability, which may so be
    /// below another's. None where no class is likely enough: the threshold was fixed on dev data for this rule.
    #[must_use]
    pub fn decide<const N: usize>(
        &self,
        logits: &[f32; N],
        probabilities: &[f32; N],
        asked: bool,
    ) -> Decision {
        let shift = if asked { &self.asked_shift } else { &self.shift };
        let shifted = |class: usize| logits[class] / self.temperature - shift.get(class).unwrap_or(&0.0);
        let class = (1..N).fold(0, |best, class| if shifted(class) > shifted(best) { class } else { best });
        let likeliest = probabilities.iter().copied().fold(0.0, f32::max);
        if likeliest < self.threshold {
            return Decision { class: None, confidence: likeliest };
        }
        Decision { class: Some(class), confidence: probabilities[class] }
    }
}

/// What is known of a text beside its scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// False where the model was not trained on the text's language.
    pub knows_language: bool,
    /// The text answers a question.
    pub asked: bool,
}

#[must_use]
pub fn sentiment(logits: &[f32; SENTIMENTS], calibration: &Calibration, context: Context) -> Sentiment {
    if !context.knows_language {
        return no_sentiment();
    }
    let probabilities = calibration.probabilities(logits);
    let decision = calibration.decide(logits, &probabilities, context.asked);
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
pub fn kind(logits: &[f32; KINDS], calibration: &Calibration, context: Context) -> KindJudgement {
    kind_of(logits, &kind_probabilities(logits, calibration, context), calibration, context)
}

/// The same where [`kind_probabilities`] is at hand.
#[must_use]
pub fn kind_of(
    logits: &[f32; KINDS],
    probabilities: &[f32; KINDS],
    calibration: &Calibration,
    context: Context,
) -> KindJudgement {
    if !context.knows_language {
        return no_kind();
    }
    let decision = calibration.decide(logits, probabilities, context.asked);
    let label = decision.class.map_or(FeedbackKind::Unknown, |class| FeedbackKind::ALL[class]);
    KindJudgement { label, confidence: decision.confidence }
}

/// Calibrated; all alike where the language is not known.
#[must_use]
pub fn kind_probabilities(
    logits: &[f32; KINDS],
    calibration: &Calibration,
    context: Context,
) -> [f32; KINDS] {
    if context.knows_language { calibration.probabilities(logits) } else { [1.0 / KINDS as f32; KINDS] }
}

/// The urgency and its calibrated probability; there is always an answer.
#[must_use]
pub fn urgency(logits: &[f32; URGENCIES], calibration: &Calibration) -> (Urgency, f32) {
    let probabilities = calibration.probabilities(logits);
    let decision = calibration.decide(logits, &probabilities, false);
    let class = decision.class.unwrap_or_else(|| likeliest(&probabilities));
    (Urgency::ALL[class], probabilities[class])
}

fn likeliest<const N: usize>(probabilities: &[f32; N]) -> usize {
    (1..N).fold(0, |best, class| if probabilities[class] > probabilities[best] { class } else { best })
}

#[must_use]
pub fn no_kind() -> KindJudgement {
    KindJudgement { label: FeedbackKind::Unknown, confidence: 1.0 / KINDS as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Context = Context { knows_language: true, asked: false };
    const FOREIGN: Context = Context { knows_language: false, asked: false };

    fn calibration() -> Calibration {
        Calibration {
            temperature: 2.0,
            shift: vec![-1.0, 0.0, 0.0],
            asked_shift: vec![0.0; 3],
            threshold: 0.4,
        }
    }

    #[test]
    fn the_shift_moves_the_decision_and_not_the_probabilities() {
        let said = sentiment(&[1.0, 2.0, -9.0], &calibration(), PLAIN);
        assert_eq!(said.label, SentimentLabel::Negative);
        assert!(said.probabilities[1] > said.probabilities[0]);
        assert!((said.confidence - said.probabilities[0]).abs() < 1e-6);
        let asked = sentiment(&[1.0, 2.0, -9.0], &calibration(), Context { asked: true, ..PLAIN });
        assert_eq!(asked.label, SentimentLabel::Neutral);
        assert!((said.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn unsure_and_foreign_are_unknown() {
        assert_eq!(sentiment(&[0.0; 3], &calibration(), PLAIN).label, SentimentLabel::Unknown);
        assert_eq!(sentiment(&[9.0, 0.0, 0.0], &calibration(), FOREIGN).label, SentimentLabel::Unknown);
        assert_eq!(kind(&[0.0; KINDS], &calibration(), PLAIN).label, FeedbackKind::Unknown);
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
