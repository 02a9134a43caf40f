//! The records in memory, for whoever shows words of them.

use super::made::Stamp;
use insight::shelf::Shelf;
use server::live::Live;
use std::sync::{Arc, Mutex, PoisonError};

/// What the server holds for its lists.
pub struct Records {
    live: Live,
    since: Mutex<Since>,
}

/// By how many erasures, and the version of the facts when they were first heard of.
#[derive(Default)]
struct Since {
    erasures: i64,
    facts: i64,
}

impl Records {
    pub fn new(live: Live) -> Self {
        Self { live, since: Mutex::default() }
    }

    /// All that are held. `None` while they are read for the first time, and where somebody was erased since they were read:
    /// their words may be among them.
    pub fn shelf(&self, now: &Stamp) -> Option<Arc<Shelf>> {
        // Plain numbers: whoever panicked left them whole.
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if since.erasures != now.erasures {
            *since = Since { erasures: now.erasures, facts: now.facts };
        }
        let shelf = self.live.shelf();
        shelf.version().is_some_and(|version| version >= since.facts).then_some(shelf)
    }

    /// The same where no record was left out of them.
    pub fn all(&self, now: &Stamp) -> Option<Arc<Shelf>> {
        self.shelf(now).filter(|shelf| shelf.since().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{Advance, Batch, Store, StoreOptions};

    #[tokio::test]
    async fn after_an_erasure_they_are_read_again_before_they_are_shown() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let live = Live::new(store.clone(), 10);
        let records = Records::new(live.clone());
        let stamp = |facts, erasures| Stamp { facts, erasures, others: [0, 0] };
        let before = store.version().await.unwrap();
        assert!(records.shelf(&stamp(before, 0)).is_none(), "nothing was read");
        live.catch_up().await.unwrap();
        assert!(records.shelf(&stamp(before, 0)).is_some());
        let advances = vec![Advance { app_id: "g/t/0".to_owned(), from: None, next: 1 }];
        let after = store.commit(&Batch { advances, ..Batch::default() }).await.unwrap().version;
        assert!(after > before && records.shelf(&stamp(after, 0)).is_some(), "nobody was erased");
        assert!(records.shelf(&stamp(after, 1)).is_none());
        live.catch_up().await.unwrap();
        assert!(records.shelf(&stamp(after + 9, 1)).is_some());
    }
}
