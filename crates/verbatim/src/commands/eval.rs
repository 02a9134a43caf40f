//! `verbatim eval`: how good the judgements are, counted against labels.

use crate::context::Context;
use crate::lines::{self, Format, Numbered, Row};
use crate::{ordered, output, progress::Progress};
use analyze::eval::{Evaluation, Tally};
use analyze::{Analyzer, Input, Scratch};
use anyhow::{Result, anyhow, bail, ensure};
use feedback::judgement::{FeedbackKind, Sentiment, SentimentLabel};
use serde::Serialize;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

/// The three that probabilities are given for, in their order.
const POLARITIES: [SentimentLabel; 3] =
    [SentimentLabel::Negative, SentimentLabel::Neutral, SentimentLabel::Positive];

/// Measure the judgements against labelled texts
///
/// Reads JSONL with `text`, the label, `split`, and `question` where there is one. Labels negative, neutral
/// and positive measure the sentiment; labels such as bug, praise or question the kind.
///
/// The sentiment that is said counts, and where that is "unknown" the likeliest one; how often that is, is told
/// apart. For kinds an "unknown" counts as wrong.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Example:\n  verbatim eval --data labelled.jsonl --split test --field sentiment --json"
)]
pub struct Args {
    /// Labelled texts, one JSON object a line
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Only the lines whose `split` is this
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// The field with the label
    #[arg(long, default_value = "label", value_name = "NAME")]
    field: String,
}

/// One labelled text.
struct Line {
    gold: String,
    text: String,
    question: Option<String>,
    title: Option<String>,
    language: Option<String>,
}

/// What was asked of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Judged {
    Sentiment,
    Kind,
}

/// One text's label and both answers; which of them counts shows once the labels are known.
struct Answer {
    gold: String,
    sentiment: SentimentLabel,
    likeliest: SentimentLabel,
    sentiment_confidence: f32,
    kind: FeedbackKind,
    kind_confidence: f32,
}

#[derive(Serialize)]
struct Measured {
    judged: Judged,
    encoder: String,
    split: Option<String>,
    #[serde(flatten)]
    evaluation: Evaluation,
    /// Texts for which the product says "unknown".
    unknown: u64,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let analyzer = context.analyzer()?;
    let answers = answers(args, context, &analyzer)?;
    ensure!(
        !answers.is_empty(),
        "nothing to measure: no line of {} has {}the label in \"{}\"",
        args.data.display(),
        args.split.as_ref().map(|split| format!("split \"{split}\" and ")).unwrap_or_default(),
        args.field
    );
    let measured = measure(&answers, args, &analyzer)?;
    if context.json { output::json(&measured) } else { show(&measured) }
}

fn answers(args: &Args, context: &Context, analyzer: &Analyzer) -> Result<Vec<Answer>> {
    let size = std::fs::metadata(&args.data).map_or(0, |meta| meta.len());
    let progress = Arc::new(Progress::bytes("eval", size));
    let reading = Arc::clone(&progress);
    let input = lines::open(&args.data, Format::Jsonl, &[], move |bytes| reading.set(bytes))?;
    let mut answers = Vec::new();
    let judge = |scratch: &mut Scratch, numbered: std::io::Result<Numbered>| -> Result<Option<Answer>> {
        let Numbered { line, row } = numbered?;
        let read = match row {
            Row::Json(bytes) => Line::read(&bytes, args),
            Row::Blank => Ok(None),
            Row::Unreadable(why) => Err(why),
            Row::Line(_) | Row::Csv(_) => Err("the line is not JSON".to_owned()),
        };
        let read = read.map_err(|why| anyhow!("line {line} of {}: {why}", args.data.display()))?;
        Ok(read.map(|line| answer(analyzer, scratch, line)))
    };
    ordered::map(input, context.threads(), Scratch::default, judge, |answer| -> Result<()> {
        answers.extend(answer?);
        Ok(())
    })?;
    progress.done();
    Ok(answers)
}

impl Line {
    /// `None` for a line of another split, or without one label.
    fn read(bytes: &[u8], args: &Args) -> Result<Option<Self>, String> {
        let object = match serde_json::from_slice(bytes) {
            Ok(Value::Object(object)) => object,
            Ok(_) => return Err("the line is no JSON object".to_owned()),
            Err(error) => return Err(lines::json_error(&error)),
        };
        let get = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
        if args.split.is_some() && get("split") != args.split {
            return Ok(None);
        }
        let Some(gold) = label(object.get(&args.field), &args.field)? else { return Ok(None) };
        let text = get("text").ok_or("there is no string in \"text\"")?;
        let (question, title, language) = (get("question"), get("title"), get("language"));
        Ok(Some(Self { gold, text, question, title, language }))
    }
}

fn label(value: Option<&Value>, field: &str) -> Result<Option<String>, String> {
    let other = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(label)) => return Ok(Some(label.clone())),
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

