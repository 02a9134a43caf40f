//! What has come since a version, and how far somebody got with it.

use crate::rows::*;
use store::{CaseEvent, EraseOptions, MaintainOptions, Store};

/// The offsets of what is current of what came after a version, and the version it holds for.
async fn since(store: &Store, version: i64) -> (i64, Vec<i64>) {
    let (at, rows) = store.current_facts_since(version).await.unwrap();
    let rows = store.collect(rows).await.unwrap();
    let offsets = rows.column("position_offset").unwrap().i64().unwrap();
    let mut offsets: Vec<i64> = offsets.iter().map(Option::unwrap).collect();
    offsets.sort_unstable();
    (at, offsets)
}

#[tokio::test]
async fn what_came_is_told_wherever_it_lies_by_now() {
    let (_root, store) = fresh().await;
    let first = append(&store, &[Row::new(1, 1), Row::new(2, 2).by("a_2")]).await;
    let second =
        append(&store, &[Row::new(3, 3), Row::new(4, 4).day(20_003), Row::new(1, 5).version(2)]).await;
    assert_eq!(
        since(&store, first).await,
        (second, vec![3, 4, 5]),
        "the newer version of the first item too"
    );
    assert_eq!(since(&store, second).await, (second, vec![]));
    assert_eq!(since(&store, -1).await.1, [2, 3, 4, 5], "of no version all that is current");

    // Merged and rewritten, it is the same rows, and neither has come by that.
    store.maintain(&MaintainOptions { vacuum: None, ..MaintainOptions::default() }).await.unwrap();
    assert_eq!(since(&store, first).await.1, [3, 4, 5]);
    store.erase("a_2", &EraseOptions::default()).await.unwrap();
    let erased = store.version().await.unwrap();
    assert_eq!(since(&store, first).await, (erased, vec![3, 4, 5]));
    append(&store, &[Row::new(6, 6)]).await;
    assert_eq!(since(&store, erased).await.1, [6]);
}

#[tokio::test]
async fn of_two_who_note_how_far_they_got_one_does() {
    let (root, store) = fresh().await;
    assert_eq!(store.got_to("topic").await.unwrap(), None);
    assert!(store.note_got_to("topic", None, 7).await.unwrap());
    let other = open(&root).await;
    assert_eq!(other.got_to("topic").await.unwrap(), Some(7));
    assert!(other.note_got_to("topic", Some(7), 9).await.unwrap());
    assert!(!store.note_got_to("topic", Some(7), 8).await.unwrap());
    assert_eq!(store.got_to("topic").await.unwrap(), Some(9));
    assert_eq!(store.got_to("another").await.unwrap(), None);
}

#[tokio::test]
async fn an_erasure_moves_nobody_back_in_a_log() {
    let (_root, store) = fresh().await;
    let of =
        |record: &str| crate::logs::case("c", CaseEvent::JOINED, Some(crate::logs::quoted(record, "a_1")));
    store.append(&[of("r1"), crate::logs::case("c", "resolved", None)], None).await.unwrap();
    let (last, events) = store.events_after::<CaseEvent>(0, i64::MAX).await.unwrap();
    assert_eq!((last, events.len()), (2, 2));
    store.erase("a_1", &EraseOptions::default()).await.unwrap();
    assert_eq!(store.events_after::<CaseEvent>(last, i64::MAX).await.unwrap(), (last, vec![]));
    assert_eq!(store.events_after::<CaseEvent>(0, i64::MAX).await.unwrap().1.len(), 1);
    store.append(&[crate::logs::case("c", "reopened", None)], None).await.unwrap();
    let (next, events) = store.events_after::<CaseEvent>(last, i64::MAX).await.unwrap();
    assert_eq!((next, events[0].step.as_str()), (3, "reopened"));
}
