//! Replays: what has to be skipped, and what another group may add.

use crate::rows::*;
use store::{Batch, DeadLetterFilter, Outcome};

#[tokio::test]
async fn a_replay_skips_what_has_rows_and_reads_refused_ones_again() {
    let (_root, store) = fresh().await;
    let mut first = batch(&[Row::new(1, 0), Row::new(2, 1), Row::new(3, 5)], None, 6);
    first.notes = vec![note(Outcome::DeadLetter, 2), note(Outcome::Ignored, 3), note(Outcome::Erased, 4)];
    store.commit(&first).await.unwrap();
    let skip = store.positions(TOPIC, 0).await.unwrap();
    assert_eq!(skip.ranges(), &[0..2, 4..6]);
    assert_eq!((skip.len(), skip.is_empty()), (4, false));
    assert_eq!(store.positions_from(TOPIC, 0, 1).await.unwrap().ranges(), &[1..2, 4..6]);
    let later = store.positions_from(TOPIC, 0, 5).await.unwrap();
    assert!(later.ranges().len() == 1 && later.ranges()[0] == (5..6));
    assert!(store.positions(TOPIC, 1).await.unwrap().is_empty());
    assert!(store.positions("feedback.nps", 0).await.unwrap().is_empty());

    // Another group replays: the same notes again change nothing.
    let again = Batch {
        notes: vec![note(Outcome::DeadLetter, 2), note(Outcome::Ignored, 3)],
        advances: vec![advance("replay", None, 6)],
        ..Batch::default()
    };
    let before = store.ledger().await.unwrap();
    assert_eq!(store.commit(&again).await.unwrap().notes, 0);
    assert_eq!(store.ledger().await.unwrap(), before);
    assert_eq!(before.consumed(), 6);
}

#[tokio::test]
async fn what_another_process_has_noted_is_not_noted_again() {
    let (root, store) = fresh().await;
    let noted = |group: &str, offsets: std::ops::Range<i64>| Batch {
        notes: offsets.clone().map(|offset| note(Outcome::DeadLetter, offset)).collect(),
        advances: vec![advance(group, None, offsets.end)],
        ..Batch::default()
    };
    assert_eq!(store.commit(&noted("a", 0..2)).await.unwrap().notes, 2);
    let other = open(&root).await;
    assert_eq!(other.commit(&noted("b", 1..4)).await.unwrap().notes, 2);
    other.maintain(&store::MaintainOptions::default()).await.unwrap();
    assert_eq!(other.commit(&noted("c", 4..5)).await.unwrap().notes, 1);
    assert_eq!(store.commit(&noted("d", 0..6)).await.unwrap().notes, 1, "only the last is news");
    assert_eq!(store.ledger().await.unwrap().dead_letters, 6);
}

#[tokio::test]
async fn a_note_may_take_the_place_of_another() {
    let (_root, store) = fresh().await;
    let refused = Batch { notes: vec![note(Outcome::DeadLetter, 0)], ..Batch::default() };
    store.commit(&refused).await.unwrap();
    let later = note(Outcome::Ignored, 0);
    assert_eq!(
        store.commit(&Batch { notes: vec![later.clone()], ..Batch::default() }).await.unwrap().notes,
        0
    );
    assert_eq!(store.commit(&Batch { replacing: vec![later], ..Batch::default() }).await.unwrap().notes, 1);
    let ledger = store.ledger().await.unwrap();
    assert_eq!((ledger.ignored, ledger.dead_letters, ledger.consumed()), (1, 0, 1));
    // By a process whose clock is a day behind.
    let mut early = note(Outcome::Erased, 0);
    early.ingested_at.0 -= 24 * 3_600_000_000;
    store.commit(&Batch { replacing: vec![early], ..Batch::default() }).await.unwrap();
    let ledger = store.ledger().await.unwrap();
    assert_eq!((ledger.erased, ledger.ignored, ledger.consumed()), (1, 0, 1));
}

#[tokio::test]
async fn notes_can_be_counted_without_their_payloads() {
    let (_root, store) = fresh().await;
    store.commit(&Batch { notes: vec![note(Outcome::DeadLetter, 0)], ..Batch::default() }).await.unwrap();
    let filter = DeadLetterFilter::default();
    let mut whole = store.dead_letter_rows(&filter).await.unwrap();
    assert!(whole[0].payload.take().is_some());
    let filter = DeadLetterFilter { without_payload: true, ..filter };
    assert_eq!(store.dead_letter_rows(&filter).await.unwrap(), whole);
}
