//! The tables: facts, insights, dead letters, suppressions and the logs of what happened (alerts, cases, deliveries,
//! digests, corrections, audit) as Delta Lake, without a query server.
//!
//! Knows: columns, files, commits, versions of an item. Must not: know what the columns mean to a
//! product manager, or where a row came from beyond its position.
//!
//! Invariants:
//! - Rows of `feedback` and the offsets they came from are one commit; a commit is a compare-and-swap
//!   on the version it was checked against, so whoever is not the newest owner of an offset loses.
//! - `dead_letters` is committed just before and is keyed by position; where `feedback` has a row of the
//!   same position, that row wins. So every crash between the two leaves a state that reads the same
//!   before and after the work is done again.
//! - What is current follows from the rows alone ([`resolve`]), in any order of arrival. Compaction
//!   drops only what resolution never shows, and leaves the dropped positions as notes, so that the
//!   [`Ledger`] adds up and a replay does not bring them back.
//! - What people corrected is laid over the current rows wherever these are read ([`corrected`]), by the log alone and in
//!   whatever order it grew; the rows stay as the models judged them.
//! - A log of what happened only grows, in one order that every reader sees; whoever decides by what it has read is
//!   refused where somebody else has written since ([`Mark`]).
//! - Nothing that a person wrote, and nothing about one, stands in a table's log.
//! - On a local disk a file is synced before it gets its name, data before the log entry that names it: a power cut
//!   may cost the last commits, whose offsets go with them, but never leaves a table that cannot be read.
//!
//! Tables are addressed by URL throughout. With the feature `s3` those under an `s3://` root are opened and facts
//! appended to them; whatever scans does not work there yet, for scans go through polars, which reads local files only
//! in this build: reports, rollups, maintenance, erasures, and a commit once somebody is suppressed or refused.

mod arrived;
mod commit;
mod compact;
mod corrected;
mod durable;
mod encode;
mod erase;
mod error;
mod evolve;
mod facts;
pub mod failpoints;
#[cfg(test)]
mod faults;
mod forget;
mod index;
mod insights;
mod judged;
mod key;
mod ledger;
mod log;
mod maintain;
mod noted;
mod notes;
mod read;
mod removal;
mod resolve;
mod rewrite;
mod scanned;
mod schema;
mod snapshot;
mod sought;
mod stats;
mod suppressions;
mod table;
mod touched;
mod vacuum;
mod views;
mod withdraw;

pub use commit::{Advance, Batch, Committed};
pub use corrected::{CorrectError, Correcting, CorrectionState, Located, Standing};
pub use encode::EncodedFiles;
pub use erase::{EraseOptions, EraseProgress, EraseReport};
pub use error::{CommitError, Next, StoreError};
pub use facts::{FactColumns, FactRow, TopicFact, TriageFact};
pub use insights::{Rollup, RollupError};
pub use judged::JudgedBy;
pub use ledger::Ledger;
pub use log::{
    AlertEvent, AppendError, AuditEvent, CaseEvent, Correction, Delivered, DeliveryEvent, Digest,
    ErasedFromLogs, LogEvent, Mark, Quoted, Tail,
};
pub use maintain::{MaintainOptions, MaintainProgress, MaintainReport, TableReport};
pub use noted::Offsets;
pub use notes::{DeadLetter, DeadLetterFilter, Note, Outcome};
pub use schema::{Column, Holds, Table, Type};
pub use suppressions::Suppressions;
pub use touched::{Seen, Touched};
pub use views::views_sql;

use polars::prelude::{DataFrame, LazyFrame};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use table::Handle;
use url::Url;

/// How tables are opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// For object stores: region, endpoint, credentials by delta-rs's names. Local tables need none.
    pub storage: HashMap<String, String>,
    /// How long replaced files stay for readers that opened an older version ([`Store::retention`]).
    pub retention: Duration,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { storage: HashMap::new(), retention: Duration::from_secs(7 * 24 * 3600) }
    }
}

/// The tables under one root. Clones share everything.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    root: String,
    feedback: Handle,
    insights: Handle,
    dead_letters: Handle,
    suppressions: Handle,
    logs: Logs,
    caches: Caches,
}

/// The tables of what happened.
struct Logs {
    alerts: Handle,
    cases: Handle,
    deliveries: Handle,
    digests: Handle,
    corrections: Handle,
    audit: Handle,
}

impl Logs {
    async fn open(root: &Url, options: &StoreOptions) -> Result<Self, StoreError> {
        let open = |table| Handle::open(root, table, options);
        Ok(Self {
            alerts: open(Table::Alerts).await?,
            cases: open(Table::Cases).await?,
            deliveries: open(Table::Deliveries).await?,
            digests: open(Table::Digests).await?,
            corrections: open(Table::Corrections).await?,
            audit: open(Table::Audit).await?,
        })
    }
}

/// What would otherwise be read again and again.
#[derive(Default)]
struct Caches {
    suppressions: tokio::sync::Mutex<Option<Suppressions>>,
    noted: tokio::sync::Mutex<Option<noted::Noted>>,
    index: tokio::sync::Mutex<index::Index>,
    resolved: tokio::sync::Mutex<resolve::Resolved>,
    corrected: tokio::sync::Mutex<corrected::Held>,
    upkeep: tokio::sync::Mutex<maintain::Upkeep>,
    /// Names that many people share.
    shared: tokio::sync::Mutex<std::collections::BTreeSet<String>>,
}

