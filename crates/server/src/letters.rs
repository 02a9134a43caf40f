//! How many messages of the last days became dead letters: counted beside, and shown as it was until it is counted again.
//!
//! To count them the tables are asked which of them were understood since, which takes longer than a page may.

use crate::desk::Date;
use crate::pipeline::PipelineDeadLetters;
use crate::problem::chain;
use feedback::time::{Day, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{DeadLetterFilter, Outcome, Store, StoreError};

/// Days that are counted, today the last of them.
const DAYS: i32 = 7;
/// A count is good for so long, and for so many times as long as it took.
const GOOD_FOR: Duration = Duration::from_secs(60);
const SHARE: u32 = 20;
/// What a page waits for it where there is none yet.
const SHORT: Duration = Duration::from_millis(100);

/// Clones share everything.
#[derive(Clone)]
pub struct Letters(Arc<Inner>);

struct Inner {
    store: Store,
    last: Mutex<Option<Counted>>,
    /// Held by whoever counts.
    counting: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy)]
struct Counted {
    since: Day,
    /// `None` where they could not be read.
    messages: Option<u64>,
    good_until: Instant,
}

impl Letters {
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self(Arc::new(Inner { store, last: Mutex::default(), counting: tokio::sync::Mutex::default() }))
    }

    /// Those of the last days; `None` while they are counted for the first time, and where they cannot be read.
    pub async fn counted(&self, now: Timestamp) -> Option<PipelineDeadLetters> {
        let since = now.day().plus(1 - DAYS);
        let last = self.last(since);
        if last.is_none_or(|last| last.good_until <= Instant::now()) {
            let count = self.count(since, last.is_none());
            if last.is_none() {
                // Whoever stops waiting stops no count.
                let _ = tokio::time::timeout(SHORT, count).await;
            }
        }
        let messages = self.last(since)?.messages?;
        Some(PipelineDeadLetters { since: Date(since), messages })
    }

    fn last(&self, since: Day) -> Option<Counted> {
        let last = *self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|last| last.since == since)
    }

    /// One at a time; `wait` for those who have nothing to show.
    fn count(&self, since: Day, wait: bool) -> tokio::task::JoinHandle<()> {
        let letters = self.clone();
        tokio::spawn(async move {
            let _counting = match letters.0.counting.try_lock() {
                Ok(counting) => counting,
                Err(_) if wait => letters.0.counting.lock().await,
                Err(_) => return,
            };
            // Somebody else has counted them while we waited.
            if wait && letters.last(since).is_some() {
                return;
            }
            let began = Instant::now();
            let messages = match letters.of_days(since).await {
                Ok(messages) => Some(messages),
                Err(error) => {
                    tracing::warn!(why = chain(&error), "the dead letters cannot be counted");
                    None
                }
            };
            let good_until = Instant::now() + GOOD_FOR.max(began.elapsed() * SHARE);
            let counted = Counted { since, messages, good_until };
            *letters.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(counted);
        })
    }

    async fn of_days(&self, since: Day) -> Result<u64, StoreError> {
        let filter = DeadLetterFilter {
            outcomes: vec![Outcome::DeadLetter],
            since: Some(since.start()),
            without_payload: true,
            ..DeadLetterFilter::default()
        };
        Ok(self.0.store.dead_letter_rows(&filter).await?.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::position::Position;
    use store::{Batch, Note, StoreOptions};

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn letter(offset: i64, days_ago: i32) -> Note {
        Note {
            outcome: if offset == 0 { Outcome::Ignored } else { Outcome::DeadLetter },
            reason: "invalid_json".to_owned(),
            detail: String::new(),
            payload: None,
            source_kind: None,
            author: None,
            author_alias: None,
            records: 1,
            ingested_at: NOW.day().plus(-days_ago).start(),
            position: Position { topic: "t".into(), partition: 0, offset },
        }
    }

    /// However short the wait of a page is.
    async fn known(letters: &Letters) -> PipelineDeadLetters {
        loop {
            if let Some(counted) = letters.counted(NOW).await {
                return counted;
            }
        }
    }

    #[tokio::test]
    async fn those_of_the_last_days_are_counted_and_kept_for_a_while() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().to_str().unwrap(), StoreOptions::default()).await.unwrap();
        let notes = vec![letter(0, 0), letter(1, 0), letter(2, 6), letter(3, 7)];
        store.commit(&Batch { notes, ..Batch::default() }).await.unwrap();
        let letters = Letters::new(store.clone());
        let since = Date(NOW.day().plus(-6));
        assert_eq!(known(&letters).await, PipelineDeadLetters { since, messages: 2 });
        // Another is counted once the count has grown old.
        store.commit(&Batch { notes: vec![letter(4, 1)], ..Batch::default() }).await.unwrap();
        assert_eq!(known(&letters).await.messages, 2);
        letters.0.last.lock().unwrap().as_mut().unwrap().good_until = Instant::now();
        while known(&letters).await.messages == 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(known(&letters).await.messages, 3);
    }
}
