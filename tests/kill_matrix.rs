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

/// All at once: most of its time each waits for a broker to miss who was killed.
#[test]
fn killed_at_any_edge_every_event_is_counted_once() {
    let edges = worker::failpoints::ALL.iter().chain(&store::failpoints::EDGES);
    let failed: Vec<&str> = std::thread::scope(|scope| {
        let start = |edge: &'static str| {
            // What a failed one says stands behind the name of its thread.
            let thread = std::thread::Builder::new().name(format!("killed at {edge}"));
            (edge, thread.spawn_scoped(scope, || survives_kills_at(edge)).unwrap())
        };
        let runs: Vec<_> = edges.copied().map(start).collect();
        runs.into_iter().filter_map(|(edge, run)| run.join().is_err().then_some(edge)).collect()
    });
    assert!(failed.is_empty(), "events were lost or repeated, or nothing flowed, after a kill at {failed:?}");
}
