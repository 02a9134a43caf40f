//! One analysis thread: a batch in, encoded files and notes out.

use super::batch::{Batch, Before};
use super::{Analyzed, Prepared, Shared};
use crate::outcome::{Outcome, Outcomes};
use crate::{WorkerError, backoff::Backoff, failpoints, process::Desk};
use crossbeam_channel::{Receiver, Sender};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Note, Suppressions};

pub(super) fn run(shared: &Shared, jobs: &Receiver<Batch>, done: &Sender<Analyzed>) {
    let mut desk = Desk::default();
    for batch in jobs {
        failpoints::pass(failpoints::AFTER_POLL);
        let stale = || shared.gate.epoch() != batch.origin.epoch;
        let result = suppressions(shared, stale).map(|suppressions| {
            let suppressions = suppressions?;
            let prepared =
                catch_unwind(AssertUnwindSafe(|| prepare(shared, &batch, suppressions, &mut desk)));
            prepared.unwrap_or_else(|_| {
                desk = Desk::default();
                Err(WorkerError::Panicked)
            })
        });
        if done.send(Analyzed { batch, result }).is_err() {
            return;
        }
    }
}

/// Whom the tables have forgotten. Waits while they cannot be asked; `None` once nobody wants the batch any more.
fn suppressions(shared: &Shared, stale: impl Fn() -> bool) -> Option<Result<Suppressions, WorkerError>> {
    let mut backoff = Backoff::default();
    while !stale() {
        match shared.runtime.block_on(shared.store.suppressions()) {
            Err(error) if error.is_retryable() => {
                shared.reading.failed(&error);
                shared.pause(backoff.next_wait());
            }
            result => {
                shared.reading.over();
                return Some(result.map_err(WorkerError::Store));
            }
        }
    }
    None
}

fn prepare(
    shared: &Shared,
    batch: &Batch,
    suppressions: Suppressions,
    desk: &mut Desk,
) -> Result<Prepared, WorkerError> {
    let mut replacing = Vec::new();
    let mut outcomes = Outcomes { messages: batch.known, known: batch.known, ..Outcomes::default() };
    let group = shared.processor.group();
    for (at, (message, before)) in batch.messages().enumerate() {
        if group > 1 && at % group == 0 {
            let ahead = batch.messages().skip(at).take(group).map(|(message, _)| message);
            shared.processor.foresee(ahead, desk);
        }
        let notes = desk.notes.len();
        let mut outcome = shared.processor.process(&message, &suppressions, desk);
        match (outcome, before) {
            (Outcome::Facts { .. }, _) | (_, Before::Unread) => {}
            // It was refused when nobody could tell whose it was, or that nothing in it counts.
            (Outcome::Erased { .. }, _) | (Outcome::Ignored, Before::Refused) => {
                replacing.extend(desk.notes.drain(notes..));
            }
            // It is noted already, and still gives nothing.
            _ => {
                desk.notes.truncate(notes);
                outcome = if outcome == Outcome::DeadLetter { Outcome::StillRefused } else { Outcome::Known };
            }
        }
        outcomes.count(outcome);
    }
    shared.processor.count(desk);
    name_files(batch, &mut desk.notes);
    failpoints::pass(failpoints::AFTER_ANALYSIS);
    let facts = desk.facts.encode()?;
    failpoints::pass(failpoints::AFTER_FILES);
    Ok(Prepared { facts, notes: std::mem::take(&mut desk.notes), replacing, outcomes, suppressions })
}

/// Letters of a file say which one it was.
fn name_files(batch: &Batch, notes: &mut [Note]) {
    let Some(name) = batch.origin.slots.first().and_then(|slot| slot.name.as_ref()) else { return };
    for note in notes.iter_mut().filter(|note| note.outcome == store::Outcome::DeadLetter) {
        note.detail = format!("{} ({name})", note.detail);
    }
}
