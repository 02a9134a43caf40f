//! Terms of a text: single stems, and pairs of stems that stand near one another, in either order.

use super::stem::stem_length;
use crate::encoder::wordpiece::Pieces;
use crate::encoder::words::{Token, TokenKind, Words, hash_bytes};

#[derive(Debug, Clone, Copy)]
pub struct Term<'t> {
    pub hash: u64,
    pub first: &'t Token,
    pub second: Option<&'t Token>,
    /// One word, or two that are neighbours; otherwise one word stands between.
    pub close: bool,
}

/// Below this rarity a word by itself says nothing ("the", "is").
pub const COMMON: f32 = 0.25;

impl Term<'_> {
    /// From 0 to 1. A pair of words is as telling as both together, if at least one is not common.
    #[must_use]
    pub fn rarity(&self, pieces: &Pieces<'_>) -> f32 {
        let a = pieces.rarity(self.first);
        let Some(second) = self.second else { return a };
        let b = pieces.rarity(second);
        if a.max(b) < COMMON { (a + b).min(COMMON + 0.1) } else { (a + b).min(1.0) }
    }
}

/// Calls with every term of a run of words; marks and placeholders part runs.
pub fn each_term<'t>(words: &Words, tokens: &'t [Token], mut found: impl FnMut(Term<'t>)) {
    let mut before: [Option<(u64, &Token)>; 2] = [None; 2];
    for token in tokens {
        if !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
            before = [None; 2];
            continue;
        }
        let bytes = words.bytes(token);
        let stem = hash_bytes(&bytes[..stem_length(bytes)]);
        found(Term { hash: stem, first: token, second: None, close: true });
        for (distance, other) in before.iter().enumerate() {
            if let Some((other, first)) = *other {
                let hash = pair_hash(other, stem);
                found(Term { hash, first, second: Some(token), close: distance == 0 });
            }
        }
        before = [Some((stem, token)), before[0]];
    }
}

fn pair_hash(a: u64, b: u64) -> u64 {
    a.min(b).wrapping_mul(0xc2b2_ae3d_27d4_eb4f).rotate_left(17) ^ a.max(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<(u64, bool)> {
        let mut words = Words::default();
        words.push_segment(text);
        words.finish();
        let mut terms = Vec::new();
        each_term(&words, words.tokens(), |term| terms.push((term.hash, term.close)));
        terms
    }

    #[test]
    fn pairs_meet_in_either_order_and_over_a_word() {
        let hashes = |text| terms(text).into_iter().map(|(hash, _)| hash).collect::<Vec<_>>();
        let [one, two, pair] = hashes("cancel plan")[..] else { panic!("two words are three terms") };
        assert_eq!(hashes("plan cancelled"), [two, one, pair]);
        assert_eq!(terms("cancel my plan")[5], (pair, false));
        assert!(!hashes("cancel !! plan").contains(&pair));
        assert!(!hashes("cancel the whole plan").contains(&pair));
    }
}
