//! The loop that empties the outbox: takes what is due, attempts it, notes what became of it.

mod busy;
mod line;

use crate::address::{AddressError, Resolve};
use crate::error::{SendError, chain};
use crate::failpoints::{self, pass};
use crate::metrics::DeliverMetrics;
use crate::outbox::{Entry, Event, Key, Outbox, OutboxError, Outcome, Policy, What};
use crate::send::{Channel, Parcel, Producer, Receipt};
use crate::target::{Targets, listed_name};
use busy::Busy;
use feedback::time::Timestamp;
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{FuturesUnordered, StreamExt};
use line::{Line, opening};
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Entries of each target that are asked for at once: as many as may be under way at the same time.
const MOST_DUE: usize = 32;
/// How often the outbox is asked where nobody says that there is something new.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between the end of an attempt, whatever happens in it, and the time when another process may make the next: for
/// noting it, and for clocks that differ.
const MARGIN: Duration = Duration::from_secs(30);
/// An attempt is some requests: looking for an issue, making it.
const REQUESTS: u32 = 3;
/// What becomes of a target that cannot be opened, and of all others.
const SHUT: &str = "a delivery target cannot be used: what is for it waits, and is given up at its deadline unless it is \
                    mended (a variable takes a restart); the others go on";

pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// From 0 to 1.
pub type Dice = Arc<dyn Fn() -> f64 + Send + Sync>;

/// Attempts what is due, several at a time, and within a group one after the other.
pub struct Runner {
    outbox: Arc<dyn Outbox>,
    lines: BTreeMap<String, Line>,
    policy: Policy,
    clock: Clock,
    dice: Dice,
    metrics: Arc<DeliverMetrics>,
    news: Notify,
}

/// What [`Runner::drain`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drained {
    pub delivered: usize,
    /// To be attempted again later.
    pub waiting: usize,
    pub failed: usize,
}

impl Drained {
    fn count(&mut self, done: &Done) {
        match done.end {
            Some(What::Delivered { .. }) => self.delivered += 1,
            Some(What::Failed { .. }) => self.failed += 1,
            _ => self.waiting += 1,
        }
    }
}

/// What became of an entry that was taken up.
struct Done {
    key: Key,
    target: String,
    group: String,
    /// `None` where nothing could be done: another process has it, or the outbox cannot be written.
    end: Option<What>,
}

type Running<'r> = FuturesUnordered<BoxFuture<'r, Done>>;

impl Runner {
    #[must_use]
    pub fn new(outbox: Arc<dyn Outbox>, metrics: Arc<DeliverMetrics>) -> Self {
        Self {
            outbox,
            lines: BTreeMap::new(),
            policy: Policy::default(),
            clock: Arc::new(|| Timestamp::from_datetime(chrono::Utc::now())),
            dice: Arc::new(rand::random::<f64>),
            metrics,
            news: Notify::new(),
        }
    }

    /// Adds a target. `timeout` is of one request.
    #[must_use]
    pub fn with(mut self, name: &str, channel: Box<dyn Channel>, at_once: usize, timeout: Duration) -> Self {
        self.lines.insert(name.to_owned(), Line::open(channel, at_once, timeout));
        self
    }

    /// Opens all targets. One that cannot be opened keeps no other waiting: it is logged, and what is for it is attempted
    /// until its deadline, by when it may be mended. `producer` is who writes to topics, or why nobody does.
    #[must_use]
    pub fn with_targets(
        mut self,
        targets: &Targets,
        resolver: &Arc<dyn Resolve>,
        producer: &Result<Option<Arc<dyn Producer>>, String>,
    ) -> Self {
        // Those of owners want the same as the target that they were made from.
        let mut told = BTreeSet::new();
        for target in targets.iter() {
            let opening = opening(target, resolver, producer);
            let line = match opening() {
                Ok(channel) => Line::open(channel, target.at_once, target.timeout),
                Err(error) => {
                    if told.insert(listed_name(&target.name)) {
                        tracing::error!(error = chain(&error), "{SHUT}");
                    }
                    Line::shut(opening, target.at_once, target.timeout)
                }
            };
            self.lines.insert(target.name.clone(), line);
        }
        self
    }

