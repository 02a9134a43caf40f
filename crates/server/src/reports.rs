//! Reports that pages and the API show: made once for all who ask, shown while they are made again.
//!
//! A report is statistics over months of facts and takes longer than anybody waits for a page. So each is kept: who asks
//! again gets what is there, with the moment it was made, and a newer one is made beside where the facts have moved on.
//! It is made of the facts in memory, and of the tables only where memory does not hold all of them.
//! It quotes customers: what was made before somebody was erased, or while their rows went, is shown to nobody.

use crate::current::Current;
use crate::kept::{BrokeOff, Crowded, Haste, Kept, Maker, Rules};
use crate::live::Live;
use crate::problem::Problem;
use crate::quiet::quietly;
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::report::{Inputs, Report, Scope, report, report_of};
use insight::shelf::Shelf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Store, StoreError, Table};
use tokio::time::timeout;

/// Under a steady stream the tables move on every few seconds, and most of the cores are for others. Who begins sees what was
/// just sent.
const RULES: Rules = Rules {
    what: "reports",
    times: 20,
    at_least: Duration::from_secs(1),
    at_most: Duration::from_secs(60),
    oldest: Duration::MAX,
    patience: Duration::ZERO,
    // Each of them takes every core.
    at_once: 1,
    rest: 9,
    most: 64,
    waiting: 16,
};
/// So long somebody waits for one that was never made.
pub const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, thiserror::Error)]
pub enum ReportsError {
    #[error("the tables cannot be read")]
    Store(#[from] StoreError),
    #[error("the report cannot be made from these tables")]
    Insight(#[from] InsightError),
    #[error(transparent)]
    Crowded(#[from] Crowded),
    #[error(transparent)]
    BrokeOff(#[from] BrokeOff),
}

/// The log has it already.
impl From<ReportsError> for Problem {
    fn from(error: ReportsError) -> Self {
        match error {
            ReportsError::Store(error) if error.is_retryable() => {
                Self::unavailable("the tables cannot be used at the moment: try again soon")
            }
            ReportsError::Crowded(_) => {
                Self::unavailable("many other reports are being made at the moment: try again soon")
            }
            _ => Self::broken(),
        }
    }
}

/// What there is of a report after a moment.
#[derive(Debug, Clone)]
pub enum Look {
    Made(Arc<Made>),
    /// It takes longer; it is made beside, or when others are done, and is there when somebody asks again.
    Making,
    /// It could not be made; the log says why.
    Failed,
}

impl Look {
    #[must_use]
    pub fn is_making(&self) -> bool {
        matches!(self, Self::Making)
    }

    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Made(made) => Some(&made.report),
            Self::Making | Self::Failed => None,
        }
    }
}

/// A report and when it was made.
#[derive(Debug)]
pub struct Made {
    pub report: Report,
    pub at: Timestamp,
}

/// What a report follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Basis {
    /// The versions of the facts that it is made of, and of the table beside them.
    facts: i64,
    insights: i64,
    /// Of the list of those who were erased: it moves with everybody who is.
    erasures: i64,
    /// The days before it are over.
    today: Day,
}

/// How many were erased, and the version of the facts when that was first heard of.
#[derive(Debug, Clone, Copy)]
struct Erased {
    erasures: i64,
    /// Their rows went after that.
    facts: i64,
}

/// What a report would be made of.
#[derive(Clone, Copy)]
struct Now {
    facts: i64,
    erased: Erased,
}

impl Now {
    /// Whether nobody who was erased can be quoted in it: it is of facts that came after, or the facts have moved no further
    /// themselves.
    fn shows(self, made: &Basis) -> bool {
        let Erased { erasures, facts } = self.erased;
        made.erasures >= erasures && (made.facts > facts || made.facts == self.facts)
    }
}

/// Clones share everything.
#[derive(Clone)]
pub struct Reports {
    tables: Arc<Tables>,
    /// By their scopes as JSON.
    kept: Kept<String, Making>,
}

/// What reports are made of.
struct Tables {
    store: Store,
    live: Live,
    /// Id and name of each topic.
    topics: Current<Vec<(String, String)>>,
    erased: Mutex<Erased>,
}

impl Reports {
    #[must_use]
    pub fn new(store: Store, live: Live, topics: Vec<(String, String)>) -> Self {
        let erased = Mutex::new(Erased { erasures: 0, facts: -1 });
        let tables = Tables { store, live, topics: Current::new(topics), erased };
        Self { tables: Arc::new(tables), kept: Kept::new(RULES) }
    }

