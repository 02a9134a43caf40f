//! The labelled texts of a file.

use super::Args;
use crate::commands::classify::rows::{RowReader, Text, text_fields};
use crate::commands::sample::labels::written;
use crate::lines::{self, Numbered, Row, json_error};
use crate::progress::Progress;
use anyhow::{Context as _, Result, anyhow, bail, ensure};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The column that `verbatim sample` adds to what it draws.
const STRATUM: &str = "stratum";

/// What a file held.
pub struct Rows {
    pub labelled: Vec<Labelled>,
    /// Rows without a label, or with several.
    pub passed_over: u64,
    /// `verbatim sample` drew them.
    pub drawn: bool,
}

/// One labelled text.
#[derive(Debug, PartialEq)]
pub struct Labelled {
    /// Where it starts, from 1.
    pub line: u64,
    pub gold: String,
    pub text: Text,
    /// The row says which stratum it was drawn from.
    pub drawn: bool,
}

impl Labelled {
    /// The kind of its source, as the row names it.
    pub fn source(&self) -> Option<&str> {
        self.text.source.as_deref().map(str::trim).filter(|source| !source.is_empty())
    }
}

/// Reads the whole file.
///
/// # Errors
/// A row that cannot be read stops it: figures without that row would be those of another file.
pub fn read(args: &Args) -> Result<Rows> {
    let size = std::fs::metadata(&args.data).map_or(0, |meta| meta.len());
    let progress = Arc::new(Progress::bytes("reading", size));
    let reading = Arc::clone(&progress);
    let named = args.text_field.as_deref();
    let input = lines::open(&args.data, args.format, &text_fields(named), move |bytes| reading.set(bytes))?;
    ensure!(
        !input.is_lines(),
        "{} is read as plain lines, which have no label: add --format jsonl, or csv",
        args.data.display()
    );
    let reader = Reader::new(input.header.clone(), args)?;
    let is_stratum = |column: &str| column.trim().eq_ignore_ascii_case(STRATUM);
    let drawn = input.header.as_ref().is_some_and(|header| header.iter().any(is_stratum));
    let mut rows = Rows { labelled: Vec::new(), passed_over: 0, drawn };
    for numbered in input {
        let numbered = numbered.with_context(|| format!("{} cannot be read", args.data.display()))?;
        let line = numbered.line;
        let taken = reader.take(numbered);
        match taken.map_err(|why| anyhow!("line {line} of {}: {why}", args.data.display()))? {
            Taken::Labelled(row) => {
                rows.drawn |= row.drawn;
                rows.labelled.push(*row);
            }
            Taken::WithoutLabel => rows.passed_over += 1,
            Taken::NotAsked => {}
        }
    }
    progress.done();
    Ok(rows)
}

/// What became of a row.
#[derive(Debug, PartialEq)]
enum Taken {
    Labelled(Box<Labelled>),
    WithoutLabel,
    /// Blank, or of another split.
    NotAsked,
}

struct Reader<'a> {
    texts: RowReader,
    columns: Option<Columns>,
    field: &'a str,
    split: Option<&'a str>,
}

/// Positions of the columns that mean something beside the text's.
struct Columns {
    label: usize,
    split: Option<usize>,
}

impl<'a> Reader<'a> {
    fn new(header: Option<csv::StringRecord>, args: &'a Args) -> Result<Self> {
        let (field, split) = (args.field.as_str(), args.split.as_deref());
        let columns = header.as_ref().map(|header| Columns::new(header, field, split)).transpose()?;
        let texts = RowReader::new(header, args.text_field.as_deref())?;
        Ok(Self { texts, columns, field, split })
    }

    fn take(&self, numbered: Numbered) -> Result<Taken, String> {
        let Numbered { line, row } = numbered;
        let Beside { label, split, drawn } = match &row {
            Row::Blank => return Ok(Taken::NotAsked),
            Row::Unreadable(why) => return Err(why.clone()),
            Row::Line(_) => return Err("the line is not JSON".to_owned()),
            Row::Json(bytes) => self.beside_json(bytes)?,
            Row::Csv(record) => self.beside_csv(record)?,
        };
        if self.split.is_some() && split.as_deref() != self.split {
            return Ok(Taken::NotAsked);
        }
        let Some(gold) = self::label(label.as_ref(), self.field)? else { return Ok(Taken::WithoutLabel) };
        let text = self.texts.text(&row).map_err(|(_, why)| why)?;
        Ok(Taken::Labelled(Box::new(Labelled { line, gold, text, drawn })))
    }

    fn beside_json(&self, bytes: &[u8]) -> Result<Beside, String> {
        let object = match serde_json::from_slice(bytes) {
            Ok(Value::Object(object)) => object,
            Ok(_) => return Err("the line is no JSON object".to_owned()),
            Err(error) => return Err(json_error(&error)),
        };
        let text = |name: &str| get(&object, name).and_then(Value::as_str).map(str::to_owned);
        let label = get(&object, self.field).cloned();
        Ok(Beside { label, split: text("split"), drawn: get(&object, STRATUM).is_some() })
    }

    fn beside_csv(&self, record: &csv::StringRecord) -> Result<Beside, String> {
        let Some(columns) = &self.columns else { return Err("the row belongs to no header".to_owned()) };
        let cell = |at: usize| record.get(at).map(str::trim).filter(|cell| !cell.is_empty());
        let text = |at: Option<usize>| at.and_then(cell).map(str::to_owned);
        let label = cell(columns.label).map(Value::from);
        // Of a table the header tells.
        Ok(Beside { label, split: text(columns.split), drawn: false })
    }
}

/// What a row tells beside its text.
struct Beside {
    label: Option<Value>,
    split: Option<String>,
    drawn: bool,
}

