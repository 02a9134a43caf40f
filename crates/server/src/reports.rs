//! Reports that pages and the API show: made once for all who ask, shown while they are made again.
//!
//! A report is statistics over months of facts and takes longer than anybody waits for a page. So each is kept: who asks
//! again gets what is there, with the moment it was made, and a newer one is made beside where the tables have moved on.
//! It quotes customers: what was made before somebody was erased, or while their rows went, is shown to nobody.

use crate::current::Current;
use crate::problem::{Problem, chain};
use feedback::time::Timestamp;
use insight::InsightError;
use insight::report::{Inputs, Report, Scope, report};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::{Store, StoreError, Table};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// A report is good for so many times as long as it took to make, however the tables move on: under a steady stream they do
/// every few seconds, and most of the cores are for others. Who begins sees what was just sent.
const GOOD_TIMES: u32 = 20;
const GOOD_AT_LEAST: Duration = Duration::from_secs(1);
const GOOD_AT_MOST: Duration = Duration::from_secs(60);
/// After one was made again, the next one waits so many times as long as that took: many that are asked for all the time
/// would take the cores for themselves.
const REST: u32 = 3;
/// So long somebody waits for one that was never made.
pub const PATIENCE: Duration = Duration::from_secs(3);
/// So many are kept; beyond, the one that nobody asked for longest goes.
const MOST: usize = 64;
/// So many are made or wait for their turn, and as many to be made again: whoever walks through days or products asks for
/// more than anybody will look at.
const MOST_WAITING: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum ReportsError {
    #[error("the tables cannot be read")]
    Store(#[from] StoreError),
    #[error("the report cannot be made from these tables")]
    Insight(#[from] InsightError),
    /// Nothing was begun.
    #[error("too many other reports are being made")]
    Crowded,
    #[error("the report broke off by a defect of this program")]
    Defect,
}

/// The log has it already.
impl From<ReportsError> for Problem {
    fn from(error: ReportsError) -> Self {
        match error {
            ReportsError::Store(error) if error.is_retryable() => {
                Self::unavailable("the tables cannot be used at the moment: try again soon")
            }
            ReportsError::Crowded => {
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
    /// Of `feedback` and `insights`.
    versions: (i64, i64),
    /// Of the list of those who were erased.
    erasures: i64,
    since: Instant,
    /// From then on.
    good_for: Duration,
}

impl Made {
    fn is_good(&self) -> bool {
        self.since.elapsed() < self.good_for
    }
}

/// One scope's report.
#[derive(Default)]
struct Slot {
    made: Mutex<Option<Arc<Made>>>,
    /// Held by whoever makes it.
    making: Arc<tokio::sync::Mutex<()>>,
    /// Whether somebody waits for the turn to make it again.
    is_due: AtomicBool,
}

impl Slot {
    fn made(&self) -> Option<Arc<Made>> {
        // It is replaced as a whole: whoever panicked left it so.
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What there is, unless it may quote somebody who was erased.
    fn shown(&self, now: Option<Now>) -> Option<Arc<Made>> {
        self.made().filter(|made| now.is_none_or(|now| now.shows(made)))
    }

    /// Nothing is there, and nobody makes it.
    fn is_idle(&self) -> bool {
        self.made().is_none() && self.making.try_lock().is_ok()
    }
}

/// How many were erased, and the version of the facts when that was first heard of.
struct Since {
    erasures: i64,
    facts: i64,
}

/// The tables as they are.
#[derive(Clone, Copy)]
struct Now {
    facts: i64,
    erasures: i64,
    /// The version of the facts when the last erasure was first heard of: its rows went after that.
    erased_at: i64,
}

impl Now {
    /// Whether nobody who was erased can be quoted in it: it is of facts that came after, or the tables have moved no further
    /// themselves.
    fn shows(self, made: &Made) -> bool {
        let facts = made.versions.0;
        made.erasures >= self.erasures && (facts > self.erased_at || facts == self.facts)
    }
}

struct Entry {
    slot: Arc<Slot>,
    asked: Instant,
}

/// Clones share everything.
#[derive(Clone)]
pub struct Reports {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    /// Id and name of each topic.
    topics: Current<Vec<(String, String)>>,
    entries: Mutex<HashMap<String, Entry>>,
    since: Mutex<Since>,
    /// One for each that is made or waits for its turn.
    places: Arc<Semaphore>,
    /// One at a time: each of them takes every core.
    turn: Semaphore,
    /// Before it, whoever only makes one again; of those there are as many places.
    again: Semaphore,
    places_again: Arc<Semaphore>,
}

impl Reports {
    #[must_use]
    pub fn new(store: Store, topics: Vec<(String, String)>) -> Self {
        let places = || Arc::new(Semaphore::new(MOST_WAITING));
        Self {
            inner: Arc::new(Inner {
                store,
                topics: Current::new(topics),
                entries: Mutex::default(),
                since: Mutex::new(Since { erasures: 0, facts: -1 }),
                places: places(),
                turn: Semaphore::new(1),
                again: Semaphore::new(1),
                places_again: places(),
            }),
        }
    }

    /// The topics are called otherwise from now on: what is kept is made again.
    pub fn rename(&self, topics: Vec<(String, String)>) {
        self.inner.topics.switch(topics);
        self.entries().clear();
    }

    /// The report on a scope: what is there, else made now. `clock` tells which days are over.
    ///
    /// # Errors
    /// Where nothing is there and none can be made, which the log has then, or where too many others are.
    pub async fn get(&self, scope: &Scope, clock: fn() -> Timestamp) -> Result<Arc<Made>, ReportsError> {
        let slot = self.slot(scope);
        // Where the tables cannot be read the last one stays.
        let now = self.now().await.ok();
        if let Some(made) = slot.shown(now) {
            if !made.is_good() {
                self.renew(slot, scope.clone(), clock);
            }
            return Ok(made);
        }
        // Whoever comes second waits with the first, and takes no place for that.
        let making = Arc::clone(&slot.making).lock_owned().await;
        if let Some(made) = slot.shown(now) {
            return Ok(made);
        }
        let place = Arc::clone(&self.inner.places).try_acquire_owned();
        let place = place.map_err(|_| ReportsError::Crowded)?;
        // It is made to its end, and kept, whoever stops waiting for it.
        let (reports, scope) = (self.clone(), scope.clone());
        let task = tokio::spawn(async move {
            // In this order they are given back: whoever waits finds a place.
            let _held = (place, making);
            let made = reports.make(&slot, &scope, clock).await;
            made.inspect_err(|error| tracing::error!(why = chain(error), "a report could not be made"))
        });
        task.await.map_err(|_| ReportsError::Defect)?
    }

    /// The same, as far as it is there within `patience`.
    pub async fn look(&self, scope: &Scope, clock: fn() -> Timestamp, patience: Duration) -> Look {
        match timeout(patience, self.get(scope, clock)).await {
            Ok(Ok(made)) => Look::Made(made),
            Ok(Err(ReportsError::Crowded)) | Err(_) => Look::Making,
            Ok(Err(_)) => Look::Failed,
        }
    }

    /// Makes it again beside, unless somebody is to, too many are, or nothing has changed.
    fn renew(&self, slot: Arc<Slot>, scope: Scope, clock: fn() -> Timestamp) {
        let Ok(place) = Arc::clone(&self.inner.places_again).try_acquire_owned() else { return };
        if slot.is_due.swap(true, Ordering::Relaxed) {
            return;
        }
        let reports = self.clone();
        tokio::spawn(async move {
            let _place = place;
            // It is never closed.
            let _again = reports.inner.again.acquire().await;
            slot.is_due.store(false, Ordering::Relaxed);
            let Ok(making) = slot.making.try_lock() else { return };
            let Some(made) = slot.made() else { return };
            if made.is_good() {
                return;
            }
            let began = Instant::now();
            let same_day = made.at.day() == clock().day();
            let renewed = match reports.versions().await {
                Ok(versions) if versions == made.versions && same_day => {
                    reports.keep(&slot, Made { since: Instant::now(), ..again(&made) });
                    return;
                }
                Ok(_) => reports.make(&slot, &scope, clock).await.err(),
                Err(error) => Some(error.into()),
            };
            if let Some(error) = renewed {
                tracing::warn!(
                    why = chain(&error),
                    "a report could not be made again; the earlier one is shown"
                );
            }
            drop(making);
            tokio::time::sleep(REST * began.elapsed()).await;
        });
    }

    async fn make(
        &self,
        slot: &Slot,
        scope: &Scope,
        clock: fn() -> Timestamp,
    ) -> Result<Arc<Made>, ReportsError> {
        // It is never closed.
        let _turn = self.inner.turn.acquire().await;
        let (store, began) = (&self.inner.store, Instant::now());
        let (versions, erasures) = (self.versions().await?, self.erasures().await?);
        let inputs = Inputs { insights: store.insights().await?, facts: store.current_facts().await? };
        let (inner, scope, at) = (Arc::clone(&self.inner), scope.clone(), clock());
        let made = tokio::task::spawn_blocking(move || report(&inputs, &scope, at, &inner.topics));
        let report = made.await.map_err(|_| ReportsError::Defect)??;
        let good_for = (GOOD_TIMES * began.elapsed()).clamp(GOOD_AT_LEAST, GOOD_AT_MOST);
        Ok(self.keep(slot, Made { report, at, versions, erasures, since: Instant::now(), good_for }))
    }

    fn keep(&self, slot: &Slot, made: Made) -> Arc<Made> {
        let made = Arc::new(made);
        *slot.made.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
        made
    }

    async fn versions(&self) -> Result<(i64, i64), StoreError> {
        let store = &self.inner.store;
        Ok((store.version().await?, store.table_version(Table::Insights).await?))
    }

    /// Moves with everybody who is erased.
    async fn erasures(&self) -> Result<i64, StoreError> {
        self.inner.store.table_version(Table::Suppressions).await
    }

    async fn now(&self) -> Result<Now, StoreError> {
        let (erasures, facts) = (self.erasures().await?, self.inner.store.version().await?);
        // Plain numbers: whoever panicked left them whole.
        let mut since = self.inner.since.lock().unwrap_or_else(PoisonError::into_inner);
        if since.erasures < erasures {
            *since = Since { erasures, facts };
        }
        Ok(Now { facts, erasures, erased_at: since.facts })
    }

    fn slot(&self, scope: &Scope) -> Arc<Slot> {
        // A scope is plain values: it can be written.
        let key = serde_json::to_string(scope).unwrap_or_default();
        let mut entries = self.entries();
        if !entries.contains_key(&key) && entries.len() >= MOST {
            // Those before all that found no place.
            let rank = |entry: &Entry| (!entry.slot.is_idle(), entry.asked);
            let oldest = entries.iter().min_by_key(|(_, entry)| rank(entry)).map(|(key, _)| key.clone());
            oldest.map(|key| entries.remove(&key));
        }
        let entry =
            entries.entry(key).or_insert_with(|| Entry { slot: Arc::default(), asked: Instant::now() });
        entry.asked = Instant::now();
        Arc::clone(&entry.slot)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // Nothing is left half done in it.
        self.inner.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn again(made: &Made) -> Made {
    let &Made { ref report, at, versions, erasures, since, good_for } = made;
    Made { report: report.clone(), at, versions, erasures, since, good_for }
}

#[cfg(test)]
impl Made {
    /// For tests of what is drawn from one.
    pub(crate) fn of(report: Report, at: Timestamp) -> Arc<Self> {
        let (versions, since) = ((0, 0), Instant::now());
        Arc::new(Self { report, at, versions, erasures: 0, since, good_for: GOOD_AT_MOST })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::now;
    use axum::http::StatusCode;
    use store::{Advance, Batch, EraseOptions, StoreOptions};

    #[tokio::test]
    async fn what_takes_longer_than_somebody_waits_is_made_beside() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let reports = Reports::new(store, Vec::new());
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
        let (reports, scope) = (Reports::new(store.clone(), Vec::new()), Scope::weeks_before(now(), 4));
        let before = reports.get(&scope, now).await.unwrap();
        store.erase("a_00c0ffee00c0ffee00c0ffee00c0ffee", &EraseOptions::default()).await.unwrap();
        let after = reports.get(&scope, now).await.unwrap();
        assert!(!Arc::ptr_eq(&before, &after));
    }

    #[tokio::test]
    async fn what_was_made_while_somebody_was_erased_is_shown_as_long_as_the_tables_are_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (reports, scope) = (Reports::new(store.clone(), Vec::new()), Scope::weeks_before(now(), 4));
        store.erase("a_00c0ffee00c0ffee00c0ffee00c0ffee", &EraseOptions::default()).await.unwrap();
        let meanwhile = reports.get(&scope, now).await.unwrap();
        let same = reports.get(&scope, now).await.unwrap();
        assert_eq!(same.at, meanwhile.at, "nothing has gone yet");
        let suppressions = store.suppressions().await.unwrap();
        let commit = async |from, next| {
            let advances = vec![Advance { app_id: "g/t/0".to_owned(), from, next }];
            let suppressions = suppressions.clone();
            store.commit(&Batch { advances, suppressions, ..Batch::default() }).await.unwrap()
        };
        commit(None, 1).await;
        let after = reports.get(&scope, now).await.unwrap();
        assert!(after.at > meanwhile.at && after.versions.0 > meanwhile.versions.0);
        commit(Some(1), 2).await;
        let shown = reports.inner.entries.lock().unwrap().values().next().unwrap().slot.made().unwrap();
        assert!(reports.now().await.unwrap().shows(&shown), "it came after, however the tables move on");
    }

    #[tokio::test]
    async fn whoever_asks_for_more_than_can_be_made_hears_so_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let reports = Reports::new(store, Vec::new());
        let turn = reports.inner.turn.acquire().await.unwrap();
        let ask = |weeks| {
            let reports = reports.clone();
            tokio::spawn(async move { reports.get(&Scope::weeks_before(now(), weeks), now).await })
        };
        let mut asked: Vec<_> = (1..=16).map(ask).collect();
        while reports.inner.places.available_permits() > 0 {
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
        assert_eq!(reports.inner.places.available_permits(), MOST_WAITING);
    }
}
