//! What the encoders read: English texts of the demo's generator, the same on every machine.

use anyhow::{Context, Result, ensure};
use demo::{DemoEvent, History, Options, Truth};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::kind::Registry;
use feedback::limits::Limits;
use feedback::record::Change;
use feedback::time::Day;
use std::collections::HashSet;
use std::path::Path;

/// Any day: the history ends there.
const END: Day = Day(20_779);

/// By turns: `verbatim eval` wants labels, and speed does not depend on them.
const LABELS: [&str; 3] = ["negative", "neutral", "positive"];

/// So many, no two alike: letters, answers, reasons and posts as the history has them.
///
/// # Errors
/// Where the history holds fewer.
pub fn english(count: usize) -> Result<Vec<String>> {
    // Some messages hold no English text, or one that was there before.
    let history = History::new(Options { events: (2 * count).max(2_000), ..Options::new(END) });
    let decoder = Decoder::new(Registry::default(), Limits::default());
    let (mut texts, mut seen) = (Vec::new(), HashSet::new());
    for event in history.events() {
        for text in english_of(event, &decoder) {
            if seen.insert(text.clone()) {
                texts.push(text);
            }
        }
    }
    ensure!(texts.len() >= count, "the demo's history holds {} English texts, not {count}", texts.len());
    Ok((0..count).map(|at| texts[at * texts.len() / count].clone()).collect())
}

/// The English texts of one message.
fn english_of(event: &DemoEvent, decoder: &Decoder) -> Vec<String> {
    let Truth::Item(truth) = &event.truth else { return Vec::new() };
    let headers: Headers<'_> = event.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    let Ok(Decoded::Item(item)) = decoder.decode(&event.payload, headers, event.at) else {
        return Vec::new();
    };
    let Change::Upsert(records) = &item.change else { return Vec::new() };
    let mut texts = Vec::new();
    for record in records.iter().filter(|record| !record.body.is_empty()) {
        let told = truth.records.iter().find(|told| told.part == record.part);
        if told.is_some_and(|told| told.language == Some("en")) {
            texts.push(record.body.to_string());
        }
    }
    texts
}

/// As JSONL with a label that means nothing.
///
/// # Errors
/// Where the file cannot be written.
pub fn write<'t>(texts: impl Iterator<Item = &'t String>, file: &Path) -> Result<()> {
    let mut lines = String::new();
    for (text, label) in texts.zip(LABELS.iter().cycle()) {
        lines += &serde_json::json!({ "text": text, "label": label }).to_string();
        lines.push('\n');
    }
    std::fs::write(file, lines).with_context(|| format!("could not write {}", file.display()))
}

/// How long texts are: a tenth, half and nine tenths of them are no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Lengths {
    pub tenth: usize,
    pub median: usize,
    pub nine_tenths: usize,
}

impl Lengths {
    /// Zeros of nothing.
    #[must_use]
    pub fn of(lengths: impl Iterator<Item = usize>) -> Self {
        let mut sorted: Vec<usize> = lengths.collect();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let at = |tenths: usize| sorted.get(last * tenths / 10).copied().unwrap_or(0);
        Self { tenth: at(1), median: at(5), nine_tenths: at(9) }
    }

    #[must_use]
    pub fn words(texts: &[String]) -> Self {
        Self::of(texts.iter().map(|text| text.split_whitespace().count()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_english_distinct_and_the_same_each_time() {
        let texts = english(500).unwrap();
        let distinct: HashSet<&String> = texts.iter().collect();
        assert_eq!((texts.len(), distinct.len()), (500, 500));
        assert_eq!(texts, english(500).unwrap());
        let words = Lengths::words(&texts);
        assert!((12..=22).contains(&words.median), "{words:?}");
        let foreign = ["nicht", "não", "però"];
        let is_foreign = |text: &&String| text.split(' ').any(|word| foreign.contains(&word));
        assert_eq!(texts.iter().find(is_foreign), None);
    }

    #[test]
    fn a_file_has_a_text_and_a_label_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("texts.jsonl");
        let texts = ["one\ntwo".to_owned(), "\"three\"".to_owned()];
        write(texts.iter(), &file).unwrap();
        let written = std::fs::read_to_string(&file).unwrap();
        let lines: Vec<serde_json::Value> =
            written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["text"], "one\ntwo");
        assert_eq!(lines[1]["label"], "neutral");
    }

    #[test]
    fn lengths_are_those_of_the_sorted_texts() {
        let lengths = Lengths::of((1..=11).rev());
        assert_eq!(lengths, Lengths { tenth: 2, median: 6, nine_tenths: 10 });
        assert_eq!(Lengths::of(std::iter::empty()).median, 0);
    }
}
