//! What leaves to Kafka: decisions and changes of cases for programs, and messages of deliveries. From a real topic to
//! real topics, through kills, and while a broker or a topic is not there.

mod said;
mod stage;

use crate::support::broker::{mock, shared};
use crate::support::hook::Hook;
use crate::support::process::PATIENCE;
use crate::support::{tool, wait_for};
use feedback::span::Span;
use rdkafka::types::RDKafkaRespErr::{
    RD_KAFKA_RESP_ERR_NO_ERROR as ALLOWED, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED as FORBIDDEN,
};
use said::{CHANGES, HOST, IDS, LATE, MAIN, WORDS};
use serde_json::{Value, json};
use stage::{LEAVING, Stage, WRITTEN, stop};
use std::collections::BTreeSet;
use xtask::broker::Broker;

#[test]
fn what_was_decided_and_what_becomes_of_cases_is_told_once_and_in_its_order() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let broker = shared(&libs);
    let stage = Stage::new("once", &broker.address());
    stage.make_topics(&LEAVING);
    stage.begin();
    stage.consume(&MAIN);
    let mut serve = stage.serve("");
    serve.wait_for_words(WRITTEN, 1);
    let case = stage.login();
    stage.wait_for_told(&case, 1);
    stop(serve);
    stage.hold_decisions(&IDS, 1);
    assert_eq!(stage.messages("cases").len(), CHANGES);

    // Somebody takes it up, somebody else reports it too, and it is done.
    stage.run(&["cases", "acknowledge", &case, "--by", "ann"]);
    stage.import(&[LATE]);
    stage.run(&["cases", "update"]);
    stage.run(&["cases", "resolve", &case, "--by", "ann"]);
    let mut serve = stage.serve("");
    serve.wait_for_words(WRITTEN, 1);
    stage.wait_for_told(&case, 2);
    stop(serve);
    decisions_are_whole(&stage);
    cases_are_whole(&stage, &case);
    deliveries_are_whole(&stage, &case);
}

/// Every field has been seen with something in it, and the spans lead to what the rule asks for.
fn decisions_are_whole(stage: &Stage) {
    let told = stage.hold_decisions(&["1", "2", "3", "4", "5", "6"], 1);
    let of = |id: &str, names: [&str; 4]| names.map(|name| told[id][name].clone());
    assert_eq!(of("1", ["rule", "owner", "priority", "queue"]), ["planted", "desk", "P1", "desk"]);
    assert_eq!(of("4", ["rule", "owner", "priority", "queue"]), ["money", "cash", "P2", "review"]);
    assert_eq!(of("5", ["rule", "owner", "priority", "queue"]), ["fallback", "desk", "P4", "rest"]);
    assert_eq!(["1", "4", "5"].map(|id| told[id]["confidence"].clone()), ["high", "low", "low"]);
    assert_eq!((&told["1"]["unsure"], &told["4"]["unsure"]), (&Value::Null, &json!("topics")));
    assert_eq!((&told["1"]["labels"], &told["1"]["actions"]), (&json!(["access", "seen"]), &json!(["desk"])));
    assert!(told["1"]["rules"].as_str().unwrap().starts_with("mine:"), "{told:?}");

    // The words that no message has were there to be told.
    let decided = stage.tables().decided();
    let planted: Vec<_> = decided.values().filter(|one| one.told["rule"] == "planted").collect();
    assert_eq!(planted.len(), 4);
    for one in planted {
        let spans: Vec<Span> = serde_json::from_value(one.told["spans"].clone()).unwrap();
        let found: Vec<&str> = spans.iter().map(|span| span.of(&one.body)).collect();
        assert_eq!(found, ["zeppelin"]);
        assert!(one.body.contains(WORDS), "{}", one.body);
    }
    assert!(decided.values().any(|one| one.body.ends_with("write to [email]")), "the planted address");
}

fn cases_are_whole(stage: &Stage, case: &str) {
    let told = stage.hold_cases();
    assert_eq!(stage.messages("cases").len(), CHANGES + 3, "each once");
    assert_eq!(steps(&told[case]), ["opened", "joined", "joined", "acknowledged", "joined", "resolved"]);
    let early: Vec<&String> = told.keys().filter(|known| *known != case).collect();
    assert_eq!((early.len(), steps(&told[early[0]])), (1, vec!["joined"]), "it was open before");
    let opened = &told[case][0];
    let common = ["owner", "topic", "kind"].map(|name| opened[name].as_str().unwrap());
    assert_eq!(common, ["desk", "login_access", "bug"]);

    let resolved = &told[case][5];
    assert_eq!(["by", "record"].map(|name| resolved[name].clone()), [json!("ann"), Value::Null]);
    let tell = resolved["tell"].as_array().unwrap();
    let ids: BTreeSet<&str> = tell.iter().map(|one| one["native_id"].as_str().unwrap()).collect();
    assert_eq!((tell.len(), ids), (4, BTreeSet::from(["1", "2", "3", "6"])));
    let names = tell.iter().flat_map(|one| one["names"].as_array().unwrap());
    assert!(names.clone().count() >= 4 && names.clone().all(|name| name.as_str().unwrap().starts_with("a_")));
    let people: BTreeSet<String> = names.map(Value::to_string).collect();
    assert_eq!(people.len(), 3, "jane twice, joe and lee: {resolved}");
}

fn steps(changes: &[Value]) -> Vec<&str> {
    changes.iter().map(|change| change["step"].as_str().unwrap()).collect()
}

