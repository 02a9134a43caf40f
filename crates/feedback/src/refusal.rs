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
        /// Neither RFC 3339 nor a Unix time.
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

impl Refusal {
    pub(crate) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
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
}
