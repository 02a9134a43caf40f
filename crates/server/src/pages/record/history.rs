//! What people said of a record in place of the model, the newest first.

use crate::corrections::{CorrectionRow, CorrectionValue};
use crate::desk::Listed;
use crate::pages::parts::time;
use crate::state::Topics;
use feedback::correction::Said;
use insight::report::count;
use maud::{Markup, html};
use store::CorrectionState;

pub(super) fn history(corrections: &Listed<CorrectionRow>, topics: &Topics) -> Markup {
    let more = corrections.total.saturating_sub(corrections.items.len() as u64);
    html! {
        @if !corrections.items.is_empty() {
            section.card #corrections {
                h2 { "Corrections" }
                ul.plain { @for row in &corrections.items { li { (one(row, topics)) } } }
                @if more > 0 { p.soft { "And " (count(more)) " older: the API has all." } }
            }
        }
    }
}

fn one(row: &CorrectionRow, topics: &Topics) -> Markup {
    html! {
        p {
            (row.field) ": "
            @if is_withdrawn(&row.value) { "taken back, the model\u{2019}s word holds again" }
            @else { strong { (value(&row.value, topics)) } }
            @if let Some(judged) = &row.judged { " (the model: " (value(judged, topics)) ")" }
            @if let Some(state) = state(row.state) { " " span.badge { (state) } }
        }
        @if let Some(note) = &row.note { blockquote dir="auto" { (note) } }
        p { small { "by " bdi { (row.by) } ", " (time::moment(row.at.0)) } }
    }
}

fn is_withdrawn(value: &CorrectionValue) -> bool {
    matches!(value, CorrectionValue::Word(word) if word == Said::WITHDRAWN)
}

fn value(value: &CorrectionValue, topics: &Topics) -> Markup {
    html! {
        @match value {
            CorrectionValue::Word(word) => bdi { (word.replace('_', " ")) },
            CorrectionValue::Topics(ids) if ids.is_empty() => "none",
            CorrectionValue::Topics(ids) => bdi { (ids.iter().map(|id| topics.name(id)).collect::<Vec<_>>().join(", ")) },
        }
    }
}

/// Why it does not count any more.
fn state(state: CorrectionState) -> Option<&'static str> {
    match state {
        CorrectionState::Holds => None,
        CorrectionState::Replaced => Some("replaced since"),
        CorrectionState::EarlierVersion => Some("of an earlier version"),
        CorrectionState::Gone => Some("the record is gone"),
    }
}
