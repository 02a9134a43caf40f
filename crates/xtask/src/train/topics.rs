//! How the evidence for a topic is weighed: a logistic model over (segment, topic) pairs of the seed set.
//!
//! Fitted with the default taxonomy as it is; with each fifth of its examples taken out and read as segments;
//! and with all examples and keywords taken away, so that the one model also reads taxonomies of names and descriptions.

use super::reader::Reader;
use super::seeds::Seed;
use analyze::encoder::weights::TopicFacts;
use analyze::encoder::wordpiece::{self, DIMENSIONS, Pieces};
use analyze::taxonomy::Taxonomy;
use analyze::topics::{EVIDENCE, Evidence, MatchRoom, TopicMatcher};
use anyhow::Result;
use feedback::judgement::FeedbackKind;
use std::collections::BTreeMap;

/// How much a pair counts that was seen without examples.
const BARE_WEIGHT: f32 = 0.3;
const FOLDS: usize = 5;
const ROUNDS: usize = 4000;
const RATE: f32 = 0.5;
const DECAY: f32 = 3e-3;

struct Pair {
    evidence: Evidence,
    said: bool,
    weight: f32,
}

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

#[must_use]
pub fn untrained() -> TopicFacts {
    TopicFacts { bias: 0.0, coefficients: vec![0.0; EVIDENCE], threshold: 0.5 }
}

pub fn fit(taxonomy: &Taxonomy, pieces: &Pieces<'_>, train: &[Seed], dev: &[Seed]) -> Result<TopicFacts> {
    let mut pairs = pairs(taxonomy, pieces, train, 1.0);
    pairs.extend(self::pairs(&without(taxonomy, |_| false, false)?, pieces, train, BARE_WEIGHT));
    for fold in 0..FOLDS {
        let out = taxonomy.topics().iter().flat_map(|topic| {
            let examples = topic.examples.iter().enumerate().filter(move |(at, _)| at % FOLDS == fold);
            examples.map(|(_, text)| seed_of(text, &topic.id))
        });
        let out: Vec<Seed> = out.collect();
        pairs.extend(self::pairs(&without(taxonomy, |at| at % FOLDS != fold, true)?, pieces, &out, 1.0));
    }
    let mut facts = descend(&pairs);
    facts.threshold = best_threshold(taxonomy, pieces, dev, &facts);
    Ok(facts)
}

fn seed_of(text: &str, topic: &str) -> Seed {
    Seed { topics: Some(vec![topic.to_owned()]), ..Seed::of(text.to_owned(), FeedbackKind::Other) }
}

/// The taxonomy with a part of its examples, with or without its keywords.
pub fn without(taxonomy: &Taxonomy, keep: impl Fn(usize) -> bool, keywords: bool) -> Result<Taxonomy> {
    let mut text = String::from("version = \"part\"\n");
    for topic in taxonomy.topics() {
        let examples: Vec<&String> =
            topic.examples.iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, text)| text).collect();
        let keywords: &[String] = if keywords { &topic.keywords } else { &[] };
        text += &format!(
            "[[topic]]\nid = {:?}\nname = {:?}\ndescription = {:?}\nexamples = {examples:?}\nkeywords = {keywords:?}\n",
            topic.id, topic.name, topic.description
        );
    }
    Ok(Taxonomy::parse(&text)?)
}

/// Of the segments of texts with one segment or one topic at most: of others nobody said which is which.
fn pairs(taxonomy: &Taxonomy, pieces: &Pieces<'_>, seeds: &[Seed], weight: f32) -> Vec<Pair> {
    let matcher = TopicMatcher::new(taxonomy, pieces, untrained());
    let (mut reader, mut room, mut pairs) = (Reader::new(pieces), MatchRoom::default(), Vec::new());
    for seed in seeds {
        let Some(topics) = &seed.topics else { continue };
        let read = reader.read(&seed.text, seed.question.as_deref());
        if read.words.segments() != 1 && !topics.is_empty() {
            continue;
        }
        for segment in 0..read.words.segments() {
            let mut sum = [0; DIMENSIONS];
            pieces.add(read.words, read.words.segment(segment), &mut sum);
            let vector = wordpiece::normalised(&sum);
            for (topic, evidence) in matcher.evidence(read.words, segment, &vector, &mut room) {
                let said = topics.iter().any(|id| taxonomy.find(id) == Some(*topic));
                pairs.push(Pair { evidence: *evidence, said, weight });
            }
        }
    }
    pairs
}

/// Logistic regression by full gradients on standardised evidence.
fn descend(pairs: &[Pair]) -> TopicFacts {
    let all: f32 = pairs.iter().map(|pair| pair.weight).sum();
    let mean: Evidence =
        std::array::from_fn(|at| pairs.iter().map(|p| p.weight * p.evidence[at]).sum::<f32>() / all);
    let spread: Evidence = std::array::from_fn(|at| {
        let squares: f32 = pairs.iter().map(|p| p.weight * (p.evidence[at] - mean[at]).powi(2)).sum();
        (squares / all).sqrt().max(1e-3)
    });
    let standard = |evidence: &Evidence| -> Evidence {
        std::array::from_fn(|at| (evidence[at] - mean[at]) / spread[at])
    };
    let rows: Vec<(Evidence, f32, f32)> = pairs
        .iter()
        .map(|pair| (standard(&pair.evidence), f32::from(u8::from(pair.said)), pair.weight))
        .collect();
    let (mut bias, mut weights) = (0f32, [0f32; EVIDENCE]);
    for _ in 0..ROUNDS {
        let (mut bias_gradient, mut gradient) = (0f32, [0f32; EVIDENCE]);
        for (x, said, weight) in &rows {
            let score: f32 = bias + x.iter().zip(&weights).map(|(x, w)| x * w).sum::<f32>();
            let error = weight * (1.0 / (1.0 + (-score).exp()) - said) / all;
            bias_gradient += error;
            gradient.iter_mut().zip(x).for_each(|(g, x)| *g += error * x);
        }
        bias -= RATE * bias_gradient;
        weights.iter_mut().zip(gradient).for_each(|(w, g)| *w -= RATE * (g + DECAY * *w));
    }
    let coefficients: Vec<f32> = (0..EVIDENCE).map(|at| weights[at] / spread[at]).collect();
    let bias = bias - coefficients.iter().zip(&mean).map(|(c, m)| c * m).sum::<f32>();
    TopicFacts { bias, coefficients, threshold: 0.5 }
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
    let matcher = TopicMatcher::new(taxonomy, pieces, facts.clone());
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
        let mut sum = [0; DIMENSIONS];
        pieces.add(read.words, read.words.segment(segment), &mut sum);
        matcher.matches(read.words, segment, &wordpiece::normalised(&sum), &mut room, |topic, confidence| {
            let best = found.entry(topic).or_insert(0f32);
            *best = best.max(confidence);
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_that_tells_gets_weight() {
        let pair = |at: usize| {
            let mut evidence = [0.1 * (at % 3) as f32; EVIDENCE];
            evidence[0] = if at.is_multiple_of(2) { 0.9 } else { 0.2 };
            Pair { evidence, said: at.is_multiple_of(2), weight: 1.0 }
        };
        let facts = descend(&(0..60).map(pair).collect::<Vec<_>>());
        assert!(facts.coefficients[0] > 1.0 && facts.coefficients[0] > facts.coefficients[4].abs());
    }
}
