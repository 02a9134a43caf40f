//! `eval` on a user's own labelled file: the figures, the slices, the page, and what it says where it cannot.

use crate::program::{stderr, stdout, verbatim, with_stdin};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

/// Forty answers of a survey with a question, and three of a source that nobody configured; every fifth is labelled
/// against what it says.
fn labelled_csv() -> String {
    let row = |n: usize| {
        let words = if n.is_multiple_of(2) {
            "I love it, great work and so easy to use"
        } else {
            "This is terrible; I hate it and it crashes all the time"
        };
        let positive = n.is_multiple_of(2) != n.is_multiple_of(5);
        let label = if positive { "positive" } else { "negative" };
        let (source, question) = if n < 40 { ("survey", "What should we improve?") } else { ("pigeon", "") };
        format!("r{n};{label};\"{words}\";{source};{question}\n")
    };
    let rows: String = (0..43).map(row).collect();
    let hostile = "jane.doe@example.com;positive;\"Awful <script>alert(1)</script>, I hate it. \
                   Mail me: jane.doe@example.com\";survey;\nr98;;\"No label\";survey;\n";
    format!("id;Mood;Review;source;question\n{rows}{hostile}")
}

fn eval(dir: &Path, args: &[&str]) -> Output {
    let columns = ["eval", "--text-field", "Review", "--field", "mood", "--encoder", "built-in"];
    verbatim(dir).args(columns).args(args).output().unwrap()
}

fn measured(dir: &Path, args: &[&str]) -> Value {
    let output = eval(dir, args);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn a_table_of_labelled_texts_is_measured_with_what_chance_leaves_open() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("own.csv"), labelled_csv()).unwrap();
    let report = measured(dir.path(), &["--data", "own.csv", "--json"]);
    assert_eq!((&report["judged"], &report["passed_over"]), (&"sentiment".into(), &1.into()));
    let encoder = &report["encoders"][0];
    assert_eq!((&encoder["name"], &encoder["evaluation"]["n"]), (&"built-in".into(), &44.into()));
    assert_eq!(
        report["accuracy"], encoder["evaluation"]["accuracy"],
        "the first encoder's stand by themselves too"
    );
    assert_eq!(report["encoder"], encoder["version"]);
    for score in ["accuracy", "macro_recall", "macro_f1"] {
        let [value, low, high] =
            ["value", "low", "high"].map(|part| encoder["scores"][score][part].as_f64().unwrap());
        assert_eq!(value, encoder["evaluation"][score].as_f64().unwrap());
        assert!(low < value && value < high, "{score}: {low} {value} {high}");
    }
    assert!(encoder["gain"].is_null());
    assert_eq!(encoder.get("texts_per_second"), Some(&Value::Null), "the speed of 44 texts is noise");
    let counted = |list: &str| -> u64 {
        encoder[list].as_array().unwrap().iter().map(|part| part["n"].as_u64().unwrap()).sum()
    };
    assert_eq!(counted("calibration_curve"), 44);
    // The same words to the same question are equally sure: no part of the surest texts cuts them, whichever come first.
    let parts = encoder["coverage"].as_array().unwrap();
    let sizes: Vec<u64> = parts.iter().map(|part| part["n"].as_u64().unwrap()).collect();
    let whole = |size: &u64| [1, 2, 3, 4, 20, 21, 22, 23, 24, 40, 41, 42, 43, 44].contains(size);
    assert!(sizes.is_sorted() && sizes.iter().all(whole), "{sizes:?}");
    assert_eq!(parts[sizes.len() - 1]["accuracy"]["value"], report["accuracy"]);
    assert_eq!(sizes[sizes.len() - 1], 44);
    assert_eq!(
        measured(dir.path(), &["--data", "own.csv", "--json"])["encoders"][0]["scores"],
        encoder["scores"]
    );

    let slices = encoder["slices"].as_array().unwrap();
    let slice = |by: &str, name: &str| slices.iter().find(|s| s["by"] == by && s["name"] == name).unwrap();
    let survey = slice("source", "survey");
    assert_eq!((&survey["n"], survey["scores"].is_object()), (&41.into(), true));
    let pigeon = slice("source", "pigeon");
    assert_eq!((&pigeon["n"], pigeon["scores"].is_null()), (&3.into(), true), "of few texts only the number");
    assert_eq!(
        (&slice("question", "asked")["n"], &slice("question", "not asked")["n"]),
        (&40.into(), &4.into())
    );
    assert_eq!(slice("length", "4-10")["n"], 23, "22 of ten words, and the hostile one of eight");
    assert!(slices.iter().any(|slice| slice["by"] == "language"));
}

