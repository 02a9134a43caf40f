//! Texts written for this project, and what they say: the sentences of `data/seeds.jsonl`, with topics, and the feedback on
//! twenty invented products in `data/products/`, one file a product, `<product>.<split>.jsonl`. Those in `data/extra/` only
//! train: issue trackers, forums, reviews, and what is hard to read. So do what is drawn from `data/frames.toml` and
//! `data/contrasts/`, and the written texts once more between the sentences of `data/padding.toml`.
//!
//! A product's texts are all of one split: what is tuned and measured on speaks of things that training never named.

use super::behaviour;
use super::contrasts::{self, Contrast};
use super::data::{Corpus, Normaliser, Row, Split, is_long, rows};
use super::frames;
use super::padding;
use super::space::Passage;
use analyze::taxonomy::Taxonomy;
use anyhow::{Context, Result, bail, ensure};
use feedback::judgement::{FeedbackKind, SentimentLabel, Urgency};
use feedback::kind::{Contract, Registry};
use serde::Deserialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    pub text: String,
    /// All that apply, the one to act on first; never empty.
    pub kinds: Vec<FeedbackKind>,
    /// Ids of the default taxonomy, none where the text is about something else; `None`: nobody said.
    #[serde(default)]
    pub topics: Option<Vec<String>>,
    pub source: String,
    #[serde(default)]
    pub question: Option<String>,
    #[serde(default)]
    pub sentiment: Option<SentimentLabel>,
    #[serde(default)]
    pub urgency: Option<Urgency>,
    /// In which way it is hard to read.
    #[serde(default)]
    pub hard: Option<String>,
    #[serde(default)]
    pub split: Option<Split>,
}

impl Seed {
    /// A text of one kind of which nothing else is known.
    #[must_use]
    pub fn of(text: String, kind: FeedbackKind) -> Self {
        Self {
            text,
            kinds: vec![kind],
            topics: None,
            source: String::new(),
            question: None,
            sentiment: None,
            urgency: None,
            hard: None,
            split: None,
        }
    }

    /// As topics are told of it.
    #[must_use]
    pub fn passage(&self) -> Passage<'_> {
        Passage {
            text: &self.text,
            question: self.question.as_deref(),
            contract: self.contract(),
            whole: false,
        }
    }

    /// Of its source, as the written texts name them.
    #[must_use]
    pub fn contract(&self) -> Option<Contract> {
        Registry::default().get(&self.source).map(|(_, contract)| contract)
    }

    #[must_use]
    pub fn kind(&self) -> FeedbackKind {
        self.kinds[0]
    }

    /// As labelled, or as the kind implies, where it does.
    #[must_use]
    pub fn sentiment(&self) -> Option<SentimentLabel> {
        self.sentiment.or(match self.kind() {
            FeedbackKind::Praise => Some(SentimentLabel::Positive),
            FeedbackKind::Bug | FeedbackKind::Complaint => Some(SentimentLabel::Negative),
            FeedbackKind::Question | FeedbackKind::FeatureRequest | FeedbackKind::Other => {
                Some(SentimentLabel::Neutral)
            }
            FeedbackKind::Cancellation | FeedbackKind::Unknown => None,
        })
    }
}

/// What a written, a drawn and a padded text count beside one another.
pub const WRITTEN_WEIGHT: f32 = 3.0;
pub const DRAWN_WEIGHT: f32 = 0.5;
pub const PADDED_WEIGHT: f32 = 0.5;

pub struct Seeds {
    /// Sentences with topics, and texts on products.
    pub train: Vec<Seed>,
    /// More texts on products, for training only.
    pub extra: Vec<Seed>,
    /// Sentences drawn for each kind.
    pub frames: Vec<Seed>,
    /// What was written to be trained on, with neutral sentences around it.
    pub padded: Vec<Seed>,
    /// Drawn from contrast sets: for sentiment, of no kind that anybody said.
    pub contrasts: Vec<Contrast>,
    pub dev: Vec<Seed>,
    pub test: Vec<Seed>,
}

impl Seeds {
    /// Of the products that only measure.
    pub fn products_test(&self) -> impl Iterator<Item = &Seed> {
        self.test.iter().filter(|seed| seed.topics.is_none())
    }

    /// Of the sentences with topics.
    pub fn topics_test(&self) -> impl Iterator<Item = &Seed> {
        self.test.iter().filter(|seed| seed.topics.is_some())
    }

    /// Everything written to be trained on.
    pub fn written(&self) -> impl Iterator<Item = &Seed> {
        self.train.iter().chain(&self.extra)
    }

    /// The training seeds as texts with a sentiment.
    pub fn sentiment_rows(&self) -> impl Iterator<Item = Row> {
        let weighed = |weight| move |seed| (seed, weight);
        let written = self.written().map(weighed(WRITTEN_WEIGHT));
        let drawn = self.frames.iter().map(weighed(DRAWN_WEIGHT));
        let padded = self.padded.iter().map(weighed(PADDED_WEIGHT));
        let rows = written.chain(drawn).chain(padded).filter_map(|(seed, weight): (&Seed, f32)| {
            let sentiment = seed.sentiment()?.as_str();
            Some(Row::written(&seed.text, seed.question.as_deref(), sentiment, weight))
        });
        rows.chain(self.contrasts.iter().filter_map(|contrast| {
            let (label, question) = (contrast.label()?.as_str(), contrast.question.as_deref());
            Some(Row::written(&contrast.text, question, label, contrasts::WEIGHT))
        }))
    }

    /// Without what was drawn by chance and stands in a dev or test split of the sets.
    #[must_use]
    pub fn apart_from(mut self, corpus: &Corpus) -> Self {
        let rows = corpus.dev.iter().chain(&corpus.test);
        let held_out = HeldOut::of(rows.map(|row| (row.text.as_str(), row.question.as_deref())));
        self.drop_drawn(held_out);
        self
    }

