//! The labelled sets: read, and freed of texts that stand on both sides of a split.

use super::behaviour;
use analyze::encoder::words::{TokenKind, Words};
use anyhow::{Context, Result};
use feedback::kind::Contract;
use serde::Deserialize;
use std::collections::HashSet;
use std::path::Path;

/// A set that may train a shipped model, or only measure it.
pub struct Set {
    pub name: &'static str,
    pub file: &'static str,
    /// How often a text counts in training; 0: it only measures.
    pub weight: f32,
    pub licence: &'static str,
    /// Who made it, and where it is published.
    pub origin: &'static str,
}

/// `data/README.md` says which may train; the licences are those of each set's README.
pub const SETS: &[Set] = &[
    Set {
        name: "tweeteval-sentiment",
        file: "tweeteval-sentiment/data.jsonl",
        weight: 2.0,
        licence: "no restrictions by TweetEval itself; the tweets are subject to Twitter's terms",
        origin: "Barbieri et al. 2020; cardiffnlp/tweeteval (SemEval 2017 task 4)",
    },
    Set {
        name: "goemotions",
        file: "goemotions/sentiment.jsonl",
        weight: 1.0,
        licence: "CC BY 4.0",
        origin: "Demszky et al. 2020; google-research/goemotions (Reddit)",
    },
    Set {
        name: "vader-gt",
        file: "vader-gt/data.jsonl",
        weight: 1.0,
        licence: "MIT",
        origin: "Hutto and Gilbert 2014; cjhutto/vaderSentiment (tweets, reviews of products and films, editorials)",
    },
    Set {
        name: "nhs-fft",
        file: "nhs-fft/data.jsonl",
        weight: 3.0,
        licence: "MIT, © 2021 NHS England",
        origin: "CDU-data-science-team/pxtextmining (patients' answers to surveys)",
    },
    Set {
        name: "uci-sentences",
        file: "uci-sentences/data.jsonl",
        weight: 1.0,
        licence: "CC BY 4.0 as UCI lists it; two classes only",
        origin: "Kotzias et al. 2015, Sentiment Labelled Sentences (Amazon, IMDb, Yelp)",
    },
];

/// Sets that are never trained on: what stands in them, in whatever split, is dropped from train, and so are the behaviours' texts.
const MEASURED_ONLY: [&str; 3] = ["nlbse24/data.jsonl", "suggestion-mining/data.jsonl", "sst2/data.jsonl"];

#[derive(Deserialize)]
struct TextOnly {
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    Train,
    Dev,
    Test,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    pub text: String,
    pub label: String,
    pub split: Split,
    #[serde(default)]
    pub question: Option<String>,
    /// Of [`SETS`]; one beyond for the seeds.
    #[serde(skip)]
    pub set: usize,
    /// How often it counts in training.
    #[serde(skip)]
    pub weight: f32,
    #[serde(skip)]
    key: u64,
}

/// How many texts were dropped, and why.
#[derive(Debug, Default, Clone, Copy)]
pub struct Dropped {
    /// From train: the same words stand in a set that is never trained on.
    pub train_measured_only: usize,
    /// From train: the same words stand in some dev or test split.
    pub train_seen_elsewhere: usize,
    /// From train: the same words, question and label stand in train already.
    pub train_repeated: usize,
    /// From the tweets' train: six words in a row stand in the tweets' test.
    pub train_six_words: usize,
    /// From dev: the same words stand in some test split.
    pub dev_in_test: usize,
    /// From the tweets' dev: six words in a row stand in their train.
    pub dev_six_words: usize,
}

pub struct Corpus {
    pub train: Vec<Row>,
    pub dev: Vec<Row>,
    pub test: Vec<Row>,
    pub dropped: Dropped,
}

impl Row {
    /// The name of its set.
    #[must_use]
    pub fn set_name(&self) -> &'static str {
        SETS.get(self.set).map_or("seeds", |set| set.name)
    }

    /// What it came in, as the sets tell.
    #[must_use]
    pub fn contract(&self) -> Contract {
        if self.set_name() == "nhs-fft" { Contract::Survey } else { Contract::Social }
    }

    /// A text written for this project; only for training.
    #[must_use]
    pub fn written(text: &str, question: Option<&str>, label: &str, weight: f32) -> Self {
        let (text, question, label) = (text.to_owned(), question.map(str::to_owned), label.to_owned());
        Self { text, label, split: Split::Train, question, set: SETS.len(), weight, key: 0 }
    }
}

