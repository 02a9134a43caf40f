//! `verbatim deliver`: the real binary, tables on disk, and receivers that are really there.

use crate::program::{stderr, stdout, verbatim};
use crate::support::broker::{self, first_message};
use crate::support::hook::{Hook, Reply};
use crate::support::process::PATIENCE;
use crate::support::wait_for;
use ::deliver::{Event, Note, failpoints, sign};
use feedback::time::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use store::{DeliveryEvent, Store, StoreOptions};

const SECRET: &str = "0123456789abcdef";

/// A directory with targets, and tables once something is queued.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new(targets: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("deliver.toml"), targets).unwrap();
        std::fs::write(dir.path().join("verbatim.toml"), "[deliver]\nfile = \"deliver.toml\"\n").unwrap();
        Self { dir }
    }

    /// With a target `crm` that is this receiver.
    fn of(hook: &Hook) -> Self {
        Self::new(&format!(
            "[[target]]\nname = \"crm\"\nkind = \"webhook\"\nurl = \"http://{}/hook\"\nsecret = \"{SECRET}\"\n\
             allow_private = \"127.0.0.1\"\ntimeout = \"5s\"\n",
            hook.address
        ))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = verbatim(self.dir.path());
        command.arg("deliver").args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// What a command prints that succeeds.
    fn said(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.said(args)).unwrap()
    }

    /// Queues notes of these ids, as alerts, the digest and cases do.
    fn queue(&self, target: &str, ids: &[&str]) {
        let now = Timestamp::from_datetime(chrono::Utc::now());
        let row = |id: &&str| {
            let note = Note { id: (*id).to_owned(), title: format!("About {id}"), ..Note::test(now) };
            let event = Event::queue(note, target, now, Duration::from_secs(3600));
            DeliveryEvent {
                at: now,
                key: event.key.as_str().to_owned(),
                step: "queued".to_owned(),
                target: Some(target.to_owned()),
                record: None,
                payload: Some(serde_json::to_string(&event).unwrap()),
                quoted: Vec::new(),
            }
        };
        let rows: Vec<DeliveryEvent> = ids.iter().map(row).collect();
        let root = self.dir.path().join("verbatim-data");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = Store::open(&root.to_string_lossy(), StoreOptions::default()).await.unwrap();
            store.append(&rows, None).await.unwrap();
        });
    }
}

#[test]
fn a_target_is_tried_and_what_it_answers_is_told() {
    let hook = Hook::start(&[Reply(204, "", ""), Reply(404, "", "no_such_hook"), Reply(500, "", "")]);
    let desk = Desk::of(&hook);
    let said = desk.said(&["test", "crm"]);
    assert!(said.starts_with("crm (webhook) took the test message, in "), "{said}");
    let heard = hook.heard().remove(0);
    let body: Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!((heard.path.as_str(), &body["kind"]), ("/hook", &"test".into()));
    assert_eq!(heard.headers["idempotency-key"], body["key"].as_str().unwrap());
    let at: i64 = heard.headers["verbatim-timestamp"].parse().unwrap();
    assert_eq!(heard.headers["verbatim-signature"], sign::signature(SECRET, at, &heard.body));

    let refused = desk.run(&["test", "crm"]);
    assert_eq!((refused.status.code(), stdout(&refused).as_str()), (Some(1), ""));
    let error = stderr(&refused);
    assert!(error.contains("127.0.0.1 refused it with 404: no_such_hook; correct the target"), "{error}");

    let broken = desk.run(&["test", "crm", "--json"]);
    assert_eq!(broken.status.code(), Some(1));
    let told: Value = serde_json::from_str(&stdout(&broken)).unwrap();
    assert_eq!((&told["ok"], &told["refusal"]["retryable"]), (&false.into(), &true.into()), "{told}");

    let unknown = desk.run(&["test", "crn"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("did you mean crm?"), "{}", stderr(&unknown));
    assert_eq!(hook.heard().len(), 3);
    assert!(!desk.dir.path().join("verbatim-data").exists(), "a test needs no tables and makes none");
}

#[test]
fn what_stands_in_the_way_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let without = verbatim(dir.path()).args(["deliver", "test", "crm"]).output().unwrap();
    assert_eq!(without.status.code(), Some(1));
    assert!(stderr(&without).contains("name a file with some by deliver.file"), "{}", stderr(&without));

    let hook = Hook::start(&[]);
    let target = |host: &str| {
        format!(
            "[[target]]\nname = \"s\"\nkind = \"webhook\"\nurl = \"https://{host}/hook\"\nsecret = \"env:HOOK_SECRET\"\n"
        )
    };
    let unset = Desk::new(&target("crm.example.com")).run(&["test", "s"]);
    assert!(stderr(&unset).contains("the variable HOOK_SECRET is not set"), "{}", stderr(&unset));
    // Nothing inside is connected to that the target does not name.
    let desk = Desk::new(&target(&hook.address.to_string()));
    let inside = desk.command(&["test", "s"]).env("HOOK_SECRET", SECRET).output().unwrap();
    assert_eq!(inside.status.code(), Some(1));
    let error = stderr(&inside);
    assert!(error.contains("allow_private") && !error.contains(SECRET), "{error}");
    assert!(hook.heard().is_empty());
}

