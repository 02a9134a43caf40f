//! What a dead letter may keep of its payload: any bytes in, bounded text without personal data out.
//!
//! JSON stays JSON, with what a second attempt needs: identities, times, versions and scores. Whatever stands
//! under a person's key goes wholesale, whatever it looks like; those values are then masked everywhere else
//! too. Text that is no JSON is redacted as text, and what follows a person's key in it is masked as well.

mod json;
mod keys;
mod textual;

use super::{Class, Known, RedactionCounts, Redactor, holds_a_label, holds_a_version, ordinary};
use crate::pseudonym::{Author, PseudonymKey};
pub use json::names_in;
pub use keys::names_somebody;

/// Bytes of text that are kept at most.
pub const MAX_PAYLOAD: usize = 64 * 1024;
/// Bytes that are looked at at most: what a message may have.
const MAX_INPUT: usize = 1024 * 1024;
const CUT: &str = "…";

#[derive(Debug, Clone, PartialEq)]
pub struct RedactedPayload {
    /// At most [`MAX_PAYLOAD`] bytes.
    pub text: String,
    /// Whose it was, where that could be read.
    pub author: Option<Author>,
    pub counts: RedactionCounts,
    /// Whether something was cut off; the text cannot be decoded again then.
    pub truncated: bool,
}

impl Redactor {
    /// `source` is the CloudEvents attribute where it came as a header; a structured event names its own.
    ///
    /// Values under an `id` key that hold personal data become [`PseudonymKey::identifier`]; an author's id
    /// becomes the author's pseudonym: sent through again, the event names the same item and the same person.
    #[must_use]
    pub fn redact_payload(&self, bytes: &[u8], source: Option<&str>, key: &PseudonymKey) -> RedactedPayload {
        let (bytes, cut) = bounded(bytes.trim_ascii_end());
        let text = String::from_utf8_lossy(bytes);
        let mut counts = RedactionCounts::default();
        let (mut text, author) = match serde_json::from_str(&text) {
            Ok(value) if !cut => json::redact(*self, value, source, key, &mut counts),
            _ => textual::redact(*self, &text, source, key, &mut counts),
        };
        let mut truncated = cut;
        if text.len() > MAX_PAYLOAD {
            let end =
                (0..=MAX_PAYLOAD - CUT.len()).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
            truncated = true;
        }
        if truncated && text.len() + CUT.len() <= MAX_PAYLOAD {
            text.push_str(CUT);
        }
        RedactedPayload { text, author, counts, truncated }
    }
}

/// At most the first [`MAX_INPUT`] bytes, without the word that the cut would have torn: half an address is
/// not recognised as one.
fn bounded(bytes: &[u8]) -> (&[u8], bool) {
    let Some(head) = bytes.get(..MAX_INPUT).filter(|_| bytes.len() > MAX_INPUT) else {
        return (bytes, false);
    };
    let torn = head.iter().rev().take(512).position(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b','));
    (&head[..head.len() - torn.unwrap_or(512)], true)
}

/// What replaces a value that is personal by its place.
fn masked(class: Class, counts: &mut RedactionCounts) -> &'static str {
    counts.add(class);
    class.placeholder()
}

#[cfg(test)]
mod tests;
