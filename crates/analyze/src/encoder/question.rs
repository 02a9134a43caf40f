//! What a survey question asks for. The answer "nothing" to "What could we improve?" is praise.

use super::words::hash_bytes;

/// The direction of a question, by its cue words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuestionKind {
    /// What could be better, what is missing, what went wrong.
    Improve = 1,
    /// What was good.
    Good = 2,
    /// Both at once: "satisfied or dissatisfied".
    Both = 3,
    /// The reason for a score.
    Why = 4,
    Other = 5,
}

/// The question as features see it: its direction, and a hash of its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Question {
    pub kind: Option<QuestionKind>,
    pub hash: u64,
}

const IMPROVE: &[&str] = &[
    "improve",
    "improvement",
    "better",
    "change",
    "missing",
    "wrong",
    "dislike",
    "frustrating",
    "frustrate",
    "worst",
    "bad",
    "lacking",
    "problem",
    "problems",
    "issue",
    "issues",
    "dissatisfied",
    "disappoint",
    "disappointed",
    "cancel",
    "leaving",
    "fix",
    "wish",
    "difficult",
    "differently",
];
const GOOD: &[&str] = &[
    "good",
    "well",
    "like",
    "liked",
    "love",
    "best",
    "enjoy",
    "enjoyed",
    "satisfied",
    "favourite",
    "favorite",
    "right",
];
const WHY: &[&str] = &["why", "reason", "because", "score", "rating"];

impl Question {
    /// No question and an empty one are the same.
    #[must_use]
    pub fn of(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let (mut improve, mut good, mut why, mut hash, mut any) = (false, false, false, 0u64, false);
        let mut would = false;
        let mut buffer = [0u8; 32];
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            any = true;
            let lower = lowered(word, &mut buffer);
            hash = hash.rotate_left(5).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ hash_bytes(lower.as_bytes());
            improve |= IMPROVE.contains(&lower);
            would |= lower == "would";
            // "What would you like" asks for wishes.
            good |= GOOD.contains(&lower) && !(would && lower == "like");
            why |= WHY.contains(&lower);
        }
        let kind = match (improve, good, why) {
            _ if !any => return Self::default(),
            (true, true, _) => QuestionKind::Both,
            (true, false, _) => QuestionKind::Improve,
            (false, true, _) => QuestionKind::Good,
            (false, false, true) => QuestionKind::Why,
            (false, false, false) => QuestionKind::Other,
        };
        Self { kind: Some(kind), hash }
    }
}

/// ASCII lower case in a buffer; longer words are cut at a character's border.
fn lowered<'b>(word: &str, buffer: &'b mut [u8; 32]) -> &'b str {
    let mut end = word.len().min(buffer.len());
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    buffer[..end].copy_from_slice(&word.as_bytes()[..end]);
    buffer[..end].make_ascii_lowercase();
    // Cut at a border and changed in ASCII only: still UTF-8.
    std::str::from_utf8(&buffer[..end]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direction_of_a_question() {
        let kind = |text: &str| Question::of(Some(text)).kind;
        assert_eq!(kind("What could we do better?"), Some(QuestionKind::Improve));
        assert_eq!(kind("What was good?"), Some(QuestionKind::Good));
        assert_eq!(kind("Why did you give this score?"), Some(QuestionKind::Why));
        assert_eq!(kind("Were you satisfied and/or dissatisfied?"), Some(QuestionKind::Both));
        assert_eq!(kind("What would you like us to change?"), Some(QuestionKind::Improve));
        assert_eq!(kind("Anything else?"), Some(QuestionKind::Other));
        assert_eq!(kind(" ?"), None);
    }

    #[test]
    fn the_hash_ignores_case_and_punctuation() {
        assert_eq!(Question::of(Some("What was good?")), Question::of(Some("what WAS good")));
        assert_ne!(Question::of(Some("was what good")).hash, Question::of(Some("what was good")).hash);
    }
}
