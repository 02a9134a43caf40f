//! Each vendor's documented payloads by the way that they come: signed, by token, or handed over as its API answered.

use super::signing::{self, Headers, sign};
use super::{JSON, records};
use crate::program::{stderr, stdout};
use crate::support::http::{Answer, Client};
use crate::support::oracle::Tables;
use crate::support::process::Setup;
use crate::support::skip;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use store::Ledger;

const SECRET: &str = "word";

/// What the connectors are tested with.
macro_rules! golden {
    ($file:literal) => {
        include_str!(concat!("../../crates/connect/tests/golden/", $file))
    };
}

struct Hook {
    vendor: &'static str,
    payload: &'static str,
    /// What it says, as it is found in the tables.
    words: &'static str,
    score: Option<f64>,
    /// Whether it is told when a delivery was signed.
    is_timed: bool,
}

const SIGNED: [Hook; 6] = [
    Hook {
        vendor: "typeform",
        payload: golden!("typeform/response.json"),
        words: "The export, please. It stops at 90 %.",
        score: Some(9.0),
        is_timed: false,
    },
    Hook {
        vendor: "surveymonkey",
        payload: golden!("surveymonkey/webhook_with_answers.json"),
        words: "Fewer clicks, please.",
        score: None,
        is_timed: false,
    },
    Hook {
        vendor: "nps",
        payload: golden!("nps/flat.json"),
        words: "Keep going & thanks!",
        score: Some(9.0),
        is_timed: true,
    },
    Hook {
        vendor: "helpscout",
        payload: golden!("helpscout/rating_great.json"),
        words: "He was really helpful.",
        score: Some(3.0),
        is_timed: false,
    },
    Hook {
        vendor: "zendesk",
        payload: golden!("zendesk/csat_received_bad.json"),
        words: "Nobody answered for two days.",
        score: Some(0.0),
        is_timed: true,
    },
    Hook {
        vendor: "intercom",
        payload: golden!("intercom/rating_added.json"),
        words: "The app signs me out every day.",
        score: Some(2.0),
        is_timed: false,
    },
];

impl Hook {
    /// Sent by nobody who is known but for its headers.
    fn post(&self, client: &Client, headers: &Headers) -> Answer {
        let mut all = vec![("content-type", JSON)];
        all.extend(headers.iter().map(|(name, value)| (*name, value.as_str())));
        client.ask("POST", &address(self.vendor), &all, self.payload.as_bytes()).unwrap()
    }

    fn signed_now(&self) -> Headers {
        sign(self.vendor, SECRET, Utc::now(), self.payload)
    }

    /// Signed in any other way it is refused, and told why.
    fn is_refused_otherwise(&self, client: &Client) {
        let missing = self.post(client, &Vec::new());
        assert!(missing.status == 401 && missing.body.contains("there is no whole signature"), "{missing:?}");
        let wrong = self.post(client, &sign(self.vendor, "another", Utc::now(), self.payload));
        assert!(wrong.status == 401 && wrong.body.contains("the signature is wrong"), "{wrong:?}");
        let changed = self.post(client, &sign(self.vendor, SECRET, Utc::now(), "{}"));
        assert_eq!(changed.status, 401, "of another body: {changed:?}");
        if self.is_timed {
            let old = sign(self.vendor, SECRET, Utc::now() - TimeDelta::minutes(6), self.payload);
            let stale = self.post(client, &old);
            assert!(stale.status == 401 && stale.body.contains("the request is stale"), "{stale:?}");
        }
    }

    /// Its records, which say what it says.
    fn stored(&self, setup: &Setup) -> u64 {
        let records = records(setup, &["--event-source", self.vendor]);
        let says = |record: &Value| record["text"].as_str().unwrap().contains(self.words);
        assert!(records.iter().any(says), "{}: {records:?}", self.vendor);
        if let Some(score) = self.score {
            let gives = |record: &Value| record["score"]["value"].as_f64() == Some(score);
            assert!(records.iter().any(gives), "{}: {records:?}", self.vendor);
        }
        records.len() as u64
    }
}

fn address(vendor: &str) -> String {
    format!("/v1/hooks/{vendor}")
}

fn told(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["status"].clone())
}

/// Tables of their own, with a connection to each of these, which has a secret or none.
fn connected(dir: &std::path::Path, vendors: &[&str], secret: Option<&str>) -> Setup {
    let setup = Setup::without_kafka(dir);
    let mut config = std::fs::read_to_string(dir.join("verbatim.toml")).unwrap();
    for vendor in vendors {
        config += &format!("[vendors.{vendor}]\n");
        config += &secret.map(|secret| format!("secret = \"{secret}\"\n")).unwrap_or_default();
    }
    std::fs::write(dir.join("verbatim.toml"), config).unwrap();
    setup
}

#[test]
fn what_vendors_sign_is_taken_once_and_nothing_else_is() {
    if !signing::is_possible() {
        return skip("there is no openssl here to sign with");
    }
    let dir = tempfile::tempdir().unwrap();
    let setup = connected(dir.path(), &SIGNED.map(|hook| hook.vendor), Some(SECRET));
    let served = setup.serve();
    let vendors = served.client("");
    for hook in SIGNED {
        hook.is_refused_otherwise(&vendors);
        let taken = hook.post(&vendors, &hook.signed_now());
        assert_eq!(told(&taken), (202, json!("accepted")), "{}: {taken:?}", hook.vendor);
        let again = hook.post(&vendors, &hook.signed_now());
        assert_eq!(told(&again), (200, json!("duplicate")), "{}: {again:?}", hook.vendor);
    }
    served.stop();
    let facts = SIGNED.iter().map(|hook| hook.stored(&setup)).sum();
    assert_eq!(Tables::open(dir.path()).ledger(), Ledger { facts, ..Ledger::default() });

    // A process that knows nothing of these deliveries takes them again, and the tables know them.
    let served = setup.serve();
    for hook in SIGNED {
        let taken = hook.post(&served.client(""), &hook.signed_now());
        assert_eq!(told(&taken), (202, json!("accepted")), "{}: {taken:?}", hook.vendor);
    }
    served.stop();
    let expected = Ledger { facts, duplicates: facts, ..Ledger::default() };
    assert_eq!(Tables::open(dir.path()).ledger(), expected);
}

