//! Triage, from the rules in force to those that somebody thinks of: the real binary over invented answers.

use crate::cases::october;
use crate::program::{stderr, stdout, verbatim};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

const OCTOBER: [&str; 4] = ["--from", "2026-10-01", "--to", "2026-10-31"];

/// Everything that speaks of the login goes to one desk.
const RULES: &str = r#"version = "mine"
[[owner]]
name = "desk"
address = "desk@example.com"
[[rule]]
name = "login"
owner = "desk"
priority = "P1"
[rule.when]
topics_any = ["login_access"]
[[rule]]
name = "nobody's"
owner = "desk"
priority = "P1"
[rule.when]
topics_any = ["log_in"]
[fallback]
owner = "desk"
priority = "P4"
queue = "rest"
"#;

fn run(dir: &Path, args: &[&str]) -> Output {
    verbatim(dir).args(args).output().unwrap()
}

fn fine(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

fn json(dir: &Path, args: &[&str]) -> Value {
    serde_json::from_str(&fine(dir, &[args, &["--json"]].concat())).unwrap()
}

/// The id of the record that the source knows so.
fn record(dir: &Path, native_id: &str) -> String {
    let records = json(dir, &[&["report", "--records"], &OCTOBER[..]].concat());
    let record = records.as_array().unwrap().iter().find(|record| record["native_id"] == native_id).unwrap();
    record["record_id"].as_str().unwrap().to_owned()
}

fn records<'v>(tallies: &'v Value, name: &str) -> &'v Value {
    let found = tallies.as_array().unwrap().iter().find(|tally| tally["name"] == name);
    found.map_or(&Value::Null, |tally| &tally["records"])
}

/// Each row's filter lists as many records as the row counts, and what waits is what its own filter lists.
fn opens_its_records(dir: &Path, load: &Value) {
    let listed = |filter: &Value, names: &[&str]| {
        let mut args = vec!["report".to_owned(), "--records".to_owned(), "--unresolved".to_owned()];
        for name in names {
            args.push(format!("--{name}"));
            args.extend(filter[*name].as_str().map(str::to_owned));
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        json(dir, &args).as_array().unwrap().len()
    };
    for row in load["rows"].as_array().unwrap() {
        assert_eq!(row["filter"]["unresolved"], true, "{row}");
        assert_eq!(json!(listed(&row["filter"], &["from", "to", "owner", "queue"])), row["records"], "{row}");
    }
    let waiting = listed(&load["waiting_filter"], &["from", "to", "unsure"]);
    assert_eq!(waiting, load["waiting"].as_array().unwrap().len(), "{load}");
}

#[test]
fn a_decision_is_explained_and_what_waits_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    october(dir);
    let id = record(dir, "1");
    let told = json(dir, &["triage", "--explain", &id[..12]]);
    assert_eq!(told["stored"]["rule"], "locked out, by its words", "{told}");
    assert_eq!(told["today"]["decision"]["owner"], "identity", "{told}");
    assert_eq!(told["stored"]["rules"], told["today"]["decision"]["version"], "{told}");
    assert_eq!(told["on"], told["today"]["on"], "{told}");
    let rules = told["today"]["rules"].as_array().unwrap();
    assert_eq!(rules.iter().filter(|rule| rule["decides"] == true).count(), 1, "{told}");
    let locked_out = rules.iter().find(|rule| rule["rule"] == "locked out").unwrap();
    let failed = locked_out["conditions"].as_array().unwrap().iter().find(|one| one["how"] == "failed");
    assert_eq!(failed.unwrap()["key"], "urgency", "{locked_out}");
    let shown = fine(dir, &["triage", "--explain", &id]);
    assert!(shown.contains("It would go where it went.") && shown.contains("P1 to identity"), "{shown}");
    let unknown = run(dir, &["triage", "--explain", "zz"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("no record has an id that begins with \"zz\""), "{}", stderr(&unknown));

    let load = json(dir, &[&["triage"], &OCTOBER[..]].concat());
    assert_eq!((&load["records"], &load["undecided"]), (&json!(5), &json!(0)), "{load}");
    let of_identity = |load: &Value| {
        let rows = load["rows"].as_array().unwrap().iter().filter(|row| row["owner"] == "identity");
        rows.map(|row| row["records"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(of_identity(&load), 3, "{load}");
    opens_its_records(dir, &load);

    // What is resolved is nobody's load any more; the record's case is told with it.
    fine(dir, &["cases", "update"]);
    let case = json(dir, &["triage", "--explain", &id])["case"].as_str().unwrap().to_owned();
    fine(dir, &["cases", "resolve", &case, "--by", "ann"]);
    let load = json(dir, &[&["triage"], &OCTOBER[..]].concat());
    assert_eq!((of_identity(&load), &load["resolved"]), (0, &json!(3)), "{load}");
    opens_its_records(dir, &load);
    let none = fine(dir, &["triage", "--from", "2026-01-01", "--to", "2026-01-02"]);
    assert!(none.contains("There are no records of 2026-01-01 to 2026-01-02"), "{none}");
}

#[test]
fn rules_are_tried_on_what_is_stored_before_they_are_switched_on() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    october(dir);
    std::fs::write(dir.join("mine.toml"), RULES).unwrap();
    let output = run(dir, &["triage", "test", "mine.toml"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("warning: ") && stderr(&output).contains("log_in"),
        "{}",
        stderr(&output)
    );
    assert!(stdout(&output).contains("0 would go where they went, 5 elsewhere"), "{}", stdout(&output));
    let told = json(dir, &["triage", "test", "mine.toml"]);
    assert_eq!(
        (&told["records"], told["warnings"].as_array().unwrap().is_empty()),
        (&json!(5), false),
        "{told}"
    );
    assert_eq!(records(&told["rules"], "login"), 3, "{told}");
    assert_eq!(records(&told["rules"], "nobody's"), 0, "{told}");
    assert_eq!(records(&told["queues"], "rest"), 2, "{told}");
    let moved = &told["changes"]["moved"][0];
    assert_eq!(
        (&moved["from"]["owner"], &moved["to"]["owner"]),
        (&json!("identity"), &json!("desk")),
        "{told}"
    );
    assert_eq!(moved["records"], 3, "{told}");
    let one_day = json(dir, &["triage", "test", "mine.toml", "--from", "2026-10-05", "--to", "2026-10-05"]);
    assert_eq!(one_day["records"], 1, "{one_day}");
    // Nothing was switched on by that.
    let stored = json(dir, &["triage", "--explain", &record(dir, "1")]);
    assert_eq!(stored["today"]["decision"]["owner"], "identity", "{stored}");

    std::fs::write(dir.join("wrong.toml"), RULES.replace("queue = \"rest\"", "queu = \"rest\"")).unwrap();
    let wrong = run(dir, &["triage", "test", "wrong.toml"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("did you mean queue?"), "{}", stderr(&wrong));
    let missing = run(dir, &["triage", "test", "missing.toml"]);
    assert!(
        stderr(&missing).contains("the triage rules missing.toml cannot be read"),
        "{}",
        stderr(&missing)
    );
}
