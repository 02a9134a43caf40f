//! What waits for whom, by the decisions that were stored with the records.

use super::moments::{At, Date};
use insight::report::Filter;
use serde::Serialize;
use utoipa::ToSchema;

/// Of the records of some days.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TriageLoad {
    pub from: Date,
    pub to: Date,
    /// With a decision, and not done with.
    pub records: u64,
    /// Of cases that are resolved; in no other count.
    pub resolved: u64,
    /// From before there were rules; in no other count.
    pub undecided: u64,
    /// What is most urgent first, then what is most.
    pub rows: Vec<TriageRow>,
    /// What waits for a person, the newest first, at most 50.
    pub waiting: Vec<TriageWaiting>,
    pub waiting_total: u64,
    /// Lists all that waits.
    #[schema(value_type = Object)]
    pub waiting_filter: Filter,
}

/// The queue of an owner.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TriageRow {
    pub owner: String,
    pub queue: String,
    /// From P1 to P4.
    pub priorities: [u64; 4],
    pub records: u64,
    /// Of them, those that wait for a person.
    pub for_a_person: u64,
    /// Lists its records.
    #[schema(value_type = Object)]
    pub filter: Filter,
}

/// A record that a person has to look at, for a judgement was too unsure to decide by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TriageWaiting {
    /// Its id.
    pub record: String,
    pub occurred_at: At,
    pub owner: String,
    pub queue: String,
    pub priority: String,
    /// The judgement that was too unsure.
    pub unsure: String,
    pub reason: String,
}
