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
