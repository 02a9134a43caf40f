//! What the transformer learns from: labelled texts as rows of tokens.

use super::{RECIPE, batches};
use crate::train::contrasts::{self, Contrast};
use crate::train::data::{self, Row as Labelled, SETS, rows};
use crate::train::linear::{SplitMix, only};
use crate::train::seeds::{self, Seed};
use crate::train::{kinds, reviews, sentiment};
use analyze::encoder::transformer::{
    self,
    tokens::{Row, Tokenizer},
};
use analyze::encoder::{KINDS, SENTIMENTS};
use analyze::taxonomy::Taxonomy;
use anyhow::Result;
use feedback::judgement::{SentimentLabel, Urgency};
use feedback::kind::Contract;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// How a set's labellers saw things: each has an offset of its own while training, which inference leaves out.
pub const DOMAINS: usize = 7;
/// The domains behind the places in [`SETS`]: the written texts, and features of apps.
const WRITTEN: usize = 5;
const FEATURES: usize = 6;
/// How often a text of a set is read, by its place in [`SETS`].
const PASSES: [f32; SETS.len()] = [2.4, 2.0, 2.0, 4.0, 2.0];
const WRITTEN_PASSES: f32 = 4.0;
const FEATURE_PASSES: f32 = 2.0;
/// Of the texts without a question, so many are read as if they came from another source: what a tweet says is no less
/// negative in a ticket.
const ELSEWHERE: f32 = 0.2;
/// The emotions that goemotions' labellers told apart.
pub const EMOTIONS: usize = 28;
/// Sets of intents; their labels keep vectors apart. banking77's are not among them: it measures how well topics that
/// nobody trained on are told apart.
const INTENTS: [&str; 2] = ["clinc150", "bitext-8k"];

