//! Compaction: nothing that a reader is shown changes.

use crate::resolution::{messages, model, run, split};
use crate::rows::*;
use proptest::prelude::*;
use std::collections::HashSet;
use store::{MaintainOptions, Outcome, Store, Table};

fn compact() -> MaintainOptions {
    MaintainOptions { vacuum: None, ..MaintainOptions::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_and_the_current_rows_stay(rows in messages(), cut in 0_usize..24, seed in any::<u64>()) {
        let mut shuffled = rows.clone();
        shuffled.sort_by_key(|row| (row.offset as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        run(async {
            let (_root, store) = fresh().await;
            let (early, late) = split(&shuffled, cut);
            append(&store, early).await;
            let dropped_early = store.maintain(&compact()).await.unwrap();
            append(&store, late).await;
            let before = store.ledger().await.unwrap();
            let report = store.maintain(&compact()).await.unwrap();
            assert_eq!(store.ledger().await.unwrap(), before);
            assert_eq!(before.consumed(), rows.len() as u64);
            assert_eq!(current_texts(&store).await, texts_of(&rows));
            let (_, superseded, duplicates) = model(&rows);
            assert_eq!(before.superseded + before.duplicates, superseded + duplicates);
            let dropped = dropped_early.tables[0].rows_dropped + report.tables[0].rows_dropped;
            let left = positions(&store).await.len();
            assert_eq!(left + dropped, rows.len());
            // Another run finds nothing to do.
            let version = store.version().await.unwrap();
            store.maintain(&compact()).await.unwrap();
            assert_eq!(store.version().await.unwrap(), version);
        });
    }
}

const FILES: [&str; 2] = ["file:prod", "file:other"];

/// Takes back what a file's import wrote, as `import --replace` does.
async fn withdraw(store: &Store, file: &str) {
    store.withdraw(&HashSet::from([file.to_owned()])).await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Kafka and two files tell the same items: whichever file is taken back after a compaction, the others' rows are
    /// as if there had been none.
    #[test]
    fn a_file_that_is_taken_back_after_a_compaction_leaves_what_others_told(
        mut rows in messages(),
        from in prop::collection::vec(0_usize..3, 24),
        file in 0_usize..2,
    ) {
        for row in &mut rows {
            row.topic = [TOPIC, FILES[0], FILES[1]][from[row.offset as usize]];
        }
        run(async {
            let (_root, store) = fresh().await;
            append(&store, &rows).await;
            let before = store.ledger().await.unwrap();
            store.maintain(&compact()).await.unwrap();
            assert_eq!(store.ledger().await.unwrap(), before);
            assert_eq!(current_texts(&store).await, texts_of(&rows));
            withdraw(&store, FILES[file]).await;
            rows.retain(|row| row.topic != FILES[file]);
            assert_eq!(current_texts(&store).await, texts_of(&rows));
            assert_eq!(store.ledger().await.unwrap().consumed(), before.consumed());
            // And once more: what hid the others is gone.
            store.maintain(&compact()).await.unwrap();
            assert_eq!(current_texts(&store).await, texts_of(&rows));
        });
    }
}

#[tokio::test]
async fn a_wrong_import_that_hid_others_can_be_taken_back_after_a_compaction() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).topic(FILES[0]), Row::new(2, 1).topic(FILES[0]), Row::new(3, 7)]).await;
    // The same ids with later dates, by mistake; and an item that Kafka told.
    let wrong =
        [(1, 0), (2, 1), (3, 2)].map(|(item, offset)| Row::new(item, offset).version(2).topic(FILES[1]));
    append(&store, &wrong).await;
    let report = store.maintain(&compact()).await.unwrap();
    assert_eq!(report.tables[0].rows_dropped, 0, "what a file hid stays as long as the file may go");
    withdraw(&store, FILES[1]).await;
    assert_eq!(current(&store).await, [(0, 0), (0, 1), (0, 7)]);
}

#[tokio::test]
async fn a_twin_in_another_file_stays_and_one_in_the_same_file_goes() {
    let (_root, store) = fresh().await;
    let twice = |offset: i64, file| Row::new(1, offset).topic(file);
    append(&store, &[twice(2, FILES[0]), twice(3, FILES[0]), twice(0, FILES[1]), twice(1, FILES[1])]).await;
    let before = store.ledger().await.unwrap();
    let report = store.maintain(&compact()).await.unwrap();
    assert_eq!(report.tables[0].rows_dropped, 2);
    assert_eq!(store.ledger().await.unwrap(), before);
    assert_eq!((before.facts, before.duplicates), (1, 3));
    withdraw(&store, FILES[1]).await;
    assert_eq!(current(&store).await, [(0, 2)]);
}

