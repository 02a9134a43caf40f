//! Erasure: afterwards no file under the root holds a trace, nor does any log.

use crate::rows::*;
use std::path::Path;
use store::{Batch, CommitError, EraseOptions, MaintainOptions, Next, Outcome};

const VICTIM: &str = "a_00c0ffee00c0ffee00c0ffee00c0ffee";
const OTHER: &str = "a_11111111111111111111111111111111";
const CANARY: &str = "zanzibar-canary-41";

/// Files under `root` whose raw bytes hold `needle`.
fn holding(root: &Path, needle: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, needle));
        } else if std::fs::read(&path).unwrap().windows(needle.len()).any(|bytes| bytes == needle.as_bytes())
        {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Row bodies are short and stored uncompressed by nobody: read them back instead of searching pages.
async fn bodies(store: &store::Store) -> Vec<String> {
    let rows = store.collect(store.feedback().await.unwrap()).await.unwrap();
    texts(&rows, "body").into_iter().flatten().collect()
}

async fn filled() -> (tempfile::TempDir, store::Store) {
    let (root, store) = fresh().await;
    let theirs = |offset: i64| Row::new(7, offset).by(VICTIM).saying(CANARY);
    append(&store, &[theirs(0), Row::new(8, 1).by(OTHER)]).await;
    // Another version on another day, a tombstone that carries ids only, a duplicate.
    append(&store, &[theirs(2).version(2).day(20_001), Row::new(9, 3).by(OTHER).day(20_001)]).await;
    append(&store, &[Row::new(7, 4).version(3).deleted().day(20_002), theirs(5)]).await;
    let mut letters = batch(&[], None, 8);
    letters.notes = vec![
        store::Note {
            author: Some(VICTIM.to_owned()),
            payload: Some(format!("{{\"text\":\"{CANARY}\"")),
            ..note(Outcome::DeadLetter, 6)
        },
        note(Outcome::DeadLetter, 7),
    ];
    store.commit(&letters).await.unwrap();
    (root, store)
}

#[tokio::test]
async fn every_row_goes_and_the_ledger_still_adds_up() {
    let (root, store) = filled().await;
    let before = store.ledger().await.unwrap();
    let report = store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    assert_eq!((report.feedback_rows, report.items, report.dead_letter_rows), (4, 1, 1));
    let days: Vec<i32> = report.days.iter().map(|day| day.0).collect();
    assert_eq!(days, [20_000, 20_001, 20_002]);
    assert_eq!((report.files_waiting, report.purged_by), (0, None));
    assert!(report.files_deleted >= report.files_rewritten);

    assert_eq!(positions(&store).await, [(0, 1), (0, 3)]);
    let after = store.ledger().await.unwrap();
    assert_eq!((after.erased, after.dead_letters, after.facts), (5, 1, 2));
    assert_eq!(after.consumed(), before.consumed());
    let left = store.collect(store.feedback().await.unwrap()).await.unwrap();
    assert!(texts(&left, "author").iter().all(|author| author.as_deref() == Some(OTHER)));
    // The pseudonym is in the suppressions and nowhere else.
    let traces = holding(root.path(), VICTIM);
    assert!(
        traces.iter().all(|path| path.contains("/suppressions/") && !path.contains("_delta_log")),
        "{traces:?}"
    );
    assert!(holding(root.path(), CANARY).is_empty());
}

#[tokio::test]
async fn rows_that_a_compaction_moved_or_left_behind_go_too() {
    let (root, store) = filled().await;
    let keep_files = MaintainOptions { vacuum: None, ..MaintainOptions::default() };
    store.maintain(&keep_files).await.unwrap();
    let report = store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    assert!(report.files_waiting > 0, "older files wait for their readers");
    let week = 7 * 24 * 3600 * 1_000_000;
    let by = report.purged_by.unwrap().0 - chrono::Utc::now().timestamp_micros();
    assert!((week - 600_000_000..=week).contains(&by), "{by}");
    let again = store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    assert_eq!((again.feedback_rows, again.files_waiting, again.purged_by), (0, 0, None));
    assert_eq!((report.erased_before, again.erased_before), (false, true));
    let traces = holding(root.path(), VICTIM);
    assert!(traces.iter().all(|path| path.contains("/suppressions/")), "{traces:?}");
    assert!(bodies(&store).await.iter().all(|body| body != CANARY));
    assert_eq!(store.ledger().await.unwrap().consumed(), 8);
}

const ALIAS: &str = "a_22222222222222222222222222222222";
const WITHOUT_ROWS: &str = "a_33333333333333333333333333333333";

/// Rows under one name, under the other and under both, on days of their own.
async fn known_by_two_names() -> (tempfile::TempDir, store::Store) {
    let (root, store) = fresh().await;
    let both = Row::new(3, 2).by(VICTIM).alias(ALIAS).day(20_002);
    append(&store, &[Row::new(1, 0).by(VICTIM), Row::new(2, 1).by(ALIAS).day(20_001), both]).await;
    append(&store, &[Row::new(4, 3).by(OTHER)]).await;
    let mut letters = batch(&[], None, 6);
    let letter = |offset, author: &str| store::Note {
        author: Some(author.to_owned()),
        ..note(Outcome::DeadLetter, offset)
    };
    letters.notes = vec![letter(4, ALIAS), letter(5, VICTIM)];
    store.commit(&letters).await.unwrap();
    (root, store)
}

#[tokio::test]
async fn either_name_finds_the_other() {
    for name in [VICTIM, ALIAS] {
        let (root, store) = known_by_two_names().await;
        let before = store.ledger().await.unwrap();
        let report = store.erase(name, &EraseOptions { purge: true }).await.unwrap();
        assert_eq!((report.names, report.feedback_rows, report.dead_letter_rows), (2, 3, 2));
        assert_eq!(positions(&store).await, [(0, 3)]);
        let suppressed = store.suppressions().await.unwrap();
        assert!(suppressed.contains(VICTIM) && suppressed.contains(ALIAS) && !suppressed.contains(OTHER));
        let after = store.ledger().await.unwrap();
        assert_eq!((after.consumed(), after.erased), (before.consumed(), 5));
        for trace in [VICTIM, ALIAS] {
            let traces = holding(root.path(), trace);
            assert!(traces.iter().all(|path| path.contains("/suppressions/")), "{traces:?}");
        }
    }
}

#[tokio::test]
async fn what_would_go_is_told_and_nothing_is_touched() {
    let (_root, store) = known_by_two_names().await;
    let version = store.version().await.unwrap();
    let told = store.would_erase(ALIAS).await.unwrap();
    assert_eq!((told.names, told.feedback_rows, told.items, told.dead_letter_rows), (2, 3, 3, 2));
    assert!(told.found && !told.erased_before);
    assert!(store.suppressions().await.unwrap().is_empty());
    assert_eq!(store.version().await.unwrap(), version);
    let done = store.erase(ALIAS, &EraseOptions { purge: true }).await.unwrap();
    assert_eq!((done.names, done.feedback_rows, done.items, done.dead_letter_rows), (2, 3, 3, 2));
    assert_eq!(done.days, told.days);
    let after = store.would_erase(VICTIM).await.unwrap();
    assert!(!after.found && after.erased_before, "{after:?}");
}

#[tokio::test]
async fn only_who_had_something_counts_as_erased_before() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).by(OTHER)]).await;
    let mut letters = batch(&[], None, 2);
    letters.notes = vec![store::Note { author: Some(ALIAS.to_owned()), ..note(Outcome::DeadLetter, 1) }];
    store.commit(&letters).await.unwrap();
    for _ in 0..2 {
        let report = store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
        assert!(!report.found && !report.erased_before, "a slip stays one: {report:?}");
    }
    // A dead letter alone is something.
    let first = store.erase(ALIAS, &EraseOptions::default()).await.unwrap();
    assert!(first.found && !first.erased_before, "{first:?}");
    let again = store.erase(ALIAS, &EraseOptions::default()).await.unwrap();
    assert!(!again.found && again.erased_before, "{again:?}");
}

