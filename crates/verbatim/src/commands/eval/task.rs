//! What the labels of a file ask of the model.

use super::rows::Labelled;
use anyhow::{Result, bail};
use insight::report::sample::By;
use serde::Serialize;
use std::collections::BTreeSet;

/// Odd labels that an error names.
const SHOWN: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Judged {
    Sentiment,
    Kind,
}

/// The labels of all texts, understood.
#[derive(Debug)]
pub struct Task {
    pub judged: Judged,
    /// What can be said, "unknown" apart.
    pub labels: Vec<&'static str>,
    /// Of each text, the place of its label in `labels`.
    pub gold: Vec<usize>,
}

impl Judged {
    pub fn labels(self) -> Vec<&'static str> {
        match self {
            Self::Sentiment => By::Sentiment.labels(),
            Self::Kind => By::Kind.labels(),
        }
    }
}

impl Task {
    /// # Errors
    /// Where the labels are neither all sentiments nor all kinds.
    pub fn of(rows: &[Labelled], field: &str) -> Result<Self> {
        for judged in [Judged::Sentiment, Judged::Kind] {
            let labels = judged.labels();
            let place = |row: &Labelled| labels.iter().position(|label| *label == row.gold);
            if let Some(gold) = rows.iter().map(place).collect::<Option<Vec<usize>>>() {
                return Ok(Self { judged, labels, gold });
            }
        }
        bail!(unknown_labels(rows, field))
    }

    /// Where a label stands in `labels`; `None` for "unknown".
    pub fn place(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|known| *known == label)
    }
}

/// One short word, as labels are.
fn is_a_word(label: &str) -> bool {
    label.len() <= 24 && label.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Which labels are the odd ones, and how they should be written.
fn unknown_labels(rows: &[Labelled], field: &str) -> String {
    let (sentiments, kinds) = (Judged::Sentiment.labels(), Judged::Kind.labels());
    let labels: BTreeSet<&str> = rows.iter().map(|row| row.gold.as_str()).collect();
    let odd = |label: &&str| !sentiments.contains(label) && !kinds.contains(label);
    let first = rows.iter().find(|row| odd(&row.gold.as_str())).map(|row| row.line);
    let are_kinds = labels.iter().any(|label| kinds.contains(label));
    let odd: Vec<&str> = labels.into_iter().filter(odd).collect();
    let (what, which) = match odd.len() {
        0 => ("are sentiments and kinds in one file".to_owned(), String::new()),
        all => {
            // A wrong column may hold what people wrote: only what looks like a label is shown.
            let shown: Vec<&str> = odd.iter().copied().filter(|label| is_a_word(label)).take(SHOWN).collect();
            let which = match (shown.len(), all) {
                (0, _) => String::new(),
                (some, all) if some < all => format!(" ({}, …)", shown.join(", ")),
                _ => format!(" ({})", shown.join(", ")),
            };
            let line =
                first.map(|line| format!(", the first of the odd ones in line {line}")).unwrap_or_default();
            ("are neither all sentiments nor all kinds".to_owned(), which + &line)
        }
    };
    format!(
        "the labels in \"{field}\" {what}{which}: write {} as {}, or name another field with --field",
        if are_kinds { "kinds" } else { "sentiments" },
        if are_kinds { kinds } else { sentiments }.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::classify::rows::Text;

    fn task(labels: &[&str]) -> Result<Task> {
        let row =
            |gold: &&str| Labelled { line: 1, gold: (*gold).to_owned(), text: Text::default(), drawn: false };
        Task::of(&labels.iter().map(row).collect::<Vec<_>>(), "mood")
    }

    #[test]
    fn the_labels_tell_what_is_measured() {
        let sentiments = task(&["positive", "negative", "positive"]).unwrap();
        assert_eq!((sentiments.judged, sentiments.gold.as_slice()), (Judged::Sentiment, &[2, 0, 2][..]));
        assert_eq!((sentiments.place("neutral"), sentiments.place("unknown")), (Some(1), None));
        let kinds = task(&["bug", "praise"]).unwrap();
        assert_eq!((kinds.judged, kinds.labels.len()), (Judged::Kind, 7));
    }

    #[test]
    fn odd_labels_are_named() {
        let error = |labels: &[&str]| task(labels).unwrap_err().to_string();
        assert!(error(&["positive", "sunny", "unknown"]).contains("(sunny, unknown)"));
        assert!(error(&["positive", "bug"]).contains("in one file"));
        let many: Vec<String> = (0..9).map(|at| format!("odd{at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(error(&many).contains("odd7, …)"));
    }
}
