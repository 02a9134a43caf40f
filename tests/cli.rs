//! The command line as a person or a script meets it: the real binary, its output and its exit codes.

use crate::program::{stderr, stdout, verbatim, with_stdin};
use serde_json::Value;

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
        "search",
        "rollup",
        "eval",
        "sample",
        "correct",
        "dead-letters",
        "triage",
        "cases",
        "alerts",
        "digest",
        "serve",
        "deliver",
        "erase",
        "maintain",
        "token",
        "doctor",
        "config",
    ] {
        insta::assert_snapshot!(format!("help-{command}"), help(&[command]));
    }
}

#[test]
fn without_tables_a_command_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["report"][..],
        &["rollup"],
        &["sample"],
        &["correct", "ab", "--kind", "bug", "--by", "jo"],
        &["correct", "list"],
        &["dead-letters"],
        &["triage"],
        &["triage", "--explain", "ab"],
        &["cases", "list"],
        &["cases", "times"],
        &["cases", "update"],
        &["alerts", "run"],
        &["alerts", "list"],
        &["digest"],
        &["digest", "list"],
        &["deliver"],
        &["maintain"],
        &["erase", "--author", "x@y.org", "--yes"],
    ] {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let error = stderr(&output);
        assert!(
            error.contains("there are no tables at")
                && error.contains("`verbatim worker` or `verbatim serve`"),
            "{args:?}: {error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{args:?} made something");
    }
}

#[test]
fn nothing_found_is_fine_and_nothing_asked_is_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    let import = verbatim(dir.path()).args(["import", "nps.csv", "--kind", "nps"]).output().unwrap();
    assert!(import.status.success(), "{}", stderr(&import));
    let asked: [(&[&str], i32, &str); 7] = [
        (&["search", "zeppelin"], 0, "Nothing was found"),
        (&["report", "--records", "--phrase", "zeppelin"], 0, "No record fits"),
        (&["search"], 2, "what is to be found?"),
        (&["search", "x", "--from", "2026-10-02", "--to", "2026-10-01"], 2, "--from 2026-10-02 is after"),
        (&["report", "--from", "2026-10-02", "--to", "2026-10-01"], 2, "is after --to 2026-10-01"),
        (&["search", "x", "--topic", "nosuch"], 1, "there is no topic"),
        (&["search", "--like", "ffff"], 1, "no record has an id"),
    ];
    for (args, code, says) in asked {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(says), "{args:?}: {}", stderr(&output));
    }
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
pub const ANSWERS: &str = "id,score,text,author.email,occurred_at\n\
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
    let ask = |author: &str, code: i32| {
        let output = with_stdin(verbatim(dir.path()).args(["erase", "--author", author]), b"yes\n");
        assert_eq!(output.status.code(), Some(code));
        let asked = stderr(&output);
        assert!(asked.contains("--yes"), "{asked}");
        asked
    };
    let asked = ask("jane@canary.example", 1);
    assert!(asked.contains("2 rows of 2 items") && asked.contains("insights of 2 days"), "{asked}");
    let asked = ask("nobody@canary.example", 3);
    assert!(asked.starts_with("NOTHING WAS FOUND") && asked.contains("--source"), "{asked}");
    let erase = |author: &str| verbatim(dir.path()).args(["erase", "--author", author, "--yes"]).output();
    assert_eq!(erase("jane@canary.example").unwrap().status.code(), Some(0), "nothing had been removed");
    let output = erase("17").unwrap();
    assert!(stderr(&output).contains("--source"), "{}", stderr(&output));
}

#[test]
fn a_command_that_ends_says_only_what_is_wrong_unless_it_is_asked() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("nps.csv"), ANSWERS).unwrap();
    std::fs::write(dir.path().join("more.csv"), ANSWERS.replace("boards", "charts")).unwrap();
    let said = |args: &[&str]| {
        let output = verbatim(dir.path()).args(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
        stderr(&output)
    };
    let at_info = |said: &str| {
        let lines = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["level"] == "info").collect::<Vec<_>>()
    };
    for args in [&["import", "nps.csv", "--kind", "nps", "--source", "crm"][..], &["rollup"], &["maintain"]] {
        assert_eq!(at_info(&said(args)), Vec::<Value>::new(), "{args:?}");
    }
    let told = at_info(&said(&["-v", "import", "more.csv", "--kind", "nps", "--source", "crm"]));
    assert!(told.iter().any(|line| line["message"] == "committed to feedback"), "{told:?}");
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
