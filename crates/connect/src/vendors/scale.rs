//! Which kind of score a number on a scale is: the tools for surveys say how it was asked for, not what it measures.

use crate::event::Score;

/// How "How likely are you to recommend us?" says it.
const RECOMMEND: [&str; 8] =
    ["recommend", "empfehl", "weiterempfehl", "recommand", "recomend", "raccomand", "consiglier", "aanbevel"];
/// How "How easy was it?" says it.
const EASY: [&str; 9] =
    ["easy", "easily", "ease", "einfach", "leicht", "facile", "fácil", "gemakkelijk", "makkelijk"];
/// More is worse there, which no score of ours means.
const REVERSED: [&str; 9] =
    ["difficult", "difficulty", "effort", "hard", "schwierig", "aufwand", "difficile", "difícil", "moeilijk"];

/// An answer from `min` to `max`, by what the question asks; `None` where more is worse. What is neither NPS (from 0 to 10,
/// about recommending) nor CES (about ease) is CSAT.
pub(super) fn score(question: Option<&str>, value: f64, min: f64, max: f64) -> Option<Score> {
    let question = question.unwrap_or_default().to_lowercase();
    let words = || question.split(|char: char| !char.is_alphanumeric());
    let asks = |list: &[&str]| words().any(|word| list.contains(&word));
    let recommends = words().any(|word| RECOMMEND.iter().any(|start| word.starts_with(start)));
    let kind = match () {
        () if recommends && is_nps(value, min, max) => "nps",
        () if asks(&REVERSED) => return None,
        () if asks(&EASY) => "ces",
        () => "csat",
    };
    Some(Score { kind, value, min, max })
}

/// NPS has one scale, and whole numbers.
fn is_nps(value: f64, min: f64, max: f64) -> bool {
    min == 0.0 && max == 10.0 && value.fract() == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_tells_the_kind() {
        let kind = |question: &str, max: f64| score(Some(question), 4.0, 0.0, max).map(|score| score.kind);
        assert_eq!(kind("How likely are you to recommend us to a friend?", 10.0), Some("nps"));
        assert_eq!(kind("Würden Sie uns weiterempfehlen?", 10.0), Some("nps"));
        assert_eq!(kind("Would you recommend us?", 5.0), Some("csat"));
        assert_eq!(kind("How easy was it to sign up?", 10.0), Some("ces"));
        assert_eq!(kind("How pleased are you with the release?", 10.0), Some("csat"));
        assert_eq!(kind("How difficult was it?", 7.0), None);
        assert_eq!(score(None, 4.0, 1.0, 5.0).map(|score| score.kind), Some("csat"));
        assert_eq!(score(Some("Recommend?"), 4.5, 0.0, 10.0).map(|score| score.kind), Some("csat"));
    }
}
