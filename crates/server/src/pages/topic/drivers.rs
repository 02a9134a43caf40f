//! Who speaks more, or less, of a topic than of everything else.

use crate::pages::parts::number::Unit;
use crate::pages::parts::verdict;
use crate::query::address;
use insight::report::count;
use insight::shelf::Driver;
use maud::{Markup, html};

pub(super) fn drivers(drivers: &[Driver]) -> Markup {
    html! {
        section.card {
            h2 { "Who speaks of it" }
            @if drivers.is_empty() {
                p.empty { "Too few mentions tell a segment, version, territory, platform or source." }
            } @else {
                p.soft {
                    "Each value\u{2019}s share of the topic\u{2019}s mentions beside its share of all other records of \
                     these days, of those that tell it. This is an association, not a cause: who speaks more of a topic \
                     need not be why. The verdicts hold the false-discovery rate over all rows below."
                }
                @for field in drivers.chunk_by(|a, b| a.field == b.field) { (table(field)) }
            }
        }
    }
}

fn table(rows: &[Driver]) -> Markup {
    let name = rows.first().map_or("", |driver| name(driver.field));
    html! {
        h3 { (name) }
        div.scroll tabindex="0" role="group" aria-label={ "By " (name) } {
            table {
                thead { tr {
                    th scope="col" { (name) }
                    th.number scope="col" { "Mentions" }
                    th.number scope="col" { "Of the mentions" }
                    th.number scope="col" { "Of other records" }
                    th scope="col" { "Difference (95% interval)" }
                    th scope="col" { "Verdict" }
                } }
                tbody { @for row in rows { (line(row)) } }
            }
        }
    }
}

fn line(row: &Driver) -> Markup {
    html! {
        tr {
            th scope="row" {
                bdi { (row.value) }
                @if let Some(platform) = &row.platform { " " small { "on " bdi { (platform) } } }
            }
            td.number { a href=(address(&row.filter)) { (count(row.mentions)) } " of " (count(row.of)) }
            td.number { (Unit::Share.shown(row.share)) }
            td.number { (Unit::Share.shown(row.share_of_others)) }
            td {
                span.number { (Unit::Share.difference(row.difference)) }
                " " small.number { "(" (Unit::Share.differences(row.interval)) ")" }
            }
            td { (verdict::maybe(row.verdict)) }
        }
    }
}

fn name(field: &str) -> &str {
    match field {
        "segment" => "Segment",
        "app_version" => "App version, within its platform",
        "territory" => "Territory",
        "platform" => "Platform",
        "source" => "Source",
        other => other,
    }
}
