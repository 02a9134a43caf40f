//! The one pass over a text: a table finds the bytes that may begin or end something personal, and only there
//! does a precise matcher look.

use super::{Class, email, iban, ip, national, number, secret, url};
use std::ops::Range;

/// Personal data in a view, in bytes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub range: Range<usize>,
    pub class: Class,
}

impl Hit {
    pub fn new(range: Range<usize>, class: Class) -> Self {
        Self { range, class }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Trigger {
    None,
    At,
    Digit,
    Colon,
    Equals,
    /// `_` and `-`, which end the prefixes of tokens.
    Joint,
    /// Rare letters inside `eyJ`, `AKIA`, `AIza`, `SG.`, `Bearer`, `passw`, `token`, `key`, `secret`, `dot`.
    Letter,
    Bracket,
}

static TRIGGERS: [Trigger; 256] = {
    let mut table = [Trigger::None; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        table[digit as usize] = Trigger::Digit;
        digit += 1;
    }
    table[b'@' as usize] = Trigger::At;
    table[b':' as usize] = Trigger::Colon;
    table[b'=' as usize] = Trigger::Equals;
    table[b'_' as usize] = Trigger::Joint;
    table[b'-' as usize] = Trigger::Joint;
    table[b'(' as usize] = Trigger::Bracket;
    table[b'[' as usize] = Trigger::Bracket;
    let letters = b"JKzBwWSdDkcC";
    let mut at = 0;
    while at < letters.len() {
        table[letters[at] as usize] = Trigger::Letter;
        at += 1;
    }
    table
};

/// Gives what it finds, in no certain order, overlapping.
pub(super) fn scan(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let trigger = TRIGGERS[usize::from(bytes[at])];
        at += match trigger {
            Trigger::None => 1,
            Trigger::Digit => digits(text, at, hits),
            other => {
                let hit = match other {
                    Trigger::At => email::at_sign(text, at),
                    Trigger::Colon => url::with_credentials(text, at)
                        .or_else(|| ip::v6(text, at))
                        .or_else(|| secret::assigned(text, at)),
                    Trigger::Equals => secret::assigned(text, at),
                    Trigger::Joint => secret::prefixed(text, at),
                    Trigger::Letter => secret::marked(text, at),
                    Trigger::Bracket => email::spelled(text, at),
                    Trigger::None | Trigger::Digit => None,
                };
                match hit {
                    Some(hit) => {
                        let next = hit.range.end.max(at + 1) - at;
                        hits.push(hit);
                        next
                    }
                    None => 1,
                }
            }
        };
    }
}

/// At the first digit of a run: how far the scan may go on.
fn digits(text: &str, at: usize, hits: &mut Vec<Hit>) -> usize {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).map(|i| bytes[i]);
    let lettered = match before {
        Some(b' ' | b'-') => at >= 2 && bytes[at - 2].is_ascii_alphabetic(),
        Some(b) => b.is_ascii_alphabetic(),
        None => false,
    };
    if lettered {
        let hit = iban::at_digits(text, at)
            .or_else(|| national::lettered(text, at))
            .or_else(|| secret::numbered(text, at));
        if let Some(hit) = hit {
            let next = hit.range.end - at;
            hits.push(hit);
            return next;
        }
    }
    number::at_digits(text, at, hits) - at
}

/// Sorts, and makes one of those that overlap: all they cover, under the strongest name.
pub(super) fn resolve(hits: &mut Vec<Hit>) {
    if hits.len() < 2 {
        return;
    }
    hits.sort_by_key(|hit| hit.range.start);
    hits.dedup_by(|next, kept| {
        let overlap = next.range.start < kept.range.end;
        if overlap {
            kept.range.end = kept.range.end.max(next.range.end);
            kept.class = kept.class.max(next.class);
        }
        overlap
    });
}
