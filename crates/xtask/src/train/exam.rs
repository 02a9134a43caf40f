//! The last step: the finished model on the test splits, once, through the analyzer as users call it.

use super::data::{Row, SETS, rows};
use super::seeds::Seed;
use analyze::encoder::{KINDS, SENTIMENTS};
use analyze::eval::{Evaluation, Tally};
use analyze::{Analyzer, Input, Scratch};
use anyhow::Result;
use feedback::judgement::{FeedbackKind, SentimentLabel};
use serde::Deserialize;
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

/// The sentiment that the seeds' kinds imply.
pub fn written_sentiment(analyzer: &Analyzer, seeds: &[Seed]) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(sentiment_labels()), Scratch::default());
    for seed in seeds {
        let question = seed.question.as_deref();
        if let Some(gold) = seed.sentiment() {
            let said = analyzer
                .analyze(&Input { body: &seed.text, question, ..Input::default() }, &mut scratch)
                .sentiment;
            tally.add(gold, said.label.as_str(), said.confidence)?;
        }
    }
    Ok(Exam { name: "seeds, as their kind implies".into(), evaluation: tally.evaluation() })
}

pub fn kinds(analyzer: &Analyzer, seeds: &[Seed]) -> Result<Exam> {
    let (mut tally, mut scratch) = (Tally::new(kind_labels()), Scratch::default());
    for seed in seeds {
        let question = seed.question.as_deref();
        let input = Input { body: &seed.text, question, ..Input::default() };
        let said = analyzer.analyze(&input, &mut scratch).kind;
        tally.add(seed.kind.as_str(), said.label.as_str(), said.confidence)?;
    }
    Ok(Exam { name: "seeds, test".into(), evaluation: tally.evaluation() })
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
