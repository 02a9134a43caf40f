//! What the rooms behind the dashboard know and do: cases, alerts, digests, deliveries, targets, triage.
//!
//! Knows: the plain things that pages and the API show of them, what may be asked, what can go wrong. Must not: know where
//! the binary finds them.
//!
//! Invariants:
//! - A list reads no feedback: what takes long is made beside, and shown as it was until it is made again.
//! - What somebody changed is what the next look shows, whoever asks.

mod alerts;
mod cases;
pub mod changes;
mod deliveries;
mod digests;
mod found;
mod list;
mod moments;
mod targets;
mod triage;

pub use alerts::{
    AlertChange, AlertChanged, AlertEntry, AlertMoved, AlertQuote, AlertRow, AlertSaid, AlertSilence,
    AlertState, AlertWhole, Alerts, AlertsCoverage, AlertsFilter, AlertsPrecision, AlertsStanding, Carried,
};
pub use cases::{
    CaseAssigned, CaseChanged, CaseEntry, CaseLife, CaseReach, CaseReport, CaseRow, CaseState, CaseStep,
    CaseTell, CaseWhole, CasesFilter, CasesIn, CasesSort, NativeId,
};
pub use deliveries::{DeliveriesFilter, DeliveryRow, DeliveryState, Requeued};
pub use digests::{DigestRow, KeptDigest, week};
pub use found::{Found, Thing};
pub use list::{AT_MOST, Cursor, Listed, NoCursor, NoPage, Page, Ranked, USUAL, listed};
pub use moments::{At, Date};
pub use targets::{TargetGoal, TargetRow, TargetStanding, Targets};
pub use triage::{TriageLoad, TriageRow, TriageWaiting};

use crate::problem::Problem;
use async_trait::async_trait;
use insight::digest::Week;
use insight::report::{Filter, Period};
use std::error::Error;
use store::StoreError;

/// Why something was not shown, or not done. The words are for whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing.
    #[error("{0}")]
    NotFound(String),
    /// What it is by now does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// It cannot be asked so.
    #[error("{0}")]
    Bad(String),
    /// No fault of whoever asked.
    #[error(transparent)]
    Failed(Box<dyn Error + Send + Sync>),
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound(why) => Self::not_found(why),
            DeskError::Conflict(why) => Self::conflict(why),
            DeskError::Bad(why) => Self::bad_request(why),
            DeskError::Failed(error) => {
                let passes = StoreError::behind(error.as_ref()).is_some_and(StoreError::is_retryable);
                let told = Self::internal_dyn(error.as_ref());
                if passes {
                    Self::unavailable("the tables cannot be used at the moment: try again soon")
                } else {
                    told
                }
            }
        }
    }
}

pub type Known<T> = Result<T, DeskError>;

/// Who acts on what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    pub name: String,
    /// Ids of the topics that are theirs.
    pub topics: Vec<String>,
}

/// The rooms, asked and told. Things are named by how their ids begin; `by` is who does something, to be kept with it.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Everybody who may own something, by name.
    fn owners(&self) -> &[Owner];

    /// The one thing of a kind whose id begins so, if it is such that the change is allowed. It is looked at again when it is
    /// changed: others may have been at it meanwhile.
    async fn find(&self, thing: Thing<'_>, beginning: &str) -> Known<Found>;

    /// Those that fit, in the order that is asked for; their reach as it was counted last.
    async fn cases(&self, wanted: &CasesFilter, page: &Page) -> Known<Listed<CaseRow>>;

    async fn case(&self, beginning: &str) -> Known<CaseWhole>;

    /// Takes a step of its life. What its state does not allow is a conflict and changes nothing.
    async fn take_step(&self, beginning: &str, step: CaseStep, by: &str) -> Known<CaseChanged>;

    /// Gives it to another owner.
    async fn assign(&self, beginning: &str, owner: &str, by: &str) -> Known<CaseChanged>;

    /// The filter with what the log of cases says now, where it asks for that; its case by the whole id.
    async fn of_cases(&self, filter: Filter) -> Known<Filter>;

    /// The case that a record is a report of, by its id.
    async fn case_of(&self, record: &str) -> Known<Option<String>>;

    async fn alerts(&self, wanted: &AlertsFilter, page: &Page) -> Known<Alerts>;

    /// What carries it and what customers say is read from the feedback: with `whole` that is waited for.
    async fn alert(&self, beginning: &str, whole: bool) -> Known<AlertWhole>;

    async fn change_alert(&self, beginning: &str, change: &AlertChange, by: &str) -> Known<AlertChanged>;

    /// Of each week and owner the one that was archived last, the last week first; of an owner alone, where one is named.
    async fn digests(&self, owner: Option<&str>, page: &Page) -> Known<Listed<DigestRow>>;

    /// One as it was sent; everybody's, where no owner is named.
    async fn digest(&self, week: Week, owner: Option<&str>) -> Known<KeptDigest>;

    /// The goals as they stand now; `None` while that is worked out for the first time: with `whole` that is waited for, as far
    /// as anybody waits.
    async fn targets(&self, whole: bool) -> Known<Option<Targets>>;

    async fn deliveries(&self, wanted: &DeliveriesFilter, page: &Page) -> Known<Listed<DeliveryRow>>;

    /// Has one that failed attempted again.
    async fn requeue(&self, beginning: &str) -> Known<Requeued>;

    /// What waits for whom, of the records of some days; `None` where counting it for the first time takes longer than anybody
    /// waits.
    async fn triage(&self, days: Period) -> Known<Option<TriageLoad>>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn each_error_is_a_problem_of_its_own() {
        let status = |error: DeskError| Problem::from(error).status;
        assert_eq!(status(DeskError::NotFound("no case".to_owned())), StatusCode::NOT_FOUND);
        assert_eq!(status(DeskError::Conflict("resolved".to_owned())), StatusCode::CONFLICT);
        assert_eq!(status(DeskError::Bad("no owner".to_owned())), StatusCode::BAD_REQUEST);
        let failed = Problem::from(DeskError::Failed("/srv/tables is full".into()));
        assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!failed.detail.contains("srv"), "{failed:?}");
    }
}
