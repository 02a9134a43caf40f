//! Topics of a segment: likeness of vectors to a topic's examples and description, words in common, and what tells the
//! topic's own texts from those of all others.
//!
//! The evidence is the same for every topic of every taxonomy, so one small logistic model, fitted once on
//! labelled segments, turns it into a probability. A taxonomy needs no training, and works
//! without examples from names and descriptions alone: what is learned of it is solved when it is loaded.

mod bags;
mod evidence;
mod learned;
mod lexicon;
mod ridge;
mod rows;
mod stem;
mod terms;

use crate::encoder::weights::TopicFacts;
use crate::encoder::wordpiece::Pieces;
use crate::encoder::words::{Token, Words};
use crate::taxonomy::{Taxonomy, Topic};
use bags::Bags;
pub use evidence::{EVIDENCE, Evidence, Signs};
use evidence::{NEAREST, SECOND, Setting, TopTwo, Weighing};
use learned::Learned;
use lexicon::{Builder, Lexicon, Place};
use rows::{Rows, likeness, widen};
use std::ops::RangeInclusive;

/// Only so many topics a segment are looked at one by one: one in so many, within bounds.
const CANDIDATE_SHARE: usize = 6;
const CANDIDATES: RangeInclusive<usize> = 6..=24;
/// At most so many texts are learned from: the system that is solved is as large.
const LEARNED_TEXTS: usize = 2048;
/// Of a topic itself: its name with the keywords, its description.
const OWN_TEXTS: usize = 2;

/// A taxonomy prepared for matching.
pub struct TopicMatcher {
    /// A topic is said from this probability on, and from the score of that probability.
    threshold: f32,
    least_score: f32,
    /// How the signs for each topic are weighed.
    weighings: Vec<Weighing>,
    /// The mean direction of everything a topic says of itself; one a topic.
    centres: Rows,
    /// Examples of all topics, one after the other, and where each topic's end.
    examples: Rows,
    ends: Vec<usize>,
    lexicon: Lexicon,
    learned: Learned,
}

/// Buffers of a match, reused.
#[derive(Debug, Default)]
pub struct MatchRoom {
    vector: Vec<i16>,
    prepared: Vec<f32>,
    near: Vec<f32>,
    lexical: Vec<Lexical>,
    order: Vec<u16>,
    /// Topics and their signs, for the candidates only.
    candidates: Vec<(u16, Signs)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Lexical {
    sum: f32,
    strongest: f32,
    learned: f32,
}

impl TopicMatcher {
    /// `pieces` say how rare words are; `vectors` are those of [`own_texts`], each of length 127 and all of one width: texts
    /// are then matched by vectors of that space.
    #[must_use]
    pub fn new(taxonomy: &Taxonomy, pieces: &Pieces<'_>, facts: &TopicFacts, vectors: Vec<Vec<i8>>) -> Self {
        let topics = taxonomy.topics();
        let mut texts = Texts::new(most_used(topics), vectors.first().map_or(0, Vec::len));
        let mut vectors = vectors.into_iter();
        for (number, topic) in topics.iter().enumerate() {
            texts.add(number as u16, topic, pieces, &mut vectors);
        }
        let bags = texts.bags.weigh();
        let (learned, terms) = Learned::fit(texts.learned, &texts.topics, topics.len(), &bags);
        let lexicon = texts.mentions.build(&bags, &terms);
        Self {
            threshold: facts.threshold,
            least_score: (facts.threshold / (1.0 - facts.threshold)).ln(),
            weighings: topics.iter().map(|topic| Weighing::new(facts, setting(topic))).collect(),
            centres: texts.centres,
            examples: texts.examples,
            ends: texts.ends,
            lexicon,
            learned,
        }
    }

    /// Calls with every topic whose probability for this segment reaches the threshold.
    pub fn matches(
        &self,
        words: &Words,
        segment: usize,
        vector: &[i8],
        room: &mut MatchRoom,
        mut found: impl FnMut(u16, f32),
    ) {
        self.candidates(words.segment(segment), words, vector, room);
        for (topic, signs) in &mut room.candidates {
            let weighing = &self.weighings[usize::from(*topic)];
            if weighing.highest(signs) < self.least_score {
                continue;
            }
            self.add_examples(*topic, &room.vector, signs);
            if weighing.score(signs) >= self.least_score {
                found(*topic, weighing.probability(signs));
            }
        }
    }

    /// From which probability on a topic is said.
    #[must_use]
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    #[must_use]
    pub fn probability(&self, topic: u16, signs: &Signs) -> f32 {
        self.weighings[usize::from(topic)].probability(signs)
    }

