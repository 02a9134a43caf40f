//! Cases from their first report to the people who hear that it is solved: the real binary over invented answers.

use crate::program::{stderr, stdout, verbatim};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Output;

/// The same thing in nearly the same words.
const LOGIN: [&str; 5] = [
    "Login fails with an error since the update, I cannot sign in",
    "Login fails with an error since the last update, I cannot sign in",
    "Login fails with an error since the new update, I cannot sign in",
    "Login fails with an error since your update, I cannot sign in",
    "Login still fails with an error since the update, I cannot sign in",
];

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

/// Refused with one line.
fn refused(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {}", stdout(&output));
    assert_eq!(stderr(&output).trim_end().lines().count(), 1, "{}", stderr(&output));
    stderr(&output)
}

/// Answers: id, words, who, when.
pub fn import(dir: &Path, file: &str, answers: &[(&str, &str, &str, &str)]) {
    let row = |(id, text, who, at): &(&str, &str, &str, &str)| {
        format!("{id},2,\"{text}\",{who}@canary.example,{at}\n")
    };
    let rows: String = answers.iter().map(row).collect();
    std::fs::write(dir.join(file), format!("id,score,text,author.email,occurred_at\n{rows}")).unwrap();
    fine(dir, &["import", file, "--kind", "nps", "--source", "crm"]);
}

/// Three people report one thing, somebody another, and somebody is happy.
pub fn october(dir: &Path) {
    import(
        dir,
        "october.csv",
        &[
            ("1", LOGIN[0], "jane", "2026-10-05T10:00:00Z"),
            ("2", LOGIN[1], "joe", "2026-10-06T10:00:00Z"),
            ("3", LOGIN[2], "jane", "2026-10-07T10:00:00Z"),
            (
                "4",
                "The invoice is wrong, you charged me twice for the same month",
                "ann",
                "2026-10-06T11:00:00Z",
            ),
            ("5", "I love it, great work", "bob", "2026-10-06T12:00:00Z"),
        ],
    );
}

fn counts(updated: &Value) -> [u64; 3] {
    ["opened", "joined", "reopened"].map(|name| updated["updated"][name].as_u64().unwrap())
}

/// The one case about the login, of those in a state.
fn login(dir: &Path, state: &str) -> Value {
    let cases = json(dir, &["cases", "list", "--topic", "login_access", "--state", state]);
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 1, "{cases:?}");
    cases[0].clone()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

#[test]
fn a_case_keeps_its_id_from_the_first_report_to_the_last() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    october(dir);
    let none = run(dir, &["cases", "list"]);
    assert!(stderr(&none).contains("`verbatim cases update` makes them"), "{}", stderr(&none));

    // Two updates at once double nothing.
    let twice: Vec<_> = (0..2)
        .map(|_| {
            let mut update = verbatim(dir);
            update.args(["cases", "update", "--json"]).stdout(std::process::Stdio::piped());
            update.spawn().unwrap()
        })
        .collect();
    let both: Vec<[u64; 3]> = twice
        .into_iter()
        .map(|child| counts(&serde_json::from_str(&stdout(&child.wait_with_output().unwrap())).unwrap()))
        .collect();
    let sum: [u64; 3] = std::array::from_fn(|at| both[0][at] + both[1][at]);
    assert_eq!(sum, [2, 2, 0], "{both:?}");
    assert_eq!(counts(&json(dir, &["cases", "update"])), [0, 0, 0], "nothing has come since");

    let case = login(dir, "open");
    let id = text(&case, "id").to_owned();
    assert_eq!((text(&case, "kind"), text(&case, "owner")), ("bug", "identity"), "{case}");
    assert_eq!((&case["reach"]["reports"], &case["reach"]["people"]), (&json!(3), &json!(2)), "{case}");
    assert_eq!(case["filter"], json!({ "case": id }));
    let reports = json(dir, &["report", "--records", "--case", &id[..8]]);
    assert_eq!(reports.as_array().unwrap().len(), 3, "whenever they occurred: {reports}");

    fine(dir, &["cases", "acknowledge", &id[..8], "--by", "ann"]);
    let again = refused(dir, &["cases", "acknowledge", &id, "--by", "ann"]);
    assert!(again.contains("the case is acknowledged already"), "{again}");
    let unknown = refused(dir, &["cases", "show", "zz"]);
    assert!(unknown.contains("no case has an id that begins with \"zz\""), "{unknown}");

    // More reports, one of them of a day before the first: the id stays.
    let more =
        [("6", LOGIN[3], "kim", "2026-10-08T10:00:00Z"), ("7", LOGIN[4], "joe", "2026-10-04T10:00:00Z")];
    import(dir, "more.csv", &more);
    assert_eq!(counts(&json(dir, &["cases", "update"])), [0, 2, 0]);
    let case = login(dir, "acknowledged");
    assert_eq!(text(&case, "id"), id);
    assert_eq!((&case["reach"]["reports"], &case["reach"]["people"]), (&json!(5), &json!(3)), "{case}");

    let resolved = json(dir, &["cases", "resolve", &id, "--by", "ann"]);
    assert_eq!((text(&resolved, "before"), text(&resolved, "state")), ("acknowledged", "resolved"));
    let mut told: Vec<String> = resolved["tell"].as_array().unwrap().iter().map(whom).collect();
    told.sort_unstable();
    assert_eq!(told, ["1+3", "2+7", "6"], "each person once, with all of their reports: {resolved}");
    let shown = json(dir, &["cases", "show", &id]);
    assert_eq!(shown["tell"].as_array().unwrap().len(), 5, "kept with the case: {shown}");
    assert!(!shown.to_string().contains("canary.example"), "pseudonyms alone: {shown}");

    comes_back(dir, &id);
    is_forgotten(dir, &id);
}

