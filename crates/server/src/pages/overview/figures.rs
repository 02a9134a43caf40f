//! The figures of a period: records, sentiment and scores, each source by itself.

use crate::pages::held::Held;
use crate::pages::parts::number::{self, Unit};
use crate::pages::parts::{meter, scores, spark, time, verdict};
use crate::query::address;
use insight::report::count;
use insight::report::model::{Report, SourceRow};
use insight::stats::SUPPRESSED;
use maud::{Markup, html};
use std::cmp::Reverse;

/// Sources whose sentiment has a tile.
const MOST: usize = 2;
const NOT_JUDGED: &str =
    "It is judged of whole weeks with records up to their end, where eight weeks are known";

pub(super) fn records(report: &Report, held: &Held) -> Markup {
    let (later, uncounted) = (&held.later, held.uncounted(report.records.value));
    html! {
        section.card.tile {
            h2 { "Records" }
            p.value { a href=(address(&report.records.filter)) { (count(report.records.value)) } }
            @if let Some(before) = &report.previous_records {
                p.soft { a href=(address(&before.filter)) { (count(before.value)) } " before" }
                @match &report.volume_change {
                    Some(change) => p { (verdict::growth(change)) },
                    None => p { small title=(NOT_JUDGED) { "the change is not judged" } },
                }
            }
            @if let Some(first) = report.records_begin { p.soft { "they begin " (time::day(first)) } }
            @if let Some(last) = report.records_end { p.soft { "they end " (time::day(last)) } }
            @if uncounted > 0 {
                p.soft { (count(uncounted)) " more not counted yet" }
            }
            @if later.value > 0 { p.soft { "and " a href=(address(&later.filter)) { (count(later.value)) } " since" } }
        }
    }
}

/// The sources of which most is judged. They are compared with themselves alone, so there is no figure of all together.
pub(super) fn largest(report: &Report) -> impl Iterator<Item = &SourceRow> {
    let mut rows: Vec<&SourceRow> =
        report.sources.iter().filter(|row| row.negative.n >= SUPPRESSED).collect();
    rows.sort_by_key(|row| Reverse(row.negative.n));
    rows.into_iter().take(MOST)
}

pub(super) fn sentiment(row: &SourceRow) -> Markup {
    let share = &row.negative;
    html! {
        section.card.tile {
            h2 { "Negative (" bdi { (row.source) } ")" }
            @if let Some(value) = share.share {
                p.value { a href=(address(&share.filter)) { (Unit::Share.shown(value)) } }
            }
            @if let Some(interval) = share.interval {
                p.soft.number {
                    (Unit::Share.between(interval)) ", n\u{a0}=\u{a0}" a href=(address(&share.of.filter)) { (count(share.n)) }
                }
            }
            @if let Some(change) = &row.change { p { (verdict::change(change, Unit::Share)) } }
        }
    }
}

pub(super) fn sources(report: &Report) -> Markup {
    html! {
        section.card {
            h2 { "Sentiment by source" }
            div.scroll tabindex="0" role="group" aria-label="Sentiment by source" {
                table {
                    thead { tr {
                        th scope="col" { "Source" }
                        th.number scope="col" { "Records" }
                        th scope="col" { "By week" }
                        th scope="col" { "Negative, neutral, positive; negative share (95% interval)" }
                        th scope="col" { "Change" }
                    } }
                    tbody { @for row in &report.sources { (source(row)) } }
                }
            }
            p.soft { small {
                "Shares are of the records whose sentiment is known. A change is in points of the negative share."
            } }
        }
    }
}

fn source(row: &SourceRow) -> Markup {
    let weeks: Vec<Option<f64>> = row.weeks.iter().map(|week| Some(week.value as f64)).collect();
    html! {
        tr {
            th scope="row" { bdi { (row.source) } }
            td.number { a href=(address(&row.records.filter)) { (count(row.records.value)) } }
            td { (spark::spark(&weeks, Unit::Count, "records by week")) }
            td {
                (meter::sentiments(row.negative.hits, row.neutral.hits, row.positive.hits))
                a href=(address(&row.negative.filter)) { (number::share(&row.negative)) }
            }
            td { @if let Some(change) = &row.change { (verdict::change(change, Unit::Share)) } }
        }
    }
}

pub(super) fn scores(report: &Report) -> Markup {
    html! {
        @if !report.scores.is_empty() {
            section.card {
                h2 { "Scores" }
                (scores::table(&report.scores))
            }
        }
    }
}
