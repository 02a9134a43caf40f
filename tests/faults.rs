//! Trouble around the worker: brokers, coordinators, a slow store, retention, signals, replays.

use crate::support::broker::{self, mock, produce};
use crate::support::oracle::{Tables, consumed};
use crate::support::process::{PATIENCE, Setup};
use crate::support::{events, wait_for};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

const PARTITIONS: i32 = 2;
const EVENTS: u64 = 400;

/// The lines of a log, the program's last words not among them.
fn lines(log: &str) -> Vec<Value> {
    log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn filled() -> (tempfile::TempDir, broker::Mock, Setup) {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock(PARTITIONS);
    let brokers = mock.bootstrap_servers();
    produce(&brokers, &BTreeMap::new(), PARTITIONS, 0..EVENTS);
    let setup = Setup::new(dir.path(), &brokers);
    (dir, mock, setup)
}

#[test]
fn brokers_that_are_away_are_waited_for() {
    let (dir, mock, setup) = filled();
    (1..=3).for_each(|broker| mock.broker_down(broker).unwrap());
    let mut worker = setup.start(&[]);
    wait_for("the tables", PATIENCE, || dir.path().join("tables/feedback/_delta_log").exists().then_some(()));
    assert!(worker.is_running());
    (1..=3).for_each(|broker| mock.broker_up(broker).unwrap());
    wait_for("all events", PATIENCE, || (consumed(dir.path()) == EVENTS).then_some(()));
    // And once more in the middle of the work.
    (1..=3).for_each(|broker| mock.broker_down(broker).unwrap());
    (1..=3).for_each(|broker| mock.broker_up(broker).unwrap());
    produce(&mock.bootstrap_servers(), &BTreeMap::new(), PARTITIONS, EVENTS..EVENTS + 200);
    wait_for("the rest", PATIENCE, || (consumed(dir.path()) == EVENTS + 200).then_some(()));
    drop(worker);
    Tables::open(dir.path()).hold(EVENTS + 200);
}

#[test]
fn errors_of_the_coordinator_lose_and_repeat_nothing() {
    let (dir, mock, setup) = filled();
    use RDKafkaRespErr::{
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS as LOADING,
        RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE as NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION as GENERATION,
        RD_KAFKA_RESP_ERR_NOT_COORDINATOR as NOT_COORDINATOR,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION as NOT_LEADER,
        RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS as REBALANCE,
    };
    mock.request_errors(RDKafkaApiKey::FindCoordinator, &[NOT_AVAILABLE, NOT_AVAILABLE]);
    mock.request_errors(RDKafkaApiKey::JoinGroup, &[LOADING, NOT_COORDINATOR]);
    mock.request_errors(RDKafkaApiKey::ListOffsets, &[NOT_LEADER]);
    mock.request_errors(RDKafkaApiKey::Fetch, &[NOT_LEADER, NOT_LEADER]);
    mock.request_errors(RDKafkaApiKey::Heartbeat, &[REBALANCE]);
    mock.request_errors(RDKafkaApiKey::OffsetCommit, &[GENERATION, GENERATION]);
    setup.run_to_end();
    Tables::open(dir.path()).hold(EVENTS);
}

#[test]
fn a_slow_store_holds_back_the_reading_and_keeps_the_group() {
    const MANY: u64 = 20_000;
    let dir = tempfile::tempdir().unwrap();
    let mock = mock(PARTITIONS);
    let brokers = mock.bootstrap_servers();
    produce(&brokers, &BTreeMap::new(), PARTITIONS, 0..MANY);
    let mut setup = Setup::new(dir.path(), &brokers);
    // The first commits take longer than a worker may stay away from the poll.
    setup.property("max.poll.interval.ms", "6000");
    setup.set("VERBATIM__WORKER__THREADS", 1);
    let slow = format!("{}=2*sleep(9000)", store::failpoints::FILES_PUT);
    let mut worker = setup.start_with(&[], &slow);
    worker.wait_for_words("reading is held back", 1);
    // What is in hand is bounded by the batches: one for each thread and two to spare, of 100 messages each.
    let said = worker.said();
    let line = said.lines().find(|line| line.contains("reading is held back")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let number = |name: &str| line["fields"][name].as_u64().or(line[name].as_u64()).unwrap();
    assert!(number("read") - number("committed") <= 400, "{line}");
    wait_for("all events", PATIENCE, || (consumed(dir.path()) == MANY).then_some(()));
    let peak = worker.peak_memory();
    assert!(peak < 512 << 10, "{peak} KiB");
    worker.terminate();
    let (status, log) = worker.wait();
    assert!(status.success(), "{log}");
    assert!(!log.to_ascii_lowercase().contains("maxpoll"), "{log}");
    assert_eq!(log.matches("partitions assigned").count(), 1, "it was never expelled: {log}");
    Tables::open(dir.path()).hold(MANY);
}

#[test]
fn a_full_disk_is_waited_out() {
    let (dir, mock, setup) = filled();
    // Once the tables are there, no file can be written for a while.
    setup.run_to_end();
    produce(&mock.bootstrap_servers(), &BTreeMap::new(), PARTITIONS, EVENTS..EVENTS + 200);
    let full = format!("{}=12*return(full)", store::failpoints::WRITE);
    let (status, log) = setup.start_with(&["--stop-at-end"], &full).wait();
    assert!(status.success(), "{log}");
    let told = log.lines().filter(|line| line.contains("writing to the tables failed")).count();
    assert_eq!(told, 1, "it is said once: {log}");
    assert!(
        log.contains("is full; free some space") && log.contains("writing to the tables works again"),
        "{log}"
    );
    Tables::open(dir.path()).hold(EVENTS + 200);
}

#[test]
fn a_worker_leaves_a_full_disk_when_it_is_told_to() {
    let (dir, mock, setup) = filled();
    setup.run_to_end();
    produce(&mock.bootstrap_servers(), &BTreeMap::new(), PARTITIONS, EVENTS..EVENTS + 200);
    let full = format!("{}=return(full)", store::failpoints::WRITE);
    let mut worker = setup.start_with(&[], &full);
    worker.wait_for_words("writing to the tables failed", 1);
    worker.terminate();
    let (status, log) = worker.wait_within(Duration::from_secs(10));
    assert!(status.success(), "{log}");
    Tables::open(dir.path()).hold(EVENTS);
    setup.run_to_end();
    Tables::open(dir.path()).hold(EVENTS + 200);
}

#[test]
fn tables_that_cannot_be_read_for_a_while_do_not_end_the_worker() {
    let (dir, _mock, setup) = filled();
    let away = format!("{}=1*off->5*return(away)", store::failpoints::SUPPRESSIONS);
    let (status, log) = setup.start_with(&["--stop-at-end"], &away).wait();
    assert!(status.success(), "{log}");
    assert!(log.contains("the tables works again"), "{log}");
    Tables::open(dir.path()).hold(EVENTS);
}

#[test]
fn a_run_to_the_end_does_not_wait_for_a_broker_for_ever() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::new(dir.path(), "127.0.0.1:1");
    let (status, log) = setup.start(&["--stop-at-end"]).wait_within(Duration::from_secs(60));
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("no broker at 127.0.0.1:1") && log.contains("verbatim doctor"), "{log}");
    // Meanwhile it is told once that nobody answers, and not once for each try and layer.
    let ours = |line: &Value| {
        let target = line["target"].as_str().unwrap();
        target.starts_with("worker") || target == "librdkafka"
    };
    let warned: Vec<Value> =
        lines(&log).into_iter().filter(|line| ours(line) && line["level"] != "info").collect();
    assert_eq!(warned.len(), 1, "{log}");
    let told = warned[0]["message"].as_str().unwrap();
    assert!(told.starts_with("nothing listens at 127.0.0.1:1; "), "{told}");
    assert!(told.contains("kafka.bootstrap") && told.contains("verbatim doctor"), "{told}");
}