    /// The topics are called otherwise from now on: what is kept is made again.
    pub fn rename(&self, topics: Vec<(String, String)>) {
        self.tables.topics.switch(topics);
        self.kept.clear();
    }

    /// The report on a scope: what is there, else made now. `clock` tells which days are over.
    ///
    /// # Errors
    /// Where nothing is there and none can be made, which the log has then, or where too many others are.
    pub async fn get(&self, scope: &Scope, clock: fn() -> Timestamp) -> Result<Arc<Made>, ReportsError> {
        // Where the tables cannot be read the last one stays.
        let now = self.tables.now().await.ok();
        let making = Making { tables: Arc::clone(&self.tables), scope: scope.clone(), clock, now };
        let made = self.kept.get(question(scope), making).await?;
        Ok(Arc::clone(&made.answer))
    }

    /// The same, as far as it is there within `patience`.
    pub async fn look(&self, scope: &Scope, clock: fn() -> Timestamp, patience: Duration) -> Look {
        match timeout(patience, self.get(scope, clock)).await {
            Ok(Ok(made)) => Look::Made(made),
            Ok(Err(ReportsError::Crowded(_))) | Err(_) => Look::Making,
            Ok(Err(_)) => Look::Failed,
        }
    }
}

/// A scope is plain values: it can be written.
fn question(scope: &Scope) -> String {
    serde_json::to_string(scope).unwrap_or_default()
}

impl Tables {
    async fn basis(&self, today: Day) -> Result<Basis, StoreError> {
        let of = |table| self.store.table_version(table);
        let (facts, insights) = (self.facts().await?, of(Table::Insights).await?);
        Ok(Basis { facts, insights, erasures: of(Table::Suppressions).await?, today })
    }

    async fn now(&self) -> Result<Now, StoreError> {
        let erasures = self.store.table_version(Table::Suppressions).await?;
        let (facts, stored) = (self.facts().await?, self.store.version().await?);
        // Plain numbers: whoever panicked left them whole.
        let mut erased = self.erased.lock().unwrap_or_else(PoisonError::into_inner);
        if erased.erasures < erasures {
            *erased = Erased { erasures, facts: stored };
        }
        Ok(Now { facts, erased: *erased })
    }

    /// The version of the facts that a report is made of.
    async fn facts(&self) -> Result<i64, StoreError> {
        match whole(&self.live.shelf()) {
            Some(version) => Ok(version),
            None => self.store.version().await,
        }
    }

    /// The facts in memory with their version, once they are read for the first time; `None` where they are not all.
    async fn shelf(&self) -> Option<(i64, Arc<Shelf>)> {
        if self.live.shelf().version().is_none() {
            // Whoever reads them already is waited for. Why they cannot be read the log says.
            let _ = self.live.catch_up().await;
        }
        let shelf = self.live.shelf();
        Some((whole(&shelf)?, shelf))
    }
}

/// The version of facts in memory; `None` where these are not all.
fn whole(shelf: &Shelf) -> Option<i64> {
    shelf.version().filter(|_| shelf.since().is_none())
}

/// One scope's report, for somebody who asks.
struct Making {
    tables: Arc<Tables>,
    scope: Scope,
    clock: fn() -> Timestamp,
    /// When it was asked for; `None` where the tables could not be read.
    now: Option<Now>,
}

impl Maker for Making {
    type Answer = Made;
    type Basis = Basis;
    type Error = ReportsError;

    async fn basis(&self) -> Result<Basis, ReportsError> {
        Ok(self.tables.basis((self.clock)().day()).await?)
    }

    fn may_show(&self, basis: &Basis) -> bool {
        self.now.is_none_or(|now| now.shows(basis))
    }

