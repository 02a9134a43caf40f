//! Rows of CSV that cannot be told apart into their fields, or are not UTF-8.

use feedback::refusal::Reason;
use serde::Serialize;
use std::fmt;

/// A record that cannot be read; reading goes on behind it.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    pub why: Why,
    /// Its line as it stands, or the start of it.
    pub raw: Vec<u8>,
}

/// Why it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    UnclosedQuote,
    TooLong,
    /// How many there are, and how many the header has.
    SurplusFields {
        fields: usize,
        header: usize,
    },
    NotUtf8,
}

impl Why {
    /// The reason that its dead letter has.
    #[must_use]
    pub fn reason(self) -> Reason {
        match self {
            Self::UnclosedQuote => Reason::UnclosedQuote,
            Self::TooLong => Reason::TooLarge,
            Self::SurplusFields { .. } => Reason::SurplusFields,
            Self::NotUtf8 => Reason::InvalidUtf8,
        }
    }

    /// In words, with the numbers where there are some.
    #[must_use]
    pub fn counted(self) -> String {
        match self {
            Self::SurplusFields { fields, header } => {
                format!("{fields} fields where the header has {header}")
            }
            Self::UnclosedQuote | Self::TooLong | Self::NotUtf8 => self.to_string(),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnclosedQuote => "a quote that opens in this line is never closed",
            Self::TooLong => "the row is too long",
            Self::SurplusFields { .. } => "the row has more fields than the header",
            Self::NotUtf8 => "the row is not UTF-8",
        })
    }
}

/// Where one of them stands in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenRow {
    /// From 1, without the header: the offset of its dead letter.
    pub row: i64,
    /// From 1, with the header.
    pub line: u64,
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::refusal::Refusal;

    #[test]
    fn each_has_a_reason_of_its_own() {
        let surplus = Why::SurplusFields { fields: 9, header: 8 };
        assert_eq!(surplus.counted(), "9 fields where the header has 8");
        assert_eq!(Why::TooLong.counted(), "the row is too long");
        for why in [surplus, Why::UnclosedQuote] {
            let refusal = Refusal::of_row(why.reason().as_str().as_bytes()).unwrap();
            assert_eq!(refusal.reason, why.reason(), "the decoder takes it over");
        }
        for why in [Why::TooLong, Why::NotUtf8] {
            let code = why.reason().as_str();
            assert_eq!(Refusal::of_row(code.as_bytes()), None, "the decoder sees it by itself");
        }
    }
}
