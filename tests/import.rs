//! Files: the same file twice, a broken import, rows that become readable later.

mod told;
mod vendors;

use crate::program::{json_lines, stderr, stdout};
use crate::support::oracle::{Tables, consumed};
use crate::support::process::{PATIENCE, Setup};
use crate::support::{events, wait_for};
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

/// Adds a column map, or another one of the same name.
fn write_map(setup: &Setup, name: &str, map: &str) {
    let path = setup.dir.join("verbatim.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    let before = config.split(&format!("[import.{name}]")).next().unwrap();
    std::fs::write(path, format!("{before}[import.{name}]\n{map}\n")).unwrap();
}

fn refused(setup: &Setup, args: &[&str]) -> String {
    let output = setup.command(&["import"]).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    stderr(&output)
}

/// The figures of a summary, and that its rows add up.
fn figures(report: &Value, names: &[&str]) -> Vec<u64> {
    let figure = |name: &str| report[name].as_u64().unwrap();
    let parts = ["read", "deletions", "ignored", "refused", "erased", "already_there"];
    assert_eq!(figure("rows"), parts.map(figure).iter().sum::<u64>(), "{report}");
    names.iter().map(|name| figure(name)).collect()
}

#[test]
fn a_table_of_reviews_comes_in_by_its_column_map() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(
        dir.path().join("reviews.csv"),
        "\u{feff}Review; Words ;STARS;When;Plan\n\
         r1;\"Crashes; often\";1;2026-05-04;pro\nr2;Great;5;2026-05-05;free\nr3;Fine;9;2026-05-05;free\n",
    )
    .unwrap();
    write_map(
        &setup,
        "reviews",
        "kind = \"social\"\nsource = \"play\"\n\
         columns = { id = \"Review\", text = \"words\", \"score.value\" = \"Stars\", occurred_at = \"When\" }",
    );
    let report = import(&setup, &["reviews.csv", "--map", "reviews"]);
    assert_eq!(report["unmapped"], serde_json::json!(["Plan"]));
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.dead_letters), (2, 1), "nine stars are too many");
    let output = setup.command(&["dead-letters", "list", "--json"]).output().unwrap();
    let letters = json_lines(&output).remove(0);
    let position = letters[0]["position"].as_str().unwrap();
    assert!(position.ends_with("@3"), "the row's number: {letters}");
    let detail = letters[0]["detail"].as_str().unwrap();
    assert!(detail.ends_with(" (reviews.csv)"), "the position tells only what it holds: {detail}");
    let records =
        setup.command(&["report", "--records", "--json", "--from", "2026-05-01", "--to", "2026-05-31"]);
    let records = json_lines(&{ records }.output().unwrap()).remove(0);
    assert!(records.to_string().contains("Crashes; often"), "{records}");
}

#[test]
fn the_figures_add_up_at_first_again_and_after_a_break() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let mut rows = String::from("id,score,text,occurred_at\n");
    for n in 0..3000 {
        // Every tenth is off the scale, every twentieth comes twice.
        let score = if n % 10 == 0 { 11 } else { n % 10 };
        let row = format!("r{n},{score},Answer {n},2026-06-01\n");
        rows += &row.repeat(if n % 20 == 1 { 2 } else { 1 });
    }
    std::fs::write(dir.path().join("nps.csv"), rows).unwrap();
    let args = ["nps.csv", "--kind", "nps"];
    let names = ["rows", "records", "duplicates", "refused", "already_there"];

    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_COMMIT, 1);
    let mut child = setup.command(&["import"]).args(args).env("FAILPOINTS", failpoints).spawn().unwrap();
    wait_for("a commit", PATIENCE, || mark.exists().then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    let ledger = Tables::open(dir.path()).ledger();
    let (there, refused) = (ledger.facts + ledger.duplicates, ledger.dead_letters);
    assert!(there > 0 && refused > 0 && there < 2850, "{ledger:?}");

    let on = figures(&import(&setup, &args), &names);
    assert_eq!((on[0], on[3]), (3150, 300), "{on:?}");
    assert_eq!(on[4], there, "what was refused before was not in the tables");
    assert_eq!(on[1], 2700 - ledger.facts);
    assert_eq!(on[2], 150 - ledger.duplicates);
    let again = figures(&import(&setup, &args), &names);
    assert_eq!(again, [3150, 0, 0, 300, 2850]);
    let text = stdout(&setup.command(&["import"]).args(args).output().unwrap());
    assert!(text.contains("3,150 rows") && text.contains("already there 2,850"), "{text}");
}

