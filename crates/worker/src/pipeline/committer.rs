//! The committer: puts batches back into the order of reading, and into the tables.

use super::batch::{Batch, Move, Origin, join};
use super::{Analyzed, Event, Prepared, Shared};
use crate::kafka::cursor::Step;
use crate::{WorkerError, backoff::Backoff, failpoints, metrics::WorkerMetrics};
use crossbeam_channel::{Receiver, Sender};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use store::{Advance, CommitError, Next};

/// Batches that became ready behind a slow commit go into the next one together, up to this many.
const TOGETHER: usize = 8;

pub(super) fn run(
    shared: &Shared,
    results: &Receiver<Analyzed>,
    give_back: &Sender<Batch>,
    tell: &Sender<Event>,
) {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for analyzed in results {
        waiting.insert(analyzed.batch.number, analyzed);
        for more in results.try_iter() {
            waiting.insert(more.batch.number, more);
        }
        loop {
            let ready = take_ready(&mut waiting, &mut next);
            if ready.is_empty() {
                break;
            }
            settle(shared, ready, give_back, tell);
        }
    }
}

/// The next batches in order, as many as may go together: all of one epoch.
fn take_ready(waiting: &mut BTreeMap<u64, Analyzed>, next: &mut u64) -> Vec<Analyzed> {
    let mut ready: Vec<Analyzed> = Vec::new();
    while ready.len() < TOGETHER
        && let Some(entry) = waiting.first_entry()
        && *entry.key() == *next
        && ready.first().is_none_or(|first| first.batch.origin.epoch == entry.get().batch.origin.epoch)
    {
        ready.push(entry.remove());
        *next += 1;
    }
    ready
}

fn settle(shared: &Shared, ready: Vec<Analyzed>, give_back: &Sender<Batch>, tell: &Sender<Event>) {
    let through = ready.len() as u64;
    let Some(origin) = ready.first().map(|first| first.batch.origin.clone()) else { return };
    match gather(ready, give_back) {
        Ok(Some(gathered)) => commit(shared, &origin, gathered, tell),
        Ok(None) => {}
        Err(error) => {
            shared.gate.expire(origin.epoch);
            let _ = tell.send(Event::Failed(error));
        }
    }
    shared.under_way.fetch_sub(through, Ordering::AcqRel);
}

/// What goes into one commit.
struct Gathered {
    prepared: Prepared,
    moves: Vec<Move>,
}

/// Joins the batches and hands their memory back to the reader.
/// `None` where one was dropped: then all are, as its epoch has ended.
fn gather(ready: Vec<Analyzed>, give_back: &Sender<Batch>) -> Result<Option<Gathered>, WorkerError> {
    let mut gathered: Option<Gathered> = None;
    let mut whole = true;
    let mut failure = None;
    for Analyzed { mut batch, result } in ready {
        let moves = std::mem::take(&mut batch.moves);
        batch.clear();
        // The reader may have gone already.
        let _ = give_back.send(batch);
        match result {
            Some(Ok(prepared)) => match &mut gathered {
                None => gathered = Some(Gathered { prepared, moves }),
                Some(sum) => sum.add(prepared, moves),
            },
            Some(Err(error)) => failure = failure.or(Some(error)),
            None => whole = false,
        }
    }
    match failure {
        Some(error) => Err(error),
        None => Ok(gathered.filter(|_| whole)),
    }
}

impl Gathered {
    fn add(&mut self, prepared: Prepared, moves: Vec<Move>) {
        self.prepared.facts.merge(prepared.facts);
        self.prepared.notes.extend(prepared.notes);
        self.prepared.replacing.extend(prepared.replacing);
        self.prepared.outcomes += prepared.outcomes;
        // The store holds the batch against erasures since the older of the two; the set only grows.
        if prepared.suppressions.len() < self.prepared.suppressions.len() {
            self.prepared.suppressions = prepared.suppressions;
        }
        join(&mut self.moves, moves);
    }
}

/// A replay that found nothing new is not noted: its commit would hold nothing.
fn advances(origin: &Origin, moves: &[Move], found_rows: bool) -> Vec<Advance> {
    let advance = |app_id: String, step: Step| Advance { app_id, from: step.from, next: step.next };
    let mut advances = Vec::new();
    for moved in moves {
        let slot = &origin.slots[moved.slot];
        advances.extend(moved.step.map(|step| advance(slot.app_id.clone(), step)));
        if moved.again && found_rows {
            advances.push(advance(slot.again_id(), slot.again_step()));
        }
    }
    advances
}

