//! `verbatim eval`: how good the judgements are, counted against labels.

mod figures;
mod html;
mod judge;
mod report;
mod rows;
mod slices;
mod task;
mod text;

use crate::context::Context;
use crate::encoders::EncoderName;
use crate::lines::Format;
use crate::output;
use analyze::Analyzer;
use anyhow::{Result, ensure};
use report::{LeftOut, Report};
use std::path::PathBuf;
use task::Task;

/// Measure the judgements against labelled texts
///
/// Reads JSONL or CSV with a header: the text, its label, and where there are, `question`, `title`, `language`,
/// `source` (survey, ticket, nps, social, or a configured kind), `split` and `id`. Labels negative, neutral and
/// positive measure the sentiment; labels such as bug, praise or question the kind. A row without a label, or with
/// several, is passed over.
///
/// An "unknown" counts as wrong; how often it is said, is told apart. Labels may be written with capitals, and with blanks
/// for underscores.
///
/// Every encoder of this build judges the texts, or those that --encoder names. First the encoders side by side: accuracy,
/// macro recall, macro F1 and calibration error with their 95% intervals (of the accuracy Wilson's, of the others from
/// 2,000 bootstrap samples of the texts), texts a second (of 1,000 texts and more), and what each has more than the
/// first, text by text. Then, by encoder, the scores of each label and what was said for it; and of the first, whether a
/// confidence means what it says, how accurate the surest texts are, scores by source, length, language and question
/// (below 30 texts only their number), the twenty wrong answers that were surest, and the first ten texts that are
/// "unknown", all redacted. --json and --html tell all of it of every encoder.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim eval --data labelled.jsonl --split test --field sentiment --json\n  \
        verbatim eval --data labelled.csv --text-field Review --field Mood --html report.html"
)]
pub struct Args {
    /// Labelled texts, JSONL or CSV; `-` is stdin
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// How the file is written
    #[arg(long, value_enum, default_value = "auto")]
    format: Format,
    /// The field or column with the text [default: text, body, comment, content, message, review, feedback]
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// Only the rows whose `split` is this
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// The field or column with the label
    #[arg(long, default_value = "label", value_name = "NAME")]
    field: String,
    /// Which encoders judge, the first of them in full; several with commas [default: all of this build]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAME")]
    encoder: Vec<EncoderName>,
    /// Also write the report as one page, which needs no network and runs no script
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    let rows = rows::read(args)?;
    ensure!(
        !rows.labelled.is_empty(),
        "nothing to measure: no line of {} has {}the label in \"{}\"",
        args.data.display(),
        args.split.as_ref().map(|split| format!("split \"{split}\" and ")).unwrap_or_default(),
        args.field
    );
    let task = Task::of(&rows.labelled, &args.field)?;
    let (encoders, left_out) = start(&args.encoder, context)?;
    let mut runs = Vec::new();
    for (name, analyzer) in &encoders {
        runs.push(judge::run(*name, analyzer, &task, &rows.labelled, context)?);
    }
    let report = Report::new(args, &rows, &task, &runs, left_out);
    // Before anything is printed: a reader that stops early must not cost the page.
    let written = args.html.as_deref().map_or(Ok(()), |file| html::write(file, &report));
    if context.json {
        output::json(&report)?
    } else {
        output::text(&text::render(&report))?
    }
    written
}

/// Those that judge, and those that could not be started.
type Started = (Vec<(EncoderName, Analyzer)>, Vec<LeftOut>);

/// The encoders to compare. One that was not asked for by name may be missing, as long as another starts.
fn start(asked: &[EncoderName], context: &Context) -> Result<Started> {
    let (mut encoders, mut left_out) = (Vec::new(), Vec::new());
    for name in names(asked) {
        match context.analyzer_with(name) {
            Ok(analyzer) => encoders.push((name, analyzer)),
            Err(error) if asked.is_empty() => left_out.push(LeftOut { name, why: format!("{error:#}") }),
            Err(error) => return Err(error),
        }
    }
    if let ([], [LeftOut { name, why }, ..]) = (&encoders[..], &left_out[..]) {
        anyhow::bail!("no encoder of this build starts; of \"{name}\": {why}");
    }
    for LeftOut { name, why } in &left_out {
        tracing::warn!("the encoder \"{name}\" is left out: {why}");
    }
    Ok((encoders, left_out))
}

/// Each once, in the order asked for.
fn names(asked: &[EncoderName]) -> Vec<EncoderName> {
    let mut names = Vec::new();
    for name in if asked.is_empty() { EncoderName::of_this_build() } else { asked } {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoder_judges_once_in_the_order_asked_for() {
        use EncoderName::{BuiltIn, Cascade};
        assert_eq!(names(&[Cascade, BuiltIn, Cascade]), [Cascade, BuiltIn]);
        assert_eq!(names(&[]), EncoderName::of_this_build());
    }
}
