//! Answers that take a while: made once for all who ask the same, and shown while the next one is made.
//!
//! Knows: how long an answer is good, whose turn it is to make one, how many are kept. Must not: know what they tell.
//!
//! Invariants:
//! - Of a question one answer at a time is made, whoever asks for it, and to its end, whoever stops waiting.
//! - Answers that are only made again are made one after the other, with a rest between: whoever asks for the first time,
//!   and whatever else the cores are for, comes before.
//! - No more answers are kept than the rules say, and none is shown that is older than they say, or that its maker says may
//!   not be shown.
//! - No more are made or wait for their turn than the rules say, and as many to be made again: whoever asks beyond hears so
//!   at once.

use crate::problem::chain;
use std::collections::HashMap;
use std::error::Error;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// When an answer is made again, and how many there are.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// What they are, for the log.
    pub what: &'static str,
    /// An answer is good for so many times as long as it took to make, within these bounds, whatever happens meanwhile.
    pub times: u32,
    pub at_least: Duration,
    pub at_most: Duration,
    /// What is no longer good is shown while the next one is made, but not beyond this age: then the next one is waited for.
    pub oldest: Duration,
    /// So long somebody waits for the next one before the last one is shown.
    pub patience: Duration,
    /// So many are made at a time.
    pub at_once: usize,
    /// After one was made again, the next one waits so many times as long as that took.
    pub rest: u32,
    /// So many are kept; beyond, the one that nobody asked for longest goes.
    pub most: usize,
    /// So many are made for the first time or wait for it, and as many to be made again.
    pub waiting: usize,
}

/// Makes the answer to one question.
pub trait Maker: Send + Sync + 'static {
    type Answer: Send + Sync + 'static;
    /// What an answer follows from: where it is the same, so is the answer.
    type Basis: PartialEq + Send + Sync + 'static;
    type Error: Error + From<BrokeOff> + From<Crowded> + Send + 'static;

    /// Whether an answer that follows from this may be shown to whoever asks, however good it is.
    fn may_show(&self, _basis: &Self::Basis) -> bool {
        true
    }

    /// What it would follow from now.
    fn basis(&self) -> impl Future<Output = Result<Self::Basis, Self::Error>> + Send;

    /// An answer, with what it follows from.
    fn make(
        &self,
        haste: Haste,
    ) -> impl Future<Output = Result<(Self::Basis, Self::Answer), Self::Error>> + Send;
}

/// Whether somebody has nothing to look at before an answer is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    First,
    /// The last one is shown meanwhile.
    Again,
}

/// A defect of this program; the log has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it broke off by a defect of this program")]
pub struct BrokeOff;

/// Nothing was begun: it may be asked for again soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many others are being made")]
pub struct Crowded;

/// An answer that is kept.
#[derive(Debug)]
pub struct Made<B, A> {
    pub basis: B,
    pub answer: Arc<A>,
    /// When it was made, or was seen to be still the same.
    since: Instant,
    /// From then on.
    good_for: Duration,
}

impl<B, A> Made<B, A> {
    fn is_good(&self) -> bool {
        self.since.elapsed() < self.good_for
    }
}

type MadeBy<M> = Made<<M as Maker>::Basis, <M as Maker>::Answer>;
type Told<M> = Result<Arc<MadeBy<M>>, <M as Maker>::Error>;

/// Answers by their questions. Clones share everything.
pub struct Kept<Q, M: Maker> {
    inner: Arc<Inner<Q, M>>,
}

impl<Q, M: Maker> Clone for Kept<Q, M> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

struct Inner<Q, M: Maker> {
    rules: Rules,
    entries: Mutex<HashMap<Q, Entry<M>>>,
    /// One for each that is made for the first time or waits for its turn.
    places: Arc<Semaphore>,
    turn: Semaphore,
    /// Before it, whoever only makes one again; of those there are as many places.
    again: Arc<Semaphore>,
    places_again: Arc<Semaphore>,
}

struct Entry<M: Maker> {
    slot: Arc<Slot<M>>,
    asked: Instant,
}

/// One question's answer.
struct Slot<M: Maker> {
    made: Mutex<Option<Arc<MadeBy<M>>>>,
    /// Held by whoever makes it.
    making: Arc<tokio::sync::Mutex<()>>,
    /// Whether somebody waits for the turn to make it again.
    is_due: AtomicBool,
}

impl<M: Maker> Default for Slot<M> {
    fn default() -> Self {
        Self { made: Mutex::default(), making: Arc::default(), is_due: AtomicBool::default() }
    }
}

