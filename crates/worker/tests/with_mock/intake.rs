//! The gateway's way into the tables, killed at every edge: whatever was answered is there, once.
//!
//! The process that is killed is this test program, started again for one of its tests.

use crate::support::{open, processor, until};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use store::failpoints::{BETWEEN_TABLES, FILES_PUT, LOGGED};
use store::{DeadLetterFilter, Store};
use worker::failpoints::{AFTER_ANALYSIS, AFTER_COMMIT, AFTER_FILES, AFTER_POLL};
use worker::intake::{Arrival, IntakeOptions, StoreIntake};
use worker::{Processor, WorkerMetrics};

const PLACE: &str = "VERBATIM_TEST_INTAKE";
const CHILD: &str = "intake::accepts_until_it_is_killed";
/// Every so many-th message is broken.
const BROKEN: u32 = 5;

fn message(number: u32) -> Arrival {
    let score = if number.is_multiple_of(BROKEN) { 99 } else { number % 11 };
    let event = format!(
        r#"{{"specversion":"1.0","id":"{number}","source":"hooks","type":"feedback.nps.created","time":"2026-05-04T10:00:00Z","data":{{"id":{number},"score":{score},"text":"number {number}"}}}}"#
    );
    Arrival { payload: event.into(), vendor: None }
}

fn start(store: &Store, processor: Arc<Processor>) -> StoreIntake {
    let options = IntakeOptions { threads: Some(1), ..IntakeOptions::default() };
    StoreIntake::start(&options, store.clone(), processor, Arc::new(WorkerMetrics::new())).unwrap()
}

/// Not by itself: only where it is told the place.
#[tokio::test(flavor = "multi_thread")]
async fn accepts_until_it_is_killed() {
    let Some(dir) = std::env::var_os(PLACE).map(PathBuf::from) else { return };
    worker::failpoints::set_up_from_environment();
    let store = open(&dir.join("tables")).await;
    let intake = start(&store, processor(&Arc::new(WorkerMetrics::new())));
    let mut log = std::fs::OpenOptions::new().append(true).open(dir.join("answered")).unwrap();
    let from: u32 = std::fs::read_to_string(dir.join("from")).unwrap().parse().unwrap();
    for number in (from..).step_by(3) {
        let sent = number..number + 3;
        intake.accept(sent.clone().map(message).collect()).await.unwrap();
        // What is written here was answered before the kill.
        let answered: String = sent.map(|number| format!("{number}\n")).collect();
        log.write_all(answered.as_bytes()).unwrap();
    }
}

fn child(dir: &Path, failpoints: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", CHILD, "--nocapture"])
        .env(PLACE, dir)
        .env("FAILPOINTS", failpoints)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn answered(dir: &Path) -> BTreeSet<u32> {
    let log = std::fs::read_to_string(dir.join("answered")).unwrap();
    log.lines().map(|line| line.parse().unwrap()).collect()
}

/// Facts by their number, and dead letters by what is left of their payload; nothing is there twice.
async fn held(store: &Store) -> BTreeSet<u32> {
    let facts = crate::support::ids(store).await;
    let letters = store.dead_letter_rows(&DeadLetterFilter::default()).await.unwrap();
    let number = |payload: &str| {
        let event: serde_json::Value = serde_json::from_str(payload).unwrap();
        u32::try_from(event["data"]["id"].as_u64().unwrap()).unwrap()
    };
    let letters: Vec<u32> = letters.iter().map(|letter| number(letter.payload.as_deref().unwrap())).collect();
    let distinct: BTreeSet<u32> = letters.iter().copied().collect();
    assert_eq!(letters.len(), distinct.len(), "some are there twice: {letters:?}");
    assert!(distinct.iter().all(|number| number.is_multiple_of(BROKEN)));
    facts.into_iter().chain(distinct).collect()
}

/// A process is killed in its first commit or a later one, and the next one at the same edge.
async fn survives_kills_at(edge: &str) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("answered"), "").unwrap();
    for (turn, passes) in [3, 0].into_iter().enumerate() {
        // Each sends others: what a killed one was not answered may be there all the same.
        std::fs::write(dir.path().join("from"), (1 + turn * 10_000).to_string()).unwrap();
        let mark = dir.path().join(format!("stopped-{turn}"));
        let skip = if passes > 0 { format!("{passes}*off->") } else { String::new() };
        let mut child = child(dir.path(), &format!("{edge}={skip}return({})", mark.display()));
        until(edge, async || {
            assert!(child.try_wait().unwrap().is_none(), "it ended before {edge}");
            mark.exists()
        })
        .await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let store = open(&dir.path().join("tables")).await;
    let (answered, held) = (answered(dir.path()), held(&store).await);
    assert!(!answered.is_empty());
    let lost: Vec<&u32> = answered.difference(&held).collect();
    assert!(lost.is_empty(), "{edge}: answered and lost: {lost:?}");
    // Of each process no more than the one call that it was killed in.
    assert!(held.difference(&answered).count() <= 6, "{edge}: {:?}", held.difference(&answered));

    let metrics = Arc::new(WorkerMetrics::new());
    let intake = start(&store, processor(&metrics));
    let fresh = 50_000..50_003;
    intake.accept(fresh.clone().map(message).collect()).await.unwrap();
    let after = self::held(&store).await;
    assert!(fresh.clone().all(|number| after.contains(&number)) && after.is_superset(&held));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_anything_is_analyzed() {
    survives_kills_at(AFTER_POLL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_analysis() {
    survives_kills_at(AFTER_ANALYSIS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_files() {
    survives_kills_at(AFTER_FILES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_tables() {
    survives_kills_at(BETWEEN_TABLES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_files_that_no_commit_names() {
    survives_kills_at(FILES_PUT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_a_commit_it_did_not_hear_of() {
    survives_kills_at(LOGGED).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_answer() {
    survives_kills_at(AFTER_COMMIT).await;
}
