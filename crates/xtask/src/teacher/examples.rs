//! What the transformer learns from: labelled texts as rows of tokens.

use super::RECIPE;
use crate::train::data::{self, Row as Labelled, SETS, rows};
use crate::train::seeds::{self, Seed};
use crate::train::{kinds, sentiment};
use analyze::encoder::KINDS;
use analyze::encoder::transformer::tokens::{Row, Tokenizer};
use analyze::taxonomy::Taxonomy;
use anyhow::Result;
use feedback::judgement::Urgency;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// How a set's labellers saw things: each has an offset of its own while training, which inference leaves out.
pub const DOMAINS: usize = 5;
/// The written texts' domain; the others are the places in [`SETS`].
const WRITTEN: usize = 4;
/// Sets of intents; their labels keep vectors apart. banking77's are not among them: it measures how well topics that
/// nobody trained on are told apart.
const INTENTS: [&str; 2] = ["clinc150", "bitext-8k"];

/// What is known of one text; a task without a label is not learned from it.
#[derive(Debug, Clone)]
pub struct Example {
    pub row: Row,
    pub domain: usize,
    pub sentiment: Option<usize>,
    /// Shares of the kinds that apply.
    pub kind: Option<[f32; KINDS]>,
    pub urgency: Option<usize>,
    pub weight: f32,
}

pub struct Examples {
    pub train: Vec<Example>,
    pub dev: Vec<Example>,
    /// Texts by intent.
    pub intents: Vec<Vec<Row>>,
}

#[derive(Deserialize)]
struct Intent {
    text: String,
    label: String,
    split: data::Split,
}

impl Examples {
    pub fn gather(root: &Path, tokenizer: &Tokenizer) -> Result<Self> {
        let corpus = data::read(root)?;
        let seeds = seeds::read(&Taxonomy::standard()?)?;
        let of = |row: &Labelled| example_of(row, tokenizer);
        let written = |seed: &Seed, weight| written(seed, weight, tokenizer);
        let mut train: Vec<Example> = corpus.train.iter().filter_map(of).collect();
        train.extend(seeds.train.iter().filter_map(|seed| written(seed, 3.0)));
        train.extend(seeds.frames.iter().filter_map(|seed| written(seed, 1.0)));
        let mut dev: Vec<Example> = corpus.dev.iter().filter_map(of).collect();
        dev.extend(seeds.dev.iter().filter_map(|seed| written(seed, 1.0)));
        Ok(Self { train, dev, intents: intents(root, tokenizer)? })
    }

    pub fn summary(&self) -> String {
        format!(
            "{} texts to learn from, {} to tune on, {} intents with {} texts",
            self.train.len(),
            self.dev.len(),
            self.intents.len(),
            self.intents.iter().map(Vec::len).sum::<usize>()
        )
    }
}

fn example_of(row: &Labelled, tokenizer: &Tokenizer) -> Option<Example> {
    let source = match SETS[row.set].name {
        "nhs-fft" => "survey",
        _ => "social",
    };
    Some(Example {
        row: first_row(&context(source, row.question.as_deref()), &row.text, tokenizer)?,
        domain: row.set,
        sentiment: Some(sentiment::class(&row.label)?),
        kind: None,
        urgency: None,
        weight: row.weight,
    })
}

fn written(seed: &Seed, weight: f32, tokenizer: &Tokenizer) -> Option<Example> {
    Some(Example {
        row: first_row(&context(&seed.source, seed.question.as_deref()), &seed.text, tokenizer)?,
        domain: WRITTEN,
        sentiment: seed.sentiment().and_then(|label| sentiment::class(label.as_str())),
        kind: Some(kind_shares(seed)?),
        urgency: seed.urgency.and_then(|wanted| Urgency::ALL.iter().position(|known| *known == wanted)),
        weight,
    })
}

/// The kind to act on first weighs as much as all others together.
fn kind_shares(seed: &Seed) -> Option<[f32; KINDS]> {
    let mut shares = [0.0; KINDS];
    let others = seed.kinds.len() - 1;
    for (at, kind) in seed.kinds.iter().enumerate() {
        let share = match (at, others) {
            (0, 0) => 1.0,
            (0, _) => 0.6,
            _ => 0.4 / others as f32,
        };
        shares[kinds::class(*kind)?] += share;
    }
    Some(shares)
}

/// Where a text comes from and what was asked, as one line.
pub fn context(source: &str, question: Option<&str>) -> String {
    format!("{source} {}", question.unwrap_or_default()).trim().to_owned()
}

/// Training reads the beginning of a text only.
fn first_row(context: &str, text: &str, tokenizer: &Tokenizer) -> Option<Row> {
    let mut row = tokenizer.rows(context, std::iter::once(text)).into_iter().next()?;
    if row.ids.len() > RECIPE.longest {
        let last = row.ids.pop()?;
        row.ids.truncate(RECIPE.longest - 1);
        row.ids.push(last);
        let end = row.ids.len() - 1;
        for (_, tokens) in &mut row.segments {
            tokens.end = tokens.end.min(end);
        }
    }
    (!row.text().is_empty()).then_some(row)
}

fn intents(root: &Path, tokenizer: &Tokenizer) -> Result<Vec<Vec<Row>>> {
    let mut by_label: BTreeMap<(usize, String), Vec<Row>> = BTreeMap::new();
    for (set, name) in INTENTS.iter().enumerate() {
        for intent in rows::<Intent>(&root.join(name).join("data.jsonl"))? {
            if intent.split == data::Split::Train && intent.label != "oos" {
                let row = first_row("", &intent.text, tokenizer);
                by_label.entry((set, intent.label)).or_default().extend(row);
            }
        }
    }
    Ok(by_label.into_values().filter(|rows| rows.len() >= 8).collect())
}
