//! The gateway as senders know it: what it calls accepted is in the tables once, whatever is killed meanwhile; what it has no
//! room for it says so; and nobody fills its memory.

mod sending;
mod signing;
mod vendors;

use crate::program::{json_lines, stdout, with_stdin};
use crate::support::broker::{self, create_topic_named, produce_to};
use crate::support::http::{Answer, Client};
use crate::support::oracle::Tables;
use crate::support::process::{PATIENCE, Setup};
use crate::support::{events, tool, wait_for};
use sending::{Sending, batch};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::mpsc;
use store::Ledger;

/// A vendor's documented payloads, as its connector is tested with them.
const TICKET: &str = include_str!("../crates/connect/tests/golden/zendesk/ticket_created.json");
const OF_A_USER: &str = include_str!("../crates/connect/tests/golden/zendesk/user_event.json");
const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

#[test]
fn what_is_accepted_is_there_once_however_often_the_process_is_killed() {
    const EVENTS: u64 = 4_000;
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::without_kafka(dir.path());
    // The commits of the intake alone pass the points below.
    setup.set("VERBATIM__WORKER__ROLLUP_EVERY", "0s");
    let token = setup.token("shop", "sender");
    let sending = Sending::new(EVENTS, &token);
    std::thread::scope(|scope| {
        sending.start(scope);
        for edge in [
            worker::failpoints::AFTER_ANALYSIS,
            worker::failpoints::AFTER_FILES,
            store::failpoints::FILES_PUT,
            store::failpoints::LOGGED,
            worker::failpoints::AFTER_COMMIT,
        ] {
            // In the middle of its third commit, so that some of what it took before is acknowledged.
            let (failpoints, mark) = setup.stop_at(edge, 2);
            let mut served = setup.serve_with(&failpoints);
            sending.go_to(served.address);
            wait_for(&format!("the server to reach {edge}"), PATIENCE, || {
                assert!(served.process.is_running(), "it ended before {edge}");
                mark.exists().then_some(())
            });
            served.process.kill();
        }
        let served = setup.serve();
        sending.go_to(served.address);
        sending.wait_for_all();
        served.stop();
    });
    Tables::open(dir.path()).hold_taken(EVENTS, sending.sent_again());
}

#[test]
fn what_is_accepted_is_in_kafka_and_the_worker_finds_it_once() {
    const EVENTS: u64 = 4_000;
    const TOPIC: &str = "gateway.nps";
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let broker = broker::shared(&libs);
    create_topic_named(&broker.address(), &BTreeMap::new(), TOPIC, 3);
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(dir.path(), &broker.address());
    setup.set("VERBATIM__KAFKA__TOPICS__NPS", TOPIC);
    setup.set("VERBATIM__GATEWAY__INTO", "kafka");
    let token = setup.token("shop", "sender");
    let sending = Sending::new(EVENTS, &token);
    let worker = std::thread::scope(|scope| {
        sending.start(scope);
        let worker = setup.start(&[]);
        for quarter in 1..=3 {
            let mut served = setup.serve();
            sending.go_to(served.address);
            sending.wait_for(events::sound(EVENTS) * quarter / 4);
            served.process.kill();
        }
        let served = setup.serve();
        sending.go_to(served.address);
        sending.wait_for_all();
        served.stop();
        worker
    });
    worker.terminate();
    let (status, log) = worker.wait();
    assert!(status.success(), "{log}");
    setup.run_to_end();
    Tables::open(dir.path()).hold_taken(EVENTS, sending.sent_again());
}

#[test]
fn whoever_finds_no_room_is_told_to_come_again() {
    const BATCH: u64 = 80;
    const SENDERS: u64 = 8;
    let dir = tempfile::tempdir().unwrap();
    let mut setup = Setup::without_kafka(dir.path());
    setup.set("VERBATIM__GATEWAY__WAITING", "64KiB");
    setup.set("VERBATIM__WORKER__ROLLUP_EVERY", "0s");
    let (token, viewer) = (setup.token("shop", "sender"), setup.token("jane", "viewer"));
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_FILES, 0);
    let served = setup.serve_with(&failpoints.replace("return", "1*return"));
    let (client, viewer) = (served.client(&token), served.client(&viewer));
    let (tell, refusals) = mpsc::channel();
    std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (client, tell) = (&client, tell.clone());
            scope.spawn(move || until_accepted(client, &batch(sender * BATCH..(sender + 1) * BATCH), &tell));
        }
        // What the tables do not take waits, up to the limit, and the rest is sent away.
        let refusal: Answer = refusals.recv_timeout(PATIENCE).unwrap();
        let seconds: u64 = refusal.headers["retry-after"].parse().unwrap();
        assert!((1..=30).contains(&seconds), "{refusal:?}");
        assert_eq!(refusal.headers["content-type"], "application/problem+json");
        let metrics = viewer.get("/metrics").unwrap().body;
        let waiting = metrics.lines().find_map(|line| line.strip_prefix("verbatim_gateway_waiting_bytes "));
        let waiting: u64 = waiting.unwrap().parse().unwrap();
        assert!(waiting > 0 && waiting <= 64 << 10, "{waiting}");
        wait_for("the first batch to stop", PATIENCE, || mark.exists().then_some(()));
        std::fs::remove_file(&mark).unwrap();
    });
    served.stop();
    Tables::open(dir.path()).hold_taken(SENDERS * BATCH, SENDERS * BATCH);
}

