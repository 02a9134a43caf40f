//! What is watched of scores: a kind on one scale, and one question where a source asks several on it. How high an answer
//! is follows the report: promoters less detractors, the share of the satisfied, the mean of everything else.

use crate::{
    report::filter::{parse_scale, scale_name},
    rollup::is_satisfied,
    stats::nps::Category,
};
use feedback::{
    insight::Scale,
    score::{Score, ScoreKind},
};
use serde::{Deserialize, Serialize};

/// A score kind on one scale, and a question where a source asks several on it; neither is pooled with another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScoreName {
    /// `nps`, `csat` …
    pub kind: String,
    /// As `0-10`.
    pub scale: String,
    /// `None` for all that is asked on the scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
}

/// The part of the response that answers it, or its wording where the response has no parts; the other one is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    pub part: String,
    pub wording: String,
}

impl Question {
    /// Of an answer. NPS is one question, whatever its wording.
    #[must_use]
    pub fn of(kind: ScoreKind, part: &str, wording: &str) -> Self {
        let [part, wording] = match (kind, part) {
            (ScoreKind::Nps, _) => ["", ""],
            (_, "") => ["", wording],
            (_, part) => [part, ""],
        };
        Self { part: part.to_owned(), wording: wording.to_owned() }
    }

    /// As readers are told it.
    #[must_use]
    pub fn told(&self) -> &str {
        match (self.part.as_str(), self.wording.as_str()) {
            ("", "") => "no question told",
            ("", wording) => wording,
            (part, _) => part,
        }
    }
}

impl ScoreName {
    #[must_use]
    pub fn of(score: Score, question: Option<&Question>) -> Self {
        let Scale { kind, .. } = scale_of(score);
        Self {
            kind: kind.as_str().to_owned(),
            scale: scale_name(scale_of(score)),
            question: question.cloned(),
        }
    }

    /// `None` where this version knows no such score.
    #[must_use]
    pub fn scale(&self) -> Option<Scale> {
        let (min, max) = parse_scale(&self.scale)?;
        Some(Scale { kind: ScoreKind::parse(&self.kind)?, min, max })
    }
}

/// Whether a score is on a scale.
pub(in crate::alerts) fn is_on(score: Score, scale: Scale) -> bool {
    scale_of(score) == scale
}

fn scale_of(score: Score) -> Scale {
    Scale { kind: score.kind(), min: score.min(), max: score.max() }
}

/// NPS and CSAT are about people, each with one answer; the others about occasions.
pub(in crate::alerts) fn counts_people(kind: ScoreKind) -> bool {
    matches!(kind, ScoreKind::Nps | ScoreKind::Csat)
}

/// From 0 to 1. Of an NPS what counts is the category: a promoter 1, a passive a half, a detractor 0, so that 0.05 less is
/// ten points of NPS less. Of a CSAT whether somebody is satisfied. Of the others the place on the scale.
pub(in crate::alerts) fn part_of_scale(score: Score) -> f64 {
    match score.kind() {
        ScoreKind::Nps => match Category::of(score.value()) {
            Category::Promoter => 1.0,
            Category::Passive => 0.5,
            Category::Detractor => 0.0,
        },
        ScoreKind::Csat => f64::from(is_satisfied(scale_of(score), score.value())),
        ScoreKind::Ces | ScoreKind::Stars => {
            ((score.value() - score.min()) / (score.max() - score.min())).clamp(0.0, 1.0)
        }
    }
}

/// Whether an answer pulls the score down: a detractor's, one of somebody who is not satisfied, else one below the usual
/// mean, which is a part of the scale.
pub(in crate::alerts) fn is_low(score: Score, usual: f64) -> bool {
    match score.kind() {
        ScoreKind::Nps | ScoreKind::Csat => part_of_scale(score) <= 0.0,
        ScoreKind::Ces | ScoreKind::Stars => part_of_scale(score) < usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(kind: ScoreKind, value: f64, min: f64, max: f64) -> Score {
        Score::new(kind, value, min, max).unwrap()
    }

    #[test]
    fn an_answer_is_as_high_as_the_report_takes_it() {
        let nps = [0.0, 6.0, 7.0, 8.0, 9.0, 10.0].map(|value| score(ScoreKind::Nps, value, 0.0, 10.0));
        assert_eq!(nps.map(part_of_scale), [0.0, 0.0, 0.5, 0.5, 1.0, 1.0]);
        assert_eq!(nps.map(|score| is_low(score, 0.5)), [true, true, false, false, false, false]);
        let csat = [1.0, 3.0, 4.0, 5.0].map(|value| score(ScoreKind::Csat, value, 1.0, 5.0));
        assert_eq!(csat.map(part_of_scale), [0.0, 0.0, 1.0, 1.0], "the two best boxes");
        assert_eq!(csat.map(|score| is_low(score, 0.9)), [true, true, false, false]);
        let ces = [1.0, 4.0, 7.0].map(|value| score(ScoreKind::Ces, value, 1.0, 7.0));
        assert_eq!(ces.map(part_of_scale), [0.0, 0.5, 1.0]);
        assert_eq!(ces.map(|score| is_low(score, 0.6)), [true, true, false], "below the usual mean");
    }

    #[test]
    fn a_question_is_its_part_or_its_wording() {
        let of = |kind, part, wording| Question::of(kind, part, wording);
        let product = of(ScoreKind::Csat, "p", "How do you like it?");
        assert_eq!(product, of(ScoreKind::Csat, "p", "Wie gefällt es Ihnen?"), "whatever its wording");
        assert_ne!(
            of(ScoreKind::Csat, "", "How do you like it?"),
            of(ScoreKind::Csat, "", "And the support?")
        );
        assert_eq!(of(ScoreKind::Nps, "a", "Would you recommend us?"), Question::default());
        let told = [product, of(ScoreKind::Ces, "", "Was it easy?"), Question::default()];
        assert_eq!(told.each_ref().map(Question::told), ["p", "Was it easy?", "no question told"]);
    }

    #[test]
    fn names_of_before_there_were_questions_are_read() {
        let old: ScoreName = serde_json::from_str(r#"{"kind":"csat","scale":"1-5"}"#).unwrap();
        let five = score(ScoreKind::Csat, 5.0, 1.0, 5.0);
        let support = Question::of(ScoreKind::Csat, "support", "");
        assert_eq!(old, ScoreName::of(five, None));
        assert_eq!(serde_json::to_string(&old).unwrap(), r#"{"kind":"csat","scale":"1-5"}"#);
        let asked = ScoreName::of(five, Some(&support));
        let written = serde_json::to_string(&asked).unwrap();
        assert_eq!(serde_json::from_str::<ScoreName>(&written).unwrap(), asked, "{written}");
        assert_eq!(old.scale(), Some(Scale { kind: ScoreKind::Csat, min: 1.0, max: 5.0 }));
        let scale = old.scale().unwrap();
        assert!(is_on(five, scale) && !is_on(score(ScoreKind::Csat, 5.0, 0.0, 10.0), scale), "another scale");
        assert_eq!(ScoreName { kind: "mood".to_owned(), ..old }.scale(), None);
    }
}
