//! Which words speak for which topic: stems and pairs of stems of names, keywords, descriptions and examples.

use super::bags::{PAIR, Weighed};
use super::learned::TermWeights;
use super::terms::{COMMON, each_term};
use crate::encoder::wordpiece::Pieces;
use crate::encoder::words::{Token, Words};
use crate::sieve::Sieved;
use std::collections::{BTreeMap, HashMap};

/// What a term says for one topic.
#[derive(Debug, Clone, Copy)]
pub struct Vote {
    pub topic: u16,
    pub weight: f32,
}

/// What a term says for those topics of which it says something.
#[derive(Debug, Clone, Copy)]
pub struct Votes<'l> {
    /// From 0 to 1: how rare the term is, how strongly a topic uses it, and how exclusively.
    pub used: &'l [Vote],
    /// For or against, as told apart from all other topics; already times what the term weighs in a text.
    pub learned: &'l [Vote],
}

/// A term that stands in some text of the taxonomy.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// What it weighs in a text, squared.
    square: f32,
    /// Where its votes begin: those of use, then what was learned; and where they end.
    places: [u32; 3],
}

#[derive(Debug, Default)]
pub struct Lexicon {
    terms: Sieved<Known>,
    votes: Vec<Vote>,
    /// What an unknown word and an unknown pair weigh, squared.
    unknown: [f32; 2],
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
    terms: HashMap<u64, (f32, BTreeMap<u16, f32>)>,
}

impl Builder {
    pub fn mention(&mut self, topic: u16, place: Place, words: &Words, pieces: &Pieces<'_>) {
        let mut seen = Vec::new();
        for at in 0..words.segments() {
            each_term(words, words.segment(at), |term| {
                let rarity = term.rarity(pieces);
                if !term.close || rarity < COMMON || seen.contains(&term.hash) {
                    return;
                }
                seen.push(term.hash);
                let (_, topics) = self.terms.entry(term.hash).or_insert_with(|| (rarity, BTreeMap::new()));
                let part = term.second.is_none() && words.tokens().len() > 1;
                *topics.entry(topic).or_insert(1.0) *= 1.0 - place.strength(part);
            });
        }
    }

    /// With what was learned of the terms of the bags; a keyword may be in none of them.
    #[must_use]
    pub fn build(mut self, bags: &Weighed, learned: &[TermWeights]) -> Lexicon {
        let mut lexicon = Lexicon {
            terms: Sieved::for_about(bags.terms.len() + self.terms.len()),
            votes: Vec::new(),
            unknown: [bags.unseen, PAIR * bags.unseen].map(|weight| weight * weight),
        };
        for ((hash, weight), learned) in bags.terms.iter().zip(learned) {
            let used = self.terms.remove(hash).map(weighed).unwrap_or_default();
            let learned =
                learned.iter().map(|(topic, learned)| Vote { topic: *topic, weight: weight * learned });
            lexicon.add(*hash, weight * weight, used, learned);
        }
        let mut rest: Vec<_> = self.terms.into_iter().collect();
        rest.sort_unstable_by_key(|(hash, _)| *hash);
        for (hash, topics) in rest {
            lexicon.add(hash, lexicon.unknown[1], weighed(topics), std::iter::empty());
        }
        lexicon
    }
}

/// Of one term: what its mentions say.
fn weighed((rarity, topics): (f32, BTreeMap<u16, f32>)) -> Vec<Vote> {
    let all: f32 = topics.values().map(|left| 1.0 - left).sum();
    let weight = |left: f32| rarity * (1.0 - left) * (1.0 - left) / all;
    topics.into_iter().map(|(topic, left)| Vote { topic, weight: weight(left) }).collect()
}

impl Lexicon {
    fn add(&mut self, hash: u64, square: f32, used: Vec<Vote>, learned: impl Iterator<Item = Vote>) {
        let start = self.votes.len() as u32;
        self.votes.extend(used);
        let middle = self.votes.len() as u32;
        self.votes.extend(learned);
        *self.terms.entry(hash) = Known { square, places: [start, middle, self.votes.len() as u32] };
    }

    /// Calls with the votes of every term of a segment that some topic uses. Returns the length of the segment's vector
    /// of terms: what is learned is to be divided by it.
    pub fn votes(&self, words: &Words, tokens: &[Token], mut found: impl FnMut(Votes<'_>)) -> f32 {
        if self.terms.is_empty() {
            return 1.0;
        }
        let mut squares = 0.0;
        each_term(words, tokens, |term| match self.terms.get(term.hash) {
            Some(known) => {
                squares += known.square;
                let [start, middle, end] = known.places.map(|place| place as usize);
                found(Votes { used: &self.votes[start..middle], learned: &self.votes[middle..end] });
            }
            None => squares += self.unknown[usize::from(term.second.is_some())],
        });
        squares.sqrt().max(1.0)
    }
}
