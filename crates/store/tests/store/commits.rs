//! Exactly once: replays, fences, crashes between two steps.

use crate::rows::*;
use store::{Advance, Batch, CommitError, Next, Outcome, Table};

fn app(group: &str) -> Vec<String> {
    vec![format!("{group}/{TOPIC}/0")]
}

#[tokio::test]
async fn rows_and_offsets_are_one_commit() {
    let (root, store) = fresh().await;
    assert_eq!(store.resume(&app("g")).await.unwrap(), [None]);
    let first = batch(&[Row::new(1, 0), Row::new(2, 1)], None, 2);
    let done = store.commit(&first).await.unwrap();
    assert_eq!((done.rows, done.notes), (2, 0));
    assert_eq!(store.resume(&app("g")).await.unwrap(), [Some(2)]);
    assert_eq!(store.version().await.unwrap(), done.version);

    // A process that starts now sees the same.
    let other = open(&root).await;
    assert_eq!(other.resume(&app("g")).await.unwrap(), [Some(2)]);
    assert_eq!(positions(&other).await, [(0, 0), (0, 1)]);
}

#[tokio::test]
async fn a_batch_sent_twice_is_fenced() {
    let (_root, store) = fresh().await;
    let first = batch(&[Row::new(1, 0)], None, 1);
    store.commit(&first).await.unwrap();
    let error = store.commit(&first).await.unwrap_err();
    assert!(matches!(error, CommitError::Fenced { expected: None, found: Some(1), .. }), "{error:?}");
    assert_eq!(error.next(), Next::Resume);
    assert_eq!(positions(&store).await, [(0, 0)]);
}

#[tokio::test]
async fn a_zombie_loses_at_the_commit() {
    let (root, zombie) = fresh().await;
    zombie.commit(&batch(&[Row::new(1, 0)], None, 1)).await.unwrap();
    let heir = open(&root).await;
    heir.commit(&batch(&[Row::new(2, 1)], Some(1), 2)).await.unwrap();
    let mut late = batch(&[Row::new(2, 1)], Some(1), 2);
    late.notes.push(note(Outcome::Ignored, 1));
    assert_eq!(zombie.commit(&late).await.unwrap_err().next(), Next::Resume);
    assert_eq!(positions(&heir).await, [(0, 0), (0, 1)]);
    assert_eq!(heir.table_version(Table::DeadLetters).await.unwrap(), 0, "a zombie's notes are not written");
}

