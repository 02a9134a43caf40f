//! Upkeep beside live readers and writers.

use crate::rows::*;
use std::time::Duration;
use store::{MaintainOptions, Table};

#[tokio::test]
async fn the_worker_keeps_its_table_small_by_itself() {
    let (_root, store) = fresh().await;
    let mut merged = 0;
    for offset in 0..60 {
        append(&store, &[Row::new(offset, i64::from(offset))]).await;
        if let Some(report) = store.maintain_if_needed().await.unwrap() {
            assert_eq!(report.tables[0].table, "feedback");
            assert!(report.tables[0].files_before >= 24);
            merged += 1;
        }
    }
    assert!((1..=3).contains(&merged), "{merged}");
    assert_eq!(positions(&store).await.len(), 60);
}

#[tokio::test]
async fn old_checkpoints_open_fast_and_say_the_same() {
    let (root, store) = fresh().await;
    for offset in 0..5 {
        append(&store, &[Row::new(offset, i64::from(offset))]).await;
    }
    store.commit(&batch(&[], None, 7)).await.unwrap();
    store.maintain(&MaintainOptions { vacuum: None, ..MaintainOptions::default() }).await.unwrap();
    let log = root.path().join("feedback/_delta_log");
    assert!(log.join("_last_checkpoint").exists());
    // Only the checkpoint is left, as after a month.
    let version = store.version().await.unwrap();
    for old in 0..version {
        std::fs::remove_file(log.join(format!("{old:020}.json"))).unwrap();
    }
    let again = open(&root).await;
    assert_eq!(positions(&again).await.len(), 5);
    assert_eq!(again.resume(&[format!("g/{TOPIC}/0")]).await.unwrap(), [Some(7)]);
    again.commit(&batch(&[Row::new(9, 7)], Some(7), 8)).await.unwrap();
    // The process that slept meanwhile goes on.
    assert_eq!(positions(&store).await.len(), 6);
    assert_eq!(store.resume(&[format!("g/{TOPIC}/0")]).await.unwrap(), [Some(8)]);
}

#[tokio::test]
async fn a_vacuum_leaves_what_a_live_writer_has_put() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 0)]).await;
    append(&store, &[Row::new(2, 1)]).await;
    let day = root.path().join("feedback/day=2024-10-04");
    let file = std::fs::read_dir(&day).unwrap().next().unwrap().unwrap().path();
    let (young, old) = (day.join("part-young.zstd.parquet"), day.join("part-old.zstd.parquet"));
    let staged = day.join("part-torn.zstd.parquet#1");
    let entry = root.path().join("feedback/_delta_log/00000000000000000009.json#81029");
    for copy in [&young, &old, &staged, &entry] {
        std::fs::copy(&file, copy).unwrap();
    }
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(3 * 3600);
    for copy in [&old, &staged, &entry] {
        std::fs::File::options().write(true).open(copy).unwrap().set_modified(long_ago).unwrap();
    }
    let options = MaintainOptions { vacuum: Some(Duration::ZERO), ..MaintainOptions::default() };
    let report = store.maintain(&options).await.unwrap();
    // The two merged files, the old orphan and the torn ones.
    assert_eq!(report.tables[0].files_deleted, 5);
    assert!(young.exists() && !old.exists() && !staged.exists() && !entry.exists());
    assert_eq!(positions(&store).await, [(0, 0), (0, 1)]);
}

#[tokio::test]
async fn a_reader_keeps_its_version_for_a_week() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0)]).await;
    append(&store, &[Row::new(2, 1)]).await;
    let opened = store.feedback().await.unwrap();
    let report = store.maintain(&MaintainOptions::default()).await.unwrap();
    assert_eq!((report.tables[0].files_before, report.tables[0].files_deleted), (2, 0));
    append(&store, &[Row::new(3, 2)]).await;
    assert_eq!(store.collect(opened).await.unwrap().height(), 2);
    assert_eq!(report.tables.len(), Table::ALL.len());
}
