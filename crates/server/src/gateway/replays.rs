//! The ids of webhooks that were taken, for a while: a vendor that missed an answer sends again, and so does whoever
//! listened. The memory is bounded in time and number; beyond it the tables know a repeat by its content.
//!
//! Of several requests of one id that come at once the first goes on, and the others wait until it is known what came of it.

use feedback::ids::Id;
use feedback::time::Timestamp;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Clones share everything.
#[derive(Debug, Clone)]
pub(super) struct Replays {
    /// Microseconds.
    window: i64,
    most: usize,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    ids: HashSet<Id>,
    /// The oldest first.
    order: VecDeque<(Timestamp, Id)>,
    /// Being made durable; what is dropped with one wakes those who wait for it. No more than requests under way.
    claimed: HashMap<Id, watch::Sender<()>>,
}

/// Whose turn it is with an id.
enum Turn {
    Own,
    /// It was taken.
    Taken,
    /// Somebody else is at it, until this ends.
    Others(watch::Receiver<()>),
}

/// The right to make durable what an id brings: nobody else has it. Dropped, the next one may try.
#[derive(Debug)]
pub(super) struct Claim {
    replays: Replays,
    id: Id,
}

impl Replays {
    pub fn new(window: Duration, most: usize) -> Self {
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        Self { window, most, seen: Arc::default() }
    }

    /// Whether it was taken within the window.
    pub fn knows(&self, id: Id, now: Timestamp) -> bool {
        let mut seen = self.seen();
        seen.forget(now.0.saturating_sub(self.window), self.most);
        seen.ids.contains(&id)
    }

    /// The right to take what an id brings, once nobody else is at it; `None` where it was taken meanwhile, or before.
    pub async fn claim(&self, id: Id, now: Timestamp) -> Option<Claim> {
        loop {
            match self.turn(id, now) {
                Turn::Own => return Some(Claim { replays: self.clone(), id }),
                Turn::Taken => return None,
                // Nothing is ever sent: it ends.
                Turn::Others(mut done) => {
                    let _ = done.changed().await;
                }
            }
        }
    }

    fn turn(&self, id: Id, now: Timestamp) -> Turn {
        let mut seen = self.seen();
        seen.forget(now.0.saturating_sub(self.window), self.most);
        if seen.ids.contains(&id) {
            return Turn::Taken;
        }
        match seen.claimed.entry(id) {
            Entry::Occupied(others) => Turn::Others(others.get().subscribe()),
            Entry::Vacant(own) => {
                own.insert(watch::Sender::new(()));
                Turn::Own
            }
        }
    }

    fn remember(&self, id: Id, now: Timestamp) {
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

impl Claim {
    /// It is durable now: of anything else the sender has to try again.
    pub fn taken(self, now: Timestamp) {
        self.replays.remember(self.id, now);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.replays.seen().claimed.remove(&self.id);
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

    #[tokio::test]
    async fn of_two_at_once_the_second_goes_on_only_where_the_first_fails() {
        let replays = Replays::new(Duration::from_secs(60), 10);
        let (id, now) = (Id(7), Timestamp(0));
        let first = replays.claim(id, now).await.unwrap();
        assert!(!replays.knows(id, now), "it is not durable yet");
        assert!(replays.claim(Id(8), now).await.is_some(), "another waits for nobody");
        let second = tokio::spawn({
            let replays = replays.clone();
            async move { replays.claim(id, now).await }
        });
        // It waits, or will.
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        let second = second.await.unwrap().expect("the first has failed");
        let third = tokio::spawn({
            let replays = replays.clone();
            async move { replays.claim(id, now).await.is_some() }
        });
        tokio::task::yield_now().await;
        second.taken(now);
        assert!(!third.await.unwrap() && replays.knows(id, now));
        assert!(replays.claim(id, now).await.is_none());
        assert!(replays.seen().claimed.is_empty(), "nothing is left of those who tried");
    }
}
