//! Alerts and the weekly digest over tables on disk: a planted shift is found, told once, and stands in the digest.

use crate::program::{stderr, stdout, verbatim};
use crate::support::planted;
use chrono::{DateTime, Datelike as _, Duration, Utc};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

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

fn refused(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {}", stdout(&output));
    stderr(&output)
}

/// A directory with the planted feedback in it, and a target that hears of everything.
fn planted_tables() -> (tempfile::TempDir, DateTime<Utc>) {
    let dir = tempfile::tempdir().unwrap();
    let this_hour = planted::this_hour();
    planted::write(&dir.path().join("feedback.csv"), this_hour);
    let target = "[[target]]\nname = \"desk\"\nkind = \"webhook\"\nurl = \"http://127.0.0.1:9/\"\n\
                  secret = \"0123456789abcdef\"\nallow_private = \"127.0.0.1\"\n";
    std::fs::write(dir.path().join("deliver.toml"), target).unwrap();
    let config = "[deliver]\nfile = \"deliver.toml\"\n[alerts]\nto = [\"desk\"]\n[digest]\nto = [\"desk\"]\n";
    std::fs::write(dir.path().join("verbatim.toml"), config).unwrap();
    fine(dir.path(), &["import", "feedback.csv", "--kind", "nps", "--source", "web"]);
    (dir, this_hour)
}

fn day(at: DateTime<Utc>) -> String {
    at.date_naive().to_string()
}

#[test]
fn a_planted_shift_is_found_where_it_began_and_told_once() {
    let (dir, this_hour) = planted_tables();
    let dir = dir.path();
    backtests(dir, this_hour);

    let first = json(dir, &["alerts", "run"]);
    let told = first["told"].as_array().unwrap();
    assert!(!told.is_empty() && first["firing"].as_u64() >= Some(1), "{first}");
    assert!(told.iter().all(|alert| alert["step"] == "fired"), "{first}");
    assert_eq!(
        first["queued"].as_u64(),
        Some(told.len() as u64),
        "one message each, to the one target: {first}"
    );
    let second = json(dir, &["alerts", "run"]);
    assert_eq!((&second["noted"], &second["queued"]), (&0.into(), &0.into()), "{second}");
    assert_eq!(second["told"], Value::Array(Vec::new()), "{second}");
    assert_eq!(second["firing"], first["firing"]);

    let alert = &told[0];
    let id = alert["alert"].as_str().unwrap();
    looked_into(dir, id);
    judged(dir, id);
    digests(dir, this_hour, id);
}

