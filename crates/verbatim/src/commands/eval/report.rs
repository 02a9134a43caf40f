//! The report as values: what `--json` prints, and what the terminal and the page show.

use super::Args;
use super::judge::Run;
use super::rows::{Labelled, Rows};
use super::slices::{Slice, slices};
use super::task::{Judged, Task};
use crate::encoders::EncoderName;
use analyze::eval::{self, Answer, Covered, CurveBin, Estimate, Estimates, Evaluation, Tally};
use analyze::redact::{Known, RedactionCounts, Redactor};
use serde::Serialize;
use serde_json::Value;

/// Errors that are shown.
const WORST: usize = 20;
/// Texts that are shown of which an encoder says "unknown".
const UNKNOWN: usize = 10;
/// Of fewer texts a speed is mostly noise.
const FEWEST_TIMED: usize = 1_000;

#[derive(Serialize)]
pub struct Report {
    /// The file.
    pub data: String,
    pub judged: Judged,
    pub field: String,
    pub split: Option<String>,
    /// Rows without a label, or with several.
    pub passed_over: u64,
    /// The file was drawn by `verbatim sample`: its rows stand for different numbers of records.
    pub drawn: bool,
    #[serde(flatten)]
    first: Option<First>,
    /// In the order asked for.
    pub encoders: Vec<Measured>,
    pub left_out: Vec<LeftOut>,
}

/// What the first encoder came to, beside the encoders for whoever looks for one figure.
#[derive(Serialize)]
struct First {
    /// Its weights.
    encoder: String,
    #[serde(flatten)]
    evaluation: Evaluation,
    /// Texts of which it says "unknown".
    unknown: u64,
}

/// An encoder that did not start.
#[derive(Serialize)]
pub struct LeftOut {
    pub name: EncoderName,
    pub why: String,
}

/// What one encoder came to.
#[derive(Serialize)]
pub struct Measured {
    pub name: EncoderName,
    /// Its weights.
    pub version: String,
    /// `None` of fewer than 1,000 texts.
    pub texts_per_second: Option<f64>,
    /// Texts for which the built-in encoder stood in, because this one failed.
    pub stood_in: u64,
    /// Texts of which it says "unknown"; they count as wrong.
    pub unknown: u64,
    pub evaluation: Evaluation,
    pub scores: Estimates,
    /// Debiased.
    pub calibration_error: Estimate,
    /// What this one has more than the first; `None` of the first.
    pub gain: Option<Estimates>,
    pub calibration_curve: Vec<CurveBin>,
    pub coverage: Vec<Covered>,
    pub slices: Vec<Slice>,
    pub worst_errors: Vec<WorstError>,
    /// The first of those that are "unknown".
    pub unknown_texts: Vec<UnknownText>,
}

/// A wrong answer.
#[derive(Serialize)]
pub struct WorstError {
    pub line: u64,
    /// Redacted.
    pub id: Option<String>,
    pub label: &'static str,
    pub said: &'static str,
    pub confidence: f64,
    /// The beginning of the redacted text.
    pub text: String,
}

/// A text of which an encoder says "unknown".
#[derive(Serialize)]
pub struct UnknownText {
    pub line: u64,
    /// Redacted.
    pub id: Option<String>,
    pub label: &'static str,
    /// As detected; of any but English no answer is given.
    pub language: &'static str,
    /// The beginning of the redacted text.
    pub text: String,
}

impl Report {
    pub fn new(args: &Args, rows: &Rows, task: &Task, runs: &[Run], left_out: Vec<LeftOut>) -> Self {
        let answers: Vec<Vec<Answer>> = runs.iter().map(|run| run.answers(task)).collect();
        let pairs = runs.iter().zip(&answers).enumerate();
        let encoders: Vec<Measured> = pairs
            .map(|(at, (run, given))| {
                let before = answers.first().filter(|_| at > 0).map(Vec::as_slice);
                Measured::new(task, &rows.labelled, run, given, before)
            })
            .collect();
        Self {
            data: args.data.display().to_string(),
            judged: task.judged,
            field: args.field.clone(),
            split: args.split.clone(),
            passed_over: rows.passed_over,
            drawn: rows.drawn,
            first: encoders.first().map(|encoder| First {
                encoder: encoder.version.clone(),
                evaluation: encoder.evaluation.clone(),
                unknown: encoder.unknown,
            }),
            encoders,
            left_out,
        }
    }
}

