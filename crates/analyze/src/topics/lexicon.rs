//! Which words speak for which topic: stems and pairs of stems of names, keywords, descriptions and examples.

use super::stem::stem_length;
use crate::encoder::wordpiece::Pieces;
use crate::encoder::words::{Token, TokenKind, Words, hash_bytes};
use crate::sieve::Sieved;
use std::collections::HashMap;

/// What a term says for one topic.
#[derive(Debug, Clone, Copy)]
pub struct Vote {
    pub topic: u16,
    /// From 0 to 1: how rare the term is, how strongly this topic uses it, and how exclusively.
    pub weight: f32,
}

#[derive(Debug, Default)]
pub struct Lexicon {
    terms: Sieved<Vec<Vote>>,
}

/// How much a mention says, by where it stands.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Keyword,
    Name,
    Description,
    Example,
}

impl Place {
    /// `part`: a single word of several. "Customer" is not what "customer service" says.
    fn strength(self, part: bool) -> f32 {
        match self {
            Self::Keyword if part => 0.3,
            Self::Keyword => 1.0,
            Self::Name if part => 0.6,
            Self::Name => 0.8,
            Self::Description => 0.45,
            Self::Example => 0.4,
        }
    }
}

/// Collects mentions, then weighs them against one another.
#[derive(Default)]
pub struct Builder {
    /// For each term: how rare it is, and what is left to be sure of each topic (a product over mentions).
    terms: HashMap<u64, (f32, HashMap<u16, f32>)>,
}

/// Below this rarity a word by itself says nothing ("the", "is").
const COMMON: f32 = 0.25;

impl Builder {
    pub fn mention(&mut self, topic: u16, place: Place, words: &Words, pieces: &Pieces<'_>) {
        let mut seen = Vec::new();
        for at in 0..words.segments() {
            each_term(words, words.segment(at), |term, first, second| {
                let rarity =
                    second.map_or_else(|| pieces.rarity(first), |second| pair_rarity(pieces, first, second));
                if rarity < COMMON || seen.contains(&term) {
                    return;
                }
                seen.push(term);
                let (_, topics) = self.terms.entry(term).or_insert_with(|| (rarity, HashMap::new()));
                let part = second.is_none() && words.tokens().len() > 1;
                *topics.entry(topic).or_insert(1.0) *= 1.0 - place.strength(part);
            });
        }
    }

    #[must_use]
    pub fn build(self) -> Lexicon {
        let mut terms = Sieved::<Vec<Vote>>::default();
        for (term, (rarity, topics)) in self.terms {
            let mut topics: Vec<(u16, f32)> = topics.into_iter().map(|(t, left)| (t, 1.0 - left)).collect();
            // Sums of floats depend on their order, and a hash map has none.
            topics.sort_by_key(|(topic, _)| *topic);
            let all: f32 = topics.iter().map(|(_, strength)| strength).sum();
            let votes = topics
                .iter()
                .map(|&(topic, strength)| Vote { topic, weight: rarity * strength * strength / all });
            terms.entry(term).extend(votes);
        }
        Lexicon { terms }
    }
}

/// A pair of words is as telling as both together, if at least one is not common.
fn pair_rarity(pieces: &Pieces<'_>, first: &Token, second: &Token) -> f32 {
    let (a, b) = (pieces.rarity(first), pieces.rarity(second));
    if a.max(b) < COMMON { (a + b).min(COMMON + 0.1) } else { (a + b).min(1.0) }
}

impl Lexicon {
    /// Calls with the votes of every term of a segment that some topic uses.
    pub fn votes(&self, words: &Words, tokens: &[Token], mut found: impl FnMut(&[Vote])) {
        if self.terms.is_empty() {
            return;
        }
        each_term(words, tokens, |term, _, _| {
            if let Some(votes) = self.terms.get(term) {
                found(votes);
            }
        });
    }
}

/// Single stems, and pairs of neighbours.
fn each_term<'t>(
    words: &Words,
    tokens: &'t [Token],
    mut found: impl FnMut(u64, &'t Token, Option<&'t Token>),
) {
    let mut previous: Option<(u64, &Token)> = None;
    for token in tokens {
        if !matches!(token.kind, TokenKind::Word | TokenKind::Number) {
            previous = None;
            continue;
        }
        let bytes = words.bytes(token);
        let stem = hash_bytes(&bytes[..stem_length(bytes)]);
        found(stem, token, None);
        if let Some((before, first)) = previous {
            found(before.wrapping_mul(0xc2b2_ae3d_27d4_eb4f).rotate_left(17) ^ stem, first, Some(token));
        }
        previous = Some((stem, token));
    }
}
