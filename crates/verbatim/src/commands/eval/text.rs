//! The report on a terminal: first who is best, then where the first encoder is right and wrong.

use super::figures::{change, error, estimate, legend, percent, range, scores, speed};
use super::report::{Measured, Report, UnknownText, WorstError};
use super::slices::Slice;
use crate::output;
use analyze::eval::{Covered, CurveBin, Evaluation, FEWEST};

/// Parts of one kind that are shown; `--json` has all.
const PARTS: usize = 12;

pub fn render(report: &Report) -> String {
    let mut blocks = vec![head(report), encoders(report)];
    blocks.extend(gains(report));
    for encoder in &report.encoders {
        blocks.push(labels(encoder, report.encoders.len() > 1));
    }
    if let Some(first) = report.encoders.first() {
        let of = if report.encoders.len() > 1 { format!(" ({})", first.name) } else { String::new() };
        blocks.push(curve(&first.calibration_curve, &of));
        blocks.push(coverage(&first.coverage, &of));
        blocks.push(slices(&first.slices, &of));
        blocks.push(worst_errors(&first.worst_errors, &of));
        blocks.extend(unknown_texts(first, &of));
    }
    if let [first, second, ..] = &report.encoders[..] {
        blocks.push(format!(
            "What stands below the labels is of {}: --encoder {} tells those of {}, --html and --json of all",
            first.name, second.name, second.name
        ));
    }
    blocks.join("\n\n") + "\n"
}

fn head(report: &Report) -> String {
    let n = report.encoders.first().map_or(0, |encoder| encoder.evaluation.n);
    let mut head = output::counted(n, "text");
    if let Some(split) = &report.split {
        head += &format!(" of split \"{}\"", output::printable(split));
    }
    head += &format!(" with a label in \"{}\"", output::printable(&report.field));
    if report.passed_over > 0 {
        head += &format!("; {} without one label passed over", output::counted(report.passed_over, "row"));
    }
    head + &cautions(report)
}

/// What makes the figures below say less than they seem to.
fn cautions(report: &Report) -> String {
    let Some(evaluation) = report.encoders.first().map(|encoder| &encoder.evaluation) else {
        return String::new();
    };
    let mut told = String::new();
    if evaluation.n < FEWEST {
        told += &format!("\nfewer than {FEWEST} texts: hardly more than an impression");
    }
    let absent = evaluation.labels.iter().filter(|label| label.n == 0);
    let absent: Vec<&str> = absent.map(|label| label.label.as_str()).collect();
    if !absent.is_empty() {
        told += &format!(
            "\nno text has the label {}: the macro figures are of the others alone",
            absent.join(", ")
        );
    }
    if report.drawn {
        told += "\nthe file was drawn by `verbatim sample`, whose rows stand for different numbers of records: these figures \
                 are of the rows; for all records there is `verbatim sample --correct`";
    }
    told
}

fn encoders(report: &Report) -> String {
    let header = [
        "encoder",
        "texts",
        "accuracy",
        "macro recall",
        "macro F1",
        "calibration error",
        "unknown",
        "texts/s",
    ];
    let mut table = output::table(&header);
    for encoder in &report.encoders {
        let [accuracy, recall, f1] = scores(&encoder.scores, estimate);
        table.add_row([
            encoder.name.to_string(),
            output::grouped(encoder.evaluation.n),
            accuracy,
            recall,
            f1,
            error(encoder.calibration_error),
            output::grouped(encoder.unknown),
            speed(encoder.texts_per_second),
        ]);
    }
    let mut text = format!("{table}\n{}", legend());
    for encoder in report.encoders.iter().filter(|encoder| encoder.stood_in > 0) {
        let texts = output::counted(encoder.stood_in, "text");
        text += &format!("\n{} failed on {texts}: built-in stood in", encoder.name);
    }
    for left_out in &report.left_out {
        text += &format!("\n{} is left out: {}", left_out.name, left_out.why);
    }
    text
}

/// `None` of one encoder.
fn gains(report: &Report) -> Option<String> {
    let (first, others) = report.encoders.split_first().filter(|(_, others)| !others.is_empty())?;
    let against = format!("against {}", first.name);
    let mut table = output::table(&[against.as_str(), "accuracy", "macro recall", "macro F1"]);
    for (name, gain) in others.iter().filter_map(|other| Some((other.name, other.gain.as_ref()?))) {
        table.add_row(std::iter::once(name.to_string()).chain(scores(gain, change)).collect::<Vec<_>>());
    }
    Some(format!("{table}\npoints more, text by text; where 0 lies within, chance explains it"))
}

