//! Tables of one test with topics of their own: how something comes to be written there, and what then has to stand in
//! them.

use super::said::{EARLY, HOST, OTHER_WORDS, RULES, Said, WORDS, event, rows};
use crate::program::{stderr, stdout};
use crate::support::broker::{Received, all_messages, create_topic_named, produce_to};
use crate::support::oracle::Tables;
use crate::support::process::{PATIENCE, Setup, Worker};
use crate::support::wait_for;
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// So the program's `topics.rs` calls the point behind each message: acknowledged, and nothing of it noted.
const SENT: &str = "topics_sent";
/// What `verbatim serve` says where it had something to write, and wrote it all.
pub const WRITTEN: &str = "changes of cases written";
/// What leaves: decisions, cases, and what is delivered.
pub const LEAVING: [&str; 3] = ["triaged", "cases", "told"];

pub struct Stage {
    pub setup: Setup,
    name: &'static str,
    brokers: String,
    /// It goes with the test.
    _dir: tempfile::TempDir,
}

impl Stage {
    /// Nothing is connected to, and no topic is made.
    pub fn new(name: &'static str, brokers: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let setup = Setup::new(dir.path(), brokers);
        let mut stage = Self { setup, name, brokers: brokers.to_owned(), _dir: dir };
        std::fs::write(stage.setup.dir.join("rules.toml"), RULES).unwrap();
        let told = stage.topic("told");
        stage.deliver_to(&format!("kind = \"kafka\"\ntopic = \"{told}\"\n"));
        let (input, triaged, cases) = (stage.topic("in"), stage.topic("triaged"), stage.topic("cases"));
        for (setting, value) in [
            ("KAFKA__GROUP", name),
            ("KAFKA__TOPICS__NPS", input.as_str()),
            ("TRIAGE__RULES", "rules.toml"),
            ("TRIAGE__TOPIC", triaged.as_str()),
            ("CASES__TOPIC", cases.as_str()),
            ("CASES__TO", "desk"),
            ("DELIVER__FILE", "deliver.toml"),
            ("WORKER__ROLLUP_EVERY", "1s"),
            ("LOG__LEVEL", "info,verbatim=debug"),
        ] {
            stage.setup.set(&format!("VERBATIM__{setting}"), value);
        }
        stage
    }

    /// What the target `desk` is, which hears of cases.
    pub fn deliver_to(&self, target: &str) {
        let target = format!("[[target]]\nname = \"desk\"\n{target}");
        std::fs::write(self.setup.dir.join("deliver.toml"), target).unwrap();
    }

    /// From now on its topics are there.
    pub fn move_to(&mut self, brokers: &str) {
        brokers.clone_into(&mut self.brokers);
        self.setup.set("VERBATIM__KAFKA__BOOTSTRAP", brokers);
    }

    pub fn topic(&self, of: &str) -> String {
        format!("{}.{of}", self.name)
    }

    pub fn make_topics(&self, of: &[&str]) {
        for of in of {
            create_topic_named(&self.brokers, &BTreeMap::new(), &self.topic(of), 3);
        }
    }

    /// What a command prints that succeeds.
    pub fn run(&self, args: &[&str]) -> String {
        let output = self.setup.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    }

    /// From a file.
    pub fn import(&self, said: &[Said]) {
        let file = format!("{}.csv", said[0].0);
        std::fs::write(self.setup.dir.join(&file), rows(said)).unwrap();
        self.run(&["import", &file, "--kind", "nps", "--source", "crm"]);
    }

    /// Through a topic, which is made for it, and a worker, which leaves the rollup to `verbatim serve`.
    pub fn consume(&self, said: &[Said]) {
        let (topic, none) = (self.topic("in"), BTreeMap::new());
        create_topic_named(&self.brokers, &none, &topic, 1);
        produce_to(&self.brokers, &none, &topic, said.iter().map(|said| (0, event(said))));
        let mut worker = self.setup.command(&["worker", "--stop-at-end"]);
        worker.env("VERBATIM__WORKER__ROLLUP_EVERY", "0s");
        let (status, log) = self.setup.spawn(worker, "").wait();
        assert!(status.success(), "{status}\n{log}");
    }

    pub fn serve(&self, failpoints: &str) -> Worker {
        self.setup.spawn(self.setup.command(&["serve"]), failpoints)
    }

    /// Serves until it has said so.
    pub fn serve_until(&self, words: &str) {
        let mut serve = self.serve("");
        serve.wait_for_words(words, 1);
        stop(serve);
    }

