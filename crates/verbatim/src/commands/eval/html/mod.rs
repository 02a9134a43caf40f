//! The report as one page: no script, nothing from a network, readable on a phone and in the dark.

mod chart;
mod markup;

use super::figures::{change, error, estimate, legend, percent, range, scores, speed};
use super::report::{Measured, Report};
use crate::output::{counted, grouped};
use analyze::eval::{Estimate, FEWEST};
use anyhow::{Context as _, Result};
use chart::Chart;
use markup::{Cells, escaped, figure, heading, paragraph, table};
use std::path::Path;

/// Parts of one kind that are shown; `--json` has all.
const PARTS: usize = 20;

pub fn write(file: &Path, report: &Report) -> Result<()> {
    std::fs::write(file, page(report))
        .with_context(|| format!("the page {} cannot be written", file.display()))
}

fn page(report: &Report) -> String {
    let title = escaped(&format!("How good the judgements are: {}", report.data));
    let mut body = heading(1, "How good the judgements are") + &overview(report) + &gains(report);
    for encoder in &report.encoders {
        body += &measured(encoder);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{css}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        css = include_str!("page.css")
    )
}

fn overview(report: &Report) -> String {
    let n = report.encoders.first().map_or(0, |encoder| encoder.evaluation.n);
    let split = report.split.as_ref().map(|split| format!(", split \"{split}\"")).unwrap_or_default();
    let passed_over = match report.passed_over {
        0 => String::new(),
        rows => format!(" {} without one label passed over.", counted(rows, "row")),
    };
    let source = format!(
        "{} of {}{split}, labels in \"{}\".{passed_over} Texts are shown redacted.",
        counted(n, "text"),
        report.data,
        report.field
    );
    let rows = report.encoders.iter().map(|encoder| {
        let [accuracy, recall, f1] = scores(&encoder.scores, estimate);
        [
            encoder.name.to_string(),
            grouped(encoder.evaluation.n),
            accuracy,
            recall,
            f1,
            error(encoder.calibration_error),
            grouped(encoder.unknown),
            speed(encoder.texts_per_second),
        ]
    });
    let header = [
        "encoder",
        "texts",
        "accuracy",
        "macro recall",
        "macro F1",
        "calibration error",
        "unknown",
        "texts a second",
    ];
    let caption = format!("The encoders side by side, {}", legend());
    let mut html = paragraph(&source) + &table(&caption, Cells::Numbers, &header, rows);
    for encoder in report.encoders.iter().filter(|encoder| encoder.stood_in > 0) {
        let texts = counted(encoder.stood_in, "text");
        html += &paragraph(&format!("{} failed on {texts}: built-in stood in.", encoder.name));
    }
    for left_out in &report.left_out {
        html += &paragraph(&format!("{} is left out: {}", left_out.name, left_out.why));
    }
    html
}

/// Empty of one encoder.
fn gains(report: &Report) -> String {
    let Some((first, others)) = report.encoders.split_first().filter(|(_, others)| !others.is_empty()) else {
        return String::new();
    };
    let rows = others.iter().filter_map(|other| Some((other.name, other.gain.as_ref()?)));
    let rows = rows.map(|(name, gain)| std::iter::once(name.to_string()).chain(scores(gain, change)));
    let caption = format!(
        "What each has more than {}, in points, text by text; where 0 lies within, chance explains it",
        first.name
    );
    table(&caption, Cells::Numbers, &["encoder", "accuracy", "macro recall", "macro F1"], rows)
}

fn measured(encoder: &Measured) -> String {
    let mut html = heading(2, encoder.name.as_str());
    html += &paragraph(&format!(
        "Weights {}. Expected calibration error {}%.",
        encoder.version,
        percent(encoder.evaluation.ece)
    ));
    html += &labels(encoder);
    html += &heading(3, "Does a confidence mean what it says?");
    html += &curve(encoder);
    html += &heading(3, "How accurate are the surest texts?");
    html += &coverage(encoder);
    html += &heading(3, "Where is it better, and where worse?");
    html += &slices(encoder);
    html += &heading(3, "The wrong answers that were surest");
    html + &worst_errors(encoder) + &unknown_texts(encoder)
}

fn labels(encoder: &Measured) -> String {
    let labels = &encoder.evaluation.labels;
    let present = || labels.iter().zip(&encoder.evaluation.confusion).filter(|(label, _)| label.n > 0);
    let rows = present().map(|(label, _)| {
        let numbers = [label.precision, label.recall, label.f1].map(percent);
        [label.label.clone(), grouped(label.n)].into_iter().chain(numbers)
    });
    let header = ["label", "texts", "precision", "recall", "F1"];
    let scores = table("By label, in percent", Cells::Numbers, &header, rows);
    let names = labels.iter().map(|label| label.label.as_str());
    let header: Vec<&str> = std::iter::once("label").chain(names).chain(["unknown"]).collect();
    let rows = present().map(|(label, row)| {
        std::iter::once(label.label.clone()).chain(row.iter().map(|count| grouped(*count)))
    });
    scores + &table("Rows: the label, columns: what was said", Cells::Numbers, &header, rows)
}

