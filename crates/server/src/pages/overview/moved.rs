//! What moved and is real, to be read in a minute.

use crate::pages::parts::{number, time, words};
use crate::query::address;
use insight::report::model::{Mover, Report, Verdicts};
use insight::report::told::{Story, stories};
use insight::report::{Period, count, printable};
use maud::{Markup, html};

/// Stories that stand in full; the others are a click away.
const MOST: usize = 4;

pub(super) fn moved(report: &Report) -> Markup {
    let stories = stories(report);
    let (first, rest) = stories.split_at(stories.len().min(MOST));
    html! {
        section.card {
            h2 { "What moved and is real" }
            p.soft { (summary(report)) }
            @if stories.is_empty() {
                p.empty { "Nothing notable about any topic." }
            } @else {
                ul.plain { @for one in first { li { (story(report, one)) } } }
                @if !rest.is_empty() {
                    details {
                        summary { (count(rest.len() as u64)) " more" }
                        ul.plain { @for one in rest { li { (story(report, one)) } } }
                    }
                }
            }
        }
    }
}

/// One story with its evidence and what customers say.
pub(in crate::pages) fn story(report: &Report, story: &Story<'_>) -> Markup {
    let quotes = &story.telling().quotes;
    html! {
        h3 { a href={ "/topics/" (story.lead().topic) } { (printable(&story.heading(report))) } }
        p.soft { small { (days(report, story.lead())) } }
        @for mover in story.in_order() {
            p {
                bdi { (story.evidence(report, mover)) } " "
                a href=(address(&mover.filter)) { (opens(mover.records)) }
            }
        }
        @if let Some(carried) = story.carried() { p { (printable(&carried)) } }
        @if let Some((first, others)) = quotes.split_first() {
            (words::quote(first))
            @if !others.is_empty() {
                details {
                    summary { "More of what customers say" }
                    @for quote in others { (words::quote(quote)) }
                }
            }
        }
    }
}

/// The days that it is about, and what they are compared with: neither need be the period.
fn days(report: &Report, lead: &Mover) -> String {
    let first = report.baseline.map_or(report.period.from, |baseline| baseline.from);
    let known = Period { from: first, to: report.period.to };
    let goes_on = if lead.ongoing { ", and goes on" } else { "" };
    format!("On {}{goes_on}; beside the other days of {}.", time::period(lead.days), time::period(known))
}

fn opens(records: u64) -> String {
    format!("Open the {}", number::of(records, "record", "records"))
}

/// How much was looked at, and how much of it is to be believed.
fn summary(report: &Report) -> String {
    let tests = report.tests;
    if tests.count == 0 {
        return "Too few records to tell a change from chance.".to_owned();
    }
    // The weekly rhythm is no news.
    let of = |verdicts: Verdicts| verdicts.topics + verdicts.sources + verdicts.scores;
    let (looked, real) = (count(tests.count as u64), of(tests.real));
    format!(
        "{real} of {looked} changes that were looked at {} real at a false-discovery level of {:.0}%, {} unclear.",
        if real == 1 { "is" } else { "are" },
        tests.level * 100.0,
        of(tests.unclear)
    )
}
