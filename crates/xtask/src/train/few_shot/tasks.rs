//! What is measured: taxonomies with their examples, and texts to sort.

use crate::train::data::{Split, rows};
use crate::train::intents::{self, Intents, Written};
use crate::train::linear::SplitMix;
use crate::train::topics::drawn::is_held_out;
use analyze::Taxonomy;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

const DRAWS: usize = 5;
const EXAMPLES: usize = 10;
const SEED: u64 = 77;
/// Of an intent of banking77's train split, which has no dev split beside it.
const DEV_TEXTS: usize = 26;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    Dev,
    Test,
}

impl Texts {
    /// Of a set that has no dev split: train stands in for it.
    #[must_use]
    pub fn without_dev(self) -> Split {
        match self {
            Self::Dev => Split::Train,
            Self::Test => Split::Test,
        }
    }

    fn split(self) -> Split {
        match self {
            Self::Dev => Split::Dev,
            Self::Test => Split::Test,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// The likeliest topic; each text has one, or none.
    Likeliest,
    /// The likeliest, and how well its probability tells.
    Calibration,
    /// All topics from the threshold on; a text may have several.
    Threshold,
}

pub struct Task {
    pub figure: Figure,
    pub topics: Vec<Written>,
    pub texts: Vec<Text>,
    /// What the baseline chooses its threshold on.
    pub dev: Vec<Text>,
}

#[derive(Debug, Clone)]
pub struct Text {
    pub text: String,
    pub question: Option<String>,
    /// Places of the topics; empty: none of these.
    pub topics: Vec<usize>,
}

impl Task {
    pub fn taxonomy(&self) -> Result<Taxonomy> {
        intents::taxonomy(&self.topics)
    }
}

/// Tasks that differ in the draw alone, by name.
pub fn all(data: &Path, texts: Texts) -> Result<Vec<(String, Vec<Task>)>> {
    let mut groups = Vec::new();
    for (examples, name) in [(EXAMPLES, "10 examples"), (0, "names only")] {
        let draws = if examples == 0 { 1 } else { DRAWS };
        groups.push((format!("banking77, {name}"), banking(data, texts, examples, draws)?));
        groups.push((format!("clinc150, {name}"), clinc(data, texts, examples, draws, None)?));
    }
    let held_out = clinc(data, texts, EXAMPLES, DRAWS, Some(Figure::Calibration))?;
    groups.push(("clinc150, held-out intents, 10 examples".to_owned(), held_out));
    groups.push(("nhs-fft, 10 examples".to_owned(), nhs(data, texts, EXAMPLES, DRAWS)?));
    groups.push(("nhs-fft, names and descriptions".to_owned(), nhs(data, texts, 0, 1)?));
    Ok(groups)
}

fn banking(data: &Path, texts: Texts, examples: usize, draws: usize) -> Result<Vec<Task>> {
    let [train, test] = intents::read(data, "banking77", [Split::Train, Split::Test])?;
    Ok((0..draws)
        .map(|number| match texts {
            Texts::Test => draw(&train, Some(&test), examples, number, Figure::Likeliest),
            Texts::Dev => draw(&train, None, examples, number, Figure::Likeliest),
        })
        .collect())
}

/// All intents, or the held-out ones with a figure of their own.
fn clinc(
    data: &Path,
    texts: Texts,
    examples: usize,
    draws: usize,
    held_out: Option<Figure>,
) -> Result<Vec<Task>> {
    let [train, measured] = intents::read(data, "clinc150", [Split::Train, texts.split()])?;
    let wanted = |at: usize| held_out.is_none() || is_held_out(at);
    let (train, measured) = (train.only(wanted), measured.only(wanted));
    let figure = held_out.unwrap_or(Figure::Likeliest);
    Ok((0..draws).map(|number| draw(&train, Some(&measured), examples, number, figure)).collect())
}

/// For calibration every third intent is left out: its texts are about none of the topics, as are those of no intent.
/// Examples from `train`; texts from `measured`, or else from what the draw left of `train`.
fn draw(train: &Intents, measured: Option<&Intents>, examples: usize, number: usize, figure: Figure) -> Task {
    let mut random = SplitMix(SEED + number as u64);
    let mut task = Task { figure, topics: Vec::new(), texts: Vec::new(), dev: Vec::new() };
    for (at, (label, texts)) in train.by_label.iter().enumerate() {
        let (examples, rest) = intents::deal(texts, examples, &mut random);
        let left_out = figure == Figure::Calibration && at % 3 == 2;
        let texts = match measured {
            Some(measured) => measured.by_label.get(label).cloned().unwrap_or_default(),
            None => rest.into_iter().take(DEV_TEXTS).collect(),
        };
        let place = task.topics.len();
        let topics = if left_out { Vec::new() } else { vec![place] };
        task.texts.extend(texts.into_iter().map(|text| Text {
            text,
            question: None,
            topics: topics.clone(),
        }));
        if !left_out {
            task.topics.push(intents::topic(label, examples));
        }
    }
    let outside = measured.map(|measured| measured.out_of_scope.clone()).unwrap_or_default();
    task.texts.extend(outside.into_iter().map(|text| Text { text, question: None, topics: Vec::new() }));
    task
}

#[derive(Deserialize)]
struct Comment {
    text: String,
    split: Split,
    question: Option<String>,
    topics: Vec<String>,
}

/// A topic as `data/nhs_topics.toml` describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    /// As the set calls it.
    label: String,
    description: String,
}

#[derive(Deserialize)]
struct DescribedFile {
    topic: Vec<Described>,
}

fn nhs(data: &Path, texts: Texts, examples: usize, draws: usize) -> Result<Vec<Task>> {
    let file: DescribedFile = toml::from_str(include_str!("../../../data/nhs_topics.toml"))
        .context("nhs_topics.toml cannot be read")?;
    let comments = rows::<Comment>(&data.join("nhs-fft/data.jsonl"))?;
    let place: BTreeMap<&str, usize> =
        file.topic.iter().enumerate().map(|(at, topic)| (topic.label.as_str(), at)).collect();
    let read = |split: Split| -> Vec<Text> {
        let of_split = comments.iter().filter(|comment| comment.split == split);
        let text = |comment: &Comment| Text {
            text: comment.text.clone(),
            question: comment.question.clone(),
            topics: comment.topics.iter().filter_map(|topic| place.get(topic.as_str()).copied()).collect(),
        };
        of_split.map(text).collect()
    };
    let (train, dev, measured) = (read(Split::Train), read(Split::Dev), read(texts.split()));
    let closed: HashSet<&str> = dev.iter().chain(&measured).map(|text| text.text.as_str()).collect();
    let open: Vec<&Text> = train.iter().filter(|text| !closed.contains(text.text.as_str())).collect();
    let task = |number: usize| {
        let mut random = SplitMix(SEED + number as u64);
        let written = |(at, topic): (usize, &Described)| Written {
            description: topic.description.clone(),
            examples: comments_on(at, &open, examples, &mut random),
            ..intents::topic(&topic.label, Vec::new())
        };
        let topics = file.topic.iter().enumerate().map(written).collect();
        Task { figure: Figure::Threshold, topics, texts: measured.clone(), dev: dev.clone() }
    };
    Ok((0..draws).map(task).collect())
}

/// Those on nothing else come first.
fn comments_on(topic: usize, comments: &[&Text], count: usize, random: &mut SplitMix) -> Vec<String> {
    let mut about: Vec<&&Text> = comments.iter().filter(|text| text.topics.contains(&topic)).collect();
    random.shuffle(&mut about);
    about.sort_by_key(|text| text.topics.len());
    about.into_iter().take(count).map(|text| text.text.clone()).collect()
}