fn curve(encoder: &Measured) -> String {
    let bins = &encoder.calibration_curve;
    let points: Vec<(f64, Estimate)> = bins.iter().map(|bin| (bin.confidence, bin.right)).collect();
    let chart = Chart {
        title: "Share right by confidence; on the dashed line a confidence means what it says",
        x_label: "mean confidence",
        y_label: "share right",
        x: (0.0, 1.0),
        y: (0.0, 1.0),
        points: &points,
        ideal: true,
        joined: false,
    };
    let rows = bins
        .iter()
        .map(|bin| [range(bin.from, bin.to), grouped(bin.n), percent(bin.confidence), estimate(bin.right)]);
    let caption = "Answers by confidence, in percent, with Wilson's intervals";
    let header = ["confidence", "texts", "mean confidence", "right"];
    figure(&chart.render(), &table(caption, Cells::Numbers, &header, rows))
}

fn coverage(encoder: &Measured) -> String {
    let parts = &encoder.coverage;
    let points: Vec<(f64, Estimate)> = parts.iter().map(|part| (part.coverage, part.accuracy)).collect();
    let lowest = points.iter().map(|(_, accuracy)| accuracy.low).fold(0.9, f64::min);
    let chart = Chart {
        title: "Accuracy of the surest texts by their share of all",
        x_label: "surest texts",
        y_label: "accuracy",
        x: (0.5, 1.0),
        y: ((10.0 * lowest).floor() / 10.0, 1.0),
        points: &points,
        ideal: false,
        joined: true,
    };
    let rows = parts.iter().map(|part| {
        [
            format!("{:.0}%", 100.0 * part.coverage),
            grouped(part.n),
            percent(part.confidence),
            estimate(part.accuracy),
        ]
    });
    let caption = "Accuracy of the surest texts, in percent, with Wilson's intervals";
    let header = ["surest", "texts", "confidence from", "accuracy"];
    figure(&chart.render(), &table(caption, Cells::Numbers, &header, rows))
}

fn slices(encoder: &Measured) -> String {
    let mut html = String::new();
    for parts in encoder.slices.chunk_by(|a, b| a.by == b.by) {
        let by = parts.first().map_or("", |slice| slice.by);
        let rows = parts.iter().take(PARTS).map(|slice| {
            let few = || [format!("too few (below {FEWEST})"), String::new(), String::new()];
            let scores = slice.sliced.scores.as_ref().map_or_else(few, |all| scores(all, estimate));
            [slice.name.clone(), grouped(slice.sliced.n)].into_iter().chain(scores)
        });
        let caption = match by {
            "length" => "By length in words, in percent".to_owned(),
            "language" => "By language as detected, in percent".to_owned(),
            by => format!("By {by}, in percent"),
        };
        let header = [by, "texts", "accuracy", "macro recall", "macro F1"];
        html += &table(&caption, Cells::Numbers, &header, rows);
        if parts.len() > PARTS {
            html += &paragraph(&format!("And {} more, which --json tells.", parts.len() - PARTS));
        }
    }
    html
}

fn worst_errors(encoder: &Measured) -> String {
    if encoder.worst_errors.is_empty() {
        return paragraph("No answer is wrong.");
    }
    let rows = encoder.worst_errors.iter().map(|error| {
        [
            error.line.to_string(),
            error.id.clone().unwrap_or_default(),
            error.label.to_owned(),
            error.said.to_owned(),
            percent(error.confidence),
            error.text.clone(),
        ]
    });
    let header = ["line", "id", "label", "said", "confidence", "text"];
    table("Redacted, and cut at 200 characters", Cells::Words, &header, rows)
}

/// Empty where it says "unknown" of no text.
fn unknown_texts(encoder: &Measured) -> String {
    if encoder.unknown_texts.is_empty() {
        return String::new();
    }
    let rows = encoder.unknown_texts.iter().map(|text| {
        [
            text.line.to_string(),
            text.id.clone().unwrap_or_default(),
            text.label.to_owned(),
            text.language.to_owned(),
            text.text.clone(),
        ]
    });
    let header = ["line", "id", "label", "language", "text"];
    let title = format!("The first that are \"unknown\", of {}", grouped(encoder.unknown));
    heading(3, &title) + &table("Redacted, and cut at 200 characters", Cells::Words, &header, rows)
}