/// The native ids of one person's reports; that they are pseudonyms is looked at on the way.
fn whom(tell: &Value) -> String {
    let names = tell["names"].as_array().unwrap();
    assert!(names.iter().all(|name| name.as_str().unwrap().starts_with("a_")), "{tell}");
    let reports = tell["reports"].as_array().unwrap();
    let mut ids: Vec<&str> = reports.iter().map(|report| text(report, "native_id")).collect();
    ids.sort_unstable();
    ids.join("+")
}

/// What occurred before it was resolved joins it quietly, what occurs after opens it again.
fn comes_back(dir: &Path, id: &str) {
    import(dir, "late.csv", &[("8", LOGIN[0], "lee", "2026-10-09T10:00:00Z")]);
    assert_eq!(counts(&json(dir, &["cases", "update"])), [0, 1, 0]);
    assert_eq!(text(&login(dir, "resolved"), "id"), id);
    let soon = (chrono::Utc::now() + chrono::Duration::hours(1)).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    import(dir, "again.csv", &[("9", LOGIN[1], "max", &soon)]);
    assert_eq!(counts(&json(dir, &["cases", "update"])), [0, 0, 1]);
    let case = login(dir, "reopened");
    assert_eq!((text(&case, "id"), &case["life"]["reopened"]), (id, &json!(1)), "{case}");
    let refused = refused(dir, &["cases", "reopen", id, "--by", "ann"]);
    assert!(refused.contains("only a resolved case is reopened"), "{refused}");
    let list = fine(dir, &["cases", "list"]);
    assert!(list.contains(" · reopened · identity · bug · login_access · 5 people"), "{list}");
}

/// Whoever was erased stands in none of what is known of the case.
fn is_forgotten(dir: &Path, id: &str) {
    let before = json(dir, &["cases", "show", id]);
    let reports = before["reports"].as_array().unwrap();
    let jane = reports.iter().find(|report| report["native_id"] == "1").unwrap();
    let (jane, record) = (text(jane, "person").to_owned(), text(jane, "record").to_owned());
    assert!(before.to_string().contains(&jane));
    fine(dir, &["erase", "--author", "jane@canary.example", "--yes"]);
    let after = json(dir, &["cases", "show", id]);
    assert_eq!((text(&after, "id"), &after["reach"]["reports"]), (id, &json!(5)), "{after}");
    for gone in [&jane, &record] {
        assert!(!after.to_string().contains(gone), "{gone}: {after}");
    }
    assert_eq!(counts(&json(dir, &["cases", "update"])), [0, 0, 0], "nobody joins or opens anew by that");
}
