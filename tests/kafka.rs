//! A real Kafka: two workers at a time, rebalances, and two of them killed; then other engines read the tables.

use crate::engines;
use crate::program::{stderr, stdout};
use crate::support::broker::{
    create_topic, create_topic_named, first_message, produce, produce_in_a_transaction,
};
use crate::support::oracle::{Tables, consumed};
use crate::support::process::{PATIENCE, Setup};
use crate::support::{events, tool, wait_for};
use std::collections::BTreeMap;
use xtask::broker::Broker;

const PARTITIONS: i32 = 6;
const EVENTS: u64 = 20_000;

#[test]
fn two_workers_two_killed_and_every_event_is_counted_once() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let broker = Broker::start(&libs).unwrap();
    let none = BTreeMap::new();
    create_topic(&broker.address(), &none, PARTITIONS);
    produce(&broker.address(), &none, PARTITIONS, 0..EVENTS / 2);
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(dir.path(), &broker.address());
    // The least that a real broker allows.
    setup.property("session.timeout.ms", "6000");
    setup.set("VERBATIM__WORKER__BATCH_ROWS", 500);

    // One reads alone and stops in the middle of a batch; another joins, is given partitions, and the first dies.
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_FILES, 2);
    let mut first = setup.start_with(&[], &failpoints);
    wait_for("the first worker's third batch", PATIENCE, || mark.exists().then_some(()));
    let mut second = setup.start(&[]);
    second.wait_for_words("partitions assigned", 1);
    first.kill();
    // A third joins and dies right after its first commit.
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_COMMIT, 0);
    let mut third = setup.start_with(&[], &failpoints);
    third.wait_for_words("partitions assigned", 1);
    produce(&broker.address(), &none, PARTITIONS, EVENTS / 2..EVENTS);
    wait_for("the third worker's first commit", PATIENCE, || mark.exists().then_some(()));
    third.kill();
    let fourth = setup.start(&[]);
    wait_for("all events", PATIENCE, || (consumed(dir.path()) >= EVENTS).then_some(()));
    for worker in [second, fourth] {
        worker.terminate();
        let (status, log) = worker.wait();
        assert!(status.success(), "{log}");
    }
    Tables::open(dir.path()).hold(EVENTS);
    engines::agree(dir.path());
}

#[test]
fn a_broker_that_goes_and_comes_back_costs_nothing() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let mut broker = Broker::start(&libs).unwrap();
    let none = BTreeMap::new();
    create_topic(&broker.address(), &none, 2);
    produce(&broker.address(), &none, 2, 0..2_000);
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(dir.path(), &broker.address());
    setup.property("session.timeout.ms", "6000");
    // In the middle of the work: a batch is stopped just before its commit while the broker dies.
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_FILES, 3);
    let mut worker = setup.start_with(&[], &failpoints.replace("return", "1*return"));
    wait_for("the worker's fourth batch", PATIENCE, || mark.exists().then_some(()));
    broker.kill();
    std::fs::remove_file(&mark).unwrap();
    worker.wait_for_words("start the broker or correct kafka.bootstrap", 1);
    broker.resume().unwrap();
    produce(&broker.address(), &none, 2, 2_000..3_000);
    wait_for("all events", PATIENCE, || (consumed(dir.path()) >= 3_000).then_some(()));
    assert!(worker.is_running());
    // And with nothing to do.
    let troubles = worker.said().matches("start the broker or correct kafka.bootstrap").count();
    broker.kill();
    worker.wait_for_words("start the broker or correct kafka.bootstrap", troubles + 1);
    broker.resume().unwrap();
    produce(&broker.address(), &none, 2, 3_000..3_100);
    wait_for("the last events", PATIENCE, || (consumed(dir.path()) >= 3_100).then_some(()));
    worker.terminate();
    let (status, log) = worker.wait();
    assert!(status.success(), "{log}");
    Tables::open(dir.path()).hold(3_100);
}

/// The last offset of each partition is a transaction's mark, which no consumer is ever handed.
#[test]
fn topics_that_end_with_a_transaction_are_read_to_their_end() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let broker = Broker::start(&libs).unwrap();
    let none = BTreeMap::new();
    let other = "feedback.other";
    create_topic(&broker.address(), &none, 1);
    create_topic_named(&broker.address(), &none, other, 1);
    let numbers = |from: u64| (from..100).step_by(2).map(|number| (0, events::payload(number)));
    produce_in_a_transaction(&broker.address(), events::TOPIC, numbers(0));
    produce_in_a_transaction(&broker.address(), other, numbers(1));
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(dir.path(), &broker.address());
    setup.property("session.timeout.ms", "6000");
    setup.property("statistics.interval.ms", "500");
    setup.set("VERBATIM__KAFKA__TOPICS__SURVEY", other);
    setup.run_to_end();
    Tables::open(dir.path()).hold(100);
}

#[test]
fn wrong_credentials_are_said_so_and_right_ones_work_over_tls() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let (user, password) = ("reader", "correct-horse");
    let scram = Some((user.to_owned(), password.to_owned()));
    let broker = Broker::start_with(&libs, &xtask::broker::Setup { scram, properties: Vec::new() }).unwrap();
    let certificate = broker.certificate().display().to_string();
    let client = BTreeMap::from(
        [
            ("security.protocol", "sasl_ssl"),
            ("sasl.mechanism", "SCRAM-SHA-256"),
            ("sasl.username", user),
            ("sasl.password", password),
            ("ssl.ca.location", &certificate),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    create_topic(&broker.address(), &client, 1);
    produce(&broker.address(), &client, 1, 0..100);

    let dir = tempfile::tempdir().unwrap();
    let setup = |password: &str| {
        let mut setup = Setup::new(dir.path(), &broker.address());
        client.iter().for_each(|(name, value)| setup.property(name, value));
        setup.property("session.timeout.ms", "6000");
        setup.property("sasl.password", password);
        setup
    };
    let (status, log) = setup("wrong-horse").start(&["--stop-at-end"]).wait();
    assert!(!status.success());
    assert!(log.contains("refused the credentials") && log.contains("sasl.password"), "{log}");
    assert!(!log.contains("wrong-horse"), "the password shows: {log}");

    let log = setup(password).run_to_end();
    assert!(!log.contains(password), "the password shows: {log}");
    Tables::open(dir.path()).hold(100);

    // What is delivered goes to the same brokers by the same settings.
    let told = "feedback.told";
    create_topic_named(&broker.address(), &client, told, 1);
    let target = format!("[[target]]\nname = \"topic\"\nkind = \"kafka\"\ntopic = \"{told}\"\n");
    std::fs::write(dir.path().join("deliver.toml"), target).unwrap();
    let mut setup = setup(password);
    setup.set("VERBATIM__DELIVER__FILE", "deliver.toml");
    let output = setup.command(&["deliver", "test", "topic"]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("topic (kafka) took the test message"), "{}", stdout(&output));
    let (_, body, headers) = first_message(&broker.address(), &client, told);
    assert!(body.contains("A test from Verbatim") && headers["verbatim-kind"] == "test", "{body}");
    setup.property("sasl.password", "wrong-horse");
    let output = setup.command(&["deliver", "test", "topic"]).output().unwrap();
    let error = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("refuses the login") && !error.contains("wrong-horse"), "{error}");
}
