//! The outbox in the store: what is to be said stands in the log `deliveries` before anybody sends it.
//!
//! Knows: how the events of a delivery stand in the log, and what of the log was read. Must not: say anything by itself,
//! or know how it is sent.
//!
//! Invariants:
//! - An attempt is noted only on top of everything that others have noted, so that of two processes one makes it.
//! - A quote goes out only where the caller says whose words it is, for an erasure goes by that.
//! - All rows of a delivery about one record name the record, so that an erasure of its author takes them all.

mod folded;
mod rows;

use crate::context::Context;
use crate::kafka::producer;
use crate::surroundings::chain;
use anyhow::{Context as _, Result};
use async_trait::async_trait;
use chrono::Utc;
use deliver::address::{Resolve, SystemResolver};
use deliver::outbox::{What, due, reference};
use deliver::{DeliverMetrics, Entry, Event, Key, Note, Outbox, OutboxError, Runner, Targets};
use feedback::time::Timestamp;
use folded::Folded;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{AppendError, DeliveryEvent, Next, Quoted, Store};
use tokio::sync::Mutex;

/// Times that somebody else may write between reading and noting that an attempt begins.
const ROUNDS: usize = 32;

/// Queues a note for the named targets, each once; how many there were. A name that is no target is passed over and
/// logged, so that one mistake keeps nobody else from hearing. The same note (by its id) queued again at a target is the
/// same delivery.
///
/// `quoted` are all whose words or doings stand in the note, as the facts name them; `record` is the one that the note as
/// a whole is about, where it is about one.
pub async fn enqueue(
    store: &Store,
    targets: &Targets,
    names: &[String],
    note: &Note,
    quoted: &[Quoted],
    record: Option<&Quoted>,
) -> Result<usize> {
    let queued = to_queue(targets, names, note, quoted, record)?;
    append(store, &queued).await?;
    Ok(queued.len())
}

/// As [`enqueue`], before it is written.
pub fn to_queue(
    targets: &Targets,
    names: &[String],
    note: &Note,
    quoted: &[Quoted],
    record: Option<&Quoted>,
) -> Result<Vec<DeliveryEvent>> {
    let now = Timestamp::from_datetime(Utc::now());
    let note = rows::vouched_for(note, quoted, record);
    let mut queued = Vec::new();
    for name in names.iter().map(String::as_str).collect::<BTreeSet<&str>>() {
        let Some(target) = targets.get(name) else {
            let why = targets.instead_of(name);
            let why = why.as_deref().unwrap_or("there is no such delivery target");
            tracing::warn!(to = name, note = note.id, "nothing is sent there: {why}");
            continue;
        };
        let event = Event::queue(note.clone(), name, now, target.deadline);
        queued.push(rows::row(&event, Some(name), record, quoted).context("the note cannot be written")?);
    }
    Ok(queued)
}

/// In one commit.
pub async fn append(store: &Store, queued: &[DeliveryEvent]) -> Result<()> {
    if !queued.is_empty() {
        store.append(queued, None).await.context("the notes could not be queued")?;
    }
    Ok(())
}

/// Opens the targets over an outbox. Nothing is connected to before something is sent; one that cannot be
/// opened is logged, and the others go on.
pub fn runner(
    context: &Context,
    outbox: Arc<StoreOutbox>,
    targets: &Targets,
    metrics: Arc<DeliverMetrics>,
) -> Runner {
    let resolver: Arc<dyn Resolve> = Arc::new(SystemResolver);
    let producer = producer::for_targets(context.config(), targets.iter()).map_err(|error| chain(&error));
    Runner::new(outbox, metrics).with_targets(targets, &resolver, &producer)
}

/// The deliveries of some tables. What was read is kept: to ask again costs a look at the log's version.
pub struct StoreOutbox {
    store: Store,
    folded: Mutex<Folded>,
}

impl StoreOutbox {
    pub fn new(store: Store) -> Self {
        Self { store, folded: Mutex::default() }
    }

    /// The tables that it is of.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Those of some deliveries that were ever queued, whatever became of them.
    pub async fn known(&self, mut some: BTreeSet<Key>) -> Result<BTreeSet<Key>, OutboxError> {
        let mut folded = self.folded.lock().await;
        self.read_on(&mut folded).await?;
        some.retain(|key| folded.get(key).is_some());
        Ok(some)
    }

    /// All there are, in the order in which they were queued.
    pub async fn entries(&self) -> Result<Vec<Entry>, OutboxError> {
        let mut folded = self.folded.lock().await;
        self.read_on(&mut folded).await?;
        Ok(folded.entries().to_vec())
    }

    /// What somebody makes of them, without a copy of them all.
    pub async fn look<T>(&self, of: impl FnOnce(&[Entry]) -> T) -> Result<T, OutboxError> {
        let mut folded = self.folded.lock().await;
        self.read_on(&mut folded).await?;
        Ok(of(folded.entries()))
    }

    async fn read_on(&self, folded: &mut Folded) -> Result<(), OutboxError> {
        let tail = self.store.tail::<DeliveryEvent>(folded.mark()).await;
        let tail = tail
            .map_err(|error| OutboxError::Store { retryable: error.is_retryable(), source: error.into() })?;
        folded.take(tail);
        Ok(())
    }

    /// Notes that an attempt begins, on top of all that was noted before.
    async fn begin(&self, event: &Event) -> Result<(), OutboxError> {
        let taken = || OutboxError::Taken { key: event.key.clone() };
        let mut folded = self.folded.lock().await;
        for _ in 0..ROUNDS {
            if !folded.get(&event.key).is_some_and(|entry| entry.is_due(event.at)) {
                return Err(taken());
            }
            let (row, mark) = (folded.row(event).map_err(unwritable)?, folded.mark());
            match self.store.append(&[row], Some(mark)).await {
                // It was left out: its author was erased just now.
                Ok(after) if after == mark => return Err(taken()),
                Ok(after) => {
                    folded.noted(event, after);
                    return Ok(());
                }
                Err(AppendError::Moved { .. }) => self.read_on(&mut folded).await?,
                Err(error) => return Err(not_written(error)),
            }
        }
        let source = "others wrote to the outbox all the time".into();
        Err(OutboxError::Store { retryable: true, source })
    }
}

#[async_trait]
impl Outbox for StoreOutbox {
    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<Entry>, OutboxError> {
        let mut folded = self.folded.lock().await;
        self.read_on(&mut folded).await?;
        Ok(due(folded.entries(), now, most).into_iter().cloned().collect())
    }

    async fn append(&self, event: &Event) -> Result<(), OutboxError> {
        if matches!(event.what, What::Sending { .. }) {
            return self.begin(event).await;
        }
        let row = self.folded.lock().await.row(event).map_err(unwritable)?;
        self.store.append(&[row], None).await.map_err(not_written)?;
        Ok(())
    }

    async fn reference(&self, target: &str, group: &str) -> Result<Option<String>, OutboxError> {
        let mut folded = self.folded.lock().await;
        self.read_on(&mut folded).await?;
        Ok(reference(folded.entries(), target, group).map(str::to_owned))
    }
}

fn not_written(error: AppendError) -> OutboxError {
    OutboxError::Store { retryable: error.next() != Next::Stop, source: error.into() }
}

fn unwritable(error: serde_json::Error) -> OutboxError {
    OutboxError::Store { retryable: false, source: error.into() }
}

#[cfg(test)]
mod tests;
