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
fn a_check_finds_what_only_a_start_would() {
    let dir = tempfile::tempdir().unwrap();
    let topic = "[[topic]]\nid = \"a\"\nname = \"A\"\ndescription = \"All of it\"\n";
    std::fs::write(dir.path().join("topics.toml"), format!("version = \"1\"\n{topic}{topic}")).unwrap();
    std::fs::write(
        dir.path().join("verbatim.toml"),
        "[kafka]\ngroup = \"\"\n[analyze]\ntaxonomy = \"topics.toml\"\n[privacy]\nkey_file = \"nowhere\"\n\
         [kafka.properties]\n\"sesion.timeout.ms\" = 6000\n\"session.timeout.ms\" = \"soon\"\n\
         \"ssl.ca.location\" = \"/nowhere/ca.pem\"\n\"sasl.password\" = \"env:NOT_SET_ANYWHERE\"\n\
         [worker]\nbatch_time = \"5 apples\"\n",
    )
    .unwrap();
    let check = |args: &[&str]| verbatim(dir.path()).args(["config", "check"]).args(args).output().unwrap();
    let all = |output: &std::process::Output| -> Vec<String> {
        let found: Value = serde_json::from_str(&stdout(output)).unwrap();
        assert_eq!((output.status.code(), &found["ok"]), (Some(1), &false.into()));
        let text =
            |problem: &Value| format!("{}: {}", problem["at"], problem["message"]).replace(['"', '\\'], "");
        found["problems"].as_array().unwrap().iter().map(text).collect()
    };
    let says = |problems: &[String], expected: &[&str]| {
        assert_eq!(problems.len(), expected.len(), "{problems:#?}");
        for expected in expected {
            assert!(
                problems.iter().any(|problem| problem.starts_with(expected)),
                "{expected}: {problems:#?}"
            );
        }
    };
    let common = [
        "verbatim.toml line 2: kafka.group: must not be empty",
        "verbatim.toml line 4: analyze.taxonomy: the taxonomy topics.toml is wrong: two topics have the id a",
        "verbatim.toml line 6: privacy.key_file: the pseudonym key nowhere cannot be read",
        "verbatim.toml line 13: worker.batch_time: expected a duration",
    ];
    let secret =
        "verbatim.toml line 11: kafka.properties.sasl.password: the variable NOT_SET_ANYWHERE is not set";
    says(&all(&check(&["--json"])), &[&common[..], &[secret]].concat());
    let properties = [
        "verbatim.toml line 8: kafka.properties.sesion.timeout.ms: librdkafka has no such property",
        "verbatim.toml line 9: kafka.properties.session.timeout.ms: ",
        "verbatim.toml line 10: kafka.properties.ssl.ca.location: /nowhere/ca.pem cannot be read",
    ];
    let output = verbatim(dir.path())
        .args(["config", "check", "--json"])
        .env("NOT_SET_ANYWHERE", "s3cret")
        .output()
        .unwrap();
    assert!(!stdout(&output).contains("s3cret"));
    says(&all(&output), &[&common[..], &properties].concat());
    let text = stderr(&check(&[]));
    assert!(text.contains("the configuration has 5 mistakes"), "{text}");

    // A worker refuses to start with what the check finds.
    let worker = verbatim(dir.path())
        .args(["--config", "/dev/null", "worker"])
        .env("VERBATIM__ANALYZE__TAXONOMY", "topics.toml")
        .output()
        .unwrap();
    assert_eq!(worker.status.code(), Some(1));
    assert!(stderr(&worker).contains("two topics have the id"), "{}", stderr(&worker));
    assert!(!dir.path().join("verbatim-data").exists());
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

    // Each line of the input has one of the output: a script may put them side by side.
    let output = with_stdin(verbatim(dir.path()).arg("classify"), b"one thing\n\nand another\n");
    assert!(output.status.success(), "{}", stderr(&output));
    let lines = json_lines(&output);
    assert_eq!((&lines[0]["text"], &lines[2]["text"]), (&"one thing".into(), &"and another".into()));
    assert_eq!(lines[1], serde_json::json!({"line": 2, "error": "blank"}));

    std::fs::write(dir.path().join("odd.csv"), b"\xef\xbb\xbfNo;Review\n1;\"Good, but slow\"\n2;\xff\n")
        .unwrap();
    let output =
        verbatim(dir.path()).args(["classify", "odd.csv", "--text-field", "review"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let lines = json_lines(&output);
    assert_eq!(lines[0]["text"], "Good, but slow");
    assert_eq!((&lines[1]["line"], &lines[1]["error"]), (&3.into(), &"the row is not UTF-8".into()));
    let output =
        verbatim(dir.path()).args(["classify", "odd.csv", "--text-field", "Words"]).output().unwrap();
    assert!(stderr(&output).contains("it has No, Review"), "{}", stderr(&output));
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
        &["dead-letters"],
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
    let broker = findings.iter().find(|finding| finding["what"] == "broker").unwrap();
    assert_eq!(broker["found"].as_str().unwrap().matches("transport failure").count(), 1, "{broker}");
    assert_eq!(verdict("taxonomy"), "ok");
    assert_eq!(verdict("pseudonym key"), "warn");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "the doctor looks and makes nothing");
}

#[test]
fn the_doctor_looks_at_the_place_of_the_tables() {
    let dir = tempfile::tempdir().unwrap();
    let look = |path: &str| {
        let output = verbatim(dir.path())
            .args(["doctor", "--json", "--patience", "1"])
            .env("VERBATIM__KAFKA__BOOTSTRAP", "127.0.0.1:1")
            .env("VERBATIM__STORE__PATH", path)
            .output()
            .unwrap();
        let findings: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
        move |what: &str| findings.iter().find(|finding| finding["what"] == what).cloned().unwrap_or_default()
    };
    std::fs::write(dir.path().join("file"), "x").unwrap();
    for path in ["file", "file/below"] {
        let tables = look(path)("tables");
        assert_eq!(tables["verdict"], "fail", "{tables}");
        assert!(tables["found"].as_str().unwrap().contains("is a file"), "{tables}");
    }
    assert_eq!(look("not/yet")("tables")["verdict"], "ok");
    let url = format!("file://{}", dir.path().join("tables").display());
    assert_eq!(look(&url)("tables")["verdict"], "ok");

    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let import = |path: &str| {
        let mut command = verbatim(dir.path());
        command
            .args(["import", "nps.csv", "--kind", "nps"])
            .env("VERBATIM__STORE__PATH", path)
            .output()
            .unwrap()
    };
    assert!(import(&url).status.success());
    let found = look(&url);
    assert_eq!(found("judgements")["verdict"], "ok", "{}", found("judgements"));
    assert!(found("ledger")["found"].as_str().unwrap().starts_with("3 facts"), "{}", found("ledger"));
    let topics = "version = \"9\"\n[[topic]]\nid = \"a\"\nname = \"A\"\ndescription = \"All of it\"\n";
    std::fs::write(dir.path().join("topics.toml"), topics).unwrap();
    std::fs::write(dir.path().join("verbatim.toml"), "[analyze]\ntaxonomy = \"topics.toml\"\n").unwrap();
    let judged = look(&url)("judgements");
    assert_eq!(judged["verdict"], "warn");
    assert!(judged["found"].as_str().unwrap().starts_with("3 of 3 rows"), "{judged}");
}

#[test]
fn a_file_that_somebody_took_away_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let import = verbatim(dir.path()).args(["import", "nps.csv", "--kind", "nps"]).output().unwrap();
    assert!(import.status.success(), "{}", stderr(&import));
    let day = dir.path().join("verbatim-data/feedback/day=2026-10-02");
    let file = std::fs::read_dir(&day).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_file(&file).unwrap();
    for command in [&["report", "--from", "2026-10-01", "--to", "2026-10-02"][..], &["maintain"]] {
        let output = verbatim(dir.path()).args(command).output().unwrap();
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{command:?} {error}");
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(error.contains(name) && error.contains("is gone"), "{command:?} {error}");
    }
}