#[test]
fn a_corrected_map_reads_the_file_anew_and_doubles_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(
        dir.path().join("answers.csv"),
        "Key,Mark,Asked,Said,Day,Changed\n\
         a,9,Why nine?,Lovely boards,2026-05-04,2026-09-01\nb,2,Why two?,Far too slow,2026-05-04,2026-09-01\n",
    )
    .unwrap();
    let args = ["answers.csv", "--map", "answers"];
    let texts = || {
        let records = ["report", "--records", "--json", "--from", "2026-05-01", "--to", "2026-12-31"];
        let output = setup.command(&records).output().unwrap();
        let all = json_lines(&output).remove(0);
        let mut texts: Vec<String> = all
            .as_array()
            .unwrap()
            .iter()
            .map(|record| record["text"].as_str().unwrap().to_owned())
            .collect();
        texts.sort();
        texts
    };
    // The question for the answer, and a later time: by the versions' rule alone the wrong rows would win.
    let wrong = "kind = \"nps\"\nsource = \"wrong\"\n\
                 columns = { id = \"Key\", score = \"Mark\", text = \"Asked\", occurred_at = \"Changed\" }";
    write_map(&setup, "answers", wrong);
    import(&setup, &args);
    assert_eq!(texts(), ["Why nine?", "Why two?"]);

    let right = "kind = \"nps\"\nsource = \"right\"\n\
                 columns = { id = \"Key\", score = \"Mark\", text = \"Said\", question = \"Asked\", occurred_at = \"Day\" }";
    write_map(&setup, "answers", right);
    let error = refused(&setup, &args);
    assert!(
        error.contains("answers.csv") && error.contains("--replace") && error.contains("2 records"),
        "{error}"
    );
    let report = import(&setup, &[&args[..], &["--replace"]].concat());
    assert_eq!(figures(&report, &["replaced", "records"]), [2, 2]);
    assert_eq!(texts(), ["Far too slow", "Lovely boards"]);
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.superseded, ledger.consumed()), (2, 2, 4));

    // The same once more changes nothing; and one may go back.
    assert_eq!(
        figures(&import(&setup, &[&args[..], &["--replace"]].concat()), &["replaced", "records"]),
        [0, 0]
    );
    write_map(&setup, "answers", wrong);
    import(&setup, &[&args[..], &["--replace"]].concat());
    assert_eq!(texts(), ["Why nine?", "Why two?"]);
    write_map(&setup, "answers", right);
    import(&setup, &[&args[..], &["--keep"]].concat());
    assert_eq!(texts().len(), 4, "both readings of one file may stand");
}

#[test]
fn a_replacement_that_was_killed_is_finished_by_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let rows: String = (0..ROWS).map(|n| format!("r{n},{},Answer {n}\n", n % 11)).collect();
    std::fs::write(dir.path().join("nps.csv"), format!("id,score,text\n{rows}")).unwrap();
    let import_as = |source| ["nps.csv", "--kind", "nps", "--source", source, "--occurred-at", "2026-05-04"];
    import(&setup, &import_as("wrong"));
    let right = [&import_as("right")[..], &["--replace"]].concat();
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_COMMIT, 1);
    let mut child = setup.command(&["import"]).args(&right).env("FAILPOINTS", failpoints).spawn().unwrap();
    wait_for("a commit", PATIENCE, || mark.exists().then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    figures(&import(&setup, &right), &[]);
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.duplicates, ledger.dead_letters), (ROWS, 0, 0));
    let wrong = import_as("wrong");
    assert!(refused(&setup, &wrong).contains(&format!("{ROWS} records")));
}

#[test]
fn an_import_that_is_replaced_while_it_runs_ends() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let rows: String = (0..ROWS).map(|n| format!("r{n},{},Answer {n}\n", n % 11)).collect();
    std::fs::write(dir.path().join("nps.csv"), format!("id,score,text\n{rows}")).unwrap();
    let import_as = |source| ["nps.csv", "--kind", "nps", "--source", source, "--occurred-at", "2026-05-04"];
    // Its second batch is ready, and held just before the commit.
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_FILES, 1);
    let mut wrong = setup.command(&["import"]);
    wrong.args(import_as("wrong")).env("VERBATIM__WORKER__THREADS", "1");
    let wrong = setup.spawn(wrong, &failpoints.replace("return", "1*return"));
    wait_for("the second batch", PATIENCE, || mark.exists().then_some(()));
    wait_for("the first commit", PATIENCE, || (consumed(dir.path()) > 0).then_some(()));
    import(&setup, &[&import_as("right")[..], &["--replace"]].concat());
    std::fs::remove_file(mark).unwrap();
    let (status, log) = wrong.wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("has just replaced this one"), "{log}");
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.duplicates), (ROWS, 0), "{ledger:?}");

    // What was taken back can be kept beside the other later.
    let kept = import(&setup, &[&import_as("wrong")[..], &["--keep"]].concat());
    assert_eq!(figures(&kept, &["records"]), [ROWS]);
    import(&setup, &[&import_as("right")[..], &["--replace"]].concat());
    let kept = import(&setup, &[&import_as("wrong")[..], &["--keep"]].concat());
    assert_eq!(figures(&kept, &["records"]), [ROWS]);
}

