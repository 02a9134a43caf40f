//! The command line as a person or a script meets it: the real binary, its output and its exit codes.

use crate::program::{json_lines, stderr, stdout, verbatim, with_stdin};
use serde_json::Value;
use std::io::Write as _;
use std::process::Stdio;

#[test]
fn help_is_worth_reading() {
    let dir = tempfile::tempdir().unwrap();
    let help = |args: &[&str]| stdout(&verbatim(dir.path()).args(args).arg("--help").output().unwrap());
    insta::assert_snapshot!("help", help(&[]));
    for command in [
        "demo",
        "worker",
        "import",
        "classify",
        "report",
        "rollup",
        "eval",
        "dead-letters",
        "erase",
        "maintain",
        "doctor",
        "config",
    ] {
        insta::assert_snapshot!(format!("help-{command}"), help(&[command]));
    }
}

#[test]
fn a_wrong_key_is_refused_with_its_place_and_the_right_one() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("verbatim.toml"), "[worker]\n\nbatch_row = 5\n").unwrap();
    let output = verbatim(dir.path()).args(["config", "check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(
        error.contains("verbatim.toml line 3") && error.contains("did you mean worker.batch_rows?"),
        "{error}"
    );

    let output = verbatim(dir.path())
        .args(["--config", "/dev/null", "config", "check"])
        .env("VERBATIM__STORE__PAHT", "x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(error.contains("did you mean $VERBATIM__STORE__PATH?"), "{error}");
}

#[test]
fn what_is_in_force_is_shown_without_its_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    std::fs::write(
        &file,
        "[kafka.properties]\n\"sasl.password\" = \"hunter2\"\n\"sasl.username\" = \"ann\"\n",
    )
    .unwrap();
    let output = verbatim(dir.path())
        .args(["config", "show", "--json"])
        .env("VERBATIM_CONFIG", &file)
        .env("VERBATIM__PRIVACY__KEY", "hunter3")
        .env("VERBATIM__WORKER__THREADS", "3")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(!text.contains("hunter"), "{text}");
    let settings: Vec<Value> = serde_json::from_str(&text).unwrap();
    let get =
        |key: &str| settings.iter().find(|line| line["key"] == key).unwrap_or_else(|| panic!("no {key}"));
    assert_eq!(get("kafka.properties.\"sasl.password\"")["value"], "\"***\"");
    assert_eq!(get("kafka.properties.\"sasl.username\"")["value"], "\"ann\"");
    assert_eq!(get("worker.threads")["from"], "$VERBATIM__WORKER__THREADS");
    assert_eq!(get("worker.batch_rows")["from"], Value::Null);
}

