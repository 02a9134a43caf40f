//! `verbatim classify`: texts in, what they mean out, one JSON line each, in the order of the input.

use crate::context::Context;
use crate::lines::{self, Format, Numbered, Row};
use crate::{ordered, progress::Progress};
use analyze::{Analyzer, Input, Scratch};
use serde::Serialize;
use serde_json::Value;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that one thread takes at a time.
const CHUNK: usize = 64;
/// Where the text is looked for when no field is named.
const TEXT_FIELDS: [&str; 7] = ["text", "body", "comment", "content", "message", "review", "feedback"];

/// Judge texts: redaction, language, sentiment, kind, topics, urgency
///
/// Reads a file or stdin, writes one JSON object a line to stdout in the order of the input: the input's
/// `id` if it had one, `language`, `sentiment`, `kind`, `topics`, `urgency` and the redacted `text`. The
/// span of a topic counts characters of that text. A row that cannot be read gives {"line", "error"} in its
/// place, and the exit code is 1 at the end; a blank line gives {"line", "error": "blank"}, which is no failure.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    echo 'Love the app, but login fails since Monday' | verbatim classify\n  \
    verbatim classify reviews.csv --text-field Review > judged.jsonl\n  \
    verbatim classify tickets.jsonl | jq -r 'select(.urgency == \"high\") | .text'")]
pub struct Args {
    /// The file to read; `-` is stdin
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    /// How the input is written
    #[arg(long, value_enum, default_value = "auto")]
    format: Format,
    /// The field or column with the text [default: text, body, comment, content, message, review, feedback]
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
}

pub fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let analyzer = context.analyzer()?;
    let progress = Arc::new(bar(&args.file));
    let reading = Arc::clone(&progress);
    let input = lines::open(&args.file, args.format, move |bytes| reading.set(bytes))?;
    let reader = RowReader::new(input.header.clone(), args.text_field.as_deref())?;

    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let (mut rows, mut bad) = (0_u64, 0_u64);
    let judge = |scratch: &mut Scratch, chunk: std::io::Result<Vec<Numbered>>| {
        chunk.map(|chunk| judge_chunk(&analyzer, &reader, scratch, &chunk))
    };
    ordered::map(
        Chunks(input),
        context.threads(),
        Scratch::default,
        judge,
        |judged| -> anyhow::Result<()> {
            let judged = judged?;
            rows += judged.rows;
            bad += judged.bad;
            out.write_all(&judged.lines)?;
            // A person at a pipe waits for the answer to the line just typed.
            if judged.rows < CHUNK as u64 { Ok(out.flush()?) } else { Ok(()) }
        },
    )?;
    out.flush()?;
    progress.done();
    let of = crate::output::counted(rows, "row");
    anyhow::ensure!(bad == 0, "{bad} of {of} could not be read: the output says why where each stood");
    Ok(())
}

fn bar(file: &Path) -> Progress {
    let size = std::fs::metadata(file).map_or(0, |meta| meta.len());
    // On a terminal the answers themselves are the progress.
    if size == 0 || std::io::stdout().is_terminal() {
        Progress::hidden()
    } else {
        Progress::bytes("classify", size)
    }
}

/// Rows by the chunk; fewer where the next one is still to come, so that an answer never waits for it.
struct Chunks(lines::Input);

impl Iterator for Chunks {
    type Item = std::io::Result<Vec<Numbered>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK && (chunk.is_empty() || self.0.has_more_at_hand()) {
            match self.0.next() {
                Some(Ok(row)) => chunk.push(row),
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!chunk.is_empty()).then_some(Ok(chunk))
    }
}

struct Judged {
    lines: Vec<u8>,
    rows: u64,
    bad: u64,
}

fn judge_chunk(analyzer: &Analyzer, reader: &RowReader, scratch: &mut Scratch, chunk: &[Numbered]) -> Judged {
    let mut judged = Judged { lines: Vec::new(), rows: chunk.len() as u64, bad: 0 };
    for numbered in chunk {
        let text = reader.text(&numbered.row);
        let line = match &text {
            Ok(text) => Line::Judged(text.judge(analyzer, scratch)),
            Err((id, error)) => {
                judged.bad += u64::from(!matches!(numbered.row, Row::Blank));
                Line::Bad { id: id.clone(), line: numbered.line, error: error.clone() }
            }
        };
        // Strings and finite numbers always have a JSON form, and a Vec takes every byte.
        let _ = serde_json::to_writer(&mut judged.lines, &line);
        judged.lines.push(b'\n');
    }
    judged
}