#[tokio::test]
async fn an_advance_that_goes_back_is_the_callers_fault() {
    let (_root, store) = fresh().await;
    store.commit(&batch(&[], None, 5)).await.unwrap();
    assert_eq!(store.commit(&batch(&[], Some(5), 4)).await.unwrap_err().next(), Next::Stop);
    // Standing still is what a replay does.
    store.commit(&batch(&[Row::new(1, 0)], Some(5), 5)).await.unwrap();
    assert_eq!(store.resume(&app("g")).await.unwrap(), [Some(5)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_of_other_partitions_never_disturb_each_other() {
    let (root, store) = fresh().await;
    let mut writers = Vec::new();
    for partition in 0..3_i32 {
        let store = open(&root).await;
        writers.push(tokio::spawn(async move {
            let app_id = format!("g/{TOPIC}/{partition}");
            for offset in 0..12_i64 {
                let row = Row::new(partition as u32 * 100 + offset as u32, offset).partition(partition);
                let from = (offset > 0).then_some(offset);
                let advances = vec![Advance { app_id: app_id.clone(), from, next: offset + 1 }];
                store.commit(&Batch { facts: encode(&[row]), advances, ..Batch::default() }).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let wanted: Vec<(i32, i64)> = (0..3).flat_map(|p| (0..12).map(move |o| (p, o))).collect();
    assert_eq!(positions(&store).await, wanted);
    let ids: Vec<String> = (0..3).map(|partition| format!("g/{TOPIC}/{partition}")).collect();
    assert_eq!(store.resume(&ids).await.unwrap(), [Some(12); 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_writers_of_one_partition_one_wins_each_step() {
    let (root, store) = fresh().await;
    let mut writers = Vec::new();
    for _ in 0..2 {
        let store = open(&root).await;
        writers.push(tokio::spawn(async move {
            let mut won = 0;
            loop {
                let from = store.resume(&app("g")).await.unwrap()[0];
                let offset = from.unwrap_or(0);
                if offset == 20 {
                    return won;
                }
                match store.commit(&batch(&[Row::new(offset as u32, offset)], from, offset + 1)).await {
                    Ok(_) => won += 1,
                    Err(error) => assert_eq!(error.next(), Next::Resume, "{error}"),
                }
            }
        }));
    }
    let mut won = 0;
    for writer in writers {
        won += writer.await.unwrap();
    }
    assert_eq!(won, 20);
    assert_eq!(positions(&store).await, (0..20).map(|offset| (0, offset)).collect::<Vec<_>>());
}

#[tokio::test]
async fn files_of_a_crash_before_the_commit_are_seen_by_nobody() {
    let (root, store) = fresh().await;
    store.commit(&batch(&[Row::new(1, 0)], None, 1)).await.unwrap();
    // A file that was put, and whose writer died: a copy of a real one under another name.
    let day = root.path().join("feedback").join("day=2024-10-04");
    let file = std::fs::read_dir(&day).unwrap().next().unwrap().unwrap().path();
    std::fs::copy(&file, day.join("part-00000-left-by-a-crash-c000.zstd.parquet")).unwrap();
    let again = open(&root).await;
    assert_eq!(positions(&again).await, [(0, 0)]);
    again.commit(&batch(&[Row::new(2, 1)], Some(1), 2)).await.unwrap();
    assert_eq!(positions(&again).await, [(0, 0), (0, 1)]);
}

#[tokio::test]
async fn a_crash_between_the_tables_leaves_notes_that_are_not_doubled() {
    let (root, store) = fresh().await;
    let mut whole = batch(&[Row::new(1, 0)], None, 3);
    whole.notes = vec![note(Outcome::DeadLetter, 1), note(Outcome::Ignored, 2)];
    // As after a crash: the notes are committed, the rows are not.
    let notes_only = Batch { notes: whole.notes.clone(), ..Batch::default() };
    assert_eq!(store.commit(&notes_only).await.unwrap().notes, 2);
    let again = open(&root).await;
    assert_eq!(again.resume(&app("g")).await.unwrap(), [None]);
    let done = again.commit(&whole).await.unwrap();
    assert_eq!((done.rows, done.notes), (1, 0));
    let ledger = again.ledger().await.unwrap();
    assert_eq!((ledger.facts, ledger.dead_letters, ledger.ignored, ledger.consumed()), (1, 1, 1, 3));
}

#[tokio::test]
async fn a_fact_wins_over_the_dead_letter_of_its_position() {
    let (_root, store) = fresh().await;
    let mut first = batch(&[], None, 2);
    first.notes = vec![note(Outcome::DeadLetter, 0), note(Outcome::DeadLetter, 1)];
    store.commit(&first).await.unwrap();
    assert_eq!(store.dead_letter_rows(&Default::default()).await.unwrap().len(), 2);
    // A newer version reads the first one.
    store.commit(&batch(&[Row::new(1, 0)], Some(2), 2)).await.unwrap();
    let left = store.dead_letter_rows(&Default::default()).await.unwrap();
    assert_eq!(left.iter().map(|note| note.position.offset).collect::<Vec<_>>(), [1]);
    let ledger = store.ledger().await.unwrap();
    assert_eq!((ledger.facts, ledger.dead_letters, ledger.consumed()), (1, 1, 2));
}

#[tokio::test]
async fn dead_letters_are_listed_as_asked() {
    let (_root, store) = fresh().await;
    let mut all = batch(&[], None, 4);
    all.notes = vec![
        note(Outcome::DeadLetter, 0),
        note(Outcome::Ignored, 1),
        store::Note { reason: "too_large".to_owned(), ..note(Outcome::DeadLetter, 2) },
    ];
    store.commit(&all).await.unwrap();
    let list = async |filter: store::DeadLetterFilter| -> Vec<i64> {
        let rows = store.dead_letter_rows(&filter).await.unwrap();
        rows.into_iter().map(|note| note.position.offset).collect()
    };
    let any = store::DeadLetterFilter::default;
    assert_eq!(list(any()).await, [2, 0], "newest first, dead letters only");
    let both = vec![Outcome::DeadLetter, Outcome::Ignored];
    assert_eq!(list(store::DeadLetterFilter { outcomes: both, ..any() }).await, [2, 1, 0]);
    assert_eq!(list(store::DeadLetterFilter { reason: Some("too_large".into()), ..any() }).await, [2]);
    assert_eq!(list(store::DeadLetterFilter { limit: Some(1), ..any() }).await, [2]);
    assert_eq!(list(store::DeadLetterFilter { topic: Some("other".into()), ..any() }).await, [0_i64; 0]);
    let since = Some(note(Outcome::Ignored, 1).ingested_at);
    assert_eq!(list(store::DeadLetterFilter { since, ..any() }).await, [2]);
    let first = store.dead_letter_rows(&any()).await.unwrap().remove(1);
    assert_eq!(first, note(Outcome::DeadLetter, 0));
}
