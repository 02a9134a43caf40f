//! The table of scores.

use super::{
    Page, changed,
    table::{Align, Cell, Look, SHORTER, Table, cell},
    text::{bars, count, line, percent, percents, signed, signed_range},
};
use crate::report::model::{Report, ScoreRow};
use feedback::{insight::Scale, score::ScoreKind};

/// Boxes of a scale whose answers are drawn.
const MOST_BOXES: usize = 11;

pub fn scores(page: &mut Page, report: &Report) {
    if report.scores.is_empty() {
        return;
    }
    page.title("Scores");
    let mut table = Table::new(
        &[
            ("score", Align::Left),
            ("source", Align::Left),
            ("answers", Align::Right),
            ("value (95% interval)", Align::Left),
            ("low to high", Align::Left),
            ("by week", Align::Left),
            ("change", Align::Left),
        ],
        &["low to high", "by week", SHORTER, "change", "answers"],
    );
    let questions = questions(report);
    for row in &report.scores {
        table.row(vec![
            cell(format!("{} {}–{}", name(row.scale.kind), row.scale.min, row.scale.max)),
            cell(source(row, &questions)),
            cell(count(row.n)),
            cell(value(row)),
            cell(boxes(row)),
            cell(weekly(row)),
            change(row),
        ]);
    }
    let columns = page.table(&table);
    page.note(&notes(report, &columns));
    for (at, (source, _, question)) in questions.iter().enumerate() {
        let question = if question.is_empty() { "no question told" } else { question };
        page.wrapped(question, &format!("  {source} Q{}: ", at + 1), Look::Faint);
    }
}

/// Where a source asks several: numbered from 1, over all sources.
fn questions(report: &Report) -> Vec<Question<'_>> {
    let mut all = Vec::new();
    for question in report.scores.iter().filter_map(question) {
        if !all.contains(&question) {
            all.push(question);
        }
    }
    all
}

/// Source, part and wording.
type Question<'a> = (&'a str, Option<&'a str>, &'a str);

fn question(row: &ScoreRow) -> Option<Question<'_>> {
    Some((row.source.as_deref()?, row.part.as_deref(), row.question.as_deref()?))
}

fn source(row: &ScoreRow, questions: &[Question<'_>]) -> String {
    let Some(source) = row.source.as_deref() else { return "all".to_owned() };
    let number = question(row).and_then(|one| questions.iter().position(|of| *of == one));
    number.map_or_else(|| source.to_owned(), |at| format!("{source} Q{}", at + 1))
}

fn name(kind: ScoreKind) -> &'static str {
    match kind {
        ScoreKind::Nps => "NPS",
        ScoreKind::Csat => "CSAT",
        ScoreKind::Ces => "CES",
        ScoreKind::Stars => "stars",
    }
}

/// `−5 (−8 to −1)`: no value without its interval.
fn value(row: &ScoreRow) -> String {
    let (Some(value), Some(interval)) = (row.value, row.interval) else {
        return "too few to show".to_owned();
    };
    match row.scale.kind {
        ScoreKind::Nps => format!("{} ({})", signed(value, 0), signed_range(interval, 0)),
        ScoreKind::Csat => format!("{} ({})", percent(value), percents(interval)),
        ScoreKind::Ces | ScoreKind::Stars => {
            format!("{value:.2} ({:.2} to {:.2})", interval.low, interval.high)
        }
    }
}

/// How many gave which answer, from the lowest to the highest; nothing where the scale has no boxes, or too many.
fn boxes(row: &ScoreRow) -> String {
    let Scale { min, max, .. } = row.scale;
    let whole = |value: f64| value.fract() == 0.0;
    let n = (max - min) as usize + 1;
    let in_boxes = whole(min) && whole(max) && row.distribution.iter().all(|answer| whole(answer.value));
    if !in_boxes || n > MOST_BOXES || row.distribution.is_empty() {
        return String::new();
    }
    let mut counts = vec![0; n];
    for answer in &row.distribution {
        if let Some(count) = counts.get_mut((answer.value - min) as usize) {
            *count += answer.n;
        }
    }
    bars(&counts, 0)
}

fn weekly(row: &ScoreRow) -> String {
    let weeks: Vec<Option<f64>> = row.weeks.iter().map(|week| week.value).collect();
    let least = row.interval.map_or(0.0, |interval| interval.high - interval.low);
    let known = weeks.iter().flatten().count();
    if weeks.len() > 2 && known > 1 { line(&weeks, least) } else { String::new() }
}

fn change(row: &ScoreRow) -> Cell {
    let (factor, decimals) = match row.scale.kind {
        ScoreKind::Nps => (1.0, 0),
        ScoreKind::Csat => (100.0, 0),
        ScoreKind::Ces | ScoreKind::Stars => (1.0, 2),
    };
    match &row.change {
        Some(change) if row.source.is_none() => {
            let size = signed(factor * change.difference, decimals);
            let range = signed_range(change.interval.scaled(factor), decimals);
            cell(format!("{size} ({range})")).short(size)
        }
        Some(change) => changed(change, factor, decimals, false),
        None => cell(""),
    }
}

fn notes(report: &Report, columns: &[&str]) -> Vec<&'static str> {
    let has = |kind| report.scores.iter().any(|row| row.scale.kind == kind);
    let some = |of: fn(&ScoreRow) -> bool| report.scores.iter().any(of);
    let mut notes = satisfied(report);
    if has(ScoreKind::Nps) || has(ScoreKind::Csat) {
        notes.push(match some(|row| row.question.is_some()) {
            true => "NPS and CSAT count each person once a question, with the last answer.",
            false => "NPS and CSAT count each person once, with the last answer.",
        });
    }
    if some(|row| row.all_questions) {
        notes.push("Over 6 questions of a source, or mostly of under 5 answers, have one score together.");
    }
    if some(|row| row.source.is_none()) {
        notes.push("All pools the sources.");
    }
    if columns.contains(&"change") && some(|row| row.source.is_none() && row.change.is_some()) {
        notes.push("Their mix alone can move it, so its change is not judged; those of the sources are.");
    }
    if has(ScoreKind::Ces) {
        notes.push("CES is the mean of how easy it was: the highest is easiest.");
    }
    if has(ScoreKind::Stars) {
        notes.push("Stars are means.");
    }
    if columns.contains(&"low to high") {
        notes.push("Low to high: how many gave which answer.");
    }
    notes
}

/// Who counts as satisfied on the CSAT scales of the report, as [`crate::rollup::is_satisfied`] has it.
fn satisfied(report: &Report) -> Vec<&'static str> {
    let scales = report.scores.iter().map(|row| row.scale).filter(|scale| scale.kind == ScoreKind::Csat);
    let lengths: Vec<f64> = scales.map(|scale| scale.max - scale.min).collect();
    let some = |of: fn(f64) -> bool| lengths.iter().any(|length| of(*length));
    let mut notes = Vec::new();
    if some(|length| (3.0..11.0).contains(&length)) {
        notes.push("CSAT is the share of the two best boxes.");
    }
    if some(|length| length < 3.0) {
        notes.push("On up to three boxes CSAT is the share of the best one.");
    }
    if some(|length| length >= 11.0) {
        notes.push("On scales of more than eleven boxes CSAT is the share of the best fifth.");
    }
    notes
}
