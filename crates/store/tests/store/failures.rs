//! What a person is told, and whether trying again helps.

use crate::rows::*;
use store::{Store, StoreError, StoreOptions};

#[tokio::test]
async fn a_file_in_the_way_is_named() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("notes.txt");
    std::fs::write(&path, "not a table").unwrap();
    let error = Store::open(path.to_str().unwrap(), StoreOptions::default()).await.unwrap_err();
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert!(!error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_foreign_table_is_not_written_to() {
    let (root, store) = fresh().await;
    drop(store);
    // Somebody else's Delta table stands where ours should.
    let feedback = root.path().join("feedback");
    std::fs::remove_dir_all(&feedback).unwrap();
    std::fs::rename(root.path().join("suppressions"), &feedback).unwrap();
    let error = Store::open(root.path().to_str().unwrap(), StoreOptions::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::NotATable { .. }), "{error:?}");
    assert!(error.to_string().contains("is not a table of Verbatim's"), "{error}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_commit_that_cannot_be_written_leaves_nothing_behind_that_counts() {
    let (root, store) = fresh().await;
    store.commit(&batch(&[Row::new(1, 0)], None, 1)).await.unwrap();
    // The log is gone from under the writer: it cannot commit, and comes back when the log does.
    let (log, aside) = (root.path().join("feedback/_delta_log"), root.path().join("aside"));
    std::fs::rename(&log, &aside).unwrap();
    std::fs::write(&log, "in the way").unwrap();
    let next = batch(&[Row::new(2, 1)], Some(1), 2);
    assert!(store.commit(&next).await.is_err());
    std::fs::remove_file(&log).unwrap();
    std::fs::rename(&aside, &log).unwrap();
    store.commit(&next).await.unwrap();
    assert_eq!(positions(&store).await, [(0, 0), (0, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_share_the_tables() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().to_str().unwrap().to_owned();
    let opening: Vec<_> = (0..6)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { Store::open(&path, StoreOptions::default()).await.unwrap() })
        })
        .collect();
    for (at, store) in opening.into_iter().enumerate() {
        append(&store.await.unwrap(), &[Row::new(at as u32, at as i64)]).await;
    }
    assert_eq!(positions(&open(&root).await).await.len(), 6);
}

/// The one Parquet file of a table's day.
fn file_of(table: &std::path::Path) -> std::path::PathBuf {
    let day = std::fs::read_dir(table).unwrap().map(|entry| entry.unwrap().path());
    let day = day.into_iter().find(|path| path.to_str().unwrap().contains("day=")).unwrap();
    std::fs::read_dir(day).unwrap().next().unwrap().unwrap().path()
}

#[tokio::test]
async fn a_torn_or_missing_file_is_named_and_not_tried_again() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 0)]).await;
    let file = file_of(&root.path().join("feedback"));
    let whole = std::fs::read(&file).unwrap();
    let scan = async |store: &Store| {
        let rows = store.feedback().await.unwrap();
        store.collect(rows).await.unwrap_err()
    };
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    // Scans go through polars, the index and what rewrites files do not.
    let again = open(&root).await;
    let errors = [
        scan(&store).await,
        store.current_facts().await.err().unwrap(),
        again.erase("a_1", &store::EraseOptions::default()).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(&error, StoreError::Torn { .. }), "{error:?}");
        assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
        assert!(!error.is_retryable(), "{error:?}");
    }
    std::fs::remove_file(&file).unwrap();
    let error = scan(&store).await;
    assert!(matches!(&error, StoreError::Missing { path } if path == file.to_str().unwrap()), "{error:?}");
    assert!(!error.is_retryable());
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(positions(&store).await, [(0, 0)]);
}

#[tokio::test]
async fn a_file_that_was_replaced_and_deleted_since_is_read_anew() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).by("a_1")]).await;
    let opened = store.feedback().await.unwrap();
    store.erase("a_1", &store::EraseOptions { purge: true }).await.unwrap();
    let error = store.collect(opened).await.unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }) && error.is_retryable(), "{error:?}");
}