#[tokio::test]
async fn a_name_that_a_later_message_tells_is_followed() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).by(VICTIM), Row::new(2, 1).by(ALIAS), Row::new(4, 2).by(OTHER)]).await;
    assert_eq!(store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap().names, 1);
    assert_eq!(positions(&store).await, [(0, 1), (0, 2)]);
    // What a worker makes of a message that tells both names.
    let erased = store::Note {
        author: Some(VICTIM.to_owned()),
        author_alias: Some(ALIAS.to_owned()),
        payload: None,
        ..note(Outcome::Erased, 7)
    };
    let mut told = Batch { notes: vec![erased], ..batch(&[], None, 8) };
    told.suppressions = store.suppressions().await.unwrap();
    let error = store.commit(&told).await.unwrap_err();
    assert!(matches!(error, CommitError::SuppressionsChanged), "the batch may hold more of theirs: {error}");
    assert_eq!(positions(&store).await, [(0, 2)]);
    told.suppressions = store.suppressions().await.unwrap();
    assert!(told.suppressions.contains(ALIAS));
    store.commit(&told).await.unwrap();
    store.erase(ALIAS, &EraseOptions { purge: true }).await.unwrap();
    let traces = holding(root.path(), ALIAS);
    assert!(traces.iter().all(|path| path.contains("/suppressions/")), "{traces:?}");

    // A name that has no rows: whoever erases it has made no slip.
    let erased = store::Note {
        author: Some(VICTIM.to_owned()),
        author_alias: Some(WITHOUT_ROWS.to_owned()),
        payload: None,
        ..note(Outcome::Erased, 8)
    };
    let mut told = Batch { notes: vec![erased], ..batch(&[], Some(8), 9) };
    told.suppressions = store.suppressions().await.unwrap();
    let error = store.commit(&told).await.unwrap_err();
    assert!(matches!(error, CommitError::SuppressionsChanged), "{error}");
    let report = store.would_erase(WITHOUT_ROWS).await.unwrap();
    assert!(!report.found && report.erased_before, "{report:?}");
    let report = store.erase(WITHOUT_ROWS, &EraseOptions::default()).await.unwrap();
    assert!(!report.found && report.erased_before, "{report:?}");
}

