//! Replays: what has to be skipped, and what another group may add.

use crate::rows::*;
use store::{Batch, Outcome};

#[tokio::test]
async fn a_replay_skips_what_has_rows_and_reads_refused_ones_again() {
    let (_root, store) = fresh().await;
    let mut first = batch(&[Row::new(1, 0), Row::new(2, 1), Row::new(3, 5)], None, 6);
    first.notes = vec![note(Outcome::DeadLetter, 2), note(Outcome::Ignored, 3), note(Outcome::Erased, 4)];
    store.commit(&first).await.unwrap();
    let skip = store.positions(TOPIC, 0).await.unwrap();
    assert_eq!(skip.ranges(), &[0..2, 4..6]);
    assert_eq!((skip.len(), skip.is_empty()), (4, false));
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
