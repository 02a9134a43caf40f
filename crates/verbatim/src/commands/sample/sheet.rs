//! The sample as a file: CSV for a spreadsheet, or JSON lines.

use crate::output;
use anyhow::{Context as _, Result, ensure};
use insight::report::sample::{Drawn, Sample};
use serde::Serialize;
use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// Characters of a cell: beyond 32,767 Excel would break the row.
const CELL: usize = 32_000;

/// What spreadsheets take for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One row; what tells of the classifier stands behind what a person fills in.
#[derive(Serialize)]
struct Line<'a> {
    record_id: Cow<'a, str>,
    native_id: Cow<'a, str>,
    day: String,
    source: Cow<'a, str>,
    origin: Cow<'a, str>,
    question: Cow<'a, str>,
    title: Cow<'a, str>,
    text: Cow<'a, str>,
    label: &'static str,
    weight: f64,
    stratum: String,
    stratum_size: u64,
    said: Cow<'a, str>,
}

impl<'a> Line<'a> {
    fn new(sample: &'a Sample, row: &'a Drawn) -> Self {
        let (record, stratum) = (&row.record, &sample.strata[row.stratum]);
        let optional = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
        let weight = stratum.size as f64 / stratum.drawn as f64;
        Self {
            record_id: Cow::Borrowed(&record.record_id),
            native_id: Cow::Borrowed(&record.native_id),
            day: record.day.to_string(),
            source: Cow::Borrowed(&record.source),
            origin: Cow::Borrowed(&record.origin),
            question: optional(&record.question),
            title: optional(&record.title),
            text: Cow::Borrowed(&record.text),
            label: "",
            weight: (weight * 10_000.0).round() / 10_000.0,
            stratum: sample.by.stratum(row.stratum + 1),
            stratum_size: stratum.size,
            said: Cow::Borrowed(&stratum.said),
        }
    }

    /// Every text as a cell.
    fn in_cells(mut self) -> Self {
        let texts = [
            &mut self.record_id,
            &mut self.native_id,
            &mut self.source,
            &mut self.origin,
            &mut self.question,
            &mut self.title,
            &mut self.text,
            &mut self.said,
        ];
        for text in texts {
            *text = Cow::Owned(cell(text));
        }
        self
    }
}

/// A text as a cell that no spreadsheet reckons with and no terminal obeys; cut where it is too long for a cell.
fn cell(text: &str) -> String {
    let text = defused(text);
    let text = text.replace("\r\n", "\n");
    let mut text = output::printable(&text).into_owned();
    if let Some((end, _)) = text.char_indices().nth(CELL) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// A customer's text must not become a formula of whoever opens the file: an apostrophe makes it a text again.
fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(FORMULA) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Labels are hours of work: no file is written over.
pub fn ensure_new(file: &Path) -> Result<()> {
    ensure!(
        !file.exists(),
        "{} is there already, perhaps with labels: name another file, or remove it",
        file.display()
    );
    Ok(())
}

/// Writes the rows to `file` or else to stdout, as JSON lines where the file's name or else `json` says so.
pub fn write(sample: &Sample, file: Option<&Path>, json: bool) -> Result<()> {
    let lines = if is_json(file, json) { json_lines(sample)? } else { csv(sample)? };
    let Some(file) = file else {
        let mut out = std::io::stdout().lock();
        out.write_all(&lines)?;
        return Ok(out.flush()?);
    };
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    opened
        .and_then(|mut out| out.write_all(&lines))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn is_json(file: Option<&Path>, json: bool) -> bool {
    let Some(file) = file else { return json };
    let extension = file.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    matches!(extension.as_deref(), Some("jsonl" | "ndjson" | "json"))
}

fn json_lines(sample: &Sample) -> Result<Vec<u8>> {
    let mut lines = Vec::new();
    for row in &sample.rows {
        serde_json::to_writer(&mut lines, &Line::new(sample, row))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// With a byte order mark: without it Excel takes UTF-8 for something else, and stores it as that.
fn csv(sample: &Sample) -> Result<Vec<u8>> {
    let mut lines = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::Writer::from_writer(&mut lines);
    for row in &sample.rows {
        writer.serialize(Line::new(sample, row).in_cells())?;
    }
    writer.flush()?;
    drop(writer);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_a_text() {
        for text in ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(defused(text), format!("'{text}"));
        }
        for text in ["", "fine", "1-2", "'=1", " =1", "ä=b"] {
            assert_eq!(defused(text), text);
        }
        assert_eq!(cell("=HYPERLINK(\"x\")\r\nnext"), "'=HYPERLINK(\"x\")\nnext");
    }

    #[test]
    fn a_cell_is_no_longer_than_a_spreadsheet_takes_and_nothing_that_a_terminal_obeys() {
        let long = cell(&"ä".repeat(40_000));
        assert_eq!(long.chars().count(), CELL + 1);
        assert!(long.ends_with("ä…"));
        assert_eq!(cell("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\nc");
    }

    #[test]
    fn a_files_name_says_how_it_is_written() {
        for (file, json, expected) in [
            (None, false, false),
            (None, true, true),
            (Some("s.csv"), true, false),
            (Some("s.JSONL"), false, true),
            (Some("s"), false, false),
        ] {
            assert_eq!(is_json(file.map(Path::new), json), expected, "{file:?} {json}");
        }
    }

    #[test]
    fn no_file_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("sample.csv");
        assert!(ensure_new(&file).is_ok());
        std::fs::write(&file, "labels").unwrap();
        assert!(ensure_new(&file).unwrap_err().to_string().contains("perhaps with labels"));
        let sample = Sample { by: insight::report::sample::By::Kind, strata: Vec::new(), rows: Vec::new() };
        assert!(write(&sample, Some(&file), false).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "labels");
    }
}
