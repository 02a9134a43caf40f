//! Pairs of a segment and a topic: the evidence, and whether the text is about the topic.

use super::Eyes;
use crate::train::seeds::Seed;
use crate::train::space::Passage;
use analyze::encoder::weights::TopicFacts;
use analyze::taxonomy::Taxonomy;
use analyze::topics::{EVIDENCE, Evidence, MatchRoom, evidence};
use anyhow::Result;

pub struct Pair {
    pub evidence: Evidence,
    pub said: bool,
    pub weight: f32,
}

/// Of the segments of texts with one segment or one topic at most: of others nobody said which is which.
pub fn pairs(taxonomy: &Taxonomy, eyes: Eyes<'_>, seeds: &[Seed], weight: f32) -> Result<Vec<Pair>> {
    let untrained = TopicFacts { bias: 0.0, coefficients: vec![0.0; EVIDENCE], threshold: 0.5 };
    let matcher = eyes.matcher(taxonomy, &untrained)?;
    let clear = |seed: &&Seed| {
        let topics = seed.topics.as_ref();
        topics.is_some_and(|topics| topics.is_empty() || seed.passage().segments().len() == 1)
    };
    let seeds: Vec<&Seed> = seeds.iter().filter(clear).collect();
    let passages: Vec<Passage<'_>> = seeds.iter().map(|seed| seed.passage()).collect();
    let (mut room, mut pairs) = (MatchRoom::default(), Vec::new());
    for ((seed, passage), vectors) in seeds.iter().zip(&passages).zip(eyes.space.vectors(&passages)?) {
        let words = passage.words();
        for (segment, vector) in vectors.iter().enumerate() {
            for (topic, signs) in matcher.signs(&words, segment, vector, &mut room) {
                let Some(topic) = taxonomy.get(*topic) else { continue };
                let said = seed.topics.iter().flatten().any(|said| *said == topic.id);
                pairs.push(Pair { evidence: evidence(topic, signs), said, weight });
            }
        }
    }
    Ok(pairs)
}