/// Reads all sets below `root`.
pub fn read(root: &Path) -> Result<Corpus> {
    let (mut train, mut dev, mut test) = (Vec::new(), Vec::new(), Vec::new());
    let mut normal = Normaliser::default();
    for (number, set) in SETS.iter().enumerate() {
        let path = root.join(set.file);
        for mut row in rows::<Row>(&path)? {
            row.set = number;
            row.weight = set.weight;
            row.key = normal.key(&row.text);
            match row.split {
                Split::Train => train.push(row),
                Split::Dev => dev.push(row),
                Split::Test => test.push(row),
            }
        }
    }
    let mut measured_only = HashSet::new();
    for file in MEASURED_ONLY {
        measured_only.extend(rows::<TextOnly>(&root.join(file))?.iter().map(|row| normal.key(&row.text)));
    }
    let behaviours = behaviour::asked()?;
    let long = behaviours.iter().filter(|(text, _)| is_long(text));
    measured_only.extend(long.map(|(text, _)| normal.key(text)));
    let count = train.len();
    train.retain(|row| !measured_only.contains(&row.key));
    let train_measured_only = count - train.len();
    let dropped = Dropped { train_measured_only, ..separate(&mut train, &mut dev, &test, &mut normal) };
    Ok(Corpus { train, dev, test, dropped })
}

/// Whether a text is known by its words alone: shorter ones ("nothing") stand everywhere.
pub fn is_long(text: &str) -> bool {
    text.split_whitespace().count() >= 4
}

pub fn rows<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("could not read {}; --data names the folder of the labelled sets", path.display())
    })?;
    let parse = |(number, line)| {
        serde_json::from_str(line)
            .with_context(|| format!("{}:{}: not a labelled text", path.display(), number + 1))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}

/// Nothing that is trained on stands in what is tuned or measured on, nor the other way round.
fn separate(train: &mut Vec<Row>, dev: &mut Vec<Row>, test: &[Row], normal: &mut Normaliser) -> Dropped {
    let mut dropped = Dropped::default();
    let tests: HashSet<u64> = test.iter().map(|row| row.key).collect();
    let count = dev.len();
    dev.retain(|row| !tests.contains(&row.key));
    dropped.dev_in_test = count - dev.len();

    let held_out: HashSet<u64> = dev.iter().map(|row| row.key).chain(tests).collect();
    let count = train.len();
    train.retain(|row| !held_out.contains(&row.key));
    dropped.train_seen_elsewhere = count - train.len();

    let mut seen = HashSet::new();
    let count = train.len();
    train.retain(|row| seen.insert((row.key, row.question.clone(), row.label.clone())));
    dropped.train_repeated = count - train.len();

    // Only tweets are quoted from one another; in the other sets six equal words are chance.
    let mut grams = HashSet::new();
    test.iter().filter(|row| row.set == 0).for_each(|row| grams.extend(normal.six_words(&row.text)));
    let count = train.len();
    train.retain(|row| row.set != 0 || !normal.six_words(&row.text).iter().any(|gram| grams.contains(gram)));
    dropped.train_six_words = count - train.len();

    grams.clear();
    train.iter().filter(|row| row.set == 0).for_each(|row| grams.extend(normal.six_words(&row.text)));
    let count = dev.len();
    dev.retain(|row| row.set != 0 || !normal.six_words(&row.text).iter().any(|gram| grams.contains(gram)));
    dropped.dev_six_words = count - dev.len();
    dropped
}

/// What a text is without case, accents and punctuation.
#[derive(Default)]
pub struct Normaliser {
    words: Words,
}

impl Normaliser {
    fn hashes(&mut self, text: &str) -> Vec<u64> {
        self.words.clear();
        self.words.push_segment(text);
        let tokens = self.words.tokens().iter();
        tokens.filter(|token| token.kind != TokenKind::Mark).map(|token| token.hash).collect()
    }

    pub fn key(&mut self, text: &str) -> u64 {
        chained(&self.hashes(text))
    }

    fn six_words(&mut self, text: &str) -> Vec<u64> {
        self.hashes(text).windows(6).map(chained).collect()
    }
}

fn chained(hashes: &[u64]) -> u64 {
    hashes.iter().fold(hashes.len() as u64, |all, hash| {
        (all.rotate_left(7) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, split: Split, set: usize) -> Row {
        let key = Normaliser::default().key(text);
        Row { text: text.into(), label: "positive".into(), split, question: None, set, weight: 1.0, key }
    }

    #[test]
    fn no_text_stands_on_both_sides() {
        let test =
            [row("Great stuff!", Split::Test, 1), row("one two three four five six seven", Split::Test, 0)];
        let mut dev = vec![row("great STUFF", Split::Dev, 2), row("only here", Split::Dev, 1)];
        let mut train = vec![
            row("great stuff", Split::Train, 3),
            row("Only here...", Split::Train, 0),
            row("kept", Split::Train, 0),
            row("Kept!", Split::Train, 0),
            row("RT one two three four five six", Split::Train, 0),
            row("well: one two three four five six", Split::Train, 1),
        ];
        let dropped = separate(&mut train, &mut dev, &test, &mut Normaliser::default());
        let left: Vec<&str> = train.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(left, ["kept", "well: one two three four five six"]);
        assert_eq!(dev.len(), 1);
        assert_eq!((dropped.dev_in_test, dropped.train_seen_elsewhere), (1, 2));
        assert_eq!((dropped.train_repeated, dropped.train_six_words), (1, 1));
    }
}
