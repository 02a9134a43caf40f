//! Pairs of a segment and a topic: the evidence, and whether the text is about the topic.

use super::matcher;
use crate::train::reader::Reader;
use crate::train::seeds::Seed;
use analyze::encoder::weights::TopicFacts;
use analyze::encoder::wordpiece::Pieces;
use analyze::taxonomy::Taxonomy;
use analyze::topics::{EVIDENCE, Evidence, MatchRoom, evidence};

pub struct Pair {
    pub evidence: Evidence,
    pub said: bool,
    pub weight: f32,
}

/// Of the segments of texts with one segment or one topic at most: of others nobody said which is which.
pub fn pairs(taxonomy: &Taxonomy, pieces: &Pieces<'_>, seeds: &[Seed], weight: f32) -> Vec<Pair> {
    let untrained = TopicFacts { bias: 0.0, coefficients: vec![0.0; EVIDENCE], threshold: 0.5 };
    let matcher = matcher(taxonomy, pieces, &untrained);
    let (mut reader, mut room, mut pairs) = (Reader::new(pieces), MatchRoom::default(), Vec::new());
    for seed in seeds {
        let Some(topics) = &seed.topics else { continue };
        let read = reader.read(&seed.text, seed.question.as_deref());
        if read.words.segments() != 1 && !topics.is_empty() {
            continue;
        }
        for segment in 0..read.words.segments() {
            let vector = pieces.vector(read.words, read.words.segment(segment));
            for (topic, signs) in matcher.signs(read.words, segment, &vector, &mut room) {
                let Some(topic) = taxonomy.get(*topic) else { continue };
                pairs.push(Pair {
                    evidence: evidence(topic, signs),
                    said: topics.contains(&topic.id),
                    weight,
                });
            }
        }
    }
    pairs
}