#[test]
fn of_two_readings_at_once_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let rows: String = (0..ROWS).map(|n| format!("r{n},{},Answer {n}\n", n % 11)).collect();
    std::fs::write(dir.path().join("nps.csv"), format!("id,score,text\n{rows}")).unwrap();
    let import_as = |source| ["nps.csv", "--kind", "nps", "--source", source, "--occurred-at", "2026-05-04"];
    // It has seen that nothing of the file is there, and its first batch is held just before the commit.
    let (failpoints, mark) = setup.stop_at(worker::failpoints::AFTER_FILES, 0);
    let mut slow = setup.command(&["import"]);
    slow.args(import_as("one")).env("VERBATIM__WORKER__THREADS", "1");
    let slow = setup.spawn(slow, &failpoints.replace("return", "1*return"));
    wait_for("the first batch", PATIENCE, || mark.exists().then_some(()));
    import(&setup, &import_as("another"));
    std::fs::remove_file(mark).unwrap();
    let (status, log) = slow.wait();
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("imported before in another way") && log.contains("--replace"), "{log}");
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.consumed()), (ROWS, ROWS), "{ledger:?}");
}

#[test]
fn an_export_that_a_later_one_will_not_replace_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("may.csv"), "id,score,text\na,9,Good\n").unwrap();
    std::fs::write(dir.path().join("june.csv"), "score,text\n9,Good\n").unwrap();
    let said = |file: &str, source: &[&str]| {
        let args = ["import", file, "--kind", "nps", "--occurred-at", "2026-05-04"];
        let output = setup.command(&args).args(source).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output)
    };
    let source = said("may.csv", &[]);
    assert!(source.contains("counts as source may.csv; name --source"), "{source}");
    let replaced = said("may.csv", &["--source", "nps", "--replace"]);
    assert!(!replaced.contains("--source"), "{replaced}");
    let no_id = said("june.csv", &["--source", "nps"]);
    assert!(no_id.contains("no column gives an id"), "{no_id}");
}

#[test]
fn rows_that_were_all_refused_make_a_failure_that_a_new_map_mends() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("nps.csv"), "Mark,Said,Day\n9,Good,2026-05-04\n3,Bad,2026-05-04\n")
        .unwrap();
    write_map(
        &setup,
        "nps",
        "kind = \"nps\"\ncolumns = { score = \"Said\", text = \"Mark\", occurred_at = \"Day\" }",
    );
    let error = refused(&setup, &["nps.csv", "--map", "nps"]);
    assert!(error.contains("every row of nps.csv was refused (data.score"), "{error}");
    write_map(
        &setup,
        "nps",
        "kind = \"nps\"\ncolumns = { score = \"Mark\", text = \"Said\", occurred_at = \"Day\" }",
    );
    assert_eq!(figures(&import(&setup, &["nps.csv", "--map", "nps"]), &["records"]), [2]);
    let ledger = Tables::open(dir.path()).ledger();
    assert_eq!((ledger.facts, ledger.dead_letters), (2, 0), "nothing is left to mend");
}

