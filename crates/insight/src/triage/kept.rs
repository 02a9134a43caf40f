//! Decisions as they were stored with their facts, whole.

use super::file::Priority;
use crate::{error::InsightError, frame::Rows};
use feedback::{span::Span, time::Timestamp};
use polars::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

const TEXTS: [&str; 12] = [
    "record_id",
    "source_kind",
    "source",
    "native_id",
    "triage_rule",
    "triage_owner",
    "triage_priority",
    "triage_queue",
    "triage_confidence",
    "triage_unsure",
    "triage_reason",
    "triage_rules",
];
const TIMES: [&str; 3] = ["occurred_at", "ingested_at", "triaged_at"];
const LISTS: [&str; 3] = ["triage_spans", "triage_labels", "triage_actions"];

/// The decision on a record, as it was when the record came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// Its id.
    pub record: String,
    /// Where it came from: the source kind, the form, inbox or network within it, and the vendor's id.
    pub source: String,
    pub event_source: String,
    pub native_id: String,
    pub occurred_at: Timestamp,
    pub stored_at: Timestamp,
    pub rule: String,
    pub owner: String,
    pub priority: String,
    pub queue: String,
    pub confidence: String,
    /// The judgement that was too unsure, where a person has to look.
    pub unsure: Option<String>,
    pub reason: String,
    /// Where in the body that stands.
    pub spans: Vec<Span>,
    pub labels: Vec<String>,
    /// Names of delivery targets.
    pub actions: Vec<String>,
    /// The version of the rules.
    pub rules: String,
    pub at: Timestamp,
}

/// Of the facts that have one, in the order of their ids.
///
/// # Errors
/// Where the frame has not the columns of the decision.
pub fn kept(facts: LazyFrame) -> Result<Vec<Kept>, InsightError> {
    let facts = facts.filter(col("triage_rule").is_not_null());
    let (mut spans, mut labels, mut actions) =
        (spans(&facts)?, texts(&facts, "triage_labels")?, texts(&facts, "triage_actions")?);
    let columns: Vec<Expr> = TEXTS.iter().chain(&TIMES).map(|name| col(*name)).collect();
    let rows = Rows::collect(facts.select(columns))?;
    let of = TEXTS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let [occurred, stored, decided] = TIMES.map(|name| rows.times(name));
    let (occurred, stored, decided) = (occurred?, stored?, decided?);
    let own = |at: usize, row: usize| of[at].get(row).unwrap_or_default().to_owned();
    let mut all: Vec<Kept> = (0..rows.len())
        .map(|row| {
            let record = own(0, row);
            Kept {
                source: own(1, row),
                event_source: own(2, row),
                native_id: own(3, row),
                occurred_at: occurred[row],
                stored_at: stored[row],
                rule: own(4, row),
                owner: own(5, row),
                priority: own(6, row),
                queue: own(7, row),
                confidence: own(8, row),
                unsure: of[9].get(row).map(str::to_owned),
                reason: own(10, row),
                rules: own(11, row),
                spans: spans.remove(&record).unwrap_or_default(),
                labels: labels.remove(&record).unwrap_or_default(),
                actions: actions.remove(&record).unwrap_or_default(),
                at: decided[row],
                record,
            }
        })
        .collect();
    all.sort_by(|a, b| a.record.cmp(&b.record));
    Ok(all)
}

/// What [`kept`] reads.
pub(super) fn columns() -> impl Iterator<Item = &'static str> {
    TEXTS.into_iter().chain(TIMES).chain(LISTS)
}

/// The priority of each of these records, as it was decided; none of those that wait for a person, for nobody knows yet
/// whether that is theirs.
///
/// # Errors
/// As [`kept`].
pub fn priorities(facts: LazyFrame, ids: &[&str]) -> Result<HashMap<String, Priority>, InsightError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = Series::new("ids".into(), ids.to_vec()).implode()?.into_series();
    let sure = facts.filter(col("triage_unsure").is_null().and(col("record_id").is_in(lit(ids), false)));
    let rows = Rows::collect(sure.select(["record_id", "triage_priority"].map(col)))?;
    let (records, priorities) = (rows.text("record_id")?, rows.text("triage_priority")?);
    let known = records.iter().zip(priorities.iter()).filter_map(|(record, priority)| {
        // Without rules nothing was decided.
        Some((record?.to_owned(), Priority::parse(priority?)?))
    });
    Ok(known.collect())
}

/// A row for each element of a list.
fn exploded(facts: &LazyFrame, column: &str) -> LazyFrame {
    facts.clone().select([col("record_id"), col(column)]).explode(
        Selector::ByName { names: [PlSmallStr::from(column)].into(), strict: true },
        ExplodeOptions { empty_as_null: false, keep_nulls: false },
    )
}

