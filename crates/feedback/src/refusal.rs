//! Why a message gives no record: refused (somebody must look), or ignored (as intended).

use crate::labels::labels;

labels! {
    /// Why a message is a dead letter. The sender is to blame; sending it again unchanged does not help.
    Reason {
        /// More bytes than a message may have.
        TooLarge = "too_large",
        InvalidUtf8 = "invalid_utf8",
        /// Not one JSON value, complete and alone.
        InvalidJson = "invalid_json",
        /// A row of a file with more fields than its header: which of them is whose nobody can tell.
        SurplusFields = "surplus_fields",
        /// A row of a file in which a quote opens that is never closed.
        UnclosedQuote = "unclosed_quote",
        /// Arrays and objects nested deeper than allowed.
        TooDeep = "too_deep",
        /// A `specversion` of CloudEvents other than 1.0.
        UnsupportedVersion = "unsupported_version",
        /// A `datacontenttype` other than JSON, or `data_base64`.
        UnsupportedContent = "unsupported_content",
        /// A `type` that is not `feedback.<kind>.created`, `.updated` or `.deleted`.
        UnknownType = "unknown_type",
        /// A source kind that this deployment does not have.
        UnknownKind = "unknown_kind",
        /// A required field is absent, null or blank.
        MissingField = "missing_field",
        /// Another JSON type than the contract says, and no reading of it as that type.
        BadType = "bad_type",
        /// A word outside a closed list, such as a role or a score's kind.
        UnknownValue = "unknown_value",
        /// Neither a date, nor a time by RFC 3339, nor a Unix time.
        BadTime = "bad_time",
        /// A number off its scale, or a time too far back or ahead.
        OutOfRange = "out_of_range",
        TextTooLong = "text_too_long",
        /// More tags, answers, messages or metadata than a message may have.
        TooMany = "too_many",
        /// Two answers of one response have the same id, so one would hide the other.
        DuplicatePart = "duplicate_part",
        /// Neither words nor a score.
        Empty = "empty",
    }
}

labels! {
    /// Why a sound message is no feedback.
    IgnoreReason {
        /// A ticket in which no customer has said anything yet.
        AgentOnly = "agent_only",
        /// Somebody else's words passed on.
        Repost = "repost",
        /// Sent to try the connection.
        TestEvent = "test_event",
        /// A vendor's event that tells nothing a customer said: a tag renamed, a survey set up.
        NotFeedback = "not_feedback",
        /// A vendor's event that names feedback and does not hold it: whoever wants that has to ask for it.
        IdsOnly = "ids_only",
    }
}

/// One message refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct Refusal {
    pub reason: Reason,
    /// Where in the message and what was expected there. Never any text of the payload.
    pub detail: String,
}

/// The header by which a reader of files says that what it hands over is no message but a note on a row that it could
/// not split into fields; its value is the reason's code. No attribute of a CloudEvent can have this name.
pub const REFUSED_ROW: &str = "ce_refused_row";

impl Refusal {
    #[must_use]
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    /// What the header [`REFUSED_ROW`] says; `None` for what is no reason to refuse a row before it is decoded.
    #[must_use]
    pub fn of_row(code: &[u8]) -> Option<Self> {
        let reason = std::str::from_utf8(code).ok().and_then(Reason::parse)?;
        let expected = match reason {
            Reason::SurplusFields => "no more fields than the header has",
            Reason::UnclosedQuote => "an end of the quote that opens in it",
            _ => return None,
        };
        Some(Self::new(reason, format!("the row: expected {expected}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_read_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(*reason));
            assert!(
                reason.as_str().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            );
        }
        for reason in IgnoreReason::ALL {
            assert_eq!(IgnoreReason::parse(reason.as_str()), Some(*reason));
        }
        assert_eq!(Reason::parse("made_up"), None);
    }

    #[test]
    fn a_row_is_refused_before_it_is_decoded_for_its_fields_alone() {
        let surplus = Refusal::of_row(b"surplus_fields").unwrap();
        assert_eq!(surplus.reason, Reason::SurplusFields);
        assert_eq!(surplus.detail, "the row: expected no more fields than the header has");
        assert_eq!(Refusal::of_row(b"unclosed_quote").unwrap().reason, Reason::UnclosedQuote);
        for other in [&b"invalid_json"[..], b"made_up", b"\xff", b""] {
            assert_eq!(Refusal::of_row(other), None);
        }
    }
}