#[tokio::test]
async fn what_kafka_hides_is_dropped_whatever_file_it_came_from() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).topic(FILES[0]), Row::new(1, 1).version(2).topic(FILES[1])]).await;
    append(&store, &[Row::new(1, 2).version(3)]).await;
    let report = store.maintain(&compact()).await.unwrap();
    assert_eq!(report.tables[0].rows_dropped, 2);
    assert_eq!(current(&store).await, [(0, 2)]);
}

/// Twins may be represented by either position after a compaction in between: what they say is the same.
async fn current_texts(store: &store::Store) -> Vec<(Option<String>, Option<i64>, Option<String>)> {
    let rows = store.collect(store.current_facts().await.unwrap()).await.unwrap();
    let parts = texts(&rows, "part");
    let mut all: Vec<_> =
        texts(&rows, "native_id").into_iter().zip(numbers(&rows, "version")).zip(parts).collect();
    all.sort();
    all.into_iter().map(|((item, version), part)| (item, version, part)).collect()
}

fn texts_of(rows: &[Row]) -> Vec<(Option<String>, Option<i64>, Option<String>)> {
    let (wanted, _, _) = model(rows);
    let mut all: Vec<_> = Vec::new();
    for row in rows {
        let is_first =
            rows.iter().filter(|other| other.item == row.item && other.part == row.part).all(|other| {
                let key = |row: &Row| (row.version, row.updated, row.hash);
                key(other) != key(row) || (other.offset, other.partition) >= (row.offset, row.partition)
            });
        if is_first && wanted.contains(&(row.partition, row.offset)) {
            all.push((Some(row.item.to_string()), Some(row.version), Some(row.part.clone())));
        }
    }
    all.sort();
    all
}

#[tokio::test]
async fn small_files_become_one_a_day() {
    let (_root, store) = fresh().await;
    for offset in 0..6 {
        let day = 20_000 + offset % 2;
        append(&store, &[Row::new(offset as u32, i64::from(offset)).day(day)]).await;
    }
    let before = current(&store).await;
    let report = store.maintain(&compact()).await.unwrap();
    let feedback = &report.tables[0];
    assert_eq!((feedback.table, feedback.files_before, feedback.files_after), ("feedback", 6, 2));
    assert_eq!(current(&store).await, before);
}

#[tokio::test]
async fn the_ruling_tombstone_stays_and_the_older_version_cannot_come_back() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0), Row::new(1, 1).version(2)]).await;
    append(&store, &[Row::new(1, 2).version(3).deleted(), Row::new(1, 3).version(3).deleted()]).await;
    let report = store.maintain(&compact()).await.unwrap();
    assert_eq!(report.tables[0].rows_dropped, 3);
    assert_eq!(positions(&store).await, [(0, 2)]);
    // The first version comes again, late and from elsewhere.
    append(&store, &[Row::new(1, 9)]).await;
    assert_eq!(current(&store).await, []);
    let ledger = store.ledger().await.unwrap();
    assert_eq!((ledger.facts, ledger.superseded, ledger.duplicates), (0, 4, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_writer_loses_nothing_to_a_compaction() {
    let (root, store) = fresh().await;
    let writer = {
        let store = open(&root).await;
        tokio::spawn(async move {
            for offset in 0..40_i64 {
                let from = (offset > 0).then_some(offset);
                // Ten items, each again and again.
                let row = Row::new(offset as u32 % 10, offset).version(offset / 10 + 1);
                store.commit(&batch(&[row], from, offset + 1)).await.unwrap();
            }
        })
    };
    let other = open(&root).await;
    while !writer.is_finished() {
        store.maintain(&compact()).await.unwrap();
        other.maintain(&compact()).await.unwrap();
    }
    writer.await.unwrap();
    store.maintain(&compact()).await.unwrap();
    let wanted: Vec<(i32, i64)> = (30..40).map(|offset| (0, offset)).collect();
    assert_eq!(current(&store).await, wanted);
    assert_eq!(positions(&store).await, wanted, "everything older was dropped, once");
    let ledger = store.ledger().await.unwrap();
    assert_eq!((ledger.facts, ledger.superseded, ledger.duplicates), (10, 30, 0));
    let skip = store.positions(TOPIC, 0).await.unwrap();
    assert_eq!((skip.ranges().len(), skip.len(), skip.contains(39)), (1, 40, true));
}

#[tokio::test]
async fn notes_of_dropped_rows_are_no_dead_letters() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0), Row::new(1, 1).version(2)]).await;
    store.maintain(&compact()).await.unwrap();
    let all = Outcome::ALL.to_vec();
    let filter = store::DeadLetterFilter { outcomes: all, ..Default::default() };
    let notes = store.dead_letter_rows(&filter).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!((notes[0].outcome, notes[0].position.offset), (Outcome::Superseded, 0));
    let shown = store.collect(store.dead_letters().await.unwrap()).await.unwrap();
    assert_eq!(shown.height(), 0);
    assert_eq!(
        store.table_version(Table::Insights).await.unwrap(),
        0,
        "maintenance leaves the insights alone"
    );
}