fn texts(facts: &LazyFrame, column: &str) -> Result<HashMap<String, Vec<String>>, InsightError> {
    let rows = Rows::collect(exploded(facts, column))?;
    let (records, texts) = (rows.text("record_id")?, rows.text(column)?);
    let mut all: HashMap<String, Vec<String>> = HashMap::new();
    for (record, text) in records.iter().zip(texts.iter()) {
        if let (Some(record), Some(text)) = (record, text) {
            all.entry(record.to_owned()).or_default().push(text.to_owned());
        }
    }
    Ok(all)
}

fn spans(facts: &LazyFrame) -> Result<HashMap<String, Vec<Span>>, InsightError> {
    let end = |name: &str| col("triage_spans").struct_().field_by_name(name).alias(name);
    let rows = exploded(facts, "triage_spans").filter(col("triage_spans").is_not_null());
    let rows = Rows::collect(rows.select([col("record_id"), end("start"), end("end")]))?;
    let (records, starts, ends) = (rows.text("record_id")?, rows.whole("start")?, rows.whole("end")?);
    let mut all: HashMap<String, Vec<Span>> = HashMap::new();
    for (row, record) in records.iter().enumerate() {
        let Some(record) = record else { continue };
        let place = |at: i64| u32::try_from(at).unwrap_or(0);
        let start = place(starts[row]);
        all.entry(record.to_owned()).or_default().push(Span::new(start, place(ends[row]).max(start)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_priority_of_what_waits_for_a_person_is_nobodys_yet() {
        let columns = vec![
            Column::new("record_id".into(), vec!["a", "b", "c", "d"]),
            Column::new("triage_priority".into(), vec![Some("P1"), Some("P1"), None, Some("P3")]),
            Column::new("triage_unsure".into(), vec![None, Some("urgency"), None, None]),
        ];
        let facts = DataFrame::new(4, columns).unwrap().lazy();
        let found = priorities(facts.clone(), &["a", "b", "c", "gone"]).unwrap();
        assert_eq!(found, HashMap::from([("a".to_owned(), Priority::P1)]));
        assert!(priorities(facts, &[]).unwrap().is_empty());
    }

    #[test]
    fn a_decision_is_read_whole_and_a_fact_without_one_is_left_out() {
        let spans = [
            Series::new("start".into(), [4_i32, 20].as_slice()),
            Series::new("end".into(), [9_i32, 31].as_slice()),
        ];
        let spans = StructChunked::from_series("".into(), 2, spans.iter()).unwrap().into_series();
        let none = spans.slice(0, 0);
        let labels = Series::new("".into(), ["access"].as_slice());
        let lists = |name: &str, first: &Series, second: Series| {
            Column::new(name.into(), vec![first.clone(), second])
        };
        let text = |name: &str, first: &str| Column::new(name.into(), vec![Some(first), None]);
        let columns = vec![
            Column::new("record_id".into(), vec!["b", "a"]),
            text("source_kind", "ticket"),
            text("source", "desk"),
            text("native_id", "T-1"),
            Column::new("occurred_at".into(), vec![3_i64, 3]),
            Column::new("ingested_at".into(), vec![4_i64, 4]),
            text("triage_rule", "locked out"),
            text("triage_owner", "identity"),
            text("triage_priority", "P1"),
            text("triage_queue", "review"),
            text("triage_confidence", "low"),
            text("triage_unsure", "urgency"),
            text("triage_reason", "topics login_access at 90%"),
            text("triage_rules", "1:00000000"),
            lists("triage_spans", &spans, none),
            lists("triage_labels", &labels, labels.slice(0, 0)),
            lists("triage_actions", &labels.slice(0, 0), labels.clone()),
            Column::new("triaged_at".into(), vec![Some(5_i64), None]),
        ];
        let all = kept(DataFrame::new(2, columns).unwrap().lazy()).unwrap();
        assert_eq!(all.len(), 1);
        let one = &all[0];
        assert_eq!((one.record.as_str(), one.rule.as_str()), ("b", "locked out"));
        assert_eq!((one.queue.as_str(), one.unsure.as_deref()), ("review", Some("urgency")));
        assert_eq!(one.spans, [Span::new(4, 9), Span::new(20, 31)]);
        assert_eq!((one.labels.clone(), one.actions.len()), (vec!["access".to_owned()], 0));
        assert_eq!((one.at, one.rules.as_str()), (Timestamp(5), "1:00000000"));
        assert_eq!(
            (one.native_id.as_str(), one.occurred_at, one.stored_at),
            ("T-1", Timestamp(3), Timestamp(4))
        );
    }
}