#[test]
fn sigterm_commits_what_is_ready_and_leaves_the_group() {
    let (dir, mock, setup) = filled();
    let worker = setup.start(&[]);
    wait_for("a commit", PATIENCE, || (consumed(dir.path()) > 0).then_some(()));
    worker.terminate();
    let (status, log) = worker.wait_within(Duration::from_secs(10));
    assert!(status.success(), "{log}");
    what_was_done_is_told(&log);
    // It said goodbye: the next one is given the partitions at once, long before a session could time out.
    let mut next = Setup::new(dir.path(), &mock.bootstrap_servers());
    next.property("session.timeout.ms", "600000");
    next.property("max.poll.interval.ms", "600000");
    next.run_to_end();
    Tables::open(dir.path()).hold(EVENTS);
}

/// A line for each commit, and a sentence at the end; both with fields for programs.
fn what_was_done_is_told(log: &str) {
    let lines = lines(log);
    let said = |line: &Value, words: &str| line["message"].as_str().is_some_and(|all| all.starts_with(words));
    let commits: Vec<&Value> = lines.iter().filter(|line| said(line, "committed to feedback")).collect();
    let number =
        |line: &Value, name: &str| line[name].as_u64().unwrap_or_else(|| panic!("no {name} in {line}"));
    let records: u64 = commits.iter().map(|line| number(line, "records")).sum();
    for line in &commits {
        assert!((1..=PARTITIONS as u64).contains(&number(line, "partitions")), "{line}");
        assert!(line["version"].is_u64() && line["took_ms"].is_u64(), "{line}");
    }
    let end = lines.iter().find(|line| said(line, "stopped: "));
    let end = end.unwrap_or_else(|| panic!("it said nothing at the end: {log}"));
    assert_eq!(number(end, "verbatim_worker_records_total"), records);
    assert_eq!(number(end, "verbatim_worker_commits_total"), commits.len() as u64);
    let told = end["message"].as_str().unwrap();
    assert!(told.contains(&format!(", {records} records stored, ")), "{told}");
    assert!(told.contains("; last commit ") && told.ends_with(" of feedback"), "{told}");
}

