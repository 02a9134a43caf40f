//! The loops of records: since when each version that is current was there, when it was stored, and when it was decided on.

use super::{Loop, LoopTimes};
use crate::{
    error::InsightError,
    frame::{Rows, explode_topics},
};
use feedback::{
    insight::NO_TOPIC,
    time::{Day, Timestamp},
};
use polars::prelude::*;
use std::collections::HashMap;

/// A record's way, as far as it goes by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordLoop {
    /// By the decision on it; empty where there is none.
    pub owner: String,
    /// The surest, or `none`.
    pub topic: String,
    pub times: LoopTimes,
}

impl RecordLoop {
    #[must_use]
    pub fn borrowed(&self) -> Loop<'_> {
        Loop { owner: &self.owner, topic: &self.topic, times: self.times }
    }
}

/// Of the current facts, of a product or of all, that were stored from `first` on, or whenever, and before `end`; by the ids
/// of their records. What was changed later occurred, as far as this goes, when it was changed.
///
/// # Errors
/// Where the frame has not the columns of `feedback`.
pub fn record_loops(
    facts: &LazyFrame,
    product: Option<&str>,
    first: Option<Day>,
    end: Timestamp,
) -> Result<Vec<RecordLoop>, InsightError> {
    let stored = || col("ingested_at").cast(DataType::Int64);
    let mut facts = facts.clone().filter(stored().lt(lit(end.0)));
    if let Some(product) = product {
        facts = facts.filter(col("product").eq(lit(product.to_owned())));
    }
    if let Some(first) = first {
        facts = facts.filter(stored().gt_eq(lit(first.start().0)));
    }
    let mut topics = surest_topics(&facts)?;
    let columns = ["record_id", "triage_owner", "occurred_at", "updated_at", "ingested_at", "triaged_at"];
    let rows = Rows::collect(facts.select(columns.map(col)))?;
    let (records, owners) = (rows.text("record_id")?, rows.text("triage_owner")?);
    let (occurred, updated) = (rows.times("occurred_at")?, rows.maybe_times("updated_at")?);
    let (stored, triaged) = (rows.times("ingested_at")?, rows.maybe_times("triaged_at")?);
    let mut loops: Vec<(&str, RecordLoop)> = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let record = records.get(row).unwrap_or_default();
        let times = LoopTimes {
            occurred: updated[row].map_or(occurred[row], |updated| updated.max(occurred[row])),
            stored: Some(stored[row]),
            triaged: triaged[row],
            acknowledged: None,
            resolved: None,
        };
        let owner = owners.get(row).unwrap_or_default().to_owned();
        let topic = topics.remove(record).map_or_else(|| NO_TOPIC.to_owned(), |(_, topic)| topic);
        loops.push((record, RecordLoop { owner, topic, times }));
    }
    loops.sort_by_key(|(record, _)| *record);
    Ok(loops.into_iter().map(|(_, record_loop)| record_loop).collect())
}

/// When the first of all was stored.
///
/// # Errors
/// As [`record_loops`].
pub fn first_stored(facts: &LazyFrame) -> Result<Option<Timestamp>, InsightError> {
    let first = col("ingested_at").cast(DataType::Int64).min().alias("first");
    Ok(Rows::collect(facts.clone().select([first]))?.maybe_times("first")?.first().copied().flatten())
}

/// Of each record with its confidence; of two as sure the one that comes first.
fn surest_topics(facts: &LazyFrame) -> Result<HashMap<String, (f64, String)>, InsightError> {
    let names = ["record_id", "topic", "topic_confidence"];
    let rows = Rows::collect(explode_topics(facts.clone()).select(names.map(col)))?;
    let (records, topics) = (rows.text("record_id")?, rows.text("topic")?);
    let confidences = rows.real("topic_confidence")?;
    let mut surest: HashMap<String, (f64, String)> = HashMap::new();
    for (row, confidence) in confidences.into_iter().enumerate() {
        let (Some(record), Some(topic)) = (records.get(row), topics.get(row)) else { continue };
        let confidence = confidence.unwrap_or(0.0);
        if surest.get(record).is_none_or(|(sure, _)| *sure < confidence) {
            surest.insert(record.to_owned(), (confidence, topic.to_owned()));
        }
    }
    Ok(surest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Decided, Fact};

    const DAY: Day = Day(20_514);

    fn at(seconds: i64) -> Timestamp {
        Timestamp(DAY.start().0 + seconds * 1_000_000)
    }

    /// Stored a minute after it occurred, and decided on half a minute later, where it is.
    fn frame(all: &[Fact], updated: i64) -> LazyFrame {
        let after = |seconds: i64| col("occurred_at").cast(DataType::Int64) + lit(seconds * 1_000_000);
        let decided = when(col("triage_owner").is_not_null()).then(after(90)).otherwise(lit(NULL));
        testing::facts(all).with_columns([
            after(updated).alias("updated_at"),
            after(60).alias("ingested_at"),
            decided.cast(DataType::Int64).alias("triaged_at"),
        ])
    }

    #[test]
    fn every_record_is_read_with_its_surest_topic_and_its_owner() {
        let decided = Decided { owner: "identity", priority: "P3", queue: "", unsure: None };
        let own = Fact {
            decided: Some(decided),
            topics: vec![("login_access", "negative", (0, 0)), ("usability", "negative", (0, 0))],
            ..Fact::new(2, DAY, "ticket")
        };
        let facts = frame(&[own, Fact::new(1, DAY, "nps")], 0);
        let loops = record_loops(&facts, None, None, at(100)).unwrap();
        let told: Vec<(&str, &str)> =
            loops.iter().map(|one| (one.owner.as_str(), one.topic.as_str())).collect();
        assert_eq!(told, [("", NO_TOPIC), ("identity", "login_access")], "by the ids of the records");
        let times = loops[1].times;
        assert_eq!((times.occurred, times.stored, times.triaged), (at(2), Some(at(62)), Some(at(92))));
        assert_eq!(loops[0].times.triaged, None);
        assert_eq!(loops[1].borrowed().owner, "identity");
    }

    #[test]
    fn what_is_stored_within_the_days_is_read() {
        let facts = frame(&[Fact::new(1, DAY, "nps"), Fact::new(2, DAY, "nps")], 50);
        let read = |first, end| record_loops(&facts, None, first, end).unwrap().len();
        assert_eq!([read(None, at(61)), read(None, at(62)), read(None, at(63))], [0, 1, 2]);
        assert_eq!([read(Some(DAY), at(63)), read(Some(DAY.plus(1)), at(90_000))], [2, 0]);
        assert!(record_loops(&facts, Some("board"), None, at(90)).unwrap().is_empty());
        assert_eq!(first_stored(&facts).unwrap(), Some(at(61)));
        assert_eq!(first_stored(&frame(&[], 0)).unwrap(), None);
        let changed = record_loops(&facts, None, None, at(90)).unwrap();
        assert_eq!(changed[0].times.occurred, at(51), "as it is now it was there when it was changed");
    }
}
