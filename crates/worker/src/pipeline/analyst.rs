//! One analysis thread: a batch in, encoded files and notes out.

use super::{Analyzed, Prepared, Shared, batch::Batch};
use crate::outcome::{Outcome, Outcomes};
use crate::{WorkerError, failpoints, process::Desk};
use crossbeam_channel::{Receiver, Sender};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) fn run(shared: &Shared, jobs: &Receiver<Batch>, done: &Sender<Analyzed>) {
    let mut desk = Desk::default();
    for batch in jobs {
        failpoints::pass(failpoints::AFTER_POLL);
        let stale = || shared.gate.epoch() != batch.origin.epoch;
        let result = (!stale()).then(|| {
            let prepared = catch_unwind(AssertUnwindSafe(|| prepare(shared, &batch, &mut desk)));
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

fn prepare(shared: &Shared, batch: &Batch, desk: &mut Desk) -> Result<Prepared, WorkerError> {
    let suppressions = shared.runtime.block_on(shared.store.suppressions())?;
    let mut outcomes = Outcomes { messages: batch.known, known: batch.known, ..Outcomes::default() };
    for (message, again) in batch.messages() {
        let notes = desk.notes.len();
        let mut outcome = shared.processor.process(&message, &suppressions, desk);
        if again && !matches!(outcome, Outcome::Facts { .. }) {
            // It is noted already, and still gives nothing.
            desk.notes.truncate(notes);
            outcome = Outcome::Known;
        }
        outcomes.count(outcome);
    }
    failpoints::pass(failpoints::AFTER_ANALYSIS);
    let facts = desk.facts.encode()?;
    failpoints::pass(failpoints::AFTER_FILES);
    Ok(Prepared { facts, notes: std::mem::take(&mut desk.notes), outcomes, suppressions })
}
