use super::super::Door;
use super::super::tests::{processor, sound};
use super::*;
use crate::kafka::wall_clock;
use std::sync::atomic::Ordering;
use store::{Ledger, StoreOptions};
use tokio::sync::oneshot;

type Answer = oneshot::Receiver<Result<(), IntakeError>>;

async fn clerk(dir: &std::path::Path, rows: usize) -> (Clerk, crossbeam_channel::Sender<Request>) {
    let store = Store::open(dir.to_str().unwrap(), StoreOptions::default()).await.unwrap();
    let metrics = Arc::new(WorkerMetrics::new());
    let (hand_in, requests) = crossbeam_channel::unbounded();
    let options = IntakeOptions { threads: Some(1), rows, ..IntakeOptions::default() };
    let (processor, shutdown) = (processor(&metrics), Shutdown::new());
    (Clerk::new(&options, store, processor, metrics, shutdown, requests).unwrap(), hand_in)
}

fn request(from: usize, to: usize) -> (Request, Answer) {
    let (tell, answer) = oneshot::channel();
    let room = Arc::new(Door::new(usize::MAX)).enter(1).unwrap();
    let messages = (from..to).map(sound).collect();
    (Request { messages, arrived: wall_clock(), tell, _room: room }, answer)
}

/// Until the last one is told.
fn answered(clerk: &mut Clerk, answer: &mut Answer) -> Result<(), IntakeError> {
    loop {
        clerk.listen().unwrap();
        clerk.hand_on();
        if let Ok(answer) = answer.try_recv() {
            break answer;
        }
    }
}

/// What is told as lost goes on; what is told as failed is given up, and the next request is taken.
#[test]
fn batches_that_were_dropped_are_handed_on_again() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut clerk, hand_in) = runtime.block_on(clerk(dir.path(), 2));
    let store = clerk.store.clone();
    let (first, mut answer) = request(0, 5);
    hand_in.send(first).unwrap();
    answered(&mut clerk, &mut answer).unwrap();
    // As if somebody had been erased meanwhile.
    let epoch = clerk.pipeline.epoch();
    let (second, mut answer) = request(5, 9);
    clerk.line.push(second);
    clerk.pipeline.gate().expire(epoch);
    clerk.event(Event::Overtaken { epoch });
    assert!(clerk.hand.is_none());
    answered(&mut clerk, &mut answer).unwrap();
    let (third, mut answer) = request(9, 10);
    clerk.line.push(third);
    clerk.event(Event::Failed(WorkerError::Panicked));
    assert!(matches!(answer.try_recv(), Ok(Err(IntakeError::Unavailable(_)))));
    let (fourth, mut answer) = request(10, 12);
    hand_in.send(fourth).unwrap();
    answered(&mut clerk, &mut answer).unwrap();
    let ledger = runtime.block_on(store.ledger()).unwrap();
    assert_eq!(ledger, Ledger { facts: 11, ..Ledger::default() });
}

/// Nobody has listened, so that to the clerk the first commit is under way.
#[test]
fn what_comes_during_a_commit_is_read_meanwhile_and_goes_into_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut clerk, _hand_in) = runtime.block_on(clerk(dir.path(), 1_000));
    let (store, metrics) = (clerk.store.clone(), clerk.metrics.clone());
    let (first, mut first_answer) = request(0, 3);
    clerk.line.push(first);
    clerk.hand_on();
    assert!(clerk.group.is_none() && !clerk.is_free(), "it is closed");
    let mut answers = Vec::new();
    for from in [3, 3 + PART] {
        let (more, answer) = request(from, from + PART);
        clerk.line.push(more);
        clerk.hand_on();
        answers.push(answer);
        let held = clerk.group.as_ref().map(|group| group.rows);
        assert_eq!((held, clerk.line.rows()), (Some(from + PART - 3), 0), "it is read already");
    }
    let end = 3 + 2 * PART + 2;
    let (few, mut last) = request(end - 2, end);
    clerk.line.push(few);
    clerk.hand_on();
    assert_eq!(clerk.line.rows(), 2, "so few can wait");
    assert!(first_answer.try_recv().is_err() && answers.iter_mut().all(|answer| answer.try_recv().is_err()));
    answered(&mut clerk, &mut last).unwrap();
    answers.push(first_answer);
    assert!(answers.iter_mut().all(|answer| matches!(answer.try_recv(), Ok(Ok(())))));
    assert!(clerk.group.is_none() && clerk.is_free());
    assert_eq!(metrics.commits.load(Ordering::Relaxed), 2);
    let ledger = runtime.block_on(store.ledger()).unwrap();
    assert_eq!(ledger, Ledger { facts: end as u64, ..Ledger::default() });
}

#[test]
fn what_was_read_of_a_batch_that_is_lost_while_it_is_open_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (mut clerk, _hand_in) = runtime.block_on(clerk(dir.path(), 1_000));
    let store = clerk.store.clone();
    let (first, mut first_answer) = request(0, 3);
    clerk.line.push(first);
    clerk.hand_on();
    let (second, mut last) = request(3, 3 + PART);
    clerk.line.push(second);
    clerk.hand_on();
    assert!(clerk.group.is_some());
    // The first one may have been committed before.
    let epoch = clerk.pipeline.epoch();
    clerk.pipeline.gate().expire(epoch);
    clerk.event(Event::Overtaken { epoch });
    assert!(clerk.group.is_none() && clerk.hand.is_none() && clerk.line.rows() == 3 + PART);
    answered(&mut clerk, &mut last).unwrap();
    assert!(matches!(first_answer.try_recv(), Ok(Ok(()))));
    let ledger = runtime.block_on(store.ledger()).unwrap();
    assert_eq!(ledger, Ledger { facts: 3 + PART as u64, ..Ledger::default() });
}