    /// The signs of the likeliest topics of a segment; every other topic has next to none.
    pub fn signs<'r>(
        &self,
        words: &Words,
        segment: usize,
        vector: &[i8],
        room: &'r mut MatchRoom,
    ) -> &'r [(u16, Signs)] {
        self.candidates(words.segment(segment), words, vector, room);
        for (topic, signs) in &mut room.candidates {
            self.add_examples(*topic, &room.vector, signs);
        }
        &room.candidates
    }

    fn add_examples(&self, topic: u16, vector: &[i16], signs: &mut Signs) {
        let examples = self.examples.rows(self.range(usize::from(topic)));
        let nearest = TopTwo::of(examples.map(|example| likeness(example, vector)), 0.0);
        (signs[NEAREST], signs[SECOND]) = (nearest.first, nearest.second);
    }

    /// The likeliest topics with everything that speaks for them but their examples.
    fn candidates(&self, tokens: &[Token], words: &Words, vector: &[i8], room: &mut MatchRoom) {
        room.candidates.clear();
        if tokens.is_empty() || self.ends.is_empty() {
            return;
        }
        room.vector.clear();
        widen(vector.iter().map(|value| i16::from(*value)), self.centres.width(), &mut room.vector);
        room.near.clear();
        let centres = self.centres.rows(0..self.ends.len());
        room.near.extend(centres.map(|centre| likeness(centre, &room.vector)));
        self.read_words(tokens, words, &mut room.lexical);
        self.choose(&room.near, &room.lexical, &mut room.order);
        self.learned.prepare(&room.vector, &mut room.prepared);
        for &topic in &room.order {
            let at = usize::from(topic);
            room.lexical[at].learned += self.learned.score(at, &room.vector, &room.prepared);
        }
        self.compare(tokens.len() as f32, room);
    }

    fn read_words(&self, tokens: &[Token], words: &Words, lexical: &mut Vec<Lexical>) {
        lexical.clear();
        lexical.resize(self.ends.len(), Lexical::default());
        let length = self.lexicon.votes(words, tokens, |votes| {
            for vote in votes.used {
                let entry = &mut lexical[usize::from(vote.topic)];
                entry.sum += vote.weight;
                entry.strongest = entry.strongest.max(vote.weight);
            }
            votes.learned.iter().for_each(|vote| lexical[usize::from(vote.topic)].learned += vote.weight);
        });
        lexical.iter_mut().for_each(|entry| entry.learned /= length);
    }

    /// The topics with the best centres and words; their number is bounded.
    fn choose(&self, near: &[f32], lexical: &[Lexical], order: &mut Vec<u16>) {
        let most = (near.len() / CANDIDATE_SHARE).clamp(*CANDIDATES.start(), *CANDIDATES.end());
        let promise = |topic: u16| {
            let (near, lexical) = (near[usize::from(topic)], &lexical[usize::from(topic)]);
            near + lexical.sum + lexical.learned
        };
        order.clear();
        for topic in 0..near.len() as u16 {
            if order.len() == most && promise(topic) <= order.last().map_or(f32::MIN, |last| promise(*last)) {
                continue;
            }
            let place =
                order.iter().position(|other| promise(topic) > promise(*other)).unwrap_or(order.len());
            order.truncate(most - 1);
            order.insert(place.min(order.len()), topic);
        }
    }

    /// The signs of the chosen topics, each against the others.
    fn compare(&self, length: f32, room: &mut MatchRoom) {
        let MatchRoom { near, lexical, order, candidates, .. } = room;
        let mean = near.iter().sum::<f32>() / near.len() as f32;
        let chosen = || order.iter().map(|topic| usize::from(*topic));
        let nearest_centres = TopTwo::of(chosen().map(|at| near[at]), 0.0);
        let most_words = TopTwo::of(chosen().map(|at| lexical[at].sum.min(3.0)), 0.0);
        let best_learned = TopTwo::of(chosen().map(|at| lexical[at].learned), -1.0);
        for &topic in order.iter() {
            let at = usize::from(topic);
            let (near, votes) = (near[at], lexical[at]);
            let words = votes.sum.min(3.0);
            let signs = [
                near,
                near - mean,
                near - nearest_centres.best_of_others(near),
                0.0,
                0.0,
                votes.strongest,
                (votes.sum / length.sqrt()).min(2.0),
                words - most_words.best_of_others(words),
                length.min(40.0).ln(),
                votes.learned,
                votes.learned - best_learned.best_of_others(votes.learned),
            ];
            candidates.push((topic, signs));
        }
    }

    /// Where a topic's texts stand among all.
    fn range(&self, topic: usize) -> std::ops::Range<usize> {
        let start = if topic == 0 { 0 } else { self.ends[topic - 1] };
        start..self.ends[topic]
    }
}

/// What a taxonomy says of its topics, each text to be given a vector by itself.
pub fn own_texts(taxonomy: &Taxonomy) -> impl Iterator<Item = String> + '_ {
    taxonomy.topics().iter().flat_map(texts_of)
}

