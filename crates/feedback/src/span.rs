//! Where in a text something stands.

use serde::{Deserialize, Serialize};

/// A half-open range of **characters** (Unicode scalar values), as every language counts them,
/// into the redacted body of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    #[must_use]
    pub fn new(start: u32, end: u32) -> Self {
        debug_assert!(start <= end, "a span starts before it ends");
        Self { start, end }
    }

    #[must_use]
    pub fn len(self) -> u32 {
        self.end - self.start
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text a span points to; empty where the span lies outside.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        let byte = |n: u32| text.char_indices().nth(n as usize).map_or(text.len(), |(i, _)| i);
        let (start, end) = (byte(self.start), byte(self.end));
        &text[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_count_characters_not_bytes() {
        assert_eq!(Span::new(2, 4).of("é✓ok"), "ok");
        assert_eq!(Span::new(2, 99).of("é✓ok"), "ok");
        assert_eq!(Span::new(7, 9).of("é✓ok"), "");
    }
}
