//! Erasure of somebody who goes by several names: what links them must not be lost, and not link too many.

use crate::rows::*;
use store::{Batch, CommitError, EraseOptions, EraseProgress, MaintainOptions, Outcome, Store, StoreError};

const MAIL: &str = "a_00c0ffee00c0ffee00c0ffee00c0ffee";
const ID: &str = "a_22222222222222222222222222222222";
const OTHER: &str = "a_11111111111111111111111111111111";

fn person(number: u32) -> String {
    format!("a_{number:032x}")
}

async fn erase(store: &Store, name: &str) -> store::EraseReport {
    store.erase(name, &EraseOptions::default()).await.unwrap()
}

#[tokio::test]
async fn an_interrupted_erasure_finds_the_names_whose_link_is_gone() {
    let (_root, store) = fresh().await;
    // The link stands on the first day, which goes first.
    append(&store, &[Row::new(1, 0).by(MAIL).alias(ID)]).await;
    append(&store, &[Row::new(2, 1).by(MAIL).day(20_001), Row::new(3, 2).by(OTHER).day(20_001)]).await;
    let stopped = {
        let store = store.clone();
        tokio::spawn(async move {
            let stop = |_: EraseProgress| panic!("stopped after the first day");
            store.erase_observed(ID, &EraseOptions::default(), &stop).await
        })
    };
    assert!(stopped.await.unwrap_err().is_panic());
    assert_eq!(positions(&store).await, [(0, 1), (0, 2)]);
    let report = erase(&store, ID).await;
    assert_eq!((report.feedback_rows, report.files_waiting), (1, 2));
    assert_eq!(positions(&store).await, [(0, 2)]);
    // Once more finds nothing, and the files of both names still wait.
    let again = erase(&store, ID).await;
    assert_eq!((again.feedback_rows, again.files_waiting), (0, 2));
}

#[tokio::test]
async fn a_compaction_keeps_what_links_two_names() {
    let (_root, store) = fresh().await;
    let linked = Row::new(1, 0).by(MAIL).alias(ID).part("a");
    append(&store, &[linked.clone(), linked.part("b")]).await;
    append(&store, &[Row::new(1, 1).by(ID).version(2), Row::new(2, 2).by(MAIL)]).await;
    append(&store, &[Row::new(3, 3).by(OTHER)]).await;
    store.maintain(&MaintainOptions::default()).await.unwrap();
    assert_eq!(positions(&store).await, [(0, 1), (0, 2), (0, 3)], "the row that told both names is dropped");
    let before = store.ledger().await.unwrap();
    let report = erase(&store, ID).await;
    assert_eq!((report.names, report.feedback_rows, report.dead_letter_rows), (2, 2, 0));
    assert_eq!(positions(&store).await, [(0, 3)]);
    let after = store.ledger().await.unwrap();
    assert_eq!((after.consumed(), after.erased), (before.consumed(), 4));
}

#[tokio::test]
async fn a_name_that_a_replay_tells_is_followed() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(2, 1).by(MAIL), Row::new(4, 2).by(OTHER)]).await;
    erase(&store, ID).await;
    let told = store::Note {
        author: Some(MAIL.to_owned()),
        author_alias: Some(ID.to_owned()),
        payload: None,
        ..note(Outcome::Erased, 7)
    };
    let mut batch = Batch { replacing: vec![told], ..batch(&[], None, 8) };
    batch.suppressions = store.suppressions().await.unwrap();
    let error = store.commit(&batch).await.unwrap_err();
    assert!(matches!(error, CommitError::SuppressionsChanged), "{error}");
    assert_eq!(positions(&store).await, [(0, 2)]);
}

#[tokio::test]
async fn an_id_that_many_people_share_links_nobody() {
    let (_root, store) = fresh().await;
    let rows: Vec<Row> = (1..=20).map(|n| Row::new(n, n.into()).by(&person(n)).alias(ID)).collect();
    append(&store, &rows).await;
    let report = erase(&store, &person(1)).await;
    assert_eq!((report.names, report.shared_names, report.feedback_rows), (1, 1, 1));
    assert_eq!(positions(&store).await.len(), 19);

    // A later message of theirs, with the same id beside the address.
    let told = store::Note {
        author: Some(person(1)),
        author_alias: Some(ID.to_owned()),
        payload: None,
        ..note(Outcome::Erased, 30)
    };
    let mut batch = Batch { notes: vec![told], ..batch(&[], None, 31) };
    batch.suppressions = store.suppressions().await.unwrap();
    store.commit(&batch).await.unwrap();
    assert_eq!(positions(&store).await.len(), 19);

    let error = store.erase(ID, &EraseOptions::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::SharedName { .. }) && !error.is_retryable(), "{error}");
    assert_eq!(positions(&store).await.len(), 19);
}

#[tokio::test]
async fn what_two_groups_wrote_twice_is_erased_once() {
    let (_root, store) = fresh().await;
    for _ in 0..2 {
        append(&store, &[Row::new(1, 0).by(MAIL).part("a"), Row::new(1, 0).by(MAIL).part("b")]).await;
    }
    let before = store.ledger().await.unwrap();
    assert_eq!(before.consumed(), 2);
    erase(&store, MAIL).await;
    let after = store.ledger().await.unwrap();
    assert_eq!((after.consumed(), after.erased), (2, 2));
}
