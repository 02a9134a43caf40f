//! The records behind a figure, as they are listed.

use crate::output;
use anyhow::Result;
use insight::report::filter::scale_name;
use insight::report::{RecordLine, RecordScore};
use serde::Serialize;

/// Characters of a text that are shown.
const SHOWN: usize = 600;

/// A part of the records, for programs.
#[derive(Serialize)]
struct Part<'a> {
    total: usize,
    shown: usize,
    records: &'a [RecordLine],
}

/// Shows the records, newest first; with a limit only so many of them, and how many there are in all.
pub fn show(records: &[RecordLine], limit: Option<u32>, json: bool) -> Result<()> {
    let most = limit.map_or(records.len(), |limit| limit as usize);
    let part = &records[..most.min(records.len())];
    match limit {
        None if json => output::json(&records),
        Some(_) if json => output::json(&Part { total: records.len(), shown: part.len(), records: part }),
        _ if records.is_empty() => Ok(()),
        _ => output::text(&listed(part, records.len())),
    }
}

/// `records`, of `total`.
fn listed(records: &[RecordLine], total: usize) -> String {
    let mut text: String = records.iter().map(|record| entry(record, None)).collect();
    text += &counted(records.len(), total);
    text + &cut(records.iter())
}

/// A record with its words; `before` stands before all else.
pub fn entry(record: &RecordLine, before: Option<String>) -> String {
    let before = before.map(|before| format!("{before} \u{b7} ")).unwrap_or_default();
    let mut text = output::wrapped(&format!("{before}{}", heading(record)), 0, usize::MAX);
    let asked = record.question.iter().map(|question| format!("Question: {question}"));
    let titled = record.title.iter().map(|title| format!("Title: {title}"));
    for above in asked.chain(titled) {
        text += &output::wrapped(&above, 2, SHOWN);
    }
    text + &output::wrapped(&record.text, 2, SHOWN) + "\n"
}

/// That not all words are shown, where that is so.
pub fn cut<'r>(mut records: impl Iterator<Item = &'r RecordLine>) -> String {
    if records.any(|record| record.text.chars().count() > SHOWN) {
        format!("; of long ones the first {SHOWN} characters, --json has all")
    } else {
        String::new()
    }
}

/// `2 records`, or `20 of 1,234 records, the newest`.
fn counted(shown: usize, total: usize) -> String {
    let all = output::counted(total as u64, "record");
    if shown == total { all } else { format!("{} of {all}, the newest", output::grouped(shown as u64)) }
}

fn heading(record: &RecordLine) -> String {
    let RecordLine { day, source, sentiment, kind, record_id, .. } = record;
    let score = |score: RecordScore| {
        format!("{} {} of {}", score.scale.kind.as_str(), score.value, scale_name(score.scale))
    };
    let topics = record.topics.join(", ");
    let place = [&record.platform, &record.app_version].into_iter().flatten().cloned();
    let place = place.collect::<Vec<_>>().join(" ");
    let parts = [
        Some(day.to_string()),
        Some(source.clone()),
        Some(sentiment.clone()),
        Some(kind.clone()),
        record.score.map(score),
        (!topics.is_empty()).then_some(topics),
        record.product.clone(),
        (!place.is_empty()).then_some(place),
        record.territory.clone(),
        Some(record_id.clone()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_with_the_whole() {
        assert_eq!(counted(1, 1), "1 record");
        assert_eq!(counted(1_234, 1_234), "1,234 records");
        assert_eq!(counted(20, 1_234), "20 of 1,234 records, the newest");
    }
}
