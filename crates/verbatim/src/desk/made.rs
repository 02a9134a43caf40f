//! What takes long to make, kept: who asks gets what is there, and it is made again beside where the tables have moved on.
//!
//! Invariants:
//! - What was made before somebody was erased is shown to nobody.
//! - Nothing is made twice at once, and making it again takes no more than a small part of the time.
//! - Of many of a kind only so many wait for their turn: beyond, nothing is begun.

use crate::surroundings::chain;
use anyhow::{Result, anyhow};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// After it was made it is left as it is for so many times as long as that took.
const REST: u32 = 20;
/// And no longer than this, unless it says otherwise.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Who could be shown what was there before waits so long for what is new, where that may be enough.
const BRIEF: Duration = Duration::from_millis(50);
/// Things of one kind that are kept; beyond, the one that nobody asked for longest goes.
const MOST: usize = 64;
/// Things of one kind that are made or wait for their turn: whoever walks through days asks for more than anybody looks at.
const MOST_WAITING: usize = 16;

/// What something is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The version of the facts.
    pub facts: i64,
    /// Of the list of those who were erased.
    pub erasures: i64,
    /// Whatever else: how far a log was read, which day it is.
    pub others: [i64; 2],
}

struct State<T> {
    held: Option<(Stamp, Arc<T>)>,
    is_making: bool,
    /// Before this it is not made again.
    rests_until: Option<Instant>,
    /// What it took last.
    took: Duration,
}

/// One such thing.
pub struct Made<T> {
    state: Mutex<State<T>>,
    ended: Notify,
    /// What takes every core is made one at a time.
    turn: Arc<Semaphore>,
    /// One for each of its kind that is made or waits for its turn.
    places: Arc<Semaphore>,
    longest_rest: Duration,
}

/// Says that nothing is made any more, however that ended.
struct Making<T> {
    of: Arc<Made<T>>,
    place: Option<OwnedSemaphorePermit>,
}

impl<T> Made<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        // Plain values: whoever panicked left them whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for Making<T> {
    fn drop(&mut self) {
        // Whoever finds that nothing is made finds a place as well.
        drop(self.place.take());
        self.of.state().is_making = false;
        self.of.ended.notify_waiters();
    }
}

impl<T: Send + Sync + 'static> Made<T> {
    pub fn new(turn: Arc<Semaphore>) -> Arc<Self> {
        Self::with(turn, Arc::new(Semaphore::new(1)), LONGEST_REST)
    }

    fn with(turn: Arc<Semaphore>, places: Arc<Semaphore>, longest_rest: Duration) -> Arc<Self> {
        let state = State { held: None, is_making: false, rests_until: None, took: Duration::ZERO };
        Arc::new(Self { state: Mutex::new(state), ended: Notify::new(), turn, places, longest_rest })
    }

    /// What was made from `stamp`; where that takes longer than `patience`, or too many others are made, what was there
    /// before, and `None` where nothing was.
    pub async fn get<F>(self: &Arc<Self>, stamp: Stamp, patience: Duration, make: F) -> Result<Option<Arc<T>>>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        // Before the look: who ends in between is heard.
        let ended = self.ended.notified();
        let (held, place, brief) = {
            let mut state = self.state();
            drop(state.held.take_if(|(made, _)| made.erasures != stamp.erasures));
            let held = state.held.clone();
            if held.as_ref().is_some_and(|(made, _)| *made == stamp) {
                return Ok(held.map(|(_, value)| value));
            }
            let rests = held.is_some() && state.rests_until.is_some_and(|until| Instant::now() < until);
            if rests && !state.is_making {
                return Ok(held.map(|(_, value)| value));
            }
            let held = held.map(|(_, value)| value);
            let mut place = None;
            if !state.is_making {
                place = Arc::clone(&self.places).try_acquire_owned().ok();
                if place.is_none() {
                    return Ok(held);
                }
                state.is_making = true;
            }
            let brief = if state.took < BRIEF { BRIEF } else { Duration::ZERO };
            (held, place, brief)
        };
        let wait = if held.is_some() { patience.min(brief) } else { patience };
        let Some(place) = place else {
            // Whoever is at it may have begun before the tables moved on: what they make is good enough.
            let _ = tokio::time::timeout(wait, ended).await;
            let state = self.state();
            let made = state.held.as_ref().filter(|(made, _)| made.erasures == stamp.erasures);
            return Ok(made.map(|(_, value)| Arc::clone(value)));
        };
        let task = tokio::spawn(Arc::clone(self).make(stamp, place, make));
        match tokio::time::timeout(wait, task).await {
            Err(_) => Ok(held),
            Ok(Ok(Ok(value))) => Ok(Some(value)),
            Ok(Ok(Err(error))) => held.map(Some).ok_or(error),
            Ok(Err(_)) => held.map(Some).ok_or_else(|| anyhow!("it ended by a defect of this program")),
        }
    }

    async fn make<F>(self: Arc<Self>, stamp: Stamp, place: OwnedSemaphorePermit, make: F) -> Result<Arc<T>>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let making = Making { of: Arc::clone(&self), place: Some(place) };
        // It is never closed.
        let turn = self.turn.acquire().await;
        let begun = Instant::now();
        let made = make.await;
        drop(turn);
        let took = begun.elapsed();
        let mut state = self.state();
        state.took = took;
        state.rests_until = Some(Instant::now() + (took * REST).min(self.longest_rest));
        let made = match made {
            Ok(value) => {
                let value = Arc::new(value);
                state.held = Some((stamp, Arc::clone(&value)));
                Ok(value)
            }
            Err(error) => {
                tracing::warn!(why = chain(&error), "what the dashboard shows could not be made again");
                Err(error)
            }
        };
        drop(state);
        drop(making);
        made
    }
}