fn labels(encoder: &Measured, named: bool) -> String {
    let Evaluation { labels, confusion, ece, .. } = &encoder.evaluation;
    let mut text = if named { format!("{}\n\n", encoder.name) } else { String::new() };
    let mut table = output::table(&["label", "texts", "precision", "recall", "F1"]);
    for label in labels.iter().filter(|label| label.n > 0) {
        let numbers = [label.precision, label.recall, label.f1].map(percent);
        table.add_row([vec![label.label.clone(), output::grouped(label.n)], numbers.to_vec()].concat());
    }
    text += &format!("{table}\n\nrows: the label, columns: what was said\n\n");
    let names: Vec<&str> = labels.iter().map(|label| label.label.as_str()).collect();
    let mut table = output::table(&[&[""], names.as_slice(), &["unknown"]].concat());
    for (label, row) in labels.iter().zip(confusion).filter(|(label, _)| label.n > 0) {
        let counts = row.iter().map(|count| output::grouped(*count));
        table.add_row(std::iter::once(label.label.clone()).chain(counts).collect::<Vec<_>>());
    }
    text += &format!(
        "{table}\n\nweights {}; calibration error without the correction for its bias {}",
        encoder.version,
        percent(*ece)
    );
    text
}

fn curve(bins: &[CurveBin], of: &str) -> String {
    let mut table = output::table(&["confidence", "texts", "mean confidence", "right"]);
    for bin in bins {
        table.add_row([
            range(bin.from, bin.to),
            output::grouped(bin.n),
            percent(bin.confidence),
            estimate(bin.right),
        ]);
    }
    format!("Does a confidence mean what it says?{of}\n\n{table}")
}

fn coverage(parts: &[Covered], of: &str) -> String {
    let mut table = output::table(&["surest", "texts", "confidence from", "accuracy"]);
    for part in parts {
        table.add_row([
            format!("{:.0}%", 100.0 * part.coverage),
            output::grouped(part.n),
            percent(part.confidence),
            estimate(part.accuracy),
        ]);
    }
    format!("How accurate are the surest texts?{of}\n\n{table}")
}

fn slices(slices: &[Slice], of: &str) -> String {
    let mut table = output::table(&["by", "part", "texts", "accuracy", "macro recall", "macro F1"]);
    for parts in slices.chunk_by(|a, b| a.by == b.by) {
        for slice in parts.iter().take(PARTS) {
            let few = || [format!("too few (below {FEWEST})"), String::new(), String::new()];
            let scores = slice.sliced.scores.as_ref().map_or_else(few, |all| scores(all, estimate));
            let name = output::printable(&slice.name).into_owned();
            let names = [slice.by.to_owned(), name, output::grouped(slice.sliced.n)];
            table.add_row(names.into_iter().chain(scores).collect::<Vec<_>>());
        }
        if let Some(more) = parts.len().checked_sub(PARTS).filter(|more| *more > 0) {
            let by = parts.first().map_or("", |slice| slice.by);
            table.add_row([by.to_owned(), format!("and {more} more, see --json")]);
        }
    }
    format!("Where is it better, and where worse?{of}\n\n{table}\nlength in words, language as detected")
}

fn worst_errors(errors: &[WorstError], of: &str) -> String {
    if errors.is_empty() {
        return format!("No answer is wrong{of}.");
    }
    let mut text = format!("The wrong answers that were surest{of}\n");
    for error in errors {
        text += &format!(
            "\n{}: {}, said {} with {}%\n{}",
            place(error.line, error.id.as_deref()),
            error.label,
            error.said,
            percent(error.confidence),
            output::wrapped(&error.text, 2, 400),
        );
    }
    text.trim_end().to_owned()
}

/// `None` where it says "unknown" of no text.
fn unknown_texts(encoder: &Measured, of: &str) -> Option<String> {
    let texts: &[UnknownText] = &encoder.unknown_texts;
    if texts.is_empty() {
        return None;
    }
    let mut told = format!("The first that are \"unknown\", of {}{of}\n", output::grouped(encoder.unknown));
    for text in texts {
        told += &format!(
            "\n{}: {}, language {}\n{}",
            place(text.line, text.id.as_deref()),
            text.label,
            text.language,
            output::wrapped(&text.text, 2, 400),
        );
    }
    Some(told.trim_end().to_owned())
}

/// Where a text stands: `line 45, id r7`.
fn place(line: u64, id: Option<&str>) -> String {
    let id = id.map(|id| format!(", id {}", output::printable(id))).unwrap_or_default();
    format!("line {line}{id}")
}
