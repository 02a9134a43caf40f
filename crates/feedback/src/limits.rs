//! The bounds every message is held to before anybody believes it.

use crate::time::Timestamp;

/// Lengths are in characters (Unicode scalar values) unless they say bytes, as JSON Schema counts them.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// A whole message, in bytes.
    pub message_bytes: usize,
    /// Arrays and objects within each other, the message itself counted; at most [`Limits::DEEPEST`].
    pub depth: u32,
    /// All of the customer's words of one record; of a ticket all its messages together, the agents' apart.
    pub text: usize,
    /// A title or a question.
    pub heading: usize,
    /// Native ids, parts, conversation ids and the event's source.
    pub id: usize,
    /// Every other string: product, version, platform, segment, a tag …
    pub label: usize,
    pub permalink: usize,
    pub tags: usize,
    pub answers: usize,
    pub messages: usize,
    /// Metadata fields of one record.
    pub metadata_fields: usize,
    /// Their names and values together, in bytes of JSON.
    pub metadata_bytes: usize,
    /// Microseconds since 1970; nothing in the feed happened before. 2000-01-01 by default.
    pub earliest: Timestamp,
    /// How far ahead of its arrival a message may be dated: clocks differ, and so do time zones.
    pub days_ahead: u32,
    /// Scores and the ends of their scales lie within plus or minus this.
    pub score: f64,
    /// An account's revenue lies between 0 and this.
    pub revenue: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 1 << 20,
            depth: 32,
            text: 100_000,
            heading: 10_000,
            id: 512,
            label: 512,
            permalink: 4_096,
            tags: 200,
            answers: 200,
            messages: 1_000,
            metadata_fields: 500,
            metadata_bytes: 64 << 10,
            earliest: Timestamp(946_684_800_000_000),
            days_ahead: 1,
            score: 1_000.0,
            revenue: 1e15,
        }
    }
}

impl Limits {
    /// The nesting that the reader can count at all.
    pub const DEEPEST: u32 = 64;
    /// Versions stay below: a JSON number beyond is not exact everywhere.
    pub const VERSION: i64 = (1 << 53) - 1;

    /// The last moment a message that arrives `now` may speak of.
    #[must_use]
    pub fn latest(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_add(i64::from(self.days_ahead).saturating_mul(86_400_000_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_moment_does_not_overflow() {
        let limits = Limits { days_ahead: u32::MAX, ..Limits::default() };
        assert_eq!(limits.latest(Timestamp(i64::MAX)), Timestamp(i64::MAX));
        assert_eq!(Limits::default().latest(Timestamp(5)), Timestamp(86_400_000_005));
    }
}
