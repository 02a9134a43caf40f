//! `classify`, `eval` and `report`: texts in, judgements and figures out.

use crate::program::{json_lines, stderr, stdout, verbatim, with_stdin};
use serde_json::Value;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

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
fn classify_sees_a_csv_in_a_pipe() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str], input: &str| {
        with_stdin(verbatim(dir.path()).arg("classify").args(args), input.as_bytes())
    };
    let csv = "id,Review\n1,Fine\n2,Fine, mostly, but the export breaks\n3,Bad\n";
    let output = run(&["--text-field", "review"], csv);
    assert_eq!(output.status.code(), Some(1));
    let lines = json_lines(&output);
    assert_eq!((lines[0]["text"].as_str(), lines[2]["id"].as_str()), (Some("Fine"), Some("3")));
    let wrong = serde_json::json!({"line": 3, "error": "the row has more fields than the header"});
    assert_eq!(lines[1], wrong, "a text that was cut off would be judged as if it were whole");

    let output = run(&["--text-field", "Words"], csv);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""));
    assert!(stderr(&output).contains("add --format csv"), "{}", stderr(&output));
    let output = run(&["--text-field", "Words"], "");
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn classify_masks_the_names_that_a_row_tells() {
    let dir = tempfile::tempdir().unwrap();
    let json =
        r#"{"text":"Marta Kowalska here, ask mkow77","author":{"id":"mkow77","name":"Marta Kowalska"}}"#;
    let csv = "Customer,Text\nMarta Kowalska,\"Kowalska here, it crashes\"\n";
    for input in [json, csv] {
        let output = with_stdin(verbatim(dir.path()).arg("classify"), input.as_bytes());
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        assert!(
            text.contains("[name] here") && !text.contains("Kowalska") && !text.contains("mkow77"),
            "{text}"
        );
    }
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
    // What is not counted needs no text; and a field may have any name, one that is read for something else too.
    let more =
        "\n\n{\"split\":\"train\"}\n{\"text\":\"Superb\",\"language\":\"positive\",\"split\":\"dev\"}\n";
    std::fs::write(dir.path().join("data.jsonl"), format!("{data}{more}")).unwrap();
    for args in [["--split", "test"].as_slice(), &["--split", "dev", "--field", "language"]] {
        let output = run(args);
        assert!(output.status.success(), "{args:?} {}", stderr(&output));
    }
    for (line, says) in [
        (r#"{"text":"Superb","label":5}"#, "the label in \"label\" is a number"),
        (r#"{"label":"positive"}"#, "no field \"text\": name the right one with --text-field"),
        (r#"{"text":"Sup"#, "ends too early"),
    ] {
        std::fs::write(dir.path().join("data.jsonl"), format!("{data}\n{line}\n")).unwrap();
        let error = stderr(&run(&[]));
        assert!(error.contains("line 6 of data.jsonl") && error.contains(says), "{error}");
    }
    std::fs::write(dir.path().join("data.jsonl"), data).unwrap();
    let output = run(&["--field", "mood"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("(sunny)"), "{}", stderr(&output));
}

/// Twelve answers of one form, eight of another, one a day from the first of June on.
fn import_two_forms(dir: &Path) {
    for (form, answers) in [("web-nps", 12), ("crm", 8)] {
        let row = |n: u32| format!("{form}{n},9,Answer {n} of {form},2026-06-{:02}\n", n + 1);
        let rows: String = (0..answers).map(row).collect();
        let file = format!("{form}.csv");
        std::fs::write(dir.join(&file), format!("id,score,text,occurred_at\n{rows}")).unwrap();
        let import =
            verbatim(dir).args(["import", &file, "--kind", "nps", "--source", form]).output().unwrap();
        assert!(import.status.success(), "{}", stderr(&import));
    }
}

#[test]
fn a_report_is_narrowed_to_an_event_source_and_a_list_to_its_newest() {
    let dir = tempfile::tempdir().unwrap();
    import_two_forms(dir.path());
    let run = |args: &[&str]| {
        let june = ["report", "--from", "01.06.2026", "--to", "2026-06-30"];
        let output = verbatim(dir.path()).args(june).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stdout(&output)
    };
    let json =
        |args: &[&str]| -> Value { serde_json::from_str(&run(&[args, &["--json"][..]].concat())).unwrap() };
    let web = json(&["--event-source", "web-nps"]);
    assert_eq!((&web["records"]["value"], &web["records_end"]), (&12.into(), &"2026-06-12".into()));
    assert_eq!(web["records"]["filter"]["event_source"], serde_json::json!(["web-nps"]));
    let both = json(&["--event-source", "web-nps", "--event-source", "crm"]);
    assert_eq!(both["records"]["value"], 20);
    let text = run(&["--event-source", "web-nps"]).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Only event source web-nps."), "{text}");
    assert!(text.contains("Records end 12 Jun; the last 18 days of this period have none."), "{text}");

    let listed = ["--records", "--event-source", "web-nps"];
    assert_eq!(json(&listed).as_array().unwrap().len(), 12);
    let limited = [&listed[..], &["--limit", "5"]].concat();
    let part = json(&limited);
    assert_eq!((&part["total"], &part["shown"]), (&12.into(), &5.into()));
    let ids = part["records"].as_array().unwrap().iter().map(|record| record["native_id"].as_str().unwrap());
    assert_eq!(ids.collect::<Vec<_>>(), ["web-nps11", "web-nps10", "web-nps9", "web-nps8", "web-nps7"]);
    assert!(run(&limited).ends_with("5 of 12 records, the newest\n"), "{}", run(&limited));
}

#[test]
fn what_a_report_cannot_be_asked_for_is_told_with_what_it_can() {
    let dir = tempfile::tempdir().unwrap();
    import_two_forms(dir.path());
    let asked: [(&[&str], i32, &str); 6] = [
        (&["--event-source", "web-nsp"], 1, "did you mean \"web-nps\"?"),
        (&["--event-source", "nps"], 1, "--source nps"),
        (&["--source", "web-nps"], 1, "--event-source web-nps has what it sent"),
        (&["--from", "11/20/2026"], 2, "2026-03-01 or 01.03.2026"),
        (&["--limit", "5"], 2, "--records"),
        (&["--records", "--limit", "0"], 2, "--limit"),
    ];
    for (args, code, says) in asked {
        let output = verbatim(dir.path()).arg("report").args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    }
}