/// [`OWN_TEXTS`] and the examples.
fn texts_of(topic: &Topic) -> impl Iterator<Item = String> + '_ {
    let own = [format!("{}. {}", topic.name, topic.keywords.join(", ")), topic.description.clone()];
    own.into_iter().chain(topic.examples.iter().cloned())
}

/// What is known of a topic beforehand.
fn setting(topic: &Topic) -> Setting {
    Setting { examples: topic.examples.len(), keywords: topic.keywords.len() }
}

/// What the coefficients of a model multiply where a segment shows these signs of a topic.
#[must_use]
pub fn evidence(topic: &Topic, signs: &Signs) -> Evidence {
    setting(topic).evidence(signs)
}

/// So many examples of each topic at most are learned from, that the system stays within its bound.
fn most_used(topics: &[Topic]) -> usize {
    let texts =
        |most: usize| topics.iter().map(|topic| OWN_TEXTS + topic.examples.len().min(most)).sum::<usize>();
    let longest = topics.iter().map(|topic| topic.examples.len()).max().unwrap_or(0);
    (0..longest).rev().map(|below| below + 1).find(|most| texts(*most) <= LEARNED_TEXTS).unwrap_or(0)
}

/// What is gathered of a taxonomy's own texts.
struct Texts {
    /// Examples of a topic that are learned from, at most.
    used: usize,
    centres: Rows,
    examples: Rows,
    ends: Vec<usize>,
    /// What is learned from: vectors, words, topics.
    learned: Rows,
    bags: Bags,
    topics: Vec<u16>,
    mentions: Builder,
}

impl Texts {
    fn new(used: usize, width: usize) -> Self {
        let rows = || Rows::new(width);
        Self {
            used,
            centres: rows(),
            examples: rows(),
            ends: Vec::new(),
            learned: rows(),
            bags: Bags::default(),
            topics: Vec::new(),
            mentions: Builder::default(),
        }
    }

    fn add(
        &mut self,
        number: u16,
        topic: &Topic,
        pieces: &Pieces<'_>,
        vectors: &mut impl Iterator<Item = Vec<i8>>,
    ) {
        let mut sum = Vec::new();
        for (at, (text, vector)) in texts_of(topic).zip(vectors).enumerate() {
            sum.resize(vector.len(), 0);
            sum.iter_mut().zip(&vector).for_each(|(total, value)| *total += i32::from(*value));
            self.examples.push(vector.iter().map(|value| i16::from(*value)));
            if at < OWN_TEXTS + self.used {
                self.learned.push(vector.iter().map(|value| i16::from(*value)));
                self.bags.push(&words_of(&text), pieces);
                self.topics.push(number);
            }
        }
        self.centres.push(direction(&sum));
        self.ends.push(self.ends.last().copied().unwrap_or(0) + OWN_TEXTS + topic.examples.len());
        mention(&mut self.mentions, number, topic, pieces);
    }
}

/// A sum brought to length 127.
fn direction(sum: &[i32]) -> impl Iterator<Item = i16> {
    let squares: f32 = sum.iter().map(|value| *value as f32 * *value as f32).sum();
    let scale = if squares > 0.0 { 127.0 / squares.sqrt() } else { 0.0 };
    sum.iter().map(move |value| (*value as f32 * scale).round() as i16)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::builtin::Builtin;

    /// All signs of all candidates for a text, with vectors that are padded to a width.
    fn signs(taxonomy: &Taxonomy, builtin: &Builtin<'_>, width: usize, text: &str) -> Vec<(u16, Signs)> {
        let embed = |text: &str| {
            let mut vector = builtin.pieces().embed(text).to_vec();
            vector.resize(width, 0);
            vector
        };
        let vectors = own_texts(taxonomy).map(|text| embed(&text)).collect();
        let matcher = TopicMatcher::new(taxonomy, builtin.pieces(), builtin.topics(), vectors);
        matcher.signs(&words_of(text), 0, &embed(text), &mut MatchRoom::default()).to_vec()
    }

    #[test]
    fn vectors_may_be_wider() {
        let (taxonomy, builtin) = (Taxonomy::standard().unwrap(), Builtin::committed().unwrap());
        let text = "the invoice was charged twice";
        let narrow = signs(&taxonomy, &builtin, 64, text);
        assert_eq!(taxonomy.get(narrow[0].0).unwrap().id, "billing");
        assert_eq!(narrow, signs(&taxonomy, &builtin, 384, text));
    }

    #[test]
    fn what_is_learned_from_is_bounded() {
        let topic = |examples: usize| Topic {
            examples: vec!["words".into(); examples],
            ..Taxonomy::standard().unwrap().topics()[0].clone()
        };
        assert_eq!(most_used(&[topic(5), topic(200)]), 200);
        assert_eq!(most_used(&vec![topic(10); 500]), 2);
        assert_eq!(most_used(&[]), 0);
    }
}