#[test]
fn retention_that_passed_the_tables_is_said_loudly() {
    let (dir, mock, mut setup) = filled();
    setup.run_to_end();
    // The mock drops the oldest messages of a partition past 5 MiB.
    let big =
        events::payload(EVENTS).into_iter().chain(std::iter::repeat_n(b' ', 500_000)).collect::<Vec<u8>>();
    broker::produce_payloads(&mock.bootstrap_servers(), &BTreeMap::new(), std::iter::repeat_n((0, big), 30));
    let (status, log) = setup.start(&["--stop-at-end"]).wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("retention") && log.contains("on_gap"), "{log}");
    Tables::open(dir.path()).hold(EVENTS);

    setup.set("VERBATIM__WORKER__ON_GAP", "skip");
    setup.run_to_end();
    // The same event in 30 messages, less those that are lost: one fact, and duplicates.
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!(ledger.facts, events::sound(EVENTS) + 1);
    assert!((1..29).contains(&ledger.duplicates), "{ledger:?}");
}

#[test]
fn replays_add_nothing() {
    let (dir, whole, mut setup) = filled();
    setup.run_to_end();
    let again = |setup: &Setup, args: &[&str]| {
        let (status, log) = setup.start(args).wait();
        assert!(status.success(), "{log}");
        Tables::open(dir.path()).hold(EVENTS);
    };
    again(&setup, &["--stop-at-end", "--from-beginning"]);
    again(&setup, &["--stop-at-end", "--from-time", "2026-01-01T00:00:00Z"]);
    // Another group would write everything twice, unless it takes over: then it reads all anew, into the same tables.
    setup.set("VERBATIM__KAFKA__GROUP", "another");
    let (status, log) = setup.start(&["--stop-at-end"]).wait();
    assert!(!status.success() && log.contains("--take-over"), "{log}");
    // It ends half way, as the topic does here, and goes on with what the first group has written, too.
    let half = mock(PARTITIONS);
    produce(&half.bootstrap_servers(), &BTreeMap::new(), PARTITIONS, 0..EVENTS / 2);
    setup.set("VERBATIM__KAFKA__BOOTSTRAP", half.bootstrap_servers());
    again(&setup, &["--stop-at-end", "--take-over"]);
    setup.set("VERBATIM__KAFKA__BOOTSTRAP", whole.bootstrap_servers());
    again(&setup, &["--stop-at-end"]);
    again(&setup, &["--stop-at-end"]);
}