    /// Another policy, clock and dice than the usual ones.
    #[must_use]
    pub fn steered(mut self, policy: Policy, clock: Clock, dice: Dice) -> Self {
        (self.policy, self.clock, self.dice) = (policy, clock, dice);
        self
    }

    /// Says that something was queued, so that the loop looks now.
    pub fn nudge(&self) {
        self.news.notify_one();
    }

    /// Goes on until `stop`; then no attempt begins, and those under way are waited for. An outbox that cannot be read is
    /// asked again.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let (mut running, mut busy) = (Running::new(), Busy::default());
        loop {
            let looked = self.look(&mut running, |done| busy.end(&done)).await;
            if let Err(error) = looked.map(|due| self.start(due, &mut running, &mut busy, None)) {
                tracing::warn!(
                    error = chain(&error),
                    "the outbox cannot be read; it is tried again until it works"
                );
            }
            tokio::select! {
                biased;
                () = &mut stop => break,
                Some(done) = running.next(), if !running.is_empty() => busy.end(&done),
                () = self.news.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        while running.next().await.is_some() {}
    }

    /// Attempts everything that is due now, and what becomes due behind it in its group, once each.
    ///
    /// # Errors
    /// [`OutboxError`] where the outbox cannot be read.
    pub async fn drain(&self) -> Result<Drained, OutboxError> {
        let (mut running, mut busy, mut drained) = (Running::new(), Busy::default(), Drained::default());
        // What was attempted is not taken up again, or a wait of nothing would go round for ever.
        let mut seen = BTreeSet::new();
        loop {
            let looked = self.look(&mut running, |done| {
                busy.end(&done);
                drained.count(&done);
            });
            match looked.await {
                Ok(due) => self.start(due, &mut running, &mut busy, Some(&mut seen)),
                Err(error) => {
                    // What is under way is not cut off.
                    while running.next().await.is_some() {}
                    return Err(error);
                }
            }
            let Some(done) = running.next().await else { return Ok(drained) };
            busy.end(&done);
            drained.count(&done);
        }
    }

    /// What is due. Attempts under way go on meanwhile: one of them may hold what the outbox waits for, and would hold it
    /// for ever if nobody polled it.
    async fn look(
        &self,
        running: &mut Running<'_>,
        mut ended: impl FnMut(Done),
    ) -> Result<Vec<Entry>, OutboxError> {
        let mut due = pin!(self.outbox.due((self.clock)(), MOST_DUE));
        loop {
            tokio::select! {
                biased;
                due = &mut due => return due,
                Some(done) = running.next(), if !running.is_empty() => ended(done),
            }
        }
    }

    /// Takes up what is due and may be, except what was `seen` already.
    fn start<'r>(
        &'r self,
        due: Vec<Entry>,
        running: &mut Running<'r>,
        busy: &mut Busy,
        mut seen: Option<&mut BTreeSet<Key>>,
    ) {
        for entry in due {
            if seen.as_ref().is_some_and(|seen| seen.contains(&entry.key)) {
                continue;
            }
            let at_once = self.lines.get(&entry.target).map_or(1, |line| line.at_once);
            if busy.begin(&entry, at_once) {
                if let Some(seen) = &mut seen {
                    seen.insert(entry.key.clone());
                }
                running.push(self.taken_up(entry).boxed());
            }
        }
    }

    async fn taken_up(&self, entry: Entry) -> Done {
        self.metrics.running.fetch_add(1, Ordering::Relaxed);
        let end = self.attempt(&entry).await;
        self.metrics.running.fetch_sub(1, Ordering::Relaxed);
        Done { key: entry.key, target: entry.target, group: entry.note.group, end }
    }

