//! Candidates are looked for among thousands of records, which takes a second or more: they are kept, and looked for again
//! beside where the records have moved on.

use crate::live::Live;
use crate::state::now;
use feedback::time::Timestamp;
use insight::report::Period;
use insight::taxonomy::{Candidates, candidates};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So long they are good, however the records move on.
const GOOD_FOR: Duration = Duration::from_secs(120);
/// What a page waits for them where there are none yet.
const SHORT: Duration = Duration::from_millis(100);

/// What was found, and when. It holds no words of a single person: quotes are read when they are shown.
#[derive(Debug)]
pub struct Find {
    pub candidates: Candidates,
    pub at: Timestamp,
    /// Of the facts.
    version: i64,
    since: Instant,
}

/// Clones share everything.
#[derive(Clone, Default)]
pub(super) struct Finds(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Of the days that were asked for last.
    last: Mutex<Option<Arc<Find>>>,
    /// Held by whoever looks for them.
    looking: tokio::sync::Mutex<()>,
}

impl Finds {
    /// What there is; `None` while it is looked for the first time. Of records that are not all read yet nothing is said.
    pub async fn get(&self, live: &Live, period: Period) -> Option<Arc<Find>> {
        let version = live.shelf().version()?;
        if let Some(find) = self.of(period) {
            if find.version != version && find.since.elapsed() >= GOOD_FOR {
                self.look(live, period, version, false);
            }
            return Some(find);
        }
        // Whoever stops waiting stops nobody's look.
        let look = self.look(live, period, version, true);
        let _ = tokio::time::timeout(SHORT, look).await;
        self.of(period)
    }

    fn of(&self, period: Period) -> Option<Arc<Find>> {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.clone().filter(|find| find.candidates.period == period)
    }

    /// One at a time; `wait` for those who have nothing to show.
    fn look(&self, live: &Live, period: Period, version: i64, wait: bool) -> tokio::task::JoinHandle<()> {
        let (finds, live) = (self.clone(), live.clone());
        tokio::spawn(async move {
            let _looking = match finds.0.looking.try_lock() {
                Ok(looking) => looking,
                Err(_) if wait => finds.0.looking.lock().await,
                Err(_) => return,
            };
            // Somebody else has found it while we waited.
            if wait && finds.of(period).is_some() {
                return;
            }
            let (at, shelf) = (now(), live.shelf());
            match tokio::task::spawn_blocking(move || candidates(&shelf, period)).await {
                Ok(Ok(candidates)) => finds.keep(Find { candidates, at, version, since: Instant::now() }),
                Ok(Err(error)) => tracing::error!(%error, "candidates for topics could not be looked for"),
                Err(_) => tracing::error!(
                    "the look for candidates for topics broke off by a defect of this program"
                ),
            }
        })
    }

    fn keep(&self, find: Find) {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(find));
    }
}
