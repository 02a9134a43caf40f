//! How the evidence for a topic is weighed: a logistic model over (segment, topic) pairs.
//!
//! Fitted on the seed set with the default taxonomy as it is; with each fifth of its examples taken out and read as
//! segments; without keywords and with fewer and fewer examples, so that the one model also reads taxonomies of names and
//! descriptions; and on taxonomies drawn from other sets.

pub mod drawn;
mod logistic;
mod pairs;

use super::intents::{self, Written};
use super::reader::Reader;
use super::seeds::Seed;
use analyze::encoder::weights::TopicFacts;
use analyze::encoder::wordpiece::Pieces;
use analyze::taxonomy::{Taxonomy, Topic};
use analyze::topics::{MatchRoom, TopicMatcher};
use anyhow::Result;
use drawn::Pool;
use feedback::judgement::FeedbackKind;
use pairs::pairs;
use std::collections::BTreeMap;

/// How much a pair counts that was seen without keywords, and with none, one, two or all thirds of the examples.
const BARE_WEIGHT: f32 = 0.3;
const EXAMPLE_PARTS: usize = 3;
/// What the drawn taxonomies count, all together, beside the default one.
const DRAWN_SHARE: f32 = 1.0;
const FOLDS: usize = 5;

/// What a topic matcher found and missed; "no topic" is the absence of findings.
#[derive(Debug, Default, Clone, Copy)]
pub struct TopicScores {
    pub texts: usize,
    pub hits: usize,
    pub false_alarms: usize,
    pub misses: usize,
    /// Of the texts about nothing in the taxonomy: how many, and how many got no topic.
    pub off_topic: usize,
    pub off_topic_right: usize,
}

impl TopicScores {
    #[must_use]
    pub fn precision(&self) -> f64 {
        self.hits as f64 / (self.hits + self.false_alarms).max(1) as f64
    }

    #[must_use]
    pub fn recall(&self) -> f64 {
        self.hits as f64 / (self.hits + self.misses).max(1) as f64
    }

    #[must_use]
    pub fn f1(&self) -> f64 {
        2.0 * self.hits as f64 / (2 * self.hits + self.false_alarms + self.misses).max(1) as f64
    }
}

/// With the vectors of the pieces.
#[must_use]
pub fn matcher(taxonomy: &Taxonomy, pieces: &Pieces<'_>, facts: &TopicFacts) -> TopicMatcher {
    TopicMatcher::new(taxonomy, pieces, facts, &mut |text| pieces.embed(text).to_vec())
}

pub fn fit(
    taxonomy: &Taxonomy,
    pieces: &Pieces<'_>,
    pool: &Pool,
    train: &[Seed],
    dev: &[Seed],
) -> Result<TopicFacts> {
    let mut pairs = pairs(taxonomy, pieces, train, 1.0);
    for third in 0..=EXAMPLE_PARTS {
        let part = without(taxonomy, |at| at % EXAMPLE_PARTS < third, false)?;
        pairs.extend(pairs::pairs(&part, pieces, train, BARE_WEIGHT));
    }
    for fold in 0..FOLDS {
        let out = taxonomy.topics().iter().flat_map(|topic| {
            let examples = topic.examples.iter().enumerate().filter(move |(at, _)| at % FOLDS == fold);
            examples.map(|(_, text)| seed_of(text, &topic.id))
        });
        let out: Vec<Seed> = out.collect();
        pairs.extend(pairs::pairs(&without(taxonomy, |at| at % FOLDS != fold, true)?, pieces, &out, 1.0));
    }
    let mut drawn = pool.pairs(pieces)?;
    let weight = DRAWN_SHARE * pairs.iter().map(|pair| pair.weight).sum::<f32>() / drawn.len().max(1) as f32;
    drawn.iter_mut().for_each(|pair| pair.weight = weight);
    pairs.extend(drawn);
    let mut facts = logistic::fit(&pairs);
    facts.threshold = best_threshold(taxonomy, pieces, dev, &facts);
    Ok(facts)
}

fn seed_of(text: &str, topic: &str) -> Seed {
    Seed { topics: Some(vec![topic.to_owned()]), ..Seed::of(text.to_owned(), FeedbackKind::Other) }
}

/// The taxonomy with a part of its examples, with or without its keywords.
pub fn without(taxonomy: &Taxonomy, keep: impl Fn(usize) -> bool, keywords: bool) -> Result<Taxonomy> {
    let part = |topic: &Topic| {
        let kept = topic.examples.iter().enumerate().filter(|(at, _)| keep(*at));
        Written {
            id: topic.id.clone(),
            name: topic.name.clone(),
            description: topic.description.clone(),
            examples: kept.map(|(_, text)| text.clone()).collect(),
            keywords: if keywords { topic.keywords.clone() } else { Vec::new() },
        }
    };
    intents::taxonomy(&taxonomy.topics().iter().map(part).collect::<Vec<_>>())
}

fn best_threshold(taxonomy: &Taxonomy, pieces: &Pieces<'_>, dev: &[Seed], facts: &TopicFacts) -> f32 {
    let score =
        |threshold: f32| score(taxonomy, pieces, dev, &TopicFacts { threshold, ..facts.clone() }).f1();
    let grid = (20..=80).step_by(2).map(|percent| percent as f32 / 100.0);
    grid.fold((0.5, 0.0), |best, threshold| {
        let found = score(threshold);
        if found > best.1 { (threshold, found) } else { best }
    })
    .0
}

/// Topics of whole texts: the union over their segments, against the seeds' labels.
#[must_use]
pub fn score(taxonomy: &Taxonomy, pieces: &Pieces<'_>, seeds: &[Seed], facts: &TopicFacts) -> TopicScores {
    let matcher = matcher(taxonomy, pieces, facts);
    let mut reader = Reader::new(pieces);
    let mut scores = TopicScores::default();
    for seed in seeds {
        let Some(topics) = &seed.topics else { continue };
        let found = topics_of(&matcher, pieces, &mut reader, seed);
        let gold: Vec<u16> = topics.iter().filter_map(|id| taxonomy.find(id)).collect();
        let hits = gold.iter().filter(|topic| found.contains_key(topic)).count();
        scores.texts += 1;
        scores.hits += hits;
        scores.misses += gold.len() - hits;
        scores.false_alarms += found.len() - hits;
        scores.off_topic += usize::from(gold.is_empty());
        scores.off_topic_right += usize::from(gold.is_empty() && found.is_empty());
    }
    scores
}

fn topics_of(
    matcher: &TopicMatcher,
    pieces: &Pieces<'_>,
    reader: &mut Reader<'_>,
    seed: &Seed,
) -> BTreeMap<u16, f32> {
    let read = reader.read(&seed.text, seed.question.as_deref());
    let (mut room, mut found) = (MatchRoom::default(), BTreeMap::new());
    for segment in 0..read.words.segments() {
        let vector = pieces.vector(read.words, read.words.segment(segment));
        matcher.matches(read.words, segment, &vector, &mut room, |topic, confidence| {
            let best = found.entry(topic).or_insert(0f32);
            *best = best.max(confidence);
        });
    }
    found
}