#[test]
fn a_hook_that_names_a_response_alone_takes_nothing() {
    if !signing::is_possible() {
        return skip("there is no openssl here to sign with");
    }
    let dir = tempfile::tempdir().unwrap();
    let setup = connected(dir.path(), &["surveymonkey"], Some(SECRET));
    let served = setup.serve();
    let completed = golden!("surveymonkey/webhook_completed.json");
    let hook = Hook { payload: completed, words: "", score: None, ..SIGNED[1] };
    let answer = hook.post(&served.client(""), &hook.signed_now());
    assert_eq!((answer.status, answer.json()), (200, json!({ "status": "ignored", "reason": "ids_only" })));
    served.stop();
    assert_eq!(Tables::open(dir.path()).ledger(), Ledger::default());
}

#[test]
fn what_vendors_do_not_sign_needs_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let setup = connected(dir.path(), &["freshdesk", "trustpilot"], None);
    let (token, viewer) = (setup.token("vendors", "sender"), setup.token("jane", "viewer"));
    let served = setup.serve();
    let client = served.client(&token);
    let posted = golden!("freshdesk/posted_by_rule.json");
    // The first of them cannot be read, and the last is no feedback.
    let several = golden!("trustpilot/events_one_broken.json");
    for (vendor, payload) in [("freshdesk", posted), ("trustpilot", several)] {
        let post = |client: &Client| client.post(&address(vendor), JSON, payload.as_bytes()).unwrap();
        assert_eq!(post(&served.client("")).status, 401, "{vendor}");
        assert_eq!(post(&served.client(&viewer)).status, 403, "{vendor}");
        let taken = post(&client);
        assert_eq!(taken.status, 202, "{vendor}: {taken:?}");
        if vendor == "trustpilot" {
            let items = taken.json()["items"].as_array().unwrap().clone();
            let statuses: Vec<&Value> = items.iter().map(|item| &item["status"]).collect();
            assert_eq!(statuses, ["dead_letter", "accepted", "ignored"]);
        }
        assert_eq!(told(&post(&client)), (200, json!("duplicate")), "{vendor}");
    }
    served.stop();
    let expected = Ledger { facts: 2, dead_letters: 1, ..Ledger::default() };
    assert_eq!(Tables::open(dir.path()).ledger(), expected);
    let review = records(&setup, &["--event-source", "trustpilot"]).remove(0);
    assert_eq!((&review["text"], &review["score"]["value"]), (&json!("Solid, but pricey."), &json!(4.0)));
    let ticket = records(&setup, &["--event-source", "freshdesk"]).remove(0);
    assert_eq!(ticket["text"], "Where is the invoice of February?");
    let letters = stdout(&setup.command(&["dead-letters", "list", "--json"]).output().unwrap());
    assert!(letters.contains("out_of_range") && letters.contains("eventData.stars"), "{letters}");
}

#[test]
fn what_an_api_answered_is_the_same_by_http_and_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let setup = Setup::without_kafka(dir.path());
    let token = setup.token("polls", "sender");
    // Of each, what is feedback in it, what is none, and words of it.
    let answers = [
        ("app-store", golden!("app-store/review.json"), 1, 0, "Crashes since 5.12."),
        ("google-play", golden!("google-play/page.json"), 1, 1, "Kan inte logga in efter uppdateringen"),
        ("x", golden!("x/page.json"), 1, 1, "why is the export so slow"),
        ("reddit", golden!("reddit/thread.json"), 3, 0, "Since last week. Anybody else?"),
    ];
    let served = setup.serve();
    let client = served.client(&token);
    for (vendor, answer, sound, ignored, _) in answers {
        // Whoever polls sends the same again.
        for _ in 0..2 {
            let path = format!("/v1/import/{vendor}");
            let receipt = client.post(&path, JSON, answer.as_bytes()).unwrap();
            assert_eq!(receipt.status, 202, "{vendor}: {receipt:?}");
            let receipt = receipt.json();
            let figures = ["accepted", "ignored", "refused"].map(|figure| receipt[figure].as_u64().unwrap());
            assert_eq!(figures, [sound, ignored, 0], "{vendor}: {receipt}");
        }
    }
    served.stop();
    for (vendor, answer, ..) in answers {
        let file = format!("{vendor}.json");
        std::fs::write(dir.path().join(&file), answer).unwrap();
        let output = setup.command(&["import", &file, "--as", vendor]).output().unwrap();
        assert!(output.status.success(), "{vendor}: {}", stderr(&output));
    }
    for (vendor, _, sound, _, words) in answers {
        let stored = records(&setup, &["--event-source", vendor]);
        assert_eq!(stored.len() as u64, sound, "{vendor}: {stored:?}");
        let says = |record: &Value| record["text"].as_str().unwrap().contains(words);
        assert!(stored.iter().any(says), "{vendor}: {stored:?}");
    }
    let facts = answers.iter().map(|(_, _, sound, ..)| sound).sum();
    let ignored = answers.iter().map(|(_, _, _, ignored, _)| ignored).sum();
    // By HTTP what is no feedback is told and not kept.
    let expected = Ledger { facts, duplicates: 2 * facts, ignored, ..Ledger::default() };
    assert_eq!(Tables::open(dir.path()).ledger(), expected);
}