impl<M: Maker> Slot<M> {
    fn made(&self) -> Option<Arc<MadeBy<M>>> {
        // It is replaced as a whole: whoever panicked left it so.
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn good(&self) -> Option<Arc<MadeBy<M>>> {
        self.made().filter(|made| made.is_good())
    }

    /// Nothing is there, and nobody makes it.
    fn is_idle(&self) -> bool {
        self.made().is_none() && self.making.try_lock().is_ok()
    }

    fn keep(&self, basis: M::Basis, answer: Arc<M::Answer>, good_for: Duration) -> Arc<MadeBy<M>> {
        let made = Arc::new(Made { basis, answer, since: Instant::now(), good_for });
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
        made
    }
}

impl<Q: Eq + Hash + Clone + Send + 'static, M: Maker> Kept<Q, M> {
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        let places = || Arc::new(Semaphore::new(rules.waiting));
        Self {
            inner: Arc::new(Inner {
                rules,
                entries: Mutex::default(),
                places: places(),
                turn: Semaphore::new(rules.at_once),
                again: Arc::new(Semaphore::new(1)),
                places_again: places(),
            }),
        }
    }

    /// The answer to a question: what is there, else what `maker` makes now.
    ///
    /// # Errors
    /// Where nothing is there that may be shown, and none can be made, which the log has then; or [`Crowded`].
    pub async fn get(&self, question: Q, maker: M) -> Told<M> {
        let Rules { oldest, patience, .. } = self.inner.rules;
        let slot = self.slot(question);
        let last = slot.made().filter(|made| maker.may_show(&made.basis));
        match last.filter(|made| made.is_good() || made.since.elapsed() < oldest) {
            Some(made) if made.is_good() => Ok(made),
            Some(made) => {
                let Ok(place) = Arc::clone(&self.inner.places_again).try_acquire_owned() else {
                    return Ok(made);
                };
                let kept = self.clone();
                let making = tokio::spawn(async move {
                    let _place = place;
                    kept.again(&slot, &maker).await
                });
                // It is made to its end, and kept, whoever stops waiting for it.
                let next = timeout(patience, making).await.ok().and_then(Result::ok).flatten();
                Ok(next.unwrap_or(made))
            }
            None => self.first(slot, maker).await,
        }
    }

    async fn first(&self, slot: Arc<Slot<M>>, maker: M) -> Told<M> {
        // Whoever comes second waits with the first, and takes no place for that.
        let making = Arc::clone(&slot.making).lock_owned().await;
        if let Some(made) = slot.good().filter(|made| maker.may_show(&made.basis)) {
            return Ok(made);
        }
        let place = Arc::clone(&self.inner.places).try_acquire_owned().map_err(|_| Crowded)?;
        let kept = self.clone();
        // It is made to its end, and kept, whoever stops waiting for it.
        let task = tokio::spawn(async move {
            // In this order they are given back: whoever waits finds a place.
            let _held = (place, making);
            let (made, what) = (kept.next(&slot, &maker, Haste::First).await, kept.inner.rules.what);
            made.inspect_err(|error| tracing::error!(what, why = chain(error), "an answer could not be made"))
        });
        task.await.map_err(|_| BrokeOff)?
    }

    /// Makes it again, unless somebody does; `None` as well where it cannot be made.
    async fn again(&self, slot: &Slot<M>, maker: &M) -> Option<Arc<MadeBy<M>>> {
        if slot.is_due.swap(true, Ordering::Relaxed) {
            return None;
        }
        // It is never closed.
        let turn = Arc::clone(&self.inner.again).acquire_owned().await;
        slot.is_due.store(false, Ordering::Relaxed);
        let _making = slot.making.try_lock().ok()?;
        if let Some(made) = slot.good() {
            return Some(made);
        }
        let (Rules { what, rest, .. }, began) = (self.inner.rules, Instant::now());
        let made = self.next(slot, maker, Haste::Again).await;
        let rest = rest * began.elapsed();
        tokio::spawn(async move {
            sleep(rest).await;
            drop(turn);
        });
        let told = |error: &M::Error| {
            tracing::warn!(
                what,
                why = chain(error),
                "an answer could not be made again; the last one is shown"
            );
        };
        made.inspect_err(told).ok()
    }

    /// The last one once more, where nothing has changed.
    async fn next(&self, slot: &Slot<M>, maker: &M, haste: Haste) -> Told<M> {
        if let Some(last) = slot.made() {
            let basis = maker.basis().await?;
            if basis == last.basis {
                return Ok(slot.keep(basis, Arc::clone(&last.answer), last.good_for));
            }
        }
        let Rules { times, at_least, at_most, .. } = self.inner.rules;
        // It is never closed.
        let _turn = self.inner.turn.acquire().await;
        let began = Instant::now();
        let (basis, answer) = maker.make(haste).await?;
        let good_for = (times * began.elapsed()).clamp(at_least, at_most);
        Ok(slot.keep(basis, Arc::new(answer), good_for))
    }

    fn slot(&self, question: Q) -> Arc<Slot<M>> {
        let mut entries = self.entries();
        if !entries.contains_key(&question) && entries.len() >= self.inner.rules.most {
            // Those before all that found no place.
            let rank = |entry: &Entry<M>| (!entry.slot.is_idle(), entry.asked);
            let longest =
                entries.iter().min_by_key(|(_, entry)| rank(entry)).map(|(question, _)| question.clone());
            longest.map(|question| entries.remove(&question));
        }
        let entry =
            entries.entry(question).or_insert_with(|| Entry { slot: Arc::default(), asked: Instant::now() });
        entry.asked = Instant::now();
        Arc::clone(&entry.slot)
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Q, Entry<M>>> {
        // Nothing is left half done in it.
        self.inner.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
impl<Q: Eq + Hash, M: Maker> Kept<Q, M> {
    /// For tests of what is kept by it.
    pub fn made(&self, question: &Q) -> Option<Arc<MadeBy<M>>> {
        self.inner.entries.lock().unwrap().get(question)?.slot.made()
    }

    pub fn turn(&self) -> &Semaphore {
        &self.inner.turn
    }

    pub fn places(&self) -> &Semaphore {
        &self.inner.places
    }
}

#[cfg(test)]
mod tests;
