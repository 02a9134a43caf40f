//! One analysis thread: a batch in, encoded files and notes out.

use super::batch::{Batch, Before, join};
use super::{Analyzed, Prepared, Shared};
use crate::outcome::{Outcome, Outcomes};
use crate::{WorkerError, backoff::Backoff, failpoints, process::Desk};
use crossbeam_channel::{Receiver, Sender};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{Note, Suppressions};

pub(super) fn run(shared: &Shared, jobs: &Receiver<Batch>, done: &Sender<Analyzed>) {
    let mut desk = Desk::default();
    for mut batch in jobs {
        failpoints::pass(failpoints::AFTER_POLL);
        let epoch = batch.origin.epoch;
        let stale = || shared.gate.epoch() != epoch;
        let result = suppressions(shared, stale).map(|suppressions| {
            let suppressions = suppressions?;
            let prepared =
                catch_unwind(AssertUnwindSafe(|| prepare(shared, &mut batch, suppressions, &mut desk)));
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

/// What is open is read as it comes; then all of it is one.
fn prepare(
    shared: &Shared,
    batch: &mut Batch,
    suppressions: Suppressions,
    desk: &mut Desk,
) -> Result<Prepared, WorkerError> {
    let mut read = Read::default();
    read.all_of(shared, batch, &suppressions, desk);
    for mut part in batch.more.take().into_iter().flatten() {
        read.all_of(shared, &part, &suppressions, desk);
        join(&mut batch.moves, std::mem::take(&mut part.moves));
    }
    shared.processor.count(desk);
    name_files(batch, &mut desk.notes);
    failpoints::pass(failpoints::AFTER_ANALYSIS);
    let facts = desk.facts.encode()?;
    failpoints::pass(failpoints::AFTER_FILES);
    let Read { replacing, outcomes } = read;
    Ok(Prepared { facts, notes: std::mem::take(&mut desk.notes), replacing, outcomes, suppressions })
}

/// What became of messages, beside the rows and notes on the desk.
#[derive(Default)]
struct Read {
    replacing: Vec<Note>,
    outcomes: Outcomes,
}

impl Read {
    fn all_of(&mut self, shared: &Shared, batch: &Batch, suppressions: &Suppressions, desk: &mut Desk) {
        self.outcomes.messages += batch.known;
        self.outcomes.known += batch.known;
        let group = shared.processor.group();
        for (at, (message, before)) in batch.messages().enumerate() {
            if group > 1 && at % group == 0 {
                let ahead = batch.messages().skip(at).take(group).map(|(message, _)| message);
                shared.processor.foresee(ahead, desk);
            }
            let notes = desk.notes.len();
            let mut outcome = shared.processor.process(&message, suppressions, desk);
            match (outcome, before) {
                (Outcome::Facts { .. }, _) | (_, Before::Unread) => {}
                // It was refused when nobody could tell whose it was, or that nothing in it counts.
                (Outcome::Erased { .. }, _) | (Outcome::Ignored, Before::Refused) => {
                    self.replacing.extend(desk.notes.drain(notes..));
                }
                // It is noted already, and still gives nothing.
                _ => {
                    desk.notes.truncate(notes);
                    outcome =
                        if outcome == Outcome::DeadLetter { Outcome::StillRefused } else { Outcome::Known };
                }
            }
            self.outcomes.count(outcome);
        }
    }
}

/// Letters of a file say which one it was.
fn name_files(batch: &Batch, notes: &mut [Note]) {
    let Some(name) = batch.origin.slots.first().and_then(|slot| slot.name.as_ref()) else { return };
    for note in notes.iter_mut().filter(|note| note.outcome == store::Outcome::DeadLetter) {
        note.detail = format!("{} ({name})", note.detail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::batch::{Move, Origin, Slot};
    use super::super::testing::shared;
    use super::*;
    use crate::kafka::cursor::Step;
    use crossbeam_channel::unbounded;
    use feedback::time::Timestamp;
    use std::sync::Arc;

    /// A broken message and sound ones.
    fn part(origin: &Arc<Origin>, offsets: std::ops::Range<i64>, from: Option<i64>) -> Batch {
        // Weeks after what it tells of.
        let received = Timestamp(1_780_000_000_000_000);
        let mut batch = Batch::default();
        batch.origin = origin.clone();
        for offset in offsets.clone() {
            let score = if offset == offsets.start { 99 } else { 5 };
            let event = format!(
                r#"{{"specversion":"1.0","id":"{offset}","source":"hooks","type":"feedback.nps.created","time":"2026-05-04T10:00:00Z","data":{{"id":{offset},"score":{score}}}}}"#
            );
            batch.push(0, offset, event.as_bytes(), std::iter::empty(), received, Before::Unread);
        }
        let step = Some(Step { from, next: offsets.end });
        batch.moves = vec![Move { slot: 0, step, again: false, read_to: offsets.end }];
        batch
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_open_is_one_with_what_comes_until_it_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let shared = Arc::new(shared(dir.path()).await);
        let slots = vec![Slot::new(("gateway", 1), "gateway/1".to_owned(), None, Vec::new())];
        let origin = Arc::new(Origin { epoch: 0, slots });
        let ((work, jobs), (done, results)) = (unbounded(), unbounded());
        let analyst = std::thread::spawn(move || run(&shared, &jobs, &done));
        let ((more, parts), mut open) = (unbounded(), part(&origin, 0..4, None));
        open.more = Some(parts);
        work.send(open).unwrap();
        more.send(part(&origin, 4..6, Some(4))).unwrap();
        more.send(part(&origin, 6..9, Some(6))).unwrap();
        // The next one is whole from the start: it waits for this one.
        work.send(part(&origin, 9..11, Some(9))).unwrap();
        assert!(results.try_recv().is_err(), "somebody may send more of it");
        drop(more);
        for (records, letters, step) in [(6, 3, (None, 9)), (1, 1, (Some(9), 11))] {
            let Analyzed { batch, result } = results.recv().unwrap();
            let Ok(Some(prepared)) = result.transpose() else { panic!("it was read") };
            let Outcomes { messages, records: read, dead_letters, .. } = prepared.outcomes;
            assert_eq!((messages, read, dead_letters), (records + letters, records, letters));
            assert_eq!((prepared.facts.rows() as u64, prepared.notes.len() as u64), (records, letters));
            let [moved] = batch.moves.as_slice() else { panic!("{:?}", batch.moves) };
            assert_eq!((moved.step, moved.read_to), (Some(Step { from: step.0, next: step.1 }), step.1));
        }
        drop(work);
        analyst.join().unwrap();
    }
}
