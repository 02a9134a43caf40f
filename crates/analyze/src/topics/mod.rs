//! Topics of a segment: likeness of vectors to a topic's examples and description, and words in common.
//!
//! The evidence is the same for every topic of every taxonomy, so one small logistic model, fitted once on
//! labelled segments, turns it into a probability. A taxonomy needs no training, and works
//! without examples from names and descriptions alone.

mod lexicon;
mod stem;

use crate::encoder::weights::TopicFacts;
use crate::encoder::wordpiece::{self, DIMENSIONS, Pieces, Vector};
use crate::encoder::words::{Token, Words};
use crate::taxonomy::{Taxonomy, Topic};
use lexicon::{Builder, Lexicon, Place};

/// How many kinds of evidence there are.
pub const EVIDENCE: usize = 9;
/// What speaks for a topic, in this order: likeness to its centre; that above the mean of all topics; that above the
/// best other topic; likeness to its nearest example, and to the second; the most telling word in common;
/// the sum of words in common, for the length; that above the best other topic; the logarithm of the length.
pub type Evidence = [f32; EVIDENCE];

/// Where in the evidence the likeness to the nearest and to the second example stands.
const NEAREST: usize = 3;
const SECOND: usize = 4;
/// No likeness is above it: vectors have length 127 but for the rounding of their parts.
const LIKEST: f32 = 1.05;

/// Only so many topics a segment get their examples looked at one by one.
const CANDIDATES: usize = 6;

/// Sixteen bits: the multiply-and-add of vector units works on them directly.
type Wide = [i16; DIMENSIONS];

/// A taxonomy prepared for matching.
pub struct TopicMatcher {
    facts: TopicFacts,
    /// The mean direction of everything a topic says of itself; one a topic.
    centres: Vec<Wide>,
    /// Examples of all topics, one after the other, and where each topic's end.
    examples: Vec<Wide>,
    ends: Vec<usize>,
    lexicon: Lexicon,
}

/// Buffers of a match, reused.
#[derive(Debug, Default)]
pub struct MatchRoom {
    near: Vec<f32>,
    lexical: Vec<Lexical>,
    order: Vec<u16>,
    /// Topic and its evidence, for the candidates only.
    candidates: Vec<(u16, Evidence)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Lexical {
    sum: f32,
    strongest: f32,
}

impl TopicMatcher {
    #[must_use]
    pub fn new(taxonomy: &Taxonomy, pieces: &Pieces<'_>, facts: TopicFacts) -> Self {
        let mut matcher = Self {
            facts,
            centres: Vec::new(),
            examples: Vec::new(),
            ends: Vec::new(),
            lexicon: Lexicon::default(),
        };
        let mut lexicon = Builder::default();
        for (number, topic) in taxonomy.topics().iter().enumerate() {
            matcher.add(topic, pieces);
            mention(&mut lexicon, number as u16, topic, pieces);
        }
        matcher.lexicon = lexicon.build();
        matcher
    }

    fn add(&mut self, topic: &Topic, pieces: &Pieces<'_>) {
        let own = [format!("{}. {}", topic.name, topic.keywords.join(", ")), topic.description.clone()];
        let vectors: Vec<Vector> =
            own.iter().chain(&topic.examples).map(|text| vector_of(text, pieces)).collect();
        let mut sum = [0i32; DIMENSIONS];
        for vector in &vectors {
            sum.iter_mut().zip(vector).for_each(|(total, value)| *total += i32::from(*value));
        }
        self.centres.push(widened(&wordpiece::normalised(&sum)));
        self.examples.extend(vectors.iter().map(widened));
        self.ends.push(self.examples.len());
    }

    /// Calls with every topic whose probability for this segment reaches the threshold.
    pub fn matches(
        &self,
        words: &Words,
        segment: usize,
        vector: &Vector,
        room: &mut MatchRoom,
        mut found: impl FnMut(u16, f32),
    ) {
        let vector = widened(vector);
        self.candidates(words.segment(segment), words, &vector, room);
        for (topic, evidence) in &mut room.candidates {
            if self.highest(evidence) < self.facts.threshold {
                continue;
            }
            self.add_examples(*topic, &vector, evidence);
            let probability = self.probability(evidence);
            if probability >= self.facts.threshold {
                found(*topic, probability);
            }
        }
    }

    /// What the probability could be at most, before the examples are looked at: most topics need no more.
    fn highest(&self, without_examples: &Evidence) -> f32 {
        let mut evidence = *without_examples;
        for at in [NEAREST, SECOND] {
            evidence[at] = if self.facts.coefficients[at] > 0.0 { LIKEST } else { 0.0 };
        }
        self.probability(&evidence)
    }

    #[must_use]
    pub fn probability(&self, evidence: &Evidence) -> f32 {
        let weighed = evidence.iter().zip(&self.facts.coefficients).map(|(value, weight)| value * weight);
        1.0 / (1.0 + (-(self.facts.bias + weighed.sum::<f32>())).exp())
    }

