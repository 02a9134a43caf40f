//! The card's first section, for one who decides and reads no further; its figures are those of the tables below it.

use super::super::behaviour::Column;
use super::super::exam::{Exam, Measured};
use analyze::eval::{Evaluation, LabelScores};
use std::fmt::Write;

const TEXT: &str = include_str!("in_short.md");

/// Behaviours whose failures the text tells, by their place in it.
const BEHAVIOURS: [(&str, &str); 3] = [
    ("{time}", "sentiment_time"),
    ("{sarcasm}", "sentiment_sarcasm"),
    ("{comparison}", "sentiment_comparison"),
];

/// With a heading.
#[must_use]
pub fn section(measured: &[Measured], behaviours: &[Column]) -> String {
    fill(&TEXT.replace("{table}", &table(measured, behaviours)), measured, behaviours)
}

/// Puts the figures of each encoder into a text's places.
#[must_use]
pub fn fill(text: &str, measured: &[Measured], behaviours: &[Column]) -> String {
    let urgent = |of: fn(&LabelScores) -> f64| by_encoder(measured, |one| high(one).map(of));
    let complaints = |one: &Measured| {
        let slice = one.hard.iter().find(|slice| slice.name == "complaint without negative words")?;
        Some(slice.right as f64 / slice.n.max(1) as f64)
    };
    let filled = text
        .replace("{urgent_found}", &urgent(|label| label.recall))
        .replace("{urgent_right}", &urgent(|label| label.precision))
        .replace("{complaints}", &by_encoder(measured, complaints));
    BEHAVIOURS.iter().fold(filled, |text, (place, key)| {
        let failing = behaviours.iter().filter_map(|column| Some((column.encoder, failure(column, key)?)));
        text.replace(place, &listed(failing))
    })
}

fn table(measured: &[Measured], behaviours: &[Column]) -> String {
    let mut table = String::from(
        "| encoder | TweetEval sentiment, macro-recall | NHS sentiment, macro-F1 | kind, macro-F1 | high urgency, recall \
         | pairs with a negation that fail |\n|---|---|---|---|---|---|\n",
    );
    for one in measured {
        let tweets = figure(&one.sentiment, "tweeteval-sentiment", |e| e.macro_recall);
        let nhs = figure(&one.sentiment, "nhs-fft", |e| e.macro_f1);
        let kind = figure(&one.kinds, "products, test", |e| e.macro_f1);
        let column = behaviours.iter().find(|column| column.encoder == one.encoder);
        let negation = column.and_then(|column| failure(column, "sentiment_negation"));
        let [urgent, negation] = [high(one).map(|label| label.recall), negation]
            .map(|share| share.map_or_else(|| "–".to_owned(), |share| format!("{:.0}", 100.0 * share)));
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} | {tweets} | {nhs} | {kind} | {urgent} | {negation} |", one.encoder);
    }
    table
}

/// In percent; a dash where there is no such test.
fn figure(exams: &[Exam], name: &str, of: impl Fn(&Evaluation) -> f64) -> String {
    let exam = exams.iter().find(|exam| exam.name == name);
    exam.map_or_else(|| "–".to_owned(), |exam| format!("{:.1}", 100.0 * of(&exam.evaluation)))
}

fn high(one: &Measured) -> Option<&LabelScores> {
    one.urgency.evaluation.labels.iter().find(|label| label.label == "high")
}

/// The share of a behaviour's cases that fail.
fn failure(column: &Column, key: &str) -> Option<f64> {
    column.rates.iter().find(|rate| rate.key() == key).map(|rate| rate.failure().value)
}

fn by_encoder(measured: &[Measured], of: impl Fn(&Measured) -> Option<f64>) -> String {
    listed(measured.iter().filter_map(|one| Some((one.encoder, of(one)?))))
}

/// `built-in 5%, rust-bert 42%`.
fn listed(shares: impl Iterator<Item = (&'static str, f64)>) -> String {
    shares.map(|(encoder, share)| format!("{encoder} {:.0}%", 100.0 * share)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::super::behaviour::{Capability, Rate, Test};
    use super::super::super::exam::Hard;
    use super::*;
    use analyze::eval::{Estimate, Tally};

    fn exam(name: &str, answers: &[(&str, &str)]) -> Exam {
        let mut tally = Tally::new(["high", "low"]);
        answers.iter().for_each(|(gold, said)| tally.add(gold, said, 0.5).unwrap());
        let calibration_error = Estimate { value: 0.0, low: 0.0, high: 0.0 };
        Exam { name: name.to_owned(), evaluation: tally.evaluation(), calibration_error }
    }

    /// Right at one of two of "high", at the one of "low".
    fn measured(encoder: &'static str) -> Measured {
        let answers = [("high", "high"), ("high", "low"), ("low", "low")];
        Measured {
            encoder,
            version: String::new(),
            sentiment: vec![exam("tweeteval-sentiment", &answers), exam("nhs-fft", &answers)],
            kinds: vec![exam("products, test", &answers)],
            hard: vec![Hard { name: "complaint without negative words".to_owned(), n: 4, right: 1 }],
            urgency: exam("products, test", &answers),
            sent_on: 0.0,
        }
    }

    fn rate(name: &'static str, failed: usize) -> Rate {
        let failed = vec![String::new(); failed];
        Rate { name, capability: Capability::Sentiment, test: Test::Functionality, cases: 10, failed }
    }

    #[test]
    fn every_place_is_filled_and_what_was_not_measured_is_a_dash() {
        let rates = vec![rate("time", 9), rate("sarcasm", 8), rate("comparison", 7), rate("negation", 6)];
        let behaviours = [Column { encoder: "built-in", rates }];
        let measured = [measured("built-in"), measured("cascade")];
        let section = section(&measured, &behaviours);
        let failures = fill(super::super::FAILURES, &measured, &behaviours);
        assert!(!section.contains('{') && !failures.contains('{'), "{section}\n{failures}");
        assert!(section.contains("| built-in | 75.0 | 66.7 | 66.7 | 50 | 60 |\n"), "{section}");
        assert!(section.contains("| cascade | 75.0 | 66.7 | 66.7 | 50 | – |\n"), "{section}");
        assert!(section.contains("each finds: built-in 50%, cascade 50%; of what"), "{section}");
        assert!(section.contains("right are: built-in 100%, cascade 100%.\n"), "{section}");
        assert!(section.contains("Cases that fail: built-in 90%.\n"), "{section}");
        assert!(section.contains("Kind right, of a few texts: built-in 25%, cascade 25%.\n"), "{section}");
    }
}
