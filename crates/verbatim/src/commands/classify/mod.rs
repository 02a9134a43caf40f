//! `verbatim classify`: texts in, what they mean out, one JSON line each, in the order of the input.

mod explain;
pub mod rows;
pub mod sources;

use crate::context::Context;
use crate::encoders::EncoderArg;
use crate::lines::{self, Format, Numbered, Row};
use crate::{ordered, progress::Progress};
use analyze::redact::Known;
use analyze::{Analyzer, Input, Scratch};
use explain::ExplanationOut;
use rows::{RowReader, Text};
use serde::Serialize;
use serde_json::Value;
use sources::Sources;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that one thread takes at a time, if the encoder does not read more of them together.
const CHUNK: usize = 64;

/// Judge texts: redaction, language, sentiment, kind, topics, urgency
///
/// Reads a file or stdin, writes one JSON object a line to stdout in the order of the input: the input's
/// `id` if it had one, `language`, `sentiment`, `kind`, `topics`, `urgency`, the redacted `text`, and which `encoder` judged
/// it. A row may name its `source` (survey, ticket, nps, social, or a kind of yours); any other is told at the end, and its text read as of no kind. The
/// span of a topic counts characters of that text. Probabilities are calibrated, while the answer gives rare classes
/// their due: it may have less than another, and its `confidence` is its own probability. A row that cannot be read gives {"line", "error"} in its place, and the
/// exit code is 1 at the end; a blank line gives {"line", "error": "blank"}, which is no failure. Of a text longer than
/// analyze.max_analyzed (16 KiB) only the beginning is read: it has "truncated": true.
///
/// A text that praises one thing and blames another is best read by its topics: each has a sentiment of its own.
///
/// With --explain a line ends with its `explanation`: for the sentiment and for the kind up to six words of the text,
/// the weightiest first. Each word is left out in turn and the rest read again, so it takes about one reading a word; a
/// text of more than 60 words is looked at by its sentences first, and then in the three that tell most. The `weight`
/// is what the answer loses without the word, in log-odds: above 0 the word speaks for the answer (0.69 doubles the
/// odds), below 0 against it. Of "unknown" the likeliest class is explained. Words that say the same hide each other,
/// and where no word alone changes an answer by 0.05, its list is empty. A title and a question are read with the text, but
/// only its own words are told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    echo 'Love the app, but login fails since Monday' | verbatim classify\n  \
    echo 'I love the export but the login is awful' | verbatim classify --explain\n  \
    verbatim classify reviews.csv --text-field Review > judged.jsonl\n  \
    verbatim classify tickets.jsonl | jq -r 'select(.kind == \"bug\") | .text'")]
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
    /// Tell which words carried the answer; takes about one reading a word
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    pub encoder: EncoderArg,
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
    let size = CHUNK.max(analyzer.group());
    let sources = Sources::new(context.config().registry());
    let judging = Judging { analyzer: &analyzer, sources: &sources };

    let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let (mut rows, mut bad) = (0_u64, 0_u64);
    let desk = || Desk { judging: Scratch::default(), explaining: args.explain.then(Scratch::default) };
    let judge = |desk: &mut Desk, chunk: std::io::Result<Vec<Numbered>>| {
        chunk.map(|chunk| judging.chunk(&reader, desk, &chunk))
    };
    ordered::map(Chunks { input, size }, context.threads(), desk, judge, |judged| -> anyhow::Result<()> {
        let judged = judged?;
        rows += judged.rows;
        bad += judged.bad;
        out.write_all(&judged.lines)?;
        // A person at a pipe waits for the answer to the line just typed.
        if judged.rows < size as u64 { Ok(out.flush()?) } else { Ok(()) }
    })?;
    out.flush()?;
    progress.done();
    sources.warn();
    let of = crate::output::counted(rows, "row");
    // What begins like JSON is taken for it.
    let hint = if bad == rows { "; --format lines takes every line as a text" } else { "" };
    anyhow::ensure!(bad == 0, "{bad} of {of} could not be read: the output says why where each stood{hint}");
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
struct Chunks {
    input: lines::Input,
    size: usize,
}

impl Iterator for Chunks {
    type Item = std::io::Result<Vec<Numbered>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut chunk = Vec::new();
        while chunk.len() < self.size && (chunk.is_empty() || self.input.has_more_at_hand()) {
            match self.input.next() {
                Some(Ok(row)) => chunk.push(row),
                Some(Err(error)) => return Some(Err(error)),
                None => break,
            }
        }
        (!chunk.is_empty()).then_some(Ok(chunk))
    }
}

/// What one thread works with.
struct Desk {
    judging: Scratch,
    /// Where explanations are wanted: what is judged still lies in the other.
    explaining: Option<Scratch>,
}

struct Judged {
    lines: Vec<u8>,
    rows: u64,
    bad: u64,
}

/// What judges, and what the sources' names mean.
struct Judging<'a> {
    analyzer: &'a Analyzer,
    sources: &'a Sources,
}

impl Judging<'_> {
    fn chunk(&self, reader: &RowReader, desk: &mut Desk, chunk: &[Numbered]) -> Judged {
        let texts: Vec<_> = chunk.iter().map(|numbered| reader.text(&numbered.row)).collect();
        let known: Vec<Known<'_>> = texts.iter().flatten().map(Text::known).collect();
        let inputs: Vec<Input<'_>> =
            texts.iter().flatten().zip(&known).map(|(text, known)| text.input(known, self.sources)).collect();
        self.analyzer.foresee(&inputs, false, &mut desk.judging);
        let mut judged = Judged { lines: Vec::new(), rows: chunk.len() as u64, bad: 0 };
        let mut inputs = inputs.iter();
        for (numbered, text) in chunk.iter().zip(&texts) {
            let line = match (text, text.as_ref().ok().and_then(|_| inputs.next())) {
                (Ok(text), Some(input)) => Line::Judged(text.judge(input, self.analyzer, desk)),
                (Err((id, error)), _) => {
                    judged.bad += u64::from(!matches!(numbered.row, Row::Blank));
                    Line::Bad { id: id.clone(), line: numbered.line, error: error.clone() }
                }
                // There is one input for each text.
                (Ok(_), None) => break,
            };
            // Strings and finite numbers always have a JSON form, and a Vec takes every byte.
            let _ = serde_json::to_writer(&mut judged.lines, &line);
            judged.lines.push(b'\n');
        }
        judged
    }
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
    /// Only its beginning was read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    encoder: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationOut>,
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
    fn known(&self) -> Known<'_> {
        Known::new(self.names.iter().map(String::as_str))
    }

    fn input<'a>(&'a self, known: &'a Known<'a>, sources: &Sources) -> Input<'a> {
        Input {
            title: self.title.as_deref(),
            body: &self.body,
            question: self.question.as_deref(),
            contract: sources.contract(self.source.as_deref()),
            language_hint: self.language.as_deref(),
            known,
        }
    }

    fn judge<'a>(&'a self, input: &Input<'_>, analyzer: &'a Analyzer, desk: &'a mut Desk) -> Judgement<'a> {
        let Desk { judging, explaining } = desk;
        let judged = analyzer.analyze(input, judging);
        let explanation =
            explaining.as_mut().map(|scratch| ExplanationOut::of(analyzer, &judged, input, scratch));
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
            truncated: analyzer.cuts(judged.body),
            encoder: judged.encoder,
            explanation,
        }
    }
}

/// Four decimals: what lies behind them means nothing.
fn rounded(number: f32) -> f64 {
    (f64::from(number) * 10_000.0).round() / 10_000.0
}
