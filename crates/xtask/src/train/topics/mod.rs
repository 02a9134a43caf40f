//! How the evidence for a topic is weighed: a logistic model over (segment, topic) pairs.
//!
//! Fitted on the seed set with the default taxonomy as it is; with each fifth of its examples taken out and read as
//! segments; without keywords and with fewer and fewer examples, so that the one model also reads taxonomies of names and
//! descriptions; and on taxonomies drawn from other sets.

pub mod drawn;
mod logistic;
mod pairs;

use super::intents::{self, Written};
use super::seeds::Seed;
use super::space::{Passage, Space};
use analyze::encoder::weights::TopicFacts;
use analyze::encoder::wordpiece::Pieces;
use analyze::encoder::words::Words;
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

/// How texts are read: words by their pieces, vectors of one space.
#[derive(Clone, Copy)]
pub struct Eyes<'e> {
    pub pieces: &'e Pieces<'e>,
    pub space: &'e dyn Space,
}

impl Eyes<'_> {
    pub fn matcher(&self, taxonomy: &Taxonomy, facts: &TopicFacts) -> Result<TopicMatcher> {
        let texts: Vec<String> = analyze::topics::own_texts(taxonomy).collect();
        let passages: Vec<Passage<'_>> = texts.iter().map(|text| Passage::whole(text)).collect();
        let vectors = self.space.vectors(&passages)?.into_iter().flatten().collect();
        Ok(TopicMatcher::new(taxonomy, self.pieces, facts, vectors))
    }
}

pub fn fit(
    taxonomy: &Taxonomy,
    eyes: Eyes<'_>,
    pool: &Pool,
    train: &[Seed],
    dev: &[Seed],
) -> Result<TopicFacts> {
    let mut pairs = pairs(taxonomy, eyes, train, 1.0)?;
    for third in 0..=EXAMPLE_PARTS {
        let part = without(taxonomy, |at| at % EXAMPLE_PARTS < third, false)?;
        pairs.extend(pairs::pairs(&part, eyes, train, BARE_WEIGHT)?);
    }
    for fold in 0..FOLDS {
        let out = taxonomy.topics().iter().flat_map(|topic| {
            let examples = topic.examples.iter().enumerate().filter(move |(at, _)| at % FOLDS == fold);
            examples.map(|(_, text)| seed_of(text, &topic.id))
        });
        let out: Vec<Seed> = out.collect();
        pairs.extend(pairs::pairs(&without(taxonomy, |at| at % FOLDS != fold, true)?, eyes, &out, 1.0)?);
    }
    let mut drawn = pool.pairs(eyes)?;
    let weight = DRAWN_SHARE * pairs.iter().map(|pair| pair.weight).sum::<f32>() / drawn.len().max(1) as f32;
    drawn.iter_mut().for_each(|pair| pair.weight = weight);
    pairs.extend(drawn);
    let mut facts = logistic::fit(&pairs);
    facts.threshold = best_threshold(taxonomy, eyes, dev, &facts)?;
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

fn best_threshold(taxonomy: &Taxonomy, eyes: Eyes<'_>, dev: &[Seed], facts: &TopicFacts) -> Result<f32> {
    let (mut best, mut best_score) = (0.5, 0.0);
    for percent in (20..=80).step_by(2) {
        let threshold = percent as f32 / 100.0;
        let found = score(taxonomy, eyes, dev, &TopicFacts { threshold, ..facts.clone() })?.f1();
        if found > best_score {
            (best, best_score) = (threshold, found);
        }
    }
    Ok(best)
}

/// Topics of whole texts: the union over their segments, against the seeds' labels.
pub fn score(taxonomy: &Taxonomy, eyes: Eyes<'_>, seeds: &[Seed], facts: &TopicFacts) -> Result<TopicScores> {
    let matcher = eyes.matcher(taxonomy, facts)?;
    let labelled: Vec<(&Seed, &Vec<String>)> =
        seeds.iter().filter_map(|seed| Some((seed, seed.topics.as_ref()?))).collect();
    let passages: Vec<Passage<'_>> = labelled.iter().map(|(seed, _)| seed.passage()).collect();
    let mut scores = TopicScores::default();
    for ((passage, vectors), (_, topics)) in
        passages.iter().zip(eyes.space.vectors(&passages)?).zip(&labelled)
    {
        let found = topics_of(&matcher, &passage.words(), &vectors);
        let gold: Vec<u16> = topics.iter().filter_map(|id| taxonomy.find(id)).collect();
        let hits = gold.iter().filter(|topic| found.contains_key(topic)).count();
        scores.texts += 1;
        scores.hits += hits;
        scores.misses += gold.len() - hits;
        scores.false_alarms += found.len() - hits;
        scores.off_topic += usize::from(gold.is_empty());
        scores.off_topic_right += usize::from(gold.is_empty() && found.is_empty());
    }
    Ok(scores)
}

fn topics_of(matcher: &TopicMatcher, words: &Words, vectors: &[Vec<i8>]) -> BTreeMap<u16, f32> {
    let (mut room, mut found) = (MatchRoom::default(), BTreeMap::new());
    for (segment, vector) in vectors.iter().enumerate() {
        matcher.matches(words, segment, vector, &mut room, |topic, confidence| {
            let best = found.entry(topic).or_insert(0f32);
            *best = best.max(confidence);
        });
    }
    found
}
