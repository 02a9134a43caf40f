//! The last step: the finished model on the test splits, once, through the analyzer as users call it.

use super::data::{Row, SETS, rows};
use super::seeds::{Seed, Seeds};
use analyze::encoder::{KINDS, SENTIMENTS};
use analyze::eval::{Evaluation, Tally};
use analyze::{Analyzer, Input, Scratch};
use anyhow::Result;
use feedback::judgement::{FeedbackKind, SentimentLabel, Urgency};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One line of the card.
pub struct Exam {
    pub name: String,
    pub evaluation: Evaluation,
}

pub fn sentiment_labels() -> impl Iterator<Item = &'static str> {
    SentimentLabel::ALL[..SENTIMENTS].iter().map(|label| label.as_str())
}

pub fn kind_labels() -> impl Iterator<Item = &'static str> {
    FeedbackKind::ALL[..KINDS].iter().map(|label| label.as_str())
}

/// Every set that was trained on, and the slices of nhs-fft by question.
pub fn sentiment(analyzer: &Analyzer, test: &[Row]) -> Result<Vec<Exam>> {
    let mut exams = Vec::new();
    for (number, set) in SETS.iter().enumerate() {
        let of_set: Vec<&Row> = test.iter().filter(|row| row.set == number).collect();
        exams.push(exam(analyzer, set.name, &of_set)?);
        let mut questions: Vec<&str> = of_set.iter().filter_map(|row| row.question.as_deref()).collect();
        questions.sort_unstable();
        questions.dedup();
        for question in questions {
            let slice: Vec<&Row> =
                of_set.iter().copied().filter(|row| row.question.as_deref() == Some(question)).collect();
            if slice.len() >= 50 {
                exams.push(exam(analyzer, &format!("{}, “{question}”", set.name), &slice)?);
            }
        }
    }
    Ok(exams)
}

fn exam(analyzer: &Analyzer, name: &str, rows: &[&Row]) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(sentiment_labels()), Scratch::default());
    for row in rows {
        let question = row.question.as_deref();
        let said = analyzer
            .analyze(&Input { body: &row.text, question, ..Input::default() }, &mut scratch)
            .sentiment;
        tally.add(&row.label, said.label.as_str(), said.confidence)?;
    }
    Ok(Exam { name: name.to_owned(), evaluation: tally.evaluation() })
}

/// Of the texts written for this project: those on products as labelled, the others as their kinds imply.
pub fn written_sentiment<'s>(
    analyzer: &Analyzer,
    name: &str,
    seeds: impl Iterator<Item = &'s Seed>,
) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(sentiment_labels()), Scratch::default());
    for seed in seeds {
        if let Some(gold) = seed.sentiment() {
            let said = analyzer.analyze(&input(seed), &mut scratch).sentiment;
            tally.add(gold.as_str(), said.label.as_str(), said.confidence)?;
        }
    }
    Ok(Exam { name: name.to_owned(), evaluation: tally.evaluation() })
}

/// The products' texts, whole and by source, and the seeds.
pub fn all_kinds(analyzer: &Analyzer, seeds: &Seeds) -> Result<Vec<Exam>> {
    let mut exams = vec![kinds(analyzer, "products, test", seeds.products_test())?];
    for source in ["ticket", "survey", "nps", "social"] {
        let slice = seeds.products_test().filter(|seed| seed.source == source);
        exams.push(kinds(analyzer, &format!("products, test, {source}"), slice)?);
    }
    exams.push(kinds(analyzer, "seeds, test", seeds.topics_test())?);
    Ok(exams)
}

/// The first kind of each text.
fn kinds<'s>(analyzer: &Analyzer, name: &str, seeds: impl Iterator<Item = &'s Seed>) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(kind_labels()), Scratch::default());
    for seed in seeds {
        let said = analyzer.analyze(&input(seed), &mut scratch).kind;
        tally.add(seed.kind().as_str(), said.label.as_str(), said.confidence)?;
    }
    Ok(Exam { name: name.to_owned(), evaluation: tally.evaluation() })
}

/// How soon somebody should look, by the rules.
pub fn urgency<'s>(analyzer: &Analyzer, name: &str, seeds: impl Iterator<Item = &'s Seed>) -> Result<Exam> {
    let labels = Urgency::ALL.iter().map(|label| label.as_str());
    let (mut tally, mut scratch) = (Tally::new(labels), Scratch::default());
    for seed in seeds {
        let Some(gold) = seed.urgency else { continue };
        let said = analyzer.analyze(&input(seed), &mut scratch);
        tally.add(gold.as_str(), said.urgency.as_str(), said.urgency_confidence)?;
    }
    Ok(Exam { name: name.to_owned(), evaluation: tally.evaluation() })
}

/// One way in which texts are hard to read, and how their first kind was read.
pub struct Hard {
    pub name: String,
    pub n: usize,
    pub right: usize,
}

/// The most frequent first.
pub fn hard<'s>(analyzer: &Analyzer, seeds: impl Iterator<Item = &'s Seed>) -> Vec<Hard> {
    let (mut found, mut scratch) = (BTreeMap::<&str, (usize, usize)>::new(), Scratch::default());
    for seed in seeds {
        let Some(name) = &seed.hard else { continue };
        let said = analyzer.analyze(&input(seed), &mut scratch).kind.label;
        let (n, right) = found.entry(name).or_default();
        *n += 1;
        *right += usize::from(said == seed.kind());
    }
    let mut slices: Vec<Hard> =
        found.into_iter().map(|(name, (n, right))| Hard { name: name.replace('_', " "), n, right }).collect();
    slices.sort_by_key(|slice| std::cmp::Reverse(slice.n));
    slices
}

fn input(seed: &Seed) -> Input<'_> {
    Input { body: &seed.text, question: seed.question.as_deref(), ..Input::default() }
}

#[derive(Deserialize)]
struct Foreign {
    text: String,
    label: String,
    split: super::data::Split,
}

/// Issues of software repositories: a set that only measures, of a kind of text the model never saw.
pub fn issues(analyzer: &Analyzer, data: &Path) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(kind_labels()), Scratch::default());
    for row in rows::<Foreign>(&data.join("nlbse24/data.jsonl"))? {
        let gold = if row.label == "feature" { "feature_request" } else { &row.label };
        if row.split == super::data::Split::Test {
            let said = analyzer.analyze(&Input { body: &row.text, ..Input::default() }, &mut scratch).kind;
            tally.add(gold, said.label.as_str(), said.confidence)?;
        }
    }
    Ok(Exam { name: "nlbse24, test (never trained on)".into(), evaluation: tally.evaluation() })
}

/// Film reviews, positive or negative: "neutral" and "unknown" count as wrong.
pub fn unseen_sentiment(analyzer: &Analyzer, data: &Path) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(sentiment_labels()), Scratch::default());
    for row in rows::<Foreign>(&data.join("sst2/data.jsonl"))? {
        if row.split == super::data::Split::Test {
            let said =
                analyzer.analyze(&Input { body: &row.text, ..Input::default() }, &mut scratch).sentiment;
            tally.add(&row.label, said.label.as_str(), said.confidence)?;
        }
    }
    Ok(Exam { name: "sst2, test (never trained on; two classes)".into(), evaluation: tally.evaluation() })
}
