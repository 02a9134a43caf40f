//! What others commit between two commits of one's own: a process that keeps up with the log by its entries sees all of it.

use crate::rows::*;
use deltalake_core::kernel::{DataType, PrimitiveType, StructField};
use deltalake_core::{DeltaTable, TableProperty, ensure_table_uri, open_table};
use std::collections::HashMap;
use std::time::Duration;
use store::{EraseOptions, MaintainOptions, Next, Store, Table};
use tempfile::TempDir;

const VICTIM: &str = "a_1";

/// The facts as any other engine opens them.
async fn foreign(root: &TempDir) -> DeltaTable {
    let path = root.path().join(Table::Feedback.name());
    open_table(ensure_table_uri(path.to_str().unwrap()).unwrap()).await.unwrap()
}

/// The rows, the current ones and how far they were read; that is the same for whoever opens the tables now.
async fn agreed(root: &TempDir, stores: &[&Store]) -> Vec<(i32, i64)> {
    let (group, fresh) = ([format!("g/{TOPIC}/0")], open(root).await);
    let told = async |store: &Store| {
        let (version, noted) = (store.version().await.unwrap(), store.resume(&group).await.unwrap());
        (version, noted, positions(store).await, current(store).await, store.ledger().await.unwrap())
    };
    let expected = told(&fresh).await;
    for &store in stores {
        assert_eq!(told(store).await, expected);
    }
    expected.2
}

async fn set(root: &TempDir, property: TableProperty, value: &str) {
    let properties = HashMap::from([(property.as_ref().to_owned(), value.to_owned())]);
    foreign(root).await.set_tbl_properties().with_properties(properties).await.unwrap();
}

#[tokio::test]
async fn rows_and_offsets_of_others() {
    let (root, ours) = fresh().await;
    let theirs = open(&root).await;
    ours.commit(&batch(&[Row::new(1, 0)], None, 1)).await.unwrap();
    append(&theirs, &[Row::new(2, 0).partition(1)]).await;
    let done = ours.commit(&batch(&[Row::new(3, 1)], Some(1), 2)).await.unwrap();
    assert_eq!(done.version, 3);
    assert_eq!(agreed(&root, &[&ours, &theirs]).await, [(0, 0), (0, 1), (1, 0)]);
    // They go on where we were.
    theirs.commit(&batch(&[Row::new(4, 2)], Some(2), 3)).await.unwrap();
    let error = ours.commit(&batch(&[Row::new(4, 2)], Some(2), 3)).await.unwrap_err();
    assert_eq!(error.next(), Next::Resume, "{error}");
    ours.commit(&batch(&[Row::new(5, 3)], Some(3), 4)).await.unwrap();
    assert_eq!(agreed(&root, &[&ours, &theirs]).await, [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)]);
}

#[tokio::test]
async fn a_compaction() {
    let (root, ours) = fresh().await;
    let theirs = open(&root).await;
    for at in 0..3 {
        let again = Row::new(9, 100 + i64::from(at)).day(20_001);
        append(&ours, &[Row::new(at, i64::from(at)), again]).await;
    }
    assert_eq!(current(&ours).await.len(), 4, "three rows of one item say the same");
    // The replaced files are deleted at once.
    let options = MaintainOptions { vacuum: Some(Duration::ZERO), ..MaintainOptions::default() };
    let merged = theirs.maintain(&options).await.unwrap();
    assert!(merged.tables[0].files_deleted > 0 && merged.tables[0].rows_dropped == 2);
    append(&ours, &[Row::new(7, 7)]).await;
    assert_eq!(agreed(&root, &[&ours, &theirs]).await, [(0, 0), (0, 1), (0, 2), (0, 7), (0, 100)]);
    // And the other way round.
    ours.maintain(&options).await.unwrap();
    append(&theirs, &[Row::new(8, 8)]).await;
    assert_eq!(agreed(&root, &[&ours, &theirs]).await.len(), 6);
}

#[tokio::test]
async fn an_erasure() {
    let (root, ours) = fresh().await;
    let theirs = open(&root).await;
    append(&ours, &[Row::new(1, 0).by(VICTIM), Row::new(2, 1).by("a_2")]).await;
    theirs.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    // What was made before is made again.
    let stale = batch(&[Row::new(3, 2).by(VICTIM)], None, 3);
    assert_eq!(ours.commit(&stale).await.unwrap_err().next(), Next::Remake);
    append(&ours, &[Row::new(4, 3).by("a_2")]).await;
    assert_eq!(agreed(&root, &[&ours, &theirs]).await, [(0, 1), (0, 3)]);
    let rows = ours.collect(ours.feedback().await.unwrap()).await.unwrap();
    assert!(texts(&rows, "author").iter().all(|author| author.as_deref() == Some("a_2")));
}

