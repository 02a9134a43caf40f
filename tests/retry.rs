//! Dead letters sent through again beside somebody who reads the same messages again: each becomes one fact, and the
//! ledger counts it once, whoever is faster.

use crate::program::{json_lines, stderr};
use crate::support::broker::{self, mock, produce_payloads};
use crate::support::oracle::Tables;
use crate::support::process::{PATIENCE, Setup, Worker};
use crate::support::wait_for;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use store::Ledger;

const REVIEWS: u64 = 40;

fn review(number: u64) -> Vec<u8> {
    format!(
        r#"{{"specversion":"1.0","id":"r{number}","source":"store","type":"feedback.review.created","time":"2026-05-04T10:00:00Z","data":{{"id":"r{number}","text":"Works well since the update.","score":5}}}}"#
    )
    .into_bytes()
}

fn send(mock: &broker::Mock, numbers: Range<u64>) {
    let reviews = numbers.map(|number| (0, review(number)));
    produce_payloads(&mock.bootstrap_servers(), &BTreeMap::new(), reviews);
}

fn filled(reviews: u64) -> (tempfile::TempDir, broker::Mock, Setup) {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock(1);
    send(&mock, 0..reviews);
    let setup = Setup::new(dir.path(), &mock.bootstrap_servers());
    (dir, mock, setup)
}

/// A topic whose messages were refused, and the mistake in the configuration is mended.
fn refused_and_mended() -> (tempfile::TempDir, broker::Mock, Setup) {
    let (dir, mock, setup) = filled(REVIEWS);
    setup.run_to_end();
    assert_eq!(ledger(dir.path()), Ledger { dead_letters: REVIEWS, ..Ledger::default() });
    mend(dir.path());
    (dir, mock, setup)
}

