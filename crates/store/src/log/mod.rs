//! Logs of what happened: alerts, cases, deliveries, digests, corrections, and who changed what. Rows are appended, and
//! what is true now is a fold of them that whoever knows their meaning makes.
//!
//! Knows: rows, their order, whose words stand in them. Must not: know what a step means, or what a payload says.
//!
//! Invariants:
//! - Every row has a sequence, from 1 on, that orders the whole log. The last one is an app transaction of the table,
//!   which each append moves: of two that append at once the second goes behind the first, or, where it decided by
//!   what it had read ([`Mark`]), is refused and told so. Compaction moves rows between files, never in their order.
//! - Whose words or names stand in a row is said in its `quoted`, with their pseudonyms: an erasure goes by that. In a
//!   payload such words stand in objects that name their record under `record`, or `record_id`, and nowhere else
//!   ([`prune`] takes these out); what was rendered goes as a whole and is rendered again from the payload.
//! - An erasure moves a second app transaction, so that whoever holds older rows in memory learns that they must go.

mod alerts;
mod append;
mod audit;
mod cases;
mod columns;
mod corrections;
mod deliveries;
mod digests;
mod forget;
mod prune;
mod read;

pub use alerts::AlertEvent;
pub use append::AppendError;
pub use audit::AuditEvent;
pub use cases::CaseEvent;
pub use corrections::Correction;
pub use deliveries::{Delivered, DeliveryEvent};
pub use digests::Digest;
pub use forget::ErasedFromLogs;

pub(crate) use alerts::COLUMNS as ALERTS;
pub(crate) use audit::COLUMNS as AUDIT;
pub(crate) use cases::COLUMNS as CASES;
pub(crate) use corrections::COLUMNS as CORRECTIONS;
pub(crate) use deliveries::COLUMNS as DELIVERIES;
pub(crate) use digests::COLUMNS as DIGESTS;
pub(crate) use forget::Theirs;

use crate::error::StoreError;
use crate::schema::{Column, Holds, Table, Type, optional, required};
use crate::table::Handle;
use columns::Rows;
use deltalake_core::arrow::array::ArrayRef;
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::HashSet;

/// What every log begins with, behind the day of `happened_at`.
const SEQUENCE: Column = required("sequence", Type::Long, Holds::Facts);
const AT: Column = required("happened_at", Type::Time, Holds::Facts);
/// What every log ends with: a JSON object, and whose words stand in the row.
const PAYLOAD: Column = optional("payload", Type::Text, Holds::TextOrPeople);
const QUOTED: Column = optional("quoted", Type::Quoted, Holds::TextOrPeople);

/// The app transactions of a log's table: the sequence of the last row, and how often an erasure changed rows.
const LAST: &str = "log/sequence";
const ERASURES: &str = "log/erasures";

/// A row of one of the logs.
pub trait LogEvent: row::Row {}

impl LogEvent for AlertEvent {}
impl LogEvent for CaseEvent {}
impl LogEvent for DeliveryEvent {}
impl LogEvent for Digest {}
impl LogEvent for Correction {}
impl LogEvent for AuditEvent {}

/// A record whose words, or whose author's doings, stand in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Quoted {
    pub record_id: String,
    /// Pseudonyms, as the fact has them.
    pub author: Option<String>,
    pub author_alias: Option<String>,
}

impl Quoted {
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.author.iter().chain(&self.author_alias)
    }
}

/// How far a log was read. The default is before its first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    sequence: i64,
    erasures: i64,
}

/// What a log holds behind a mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Tail<E> {
    /// Behind the last of the events.
    pub mark: Mark,
    /// In their order.
    pub events: Vec<E>,
    /// These are all events that there are: whatever was read before has to be forgotten, for an erasure changed some.
    pub anew: bool,
}

mod row {
    use super::{ArrayRef, Quoted, Rows, StoreError, Table, Theirs, Timestamp};

    /// What the logs share; nobody else adds one.
    pub trait Row: Sized + Clone + Send + Sync + 'static {
        const TABLE: Table;

        fn at(&self) -> Timestamp;

        fn payload(&self) -> Option<&str>;

        /// All of them, that of the row's own record first.
        fn quoted(&self) -> Vec<&Quoted>;

        /// The columns between the time and the payload, in their order.
        fn own(events: &[&Self]) -> Vec<ArrayRef>;

        /// One row of a file.
        fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError>;

        /// What stays of a row that holds something of theirs.
        fn without(self, theirs: &Theirs) -> Option<Self>;
    }
}

/// What is noted in a log's table, as it stands there and as a mark.
#[derive(Debug, Clone, Copy)]
struct Noted {
    last: Option<i64>,
    erasures: Option<i64>,
}

impl Noted {
    async fn of(handle: &Handle) -> Result<Self, StoreError> {
        let noted = handle.app_versions(&[LAST.to_owned(), ERASURES.to_owned()]).await?;
        let at = |place: usize| noted.get(place).copied().flatten();
        Ok(Self { last: at(0), erasures: at(1) })
    }

    fn mark(self) -> Mark {
        Mark { sequence: self.last.unwrap_or(0), erasures: self.erasures.unwrap_or(0) }
    }
}

/// A payload and the quoted without what is of them.
fn left(
    payload: Option<String>,
    quoted: Vec<Quoted>,
    record: Option<&Quoted>,
    theirs: &Theirs,
) -> (Option<String>, Vec<Quoted>) {
    let (gone, others): (Vec<Quoted>, Vec<Quoted>) =
        quoted.into_iter().partition(|quoted| theirs.hold(quoted));
    let own = record.filter(|record| theirs.hold(record));
    let records: HashSet<&str> = gone.iter().chain(own).map(|quoted| quoted.record_id.as_str()).collect();
    (payload.and_then(|payload| prune::prune(&payload, &records)), others)
}