/// Tries until it is in, or nobody wants it any more.
fn commit(shared: &Shared, origin: &Arc<Origin>, gathered: Gathered, tell: &Sender<Event>) {
    let Gathered { prepared, moves } = gathered;
    let outcomes = prepared.outcomes;
    let found_rows = prepared.facts.rows() > 0;
    let mut advances = advances(origin, &moves, found_rows);
    let committed = |moves: Vec<Move>| {
        // The reader hears of it before anybody who waits at the gate goes on.
        shared.metrics.committed(outcomes);
        let _ = tell.send(Event::Committed { origin: origin.clone(), moves, outcomes });
    };
    if advances.is_empty() && prepared.notes.is_empty() && prepared.replacing.is_empty() {
        // Where a batch of its epoch before it did not get in, it does not count as read either.
        if let Some(_pass) = shared.gate.enter(origin.epoch) {
            committed(moves);
        }
        return;
    }
    advances.extend(moves.iter().flat_map(|moved| origin.slots[moved.slot].guards()));
    let batch = store::Batch {
        facts: prepared.facts,
        notes: prepared.notes,
        replacing: prepared.replacing,
        advances,
        suppressions: prepared.suppressions,
    };
    let mut backoff = Backoff::default();
    loop {
        let Some(pass) = shared.gate.enter(origin.epoch) else { return };
        let started = Instant::now();
        let result = shared.runtime.block_on(shared.store.commit(&batch));
        let error = match result {
            Ok(store::Committed { version, rows, notes }) => {
                let took_ms = started.elapsed().as_millis() as u64;
                failpoints::pass(failpoints::AFTER_COMMIT);
                shared.writing.over();
                shared.metrics.wrote(version);
                let partitions = moves.len();
                tracing::info!(partitions, records = rows, notes, version, took_ms, "committed to feedback");
                moved_on(origin, &moves, found_rows);
                return committed(moves);
            }
            Err(error) => error,
        };
        drop(pass);
        match error.next() {
            Next::SendAgain => {
                WorkerMetrics::add(&shared.metrics.commit_retries, 1);
                shared.writing.failed(&error);
                shared.pause(backoff.next_wait());
            }
            Next::Resume | Next::Remake => {
                tracing::info!(error = &error as &dyn std::error::Error, "a batch is dropped and read again");
                return overtaken(shared, origin, tell);
            }
            Next::Stop => {
                shared.gate.expire(origin.epoch);
                let error = match error {
                    CommitError::Store(error) => WorkerError::Store(error),
                    error => WorkerError::Commit(error),
                };
                let _ = tell.send(Event::Failed(error));
                return;
            }
        }
    }
}

/// The next commit finds the app transactions where this one has left them.
fn moved_on(origin: &Origin, moves: &[Move], found_rows: bool) {
    for moved in moves {
        let slot = &origin.slots[moved.slot];
        slot.guarded();
        if moved.again && found_rows {
            slot.read_again(slot.again_step());
        }
    }
}

fn overtaken(shared: &Shared, origin: &Origin, tell: &Sender<Event>) {
    WorkerMetrics::add(&shared.metrics.batches_dropped, 1);
    shared.gate.expire(origin.epoch);
    let _ = tell.send(Event::Overtaken { epoch: origin.epoch });
}

#[cfg(test)]
mod tests {
    use super::super::testing::shared;
    use super::*;

    #[tokio::test]
    async fn behind_a_batch_that_was_dropped_nothing_counts_as_read() {
        let dir = tempfile::tempdir().unwrap();
        let shared = shared(dir.path()).await;
        let (tell, events) = crossbeam_channel::unbounded();
        // All that it holds is known: there is nothing to commit.
        let known = |epoch| {
            let origin = Arc::new(Origin { epoch, slots: Vec::new() });
            let gathered = Gathered { prepared: Prepared::default(), moves: Vec::new() };
            commit(&shared, &origin, gathered, &tell);
        };
        known(0);
        assert!(matches!(events.try_recv(), Ok(Event::Committed { .. })));
        shared.gate.expire(0);
        known(0);
        assert!(events.try_recv().is_err(), "a batch of the epoch that has ended");
        known(1);
        assert!(matches!(events.try_recv(), Ok(Event::Committed { .. })));
    }
}
