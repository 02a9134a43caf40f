//! What the stored decisions ask of whom: by owner, queue and priority, and what waits for a person.

use super::file::Priority;
use crate::{error::InsightError, frame::Rows};
use feedback::time::Timestamp;
use polars::prelude::*;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

const TEXTS: [&str; 6] =
    ["record_id", "triage_owner", "triage_queue", "triage_priority", "triage_unsure", "triage_reason"];

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Load {
    /// With a decision, and not done with.
    pub records: u64,
    /// Of cases that are resolved; in no other count.
    pub resolved: u64,
    /// From before there were rules; in no other count.
    pub undecided: u64,
    /// What is most urgent first, then what is most.
    pub rows: Vec<LoadRow>,
    /// What waits for a person, the newest first.
    pub waiting: Vec<Waiting>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoadRow {
    pub owner: String,
    pub queue: String,
    /// From P1 to P4.
    pub priorities: [u64; 4],
    pub records: u64,
    /// Of them, those that wait for a person.
    pub for_a_person: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Its id.
    pub record: String,
    pub occurred_at: Timestamp,
    pub owner: String,
    pub queue: String,
    pub priority: String,
    /// The judgement that was too unsure.
    pub unsure: String,
    pub reason: String,
}

/// Of current facts, but for the records that are done with.
///
/// # Errors
/// Where the frame has not the columns of the decision.
pub fn load(facts: LazyFrame, done: &HashSet<String>) -> Result<Load, InsightError> {
    let columns: Vec<Expr> = TEXTS.iter().chain(&["occurred_at"]).map(|name| col(*name)).collect();
    let rows = Rows::collect(facts.select(columns))?;
    let texts = TEXTS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let times = rows.times("occurred_at")?;
    let mut load = Load::default();
    let mut by_place: BTreeMap<(String, String), LoadRow> = BTreeMap::new();
    for (row, occurred_at) in times.iter().enumerate() {
        let own = |at: usize| texts[at].get(row).unwrap_or_default().to_owned();
        let (record, owner, queue, priority) = (own(0), own(1), own(2), own(3));
        let Some(level) = Priority::parse(&priority) else {
            load.undecided += 1;
            continue;
        };
        if done.contains(&record) {
            load.resolved += 1;
            continue;
        }
        load.records += 1;
        let place = by_place.entry((owner.clone(), queue.clone())).or_insert_with(|| LoadRow {
            owner: owner.clone(),
            queue: queue.clone(),
            priorities: [0; 4],
            records: 0,
            for_a_person: 0,
        });
        place.records += 1;
        place.priorities[level as usize] += 1;
        if let Some(unsure) = texts[4].get(row) {
            place.for_a_person += 1;
            let (unsure, reason) = (unsure.to_owned(), own(5));
            let occurred_at = *occurred_at;
            load.waiting.push(Waiting { record, occurred_at, owner, queue, priority, unsure, reason });
        }
    }
    load.rows = by_place.into_values().collect();
    load.rows.sort_by_key(|row| Reverse((row.priorities, row.records)));
    load.waiting.sort_by(|a, b| (b.occurred_at, &b.record).cmp(&(a.occurred_at, &a.record)));
    Ok(load)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_or_undecided_is_no_load() {
        let rows: [(&str, Option<&str>, &str, Option<&str>); 6] = [
            ("a", Some("P3"), "core", None),
            ("b", Some("P1"), "identity", None),
            ("c", Some("P3"), "core", Some("kind")),
            ("d", Some("P3"), "core", None),
            ("e", None, "", None),
            ("f", Some("P3"), "core", Some("topics")),
        ];
        let texts = |name: &str, of: &dyn Fn(usize) -> Option<&'static str>| {
            Column::new(name.into(), (0..rows.len()).map(of).collect::<Vec<_>>())
        };
        let columns = vec![
            texts("record_id", &|at| Some(rows[at].0)),
            texts("triage_owner", &|at| Some(rows[at].2)),
            texts("triage_queue", &|at| Some(if rows[at].3.is_some() { "review" } else { rows[at].2 })),
            texts("triage_priority", &|at| rows[at].1),
            texts("triage_unsure", &|at| rows[at].3),
            texts("triage_reason", &|_| Some("why")),
            Column::new("occurred_at".into(), (0..6_i64).collect::<Vec<_>>()),
        ];
        let facts = DataFrame::new(rows.len(), columns).unwrap().lazy();
        let told = load(facts, &HashSet::from(["d".to_owned(), "e".to_owned()])).unwrap();
        assert_eq!((told.records, told.resolved, told.undecided), (4, 1, 1));
        let rows: Vec<_> = told
            .rows
            .iter()
            .map(|row| (row.owner.as_str(), row.queue.as_str(), row.priorities, row.for_a_person))
            .collect();
        assert_eq!(
            rows,
            [
                ("identity", "identity", [1, 0, 0, 0], 0),
                ("core", "review", [0, 0, 2, 0], 2),
                ("core", "core", [0, 0, 1, 0], 0),
            ]
        );
        let waiting: Vec<&str> = told.waiting.iter().map(|one| one.record.as_str()).collect();
        assert_eq!((waiting, told.waiting[0].unsure.as_str()), (vec!["f", "c"], "topics"));
    }
}
