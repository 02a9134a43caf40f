//! The records of the table, as series and as the people behind them.

mod asked;
mod behind;
mod carriers;
mod reported;

use super::{
    hour::Hour,
    series::{Counting, History, Question, Scored, Tick, What, part_of_scale},
};
use crate::{
    error::InsightError,
    frame::{Rows, between, explode_topics},
    report::People,
};
use asked::{Names, Once};
use feedback::{
    score::{Score, ScoreKind},
    time::Timestamp,
};
use polars::prelude::*;
use std::collections::HashMap;

/// Fields that a change may be carried by.
const CARRIERS: [&str; 7] =
    ["segment", "product", "platform", "app_version", "territory", "language", "source_kind"];

/// Current records, the first first.
#[derive(Debug)]
pub struct Stored {
    /// The first hour that was read.
    from: Hour,
    records: Vec<Record>,
}

#[derive(Debug)]
struct Record {
    id: String,
    at: Hour,
    occurred: Timestamp,
    product: Option<String>,
    source: String,
    /// The name that stands for the person; `None` where nobody knows who it was.
    person: Option<String>,
    answer: Option<Answer>,
    /// Of the customer.
    has_words: bool,
    /// What it is counted for, and whether what it says of that is negative; [`What::All`] comes first.
    whats: Vec<(What, Option<bool>)>,
    /// In the order of [`CARRIERS`]; empty where unknown.
    carriers: [String; CARRIERS.len()],
}

/// A score, and to which question it is the answer.
#[derive(Debug)]
struct Answer {
    score: Score,
    question: Question,
}

/// Reads current facts from the day of `from` up to the hour `to`, which is left out. `words` gives the names of the words
/// that a title and a body hold, `case` the case of a record; a case with fewer than `least` reports is counted, not watched.
///
/// # Errors
/// Where a column is missing or of another type.
pub fn read(
    facts: &LazyFrame,
    people: &People,
    (from, to): (Hour, Hour),
    words: &dyn Fn(Option<&str>, &str) -> Vec<String>,
    case: &dyn Fn(&str) -> Option<String>,
    least: u64,
) -> Result<(History, Stored), InsightError> {
    let facts = facts.clone().filter(between(from.day(), to.day()));
    let mut records = wholes(&facts, people, words, case)?;
    add_topics(&facts, &mut records)?;
    records.retain(|record| record.at >= Hour::of_day(from.day()) && record.at < to);
    records.sort_by(|a, b| a.occurred.cmp(&b.occurred).then_with(|| a.id.cmp(&b.id)));
    let small_cases = leave_out_small_cases(&mut records, least);
    // Before the first record there is nothing to hold.
    let begun = records.first().map_or(from, |first| first.at.max(from));
    let history = History { small_cases, ..count(&records, begun, to) };
    Ok((history, Stored { from: Hour::of_day(from.day()), records }))
}

/// By the hour, of records that come in the order of their time.
fn count(records: &[Record], from: Hour, to: Hour) -> History {
    let names = Names::of(records);
    let mut once = Once::default();
    let mut counting = Counting::new(from, to);
    for record in records {
        let scored = record.answer.as_ref().zip(names.name(record));
        for (what, is_negative) in &record.whats {
            // Of a case the volume alone is watched.
            let scored = scored.filter(|_| !matches!(what, What::Case(_)));
            let counts = scored.filter(|(_, name)| once.counts(what, record, name));
            let score = counts.map(|(answer, name)| Scored { name, value: part_of_scale(answer.score) });
            let (product, source) = (record.product.as_deref(), record.source.as_str());
            counting.add(what, &Tick { at: record.at, product, source, is_negative: *is_negative, score });
        }
    }
    counting.finish()
}

/// Takes the cases with fewer than `least` records from all of them; how many there were.
fn leave_out_small_cases(records: &mut [Record], least: u64) -> usize {
    let mut sizes: HashMap<String, u64> = HashMap::new();
    for (what, _) in records.iter().flat_map(|record| &record.whats) {
        if let What::Case(id) = what {
            *sizes.entry(id.clone()).or_default() += 1;
        }
    }
    let is_small = |what: &What| match what {
        What::Case(id) => sizes.get(id).is_some_and(|size| *size < least),
        _ => false,
    };
    records.iter_mut().for_each(|record| record.whats.retain(|(what, _)| !is_small(what)));
    sizes.values().filter(|size| **size < least).count()
}

