//! Words of customers under cases, alerts, changes and new words: cut from the redacted body, never written.

use crate::{
    error::InsightError,
    report::{Filter, RecordLine, model::Quote, records},
};
use feedback::{insight::NO_TOPIC, span::Span};
use polars::prelude::*;
use std::collections::{HashMap, HashSet};

/// Quotes of a point.
pub(super) const QUOTES: usize = 2;
/// Letters and digits below which a body says too little.
const LEAST_LETTERS: usize = 8;
/// A length that reads well.
const GOOD_LENGTH: f64 = 90.0;
/// Records that are looked at for a point.
const CANDIDATES: usize = 60;

/// The record lines of some ids.
fn lines(facts: &LazyFrame, ids: &[&str], filter: &Filter) -> Result<Vec<RecordLine>, InsightError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids = Series::new("ids".into(), ids.to_vec()).implode()?.into_series();
    records(facts.clone().filter(col("record_id").is_in(lit(ids), false)), filter)
}

/// At most so many from records about a topic, the newest first; no two of one person, of one text, or of a record that is
/// told already.
pub(crate) fn of_records(
    facts: &LazyFrame,
    ids: &[&str],
    topic: &str,
    told: &mut HashSet<String>,
    most: usize,
) -> Result<Vec<Quote>, InsightError> {
    let topic = (topic != NO_TOPIC).then(|| topic.to_owned());
    let ids = &ids[..ids.len().min(CANDIDATES)];
    let lines = lines(facts, ids, &Filter { topic, ..Filter::default() })?;
    Ok(choose(lines, told, most))
}

/// From records with a word, which stands at the span that each id has.
pub(super) fn of_words(
    facts: &LazyFrame,
    spans: &HashMap<&str, Span>,
    told: &mut HashSet<String>,
) -> Result<Vec<Quote>, InsightError> {
    let mut ids: Vec<&str> = spans.keys().copied().collect();
    ids.sort_unstable();
    ids.truncate(CANDIDATES);
    let mut lines = lines(facts, &ids, &Filter::default())?;
    for line in &mut lines {
        line.span = spans.get(line.record_id.as_str()).copied();
    }
    Ok(choose(lines, told, QUOTES))
}

/// From the records that a filter lists and that are wanted, the newest first.
pub(super) fn of_filter(
    facts: &LazyFrame,
    filter: &Filter,
    told: &mut HashSet<String>,
    wanted: impl Fn(&RecordLine) -> bool,
) -> Result<Vec<Quote>, InsightError> {
    let mut lines = records(facts.clone(), filter)?;
    lines.retain(|line| says_enough(line) && wanted(line));
    lines.truncate(CANDIDATES);
    Ok(choose(lines, told, QUOTES))
}

fn says_enough(line: &RecordLine) -> bool {
    line.text.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST_LETTERS
}

fn choose(mut lines: Vec<RecordLine>, told: &mut HashSet<String>, most: usize) -> Vec<Quote> {
    lines.retain(says_enough);
    let off = |line: &RecordLine| (line.text.chars().count() as f64 - GOOD_LENGTH).abs();
    lines.sort_by(|a, b| off(a).total_cmp(&off(b)).then_with(|| a.record_id.cmp(&b.record_id)));
    let (mut quotes, mut people, mut texts) = (Vec::new(), HashSet::new(), HashSet::new());
    for line in lines {
        let known = line.author.as_ref().is_some_and(|author| people.contains(author));
        if quotes.len() == most || known || told.contains(&line.record_id) {
            continue;
        }
        let text = line.excerpt();
        if !texts.insert(text.to_lowercase()) {
            continue;
        }
        people.extend(line.author.clone());
        told.insert(line.record_id.clone());
        let span = line.span.unwrap_or(Span::new(0, 0));
        quotes.push(Quote {
            text,
            record_id: line.record_id,
            day: line.day,
            source: line.source,
            span: (span.start, span.end),
        });
    }
    quotes
}
