//! NPS and CSAT of those who mention a topic.

use crate::pages::parts::number::Unit;
use crate::query::address;
use crate::topics::TopicScore;
use feedback::score::ScoreKind;
use insight::report::count;
use maud::{Markup, html};

/// Nothing where nobody of them answered.
pub(super) fn scores(scores: &[TopicScore]) -> Markup {
    html! {
        @if !scores.is_empty() {
            section.card {
                h2 { "Scores of those who mention it" }
                div.scroll tabindex="0" role="group" aria-label="Scores of those who mention it" {
                    table {
                        thead { tr {
                            th scope="col" { "Score" }
                            th.number scope="col" { "Value (95% interval)" }
                            th.number scope="col" { "Of all who answered" }
                        } }
                        tbody { @for row in scores { (line(row)) } }
                    }
                }
                p.soft { small {
                    "Each person counts once, with the last answer; below 5 there is no value. Who mentions a topic is no \
                     sample of all: the two are beside each other, not compared."
                } }
            }
        }
    }
}

fn line(row: &TopicScore) -> Markup {
    let unit = if row.kind == ScoreKind::Nps { Unit::Points } else { Unit::Share };
    let shown = |value: Option<f64>| value.map_or_else(|| "too few".to_owned(), |value| unit.shown(value));
    html! {
        tr {
            th scope="row" {
                (if row.kind == ScoreKind::Nps { "NPS" } else { "CSAT" }) " (" bdi { (row.source) } ") "
                small { (row.min) "\u{2013}" (row.max) @if row.all_questions { ", all questions" } }
            }
            td.number {
                a href=(address(&row.filter)) { (shown(row.value)) }
                @if let Some(interval) = row.interval { br; small { "(" (unit.between(interval)) ")" } }
                br; small { "n = " (count(row.n)) }
            }
            td.number {
                a href=(address(&row.of_all.filter)) { (shown(row.of_all.value)) }
                br; small { "n = " (count(row.of_all.n)) }
            }
        }
    }
}
