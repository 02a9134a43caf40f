//! Reports that pages and the API show: made once for all who ask, shown while they are made again.
//!
//! A report is statistics over months of facts and takes longer than anybody waits for a page. So each is kept: who asks
//! again gets what is there, with the moment it was made, and a newer one is made beside where the tables have moved on.

use crate::current::Current;
use crate::problem::{Problem, chain};
use feedback::time::Timestamp;
use insight::InsightError;
use insight::report::{Inputs, Report, Scope, report};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use store::{Store, StoreError, Table};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// So long a report is good however the tables move on: under a steady stream they do every few seconds.
const GOOD_FOR: Duration = Duration::from_secs(60);
/// So long somebody waits for one that was never made.
pub const PATIENCE: Duration = Duration::from_secs(3);
/// So many are kept; beyond, the one that nobody asked for longest goes.
const MOST: usize = 64;

#[derive(Debug, thiserror::Error)]
pub enum ReportsError {
    #[error("the tables cannot be read")]
    Store(#[from] StoreError),
    #[error("the report cannot be made from these tables")]
    Insight(#[from] InsightError),
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
            _ => Self::broken(),
        }
    }
}

/// What there is of a report after a moment.
#[derive(Debug, Clone)]
pub enum Look {
    Made(Arc<Made>),
    /// It takes longer; it is made beside, and is there when somebody asks again.
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
    since: Instant,
}

/// One scope's report.
#[derive(Default)]
struct Slot {
    made: Mutex<Option<Arc<Made>>>,
    /// Held by whoever makes it.
    making: tokio::sync::Mutex<()>,
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
    /// One at a time: each of them takes every core.
    turn: Semaphore,
}

impl Reports {
    #[must_use]
    pub fn new(store: Store, topics: Vec<(String, String)>) -> Self {
        let (topics, entries) = (Current::new(topics), Mutex::default());
        Self { inner: Arc::new(Inner { store, topics, entries, turn: Semaphore::new(1) }) }
    }

    /// The topics are called otherwise from now on: what is kept is made again.
    pub fn rename(&self, topics: Vec<(String, String)>) {
        self.inner.topics.switch(topics);
        self.entries().clear();
    }

    /// The report on a scope: what is there, else made now. `clock` tells which days are over.
    ///
    /// # Errors
    /// Where nothing is there and none can be made; the log has it then.
    pub async fn get(&self, scope: &Scope, clock: fn() -> Timestamp) -> Result<Arc<Made>, ReportsError> {
        let slot = self.slot(scope);
        if let Some(made) = kept(&slot) {
            if made.since.elapsed() >= GOOD_FOR {
                self.renew(slot, scope.clone(), clock);
            }
            return Ok(made);
        }
        // It is made to its end, and kept, whoever stops waiting for it.
        let (reports, scope) = (self.clone(), scope.clone());
        let making = tokio::spawn(async move {
            let _making = slot.making.lock().await;
            // Somebody else has made it while we waited.
            if let Some(made) = kept(&slot) {
                return Ok(made);
            }
            let made = reports.make(&slot, &scope, clock).await;
            made.inspect_err(|error| tracing::error!(why = chain(error), "a report could not be made"))
        });
        making.await.map_err(|_| ReportsError::Defect)?
    }

    /// The same, as far as it is there within `patience`.
    pub async fn look(&self, scope: &Scope, clock: fn() -> Timestamp, patience: Duration) -> Look {
        match timeout(patience, self.get(scope, clock)).await {
            Ok(Ok(made)) => Look::Made(made),
            Ok(Err(_)) => Look::Failed,
            Err(_) => Look::Making,
        }
    }

    /// Makes it again beside, unless somebody does or nothing has changed.
    fn renew(&self, slot: Arc<Slot>, scope: Scope, clock: fn() -> Timestamp) {
        let reports = self.clone();
        tokio::spawn(async move {
            let Ok(_making) = slot.making.try_lock() else { return };
            let Some(made) = kept(&slot) else { return };
            if made.since.elapsed() < GOOD_FOR {
                return;
            }
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
        let store = &self.inner.store;
        let versions = self.versions().await?;
        let inputs = Inputs { insights: store.insights().await?, facts: store.current_facts().await? };
        let (inner, scope, at) = (Arc::clone(&self.inner), scope.clone(), clock());
        let made = tokio::task::spawn_blocking(move || report(&inputs, &scope, at, &inner.topics));
        let report = made.await.map_err(|_| ReportsError::Defect)??;
        Ok(self.keep(slot, Made { report, at, versions, since: Instant::now() }))
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

    fn slot(&self, scope: &Scope) -> Arc<Slot> {
        // A scope is plain values: it can be written.
        let key = serde_json::to_string(scope).unwrap_or_default();
        let mut entries = self.entries();
        if !entries.contains_key(&key) && entries.len() >= MOST {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.asked).map(|(key, _)| key.clone());
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

fn kept(slot: &Slot) -> Option<Arc<Made>> {
    slot.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn again(made: &Made) -> Made {
    Made { report: made.report.clone(), at: made.at, versions: made.versions, since: made.since }
}

#[cfg(test)]
impl Made {
    /// For tests of what is drawn from one.
    pub(crate) fn of(report: Report, at: Timestamp) -> Arc<Self> {
        Arc::new(Self { report, at, versions: (0, 0), since: Instant::now() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::now;
    use store::StoreOptions;

    #[tokio::test]
    async fn what_takes_longer_than_somebody_waits_is_made_beside() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let reports = Reports::new(store, Vec::new());
        let scope = Scope::weeks_before(now(), 4);
        assert!(matches!(reports.look(&scope, now, Duration::ZERO).await, Look::Making));
        let made = reports.get(&scope, now).await.unwrap();
        assert_eq!(made.report.records.value, 0);
        let look = reports.look(&scope, now, Duration::ZERO).await;
        assert!(matches!(look, Look::Made(again) if Arc::ptr_eq(&again, &made)), "made once for all who ask");
    }
}