/// Sends a batch again and again, as its sender is told to, until it is taken; tells of each time that it was not.
fn until_accepted(client: &Client, batch: &[u8], refused: &mpsc::Sender<Answer>) {
    wait_for("a batch to be accepted", PATIENCE, || {
        let answer = client.post("/v1/events", LINES, batch).unwrap();
        match answer.status {
            202 => return Some(()),
            // Nobody may listen any more.
            429 => drop(refused.send(answer)),
            503 => {}
            other => panic!("{other}: {}", answer.body),
        }
        None
    });
}

#[test]
fn a_body_that_unpacks_to_a_gigabyte_is_refused_in_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::without_kafka(dir.path());
    let token = setup.token("shop", "sender");
    let served = setup.serve();
    served.wait_until_ready();
    let client = served.client(&token);
    let packed = with_stdin(Command::new("gzip").arg("-c"), &vec![b' '; 16 << 20]).stdout;
    let bomb = packed.repeat(64);
    assert!(bomb.len() < 2 << 20, "it is small as it is sent: {}", bomb.len());
    let before = served.process.peak_memory();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let headers = [("content-type", JSON), ("content-encoding", "gzip")];
                let answer = client.ask("POST", "/v1/events", &headers, &bomb).unwrap();
                assert!([413, 429].contains(&answer.status), "{answer:?}");
            });
        }
    });
    let grown = served.process.peak_memory().saturating_sub(before);
    assert!(grown < 256 << 10, "{grown} KiB more for six times a gigabyte");
    let answer = client.post("/v1/events", JSON, &events::payload(0)).unwrap();
    assert_eq!(answer.status, 202, "{answer:?}");
    served.stop();
    Tables::open(dir.path()).hold_taken(1, 0);
}

#[test]
fn without_brokers_it_is_not_ready_and_pages_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let mock = broker::mock(1);
    let mut setup = Setup::new(dir.path(), &mock.bootstrap_servers());
    setup.set("VERBATIM__GATEWAY__INTO", "kafka");
    let (token, viewer) = (setup.token("shop", "sender"), setup.token("jane", "viewer"));
    let served = setup.serve();
    served.wait_until_ready();
    (1..=3).for_each(|broker| mock.broker_down(broker).unwrap());
    let viewer = served.client(&viewer);
    let check = wait_for("the brokers to be missed", PATIENCE, || {
        let ready = viewer.get("/readyz").unwrap();
        let check = ready.json()["checks"]["kafka"].clone();
        (check["ok"] == false).then_some((ready.status, check))
    });
    let detail = check.1["detail"].as_str().unwrap();
    assert!(check.0 == 503 && detail.starts_with("unreachable"), "{check:?}");
    assert_eq!(viewer.get("/feedback").unwrap().status, 200);
    (1..=3).for_each(|broker| mock.broker_up(broker).unwrap());
    served.wait_until_ready();
    let taken = served.client(&token).post("/v1/events", JSON, &events::payload(0)).unwrap();
    assert_eq!(taken.status, 202, "{taken:?}");
    served.stop();
}

#[test]
fn a_topic_may_carry_what_a_vendor_sends() {
    let dir = tempfile::tempdir().unwrap();
    let mock = broker::mock(1);
    mock.create_topic("desk.events", 1, 3).unwrap();
    let setup = Setup::new(dir.path(), &mock.bootstrap_servers());
    let config = std::fs::read_to_string(dir.path().join("verbatim.toml")).unwrap();
    let vendors = "[kafka.vendors]\n\"desk.events\" = { format = \"zendesk\", source = \"desk-eu\" }\n";
    std::fs::write(dir.path().join("verbatim.toml"), config + vendors).unwrap();
    let none = BTreeMap::new();
    let payloads = [TICKET, TICKET, OF_A_USER, "{\"id\": "].map(|payload| (0, payload.as_bytes().to_vec()));
    produce_to(&mock.bootstrap_servers(), &none, "desk.events", payloads.into_iter());
    broker::produce(&mock.bootstrap_servers(), &none, 1, 0..3);
    setup.run_to_end();
    // Three of ours and a ticket, twice; what is no feedback; and what is no JSON.
    let expected = Ledger { facts: 4, duplicates: 1, ignored: 1, dead_letters: 1, ..Ledger::default() };
    assert_eq!(Tables::open(dir.path()).ledger(), expected);
    let tickets = records(&setup, &["--event-source", "desk-eu"]);
    assert_eq!(tickets.len(), 1);
    assert!(tickets[0].to_string().contains("The export stops at 90 %"), "{}", tickets[0]);
}

