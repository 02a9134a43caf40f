//! What an import says to people: its figures, what became of rows and columns besides, and what to do.

use crate::output;
use std::path::Path;
use worker::files::{BrokenRow, ImportOptions, ImportReport, Preview, name_in};

/// What to do with a file in another encoding.
const TO_UTF8: &str = "save the file as \"CSV UTF-8\" and import it again";
/// Of names of columns so many characters are shown.
const NAMES: usize = 2_000;

/// The figures of an import, and what to know about them.
pub fn summary(file: &Path, report: &ImportReport, advice: Option<&str>) -> String {
    let mut text = format!("{}: {}.\n", file.display(), output::counted(report.rows, "row"));
    for (what, count) in [
        ("replaced", report.replaced),
        ("records", report.records),
        ("duplicates", report.duplicates),
        ("deletions", report.deletions),
        ("ignored", report.ignored),
        ("refused", report.refused),
        ("erased", report.erased),
        ("already there", report.already_there),
    ] {
        if count > 0 {
            text += &format!("  {what:<14}{}\n", output::grouped(count));
        }
    }
    text += &kept(&report.unmapped);
    if let Some(BrokenRow { row, line, why }) = &report.broken {
        text += &format!("The first row that is broken as CSV is row {row} (line {line}): {why}.\n");
    }
    if let Some(BrokenRow { row, line, .. }) = &report.not_utf8 {
        text += &format!("Row {row} (line {line}) is not UTF-8: {TO_UTF8}.\n");
    }
    if report.refused > 0 {
        let topic = output::shell_word(&topic(file, report));
        text += &format!("`verbatim dead-letters --topic {topic}` says why rows were refused.\n");
    }
    text + &note(advice)
}

/// By which its dead letters are found: the file's name. Rows that were refused before may be noted with the name that
/// it had then, and a name may be written as an identity is: then what it holds.
fn topic(file: &Path, report: &ImportReport) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match name_in(&format!("file:{name}")) {
        Some(name) if report.outcomes.still_refused == 0 => format!("file:{name}"),
        _ => format!("file:{}", report.identity),
    }
}

/// The first rows as they would be read.
pub fn look(preview: &Preview, options: &ImportOptions, advice: Option<&str>) -> String {
    let Preview { unmapped, rows } = preview;
    let mut text = String::new();
    for row in rows {
        let verdict =
            row.refused.as_deref().map_or("would be read".to_owned(), |why| format!("refused: {why}"));
        text += &format!("row {}  {verdict}\n", row.row);
        text += &output::wrapped(&row.payload, 2, 2_000);
    }
    if rows.is_empty() {
        text += "The file has no rows.\n";
    }
    let refused: Option<Vec<&str>> = rows.iter().map(|row| row.refused.as_deref()).collect();
    if let Some([first, ..]) = refused.as_deref() {
        text += &format!("No row would be read: {}.\n", remedy(options, first));
    }
    text + &kept(unmapped) + &note(advice) + "Nothing was written."
}

/// What to do where no row can be read, by why the first one cannot: one that is no whole event lacks what only
/// events have.
pub fn remedy(options: &ImportOptions, refusal: &str) -> &'static str {
    if options.vendor.is_some() {
        "see whether it is what that vendor exports, as --as says"
    } else if options.kind.is_none() && refusal.contains("specversion") {
        "rows that are not whole CloudEvents need their kind, as in --kind nps"
    } else if refusal.contains("expected UTF-8 at byte") {
        TO_UTF8
    } else {
        "correct the file or the column map and import it again"
    }
}

fn kept(columns: &[String]) -> String {
    if columns.is_empty() {
        return String::new();
    }
    output::wrapped(&format!("Kept as metadata: {}", columns.join(", ")), 0, NAMES)
}

fn note(advice: Option<&str>) -> String {
    advice.map(|advice| format!("Note: {advice}.\n")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use worker::files::Format;
    use worker::{Outcomes, VendorFormat};

    fn report() -> ImportReport {
        ImportReport {
            identity: "0f".repeat(16),
            rows: 20,
            read: 17,
            records: 17,
            duplicates: 0,
            deletions: 0,
            ignored: 0,
            refused: 3,
            erased: 0,
            already_there: 0,
            replaced: 0,
            unmapped: vec!["Plan".to_owned(), "Seats\u{7}".to_owned()],
            broken: Some(BrokenRow { row: 17, line: 18, why: "9 fields where the header has 8".to_owned() }),
            not_utf8: None,
            outcomes: Outcomes::default(),
            complete: true,
        }
    }

    #[test]
    fn a_summary_names_what_became_of_rows_and_columns() {
        let text = summary(Path::new("exports/nps.csv"), &report(), Some("no column gives an id"));
        let expected = "exports/nps.csv: 20 rows.\n  records       17\n  refused       3\n\
            Kept as metadata: Plan, Seats\u{fffd}\n\
            The first row that is broken as CSV is row 17 (line 18): 9 fields where the header has 8.\n\
            `verbatim dead-letters --topic file:nps.csv` says why rows were refused.\n\
            Note: no column gives an id.\n";
        assert_eq!(text, expected);
        let sound = ImportReport { refused: 0, unmapped: Vec::new(), broken: None, ..report() };
        let text = summary(Path::new("nps.csv"), &sound, None);
        assert_eq!(text, "nps.csv: 20 rows.\n  records       17\n");
    }

    #[test]
    fn dead_letters_are_asked_for_by_the_files_name_or_by_what_it_holds() {
        let path = Path::new("exports/nps (1).csv");
        let text = summary(path, &report(), None);
        assert!(text.contains("--topic 'file:nps (1).csv'`"), "{text}");
        // They may have been noted when the file had another name.
        let outcomes = Outcomes { still_refused: 1, ..Outcomes::default() };
        let text = summary(path, &ImportReport { outcomes, ..report() }, None);
        assert!(text.contains("--topic file:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f`"), "{text}");
        // This name would be taken for another content.
        let text = summary(Path::new(&"1e".repeat(16)), &report(), None);
        assert!(text.contains("--topic file:0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f`"), "{text}");
    }

    #[test]
    fn a_file_in_another_encoding_is_told_with_what_to_do() {
        let row = BrokenRow { row: 3, line: 4, why: "the row is not UTF-8".to_owned() };
        let text = summary(Path::new("nps.csv"), &ImportReport { not_utf8: Some(row), ..report() }, None);
        let says = "Row 3 (line 4) is not UTF-8: save the file as \"CSV UTF-8\" and import it again.\n";
        assert!(text.contains(says), "{text}");
        let mut options = ImportOptions::new("nps.csv".into(), Format::Csv);
        assert_eq!(remedy(&options, "the message: expected UTF-8 at byte 46"), TO_UTF8);
        assert!(remedy(&options, "specversion: expected a value").contains("--kind nps"));
        options.vendor = Some(VendorFormat::of(connect::Vendor::X));
        assert!(remedy(&options, "id: expected an id").contains("--as"));
    }
}
