//! Files: the same file twice, a broken import, rows that become readable later.

use crate::program::json_lines;
use crate::support::process::{PATIENCE, Setup};
use crate::support::{events, oracle::Tables, wait_for};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;

const ROWS: u64 = 500;

fn setup(dir: &Path) -> Setup {
    Setup::new(dir, "127.0.0.1:1")
}

fn write_events(path: &Path) {
    let lines: Vec<Vec<u8>> = (0..ROWS).map(events::payload).collect();
    std::fs::write(path, lines.join(&b'\n')).unwrap();
}

fn import(setup: &Setup, args: &[&str]) -> Value {
    let output = setup.command(&["import"]).args(args).arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    json_lines(&output).pop().unwrap()
}

#[test]
fn a_file_twice_or_under_another_name_adds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    write_events(&dir.path().join("a.jsonl"));
    import(&setup, &["a.jsonl"]);
    Tables::open(dir.path()).hold(ROWS);
    std::fs::copy(dir.path().join("a.jsonl"), dir.path().join("b.jsonl")).unwrap();
    import(&setup, &["b.jsonl"]);
    Tables::open(dir.path()).hold(ROWS);
}

#[test]
fn an_import_that_was_killed_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    write_events(&dir.path().join("a.jsonl"));
    for edge in [worker::failpoints::AFTER_FILES, worker::failpoints::AFTER_COMMIT] {
        let (failpoints, mark) = setup.stop_at(edge, 1);
        let mut child = setup
            .command(&["import", "a.jsonl"])
            .env("FAILPOINTS", failpoints)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for(edge, PATIENCE, || mark.exists().then_some(()));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    import(&setup, &["a.jsonl"]);
    Tables::open(dir.path()).hold(ROWS);
}

#[test]
fn a_table_of_reviews_comes_in_by_its_column_map() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(
        dir.path().join("reviews.csv"),
        "Review;Words;Stars;When\nr1;\"Crashes; often\";1;2026-05-04\nr2;Great;5;2026-05-05\nr3;Fine;9;2026-05-05\n",
    )
    .unwrap();
    let config = std::fs::read_to_string(dir.path().join("verbatim.toml")).unwrap()
        + "[import.reviews]\nkind = \"social\"\nsource = \"play\"\n\
           columns = { id = \"Review\", text = \"Words\", \"score.value\" = \"Stars\", occurred_at = \"When\" }\n";
    std::fs::write(dir.path().join("verbatim.toml"), config).unwrap();
    import(&setup, &["reviews.csv", "--map", "reviews"]);
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.dead_letters), (2, 1), "nine stars are too many");
    let output = setup.command(&["dead-letters", "list", "--json"]).output().unwrap();
    let letters = json_lines(&output).remove(0);
    let position = letters[0]["position"].as_str().unwrap();
    assert!(position.ends_with("@3"), "the row's number: {letters}");
}
