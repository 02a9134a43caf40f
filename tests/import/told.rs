//! What an import tells the person who runs it: columns and dates that do not fit, and its dead letters by the
//! file's name.

use super::{figures, import, refused, setup, write_map};
use crate::program::{json_lines, stderr, stdout, verbatim};

#[test]
fn a_header_that_fits_no_field_is_told_with_what_would() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("export.csv"), "Kommentar,Note,Datum\nGut,9,2026-05-04\n").unwrap();
    let error = refused(&setup, &["export.csv", "--kind", "nps"]);
    for part in ["export.csv: no column", "Columns: Kommentar, Note, Datum", "occurred_at", "[import.NAME]"] {
        assert!(error.contains(part), "{part} is missing in {error}");
    }
    let columns = "columns = { text = \"Kommentar\", score = \"Note\", occurred_at = \"Datum\" }";
    write_map(&setup, "NAME", &format!("kind = \"nps\"\n{columns}"));
    assert_eq!(figures(&import(&setup, &["export.csv", "--map", "NAME"]), &["records"]), [1]);
}

#[test]
fn columns_that_become_metadata_and_advice_are_told_in_the_summary() {
    let dir = tempfile::tempdir().unwrap();
    let rows = "score,text,occurred_at,Plan\n9,Good,2026-05-04,pro\n";
    std::fs::write(dir.path().join("nps.csv"), rows).unwrap();
    let run = |more: &[&str]| {
        let output = verbatim(dir.path()).args(["import", "nps.csv", "--kind", "nps"]).args(more).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        output
    };
    let advice = "no column gives an id";
    for more in [&["--dry-run"][..], &[]] {
        let output = run(more);
        let told = stdout(&output);
        assert!(told.contains("Kept as metadata: Plan\n"), "{told}");
        assert!(told.contains(&format!("Note: {advice}")), "{told}");
        assert!(!stderr(&output).contains(advice), "not in the log beside it: {}", stderr(&output));
    }
    let output = run(&["--json"]);
    assert_eq!(json_lines(&output)[0]["unmapped"], serde_json::json!(["Plan"]));
    assert!(stderr(&output).contains(advice), "programs have it in the log: {}", stderr(&output));
}

#[test]
fn dead_letters_are_found_by_the_files_name() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let header = "id,score,text,occurred_at";
    let rows = format!("{header}\na,9,Good,2026-05-04\nb,12,Bad,2026-05-04\n");
    std::fs::write(dir.path().join("nps.csv"), rows).unwrap();
    let rows = format!("{header}\nc,9,Good,2026-05-04\nd,9,Good,2026-05-04\ne,13,Bad,2026-05-04\n");
    std::fs::write(dir.path().join("other.csv"), rows).unwrap();
    let report = import(&setup, &["nps.csv", "--kind", "nps"]);
    import(&setup, &["other.csv", "--kind", "nps"]);

    let list = |args: &[&str]| setup.command(&["dead-letters", "list"]).args(args).output().unwrap();
    let letters = json_lines(&list(&["--json", "--topic", "file:nps.csv"])).remove(0);
    assert_eq!(letters.as_array().unwrap().len(), 1, "{letters}");
    assert_eq!(letters[0]["file"], "nps.csv");
    let topic = format!("file:{}", report["identity"].as_str().unwrap());
    assert_eq!(json_lines(&list(&["--json", "--topic", &topic])).remove(0), letters);
    let text = stdout(&list(&["--topic", "file:nps.csv", "--limit", "5"]));
    assert!(text.starts_with("file:nps.csv@2 "), "{text}");

    // Without the kind each row would be refused for another reason.
    let mut without_kind = setup.command(&["dead-letters", "retry", "--file", "nps.csv"]);
    let output = without_kind.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stderr(&output).contains("a CSV file needs the kind of its rows"), "{}", stderr(&output));

    let file = ["--file", "nps.csv", "--kind", "nps", "--json"];
    let mut retry = setup.command(&["dead-letters", "retry", "--topic", "file:nps.csv"]);
    let done = json_lines(&retry.args(file).output().unwrap()).remove(0);
    assert_eq!((&done["letters"], &done["refused"]), (&1.into(), &1.into()), "{done}");
}

#[test]
fn a_date_that_cannot_be_read_is_told_with_the_forms_that_can() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("undated.csv"), "id,score,text\na,9,Good\n").unwrap();
    for (date, says) in [
        ("03/04/2026", "with slashes"),
        ("31/03/2026", "a date (2026-03-31 or 31.03.2026)"),
        ("31.02.2026", "there is no such day"),
        ("soon", "31.03.2026"),
    ] {
        // For all rows, and in one.
        let args = ["import", "undated.csv", "--kind", "nps", "--occurred-at", date];
        let output = setup.command(&args).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{date}");
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
        let row = format!("id,score,text,occurred_at\na,9,Good,{date}\n");
        std::fs::write(dir.path().join("dated.csv"), row).unwrap();
        let error = refused(&setup, &["dated.csv", "--kind", "nps"]);
        assert!(error.contains("data.occurred_at: expected") && error.contains(says), "{error}");
    }
    for date in ["31.03.2026", "31.3.2026"] {
        let rows = format!("id,score,text\n{date},9,Good\n");
        std::fs::write(dir.path().join("undated.csv"), rows).unwrap();
        let args = ["undated.csv", "--kind", "nps", "--occurred-at", date];
        assert_eq!(figures(&import(&setup, &args), &["records"]), [1]);
    }
}

#[test]
fn a_copy_that_adds_nothing_counts_as_no_source() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("may.csv"), "id,score,text,occurred_at\na,9,Good,2026-05-04\n").unwrap();
    std::fs::copy(dir.path().join("may.csv"), dir.path().join("copy.csv")).unwrap();
    let said = |file: &str| {
        let output = setup.command(&["import", file, "--kind", "nps"]).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let first = said("may.csv");
    assert!(first.contains("Note: counts as source may.csv"), "{first}");
    let copy = said("copy.csv");
    assert!(copy.contains("already there 1") && !copy.contains("counts as source"), "{copy}");
}

#[test]
fn a_file_in_another_encoding_is_told_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    let rows = b"id,score,text,occurred_at\na,9,Good,2026-05-04\nb,9,Sch\xf6n,2026-05-04\n";
    std::fs::write(dir.path().join("nps.csv"), rows).unwrap();
    let output = setup.command(&["import", "nps.csv", "--kind", "nps"]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let told = stdout(&output);
    let says = "Row 2 (line 3) is not UTF-8: save the file as \"CSV UTF-8\" and import it again.";
    assert!(told.contains(says) && told.contains("--topic file:nps.csv`"), "{told}");
    let letters = json_lines(&setup.command(&["dead-letters", "list", "--json"]).output().unwrap()).remove(0);
    assert_eq!(letters[0]["reason"], "invalid_utf8", "{letters}");
}

#[test]
fn an_unknown_kind_is_told_with_those_there_are() {
    let dir = tempfile::tempdir().unwrap();
    let setup = setup(dir.path());
    std::fs::write(dir.path().join("nps.csv"), "id,score,text\na,9,Good\n").unwrap();
    let error = refused(&setup, &["nps.csv", "--kind", "foo"]);
    assert!(error.contains("there are survey, ticket, nps, social: name one of them"), "{error}");
}