#[tokio::test]
async fn each_day_is_a_commit_and_an_interrupted_erasure_goes_on() {
    let (_root, store) = filled().await;
    let before = (store.version().await.unwrap(), store.ledger().await.unwrap().consumed());
    let stopped = {
        let store = store.clone();
        tokio::spawn(async move {
            let stop = |progress: store::EraseProgress| {
                assert!(progress.table != store::Table::Feedback, "stopped after the first day");
            };
            store.erase_observed(VICTIM, &EraseOptions::default(), &stop).await
        })
    };
    assert!(stopped.await.unwrap_err().is_panic());
    // The tombstone, which names nobody, goes before what tells whose it is.
    assert_eq!(positions(&store).await, [(0, 0), (0, 1), (0, 2), (0, 3), (0, 5)]);
    let told = std::sync::Mutex::new(Vec::new());
    let observe = |progress: store::EraseProgress| told.lock().unwrap().push((progress.done, progress.days));
    let report = store.erase_observed(VICTIM, &EraseOptions::default(), &observe).await.unwrap();
    assert_eq!((report.feedback_rows, report.items), (3, 1));
    assert_eq!(*told.lock().unwrap(), [(1, 2), (2, 2)]);
    assert_eq!(positions(&store).await, [(0, 1), (0, 3)]);
    assert_eq!(
        (store.version().await.unwrap(), store.ledger().await.unwrap().consumed()),
        (before.0 + 3, before.1)
    );
}

#[tokio::test]
async fn only_files_that_hold_theirs_count_as_waiting() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).by(OTHER).day(20_001)]).await;
    append(&store, &[Row::new(2, 1).by(OTHER).day(20_001)]).await;
    append(&store, &[Row::new(3, 2).by(VICTIM)]).await;
    // Two files of another day give way to one.
    let options = MaintainOptions { vacuum: None, ..MaintainOptions::default() };
    store.maintain(&options).await.unwrap();
    let report = store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    assert_eq!((report.files_rewritten, report.files_waiting), (1, 1));
}

#[tokio::test]
async fn another_key_is_refused() {
    let (root, store) = fresh().await;
    store.check_key(7).await.unwrap();
    store.bind_key(7).await.unwrap();
    store.bind_key(7).await.unwrap();
    let again = open(&root).await;
    for error in [again.bind_key(8).await.unwrap_err(), again.check_key(8).await.unwrap_err()] {
        assert!(matches!(error, store::StoreError::OtherKey { .. }) && !error.is_retryable(), "{error}");
        assert!(error.to_string().contains("privacy.key_file"), "{error}");
    }
    again.maintain(&MaintainOptions::default()).await.unwrap();
    open(&root).await.check_key(7).await.unwrap();
}