/// What would have fired: it began with the shift, and rules that ask for more find nothing.
fn backtests(dir: &Path, this_hour: DateTime<Utc>) {
    let onset = planted::onset(this_hour);
    let (from, to) = (day(onset - Duration::days(20)), day(this_hour));
    let days = ["alerts", "backtest", "--from", from.as_str(), "--to", to.as_str()];
    let tested = json(dir, &days);
    let log = tested["log"].as_array().unwrap();
    assert!(!log.is_empty(), "{tested}");
    assert!(tested["coverage"]["speaking"].as_u64() >= Some(1), "{tested}");
    assert_eq!(log[0]["step"], "fired");
    let fired = log[0]["at"].as_i64().unwrap();
    let hours = (fired - onset.timestamp_micros()) / 3_600_000_000;
    assert!((0..=24).contains(&hours), "fired {hours} hours after it began");
    let text = fine(dir, &days);
    assert!(text.contains("fired") && text.contains("Rules are tried with --rules"), "{text}");

    let less = "[watch.least]\nrecords = 1000000\njudged = 1000000\n";
    std::fs::write(dir.join("less.toml"), less).unwrap();
    let nothing = fine(dir, &[&days[..], &["--rules", "less.toml"]].concat());
    assert_eq!(nothing, format!("Nothing would have fired from {from} to {to}.\n"));
    std::fs::write(dir.join("words.toml"), "[[words]]\nname = \"airships\"\nany = [\"Zeppelin\"]\n").unwrap();
    let named = json(dir, &[&days[..], &["--rules", "words.toml"]].concat());
    assert!(named.to_string().contains(r#"{"words":"airships"}"#), "{named}");
    std::fs::write(dir.join("slip.toml"), "[watch]\nevry = \"day\"\n").unwrap();
    let error = refused(dir, &[&days[..], &["--rules", "slip.toml"]].concat());
    assert!(error.contains("slip.toml") && error.contains("did you mean every?"), "{error}");
    let wrong = run(dir, &["alerts", "backtest", "--from", "2026-03-02", "--to", "2026-03-01"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("is after --to"), "{}", stderr(&wrong));
    let early = ["alerts", "backtest", "--from", "2020-01-01", "--to", "2020-01-31"];
    assert!(fine(dir, &early).starts_with("Not enough history: there is no feedback up to 2020-01-31"));
    let error = refused(dir, &["alerts", "backtest", "--from", "2199-01-01", "--to", "2199-01-02"]);
    assert!(error.contains("no hour from 2199-01-01 on is over yet"), "{error}");
    assert_eq!(json(dir, &["alerts", "list"])["firing"], Value::Array(Vec::new()), "nothing was noted");
}

/// What moved, three customers' words, and the command that opens the records.
fn looked_into(dir: &Path, id: &str) {
    let shown = json(dir, &["alerts", "show", &id[..8]]);
    assert_eq!(shown["alert"], id);
    let quotes = shown["quotes"].as_array().unwrap();
    assert!((1..=3).contains(&quotes.len()), "{shown}");
    assert!(
        quotes.iter().all(|quote| !quote["text"].as_str().unwrap().contains("planted.example")),
        "{shown}"
    );
    assert_eq!(shown["log"].as_array().unwrap().len(), 1, "{shown}");
    let command = shown["moved"][0]["command"].as_str().unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[..3], ["verbatim", "report", "--records"], "{command}");
    let listed = json(dir, &words[1..]);
    assert!(listed.as_array().unwrap().len() >= 10, "{command}");
    let text = fine(dir, &["alerts", "show", id]);
    assert!(text.contains(command) && text.contains("What happened to it:"), "{text}");
    let error = refused(dir, &["alerts", "show", "zzzz"]);
    assert!(error.contains("no alert has an id that begins with \"zzzz\""), "{error}");
}

/// Somebody's word on it is kept, and counted.
fn judged(dir: &Path, id: &str) {
    fine(dir, &["alerts", "not-useful", id, "--by", "jo"]);
    let useful = json(dir, &["alerts", "useful", id, "--by", "jo"]);
    assert_eq!((&useful["alert"], &useful["useful"]), (&id.into(), &true.into()));
    let listed = json(dir, &["alerts", "list"]);
    let precision = &listed["precision"];
    assert_eq!(
        (&precision["useful"], &precision["not_useful"]),
        (&1.into(), &0.into()),
        "the last word counts"
    );
    assert_eq!(precision["share"], 1.0);
    assert!(precision["range"]["low"].as_f64() < Some(1.0), "{precision}");
    let text = fine(dir, &["alerts", "list"]);
    assert!(text.contains(&id[..8]) && text.contains("of use: 100%"), "{text}");
}

fn digests(dir: &Path, this_hour: DateTime<Utc>, alert: &str) {
    // Of which at least one day is over.
    let iso = (this_hour - Duration::days(1)).iso_week();
    let week = format!("{}-W{:02}", iso.year(), iso.week());
    // A week is told as it stood at its end: what was seen after that is news of the next one.
    let fired_in_it = (this_hour - Duration::hours(1)).iso_week() == iso;
    let of = |rest: &[&str]| fine(dir, &[&["digest", "--week", week.as_str()], rest].concat());
    let md = of(&[]);
    assert!(md.starts_with(&format!("# Customer feedback, {week}\n")), "{md}");
    assert_eq!(of(&["--format", "md"]), md, "the same tables, the same page");
    let told: Value = serde_json::from_str(&of(&["--format", "json"])).unwrap();
    assert_eq!((&told["week"], &told["state"]), (&week.as_str().into(), &"told".into()), "{told}");
    let tells_it = told["alerts"].as_array().unwrap().iter().any(|one| one["id"] == alert);
    assert_eq!(tells_it, fired_in_it, "{}", told["alerts"]);
    assert_eq!(json(dir, &["digest", "--week", &week]), told);
    let html = of(&["--format", "html"]);
    assert!(html.starts_with("<!doctype html>") && html.contains(&week), "{html}");
    let mail = of(&["--format", "mail"]);
    assert!(mail.contains("<table role=\"presentation\"") && !mail.contains("<svg"), "{mail}");
    let slack: Value = serde_json::from_str(&of(&["--format", "slack"])).unwrap();
    assert_eq!(slack["blocks"][0]["type"], "header", "{slack}");

    let owned: Value = serde_json::from_str(&of(&["--owner", "identity", "--format", "json"])).unwrap();
    let topics = owned["topics"].as_array().unwrap();
    assert!(topics.contains(&"login_access".into()) && !topics.contains(&"pricing".into()), "{owned}");
    let error = refused(dir, &["digest", "--owner", "identty"]);
    assert!(error.contains("did you mean \"identity\"?"), "{error}");
    let error = refused(dir, &["digest", "--product", "atlas"]);
    assert!(error.contains("there is no product \"atlas\""), "{error}");

    assert_eq!(json(dir, &["digest", "list"]), Value::Array(Vec::new()));
    let out = of(&["--format", "html", "--out", "digest.html", "--archive"]);
    assert_eq!(out, "", "it went to the file");
    assert_eq!(std::fs::read_to_string(dir.join("digest.html")).unwrap(), html);
    let listed = json(dir, &["digest", "list"]);
    assert_eq!(
        (listed.as_array().unwrap().len(), &listed[0]["week"]),
        (1, &week.as_str().into()),
        "{listed}"
    );
    assert_eq!(listed[0]["summary"], told["summary"]);
    assert!(listed[0]["points"].is_u64(), "{listed}");
    assert!(fine(dir, &["digest", "list"]).contains("everybody"));
    reads_back(dir, &week);
}

/// What was archived is read back as it was made, in every format.
fn reads_back(dir: &Path, week: &str) {
    for format in ["md", "html", "mail", "slack"] {
        let made = fine(dir, &["digest", "--week", week, "--format", format]);
        assert_eq!(fine(dir, &["digest", "show", week, "--format", format]), made, "{format}");
    }
    let told = json(dir, &["digest", "show", week]);
    assert_eq!((&told["week"], &told["state"]), (&week.into(), &"told".into()), "{told}");
    let error = refused(dir, &["digest", "show", "2020-W01"]);
    assert!(
        error.contains(&format!("no digest of 2020-W01 is archived: there are those of {week}")),
        "{error}"
    );
    let error = refused(dir, &["digest", "show", week, "--owner", "identity"]);
    assert!(error.contains("for identity is not archived: there are those for everybody"), "{error}");
    let error = refused(dir, &["digest", "--product", "atlas", "--archive"]);
    assert!(error.contains("--archive and --product do not go together"), "{error}");
}

#[test]
fn without_feedback_or_in_the_future_there_is_nothing_to_tell_and_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for args in [&["alerts", "run"][..], &["alerts", "list"], &["digest"], &["digest", "list"]] {
        let error = refused(dir, args);
        assert!(error.contains("there are no tables at"), "{args:?}: {error}");
        assert_eq!(std::fs::read_dir(dir).unwrap().count(), 0, "{args:?} made something");
    }
    // A row that is refused: the tables are there, and empty.
    let off = "id,score,text,occurred_at\n1,11,Off the scale,2026-10-02T12:00:00Z\n";
    std::fs::write(dir.join("off.csv"), off).unwrap();
    run(dir, &["import", "off.csv", "--kind", "nps", "--source", "web"]);
    for format in ["md", "html", "mail", "slack", "json"] {
        let text = fine(dir, &["digest", "--format", format]);
        assert!(text.contains("There is no feedback yet"), "{format}: {text}");
    }
    let ran = json(dir, &["alerts", "run"]);
    assert_eq!((&ran["noted"], &ran["firing"]), (&0.into(), &0.into()), "{ran}");
    assert_eq!(ran["coverage"], serde_json::json!({ "speaking": 0, "series": 0, "from": null }));
    let text = fine(dir, &["alerts", "run"]);
    assert!(text.contains("\nNot enough history: there is no feedback up to "), "{text}");
    let text = fine(dir, &["alerts", "backtest", "--from", "2026-01-01", "--to", "2026-01-31"]);
    assert_eq!(text, "Not enough history: there is no feedback up to 2026-01-31 of what is watched.\n");
    assert!(fine(dir, &["alerts", "list"]).contains("nobody has said yet"));

    let future = fine(dir, &["digest", "--week", "2099-W01"]);
    assert!(future.contains("2099-W01 has not begun"), "{future}");
    let error = refused(dir, &["digest", "--week", "2099-W01", "--archive"]);
    assert!(error.contains("nothing is archived: 2099-W01 has not begun"), "{error}");
    let wrong = run(dir, &["digest", "--week", "2025-W60"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("2025 has no week 60: its weeks are W01 to W52"), "{}", stderr(&wrong));
}
