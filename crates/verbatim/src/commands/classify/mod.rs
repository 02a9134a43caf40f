//! `verbatim classify`: texts in, what they mean out, one JSON line each, in the order of the input.

mod rows;

use crate::context::Context;
use crate::lines::{self, Format, Numbered, Row};
use crate::{ordered, progress::Progress};
use analyze::redact::Known;
use analyze::{Analyzer, Input, Scratch};
use rows::{RowReader, Text};
use serde::Serialize;
use serde_json::Value;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that one thread takes at a time.
const CHUNK: usize = 64;

/// Judge texts: redaction, language, sentiment, kind, topics, urgency
///
/// Reads a file or stdin, writes one JSON object a line to stdout in the order of the input: the input's
/// `id` if it had one, `language`, `sentiment`, `kind`, `topics`, `urgency` and the redacted `text`. The
/// span of a topic counts characters of that text. Probabilities are calibrated, while the answer gives rare classes
/// their due: it may have less than another. A row that cannot be read gives {"line", "error"} in its place, and the
/// exit code is 1 at the end; a blank line gives {"line", "error": "blank"}, which is no failure.
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
    let named = args.text_field.as_deref();
    let texts = rows::text_fields(named);
    let input = lines::open(&args.file, args.format, &texts, move |bytes| reading.set(bytes))?;
    if let Some(name) = named.filter(|_| input.is_lines()) {
        anyhow::bail!(
            "the input is read as plain lines, which have no field {name:?}: add --format csv, or jsonl, or leave out \
             --text-field"
        );
    }
    let reader = RowReader::new(input.header.clone(), named)?;

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
        let known = Known::new(self.names.iter().map(String::as_str));
        let input = Input {
            title: self.title.as_deref(),
            body: &self.body,
            question: self.question.as_deref(),
            language_hint: self.language.as_deref(),
            known: &known,
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