#[tokio::test]
async fn another_column() {
    let (root, ours) = fresh().await;
    append(&ours, &[Row::new(1, 0)]).await;
    // A newer version of the program, or another engine.
    let colour = StructField::new("colour", DataType::Primitive(PrimitiveType::String), true);
    foreign(&root).await.add_columns().with_fields(vec![colour]).await.unwrap();
    assert_eq!(append(&ours, &[Row::new(2, 1)]).await, 3);
    ours.maintain(&MaintainOptions::default()).await.unwrap();
    append(&ours, &[Row::new(3, 2)]).await;
    assert_eq!(agreed(&root, &[&ours]).await, [(0, 0), (0, 1), (0, 2)]);
    assert!(foreign(&root).await.snapshot().unwrap().schema().field("colour").is_some());
}

#[tokio::test]
async fn a_property() {
    let (root, ours) = fresh().await;
    append(&ours, &[Row::new(1, 0).by(VICTIM), Row::new(2, 1)]).await;
    set(&root, TableProperty::AppendOnly, "true").await;
    append(&ours, &[Row::new(3, 2)]).await;
    ours.erase(VICTIM, &EraseOptions::default()).await.unwrap_err();
    assert_eq!(positions(&ours).await, [(0, 0), (0, 1), (0, 2)], "nothing is taken out of such a table");
    set(&root, TableProperty::AppendOnly, "false").await;
    ours.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    assert_eq!(agreed(&root, &[&ours]).await, [(0, 1), (0, 2)]);
}

#[tokio::test]
async fn a_log_that_was_cleaned_up() {
    let (root, ours) = fresh().await;
    let theirs = open(&root).await;
    ours.commit(&batch(&[Row::new(1, 0)], None, 1)).await.unwrap();
    for offset in 1..4 {
        append(&theirs, &[Row::new(10 + offset, i64::from(offset)).partition(1)]).await;
    }
    theirs.maintain(&MaintainOptions { vacuum: None, ..MaintainOptions::default() }).await.unwrap();
    let log = root.path().join("feedback/_delta_log");
    for old in 0..theirs.version().await.unwrap() {
        std::fs::remove_file(log.join(format!("{old:020}.json"))).unwrap();
    }
    ours.commit(&batch(&[Row::new(2, 1)], Some(1), 2)).await.unwrap();
    assert_eq!(agreed(&root, &[&ours, &theirs]).await, [(0, 0), (0, 1), (1, 1), (1, 2), (1, 3)]);
}

/// Past two checkpoints, each commit by the other process.
#[tokio::test]
async fn processes_that_take_turns() {
    let (root, first) = fresh().await;
    let second = open(&root).await;
    for offset in 0..104_i64 {
        let store = if offset % 2 == 0 { &first } else { &second };
        let from = (offset > 0).then_some(offset);
        let done = store.commit(&batch(&[Row::new(offset as u32, offset)], from, offset + 1)).await.unwrap();
        assert_eq!(done.version, offset + 1);
    }
    let log = root.path().join("feedback/_delta_log");
    for version in [49, 99] {
        assert!(log.join(format!("{version:020}.checkpoint.parquet")).exists(), "{version}");
    }
    let wanted: Vec<(i32, i64)> = (0..104).map(|offset| (0, offset)).collect();
    assert_eq!(agreed(&root, &[&first, &second]).await, wanted);
}

/// Versions, repetitions, deletions and compactions by two processes, with a look after each.
#[tokio::test]
async fn what_is_current_is_known_after_each_of_them() {
    let (root, ours) = fresh().await;
    let theirs = open(&root).await;
    for step in 0..18_u32 {
        let store = if step % 3 == 0 { &ours } else { &theirs };
        let (item, offset) = (step % 5, i64::from(step));
        let row = Row::new(item, offset).version(i64::from(step / 7) + 1).day(20_000 + (step % 4) as i32);
        let row = if step % 11 == 10 { row.deleted() } else { row };
        append(store, &[row]).await;
        if step % 6 == 5 {
            theirs.maintain(&MaintainOptions::default()).await.unwrap();
        }
        // One looks each time, the other now and then.
        agreed(&root, &[&ours]).await;
        if step % 5 == 4 {
            agreed(&root, &[&ours, &theirs]).await;
        }
    }
}