/// Two people's answers, one of them twice.
const ANSWERS: &str = "id,score,text,author.email,occurred_at\n\
    1,9,Lovely boards,jane@canary.example,2026-10-01T10:00:00Z\n\
    2,3,Too slow for us,jane@canary.example,2026-10-02T10:00:00Z\n\
    3,7,It is fine,joe@canary.example,2026-10-02T11:00:00Z\n\
    4,11,Off the scale,joe@canary.example,2026-10-02T12:00:00Z\n";

#[test]
fn an_erased_author_does_not_come_back() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let run = |args: &[&str]| {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    };
    let import = ["import", "nps.csv", "--kind", "nps", "--source", "crm", "--json"];
    let records = ["report", "--records", "--json", "--from", "2026-10-01", "--to", "2026-10-02"];
    let json = |text: String| -> Value { serde_json::from_str(&text).unwrap() };

    let first = json(run(&import));
    assert_eq!(
        (first["outcomes"]["records"].as_u64(), first["outcomes"]["dead_letters"].as_u64()),
        (Some(3), Some(1))
    );
    assert_eq!(json(run(&records)).as_array().unwrap().len(), 3);

    let erased = json(run(&["erase", "--author", "Jane@Canary.example", "--purge-now", "--yes", "--json"]));
    assert_eq!(
        (erased["feedback_rows"].as_u64(), erased["files_waiting"].as_u64()),
        (Some(2), Some(0)),
        "{erased}"
    );
    assert!(erased["days_recounted"].as_u64().unwrap() >= 2, "{erased}");
    run(&import);
    let left = json(run(&records));
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left[0]["text"], "It is fine");

    let report = json(run(&["report", "--json", "--from", "2026-10-01", "--to", "2026-10-02"]));
    assert_eq!(report["records"]["value"], 1, "the days were counted again");
    let letters = json(run(&["dead-letters", "list", "--json"]));
    assert_eq!(letters[0]["reason"], "out_of_range");
    assert!(!letters.to_string().contains("joe@"), "{letters}");
}

