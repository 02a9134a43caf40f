//! The one word that says whether a change is to be believed.

use super::number::{self, Unit};
use insight::report::model::{ChangeOf, Direction, VolumeChange};
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
    change_or(change, unit, "too few to judge")
}

/// The same of what may have no verdict for another reason.
#[must_use]
pub fn change_or(change: &ChangeOf, unit: Unit, why_none: &str) -> Markup {
    html! {
        @if let Some(judged) = change.verdict {
            @let told = unit.difference(change.difference);
            span.number { (arrow(&told)) " " (told) }
            " " small.number { "(" (unit.differences(change.interval)) ")" }
            " " (verdict(judged))
        } @else {
            span.number { (unit.difference(change.difference)) }
            " " small.number { "(" (unit.differences(change.interval)) ")," } " " small { (why_none) }
        }
    }
}

/// How many more there are, in percent, with the interval and the verdict.
#[must_use]
pub fn growth(change: &VolumeChange) -> Markup {
    let told = number::growth(change.ratio);
    html! {
        @if change.verdict.is_some() { span.number { (arrow(&told)) " " (told) } } @else { span.number { (told) } }
        " " small.number { "(" (number::growths(change.interval)) ")" } " "
        @match change.verdict {
            Some(judged) => (verdict(judged)),
            None => small { "too few to judge" },
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

/// By what is told: a difference that is told as 0 goes neither way.
fn arrow(told: &str) -> &'static str {
    match told.chars().next() {
        Some('+') => "\u{2191}",
        Some('\u{2212}') => "\u{2193}",
        _ => "\u{2192}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::stats::Interval;

    #[test]
    fn an_arrow_never_says_more_than_the_figure_beside_it() {
        let arrows = [3.0, -3.0, -0.2, 0.0].map(|points| arrow(&Unit::Points.difference(points)));
        assert_eq!(arrows, ["\u{2191}", "\u{2193}", "\u{2192}", "\u{2192}"]);
    }

    #[test]
    fn a_volume_is_told_as_growth_with_its_verdict() {
        let interval = Interval::new(0.97, 1.36);
        let change =
            |verdict| VolumeChange { ratio: 1.14, interval, dispersion: 2.0, p: 0.1, q: None, verdict };
        let judged = growth(&change(Some(Verdict::Noise))).into_string();
        assert!(judged.contains("\u{2191} +14%") && judged.contains("(\u{2212}3 to +36%)"), "{judged}");
        assert!(judged.contains("badge-noise"), "{judged}");
        let few = growth(&change(None)).into_string();
        assert!(!few.contains('\u{2191}') && few.contains("too few to judge"), "{few}");
    }
}
