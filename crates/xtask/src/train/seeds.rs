//! The seed set of kinds and topics, written for this project: `data/seeds.jsonl`.

use super::data::{Split, rows};
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
    pub source: String,
    #[serde(default)]
    pub question: Option<String>,
    pub split: Split,
}

pub struct Seeds {
    pub train: Vec<Seed>,
    pub dev: Vec<Seed>,
    pub test: Vec<Seed>,
}

pub fn read(taxonomy: &Taxonomy) -> Result<Seeds> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/seeds.jsonl");
    let all: Vec<Seed> = rows(&path)?;
    let mut seen = HashSet::new();
    for seed in &all {
        ensure!(seen.insert(seed.text.to_lowercase()), "the seed {:?} stands twice", seed.text);
        for topic in &seed.topics {
            taxonomy.find(topic).with_context(|| format!("the seed {:?} names no topic {topic}", seed.text))?;
        }
    }
    let of = |split| all.iter().filter(|seed| seed.split == split).cloned().collect();
    Ok(Seeds { train: of(Split::Train), dev: of(Split::Dev), test: of(Split::Test) })
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