#[test]
fn an_erasure_asks_before_it_acts() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let import = verbatim(dir.path()).args(["import", "nps.csv", "--kind", "nps"]).output().unwrap();
    assert!(import.status.success(), "{}", stderr(&import));
    let output =
        with_stdin(verbatim(dir.path()).args(["erase", "--author", "jane@canary.example"]), b"yes\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--yes"), "{}", stderr(&output));
    let output = verbatim(dir.path()).args(["erase", "--author", "17", "--yes"]).output().unwrap();
    assert!(stderr(&output).contains("--source"), "{}", stderr(&output));
}

#[test]
fn another_key_is_refused_and_a_lost_one_is_not_made_again() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let import = ["import", "nps.csv", "--kind", "nps", "--source", "crm"];
    let run = |args: &[&str], key: Option<&str>| {
        let mut command = verbatim(dir.path());
        command.args(args).envs(key.map(|key| ("VERBATIM__PRIVACY__KEY", key)));
        command.output().unwrap()
    };
    let refuses = |key: Option<&str>, why: &str| {
        for args in [
            &import[..],
            &["erase", "--author", "jane@canary.example", "--yes"],
            &["dead-letters", "retry", "--file", "nps.csv", "--kind", "nps", "--source", "crm"],
            &["worker", "--stop-at-end"],
        ] {
            let output = run(args, key);
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            assert!(stderr(&output).contains(why), "{args:?}: {}", stderr(&output));
        }
        let doctor = run(&["doctor", "--json", "--patience", "1"], key);
        let findings: Vec<Value> = serde_json::from_str(&stdout(&doctor)).unwrap();
        let key = findings.iter().find(|finding| finding["what"] == "pseudonym key").unwrap();
        assert_eq!(key["verdict"], "fail", "{key}");
    };
    assert!(run(&import, None).status.success());
    refuses(Some(&"0f".repeat(31).chars().chain("10".chars()).collect::<String>()), "another pseudonym key");
    std::fs::remove_file(dir.path().join("verbatim-data.key")).unwrap();
    refuses(None, "is gone");
    assert!(!dir.path().join("verbatim-data.key").exists(), "no new key is made");
}

#[test]
fn eval_measures_against_labels() {
    let dir = tempfile::tempdir().unwrap();
    let data = concat!(
        r#"{"text":"I love it, great work","label":"positive","mood":"sunny","split":"test"}"#,
        "\n",
        r#"{"text":"This is terrible, I hate it","label":"negative","split":"test"}"#,
        "\n",
        r#"{"text":"Awful, awful, awful","label":"negative","split":"test"}"#,
        "\n",
        r#"{"text":"Nothing.","label":"positive","split":"train"}"#,
        "\n",
    );
    std::fs::write(dir.path().join("data.jsonl"), data).unwrap();
    let run = |args: &[&str]| {
        verbatim(dir.path()).args(["eval", "--data", "data.jsonl", "--json"]).args(args).output().unwrap()
    };
    let output = run(&["--split", "test"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let measured: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((measured["n"].as_u64(), &measured["judged"]), (Some(3), &"sentiment".into()));
    for figure in ["accuracy", "macro_f1", "macro_recall", "ece"] {
        assert!((0.0..=1.0).contains(&measured[figure].as_f64().unwrap()), "{measured}");
    }
    let counted: u64 = measured["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(counted, 3);
    let output = run(&["--field", "mood"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("(sunny)"), "{}", stderr(&output));
}
