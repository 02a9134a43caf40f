//! The ids of webhooks that were taken, for a while: a vendor that missed an answer sends again, and so does whoever
//! listened. The memory is bounded in time and number; beyond it the tables know a repeat by its content.

use feedback::ids::Id;
use feedback::time::Timestamp;
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Replays {
    /// Microseconds.
    window: i64,
    most: usize,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    ids: HashSet<Id>,
    /// The oldest first.
    order: VecDeque<(Timestamp, Id)>,
}

impl Replays {
    pub fn new(window: Duration, most: usize) -> Self {
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        Self { window, most, seen: Mutex::default() }
    }

    /// Whether it was taken within the window.
    pub fn knows(&self, id: Id, now: Timestamp) -> bool {
        let mut seen = self.seen();
        seen.forget(now.0.saturating_sub(self.window), self.most);
        seen.ids.contains(&id)
    }

    /// Only what is durable: of anything else the sender has to try again.
    pub fn remember(&self, id: Id, now: Timestamp) {
        let mut seen = self.seen();
        if seen.ids.insert(id) {
            seen.order.push_back((now, id));
        }
        seen.forget(now.0.saturating_sub(self.window), self.most);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // At worst an id too many stands in it.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// What is older than `earliest`, and the oldest beyond so many.
    fn forget(&mut self, earliest: i64, most: usize) {
        while let Some((at, id)) = self.order.front()
            && (at.0 < earliest || self.order.len() > most)
        {
            self.ids.remove(id);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;

    #[test]
    fn an_id_is_known_for_a_while() {
        let replays = Replays::new(Duration::from_secs(60), 10);
        let id = Id::of(&["zendesk", "1"]);
        assert!(!replays.knows(id, Timestamp(0)));
        replays.remember(id, Timestamp(0));
        assert!(replays.knows(id, Timestamp(MINUTE)));
        assert!(!replays.knows(Id::of(&["zendesk-eu", "1"]), Timestamp(0)));
        assert!(!replays.knows(id, Timestamp(MINUTE + 1)));
    }

    #[test]
    fn the_memory_is_bounded() {
        let replays = Replays::new(Duration::from_secs(60), 3);
        for id in 0..5 {
            replays.remember(Id(id), Timestamp(0));
            replays.remember(Id(id), Timestamp(0));
        }
        let known: Vec<_> = (0..5).filter(|id| replays.knows(Id(*id), Timestamp(0))).collect();
        assert_eq!(known, [2, 3, 4], "the newest are kept");
        let seen = replays.seen();
        assert_eq!((seen.ids.len(), seen.order.len()), (3, 3));
    }
}
