//! Sets of short texts with one intent each: taxonomies to draw, other than the default one.

use super::data::{Normaliser, Split, rows};
use super::linear::SplitMix;
use analyze::taxonomy::{MOST_EXAMPLES, Taxonomy};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// What clinc150 calls a text of no intent.
const OUT_OF_SCOPE: &str = "oos";

#[derive(Deserialize)]
struct Row {
    text: String,
    label: String,
    split: Split,
}

/// One split of a set.
pub struct Intents {
    /// Texts by intent.
    pub by_label: BTreeMap<String, Vec<String>>,
    pub out_of_scope: Vec<String>,
}

/// The splits of a set that are asked for, in their order. Of each, what stands in a later one too is left out.
pub fn read<const N: usize>(data: &Path, set: &str, splits: [Split; N]) -> Result<[Intents; N]> {
    let all = rows::<Row>(&data.join(set).join("data.jsonl"))?;
    let (mut normal, mut seen) = (Normaliser::default(), HashSet::new());
    let mut read = Vec::new();
    for split in splits.into_iter().rev() {
        let mut intents = Intents { by_label: BTreeMap::new(), out_of_scope: Vec::new() };
        let mut here = HashSet::new();
        for row in all.iter().filter(|row| row.split == split) {
            let key = normal.key(&row.text);
            here.insert(key);
            if seen.contains(&key) {
                continue;
            }
            match row.label.as_str() {
                OUT_OF_SCOPE => intents.out_of_scope.push(row.text.clone()),
                label => intents.by_label.entry(label.to_owned()).or_default().push(row.text.clone()),
            }
        }
        seen.extend(here);
        read.push(intents);
    }
    read.reverse();
    read.try_into().ok().context("a split was lost")
}

impl Intents {
    /// Only the intents that are wanted, by their place in the alphabet.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(usize) -> bool) -> Self {
        let kept = self.by_label.iter().enumerate().filter(|(at, _)| wanted(*at));
        Self {
            by_label: kept.map(|(_, (label, texts))| (label.clone(), texts.clone())).collect(),
            out_of_scope: self.out_of_scope.clone(),
        }
    }
}

/// A topic as a file of a taxonomy has it.
#[derive(Debug, Clone, Serialize)]
pub struct Written {
    pub id: String,
    pub name: String,
    pub description: String,
    pub examples: Vec<String>,
    pub keywords: Vec<String>,
}

#[derive(Serialize)]
struct File<'f> {
    version: &'f str,
    topic: &'f [Written],
}

pub fn taxonomy(topics: &[Written]) -> Result<Taxonomy> {
    let text = toml::to_string(&File { version: "drawn", topic: topics })?;
    Taxonomy::parse(&text).context("a drawn taxonomy is not valid")
}

/// A topic that is called as its intent, and knows no more of itself.
#[must_use]
pub fn topic(label: &str, examples: Vec<String>) -> Written {
    let id = label.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = label.replace(['_', '?'], " ").trim().to_owned();
    Written { id, description: name.clone(), name, examples, keywords: Vec::new() }
}

/// So many of the texts as examples, and the others; the same texts for the same state of `random`.
pub fn deal(texts: &[String], examples: usize, random: &mut SplitMix) -> (Vec<String>, Vec<String>) {
    let mut texts = texts.to_vec();
    random.shuffle(&mut texts);
    let rest = texts.split_off(examples.min(texts.len()).min(MOST_EXAMPLES));
    (texts, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intents_become_topics() {
        let texts: Vec<String> = ["one \"quoted\"", "two\n", "three"].map(str::to_owned).to_vec();
        let (examples, rest) = deal(&texts, 2, &mut SplitMix(1));
        assert_eq!((examples.len(), rest.len()), (2, 1));
        let taxonomy = taxonomy(&[topic("Refund_not_showing_up?", examples.clone())]).unwrap();
        let topic = taxonomy.get(0).unwrap();
        assert_eq!(
            (topic.id.as_str(), topic.name.as_str()),
            ("refund_not_showing_up_", "Refund not showing up")
        );
        assert_eq!(topic.examples, examples);
    }
}