#[test]
fn what_failed_is_listed_and_sent_again_with_the_same_key() {
    let hook = Hook::start(&[Reply(404, "", "no_such_hook")]);
    let desk = Desk::of(&hook);
    desk.queue("crm", &["alert-7"]);
    let waiting = desk.json(&["--json"]);
    assert_eq!((&waiting[0]["state"], &waiting[0]["title"]), (&"waiting".into(), &"About alert-7".into()));
    let key = waiting[0]["key"].as_str().unwrap().to_owned();

    let run = desk.run(&["run", "--json"]);
    assert_eq!(run.status.code(), Some(1), "cron hears of what was given up");
    let counts: Value = serde_json::from_str(&stdout(&run)).unwrap();
    assert_eq!(counts, serde_json::json!({ "delivered": 0, "waiting": 0, "failed": 1 }));
    let listed = desk.said(&["list"]);
    assert!(listed.contains("test to crm  failed ") && listed.contains("  About alert-7\n"), "{listed}");
    assert!(listed.contains("127.0.0.1 refused it with 404: no_such_hook"), "{listed}");
    assert!(
        listed.ends_with("1 failed. After mending what is wrong: verbatim deliver requeue KEY\n"),
        "{listed}"
    );
    assert_eq!(desk.said(&["run"]), "Nothing is due.\n", "what was given up waits for a person");

    let said = desk.said(&["requeue", &key[..12], "--by", "ann"]);
    assert!(said.starts_with("1 delivery is queued again"), "{said}");
    assert_eq!(desk.said(&["run"]), "1 delivered.\n");
    let heard = hook.heard();
    assert_eq!(heard.len(), 2);
    assert!(heard.iter().all(|request| request.headers["idempotency-key"] == key));
    let again = desk.run(&["requeue", &key[..12], "--by", "ann"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("was delivered"), "{}", stderr(&again));
    assert!(desk.said(&["list"]).starts_with("Nothing waits, and nothing failed."));
    assert_eq!(desk.json(&["list", "--all", "--json"])[0]["state"], "delivered");
}

#[test]
fn who_asks_for_time_gets_it() {
    let hook = Hook::start(&[Reply(429, "retry-after: 60\r\n", "slow down")]);
    let desk = Desk::of(&hook);
    desk.queue("crm", &["a"]);
    assert_eq!(desk.said(&["run"]), "0 delivered, 1 to be attempted again.\n", "no failure yet");
    assert_eq!(desk.said(&["run"]), "Nothing is due.\n");
    assert_eq!(hook.heard().len(), 1);
    let listed = desk.said(&["list"]);
    assert!(listed.contains("waiting, next attempt ") && listed.contains("429: slow down"), "{listed}");
    let key = desk.json(&["--json"])[0]["key"].as_str().unwrap().to_owned();
    let early = desk.run(&["requeue", &key, "--by", "ann"]);
    assert!(stderr(&early).contains("has not failed"), "{}", stderr(&early));
}

#[test]
fn two_processes_at_once_send_each_message_once() {
    let hook = Hook::start(&[]);
    let desk = Desk::of(&hook);
    let ids: Vec<String> = (0..10).map(|number| format!("n{number}")).collect();
    desk.queue("crm", &ids.iter().map(String::as_str).collect::<Vec<_>>());
    let start =
        || desk.command(&["run", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let delivered: u64 = [start(), start()]
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", stderr(&output));
            serde_json::from_str::<Value>(&stdout(&output)).unwrap()["delivered"].as_u64().unwrap()
        })
        .sum();
    assert_eq!(delivered, 10);
    let heard = hook.heard();
    let keys: BTreeSet<&String> = heard.iter().map(|request| &request.headers["idempotency-key"]).collect();
    assert_eq!((heard.len(), keys.len()), (10, 10));
}

#[test]
fn a_process_killed_after_sending_leaves_no_doubt() {
    let hook = Hook::start(&[]);
    let desk = Desk::of(&hook);
    desk.queue("crm", &["a"]);
    let mark = desk.dir.path().join("stopped");
    let mut child = desk
        .command(&["run"])
        .env("FAILPOINTS", format!("{}=return({})", failpoints::SENT, mark.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("the message to be sent", PATIENCE, || {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        mark.exists().then_some(())
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(hook.heard().len(), 1);
    // Whoever comes next knows that an attempt may be under way, and for how long.
    let left = desk.json(&["--json"]);
    assert_eq!((&left[0]["state"], &left[0]["attempts"]), (&"sending".into(), &1.into()), "{left}");
    assert_eq!(desk.said(&["run"]), "Nothing is due.\n");
    assert_eq!(hook.heard().len(), 1);
}

#[test]
fn a_topic_gets_the_message_with_its_keys() {
    let brokers = broker::mock(1);
    brokers.create_topic("told", 1, 3).unwrap();
    let desk = Desk::new("[[target]]\nname = \"topic\"\nkind = \"kafka\"\ntopic = \"told\"\n");
    desk.queue("topic", &["case-7"]);
    let bootstrap = brokers.bootstrap_servers();
    let run = desk.command(&["run"]).env("VERBATIM__KAFKA__BOOTSTRAP", &bootstrap).output().unwrap();
    assert_eq!(stdout(&run), "1 delivered.\n", "{}", stderr(&run));
    let (key, body, headers) = first_message(&bootstrap, &BTreeMap::new(), "told");
    assert_eq!(key, "case-7", "of what belongs together the order is kept");
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&body["title"], &body["key"]),
        (&"About case-7".into(), &headers["idempotency-key"].as_str().into())
    );
}

#[test]
fn a_check_reads_the_targets_and_the_lists_that_name_them() {
    let desk = Desk::new("[[target]]\nname = \"crm\"\nkind = \"slak\"\n");
    let check = |variables: &[(&str, &str)]| {
        let mut command = verbatim(desk.dir.path());
        let output = command.args(["config", "check"]).envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
        stderr(&output)
    };
    let told = check(&[]);
    assert!(
        told.contains("deliver.toml line 3: target crm: kind:") && told.contains("did you mean slack?"),
        "{told}"
    );
    std::fs::write(desk.dir.path().join("deliver.toml"), "").unwrap();
    let told = check(&[
        ("VERBATIM__ALERTS__TO", "crm, pager"),
        ("VERBATIM__DIGEST__ZONE", "Europe/Berln"),
        ("VERBATIM__DASHBOARD__ADDRESS", "verbatim.example.com"),
        ("VERBATIM__CASES__TOPIC", "feedback.nps"),
    ]);
    for says in [
        "$VERBATIM__ALERTS__TO: alerts.to: there is no delivery target \"crm\"",
        "there is no delivery target \"pager\"",
        "did you mean Europe/Berlin?",
        "\"verbatim.example.com\" is no address of a dashboard",
        "$VERBATIM__CASES__TOPIC: cases.topic: feedback.nps is nps's topic",
    ] {
        assert!(told.contains(says), "{says}: {told}");
    }
    assert!(told.contains("the configuration has 5 mistakes"), "{told}");
}
