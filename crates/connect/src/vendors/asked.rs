//! What surveys have in common.

use crate::event::Answer;
use crate::node::Node;
use feedback::refusal::{Reason, Refusal};

/// A response with more answers than these is refused before it is read on: each gets a copy of its question.
const MOST_ANSWERS: usize = 1_000;
/// Of a question, in characters.
const LONGEST_QUESTION: usize = 1_000;

/// A question, which is cut where it goes on and on.
pub(super) fn question(text: &str) -> Option<String> {
    let text = text.trim();
    match text.char_indices().nth(LONGEST_QUESTION) {
        _ if text.is_empty() => None,
        None => Some(text.to_owned()),
        Some((end, _)) => Some(format!("{}…", &text[..end])),
    }
}

/// Whether anything was said: words, or a score. What was only chosen is no feedback.
pub(super) fn says_something(answers: &[Answer]) -> bool {
    answers.iter().any(|answer| answer.text.is_some() || answer.score.is_some())
}

pub(super) fn at_most(answers: &[Answer], list: &Node<'_, '_>) -> Result<(), Refusal> {
    if answers.len() <= MOST_ANSWERS {
        return Ok(());
    }
    Err(list.refuse(Reason::TooMany, format_args!("at most {MOST_ANSWERS} answers")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_question_is_cut() {
        assert_eq!(question(" Why? ").as_deref(), Some("Why?"));
        assert_eq!(question(" "), None);
        let cut = question(&"é".repeat(5_000)).unwrap();
        assert_eq!(cut.chars().count(), 1_001);
        assert!(cut.ends_with("é…"));
    }
}