fn mend(dir: &Path) {
    let path = dir.join("verbatim.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, config + "[kinds]\nreview = { contract = \"social\" }\n").unwrap();
}

fn ledger(dir: &Path) -> Ledger {
    Tables::open(dir).ledger()
}

fn all_are_facts(dir: &Path) {
    let tables = Tables::open(dir);
    assert_eq!(tables.ledger(), Ledger { facts: REVIEWS, ..Ledger::default() });
    assert_eq!(tables.rows_and_positions(), (REVIEWS, REVIEWS));
}

fn run(setup: &Setup, args: &[&str]) -> Value {
    let output = setup.command(args).arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    json_lines(&output).pop().unwrap()
}

fn retry(setup: &Setup) -> Value {
    run(setup, &["dead-letters", "retry"])
}

/// Starts a command and holds it at a point; the file lets it go on once it is removed.
fn held(setup: &Setup, args: &[&str], point: &str) -> (Worker, std::path::PathBuf) {
    let (failpoints, mark) = setup.stop_at(point, 0);
    let process = setup.spawn(setup.command(args), &failpoints.replace("=return", "=1*return"));
    wait_for(point, PATIENCE, || mark.exists().then_some(()));
    (process, mark)
}

fn let_go((process, mark): (Worker, std::path::PathBuf)) {
    std::fs::remove_file(mark).unwrap();
    let (status, log) = process.wait();
    assert!(status.success(), "{log}");
}

const AGAIN: [&str; 3] = ["worker", "--stop-at-end", "--from-beginning"];

#[test]
fn a_replay_overtakes_a_retry() {
    let (dir, _mock, setup) = refused_and_mended();
    let slow = held(&setup, &["dead-letters", "retry"], worker::failpoints::RETRY_COMMIT);
    run(&setup, &AGAIN);
    all_are_facts(dir.path());
    let_go(slow);
    all_are_facts(dir.path());
}

#[test]
fn a_retry_overtakes_a_replay() {
    let (dir, _mock, setup) = refused_and_mended();
    let slow = held(&setup, &AGAIN, worker::failpoints::AFTER_FILES);
    let done = retry(&setup);
    assert_eq!((&done["sent"], &done["recovered"]), (&REVIEWS.into(), &REVIEWS.into()), "{done}");
    let audited = Tables::open(dir.path()).audited();
    let told: Vec<[&str; 2]> = audited.iter().map(|row| [row.action.as_str(), row.detail.as_str()]).collect();
    assert_eq!(
        told,
        [["dead-letters.retry", "all reasons"], ["dead-letters.retry", "done: 40 of 40 recovered"]]
    );
    let_go(slow);
    all_are_facts(dir.path());
}

#[test]
fn another_group_and_a_retry_meet() {
    // With no fact there yet, and with one.
    for before in [0, 1] {
        let (dir, _mock, mut setup) = refused_and_mended();
        if before > 0 {
            let done = run(&setup, &["dead-letters", "retry", "--limit", "1"]);
            assert_eq!(done["recovered"], before, "{done}");
        }
        setup.set("VERBATIM__KAFKA__GROUP", "another");
        let take_over = ["worker", "--stop-at-end", "--take-over"];
        let slow = held(&setup, &take_over, worker::failpoints::AFTER_FILES);
        let done = retry(&setup);
        assert_eq!(done["recovered"], REVIEWS - before, "{done}");
        let_go(slow);
        all_are_facts(dir.path());
    }
}

#[test]
fn a_retry_overtakes_a_retry() {
    let (dir, _mock, setup) = refused_and_mended();
    let slow = held(&setup, &["dead-letters", "retry"], worker::failpoints::RETRY_COMMIT);
    assert_eq!(retry(&setup)["recovered"], REVIEWS);
    let_go(slow);
    all_are_facts(dir.path());
    assert_eq!(retry(&setup)["letters"], 0);
}

#[test]
fn a_retry_recovers_what_a_killed_worker_had_only_noted() {
    let (dir, mock, setup) = filled(REVIEWS / 2);
    setup.run_to_end();
    send(&mock, REVIEWS / 2..REVIEWS);
    setup.kill_at(store::failpoints::BETWEEN_TABLES, 0);
    mend(dir.path());
    let done = retry(&setup);
    assert!(done["recovered"].as_u64().unwrap() > REVIEWS / 2, "{done}");
    setup.run_to_end();
    all_are_facts(dir.path());
}

#[test]
fn a_second_import_and_a_retry_meet() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::new(dir.path(), "127.0.0.1:1");
    let lines: Vec<Vec<u8>> = (0..REVIEWS).map(review).collect();
    std::fs::write(dir.path().join("reviews.jsonl"), lines.join(&b'\n')).unwrap();
    let refused = setup.command(&["import", "reviews.jsonl"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    mend(dir.path());

    // Without the file nothing is sent through, and the words say what to do.
    let nothing = setup.command(&["dead-letters", "retry"]).output().unwrap();
    let words = String::from_utf8(nothing.stdout).unwrap();
    assert!(
        words.contains(&format!("0 of {REVIEWS} messages sent through")) && words.contains("--file FILE"),
        "{words}"
    );
    assert_eq!(nothing.status.code(), Some(1), "a script must not go on as if they had been");

    let with_file = ["dead-letters", "retry", "--file", "reviews.jsonl"];
    let slow = held(&setup, &with_file, worker::failpoints::RETRY_COMMIT);
    let slower = held(&setup, &["import", "reviews.jsonl"], worker::failpoints::AFTER_FILES);
    let_go(slow);
    all_are_facts(dir.path());
    let_go(slower);
    all_are_facts(dir.path());
}

#[test]
fn what_fails_still_is_told_by_reason() {
    let (dir, mock, setup) = refused_and_mended();
    let broken = (0..3).map(|_| (0, b"{".to_vec()));
    produce_payloads(&mock.bootstrap_servers(), &BTreeMap::new(), broken);
    setup.run_to_end();
    let done = retry(&setup);
    assert_eq!((&done["sent"], &done["refused"]), (&(REVIEWS + 3).into(), &3.into()), "{done}");
    assert_eq!(done["still"], serde_json::json!([{ "reason": "invalid_json", "letters": 3 }]));
    assert_eq!(ledger(dir.path()), Ledger { facts: REVIEWS, dead_letters: 3, ..Ledger::default() });
    let words = setup.command(&["dead-letters", "retry"]).output().unwrap();
    let words = String::from_utf8(words.stdout).unwrap();
    assert!(words.contains("3 refused for invalid_json"), "{words}");
}