#[tokio::test]
async fn nobody_brings_them_back() {
    let (root, store) = filled().await;
    let known = store.suppressions().await.unwrap();
    store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    // A worker that filtered by what it knew before.
    let other = open(&root).await;
    let stale = Batch {
        facts: encode(&[Row::new(7, 8).by(VICTIM)]),
        advances: vec![advance("g", Some(8), 9)],
        suppressions: known,
        ..Batch::default()
    };
    let error = other.commit(&stale).await.unwrap_err();
    assert!(matches!(error, CommitError::SuppressionsChanged));
    assert_eq!(error.next(), Next::Remake);
    let now = other.suppressions().await.unwrap();
    assert!(now.contains(VICTIM) && !now.contains(OTHER));
    assert_eq!((now.len(), now.is_empty()), (1, false));
    // A replay is told to skip the erased positions.
    let skip = other.positions(TOPIC, 0).await.unwrap();
    assert!((0..=6).all(|offset| skip.contains(offset)), "{skip:?}");
    assert!(!skip.contains(7), "the other dead letter may be read again");
}

#[tokio::test]
async fn logs_hold_no_text_and_no_people() {
    let (root, store) = filled().await;
    for offset in 20..80 {
        append(&store, &[Row::new(7, offset).by(VICTIM).saying(CANARY)]).await;
    }
    store.maintain(&MaintainOptions::default()).await.unwrap();
    for table in store::Table::ALL {
        let log = root.path().join(table.name()).join("_delta_log");
        for secret in [VICTIM, OTHER, CANARY, "[email]", "zanzibar"] {
            assert_eq!(holding(&log, secret), Vec::<String>::new(), "{secret} in {}", table.name());
        }
        assert!(log.join("_last_checkpoint").exists(), "checkpoints were searched too");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erasure_beside_live_writers_and_compactions_misses_nothing() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 1_000).partition(5).by(VICTIM)]).await;
    let writer = {
        let store = open(&root).await;
        tokio::spawn(async move {
            let mut from = None;
            for offset in 0..30_i64 {
                // What a worker does: it drops suppressed authors and tells by which list.
                loop {
                    let suppressions = store.suppressions().await.unwrap();
                    let mut rows = vec![Row::new(100 + offset as u32, offset).by(OTHER)];
                    if !suppressions.contains(VICTIM) {
                        rows.push(Row::new(200 + offset as u32, offset).by(VICTIM).part("b"));
                    }
                    let advances = vec![advance("g", from, offset + 1)];
                    let batch = Batch { facts: encode(&rows), advances, suppressions, ..Batch::default() };
                    match store.commit(&batch).await {
                        Ok(_) => break,
                        Err(error) => assert_eq!(error.next(), Next::Remake, "{error}"),
                    }
                }
                from = Some(offset + 1);
            }
        })
    };
    let compactor = {
        let store = open(&root).await;
        tokio::spawn(async move {
            for _ in 0..4 {
                let options = MaintainOptions { vacuum: None, ..MaintainOptions::default() };
                store.maintain(&options).await.unwrap();
            }
        })
    };
    store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    writer.await.unwrap();
    compactor.await.unwrap();
    let rows = store.collect(store.feedback().await.unwrap()).await.unwrap();
    assert!(texts(&rows, "author").iter().all(|author| author.as_deref() == Some(OTHER)));
    assert_eq!(rows.height(), 30, "nobody else lost a row, and none is doubled");
}

#[tokio::test]
async fn maintenance_finishes_what_a_dead_writer_could_not() {
    let (root, store) = filled().await;
    // A writer that looked before the erasure and died right after its commit: its rows are there, and
    // nobody has looked since. The same files, brought in by a table that knew of no erasure.
    store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    let aside = root.path().join("aside");
    std::fs::rename(root.path().join("suppressions"), &aside).unwrap();
    append(&open(&root).await, &[Row::new(7, 90).by(VICTIM)]).await;
    std::fs::remove_dir_all(root.path().join("suppressions")).unwrap();
    std::fs::rename(&aside, root.path().join("suppressions")).unwrap();
    let again = open(&root).await;
    assert!(positions(&again).await.contains(&(0, 90)));
    again.maintain(&MaintainOptions::default()).await.unwrap();
    assert!(!positions(&again).await.contains(&(0, 90)));
}