#[test]
fn the_worst_errors_are_shown_redacted_and_the_page_escapes_them() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("own.csv"), labelled_csv()).unwrap();
    let report = measured(dir.path(), &["--data", "own.csv", "--json", "--html", "page.html"]);
    let errors = report["encoders"][0]["worst_errors"].as_array().unwrap();
    assert!((9..=20).contains(&errors.len()), "{errors:?}");
    let sure: Vec<f64> = errors.iter().map(|error| error["confidence"].as_f64().unwrap()).collect();
    assert!(sure.is_sorted_by(|a, b| a >= b), "{sure:?}");
    let hostile = errors.iter().find(|error| error["text"].as_str().unwrap().contains("Mail me")).unwrap();
    assert_eq!((&hostile["id"], &hostile["line"]), (&"[email]".into(), &45.into()));
    assert_eq!((&hostile["label"], &hostile["said"]), (&"positive".into(), &"negative".into()));

    let page = std::fs::read_to_string(dir.path().join("page.html")).unwrap();
    let told = stdout(&eval(dir.path(), &["--data", "own.csv"]));
    for shown in [&page, &told, &report.to_string()] {
        assert!(shown.contains("[email]") && !shown.contains("jane.doe"), "{shown}");
    }
    assert!(page.contains("Awful &lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
    for never in ["<script", "http://", "https://", " src=", "url(", "@import", "onload"] {
        assert!(!page.contains(never), "{never}");
    }
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    assert!(page.matches("<svg").count() == 2 && page.matches("<details>").count() == 2);
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("width=device-width"));
    assert!(page.contains("too few (below 30)") && told.contains("too few (below 30)"));

    for shown in [&page, &told] {
        assert!(shown.contains("of the accuracy Wilson"), "the same of the intervals in both: {shown}");
    }

    let first_lines: Vec<&str> = told.lines().take(6).collect();
    assert!(first_lines[0].starts_with("44 texts with a label in \"mood\"; 1 row"), "{told}");
    assert!(first_lines.iter().any(|line| line.trim_start().starts_with("built-in")), "{told}");
    for part in [
        "rows: the label",
        "Does a confidence",
        "surest",
        "pigeon",
        "line 45, id [email]: positive, said negative",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn what_cannot_be_measured_is_told_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("own.csv"), labelled_csv()).unwrap();
    std::fs::write(dir.path().join("plain.txt"), "just words\n").unwrap();
    let wrong = |args: &[&str]| {
        let output = verbatim(dir.path()).arg("eval").args(args).output().unwrap();
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(1), ""), "{args:?}");
        stderr(&output)
    };
    let own = ["--data", "own.csv", "--text-field", "Review"];
    assert!(
        wrong(&own).contains("no column \"label\" for the label: it has id, Mood, Review, source, question")
    );
    assert!(
        wrong(&[&own[..], &["--field", "Mood", "--split", "test"]].concat()).contains("leave out --split")
    );
    assert!(
        wrong(&["--data", "own.csv", "--field", "Mood", "--text-field", "Words"]).contains("--text-field")
    );
    assert!(wrong(&[&own[..], &["--field", "source"]].concat()).contains("(pigeon, survey)"));
    assert!(wrong(&["--data", "plain.txt"]).contains("add --format jsonl, or csv"));
    let page = [&own[..], &["--field", "Mood", "--encoder", "built-in", "--html", "none/page.html"]].concat();
    let output = verbatim(dir.path()).arg("eval").args(page).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("none/page.html cannot be written"), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("44 texts"), "the figures are not lost with the page");
    if cfg!(not(feature = "rust-bert")) {
        let error = wrong(&[&own[..], &["--field", "Mood", "--encoder", "built-in,rust-bert"]].concat());
        assert!(error.contains("rust-bert") && error.contains("cargo xtask"), "{error}");
    }
}

#[test]
fn a_pipe_is_measured_like_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let lines = "{\"body\":\"I love it, great work\",\"label\":\"positive\",\"source\":\"nps\"}\n\
                 {\"body\":\"It crashes, I hate it\",\"label\":[\"negative\"]}\n\
                 {\"body\":\"Both\",\"label\":[\"negative\",\"positive\"]}\n";
    let mut command = verbatim(dir.path());
    let output = with_stdin(command.args(["eval", "--data", "-", "--json"]), lines.as_bytes());
    assert!(output.status.success(), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(
        (&report["n"], &report["passed_over"], &report["accuracy"]),
        (&2.into(), &1.into(), &1.0.into())
    );
}

#[test]
fn what_is_unknown_is_listed_with_its_language() {
    let dir = tempfile::tempdir().unwrap();
    let german = "Die neue Oberfläche gefällt mir überhaupt nicht, alles ist langsamer als vorher.";
    let lines = format!(
        "Review,mood\nI love it and it works great,positive\n\"{german} <b> jane.doe@example.com\",negative\n"
    );
    std::fs::write(dir.path().join("own.csv"), lines).unwrap();
    let report = measured(dir.path(), &["--data", "own.csv", "--json", "--html", "page.html"]);
    let encoder = &report["encoders"][0];
    let unknown = &encoder["unknown_texts"];
    assert_eq!((&encoder["unknown"], unknown.as_array().map(Vec::len)), (&1.into(), Some(1)));
    assert_eq!(
        (&unknown[0]["line"], &unknown[0]["label"], &unknown[0]["language"]),
        (&3.into(), &"negative".into(), &"de".into())
    );
    let page = std::fs::read_to_string(dir.path().join("page.html")).unwrap();
    let told = stdout(&eval(dir.path(), &["--data", "own.csv"]));
    for shown in [&page, &told, &report.to_string()] {
        assert!(shown.contains("Die neue Oberfl") && !shown.contains("jane.doe"), "{shown}");
    }
    assert!(page.contains("<td>de</td>") && page.contains("&lt;b&gt; [email]"), "{page}");
    assert!(told.contains("line 3: negative, language de"), "{told}");
}