    /// Switches the topics on, where there is a case already that nothing is to be told of but what becomes of it.
    pub fn begin(&self) {
        self.import(&[EARLY]);
        self.serve_until("topics: nothing to do");
    }

    /// Serves, with a message more than so many acknowledged and none of them noted, and is killed there.
    pub fn kill_behind(&self, sent: usize) {
        let (failpoints, mark) = self.setup.stop_at(SENT, u32::try_from(sent).unwrap());
        let mut serve = self.serve(&failpoints);
        wait_for("messages to be acknowledged", PATIENCE, || {
            assert!(serve.is_running(), "it ended before:\n{}", serve.said());
            mark.exists().then_some(())
        });
        serve.kill();
    }

    pub fn messages(&self, of: &str) -> Vec<Received> {
        all_messages(&self.brokers, &self.topic(of))
    }

    pub fn tables(&self) -> Tables {
        Tables::open(&self.setup.dir)
    }

    /// The id of the case about the login.
    pub fn login(&self) -> String {
        let cases = self.run(&["cases", "list", "--topic", "login_access", "--state", "all", "--json"]);
        let cases: Vec<Value> = serde_json::from_str(&cases).unwrap();
        assert_eq!(cases.len(), 1, "{cases:?}");
        cases[0]["id"].as_str().unwrap().to_owned()
    }

    /// Waits for so many messages about a case among what was delivered.
    pub fn wait_for_told(&self, case: &str, count: usize) -> Vec<Received> {
        wait_for("the messages about the case", PATIENCE, || {
            let mut told = self.messages("told");
            told.retain(|message| message.key == case && message.header("verbatim-kind") == "case");
            (told.len() >= count).then_some(told)
        })
    }

    /// Holds the topic of decisions against the columns: those on these records and no other, each so many times, and
    /// the same each time. What is told of each record, by the id that the source has for it.
    pub fn hold_decisions(&self, ids: &[&str], times: usize) -> BTreeMap<String, Value> {
        let (decided, messages) = (self.tables().decided(), self.messages("triaged"));
        assert_private(&messages);
        let mut copies: BTreeMap<&str, Vec<&Received>> = BTreeMap::new();
        for message in &messages {
            copies.entry(message.header("idempotency-key")).or_default().push(message);
        }
        let mut told = BTreeMap::new();
        for (key, same) in copies {
            assert!(key.len() == 32 && same.iter().all(|copy| *copy == same[0]), "{same:?}");
            assert_eq!(same.len(), times, "{same:?}");
            let body: Value = serde_json::from_str(&same[0].body).unwrap();
            assert_eq!(body, decided[&same[0].key].told);
            let before = told.insert(body["native_id"].as_str().unwrap().to_owned(), body);
            assert!(before.is_none(), "told with two keys: {before:?}");
        }
        assert!(told.keys().eq(ids), "{:?}", told.keys());
        told
    }

    /// Holds the topic of cases against their log, from where the topic was switched on: each change of a case in its
    /// order, in one partition, and where one was written again, the same both times. What is told of each case.
    pub fn hold_cases(&self) -> BTreeMap<String, Vec<Value>> {
        let (changes, messages) = (self.tables().changes(), self.messages("cases"));
        assert_private(&messages);
        let mut first: BTreeMap<String, Received> = BTreeMap::new();
        let mut places: BTreeMap<String, i32> = BTreeMap::new();
        let mut told: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for message in messages {
            let place = *places.entry(message.key.clone()).or_insert(message.partition);
            assert_eq!(place, message.partition, "another partition: {message:?}");
            match first.entry(message.header("idempotency-key").to_owned()) {
                Entry::Occupied(known) => assert_eq!(*known.get(), message),
                Entry::Vacant(new) => {
                    let body = serde_json::from_str(&message.body).unwrap();
                    told.entry(message.key.clone()).or_default().push(body);
                    new.insert(message);
                }
            }
        }
        assert_eq!(changes[0]["step"], "opened", "the early case");
        let mut happened: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for change in changes.into_iter().skip(1) {
            happened.entry(change["case"].as_str().unwrap().to_owned()).or_default().push(change);
        }
        assert_eq!(told, happened);
        told
    }
}

/// Ends it as the system does.
pub fn stop(serve: Worker) {
    serve.terminate();
    let (status, log) = serve.wait();
    assert!(status.success(), "{status}\n{log}");
}

/// Nothing that a customer said, and nobody's address, is in any part of a message.
fn assert_private(messages: &[Received]) {
    for message in messages {
        let whole = format!("{message:?}");
        for secret in [WORDS, OTHER_WORDS, HOST] {
            assert!(!whole.contains(secret), "{secret}: {whole}");
        }
    }
}
