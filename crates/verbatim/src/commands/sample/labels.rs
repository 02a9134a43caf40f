//! A labelled sample, read back from CSV or JSON lines, in whatever dialect a spreadsheet stored it.

use super::told::choice;
use crate::lines::{self, Format, Numbered, Row};
use crate::progress::Progress;
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use insight::report::sample::{By, Labelled, UNKNOWN};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

/// The columns that are read; the others are for the labeller.
const COLUMNS: [&str; 5] = ["record_id", "label", "stratum", "stratum_size", "said"];

/// The texts in [`COLUMNS`], without the blanks around them.
type Cells = [String; 5];

/// Reads the file's rows; those without a label are among them.
pub fn read(file: &Path) -> Result<(By, Vec<Labelled>)> {
    let size = std::fs::metadata(file).map_or(0, |meta| meta.len());
    let progress = Arc::new(Progress::bytes("sample", size));
    let reading = Arc::clone(&progress);
    let input = lines::open(file, Format::Auto, &["label"], move |bytes| reading.set(bytes))?;
    let shown = file.display();
    ensure!(
        !input.is_lines(),
        "{shown} is neither CSV nor JSON lines: name a file that `verbatim sample` wrote"
    );
    let places = input.header.as_ref().map(places).transpose().with_context(|| shown.to_string())?;
    let mut sheet = Sheet::default();
    for (at, numbered) in input.enumerate() {
        let Numbered { line, row } = numbered.with_context(|| format!("cannot read {shown}"))?;
        let added = cells(&row, places).and_then(|cells| sheet.add(line, cells));
        // What a spreadsheet counts as a row may be several lines.
        let in_sheet = at as u64 + 2;
        let row = if places.is_some() && in_sheet != line {
            format!(" (row {in_sheet} of the spreadsheet)")
        } else {
            String::new()
        };
        added.map_err(|why| anyhow!("line {line} of {shown}{row}: {why}"))?;
    }
    progress.done();
    sheet.finished().with_context(|| shown.to_string())
}

/// Where the columns stand.
fn places(header: &csv::StringRecord) -> Result<[usize; 5]> {
    let mut places = [0; 5];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        *place = found.with_context(|| {
            format!("there is no column {name:?}: all that `verbatim sample` wrote have to stay in the file")
        })?;
    }
    Ok(places)
}

fn cells(row: &Row, places: Option<[usize; 5]>) -> Result<Cells, String> {
    match (row, places) {
        (Row::Csv(record), Some(places)) => {
            Ok(places.map(|at| record.get(at).unwrap_or_default().trim().to_owned()))
        }
        (Row::Json(bytes), _) => json(bytes),
        (Row::Blank, _) => Ok(Cells::default()),
        (Row::Unreadable(why), _) if why.contains("UTF-8") => {
            Err(format!("{why}: store the file as UTF-8 (in Excel: \"CSV UTF-8\")"))
        }
        (Row::Unreadable(why), _) => Err(why.clone()),
        (Row::Csv(_) | Row::Line(_), _) => Err("the row belongs to no header".to_owned()),
    }
}

fn json(bytes: &[u8]) -> Result<Cells, String> {
    let object = match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return Err("the line is no JSON object".to_owned()),
        Err(error) => return Err(lines::json_error(&error)),
    };
    Ok(COLUMNS.map(|name| match object.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    }))
}

/// What was read so far.
#[derive(Default)]
struct Sheet {
    by: Option<By>,
    rows: Vec<Labelled>,
    /// By number.
    strata: BTreeMap<usize, Seen>,
    /// The line of each record.
    lines: HashMap<String, u64>,
}

struct Seen {
    size: u64,
    said: &'static str,
    rows: u64,
}

impl Sheet {
    /// Adds a row; one without any text is none.
    fn add(&mut self, line: u64, cells: Cells) -> Result<(), String> {
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        let [record_id, label, stratum, size, said] = cells;
        let (by, number) = By::parse_stratum(&stratum).ok_or_else(|| edited("stratum", &stratum))?;
        if *self.by.get_or_insert(by) != by {
            let why = "this row is of another sample than those above: correct one sample at a time";
            return Err(why.to_owned());
        }
        let size: u64 = size.parse().map_err(|_| edited("stratum_size", &size))?;
        let mut known = by.labels().into_iter().chain([UNKNOWN]);
        let said = known.find(|label| *label == said).ok_or_else(|| edited("said", &said))?;
        let label = parse_label(by, &label)?;
        if record_id.is_empty() {
            return Err(edited("record_id", ""));
        }
        if let Some(before) = self.lines.insert(record_id, line) {
            return Err(format!("this record stands in line {before} too: leave one of the two rows"));
        }
        let seen = self.strata.entry(number).or_insert(Seen { size, said, rows: 0 });
        seen.rows += 1;
        if (seen.size, seen.said) != (size, said) || seen.rows > size {
            return Err(edited("stratum", &stratum));
        }
        self.rows.push(Labelled { stratum: by.stratum(number), size, said, label });
        Ok(())
    }

