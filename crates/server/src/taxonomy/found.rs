//! Candidates are looked for among thousands of records, which takes a second or more: they are kept, and looked for again
//! beside where the records have moved on. Nobody waits for them but whoever asks first, not for long, and whoever takes them as a
//! file.

use crate::live::Live;
use crate::state::now;
use analyze::language::may_be_read;
use feedback::time::Timestamp;
use insight::report::Period;
use insight::taxonomy::{Candidates, candidates};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// They are good for so many times as long as it took to find them, and so long at least, however the records move on.
const GOOD_TIMES: u32 = 20;
const GOOD_AT_LEAST: Duration = Duration::from_secs(120);
/// What a page waits for those of some days that were never looked for.
const SHORT: Duration = Duration::from_millis(100);
/// What a program waits that wants nothing else, and for how many looks of any days.
const LONG: Duration = Duration::from_secs(20);
const LOOKS: usize = 16;
/// Finds that are kept; beyond, the one that nobody asked for longest goes.
const MOST: usize = 8;

/// What was found, and when. It holds no words of a single person: quotes are read when they are shown.
#[derive(Debug)]
pub struct Find {
    pub candidates: Candidates,
    pub at: Timestamp,
    /// Of the facts.
    version: i64,
    since: Instant,
    /// From then on.
    good_for: Duration,
}

impl Find {
    fn is_good(&self) -> bool {
        self.since.elapsed() < self.good_for
    }
}

/// Clones share everything.
#[derive(Clone, Default)]
pub(super) struct Finds(Arc<Inner>);

#[derive(Default)]
struct Inner {
    /// Of each of some days one; what was asked for last stands last.
    kept: Mutex<Vec<Arc<Find>>>,
    /// Held by whoever looks for them.
    looking: tokio::sync::Mutex<()>,
}

impl Finds {
    /// What there is; `None` while it is looked for the first time. Of records that are not all read yet nothing is said.
    pub async fn get(&self, live: &Live, period: Period) -> Option<Arc<Find>> {
        let version = live.shelf().version()?;
        if let Some(find) = self.of(period) {
            if find.version != version && !find.is_good() {
                self.look(live, period);
            }
            return Some(find);
        }
        // Whoever stops waiting stops nobody's look.
        let _ = tokio::time::timeout(SHORT, self.look(live, period)).await;
        self.of(period)
    }

    /// As [`Self::get`], for whoever wants them whole: waits for the look, and for others before it.
    pub async fn patiently(&self, live: &Live, period: Period) -> Option<Arc<Find>> {
        live.shelf().version()?;
        let waiting = async {
            for _ in 0..LOOKS {
                if let Some(find) = self.get(live, period).await {
                    return Some(find);
                }
                // Until the look that goes on has ended.
                drop(self.0.looking.lock().await);
            }
            None
        };
        tokio::time::timeout(LONG, waiting).await.ok().flatten()
    }

    /// One at a time, for it takes a core: where another look is going on, whoever asks has to ask again.
    fn look(&self, live: &Live, period: Period) -> JoinHandle<()> {
        let (finds, live) = (self.clone(), live.clone());
        tokio::spawn(async move {
            let Ok(_looking) = finds.0.looking.try_lock() else { return };
            // Somebody else may have found them just now.
            if finds.of(period).is_some_and(|find| find.is_good()) {
                return;
            }
            let (at, began, shelf) = (now(), Instant::now(), live.shelf());
            let Some(version) = shelf.version() else { return };
            match tokio::task::spawn_blocking(move || candidates(&shelf, period, may_be_read)).await {
                Ok(Ok(candidates)) => {
                    let (since, good_for) = (Instant::now(), good_for(began.elapsed()));
                    finds.keep(Find { candidates, at, version, since, good_for });
                }
                Ok(Err(error)) => tracing::error!(%error, "candidates for topics could not be looked for"),
                Err(_) => tracing::error!(
                    "the look for candidates for topics broke off by a defect of this program"
                ),
            }
        })
    }

    fn of(&self, period: Period) -> Option<Arc<Find>> {
        let mut kept = self.kept();
        let at = kept.iter().position(|find| find.candidates.period == period)?;
        kept[at..].rotate_left(1);
        kept.last().cloned()
    }

    fn keep(&self, find: Find) {
        let mut kept = self.kept();
        kept.retain(|other| other.candidates.period != find.candidates.period);
        if kept.len() == MOST {
            kept.remove(0);
        }
        kept.push(Arc::new(find));
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Arc<Find>>> {
        // Nothing is left half done in it.
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn good_for(took: Duration) -> Duration {
    took.saturating_mul(GOOD_TIMES).max(GOOD_AT_LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;
    use store::{Store, StoreOptions};

    fn days(from: i32) -> Period {
        Period { from: Day(from), to: Day(from + 6) }
    }

    fn find(from: i32) -> Find {
        let period = days(from);
        let (looked_at, more, left_out) = (0, false, Vec::new());
        let candidates = Candidates { period, looked_at, more, left_out, candidates: Vec::new() };
        Find { candidates, at: Timestamp(0), version: 1, since: Instant::now(), good_for: GOOD_AT_LEAST }
    }

    #[tokio::test]
    async fn once_found_they_are_there_for_all() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (live, finds) = (Live::new(store, 10), Finds::default());
        assert!(finds.get(&live, days(1)).await.is_none(), "nothing was read");
        live.catch_up().await.unwrap();
        let found = loop {
            if let Some(found) = finds.get(&live, days(1)).await {
                break found;
            }
        };
        assert!(found.is_good() && found.candidates.candidates.is_empty());
        let again = finds.clone().get(&live, days(1)).await.unwrap();
        assert!(Arc::ptr_eq(&found, &again));
    }

    #[tokio::test]
    async fn while_somebody_looks_nobody_else_does() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (live, finds) = (Live::new(store, 10), Finds::default());
        live.catch_up().await.unwrap();
        let looking = finds.0.looking.lock().await;
        assert!(finds.get(&live, days(1)).await.is_none());
        drop(looking);
        finds.look(&live, days(1)).await.unwrap();
        let found = finds.of(days(1)).unwrap();
        // It is good: a second look at once finds nothing to do.
        finds.look(&live, days(1)).await.unwrap();
        assert!(Arc::ptr_eq(&found, &finds.of(days(1)).unwrap()));
    }

    #[test]
    fn those_that_nobody_asked_for_longest_go() {
        let finds = Finds::default();
        (0..MOST as i32).for_each(|from| finds.keep(find(from)));
        assert!(finds.of(days(0)).is_some());
        finds.keep(find(99));
        assert!(finds.of(days(0)).is_some() && finds.of(days(1)).is_none() && finds.of(days(99)).is_some());
        finds.keep(find(99));
        assert_eq!(finds.kept().len(), MOST, "each once");
    }

    #[test]
    fn what_takes_long_is_good_for_long() {
        let seconds = Duration::from_secs;
        assert_eq!(good_for(seconds(1)), GOOD_AT_LEAST);
        assert_eq!(good_for(seconds(30)), seconds(600));
    }
}
