//! The parts of a file that are looked at apart: where quality differs, an average hides it.

use super::judge::Said;
use super::rows::Labelled;
use analyze::eval::{self, Answer, Sliced};
use feedback::kind::SourceKind;
use serde::Serialize;
use std::cmp::Reverse;

/// Words of a text: the most of each part, and its name.
const LENGTHS: [(usize, &str); 6] =
    [(0, "0"), (3, "1-3"), (10, "4-10"), (30, "11-30"), (100, "31-100"), (usize::MAX, "over 100")];

/// One part of the texts.
#[derive(Debug, Serialize)]
pub struct Slice {
    /// What parts them: source, length (in words), language (as detected) or question.
    pub by: &'static str,
    pub name: String,
    #[serde(flatten)]
    pub sliced: Sliced,
}

/// By source (where a row names one), length, language, and whether a question was asked.
pub fn slices(labels: usize, rows: &[Labelled], said: &[Said], answers: &[Answer]) -> Vec<Slice> {
    let mut slices = Vec::new();
    let mut add = |by, keys: Vec<Key<'_>>| slices.extend(parts(by, labels, keys, answers));
    if rows.iter().any(|row| row.source().is_some()) {
        add("source", rows.iter().map(|row| (0, source(row))).collect());
    }
    add("length", rows.iter().map(|row| length(&row.text.body)).collect());
    add("language", said.iter().map(|said| (0, said.language.as_str())).collect());
    add("question", rows.iter().map(asked).collect());
    slices
}

/// As a kind of source is named; anything else may be an address or somebody's handle.
fn source(row: &Labelled) -> &str {
    match row.source() {
        None => "not told",
        Some(name) if SourceKind::new(name).is_ok() => name,
        Some(_) => "other",
    }
}

/// A part's place and name.
type Key<'k> = (usize, &'k str);

/// By place; where several have the same, the largest first.
fn parts(by: &'static str, labels: usize, keys: Vec<Key<'_>>, answers: &[Answer]) -> Vec<Slice> {
    let mut parts = eval::slices(labels, keys.into_iter().zip(answers.iter().copied()));
    parts.sort_by_key(|((place, _), part)| (*place, Reverse(part.n)));
    parts.into_iter().map(|((_, name), sliced)| Slice { by, name: name.to_owned(), sliced }).collect()
}

fn length(text: &str) -> Key<'static> {
    let words = text.split_whitespace().count();
    let place = LENGTHS.partition_point(|(most, _)| *most < words);
    (place, LENGTHS[place].1)
}

fn asked(row: &Labelled) -> Key<'static> {
    if row.text.question.is_some() { (0, "asked") } else { (1, "not asked") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::classify::rows::Text;
    use analyze::Language;

    #[test]
    fn lengths_are_counted_in_words() {
        let name = |words: usize| length(&"word ".repeat(words)).1;
        assert_eq!([0, 1, 3, 4, 10, 11].map(name), ["0", "1-3", "1-3", "4-10", "4-10", "11-30"]);
        assert_eq!([30, 31, 100, 101].map(name), ["11-30", "31-100", "31-100", "over 100"]);
    }

    #[test]
    fn the_largest_source_comes_first_and_lengths_in_their_order() {
        let row = |at: usize| {
            let source = if at < 2 { "ticket" } else { "pigeon" };
            Labelled {
                line: at as u64,
                gold: "bug".to_owned(),
                drawn: false,
                text: Text {
                    body: "word ".repeat(1 + at % 20),
                    source: (at < 34).then(|| source.to_owned()),
                    ..Text::default()
                },
            }
        };
        let rows: Vec<Labelled> = (0..40).map(row).collect();
        let said = |_| Said { label: Some(0), confidence: 0.9, language: Language::ENGLISH, missed: None };
        let said: Vec<Said> = (0..40).map(said).collect();
        let answers = vec![Answer { gold: 0, said: Some(0), confidence: 0.9 }; 40];
        let slices = slices(7, &rows, &said, &answers);
        let names: Vec<(&str, &str, u64)> =
            slices.iter().map(|slice| (slice.by, slice.name.as_str(), slice.sliced.n)).collect();
        let expected = [
            ("source", "pigeon", 32),
            ("source", "not told", 6),
            ("source", "ticket", 2),
            ("length", "1-3", 6),
            ("length", "4-10", 14),
            ("length", "11-30", 20),
            ("language", "en", 40),
            ("question", "not asked", 40),
        ];
        assert_eq!(names, expected);
        assert!(slices[0].sliced.scores.is_some() && slices[1].sliced.scores.is_none());
        let told = serde_json::to_value(&slices[2]).unwrap();
        assert_eq!(told, serde_json::json!({"by": "source", "name": "ticket", "n": 2, "scores": null}));
    }
}