    fn finished(self) -> Result<(By, Vec<Labelled>)> {
        let (Some(by), Some((last, _))) = (self.by, self.strata.last_key_value()) else {
            bail!("there are no rows");
        };
        if let Some(missing) = (1..=*last).find(|number| !self.strata.contains_key(number)) {
            bail!(
                "the rows of the stratum {} are missing: rows without a label have to stay in the file",
                by.stratum(missing)
            );
        }
        Ok((by, self.rows))
    }
}

fn edited(column: &str, value: &str) -> String {
    format!(
        "{value:?} in the column {column:?} does not fit: only `label` may be edited, the others have to stay as \
         `verbatim sample` wrote them"
    )
}

/// A label as a person may write it, as the program does: with a capital, a blank for the underscore.
pub fn written(label: &str) -> String {
    label.trim().to_lowercase().replace([' ', '-'], "_")
}

/// `None` where nothing is written.
fn parse_label(by: By, text: &str) -> Result<Option<&'static str>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let word = written(text);
    let labels = by.labels();
    let found = labels.iter().copied().find(|label| *label == word);
    let wrong = || format!("the label {text:?} is not known: write {}, or leave it empty", choice(&labels));
    found.map(Some).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(name: &str, text: &str) -> Result<(By, Vec<Labelled>)> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(name);
        std::fs::write(&file, text).unwrap();
        read(&file)
    }

    fn error(text: &str) -> String {
        format!("{:#}", read_text("sample.csv", text).unwrap_err())
    }

    const HEADER: &str = "record_id,text,label,weight,stratum,stratum_size,said\n";

    #[test]
    fn labels_are_read_in_the_dialects_of_spreadsheets() {
        let comma = format!("\u{feff}{HEADER}a,\"Fine,\nreally\",Positive ,2.5,sentiment-1,5,neutral\n");
        let comma = comma + "b,Hm,,2.5,sentiment-1,5,neutral\n,,,,,,\n";
        let semicolon = comma.replace("\"Fine,\nreally\"", "Fine").replace(',', ";");
        let json = concat!(
            r#"{"record_id":"a","label":"POSITIVE","stratum":"sentiment-1","stratum_size":5,"said":"neutral"}"#,
            "\n",
            r#"{"record_id":"b","label":"","stratum":"sentiment-1","stratum_size":"5","said":"neutral"}"#,
        );
        let row = |label| Labelled { stratum: "sentiment-1".to_owned(), size: 5, said: "neutral", label };
        for (name, text) in [("a.csv", &*comma), ("a.csv", &*semicolon), ("a.jsonl", json)] {
            let (by, rows) = read_text(name, text).unwrap();
            assert_eq!((by, rows), (By::Sentiment, vec![row(Some("positive")), row(None)]), "{text}");
        }
    }

    #[test]
    fn a_label_may_be_written_as_people_write() {
        assert_eq!(parse_label(By::Kind, "Feature request"), Ok(Some("feature_request")));
        assert_eq!(parse_label(By::Kind, ""), Ok(None));
        let wrong = parse_label(By::Sentiment, "postive").unwrap_err();
        assert_eq!(
            wrong,
            "the label \"postive\" is not known: write negative, neutral or positive, or leave it empty"
        );
        assert!(parse_label(By::Sentiment, "unknown").is_err(), "that is for the classifier alone");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let first = "a,\"two\nlines\",positive,1,sentiment-1,2,positive\n";
        let of = |second: &str| error(&format!("{HEADER}{first}{second}\n"));
        let wrong = of("b,x,good,1,sentiment-1,2,positive");
        assert!(
            wrong.contains("line 4 of ") && wrong.contains("(row 3 of the spreadsheet): the label"),
            "{wrong}"
        );
        for (second, says) in [
            ("b,x,,1,kind-1,2,other", "of another sample"),
            ("b,x,,1,1,2,positive", "\"1\" in the column \"stratum\""),
            ("b,x,,1,sentiment-1,many,positive", "\"many\" in the column \"stratum_size\""),
            ("b,x,,1,sentiment-1,3,positive", "in the column \"stratum\""),
            ("b,x,,1,sentiment-1,2,good", "\"good\" in the column \"said\""),
            ("a,x,,1,sentiment-1,2,positive", "stands in line 2 too"),
            ("b,x,,1,sentiment-3,2,positive", "the rows of the stratum sentiment-2 are missing"),
        ] {
            let told = of(second);
            assert!(told.contains(says), "{says}: {told}");
        }
        let third = of("b,x,,1,sentiment-1,2,positive\nc,x,,1,sentiment-1,2,positive");
        assert!(third.contains("line 5"), "more rows than records: {third}");
        assert!(error("record_id,label\na,positive\n").contains("no column \"stratum\""));
        assert!(error(HEADER).contains("there are no rows"));
    }
}