#[test]
fn what_a_vendors_api_answered_is_taken_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::without_kafka(dir.path());
    let (token, viewer) = (setup.token("shop", "sender"), setup.token("jane", "viewer"));
    let served = setup.serve();
    let client = served.client(&token);
    let page = json!({ "data": [
        review("r1", &json!(1), "Crashes when I open a board"),
        review("r2", &json!(5), "Best update so far"),
        review("r3", &json!("many"), "Nobody knows how many stars"),
    ]});
    let page = page.to_string().into_bytes();
    let path = "/v1/import/app-store?product=Larchdeck";
    let receipt = client.post(path, JSON, &page).unwrap();
    assert_eq!(receipt.status, 202, "{receipt:?}");
    let receipt = receipt.json();
    assert_eq!((&receipt["accepted"], &receipt["refused"]), (&json!(2), &json!(1)), "{receipt}");
    assert_eq!(receipt["items"][2]["status"], "refused");
    // Whoever polls sends the same again.
    assert_eq!(client.post(path, JSON, &page).unwrap().status, 202);
    assert_eq!(client.post("/v1/import/nobody", JSON, &page).unwrap().status, 404);
    let other = client.post("/v1/import/app-store?kind=ticket", JSON, &page).unwrap();
    assert_eq!(other.status, 400, "{other:?}");
    assert_eq!(served.client(&viewer).post(path, JSON, &page).unwrap().status, 403);
    assert_eq!(served.client("").post(path, JSON, &page).unwrap().status, 401);
    served.stop();
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!(ledger, Ledger { facts: 2, duplicates: 2, ..Ledger::default() });
    let reviews = records(&setup, &["--product", "Larchdeck", "--event-source", "app-store"]);
    assert_eq!(reviews.len(), 2);
}

#[test]
fn a_webhook_that_cannot_be_read_is_kept_for_somebody_to_look_at() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::without_kafka(dir.path());
    let config = std::fs::read_to_string(dir.path().join("verbatim.toml")).unwrap();
    let vendors = "[vendors.desk-eu]\nvendor = \"zendesk\"\n";
    std::fs::write(dir.path().join("verbatim.toml"), config + vendors).unwrap();
    let token = setup.token("zendesk", "sender");
    let served = setup.serve();
    let client = served.client(&token);
    let post = |payload: &str| client.post("/v1/hooks/desk-eu", JSON, payload.as_bytes()).unwrap();
    let answers = [TICKET, TICKET, "{\"ticket\": "].map(post);
    let told: Vec<(u16, Value)> =
        answers.iter().map(|answer| (answer.status, answer.json()["status"].clone())).collect();
    assert_eq!(told, [(202, json!("accepted")), (200, json!("duplicate")), (202, json!("dead_letter"))]);
    assert_eq!(served.client("").post("/v1/hooks/desk-eu", JSON, TICKET.as_bytes()).unwrap().status, 401);
    served.stop();
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.duplicates, ledger.dead_letters), (1, 0, 1));
    let letters = setup.command(&["dead-letters", "list", "--json"]).output().unwrap();
    assert!(stdout(&letters).contains("invalid_json"), "{}", stdout(&letters));
}

fn review(id: &str, stars: &Value, body: &str) -> Value {
    json!({
        "type": "customerReviews", "id": id, "attributes": {
            "rating": stars, "title": "After the update", "body": body, "reviewerNickname": "Zyglo Wathrix",
            "createdDate": "2026-03-02T10:00:00-07:00", "territory": "DEU",
        },
    })
}

/// The records of March 2026, of which the payloads here are.
fn records(setup: &Setup, filter: &[&str]) -> Vec<Value> {
    let args = ["report", "--records", "--json", "--from", "2026-03-01", "--to", "2026-03-31"];
    let output = setup.command(&args).args(filter).output().unwrap();
    json_lines(&output).remove(0).as_array().unwrap().clone()
}