    fn drop_drawn(&mut self, mut held_out: HeldOut) {
        let mut keep = |text: &str, question: Option<&str>| !held_out.holds(text, question);
        self.frames.retain(|seed| keep(&seed.text, seed.question.as_deref()));
        self.padded.retain(|seed| keep(&seed.text, seed.question.as_deref()));
        self.contrasts.retain(|contrast| keep(&contrast.text, contrast.question.as_deref()));
    }
}

/// # Errors
/// Where a file cannot be read, a text stands twice, or a topic is not in the taxonomy.
pub fn read(taxonomy: &Taxonomy) -> Result<Seeds> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut all: Vec<(Split, Seed)> = Vec::new();
    for seed in rows::<Seed>(&folder.join("seeds.jsonl"))? {
        let split = seed.split.with_context(|| format!("the seed {:?} is of no split", seed.text))?;
        all.push((split, seed));
    }
    for (path, split) in products(&folder.join("products"))? {
        all.extend(rows::<Seed>(&path)?.into_iter().map(|seed| (split, seed)));
    }
    let mut extra = Vec::new();
    for path in files(&folder.join("extra"))? {
        extra.extend(rows::<Seed>(&path)?);
    }
    let mut seen = HashSet::new();
    for seed in all.iter().map(|(_, seed)| seed).chain(&extra) {
        ensure!(seen.insert(seed.text.to_lowercase()), "the seed {:?} stands twice", seed.text);
        ensure!(!seed.kinds.is_empty(), "the seed {:?} is of no kind", seed.text);
        for topic in seed.topics.iter().flatten() {
            taxonomy
                .find(topic)
                .with_context(|| format!("the seed {:?} names no topic {topic}", seed.text))?;
        }
    }
    let of =
        |wanted| all.iter().filter(|(split, _)| *split == wanted).map(|(_, seed)| seed.clone()).collect();
    let train: Vec<Seed> = of(Split::Train);
    let mut seeds = Seeds {
        padded: padding::padded(train.iter().chain(&extra))?,
        contrasts: contrasts::draw()?,
        train,
        extra,
        frames: frames::draw()?,
        dev: of(Split::Dev),
        test: of(Split::Test),
    };
    let behaviours = behaviour::asked()?;
    let behaviours = behaviours.iter().map(|(text, question)| (text.as_str(), question.as_deref()));
    let measured = seeds.dev.iter().chain(&seeds.test);
    let measured = measured.map(|seed| (seed.text.as_str(), seed.question.as_deref()));
    let held_out = HeldOut::of(behaviours.chain(measured));
    seeds.drop_drawn(held_out);
    Ok(seeds)
}

/// Texts that are tuned or measured on, as they are without case and punctuation. A text of a few words ("nothing") stands
/// everywhere, and means what the question makes of it: of those the question belongs to the text.
struct HeldOut {
    texts: HashSet<u64>,
    with_questions: HashSet<(u64, Option<String>)>,
    normal: Normaliser,
}

impl HeldOut {
    fn of<'t>(texts: impl Iterator<Item = (&'t str, Option<&'t str>)>) -> Self {
        let mut normal = Normaliser::default();
        let (mut by_text, mut with_questions) = (HashSet::new(), HashSet::new());
        for (text, question) in texts {
            let key = normal.key(text);
            if is_long(text) {
                by_text.insert(key);
            }
            with_questions.insert((key, question.map(str::to_lowercase)));
        }
        Self { texts: by_text, with_questions, normal }
    }

    /// Emoji and signs without a word are nobody's.
    fn holds(&mut self, text: &str, question: Option<&str>) -> bool {
        let key = self.normal.key(text);
        let has_words = text.chars().any(char::is_alphanumeric);
        self.texts.contains(&key)
            || has_words && self.with_questions.contains(&(key, question.map(str::to_lowercase)))
    }
}

/// The files of the products with their splits, by name.
fn products(folder: &Path) -> Result<Vec<(PathBuf, Split)>> {
    let mut products = Vec::new();
    for path in files(folder)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let split = match name.split('.').nth(1) {
            Some("train") => Split::Train,
            Some("dev") => Split::Dev,
            Some("test") => Split::Test,
            _ => bail!("{} does not name its split: <product>.<split>.jsonl", path.display()),
        };
        products.push((path, split));
    }
    Ok(products)
}

/// Of a folder, by name.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let unread = || format!("could not read {}", folder.display());
    let entries = std::fs::read_dir(folder).with_context(unread)?;
    let mut files =
        entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>().with_context(unread)?;
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_are_sound() {
        let seeds = read(&Taxonomy::standard().unwrap()).unwrap();
        let all = || seeds.train.iter().chain(&seeds.dev).chain(&seeds.test);
        let products = || all().filter(|seed| seed.topics.is_none());
        assert!(products().count() >= 3000);
        assert!(products().all(|seed| seed.sentiment.is_some() && seed.urgency.is_some()));
        let held_out = || seeds.dev.iter().chain(&seeds.test).filter(|seed| seed.topics.is_none());
        assert!(2 * held_out().count() >= products().count() - 20);
        for kind in &FeedbackKind::ALL[..7] {
            assert!(held_out().filter(|seed| seed.kind() == *kind).count() >= 60, "{kind}");
        }
        assert!(products().filter(|seed| seed.kinds.len() > 1).count() >= 600);
        assert!(products().filter(|seed| seed.hard.is_some()).count() >= 700);
        assert!(all().filter(|seed| seed.topics.as_ref().is_some_and(Vec::is_empty)).count() >= 60);
    }
}