impl Store {
    /// Opens the tables under `root` (a directory or an address) and makes those that are missing.
    pub async fn open(root: &str, options: StoreOptions) -> Result<Self, StoreError> {
        #[cfg(feature = "s3")]
        deltalake_aws::register_handlers(None);
        let url = deltalake_core::ensure_table_uri(root).map_err(|error| bad_root(root, error))?;
        let open = |table| Handle::open(&url, table, &options);
        Ok(Self::of(
            open(Table::Feedback).await?,
            open(Table::Insights).await?,
            open(Table::DeadLetters).await?,
            open(Table::Suppressions).await?,
            Logs::open(&url, &options).await?,
            table::place(&url),
        ))
    }

    fn of(
        feedback: Handle,
        insights: Handle,
        dead_letters: Handle,
        suppressions: Handle,
        logs: Logs,
        root: String,
    ) -> Self {
        let caches = Caches::default();
        Self { inner: Arc::new(Inner { root, feedback, insights, dead_letters, suppressions, logs, caches }) }
    }

    /// The directory or address that holds the tables.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.inner.root
    }

    /// Where a table lies, as DuckDB's `delta_scan` and other engines take it.
    #[must_use]
    pub fn table_path(&self, table: Table) -> &str {
        &self.handle(table).place
    }

    /// How long removed files of a table stay for readers that opened an older version: as the options say. Of
    /// `insights` a day is enough, since a rollup replaces its files all day long and its rows can be computed again.
    #[must_use]
    pub fn retention(&self, table: Table) -> Duration {
        self.handle(table).retention
    }

    /// The newest version of a table.
    pub async fn table_version(&self, table: Table) -> Result<i64, StoreError> {
        Ok(signed(self.handle(table).version().await?))
    }

    /// The newest version of `feedback`.
    pub async fn version(&self) -> Result<i64, StoreError> {
        self.table_version(Table::Feedback).await
    }

    fn handle(&self, table: Table) -> &Handle {
        match table {
            Table::Feedback => &self.inner.feedback,
            Table::Insights => &self.inner.insights,
            Table::DeadLetters => &self.inner.dead_letters,
            Table::Suppressions => &self.inner.suppressions,
            Table::Alerts => &self.inner.logs.alerts,
            Table::Cases => &self.inner.logs.cases,
            Table::Deliveries => &self.inner.logs.deliveries,
            Table::Digests => &self.inner.logs.digests,
            Table::Corrections => &self.inner.logs.corrections,
            Table::Audit => &self.inner.logs.audit,
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("root", &self.inner.root).finish_non_exhaustive()
    }
}

fn bad_root(root: &str, error: deltalake_core::DeltaTableError) -> StoreError {
    // The library tells a full disk and a missing right in words only; asking again gives the reason.
    match std::fs::create_dir_all(root) {
        Err(io) if !root.contains("://") => {
            StoreError::from_delta(root, deltalake_core::DeltaTableError::Io { source: io })
        }
        _ => StoreError::from_delta(root, error),
    }
}

/// Runs a query beside the async threads.
async fn collect(query: LazyFrame) -> Result<DataFrame, StoreError> {
    let asked = query.clone();
    match blocking(move || Ok(query.collect()?)).await {
        Err(StoreError::Scan(error)) => Err(scanned::why(&asked).await.unwrap_or(StoreError::Scan(error))),
        done => done,
    }
}

/// Runs what takes the processor for long beside the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panicked) => Err(StoreError::encode(panicked)),
    }
}

/// Delta counts versions from 0 and will not reach 2^63.
fn signed(version: u64) -> i64 {
    version as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_send<T: Send>(_: T) {}

    /// Every call can run in a task of its own.
    #[allow(dead_code)]
    fn calls_are_send(store: &Store) {
        is_send(store.commit(&Batch::default()));
        is_send(store.maintain(&MaintainOptions::default()));
        is_send(store.maintain_observed(&MaintainOptions::default(), &|_| {}));
        is_send(store.maintain_if_needed());
        is_send(store.merge_if_needed());
        is_send(store.erase("a", &EraseOptions::default()));
        is_send(store.erase_observed("a", &EraseOptions::default(), &|_| {}));
        is_send(store.touched_since(None));
        is_send(store.current_facts());
        is_send(store.ledger());
        is_send(store.dead_letter_rows(&DeadLetterFilter::default()));
        is_send(store.positions("t", 0));
        is_send(store.resume(&[]));
        is_send(store.tail::<DeliveryEvent>(Mark::default()));
        is_send(store.append::<CaseEvent>(&[], None));
        let to = Seen { version: 0, corrections: 0 };
        is_send(store.replace_insights(&Default::default(), &[], Rollup { from: None, to }));
        is_send(store.locate("a", None));
        is_send(store.corrections());
        is_send(store.corrections_of(""));
        is_send(store.current_facts_of_records(&Default::default(), Default::default()));
        is_send(store.standings(&[]));
        is_send(Store::open("", StoreOptions::default()));
    }
}