/// One text with what helps to understand it.
#[derive(Debug, Default, PartialEq)]
struct Text {
    id: Option<Value>,
    title: Option<String>,
    body: String,
    question: Option<String>,
    language: Option<String>,
}

/// One line of the output.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Judged(Judgement<'a>),
    Bad {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Value>,
        line: u64,
        error: String,
    },
}

#[derive(Serialize)]
struct Judgement<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    language: &'a str,
    sentiment: SentimentOut,
    kind: KindOut,
    topics: Vec<TopicOut<'a>>,
    urgency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    /// Redacted.
    text: &'a str,
}

#[derive(Serialize)]
struct SentimentOut {
    label: &'static str,
    confidence: f64,
    probabilities: Probabilities,
}

#[derive(Serialize)]
struct Probabilities {
    negative: f64,
    neutral: f64,
    positive: f64,
}

#[derive(Serialize)]
struct KindOut {
    label: &'static str,
    confidence: f64,
}

#[derive(Serialize)]
struct TopicOut<'a> {
    id: &'a str,
    confidence: f64,
    sentiment: &'static str,
    /// Characters of the text, `[start, end)`.
    span: [u32; 2],
}

impl Text {
    fn judge<'a>(&'a self, analyzer: &'a Analyzer, scratch: &'a mut Scratch) -> Judgement<'a> {
        let input = Input {
            title: self.title.as_deref(),
            body: &self.body,
            question: self.question.as_deref(),
            language_hint: self.language.as_deref(),
            ..Input::default()
        };
        let judged = analyzer.analyze(&input, scratch);
        let [negative, neutral, positive] = judged.sentiment.probabilities.map(rounded);
        let topics = judged.topics.iter().filter_map(|hit| {
            Some(TopicOut {
                id: &analyzer.taxonomy().get(hit.topic)?.id,
                confidence: rounded(hit.confidence),
                sentiment: hit.sentiment.as_str(),
                span: [hit.span.start, hit.span.end],
            })
        });
        Judgement {
            id: self.id.as_ref(),
            language: judged.language.as_str(),
            sentiment: SentimentOut {
                label: judged.sentiment.label.as_str(),
                confidence: rounded(judged.sentiment.confidence),
                probabilities: Probabilities { negative, neutral, positive },
            },
            kind: KindOut { label: judged.kind.label.as_str(), confidence: rounded(judged.kind.confidence) },
            topics: topics.collect(),
            urgency: judged.urgency.as_str(),
            title: judged.title,
            text: judged.body,
        }
    }
}

/// Four decimals: what lies behind them means nothing.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 10_000.0).round() / 10_000.0
}

/// Finds the text in a row.
struct RowReader {
    columns: Option<Columns>,
    text_field: Option<String>,
}

/// Positions of the columns that mean something.
struct Columns {
    text: usize,
    id: Option<usize>,
    title: Option<usize>,
    question: Option<usize>,
    language: Option<usize>,
}

impl RowReader {
    fn new(header: Option<csv::StringRecord>, text_field: Option<&str>) -> anyhow::Result<Self> {
        let columns = header.map(|header| Columns::new(&header, text_field)).transpose()?;
        Ok(Self { columns, text_field: text_field.map(str::to_owned) })
    }