impl Measured {
    fn new(task: &Task, rows: &[Labelled], run: &Run, answers: &[Answer], before: Option<&[Answer]>) -> Self {
        let labels = task.labels.len();
        let mut tally = Tally::new(task.labels.iter().copied());
        answers.iter().for_each(|answer| tally.count(*answer));
        let evaluation = tally.evaluation();
        Self {
            name: run.name,
            version: run.version.clone(),
            texts_per_second: texts_per_second(rows.len(), run.seconds),
            stood_in: run.stood_in,
            unknown: run.said.iter().filter(|said| said.label.is_none()).count() as u64,
            scores: eval::estimates(&evaluation),
            evaluation,
            calibration_error: eval::calibration_error(answers),
            gain: before.map(|before| eval::difference(labels, before, answers)),
            calibration_curve: eval::curve(answers),
            coverage: eval::coverage(answers),
            slices: slices(labels, rows, &run.said, answers),
            worst_errors: worst_errors(task, rows, run),
            unknown_texts: unknown_texts(task, rows, run),
        }
    }
}

fn texts_per_second(texts: usize, seconds: f64) -> Option<f64> {
    (texts >= FEWEST_TIMED).then(|| (10.0 * texts as f64 / seconds.max(1e-9)).round() / 10.0)
}

/// The wrong answers that were surest; among equally sure ones the earliest.
fn worst_errors(task: &Task, rows: &[Labelled], run: &Run) -> Vec<WorstError> {
    let mut wrong: Vec<usize> = (0..rows.len())
        .filter(|at| run.said[*at].label.is_some_and(|label| label != task.gold[*at]))
        .collect();
    wrong.sort_by(|a, b| run.said[*b].confidence.total_cmp(&run.said[*a].confidence));
    wrong.truncate(WORST);
    let error = |at: usize| {
        let (row, said) = (&rows[at], &run.said[at]);
        Some(WorstError {
            line: row.line,
            id: shown_id(row),
            label: task.labels[task.gold[at]],
            said: task.labels[said.label?],
            // Four decimals: what lies behind them means nothing.
            confidence: (f64::from(said.confidence) * 10_000.0).round() / 10_000.0,
            text: said.missed.clone()?,
        })
    };
    wrong.into_iter().filter_map(error).collect()
}

/// In the order of the file.
fn unknown_texts(task: &Task, rows: &[Labelled], run: &Run) -> Vec<UnknownText> {
    let unknown = (0..rows.len()).filter(|at| run.said[*at].label.is_none()).take(UNKNOWN);
    let text = |at: usize| UnknownText {
        line: rows[at].line,
        id: shown_id(&rows[at]),
        label: task.labels[task.gold[at]],
        language: run.said[at].language.as_str(),
        text: run.said[at].missed.clone().unwrap_or_default(),
    };
    unknown.map(text).collect()
}

fn shown_id(row: &Labelled) -> Option<String> {
    row.text.id.as_ref().map(|id| redacted(id, &row.text.names))
}

/// An id as a report may show it: some are addresses, some the names that the row tells.
fn redacted(id: &Value, names: &[String]) -> String {
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let mut shown = String::new();
    let known = Known::new(names.iter().map(String::as_str));
    Redactor::new().redact_into(&id, &known, &mut shown, &mut RedactionCounts::default());
    shown
}

#[cfg(test)]
mod tests {
    use super::super::judge::Said;
    use super::*;
    use crate::commands::classify::rows::Text;
    use analyze::Language;