/// The target of kind "kafka": keyed by the case, and each with a key of its own.
fn deliveries_are_whole(stage: &Stage, case: &str) {
    let told = stage.wait_for_told(case, 2);
    let keys: BTreeSet<&str> = told.iter().map(|message| message.header("idempotency-key")).collect();
    assert_eq!((told.len(), keys.len()), (2, 2), "each once");
    for (message, title) in told.iter().zip(["New case: ", "Resolved: "]) {
        let body: Value = serde_json::from_str(&message.body).unwrap();
        assert!(body["title"].as_str().unwrap().starts_with(title), "{body}");
        assert_eq!(body["key"], message.header("idempotency-key"));
        assert_eq!(message.header("verbatim-kind"), "case");
        assert!(!message.body.contains(HOST), "{body}");
    }
}

#[test]
fn who_is_killed_while_writing_loses_nothing_and_repeats_with_the_same_keys() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let broker = shared(&libs);
    let stage = Stage::new("killed", &broker.address());
    stage.make_topics(&LEAVING);
    stage.begin();
    stage.import(&MAIN);
    let counts = || ["triaged", "cases"].map(|of| stage.messages(of).len());
    // All decisions are there, and it is not noted.
    stage.kill_behind(IDS.len() - 1);
    assert_eq!(counts(), [IDS.len(), 0]);
    // All of them again and noted, and half of what became of cases.
    stage.kill_behind(IDS.len() + CHANGES / 2 - 1);
    assert_eq!(counts(), [2 * IDS.len(), CHANGES / 2]);
    stage.serve_until(WRITTEN);
    let all = [2 * IDS.len(), CHANGES / 2 + CHANGES];
    assert_eq!(counts(), all);
    stage.hold_decisions(&IDS, 2);
    stage.hold_cases();
    stage.serve_until("topics: nothing to do");
    assert_eq!(counts(), all, "what was noted is not written again");
}

#[test]
fn a_topic_that_cannot_be_written_is_told_and_holds_up_nothing_else() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    // Nothing listens there. It takes longest to be sure of that.
    let hook = Hook::start(&[]);
    let mut gone = Stage::new("gone", "127.0.0.1:1");
    gone.deliver_to(&format!(
        "kind = \"webhook\"\nurl = \"http://{}/hook\"\nsecret = \"0123456789abcdef\"\n\
         allow_private = \"127.0.0.1\"\n",
        hook.address
    ));
    gone.begin();
    gone.import(&MAIN);
    let mut of_gone = gone.serve("");
    // The broker is there, the topics are not.
    let broker = shared(&libs);
    let missing = Stage::new("missing", &broker.address());
    missing.make_topics(&["told"]);
    missing.begin();
    missing.import(&MAIN);
    let mut of_missing = missing.serve("");

    // They are there, and somebody else's.
    let mock = mock(1);
    let forbidden = Stage::new("forbidden", &mock.bootstrap_servers());
    LEAVING.iter().for_each(|of| mock.create_topic(&forbidden.topic(of), 3, 3).unwrap());
    mock.topic_error(&forbidden.topic("triaged"), FORBIDDEN).unwrap();
    forbidden.begin();
    forbidden.import(&MAIN);
    let mut of_forbidden = forbidden.serve("");
    let told = "this user may not write to the topic forbidden.triaged: give it the right to";
    of_forbidden.wait_for_words(told, 1);
    stop(of_forbidden);
    mock.topic_error(&forbidden.topic("triaged"), ALLOWED).unwrap();
    catches_up(&forbidden, &IDS);

    let told = format!("the brokers at {} have no topic missing.triaged: make it, or", broker.address());
    of_missing.wait_for_words(&told, 1);
    assert!(!of_missing.said().contains("rolled up: "), "{}", of_missing.said());
    missing.consume(&[LATE]);
    of_missing.wait_for_words("rolled up: ", 1);
    stop(of_missing);
    missing.make_topics(&["triaged", "cases"]);
    catches_up(&missing, &["1", "2", "3", "4", "5", "6"]);

    wait_for("the message about the case", PATIENCE, || (!hook.heard().is_empty()).then_some(()));
    let told = "the topic gone.triaged could not be written, and nothing of it is lost: nothing listens at \
                127.0.0.1:1; see `verbatim doctor`";
    of_gone.wait_for_words(told, 1);
    stop(of_gone);
    gone.move_to(&broker.address());
    gone.make_topics(&LEAVING);
    catches_up(&gone, &IDS);
}

/// All that could not be written is written now, once.
fn catches_up(stage: &Stage, ids: &[&str]) {
    stage.serve_until(WRITTEN);
    stage.hold_decisions(ids, 1);
    let told: usize = stage.hold_cases().values().map(Vec::len).sum();
    assert_eq!((told, stage.messages("cases").len()), (CHANGES + ids.len() - IDS.len(), told));
}

#[test]
fn a_broker_that_comes_back_gets_what_has_waited_without_a_restart() {
    let Some(libs) = tool("VERBATIM_TEST_KAFKA") else { return };
    let mut broker = Broker::start(&libs).unwrap();
    let stage = Stage::new("back", &broker.address());
    stage.make_topics(&LEAVING);
    stage.begin();
    stage.import(&MAIN);
    broker.kill();
    let mut serve = stage.serve("");
    // The last job before the topics.
    serve.wait_for_words("digest: nothing to do", 1);
    assert!(!serve.said().contains("topics: "), "{}", serve.said());
    broker.resume().unwrap();
    serve.wait_for_words(WRITTEN, 1);
    let case = stage.login();
    stage.wait_for_told(&case, 1);
    stop(serve);
    stage.hold_decisions(&IDS, 1);
    assert_eq!(stage.hold_cases()[&case].len(), 3);
}