    fn text(&self, row: &Row) -> Result<Text, (Option<Value>, String)> {
        match row {
            Row::Unreadable(why) => Err((None, why.clone())),
            Row::Blank => Err((None, "blank".to_owned())),
            Row::Line(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Text { body: text.to_owned(), ..Text::default() }),
                Err(_) => Err((None, "the line is not UTF-8".to_owned())),
            },
            Row::Csv(record) => match &self.columns {
                Some(columns) => columns.text(record),
                None => Err((None, "the row belongs to no header".to_owned())),
            },
            Row::Json(bytes) => self.json(bytes),
        }
    }

    fn json(&self, bytes: &[u8]) -> Result<Text, (Option<Value>, String)> {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| (None, json_error(&error)))?;
        let mut object = match value {
            Value::Object(object) => object,
            Value::String(body) => return Ok(Text { body, ..Text::default() }),
            _ => return Err((None, "the line is no JSON object".to_owned())),
        };
        let id = object.remove("id").filter(|id| id.is_string() || id.is_number());
        let named = self.text_field.as_deref();
        let found = match named {
            Some(name) => object.remove(name),
            None => TEXT_FIELDS.iter().find_map(|name| object.remove(*name)),
        };
        let body = match found {
            Some(Value::String(body)) => body,
            Some(_) => return Err((id, "the text is no string".to_owned())),
            None => {
                let name = named.unwrap_or("text");
                return Err((
                    id,
                    format!("there is no field \"{name}\": name the right one with --text-field"),
                ));
            }
        };
        let mut other = |name: &str| match object.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let (title, question, language) = (other("title"), other("question"), other("language"));
        Ok(Text { id, title, body, question, language })
    }
}

/// What is wrong with the JSON, without quoting it.
fn json_error(error: &serde_json::Error) -> String {
    let what = if error.is_eof() { "the JSON ends too early" } else { "the line is not JSON" };
    format!("{what} (column {})", error.column())
}

impl Columns {
    fn new(header: &csv::StringRecord, text_field: Option<&str>) -> anyhow::Result<Self> {
        let find = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        let text = match text_field {
            Some(name) => find(name),
            None => TEXT_FIELDS.iter().find_map(|name| find(name)),
        };
        let Some(text) = text else {
            let names: Vec<&str> = header.iter().collect();
            let wanted = text_field.unwrap_or("text");
            anyhow::bail!(
                "the CSV has no column {wanted:?} for the text: it has {}; choose one with --text-field",
                names.join(", ")
            );
        };
        let [id, title, question, language] = ["id", "title", "question", "language"].map(find);
        Ok(Self { text, id, title, question, language })
    }

    fn text(&self, record: &csv::StringRecord) -> Result<Text, (Option<Value>, String)> {
        let get = |at: Option<usize>| at.and_then(|at| record.get(at)).filter(|text| !text.is_empty());
        let id = get(self.id).map(Value::from);
        let Some(body) = record.get(self.text) else {
            return Err((id, "the row ends before the text".to_owned()));
        };
        let text = |at| get(at).map(str::to_owned);
        let (title, question, language) = (text(self.title), text(self.question), text(self.language));
        Ok(Text { id, title, body: body.to_owned(), question, language })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(json: &str, field: Option<&str>) -> Result<Text, (Option<Value>, String)> {
        RowReader::new(None, field).unwrap().text(&Row::Json(json.as_bytes().to_vec()))
    }

    #[test]
    fn finds_the_text_and_keeps_the_id_as_it_was() {
        let text = read(r#"{"id": 7, "comment": "ok", "question": "Why?"}"#, None).unwrap();
        assert_eq!(
            (text.id, text.body.as_str(), text.question.as_deref()),
            (Some(json!(7)), "ok", Some("Why?"))
        );
        assert_eq!(read(r#"{"id":"a","Review":"x"}"#, Some("Review")).unwrap().body, "x");
        assert_eq!(read("\"bare\"", None).unwrap().body, "bare");
    }

    #[test]
    fn a_bad_row_keeps_its_id_and_is_not_quoted() {
        let (id, error) = read(r#"{"id":"a","note":"secret"}"#, None).unwrap_err();
        assert_eq!(id, Some(json!("a")));
        assert!(error.contains("--text-field"), "{error}");
        let (_, error) = read(r#"{"text":"secret"#, None).unwrap_err();
        assert!(error.contains("too early") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn csv_columns_are_found_by_name() {
        let header = csv::StringRecord::from(vec!["ID", "Comment"]);
        let reader = RowReader::new(Some(header.clone()), None).unwrap();
        let text = reader.text(&Row::Csv(csv::StringRecord::from(vec!["5", "fine"]))).unwrap();
        assert_eq!((text.id, text.body), (Some(json!("5")), "fine".to_owned()));
        assert!(RowReader::new(Some(header), Some("Review")).is_err());
    }
}
