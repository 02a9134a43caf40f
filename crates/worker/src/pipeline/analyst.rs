//! One analysis thread: a batch in, encoded files and notes out.

use super::{Analyzed, Prepared, Shared, batch::Batch};
use crate::{failpoints, outcome::Outcome, outcome::Outcomes, process::Desk};
use crossbeam_channel::{Receiver, Sender};
use store::StoreError;

pub(super) fn run(shared: &Shared, jobs: &Receiver<Batch>, done: &Sender<Analyzed>) {
    let mut desk = Desk::default();
    for batch in jobs {
        failpoints::pass(failpoints::AFTER_POLL);
        let stale = || shared.gate.epoch() != batch.origin.epoch;
        let result = if stale() { None } else { Some(prepare(shared, &batch, &mut desk)) };
        if done.send(Analyzed { batch, result }).is_err() {
            return;
        }
    }
}

fn prepare(shared: &Shared, batch: &Batch, desk: &mut Desk) -> Result<Prepared, StoreError> {
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