/// The records with what is said of them as wholes.
fn wholes(
    facts: &LazyFrame,
    people: &People,
    words: &dyn Fn(Option<&str>, &str) -> Vec<String>,
    case: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Record>, InsightError> {
    let names = ["record_id", "occurred_at", "author", "author_alias", "sentiment", "title", "body"];
    let scores = ["score_kind", "score_value", "score_min", "score_max", "part", "question"];
    let columns: Vec<Expr> = names.into_iter().chain(scores).chain(CARRIERS).map(col).collect();
    let rows = Rows::collect(facts.clone().select(columns))?;
    let (ids, times) = (rows.text("record_id")?, rows.times("occurred_at")?);
    let (authors, aliases) = (rows.text("author")?, rows.text("author_alias")?);
    let (sentiments, titles, bodies) = (rows.text("sentiment")?, rows.text("title")?, rows.text("body")?);
    let (kinds, parts, questions) = (rows.text("score_kind")?, rows.text("part")?, rows.text("question")?);
    let [value, min, max] = ["score_value", "score_min", "score_max"].map(|name| rows.real(name));
    let (value, min, max) = (value?, min?, max?);
    let carriers = CARRIERS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let mut records = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let id = ids.get(row).unwrap_or_default();
        let is_negative = negative(sentiments.get(row));
        let mut whats = vec![(What::All, is_negative)];
        let body = bodies.get(row).unwrap_or_default();
        let named = words(titles.get(row), body);
        whats.extend(named.into_iter().map(|name| (What::Words(name), is_negative)));
        whats.extend(case(id).map(|case| (What::Case(case), is_negative)));
        let answer = || {
            let kind = ScoreKind::parse(kinds.get(row)?)?;
            let [part, wording] = [&parts, &questions].map(|column| column.get(row).unwrap_or_default());
            let score = Score::new(kind, value[row]?, min[row]?, max[row]?)?;
            Some(Answer { score, question: Question::of(kind, part, wording) })
        };
        let carriers: [String; CARRIERS.len()] =
            std::array::from_fn(|at| carriers[at].get(row).unwrap_or_default().to_owned());
        let person = authors.get(row).or_else(|| aliases.get(row));
        records.push(Record {
            id: id.to_owned(),
            at: Hour::of(times[row]),
            occurred: times[row],
            product: Some(carriers[1].clone()).filter(|product| !product.is_empty()),
            source: carriers[6].clone(),
            person: person.map(|name| people.of(name).to_owned()),
            answer: answer(),
            has_words: !body.is_empty(),
            whats,
            carriers,
        });
    }
    Ok(records)
}

fn add_topics(facts: &LazyFrame, records: &mut [Record]) -> Result<(), InsightError> {
    let columns = ["record_id", "topic", "topic_sentiment"].map(col);
    let rows = Rows::collect(explode_topics(facts.clone()).select(columns))?;
    let (ids, topics, sentiments) =
        (rows.text("record_id")?, rows.text("topic")?, rows.text("topic_sentiment")?);
    let places: HashMap<String, usize> =
        records.iter().enumerate().map(|(at, record)| (record.id.clone(), at)).collect();
    for row in 0..rows.len() {
        let (Some(id), Some(topic)) = (ids.get(row), topics.get(row)) else { continue };
        let Some(record) = places.get(id).and_then(|at| records.get_mut(*at)) else { continue };
        let what = What::Topic(topic.to_owned());
        // A topic counts once a record.
        if !record.whats.iter().any(|(of, _)| *of == what) {
            record.whats.push((what, negative(sentiments.get(row))));
        }
    }
    Ok(())
}

/// `None` where it is not judged.
fn negative(sentiment: Option<&str>) -> Option<bool> {
    sentiment.filter(|sentiment| !sentiment.is_empty() && *sentiment != "unknown").map(|s| s == "negative")
}

#[cfg(test)]
mod tests;
