//! The one word that says whether a change is to be believed.

use super::number::Unit;
use insight::report::model::{ChangeOf, Direction};
use insight::trends::Verdict;
use maud::{Markup, html};

/// The word, with what it means for whoever points at it.
#[must_use]
pub fn verdict(verdict: Verdict) -> Markup {
    let means = match verdict {
        Verdict::Real => {
            "Beyond chance, even among everything that was looked at, and large enough to matter"
        }
        Verdict::Unclear => "May be chance, given how many things were looked at",
        Verdict::Noise => "What chance alone would do",
    };
    html! { span class={ "badge badge-" (verdict.as_str()) } title=(means) { (verdict.as_str()) } }
}

/// Where a figure is judged, the verdict; a dash where there was too little to judge.
#[must_use]
pub fn maybe(judged: Option<Verdict>) -> Markup {
    match judged {
        Some(judged) => verdict(judged),
        None => html! { span.soft title="Too few to judge" { "\u{2013}" } },
    }
}

/// A change with its interval and verdict. Below thirty answers there is no arrow and no verdict.
#[must_use]
pub fn change(change: &ChangeOf, unit: Unit) -> Markup {
    html! {
        @if let Some(judged) = change.verdict {
            span.number { (arrow(change.difference)) " " (unit.difference(change.difference)) }
            " " small.number { "(" (unit.differences(change.interval)) ")" }
            " " (verdict(judged))
        } @else {
            span.number { (unit.difference(change.difference)) }
            " " small.number { "(" (unit.differences(change.interval)) "), too few to judge" }
        }
    }
}

/// The word for which way something moved.
#[must_use]
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::More => "more",
        Direction::Fewer => "fewer",
        Direction::Worse => "worse",
        Direction::Better => "better",
    }
}

fn arrow(difference: f64) -> &'static str {
    match difference {
        d if d > 0.0 => "\u{2191}",
        d if d < 0.0 => "\u{2193}",
        _ => "\u{2192}",
    }
}
