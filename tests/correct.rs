//! `correct`: what people say of records, from a shell.

use crate::program::{stderr, stdout, verbatim};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

/// Answers of three days.
pub const ANSWERS: &str = "id,score,text,occurred_at\n\
    1,9,\"I love it, great work, the new search is fantastic\",2026-10-01T10:00:00Z\n\
    2,2,I cannot log in and the invoice is wrong,2026-10-02T10:00:00Z\n\
    3,1,\"This is terrible, I hate the slow export\",2026-10-02T11:00:00Z\n\
    4,7,Thank you for the quick answer of your support team,2026-10-03T12:00:00Z\n";

fn run(dir: &Path, args: &[&str]) -> Output {
    verbatim(dir).args(args).env("USER", "jane").output().unwrap()
}

fn json_of(dir: &Path, args: &[&str]) -> Value {
    let output = run(dir, &[args, &["--json"]].concat());
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn refused(dir: &Path, code: i32, args: &[&str]) -> String {
    let output = run(dir, args);
    assert_eq!(output.status.code(), Some(code), "{args:?}");
    stderr(&output)
}

/// The answers, imported, and the id of the record that somebody loves the search by.
fn filled() -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    json_of(dir.path(), &["import", "nps.csv", "--kind", "nps", "--source", "crm"]);
    let records = json_of(dir.path(), &RECORDS);
    let lovely = records.as_array().unwrap().iter().find(|record| record["native_id"] == "1").unwrap();
    assert_eq!(lovely["sentiment"], "positive", "{lovely}");
    let id = lovely["record_id"].as_str().unwrap().to_owned();
    (dir, id)
}

const RECORDS: [&str; 6] = ["report", "--records", "--from", "2026-10-01", "--to", "2026-10-03"];

#[test]
fn what_is_said_is_counted_shown_with_the_models_word_and_taken_back() {
    let (dir, id) = filled();
    let dir = dir.path();
    let of = |name: &str| {
        let records = json_of(dir, &[&RECORDS[..], &["--record", id.as_str()]].concat());
        records[0][name].clone()
    };
    let negatives = || {
        let records = json_of(dir, &[&RECORDS[..], &["--sentiment", "negative"]].concat());
        records.as_array().unwrap().len()
    };
    let before = negatives();
    let said = ["correct", &id[..12], "--sentiment", "negative", "--topics", "billing", "--note", "irony"];
    let rows = json_of(dir, &said);
    assert_eq!((of("sentiment"), of("topics")), (json!("negative"), json!(["billing"])));
    assert_eq!(negatives(), before + 1);
    let [sentiment, topics] = rows.as_array().unwrap().as_slice() else { panic!("{rows}") };
    let named = ["record", "by", "field", "value", "judged", "note", "state", "day"];
    let expected = [id.as_str(), "jane", "sentiment", "negative", "positive", "irony", "holds", "2026-10-01"];
    assert_eq!(named.map(|name| sentiment[name].as_str().unwrap()), expected);
    assert_eq!(topics["value"], json!(["billing"]));
    // To say it again says nothing new.
    json_of(dir, &said);
    assert_eq!(json_of(dir, &["correct", "list"])["total"], 2);

    let again = json_of(dir, &["correct", &id, "--withdraw", "sentiment", "--by", "joe"]);
    assert_eq!((&again[0]["value"], &again[0]["judged"]), (&json!("withdrawn"), &json!("positive")));
    assert_eq!((of("sentiment"), of("topics"), negatives()), (json!("positive"), json!(["billing"]), before));
    let list = json_of(dir, &["correct", "list", "--limit", "2"]);
    let states: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert_eq!((states, list["total"].as_u64()), (vec!["holds", "holds"], Some(3)));
    let rest = json_of(dir, &["correct", "list", "--cursor", list["next"].as_str().unwrap()]);
    assert_eq!(
        (rest["items"][0]["state"].as_str(), rest["items"][0]["field"].as_str(), &rest["next"]),
        (Some("replaced"), Some("sentiment"), &Value::Null)
    );
    let shown = stdout(&run(dir, &["correct", "list", "--record", &id[..8]]));
    assert!(shown.contains("withdrawn") && shown.ends_with("3 corrections\n"), "{shown}");
}

#[test]
fn what_cannot_be_said_is_told_with_what_can() {
    let (dir, id) = filled();
    let dir = dir.path();
    let told = |args: &[&str], why: &str| {
        let error = refused(dir, 1, args);
        assert!(error.contains(why) && error.lines().count() <= 2, "{error}");
    };
    told(&["correct", &id, "--sentiment", "negativ"], "did you mean negative?");
    told(&["correct", &id, "--kind", "unknown"], "withdraw the correction");
    told(&["correct", &id, "--topics", "biling"], "did you mean billing?");
    told(&["correct", &id, "--withdraw", "knd"], "did you mean kind?");
    told(&["correct", &id, "--withdraw", "kind"], "there is nothing to take back");
    told(&["correct", &"f".repeat(32), "--kind", "bug"], "no record has an id that begins with");
    told(&["correct", "records", "--kind", "bug"], "is neither");
    let wrong: [(&[&str], &str); 3] = [
        (&["correct", &id], "say what is right"),
        (&["correct", "--kind", "bug"], "name a record"),
        (&["correct", &id, "--kind", "bug", "--withdraw", "kind"], "of one judgement say one thing"),
    ];
    for (args, why) in wrong {
        let error = refused(dir, 2, args);
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(json_of(dir, &["correct", "list"])["total"], 0);
}
