//! The kill matrix: SIGKILL at every edge of a batch's life, then again at the restart, then on to the end.

use crate::support::{broker, events, oracle::Tables, process::Setup};
use std::collections::BTreeMap;

const PARTITIONS: i32 = 2;
/// Sent before the first process and before the second.
const EVENTS: [u64; 2] = [600, 300];
const ALL: u64 = EVENTS[0] + EVENTS[1];

/// The first process is killed in the second batch, the next one in its first; then one runs to the end.
fn survives_kills_at(edge: &str) {
    let dir = tempfile::tempdir().unwrap();
    let mock = broker::mock(PARTITIONS);
    let brokers = mock.bootstrap_servers();
    broker::produce(&brokers, &BTreeMap::new(), PARTITIONS, 0..EVENTS[0]);
    let setup = Setup::new(dir.path(), &brokers);
    setup.kill_at(edge, 1);
    // Batches that wait for a commit go into one, so that nothing may be left of the first ones.
    broker::produce(&brokers, &BTreeMap::new(), PARTITIONS, EVENTS[0]..ALL);
    setup.kill_at(edge, 0);
    setup.run_to_end();
    Tables::open(dir.path()).hold(ALL);
    a_fresh_event_flows(&setup, &brokers);
}

fn a_fresh_event_flows(setup: &Setup, brokers: &str) {
    broker::produce(brokers, &BTreeMap::new(), PARTITIONS, ALL..ALL + 1);
    assert!(!events::is_broken(ALL));
    setup.run_to_end();
    Tables::open(&setup.dir).hold(ALL + 1);
}

#[test]
fn killed_after_the_poll() {
    survives_kills_at(worker::failpoints::AFTER_POLL);
}

#[test]
fn killed_after_the_analysis() {
    survives_kills_at(worker::failpoints::AFTER_ANALYSIS);
}

#[test]
fn killed_after_the_files() {
    survives_kills_at(worker::failpoints::AFTER_FILES);
}

#[test]
fn killed_between_the_tables() {
    survives_kills_at(store::failpoints::BETWEEN_TABLES);
}

#[test]
fn killed_with_files_that_no_commit_names() {
    survives_kills_at(store::failpoints::FILES_PUT);
}

#[test]
fn killed_with_a_commit_it_did_not_hear_of() {
    survives_kills_at(store::failpoints::LOGGED);
}

#[test]
fn killed_after_the_commit() {
    survives_kills_at(worker::failpoints::AFTER_COMMIT);
}

#[test]
fn killed_before_the_kafka_commit() {
    survives_kills_at(worker::failpoints::BEFORE_KAFKA_COMMIT);
}