    async fn make(&self, _: Haste) -> Result<(Basis, Made), ReportsError> {
        let (store, at) = (&self.tables.store, (self.clock)());
        let (tables, scope) = (Arc::clone(&self.tables), self.scope.clone());
        let shelf = self.tables.shelf().await;
        let basis = self.tables.basis(at.day()).await?;
        let insights = store.insights().await?;
        let (basis, report) = match shelf {
            Some((facts, shelf)) => {
                // They may have moved on since, and it is made again then.
                let basis = Basis { facts, ..basis };
                quietly(move || (basis, report_of(&shelf, &insights, &scope, at, &tables.topics))).await?
            }
            None => {
                let inputs = Inputs { insights, facts: store.current_facts().await? };
                quietly(move || (basis, report(&inputs, &scope, at, &tables.topics))).await?
            }
        };
        Ok((basis, Made { report: report?, at }))
    }
}

#[cfg(test)]
impl Made {
    /// For tests of what is drawn from one.
    pub(crate) fn of(report: Report, at: Timestamp) -> Arc<Self> {
        Arc::new(Self { report, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::now;
    use axum::http::StatusCode;
    use store::{Advance, Batch, EraseOptions, StoreOptions};

    fn reports(store: &Store) -> Reports {
        Reports::new(store.clone(), Live::new(store.clone(), 1_000), Vec::new())
    }

    #[tokio::test]
    async fn what_takes_longer_than_somebody_waits_is_made_beside() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let reports = reports(&store);
        let scope = Scope::weeks_before(now(), 4);
        assert!(matches!(reports.look(&scope, now, Duration::ZERO).await, Look::Making));
        let made = reports.get(&scope, now).await.unwrap();
        assert_eq!(made.report.records.value, 0);
        let look = reports.look(&scope, now, PATIENCE).await;
        assert!(matches!(look, Look::Made(again) if Arc::ptr_eq(&again, &made)), "made once for all who ask");
    }

    #[tokio::test]
    async fn what_was_made_before_somebody_was_erased_is_shown_to_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (reports, scope) = (reports(&store), Scope::weeks_before(now(), 4));
        let before = reports.get(&scope, now).await.unwrap();
        store.erase("a_00c0ffee00c0ffee00c0ffee00c0ffee", &EraseOptions::default()).await.unwrap();
        let after = reports.get(&scope, now).await.unwrap();
        assert!(!Arc::ptr_eq(&before, &after));
    }

    #[tokio::test]
    async fn what_was_made_while_somebody_was_erased_is_shown_as_long_as_the_tables_are_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (reports, scope) = (reports(&store), Scope::weeks_before(now(), 4));
        store.erase("a_00c0ffee00c0ffee00c0ffee00c0ffee", &EraseOptions::default()).await.unwrap();
        let meanwhile = reports.get(&scope, now).await.unwrap();
        let same = reports.get(&scope, now).await.unwrap();
        assert_eq!(same.at, meanwhile.at, "nothing has gone yet");
        let suppressions = store.suppressions().await.unwrap();
        let commit = async |from, next| {
            let advances = vec![Advance { app_id: "g/t/0".to_owned(), from, next }];
            let suppressions = suppressions.clone();
            store.commit(&Batch { advances, suppressions, ..Batch::default() }).await.unwrap();
            reports.tables.live.catch_up().await.unwrap();
        };
        let facts = || reports.kept.made(&question(&scope)).unwrap().basis.facts;
        let facts_meanwhile = facts();
        commit(None, 1).await;
        let after = reports.get(&scope, now).await.unwrap();
        assert!(after.at > meanwhile.at && facts() > facts_meanwhile);
        commit(Some(1), 2).await;
        let shown = reports.kept.made(&question(&scope)).unwrap();
        let now = reports.tables.now().await.unwrap();
        assert!(now.shows(&shown.basis), "it came after, however the tables move on");
    }

    #[tokio::test]
    async fn whoever_asks_for_more_than_can_be_made_hears_so_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let reports = reports(&store);
        let turn = reports.kept.turn().acquire().await.unwrap();
        let ask = |weeks| {
            let reports = reports.clone();
            tokio::spawn(async move { reports.get(&Scope::weeks_before(now(), weeks), now).await })
        };
        let mut asked: Vec<_> = (1..=16).map(ask).collect();
        while reports.kept.places().available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let over = Scope::weeks_before(now(), 17);
        let crowded = reports.get(&over, now).await.unwrap_err();
        assert_eq!(Problem::from(crowded).status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(matches!(reports.look(&over, now, PATIENCE).await, Look::Making));
        asked.push(ask(1));
        drop(turn);
        for one in asked {
            one.await.unwrap().unwrap();
        }
        reports.get(&over, now).await.unwrap();
        assert_eq!(reports.kept.places().available_permits(), RULES.waiting);
    }
}
