//! The seed set of kinds and topics, written for this project: `data/seeds.jsonl`.

use super::data::{Row, Split, rows};
use super::frames;
use analyze::taxonomy::Taxonomy;
use anyhow::{Context, Result, ensure};
use feedback::judgement::FeedbackKind;
use serde::Deserialize;
use std::collections::HashSet;
use std::path::Path;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    pub text: String,
    pub kind: FeedbackKind,
    /// Ids of the default taxonomy; none where the text is about something else.
    pub topics: Vec<String>,
    /// Where such a text comes from; nothing is judged by it.
    #[allow(dead_code)] // The sets name it.
    pub source: String,
    #[serde(default)]
    pub question: Option<String>,
    pub split: Split,
}

impl Seed {
    /// The sentiment that the kind implies, where it does: how software is talked about stands in no set.
    #[must_use]
    pub fn sentiment(&self) -> Option<&'static str> {
        match self.kind {
            FeedbackKind::Praise => Some("positive"),
            FeedbackKind::Bug | FeedbackKind::Complaint => Some("negative"),
            FeedbackKind::Question | FeedbackKind::FeatureRequest | FeedbackKind::Other => Some("neutral"),
            FeedbackKind::Cancellation | FeedbackKind::Unknown => None,
        }
    }
}

/// What a written and a drawn text count in the training of sentiment.
const WRITTEN_WEIGHT: f32 = 3.0;
const DRAWN_WEIGHT: f32 = 0.5;

pub struct Seeds {
    pub train: Vec<Seed>,
    /// Drawn sentences, for the training of kinds only.
    pub frames: Vec<Seed>,
    pub dev: Vec<Seed>,
    pub test: Vec<Seed>,
}

impl Seeds {
    /// The training seeds as texts with a sentiment.
    pub fn sentiment_rows(&self) -> impl Iterator<Item = Row> {
        let weighed = |weight| move |seed| (seed, weight);
        let all = self
            .train
            .iter()
            .map(weighed(WRITTEN_WEIGHT))
            .chain(self.frames.iter().map(weighed(DRAWN_WEIGHT)));
        all.filter_map(|(seed, weight): (&Seed, f32)| {
            Some(Row::written(&seed.text, seed.question.as_deref(), seed.sentiment()?, weight))
        })
    }
}

pub fn read(taxonomy: &Taxonomy) -> Result<Seeds> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/seeds.jsonl");
    let all: Vec<Seed> = rows(&path)?;
    let mut seen = HashSet::new();
    for seed in &all {
        ensure!(seen.insert(seed.text.to_lowercase()), "the seed {:?} stands twice", seed.text);
        for topic in &seed.topics {
            taxonomy
                .find(topic)
                .with_context(|| format!("the seed {:?} names no topic {topic}", seed.text))?;
        }
    }
    let of = |split| all.iter().filter(|seed| seed.split == split).cloned().collect();
    Ok(Seeds { train: of(Split::Train), frames: frames::draw()?, dev: of(Split::Dev), test: of(Split::Test) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_are_sound() {
        let seeds = read(&Taxonomy::standard().unwrap()).unwrap();
        let all = || seeds.train.iter().chain(&seeds.dev).chain(&seeds.test);
        assert!(all().count() >= 600);
        for kind in &FeedbackKind::ALL[..7] {
            assert!(all().filter(|seed| seed.kind == *kind).count() >= 40, "{kind}");
        }
        assert!(all().filter(|seed| seed.topics.is_empty()).count() >= 60);
    }
}