/// What is known of one text; a task without a label is not learned from it.
#[derive(Debug, Clone, Default)]
pub struct Example {
    pub row: Row,
    pub domain: usize,
    /// Shares of the readers who would say so.
    pub sentiment: Option<[f32; SENTIMENTS]>,
    /// Shares of the kinds that apply.
    pub kind: Option<[f32; KINDS]>,
    pub urgency: Option<usize>,
    /// Which of them apply: learned beside the sentiment, and left out of the finished network.
    pub emotions: Option<[f32; EMOTIONS]>,
    pub weight: f32,
    /// It answers a question.
    pub asked: bool,
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
        let seeds = seeds::read(&Taxonomy::standard()?)?.apart_from(&corpus);
        let emotions = emotions(root)?;
        let mut random = SplitMix(RECIPE.seed as u64);
        let mut of = |row: &Labelled| {
            let contract = source(row, batches::unit(&mut random));
            let emotions = emotions.get(&row.text).copied();
            Some(Example { emotions, ..example_of(row, contract, tokenizer)? })
        };
        let written = |seed: &Seed, weight| written(seed, weight, tokenizer);
        let mut train: Vec<Example> = corpus.train.iter().filter_map(&mut of).collect();
        train.extend(seeds.written().filter_map(|seed| written(seed, WRITTEN_PASSES)));
        train.extend(seeds.frames.iter().filter_map(|seed| written(seed, 1.0)));
        train.extend(seeds.padded.iter().filter_map(|seed| written(seed, 1.0)));
        train.extend(seeds.contrasts.iter().filter_map(|text| contrast(text, tokenizer)));
        train.extend(features(root, tokenizer)?);
        let mut dev: Vec<Example> =
            corpus.dev.iter().filter_map(|row| example_of(row, source(row, 1.0), tokenizer)).collect();
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

/// Where a text is said to come from, by a number drawn from 0 to 1.
fn source(row: &Labelled, drawn: f32) -> Contract {
    const OTHERS: [Contract; 3] = [Contract::Survey, Contract::Ticket, Contract::Nps];
    match row.contract() {
        Contract::Social if drawn < ELSEWHERE => {
            OTHERS[((drawn / ELSEWHERE * OTHERS.len() as f32) as usize).min(OTHERS.len() - 1)]
        }
        contract => contract,
    }
}

fn example_of(row: &Labelled, contract: Contract, tokenizer: &Tokenizer) -> Option<Example> {
    Some(Example {
        row: first_row(&context(contract, row.question.as_deref()), &row.text, tokenizer)?,
        domain: row.set,
        sentiment: Some(only(sentiment::class(&row.label)?)),
        asked: row.question.is_some(),
        weight: PASSES[row.set],
        ..Example::default()
    })
}

fn written(seed: &Seed, weight: f32, tokenizer: &Tokenizer) -> Option<Example> {
    Some(Example {
        row: first_row(&context(seed.contract(), seed.question.as_deref()), &seed.text, tokenizer)?,
        domain: WRITTEN,
        sentiment: seed.sentiment().and_then(|label| sentiment::class(label.as_str())).map(only),
        kind: Some(kind_shares(seed)?),
        urgency: seed.urgency.and_then(|wanted| Urgency::ALL.iter().position(|known| *known == wanted)),
        weight,
        asked: seed.question.is_some(),
        emotions: None,
    })
}

fn contrast(contrast: &Contrast, tokenizer: &Tokenizer) -> Option<Example> {
    let mut shares = [0.0; SENTIMENTS];
    shares[sentiment::class(contrast.sentiment.as_str())?] = contrast.sure;
    shares[sentiment::class(SentimentLabel::Neutral.as_str())?] += 1.0 - contrast.sure;
    Some(Example {
        row: first_row(&context(contrast.contract, contrast.question.as_deref()), &contrast.text, tokenizer)?,
        domain: WRITTEN,
        sentiment: Some(shares),
        asked: contrast.question.is_some(),
        weight: contrasts::WEIGHT,
        ..Example::default()
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

fn context(contract: impl Into<Option<Contract>>, question: Option<&str>) -> String {
    transformer::context(contract.into(), question)
}

/// Training reads the first row of a text only.
fn first_row(context: &str, text: &str, tokenizer: &Tokenizer) -> Option<Row> {
    tokenizer.rows(context, std::iter::once(text)).into_iter().next().filter(|row| !row.text().is_empty())
}

#[derive(Deserialize)]
struct Felt {
    text: String,
    label: Vec<String>,
}

/// By text.
fn emotions(root: &Path) -> Result<HashMap<String, [f32; EMOTIONS]>> {
    let all = rows::<Felt>(&root.join("goemotions/data.jsonl"))?;
    let names: BTreeSet<&String> = all.iter().flat_map(|felt| &felt.label).collect();
    anyhow::ensure!(names.len() == EMOTIONS, "goemotions names {} emotions", names.len());
    let shares = |felt: &Felt| {
        let mut shares = [0.0; EMOTIONS];
        let places = felt.label.iter().filter_map(|label| names.iter().position(|name| *name == label));
        places.for_each(|place| shares[place] = 1.0);
        shares
    };
    Ok(all.iter().map(|felt| (felt.text.clone(), shares(felt))).collect())
}

/// What a sentence says of one feature of an app: the sentiment is read where the feature stands.
fn features(root: &Path, tokenizer: &Tokenizer) -> Result<Vec<Example>> {
    let mut examples = Vec::new();
    for review in reviews::read(root, data::Split::Train)? {
        for (sentiment, phrase) in review.features() {
            let Some((before, after)) = review.text.split_once(phrase) else { continue };
            let Some(row) = span_row([before, phrase, after], tokenizer) else { continue };
            let sentiment = sentiment::class(sentiment).map(only);
            examples.push(Example {
                row,
                domain: FEATURES,
                sentiment,
                weight: FEATURE_PASSES,
                ..Example::default()
            });
        }
    }
    Ok(examples)
}

/// A row of which only the middle part is read out.
fn span_row(parts: [&str; 3], tokenizer: &Tokenizer) -> Option<Row> {
    let mut rows = tokenizer.rows(&context(Contract::Social, None), parts.into_iter());
    let mut row = rows.pop().filter(|_| rows.is_empty())?;
    row.segments.retain(|(part, tokens)| *part == 1 && !tokens.is_empty());
    (!row.segments.is_empty()).then_some(row)
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