#[test]
fn the_committed_defaults_pass_their_own_check() {
    let dir = tempfile::tempdir().unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config/verbatim.toml");
    let output = verbatim(dir.path()).args(["--config", file, "config", "check"]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn classify_answers_in_the_order_of_the_input() {
    let dir = tempfile::tempdir().unwrap();
    let input: String = (0..500)
        .map(|n| {
            format!("{{\"id\":{n},\"text\":\"Ticket {n}: the export crashes every time, please fix it\"}}\n")
        })
        .collect();
    let output = with_stdin(verbatim(dir.path()).arg("classify"), input.as_bytes());
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = json_lines(&output);
    assert_eq!(lines.len(), 500);
    for (n, line) in lines.iter().enumerate() {
        assert_eq!(line["id"], n);
        assert!(line["text"].as_str().unwrap().starts_with(&format!("Ticket {n}:")), "{line}");
    }
}

#[test]
fn classify_says_everything_the_contract_promises() {
    let dir = tempfile::tempdir().unwrap();
    let input = concat!(
        r#"{"id":"a","text":"I love this app, it is fantastic and so easy to use!"}"#,
        "\n",
        r#"{"id":"b","text":"I cannot log in since the update, this is terrible. Mail me: jane.doe@example.com"}"#,
        "\n",
    );
    let output = with_stdin(verbatim(dir.path()).arg("classify"), input.as_bytes());
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = json_lines(&output);
    lines.iter().for_each(holds_the_contract);
    assert_eq!(lines[0]["sentiment"]["label"], "positive");
    assert_eq!(lines[0]["language"], "en");
    assert_eq!(lines[1]["sentiment"]["label"], "negative");
    assert!(lines[1]["text"].as_str().unwrap().contains("[email]"), "{}", lines[1]);
    assert!(!stdout(&output).contains("jane.doe"));
    let topics = lines[1]["topics"].as_array().unwrap();
    assert!(topics.iter().any(|topic| topic["id"] == "login_access"), "{topics:?}");
}

fn holds_the_contract(line: &Value) {
    for name in ["id", "language", "sentiment", "kind", "topics", "urgency", "text"] {
        assert!(line.get(name).is_some(), "{name} is missing in {line}");
    }
    let probability = |label: &str| line["sentiment"]["probabilities"][label].as_f64().unwrap();
    let sum: f64 = ["negative", "neutral", "positive"].map(probability).iter().sum();
    assert!((sum - 1.0).abs() < 1e-3, "{line}");
    assert!(line["sentiment"]["label"].is_string() && line["sentiment"]["confidence"].is_f64(), "{line}");
    assert!(line["kind"]["label"].is_string() && line["kind"]["confidence"].is_f64(), "{line}");
    let length = line["text"].as_str().unwrap().chars().count() as u64;
    for topic in line["topics"].as_array().unwrap() {
        let span: Vec<u64> = topic["span"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        assert!(span[0] < span[1] && span[1] <= length, "{line}");
        assert!(topic["id"].is_string() && topic["confidence"].is_f64() && topic["sentiment"].is_string());
    }
}

#[test]
fn a_bad_line_is_marked_in_its_place_and_the_exit_code_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let input =
        b"{\"id\":1,\"text\":\"fine\"}\n{\"id\":2,\"text\n{\"id\":3}\n{\"id\":4,\"text\":\"fine too\"}\n";
    let output = with_stdin(verbatim(dir.path()).args(["classify", "--format", "jsonl"]), input);
    assert_eq!(output.status.code(), Some(1));
    let lines = json_lines(&output);
    assert_eq!(lines.len(), 4);
    assert_eq!((&lines[0]["id"], &lines[3]["id"]), (&1.into(), &4.into()));
    assert_eq!(lines[1]["line"], 2);
    assert!(lines[1]["error"].is_string() && lines[2]["error"].as_str().unwrap().contains("--text-field"));
    assert!(stderr(&output).contains("2 of 4 rows could not be read"), "{}", stderr(&output));
}

#[test]
fn classify_reads_csv_and_plain_lines() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("reviews.csv"), "ID,Review\n7,\"Great,\nreally\"\n8,Awful\n").unwrap();
    let output =
        verbatim(dir.path()).args(["classify", "reviews.csv", "--text-field", "review"]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = json_lines(&output);
    assert_eq!((lines[0]["id"].as_str(), lines[1]["id"].as_str()), (Some("7"), Some("8")));
    assert_eq!(lines[0]["text"], "Great,\nreally");

    let output = with_stdin(verbatim(dir.path()).arg("classify"), b"one thing\n\nand another\n");
    let texts: Vec<Value> = json_lines(&output).into_iter().map(|line| line["text"].clone()).collect();
    assert_eq!(texts, ["one thing", "and another"]);
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = verbatim(dir.path());
    command.arg("classify").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // Far more than any pipe holds: the child ends before it has read all of it.
    for _ in 0..20_000 {
        if stdin.write_all(b"The dashboard is slow again and nobody answers.\n").is_err() {
            break;
        }
    }
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?} {}", output.status, stderr(&output));
    assert_eq!(stderr(&output), "");
}

#[test]
fn without_tables_a_command_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["report"][..],
        &["rollup"],
        &["dead-letters", "list"],
        &["maintain"],
        &["erase", "--author", "x@y.org", "--yes"],
    ] {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let error = stderr(&output);
        assert!(
            error.contains("there are no tables at") && error.contains("verbatim worker"),
            "{args:?}: {error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{args:?} made something");
    }
}

#[test]
fn the_doctor_names_what_is_not_reachable() {
    let dir = tempfile::tempdir().unwrap();
    let output = verbatim(dir.path())
        .args(["doctor", "--json", "--patience", "1"])
        // Port 1 is nobody's.
        .env("VERBATIM__KAFKA__BOOTSTRAP", "127.0.0.1:1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
    let verdict =
        |what: &str| findings.iter().find(|finding| finding["what"] == what).unwrap()["verdict"].clone();
    assert_eq!(verdict("broker"), "fail");
    assert_eq!(verdict("taxonomy"), "ok");
    assert_eq!(verdict("pseudonym key"), "warn");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "the doctor looks and makes nothing");
}