    /// Notes that it begins, sends, notes who has it where not everybody does, and how it ended.
    async fn attempt(&self, entry: &Entry) -> Option<What> {
        let longest = self.lines.get(&entry.target).map_or(Duration::ZERO, |line| line.longest);
        let begin = entry.begin((self.clock)(), longest.saturating_add(MARGIN));
        match self.outbox.append(&begin).await {
            Ok(()) => {}
            Err(OutboxError::Taken { .. }) => return None,
            Err(error) => {
                // Not sent, since nobody would know of it after a kill.
                DeliverMetrics::add(&self.metrics.note_errors, 1);
                tracing::warn!(error = chain(&error), key = %entry.key, "the attempt cannot be noted; nothing is sent");
                return None;
            }
        }
        let mut begun = entry.clone();
        begun.apply(&begin);
        if begun.has_ended() {
            self.ended(&begun, &begin.what);
            return Some(begin.what);
        }
        pass(failpoints::NOTED);
        let started = Instant::now();
        let sent = self.sent(&begun, longest).await;
        pass(failpoints::SENT);
        DeliverMetrics::add(&self.metrics.attempts, 1);
        DeliverMetrics::add(
            &self.metrics.milliseconds,
            u64::try_from(started.elapsed().as_millis()).unwrap_or(0),
        );
        let (ended, now) = (Instant::now(), (self.clock)());
        if let Ok(Err(SendError::Partly { taken, .. })) = &sent
            && !taken.is_empty()
        {
            let what = What::Partly { taken: taken.clone() };
            self.note(&Event { key: begun.key.clone(), at: now, what }, MARGIN).await;
        }
        let outcome = sent.map_or_else(|why| Outcome::Retry { after: None, why }, Outcome::from);
        let settled = self.policy.settle(&begun, &outcome, now, (self.dice)());
        self.note(&settled, MARGIN.saturating_sub(ended.elapsed())).await;
        self.ended(&begun, &settled.what);
        Some(settled.what)
    }

    /// What the receiver made of it; why there was no attempt, or none that ended.
    async fn sent(&self, entry: &Entry, longest: Duration) -> Result<Result<Receipt, SendError>, String> {
        let missing = || format!("there is no target {} in the settings any more", entry.target);
        let line = self.lines.get(&entry.target).ok_or_else(missing)?;
        let channel = line.channel().map_err(|error| chain(&error))?;
        let known = if channel.wants_reference() && !entry.note.group.is_empty() {
            let known = self.outbox.reference(&entry.target, &entry.note.group).await;
            known.map_err(|error| chain(&error))?
        } else {
            None
        };
        let (queued, now) = (entry.queued, (self.clock)());
        let (known, taken) = (known.as_deref(), entry.taken.as_slice());
        let parcel = Parcel { note: &entry.note, key: &entry.key, queued, now, known, taken };
        let result = tokio::time::timeout(longest, channel.send(&parcel)).await;
        let late = |_| format!("the attempt did not end within {} s", longest.as_secs().max(1));
        let result = result.map_err(late)?;
        if let Err(SendError::Address(AddressError::Refused { .. })) = &result {
            DeliverMetrics::add(&self.metrics.refused_addresses, 1);
        }
        Ok(result)
    }

    /// Notes how an attempt ended, again and again for as long as nobody else takes it up. Where that does not work, the
    /// attempt is repeated later, with the same key.
    async fn note(&self, event: &Event, patience: Duration) {
        let (started, mut pause) = (Instant::now(), Duration::from_millis(100));
        while let Err(error) = self.outbox.append(event).await {
            DeliverMetrics::add(&self.metrics.note_errors, 1);
            let over = !error.is_retryable() || started.elapsed() + pause > patience;
            let (error, key) = (chain(&error), &event.key);
            if over {
                tracing::error!(error, %key, "what became of an attempt cannot be noted; it is repeated later");
                return;
            }
            tracing::warn!(error, %key, "what became of an attempt cannot be noted yet");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }

    fn ended(&self, entry: &Entry, what: &What) {
        let (key, to, attempts) = (&entry.key, entry.target.as_str(), entry.attempts);
        let kind = entry.note.kind.name();
        match what {
            What::Delivered { .. } => {
                DeliverMetrics::add(&self.metrics.delivered, 1);
                tracing::info!(%key, to, kind, attempts, "delivered");
            }
            What::Failed { why } => {
                DeliverMetrics::add(&self.metrics.failed, 1);
                tracing::error!(%key, to, kind, attempts, why, "not delivered, and given up");
            }
            What::Retried { why, .. } => {
                DeliverMetrics::add(&self.metrics.retries, 1);
                tracing::warn!(%key, to, kind, attempts, why, "not delivered yet");
            }
            What::Queued { .. } | What::Sending { .. } | What::Partly { .. } | What::Requeued { .. } => {}
        }
    }
}