fn answer(analyzer: &Analyzer, scratch: &mut Scratch, line: Line) -> Answer {
    let input = Input {
        title: line.title.as_deref(),
        body: &line.text,
        question: line.question.as_deref(),
        language_hint: line.language.as_deref(),
        ..Input::default()
    };
    let analysis = analyzer.analyze(&input, scratch);
    Answer {
        gold: line.gold,
        sentiment: analysis.sentiment.label,
        likeliest: likeliest(analysis.sentiment),
        sentiment_confidence: analysis.sentiment.confidence,
        kind: analysis.kind.label,
        kind_confidence: analysis.kind.confidence,
    }
}

/// What is counted: the label that is said. Where that is "unknown" the likeliest class stands in, and neutral
/// where none is likelier than the others, so that the figures compare with those of models that always answer.
fn likeliest(sentiment: Sentiment) -> SentimentLabel {
    if sentiment.label != SentimentLabel::Unknown {
        return sentiment.label;
    }
    let [negative, neutral, positive] = sentiment.probabilities;
    if negative > neutral.max(positive) {
        SentimentLabel::Negative
    } else if positive > neutral.max(negative) {
        SentimentLabel::Positive
    } else {
        SentimentLabel::Neutral
    }
}

/// Which labels are the odd ones, and how they should be written.
fn unknown_labels(answers: &[Answer], field: &str) -> String {
    const SHOWN: usize = 8;
    let sentiments: Vec<&str> = POLARITIES.iter().map(|label| label.as_str()).collect();
    let labels: std::collections::BTreeSet<&str> =
        answers.iter().map(|answer| answer.gold.as_str()).collect();
    let odd = |label: &&str| !sentiments.contains(label) && FeedbackKind::parse(label).is_none();
    let odd: Vec<&str> = labels.into_iter().filter(odd).collect();
    let (what, which) = match odd.len() {
        0 => ("are sentiments and kinds in one file".to_owned(), String::new()),
        all => {
            let more = if all > SHOWN { ", …" } else { "" };
            let shown = odd[..all.min(SHOWN)].join(", ");
            ("are neither all sentiments nor all kinds".to_owned(), format!(" ({shown}{more})"))
        }
    };
    format!(
        "the labels in \"{field}\" {what}{which}: write sentiments as {}, or name another field with --field",
        sentiments.join(", ")
    )
}

fn measure(answers: &[Answer], args: &Args, analyzer: &Analyzer) -> Result<Measured> {
    let all = |is: fn(&str) -> bool| answers.iter().all(|answer| is(&answer.gold));
    let judged = if all(|label| POLARITIES.iter().any(|known| known.as_str() == label)) {
        Judged::Sentiment
    } else if all(|label| FeedbackKind::parse(label).is_some()) {
        Judged::Kind
    } else {
        bail!(unknown_labels(answers, &args.field));
    };
    let mut tally = match judged {
        Judged::Sentiment => Tally::new(POLARITIES.map(SentimentLabel::as_str)),
        Judged::Kind => {
            let known = FeedbackKind::ALL.iter().filter(|kind| **kind != FeedbackKind::Unknown);
            Tally::new(known.map(|kind| kind.as_str()))
        }
    };
    let mut unknown = 0;
    for answer in answers {
        let (said, confidence) = match judged {
            Judged::Sentiment => {
                unknown += u64::from(answer.sentiment == SentimentLabel::Unknown);
                (answer.likeliest.as_str(), answer.sentiment_confidence)
            }
            Judged::Kind => {
                unknown += u64::from(answer.kind == FeedbackKind::Unknown);
                (answer.kind.as_str(), answer.kind_confidence)
            }
        };
        tally.add(&answer.gold, said, confidence)?;
    }
    let encoder = analyzer.versions().encoder.to_owned();
    Ok(Measured { judged, encoder, split: args.split.clone(), evaluation: tally.evaluation(), unknown })
}

fn show(measured: &Measured) -> Result<()> {
    let Measured { evaluation, unknown, encoder, .. } = measured;
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    let mut text = format!(
        "{} texts, encoder {encoder}\n\naccuracy {}   macro F1 {}   macro recall {}   calibration error {}   \
         unknown {}\n\n",
        output::grouped(evaluation.n),
        percent(evaluation.accuracy),
        percent(evaluation.macro_f1),
        percent(evaluation.macro_recall),
        percent(evaluation.ece),
        output::grouped(*unknown),
    );
    let mut scores = output::table(&["label", "texts", "precision", "recall", "F1"]);
    for label in evaluation.labels.iter().filter(|label| label.n > 0) {
        let numbers = [label.precision, label.recall, label.f1].map(percent);
        scores.add_row([vec![label.label.clone(), output::grouped(label.n)], numbers.to_vec()].concat());
    }
    text += &format!("{scores}\n\nrows: the label, columns: what was said\n\n");
    let names: Vec<&str> = evaluation.labels.iter().map(|label| label.label.as_str()).collect();
    let mut confusion = output::table(&[&[""], names.as_slice(), &["unknown"]].concat());
    for (label, row) in evaluation.labels.iter().zip(&evaluation.confusion).filter(|(label, _)| label.n > 0) {
        let counts = row.iter().map(|count| output::grouped(*count));
        confusion.add_row(std::iter::once(label.label.clone()).chain(counts).collect::<Vec<_>>());
    }
    output::text(&(text + &confusion.to_string()))
}
