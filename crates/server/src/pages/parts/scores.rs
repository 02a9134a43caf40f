//! Scores with their interval and change: NPS, CSAT, ease and stars, each as one source has it. Scales are never pooled.

use super::number::Unit;
use super::{spark, verdict};
use crate::query::address;
use feedback::score::ScoreKind;
use insight::report::count;
use insight::report::model::ScoreRow;
use maud::{Markup, html};
use std::cmp::Reverse;

/// NPS and CSAT, each where most answered; of one source rather than of several together, which nothing is judged of.
pub fn headline(scores: &[ScoreRow]) -> impl Iterator<Item = &ScoreRow> {
    let is_one =
        |row: &&ScoreRow| matches!(row.scale.kind, ScoreKind::Nps | ScoreKind::Csat) && row.value.is_some();
    let mut rows: Vec<&ScoreRow> = scores.iter().filter(is_one).collect();
    rows.sort_by_key(|row| (row.scale.kind != ScoreKind::Nps, row.source.is_none(), Reverse(row.n)));
    // One of each, where there are both.
    rows.dedup_by_key(|row| row.scale.kind);
    rows.into_iter().take(2)
}

/// One score, to be read from afar.
#[must_use]
pub fn tile(row: &ScoreRow) -> Markup {
    let unit = unit(row);
    html! {
        section.card.tile {
            h2 { (kind(row)) @if let Some(source) = &row.source { " (" bdi { (source) } ")" } }
            p.value { a href=(address(&row.filter)) { (row.value.map_or_else(String::new, |value| unit.shown(value))) } }
            @if let Some(interval) = row.interval { p.soft.number { (unit.between(interval)) ", n\u{a0}=\u{a0}" (count(row.n)) } }
            @if row.change.is_some() { p { (change(row, unit)) } }
        }
    }
}

#[must_use]
pub fn table(scores: &[ScoreRow]) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Scores" {
            table {
                thead { tr {
                    th scope="col" { "Score" }
                    th.number scope="col" { "Answers" }
                    th.number scope="col" { "Value" }
                    th.number scope="col" { "95% interval" }
                    th scope="col" { "By week" }
                    th scope="col" { "Change" }
                } }
                tbody { @for row in scores { (line(row)) } }
            }
        }
        p.soft { small {
            "NPS and CSAT count each person once, with the last answer. CSAT is the share of the satisfied. Below 30 \
             answers there is no verdict, below 5 no value."
        } }
    }
}

fn line(row: &ScoreRow) -> Markup {
    let unit = unit(row);
    let weeks: Vec<Option<f64>> = row.weeks.iter().map(|week| week.value).collect();
    html! {
        tr {
            th scope="row" {
                (kind(row))
                @match &row.source { Some(source) => { " (" bdi { (source) } ")" } None => " (all sources)" }
                " " small.together { (row.scale.min) "\u{2013}" (row.scale.max) }
                @if let Some(question) = &row.question { br; small dir="auto" { (question) } }
                @if row.all_questions { br; small { "all questions" } }
            }
            td.number { a href=(address(&row.filter)) { (count(row.n)) } }
            td.number { (row.value.map_or_else(|| "too few".to_owned(), |value| unit.shown(value))) }
            td.number { (row.interval.map_or_else(String::new, |interval| unit.between(interval))) }
            td { (spark::spark(&weeks, unit, "by week")) }
            td { (change(row, unit)) }
        }
    }
}

/// What is of several sources together moves by their mix alone: that is not judged, however many answered.
fn change(row: &ScoreRow, unit: Unit) -> Markup {
    let why_none = if row.source.is_none() { "of several sources: not judged" } else { "too few to judge" };
    html! { @if let Some(change) = &row.change { (verdict::change_or(change, unit, why_none)) } }
}

fn unit(row: &ScoreRow) -> Unit {
    match row.scale.kind {
        ScoreKind::Nps => Unit::Points,
        ScoreKind::Csat => Unit::Share,
        ScoreKind::Ces | ScoreKind::Stars => Unit::Mean,
    }
}

fn kind(row: &ScoreRow) -> &'static str {
    match row.scale.kind {
        ScoreKind::Nps => "NPS",
        ScoreKind::Csat => "CSAT",
        ScoreKind::Ces => "CES",
        ScoreKind::Stars => "Stars",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::insight::Scale;
    use insight::report::Filter;
    use insight::stats::Interval;

    fn row(kind: ScoreKind, source: &str, n: u64, value: Option<f64>) -> ScoreRow {
        let (min, max) = kind.default_scale();
        ScoreRow {
            scale: Scale { kind, min, max },
            source: Some(source.to_owned()),
            part: None,
            question: None,
            all_questions: false,
            n,
            value,
            interval: value.map(|value| Interval::new(value - 0.1, value + 0.1)),
            weeks: Vec::new(),
            distribution: Vec::new(),
            bands: Vec::new(),
            change: None,
            filter: Filter::default().source(source),
        }
    }

    #[test]
    fn the_most_answered_of_each_kind_is_the_headline() {
        let scores = [
            row(ScoreKind::Csat, "ticket", 900, Some(0.8)),
            row(ScoreKind::Nps, "few", 3, None),
            row(ScoreKind::Nps, "survey", 40, Some(12.0)),
            row(ScoreKind::Nps, "nps", 400, Some(31.0)),
            row(ScoreKind::Stars, "review", 4_000, Some(4.1)),
        ];
        let named: Vec<&str> = headline(&scores).filter_map(|row| row.source.as_deref()).collect();
        assert_eq!(named, ["nps", "ticket"]);
    }

    #[test]
    fn a_source_and_a_question_are_text() {
        let mut row = row(ScoreKind::Nps, "<script>\u{202e}", 2, None);
        row.question = Some("<img src=x onerror=alert(1)>".to_owned());
        let drawn = table(&[row.clone()]).into_string() + &tile(&row).into_string();
        assert!(!drawn.contains("<script>") && !drawn.contains("<img"), "{drawn}");
        assert!(
            drawn.contains("<bdi>&lt;script&gt;"),
            "what turns the line round ends with the name: {drawn}"
        );
        assert!(drawn.contains("too few"), "{drawn}");
    }
}
