//! Redaction as a whole: tables of what goes and what stays, and properties.

mod goes;
mod greeting;
mod known;
mod properties;
mod stays;

use super::{Known, RedactionCounts, Redactor};

pub(super) fn redact(text: &str, known: &[&str]) -> (String, RedactionCounts) {
    let (mut out, mut counts) = (String::new(), RedactionCounts::default());
    Redactor.redact_into(text, &Known::new(known.iter().copied()), &mut out, &mut counts);
    (out, counts)
}

/// Each first text becomes its second, and the second stays.
#[track_caller]
pub(super) fn becomes(table: &[(&str, &str)]) {
    let wrong: Vec<_> = table
        .iter()
        .flat_map(|(text, expected)| [(text, expected), (expected, expected)])
        .map(|(text, expected)| (text, expected, redact(text, &[]).0))
        .filter(|(_, expected, out)| *expected != out)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
