//! The current facts in memory, followed from the store: what lists, searches and counts are answered from.
//!
//! Knows: when to look at the tables, and what of them to read. Must not: write to them, or know what a record means.
//!
//! Invariants:
//! - Whoever asks gets a shelf at once, the newest there is; while a newer one is made nobody waits.
//! - What goes out of the tables, by an erasure too, goes out of the next shelf, and nothing else keeps it.
//! - Where the tables cannot be read the last shelf stays, and [`Status::trouble`] says so.
//! - Memory is bounded: no more records than were asked for are held, the newest, and a few ten thousand are read at once.

mod read;
mod status;
#[cfg(test)]
mod tests;

pub use read::LiveError;
pub use status::Status;

use crate::problem::chain;
use feedback::time::Day;
use insight::shelf::Shelf;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};
use store::{Seen, Store};
use tokio::sync::Notify;

/// Encodes what somebody looks for.
pub trait Reading: Send + Sync {
    /// What a text means, of any length. The text is redacted before anything else and written nowhere. `None` where it has
    /// no word that is known. It takes the processor: call it beside the async threads.
    fn vector(&self, text: &str) -> Option<Vec<f32>>;

    /// The version of the space, as facts name it in `vector`.
    fn version(&self) -> &str;
}

/// Between two looks at the tables, at least.
const PAUSE: Duration = Duration::from_secs(2);
/// And so many times as long as a look took, so that following takes a part of a processor only; but no more than the last.
const SHARE: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// After a failure, doubled with each one after another.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// Clones share everything.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    store: Store,
    /// Records that are held at most.
    most: usize,
    shelf: RwLock<Arc<Shelf>>,
    status: Mutex<Status>,
    /// How far the tables were read; held by whoever reads on.
    seen: tokio::sync::Mutex<Option<Seen>>,
    soon: Notify,
}

impl Live {
    /// Empty, until it [follows](Self::follow) the store. At most `most` records are held.
    #[must_use]
    pub fn new(store: Store, most: usize) -> Self {
        Self(Arc::new(Inner {
            store,
            most,
            shelf: RwLock::default(),
            status: Mutex::new(Status::default()),
            seen: tokio::sync::Mutex::default(),
            soon: Notify::new(),
        }))
    }

    /// All that is held now. It does not change: a question that takes several looks asks the same one.
    #[must_use]
    pub fn shelf(&self) -> Arc<Shelf> {
        // It is replaced as a whole: whoever panicked left it so.
        Arc::clone(&self.0.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    #[must_use]
    pub fn status(&self) -> Status {
        self.0.status.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Follows the store until it is dropped. Failures are logged and tried again.
    pub async fn follow(&self) {
        let mut failures = 0;
        loop {
            let began = Instant::now();
            let pause = match self.catch_up().await {
                Ok(()) => {
                    failures = 0;
                    (began.elapsed() * SHARE).clamp(PAUSE, LONGEST_PAUSE)
                }
                Err(_) => {
                    failures += 1;
                    retry_after(failures)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.0.soon.notified() => {}
            }
        }
    }

    /// Has the tables looked at soon: somebody has just changed something.
    pub fn look_soon(&self) {
        self.0.soon.notify_one();
    }

    /// Reads what changed since the last look. Who calls this after a change sees it in the next [`Self::shelf`].
    ///
    /// # Errors
    /// [`LiveError`], which the log and the status have then, too.
    pub async fn catch_up(&self) -> Result<(), LiveError> {
        let mut seen = self.0.seen.lock().await;
        let (at, began) = (crate::state::now(), Instant::now());
        match self.look(*seen).await {
            Ok(now) => {
                *seen = Some(now);
                self.tell(|status| status.looked(at, began.elapsed()));
                Ok(())
            }
            Err(error) => {
                self.tell(Status::failed);
                tracing::warn!(
                    why = chain(&error),
                    "the records in memory could not be brought up to the tables"
                );
                Err(error)
            }
        }
    }

    async fn look(&self, seen: Option<Seen>) -> Result<Seen, LiveError> {
        let touched = self.0.store.touched_since(seen).await?;
        let next = Seen { version: touched.version, corrections: touched.corrections };
        let held = self.shelf();
        let mut days = touched.days;
        if touched.everything {
            days.extend(held.days());
        }
        if let Some(since) = held.since() {
            // What is older was left out, and stays out.
            days = days.split_off(&since.day());
        }
        if days.is_empty() {
            if held.version() != Some(next.version) {
                self.publish(held.with(Some(next.version), []));
            }
            return Ok(next);
        }
        if seen.is_none() {
            self.load(&days, next.version).await?
        } else {
            self.renew(&days, next.version).await?
        }
        Ok(next)
    }

    /// The first time: the newest days first, each to be seen at once.
    async fn load(&self, days: &BTreeSet<Day>, version: i64) -> Result<(), LiveError> {
        let mut frames = self.0.store.current_facts_in_parts(days, read::ROWS_AT_ONCE).await?;
        let mut gone = days.clone();
        self.tell(|status| status.left = frames.len());
        while let Some(facts) = frames.pop() {
            let shelf = self.shelf();
            let changed = read::changed(&self.0.store, &shelf, facts).await?;
            changed.iter().for_each(|(day, _)| {
                gone.remove(day);
            });
            let next = shelf.with(None, changed).cut(self.0.most);
            let is_full = next.since().is_some();
            self.publish(next);
            self.tell(|status| status.left = frames.len());
            if is_full {
                break;
            }
        }
        // A load that broke off may have read what is gone by now.
        let gone = gone.into_iter().map(|day| (day, Vec::new()));
        self.publish(self.shelf().with(Some(version), gone));
        Ok(())
    }

    /// Later: all at once, so that nothing is seen twice that went from one day to another.
    async fn renew(&self, days: &BTreeSet<Day>, version: i64) -> Result<(), LiveError> {
        let held = self.shelf();
        let (mut left, mut changed) = (days.clone(), Vec::new());
        for facts in self.0.store.current_facts_in_parts(days, read::ROWS_AT_ONCE).await? {
            for (day, parts) in read::changed(&self.0.store, &held, facts).await? {
                left.remove(&day);
                changed.push((day, parts));
            }
        }
        // Days without any row.
        changed.extend(left.into_iter().map(|day| (day, Vec::new())));
        self.publish(held.with(Some(version), changed).cut(self.0.most));
        Ok(())
    }

    fn publish(&self, shelf: Shelf) {
        let (records, since, bytes) = (shelf.records() as u64, shelf.since(), shelf.heap() as u64);
        *self.0.shelf.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(shelf);
        self.tell(|status| (status.records, status.since, status.bytes) = (records, since, bytes));
    }

    fn tell(&self, change: impl FnOnce(&mut Status)) {
        change(&mut self.0.status.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What `/metrics` tells of it.
    #[must_use]
    pub fn counters(&self) -> crate::metrics::Counters {
        let live = self.clone();
        Box::new(move || live.status().counters(crate::state::now()))
    }
}

fn retry_after(failures: u32) -> Duration {
    Duration::from_secs(1 << failures.min(6)).min(LONGEST_RETRY)
}