#[test]
fn a_broken_row_is_refused_and_the_next_one_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut setup = setup(dir.path());
    setup.set("VERBATIM__LIMITS__MESSAGE", "2KiB");
    let filler: String = (0..200).map(|n| format!("f{n},5,Fine,\n")).collect();
    let long = "x".repeat(1 << 20);
    let rows = format!(
        "id,score,text,person\na,9,\"open,Lena Quorvane\n{filler}b,9,Lena Quorvane {long},\nc,9,Good,\n"
    );
    std::fs::write(dir.path().join("nps.csv"), rows).unwrap();
    let args = ["nps.csv", "--kind", "nps", "--occurred-at", "2026-05-04"];
    let output = setup.command(&["import"]).args(args).arg("--json").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(figures(&json_lines(&output)[0], &["rows", "records", "refused"]), [203, 201, 2]);
    assert!(
        stderr(&output).contains("\"line\":2") && stderr(&output).contains("never closed"),
        "{}",
        stderr(&output)
    );
    let list = setup.command(&["dead-letters", "list", "--json"]).output().unwrap();
    let letters = json_lines(&list).remove(0);
    let reasons: Vec<&str> =
        letters.as_array().unwrap().iter().map(|l| l["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["too_large", "unclosed_quote"]);
    let payloads: Vec<&str> =
        letters.as_array().unwrap().iter().map(|l| l["payload"].as_str().unwrap()).collect();
    let quote = "line 2: a quote that opens in this line is never closed";
    assert_eq!(payloads, ["line 203: the row is too long", quote], "and nothing of the rows");
}

#[test]
fn a_text_that_a_separator_would_cut_off_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(
        dir.path().join("nps.csv"),
        "id,occurred_at,score,text\n1,2026-03-01,9,Good,\n2,2026-03-01,3,Fine, mostly, but the export breaks\n",
    )
    .unwrap();
    let report = import(&setup, &["nps.csv", "--kind", "nps"]);
    assert_eq!(figures(&report, &["records", "refused"]), [1, 1]);
    let letters = json_lines(&setup.command(&["dead-letters", "list", "--json"]).output().unwrap()).remove(0);
    assert_eq!(letters[0]["reason"], "surplus_fields", "{letters}");
    assert_eq!(letters[0]["payload"], "line 3: 6 fields where the header has 4", "{letters}");
    let broken = serde_json::json!({ "row": 2, "line": 3, "why": "6 fields where the header has 4" });
    assert_eq!(report["broken"], broken);
    let text = stdout(&setup.command(&["import", "nps.csv", "--kind", "nps"]).output().unwrap());
    assert!(text.contains("row 2 (line 3): 6 fields where the header has 4"), "{text}");
}

#[test]
fn what_a_file_lacks_to_be_read_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let row = r#"{"id": "1", "score": 9, "text": "Good", "occurred_at": "2026-05-04"}"#;
    std::fs::write(dir.path().join("nps.jsonl"), row).unwrap();
    let error = refused(&setup, &["nps.jsonl"]);
    assert!(error.contains("--kind nps") && !error.contains("column map"), "{error}");
    let look = stdout(&setup.command(&["import", "nps.jsonl", "--dry-run"]).output().unwrap());
    assert!(look.contains("No row would be read") && look.contains("--kind nps"), "{look}");
    assert_eq!(figures(&import(&setup, &["nps.jsonl", "--kind", "nps"]), &["records"]), [1]);

    std::fs::write(dir.path().join("a.csv"), "Why,Day\nFine,2026-05-04\n").unwrap();
    write_map(&setup, "a", "columns = { \"answers.0.text\" = \"Why\", occurred_at = \"Day\" }");
    let error = refused(&setup, &["a.csv", "--map", "a", "--kind", "nps"]);
    assert!(error.contains("columns.\"answers.0.text\": there is no such field"), "{error}");
}

#[test]
fn a_look_at_the_first_rows_writes_nothing_and_shows_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(
        dir.path().join("nps.csv"),
        "id,score,text,occurred_at\na,9,Write to jane.doe@canary.example,2026-05-04\nb,12,Bad,2026-05-04\n",
    )
    .unwrap();
    let args = ["import", "nps.csv", "--kind", "nps", "--dry-run", "--json"];
    let output = setup.command(&args).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let look = json_lines(&output).remove(0);
    assert_eq!(look["rows"][0]["refused"], Value::Null);
    assert!(look["rows"][1]["refused"].as_str().unwrap().starts_with("out_of_range"), "{look}");
    assert!(!look.to_string().contains("jane.doe"), "{look}");
    let made: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(made.len(), 2, "the configuration and the file: {made:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("undated.csv"), "id,score,text\na,9,Good\n").unwrap();
    std::fs::write(dir.path().join("wide.csv"), b"\xff\xfei\0d\0\n\0").unwrap();
    std::fs::create_dir(dir.path().join("dir.csv")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("pipe.csv")).status().unwrap();
    assert!(made.success());
    for (file, says) in [
        ("nope.csv", "No such file"),
        ("undated.csv", "--occurred-at"),
        ("wide.csv", "UTF-16"),
        ("dir.csv", "directory"),
        ("pipe.csv", "no regular file"),
    ] {
        let error = refused(&setup, &[file, "--kind", "nps"]);
        assert!(error.contains(file) && error.contains(says), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    assert!(!dir.path().join("tables").exists() && !dir.path().join("tables.key").exists());
}