/// A field by its name, in whatever case.
fn get<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o Value> {
    object.get(name).or_else(|| {
        let alike = |key: &str| key.trim().eq_ignore_ascii_case(name);
        object.iter().find(|(key, _)| alike(key)).map(|(_, value)| value)
    })
}

impl Columns {
    fn new(header: &csv::StringRecord, field: &str, split: Option<&str>) -> Result<Self> {
        let find = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        let has = || header.iter().collect::<Vec<_>>().join(", ");
        let Some(label) = find(field) else {
            bail!("the CSV has no column {field:?} for the label: it has {}; choose one with --field", has());
        };
        let columns = Self { label, split: find("split") };
        ensure!(
            split.is_none() || columns.split.is_some(),
            "the CSV has no column \"split\": it has {}; leave out --split",
            has()
        );
        Ok(columns)
    }
}

/// `None` where nothing is written, or several labels are.
fn single(label: &str) -> Option<String> {
    let label = written(label);
    (!label.is_empty() && !label.contains([',', ';', '|'])).then_some(label)
}

/// `None` where there is no label, or more than one.
fn label(value: Option<&Value>, field: &str) -> Result<Option<String>, String> {
    let other = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(label)) => return Ok(single(label)),
        // Several labels: only an unambiguous one can be counted.
        Some(Value::Array(labels)) => match labels.as_slice() {
            [label] => return self::label(Some(label), field),
            _ => return Ok(None),
        },
        Some(other) => other,
    };
    let what = match other {
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        _ => "an object",
    };
    Err(format!("the label in {field:?} is {what}: it has to be a word such as \"positive\" or \"bug\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Format;

    fn args(field: &str, split: Option<&str>) -> Args {
        Args {
            data: "labelled".into(),
            format: Format::Auto,
            text_field: None,
            split: split.map(str::to_owned),
            field: field.to_owned(),
            encoder: Vec::new(),
            html: None,
        }
    }

    fn json(line: &str, args: &Args) -> Result<Taken, String> {
        let row = Row::Json(line.as_bytes().to_vec());
        Reader::new(None, args).unwrap().take(Numbered { line: 3, row })
    }

    fn labelled(taken: Result<Taken, String>) -> Labelled {
        let Ok(Taken::Labelled(row)) = taken else { panic!("no labelled text: {taken:?}") };
        *row
    }

    #[test]
    fn a_line_of_json_tells_all_that_helps() {
        let line = r#"{"id": 7, "Text": "Fine", "LABEL": "positive", "source": "nps", "question": "Why?",
                       "title": "Well", "language": "en"}"#;
        let row = labelled(json(line, &args("label", None)));
        assert_eq!((row.line, row.gold.as_str(), row.source()), (3, "positive", Some("nps")));
        assert_eq!((row.text.body.as_str(), row.text.question.as_deref()), ("Fine", Some("Why?")));
        assert_eq!((row.text.title.as_deref(), row.text.language.as_deref()), (Some("Well"), Some("en")));
        assert_eq!(row.text.id, Some(Value::from(7)));
        let row =
            labelled(json(r#"{"comment": "Fine", "kinds": ["bug"], "source": ""}"#, &args("kinds", None)));
        assert_eq!((row.gold.as_str(), row.source(), &row.text.id), ("bug", None, &None));
    }

    #[test]
    fn rows_without_one_label_and_of_other_splits_are_passed_over() {
        let (any, test) = (args("label", None), args("label", Some("test")));
        for line in
            [r#"{"text": "x"}"#, r#"{"label": null}"#, r#"{"label": ["bug", "praise"]}"#, r#"{"label": " "}"#]
        {
            assert_eq!(json(line, &any), Ok(Taken::WithoutLabel), "{line}");
            assert_eq!(json(line, &test), Ok(Taken::NotAsked), "{line}");
        }
        let row = labelled(json(r#"{"text": "x", "label": "bug", "split": "test"}"#, &test));
        assert_eq!(row.gold, "bug");
        assert_eq!(single("Feature request"), Some("feature_request".to_owned()));
        assert_eq!(single("positive, negative"), None);
        assert!(json(r#"{"text": "x", "label": 5}"#, &any).unwrap_err().contains("is a number"));
        assert!(json(r#"{"label": "bug"}"#, &any).unwrap_err().contains("--text-field"));
    }

    #[test]
    fn columns_are_found_by_name() {
        let header = || csv::StringRecord::from(vec!["ID", "Comment", "Mood ", "Source", "Split"]);
        let args = args("mood", Some("test"));
        let reader = Reader::new(Some(header()), &args).unwrap();
        let take = |cells: [&str; 5]| {
            let row = Row::Csv(csv::StringRecord::from(cells.to_vec()));
            reader.take(Numbered { line: 2, row })
        };
        let row = labelled(take(["5", "Fine", " positive", "ticket", "test"]));
        assert_eq!((row.gold.as_str(), row.source()), ("positive", Some("ticket")));
        assert_eq!((row.text.body.as_str(), row.text.id), ("Fine", Some(Value::from("5"))));
        assert_eq!(take(["5", "Fine", "positive", "", "train"]), Ok(Taken::NotAsked));
        assert_eq!(take(["5", "Fine", " ", "", "test"]), Ok(Taken::WithoutLabel));

        let wrong = |columns: Vec<&str>| {
            let reader = Reader::new(Some(csv::StringRecord::from(columns)), &args);
            reader.err().unwrap().to_string()
        };
        assert!(
            wrong(vec!["text", "label"]).contains("no column \"mood\" for the label: it has text, label")
        );
        assert!(wrong(vec!["text", "mood"]).contains("leave out --split"));
        assert!(wrong(vec!["words", "mood", "split"]).contains("--text-field"));
    }
}