/// What was made, and when somebody asked for it last.
type Kept<T> = (Arc<Made<T>>, Instant);

/// Many of a kind, each by a key.
pub struct MadeOf<K, T> {
    turn: Arc<Semaphore>,
    places: Arc<Semaphore>,
    longest_rest: Duration,
    kept: Mutex<HashMap<K, Kept<T>>>,
}

impl<K: Hash + Eq + Clone, T: Send + Sync + 'static> MadeOf<K, T> {
    pub fn new(turn: Arc<Semaphore>) -> Self {
        let places = Arc::new(Semaphore::new(MOST_WAITING));
        Self { turn, places, longest_rest: LONGEST_REST, kept: Mutex::default() }
    }

    /// Of what changes little as the tables move on: it rests up to so long.
    pub fn resting(self, longest_rest: Duration) -> Self {
        Self { longest_rest, ..self }
    }

    pub fn of(&self, key: &K) -> Arc<Made<T>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains_key(key) && kept.len() >= MOST {
            let oldest = kept.iter().min_by_key(|(_, (_, asked))| *asked).map(|(key, _)| key.clone());
            oldest.map(|key| kept.remove(&key));
        }
        let now = Instant::now();
        let own = || Made::with(Arc::clone(&self.turn), Arc::clone(&self.places), self.longest_rest);
        let fresh = || (own(), now);
        let (made, asked) = kept.entry(key.clone()).or_insert_with(fresh);
        *asked = now;
        Arc::clone(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    const LONG: Duration = Duration::from_secs(60);

    fn stamp(facts: i64) -> Stamp {
        Stamp { facts, erasures: 0, others: [0, 0] }
    }

    fn made() -> Arc<Made<i64>> {
        Made::new(Arc::new(Semaphore::new(1)))
    }

    async fn done(value: i64) -> Result<i64> {
        Ok(value)
    }

    async fn get(made: &Arc<Made<i64>>, stamp: Stamp, value: i64) -> Option<i64> {
        made.get(stamp, LONG, done(value)).await.unwrap().map(|value| *value)
    }

    async fn broken() -> Result<i64> {
        panic!("a defect")
    }

    fn rested(made: &Made<i64>) {
        made.state().rests_until = None;
    }

    #[tokio::test]
    async fn it_is_made_again_where_the_tables_have_moved_on() {
        let made = made();
        assert_eq!(get(&made, stamp(1), 10).await, Some(10));
        assert_eq!(get(&made, stamp(1), 11).await, Some(10), "nothing has changed");
        made.state().rests_until = Some(Instant::now() + LONG);
        assert_eq!(get(&made, stamp(2), 20).await, Some(10), "it was made a moment ago");
        rested(&made);
        assert_eq!(get(&made, stamp(2), 20).await, Some(20));
    }

    #[tokio::test]
    async fn who_can_be_shown_something_does_not_wait_for_what_takes_long() {
        let made = made();
        let (end, ends) = oneshot::channel::<i64>();
        let slow = async move { Ok(ends.await?) };
        assert!(made.get(stamp(1), Duration::ZERO, slow).await.unwrap().is_none(), "there is nothing yet");
        // Another one waits with it, and begins nothing.
        let (other, waits) = (Arc::clone(&made), Arc::clone(&made));
        let waiting = tokio::spawn(async move { waits.get(stamp(1), LONG, done(99)).await });
        tokio::task::yield_now().await;
        end.send(10).unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().as_deref(), Some(&10));
        rested(&made);
        let (_end, ends) = oneshot::channel::<i64>();
        let slow = async move { Ok(ends.await?) };
        assert_eq!(
            other.get(stamp(2), Duration::ZERO, slow).await.unwrap().as_deref(),
            Some(&10),
            "as it was"
        );
    }

    #[tokio::test]
    async fn what_was_made_before_somebody_was_erased_is_shown_to_nobody() {
        let made = made();
        assert_eq!(get(&made, stamp(1), 10).await, Some(10));
        let erased = Stamp { erasures: 1, ..stamp(1) };
        let failing = async { Err::<i64, _>(anyhow!("no")) };
        assert!(made.get(erased, LONG, failing).await.is_err());
        assert_eq!(get(&made, erased, 11).await, Some(11));
    }

    #[tokio::test]
    async fn what_fails_leaves_what_was_there() {
        let made = made();
        let failing = || async { Err::<i64, _>(anyhow!("no")) };
        assert!(made.get(stamp(1), LONG, failing()).await.is_err());
        assert_eq!(get(&made, stamp(1), 10).await, Some(10), "nothing is there: it is tried at once");
        rested(&made);
        assert_eq!(made.get(stamp(2), LONG, failing()).await.unwrap().as_deref(), Some(&10));
        rested(&made);
        assert_eq!(made.get(stamp(3), LONG, broken()).await.unwrap().as_deref(), Some(&10));
        rested(&made);
        assert_eq!(get(&made, stamp(3), 30).await, Some(30), "and it is not stuck");
    }

    #[test]
    fn of_many_the_one_that_nobody_asked_for_longest_goes() {
        let many: MadeOf<usize, i64> = MadeOf::new(Arc::new(Semaphore::new(1)));
        let first = many.of(&0);
        (1..MOST).for_each(|key| drop(many.of(&key)));
        assert!(Arc::ptr_eq(&first, &many.of(&0)), "asked for just now");
        drop(many.of(&MOST));
        assert!(Arc::ptr_eq(&first, &many.of(&0)));
        assert_eq!(many.kept.lock().unwrap().len(), MOST);
    }

    #[tokio::test]
    async fn of_many_only_so_many_wait_for_their_turn() {
        let turn = Arc::new(Semaphore::new(0));
        let many: MadeOf<usize, i64> = MadeOf::new(Arc::clone(&turn));
        for key in 0..=MOST_WAITING {
            let made = many.of(&key).get(stamp(1), Duration::ZERO, done(10)).await;
            assert!(made.unwrap().is_none(), "there is no turn yet");
        }
        assert_eq!(many.places.available_permits(), 0);
        let over = many.of(&MOST_WAITING);
        assert!(!over.state().is_making, "it was not begun");
        turn.add_permits(1);
        let first = many.of(&0).get(stamp(1), LONG, done(20)).await;
        assert_eq!(first.unwrap().as_deref(), Some(&10));
        while many.places.available_permits() < MOST_WAITING {
            tokio::task::yield_now().await;
        }
        assert_eq!(get(&over, stamp(1), 30).await, Some(30));
    }
}