    fn row(line: u64, gold: &str) -> Labelled {
        let id = (line == 3).then(|| Value::from("jane.doe@example.com"));
        let text = Text { id, body: format!("text {line}"), ..Text::default() };
        Labelled { line, gold: gold.to_owned(), text, drawn: false }
    }

    /// What an encoder says of three texts, each with its confidence.
    fn run(said: [(usize, f32); 3], task: &Task) -> Run {
        let said = said.into_iter().zip(&task.gold).map(|((label, confidence), gold)| Said {
            label: Some(label),
            confidence,
            language: Language::ENGLISH,
            missed: (label != *gold).then(|| format!("redacted {label}")),
        });
        let said = said.collect();
        Run { name: EncoderName::BuiltIn, version: "v1".to_owned(), said, seconds: 2.0, stood_in: 0 }
    }

    #[test]
    fn errors_come_surest_first_and_show_nobody() {
        let rows = vec![row(1, "positive"), row(2, "positive"), row(3, "neutral")];
        let task = Task::of(&rows, "label").unwrap();
        let errors = worst_errors(&task, &rows, &run([(2, 0.99), (0, 0.4), (0, 0.8)], &task));
        let told: Vec<_> = errors.iter().map(|error| (error.line, error.label, error.said)).collect();
        assert_eq!(told, [(3, "neutral", "negative"), (2, "positive", "negative")]);
        assert_eq!(errors[0].id.as_deref(), Some("[email]"));
        assert_eq!(errors[1].text, "redacted 0");
    }

    #[test]
    fn the_second_encoder_is_compared_with_the_first() {
        let rows = vec![row(1, "positive"), row(2, "positive"), row(3, "neutral")];
        let task = Task::of(&rows, "label").unwrap();
        let first = run([(2, 0.9), (0, 0.9), (0, 0.9)], &task);
        let second = run([(2, 0.9), (2, 0.9), (1, 0.9)], &task);
        let answers = first.answers(&task);
        let measured = Measured::new(&task, &rows, &second, &second.answers(&task), Some(&answers));
        assert_eq!((measured.evaluation.n, measured.evaluation.accuracy), (3, 1.0));
        assert!((measured.gain.unwrap().accuracy.value - 2.0 / 3.0).abs() < 1e-9);
        assert!(Measured::new(&task, &rows, &first, &answers, None).gain.is_none());
    }

    #[test]
    fn the_first_unknown_texts_are_told_with_their_language_and_are_no_errors() {
        let rows: Vec<Labelled> = (1..=3).map(|line| row(line, "positive")).collect();
        let task = Task::of(&rows, "label").unwrap();
        let mut run = run([(0, 0.4), (2, 0.9), (0, 0.9)], &task);
        for at in [0, 2] {
            run.said[at].label = None;
            run.said[at].language = Language::UNKNOWN;
        }
        let unknown = unknown_texts(&task, &rows, &run);
        let told: Vec<_> = unknown.iter().map(|text| (text.line, text.label, text.language)).collect();
        let language = Language::UNKNOWN.as_str();
        assert_eq!(told, [(1, "positive", language), (3, "positive", language)]);
        assert_eq!((unknown[0].text.as_str(), unknown[1].id.as_deref()), ("redacted 0", Some("[email]")));
        assert!(worst_errors(&task, &rows, &run).is_empty());

        let rows: Vec<Labelled> = (1..=30).map(|line| row(line, "positive")).collect();
        let task = Task::of(&rows, "label").unwrap();
        run.said = (0..30)
            .map(|_| Said { label: None, confidence: 0.0, language: Language::ENGLISH, missed: None })
            .collect();
        assert_eq!(unknown_texts(&task, &rows, &run).len(), UNKNOWN);
    }

    #[test]
    fn the_speed_of_few_texts_is_not_told() {
        assert_eq!(texts_per_second(999, 2.0), None);
        assert_eq!(texts_per_second(3_000, 2.0), Some(1_500.0));
    }
}