    /// The evidence for the likeliest topics of a segment; every other topic has next to none.
    pub fn evidence<'r>(
        &self,
        words: &Words,
        segment: usize,
        vector: &Vector,
        room: &'r mut MatchRoom,
    ) -> &'r [(u16, Evidence)] {
        let vector = widened(vector);
        self.candidates(words.segment(segment), words, &vector, room);
        for (topic, evidence) in &mut room.candidates {
            self.add_examples(*topic, &vector, evidence);
        }
        &room.candidates
    }

    fn add_examples(&self, topic: u16, vector: &Wide, evidence: &mut Evidence) {
        let examples = self.examples_of(usize::from(topic));
        let nearest = TopTwo::of(examples.iter().map(|example| likeness(example, vector)));
        (evidence[NEAREST], evidence[SECOND]) = (nearest.first, nearest.second);
    }

    /// The likeliest topics with everything that speaks for them but their examples.
    fn candidates(&self, tokens: &[Token], words: &Words, vector: &Wide, room: &mut MatchRoom) {
        let MatchRoom { near, lexical, order, candidates } = room;
        candidates.clear();
        if tokens.is_empty() || self.centres.is_empty() {
            return;
        }
        near.clear();
        near.extend(self.centres.iter().map(|centre| likeness(centre, vector)));
        lexical.clear();
        lexical.resize(self.centres.len(), Lexical::default());
        self.lexicon.votes(words, tokens, |votes| {
            for vote in votes {
                let entry = &mut lexical[usize::from(vote.topic)];
                entry.sum += vote.weight;
                entry.strongest = entry.strongest.max(vote.weight);
            }
        });
        self.choose(near, lexical, order);
        let mean = near.iter().sum::<f32>() / near.len() as f32;
        let length = tokens.len() as f32;
        let nearest_centres = TopTwo::of(order.iter().map(|topic| near[usize::from(*topic)]));
        let most_words = TopTwo::of(order.iter().map(|topic| lexical[usize::from(*topic)].sum.min(3.0)));
        for &topic in order.iter() {
            let at = usize::from(topic);
            let (near, votes) = (near[at], lexical[at]);
            let words = votes.sum.min(3.0);
            let evidence = [
                near,
                near - mean,
                near - nearest_centres.best_of_others(near),
                0.0,
                0.0,
                votes.strongest,
                (votes.sum / length.sqrt()).min(2.0),
                words - most_words.best_of_others(words),
                length.min(40.0).ln(),
            ];
            candidates.push((topic, evidence));
        }
    }

    /// The topics with the best centres and words; their number is bounded.
    fn choose(&self, near: &[f32], lexical: &[Lexical], order: &mut Vec<u16>) {
        let promise = |topic: u16| near[usize::from(topic)] + lexical[usize::from(topic)].sum;
        order.clear();
        for topic in 0..near.len() as u16 {
            let place =
                order.iter().position(|other| promise(topic) > promise(*other)).unwrap_or(order.len());
            if place < CANDIDATES {
                order.truncate(CANDIDATES - 1);
                order.insert(place.min(order.len()), topic);
            }
        }
    }

    fn examples_of(&self, topic: usize) -> &[Wide] {
        let start = if topic == 0 { 0 } else { self.ends[topic - 1] };
        &self.examples[start..self.ends[topic]]
    }
}

/// The largest two of some numbers, none below 0.
#[derive(Clone, Copy)]
struct TopTwo {
    first: f32,
    second: f32,
}

impl TopTwo {
    fn of(values: impl Iterator<Item = f32>) -> Self {
        values.fold(Self { first: 0.0, second: 0.0 }, |top, value| {
            if value > top.first {
                Self { first: value, second: top.first }
            } else {
                Self { first: top.first, second: top.second.max(value) }
            }
        })
    }

    /// The largest but this one.
    fn best_of_others(self, value: f32) -> f32 {
        if value >= self.first { self.second } else { self.first }
    }
}

fn mention(lexicon: &mut Builder, number: u16, topic: &Topic, pieces: &Pieces<'_>) {
    let places = [(Place::Name, std::slice::from_ref(&topic.name)), (Place::Keyword, &topic.keywords)];
    let more =
        [(Place::Description, std::slice::from_ref(&topic.description)), (Place::Example, &topic.examples)];
    for (place, texts) in places.into_iter().chain(more) {
        for text in texts {
            lexicon.mention(number, place, &words_of(text), pieces);
        }
    }
}

fn words_of(text: &str) -> Words {
    let mut words = Words::default();
    words.push_segment(text);
    words.finish();
    words
}

fn vector_of(text: &str, pieces: &Pieces<'_>) -> Vector {
    let words = words_of(text);
    let mut sum = [0; DIMENSIONS];
    pieces.add(&words, words.tokens(), &mut sum);
    wordpiece::normalised(&sum)
}

fn widened(vector: &Vector) -> Wide {
    vector.map(i16::from)
}

/// Cosine of two vectors of length 127.
fn likeness(a: &Wide, b: &Wide) -> f32 {
    // At most 64 x 127²; unchecked, so that it stays a vector operation in every profile.
    let products = a.iter().zip(b).map(|(a, b)| i32::from(*a).wrapping_mul(i32::from(*b)));
    let dot = products.fold(0i32, i32::wrapping_add);
    dot as f32 / (127.0 * 127.0)
}
