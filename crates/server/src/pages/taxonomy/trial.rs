//! What an edit changes, on the last weeks.

use super::stand::quoted;
use crate::auth::Caller;
use crate::pages::parts::forms::csrf;
use crate::pages::parts::number::{self, Unit, whole};
use crate::pages::parts::time;
use crate::taxonomy::{Agreed, TaxonomyQuote, TaxonomyTrial, TrialAgreement, TrialTopic};
use insight::report::{Period, count, printable};
use insight::taxonomy::Fate;
use maud::{Markup, html};

pub(super) fn page(trial: &TaxonomyTrial, text: &str, caller: &Caller) -> Markup {
    let period = Period { from: trial.from.0, to: trial.to.0 };
    html! {
        div.lead { div {
            h1 { "What the edit changes" }
            p {
                (number::of(trial.records, "record", "records")) " with words of " (time::period(period))
                @if trial.more { ", the newest," }
                @if trial.records == 1 { " was" } @else { " were" } " judged by both: "
                bdi { (trial.before) } ", in force, and " bdi { (trial.version) } "."
            }
        } }
        @for warning in &trial.warnings { div.note { p { (printable(warning)) } } }
        (tiles(trial))
        (topics(trial, text, caller))
        @if let Some(agreement) = &trial.agreement { (agrees(agreement)) }
        (in_force(trial, text, caller))
    }
}

fn tiles(trial: &TaxonomyTrial) -> Markup {
    let share = |part: u64| {
        if trial.records == 0 {
            "\u{2013}".to_owned()
        } else {
            Unit::Share.shown(part as f64 / trial.records as f64)
        }
    };
    html! {
        div.grid {
            section.card.tile {
                h2 { "Records whose topics change" }
                p.value { (count(trial.changed)) }
                p.soft { (share(trial.changed)) " of them" }
            }
            section.card.tile {
                h2 { "Without a topic" }
                p.value { (share(trial.unassigned_before)) " \u{2192} " (share(trial.unassigned_after)) }
                p.soft {
                    (number::of(trial.unassigned_before, "record", "records")) " before, "
                    (count(trial.unassigned_after)) " after"
                }
            }
        }
    }
}

fn topics(trial: &TaxonomyTrial, text: &str, caller: &Caller) -> Markup {
    let moved: Vec<&TrialTopic> = trial.topics.iter().filter(|topic| is_told(topic)).collect();
    let same = trial.topics.len() - moved.len();
    html! {
        section.card aria-labelledby="moved" {
            h2 #moved { "Topic by topic" }
            @if moved.is_empty() {
                p.empty { "No topic gains or loses any of these records." }
            } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="moved" {
                    table {
                        thead { tr {
                            th scope="col" { "Topic" }
                            th.number scope="col" { "Before" }
                            th.number scope="col" { "After" }
                            th.number scope="col" { "Gained" }
                            th.number scope="col" { "Lost" }
                            th scope="col" { "Records" }
                        } }
                        tbody { @for topic in moved { (row(topic)) } }
                    }
                }
            }
            @match same {
                0 => {}
                1 => { p.soft { "One topic stays as it is." } }
                _ => { p.soft { (count(same as u64)) " topics stay as they are." } }
            }
            @if !trial.topics.is_empty() { (files(trial, text, caller)) }
        }
    }
}

/// It is kept nowhere: whoever wants it as a file has it made once more.
fn files(trial: &TaxonomyTrial, text: &str, caller: &Caller) -> Markup {
    let weeks = Period { from: trial.from.0, to: trial.to.0 }.days() / 7;
    html! {
        form.inline method="post" action="/taxonomy/preview.csv" data-again {
            (csrf(caller))
            input type="hidden" name="text" value=(text);
            input type="hidden" name="weeks" value=(weeks);
            button.quiet type="submit" { "All of them as CSV" }
            button.quiet type="submit" formaction="/taxonomy/preview.jsonl" { "As JSON lines" }
        }
    }
}

fn is_told(topic: &TrialTopic) -> bool {
    topic.gained + topic.lost > 0 || topic.fate != Fate::Kept
}

fn row(topic: &TrialTopic) -> Markup {
    html! {
        tr {
            th scope="row" {
                bdi { (topic.name) } " " small { bdi { (topic.id) } }
                @match topic.fate {
                    Fate::Kept => {}
                    Fate::New => { " " span.badge.badge-met { "new" } }
                    Fate::Removed => { " " span.badge.badge-missed { "goes" } }
                }
            }
            td.number { (count(topic.before)) }
            td.number { (count(topic.after)) }
            td.number { @if topic.gained > 0 { "+" } (count(topic.gained)) }
            td.number { (whole(-(topic.lost as f64))) }
            td {
                (examples("Gains", topic.gained, &topic.gains))
                (examples("Loses", topic.lost, &topic.losses))
            }
        }
    }
}

fn examples(what: &str, of: u64, quotes: &[TaxonomyQuote]) -> Markup {
    html! {
        @if !quotes.is_empty() {
            details {
                summary { (what) ", " (quotes.len()) " of " (count(of)) }
                @for quote in quotes { (quoted(quote)) }
            }
        }
    }
}

fn agrees(agreement: &TrialAgreement) -> Markup {
    let row = |name: &str, agreed: &Agreed| {
        let share = |share: Option<f64>| {
            share.map_or_else(|| "\u{2013}".to_owned(), |share| Unit::Share.shown(share))
        };
        html! { tr {
            th scope="row" { (name) }
            td.number { (share(agreed.precision)) }
            td.number { (share(agreed.recall)) }
        } }
    };
    html! {
        section.card {
            h2 { "Against what people corrected" }
            div.scroll { table {
                caption { "Of " (count(agreement.records)) " of these records people have said which topics are right." }
                thead { tr {
                    td {}
                    th.number scope="col" { "Right, of what it says" }
                    th.number scope="col" { "Said, of what is right" }
                } }
                tbody {
                    (row("In force", &agreement.before))
                    (row("Edited", &agreement.after))
                }
            } }
        }
    }
}

fn in_force(trial: &TaxonomyTrial, text: &str, caller: &Caller) -> Markup {
    html! {
        section.card {
            h2 { "Switch it on" }
            p {
                "It holds for what comes from then on. What was judged before stays as it is, also where it would be judged \
                 otherwise now."
            }
            @if caller.role.may_administer() {
                form method="post" action="/taxonomy" {
                    (csrf(caller))
                    input type="hidden" name="base" value=(trial.base);
                    input type="hidden" name="text" value=(text);
                    button type="submit" { "Switch it on" }
                }
            } @else {
                p.soft { "Only an admin can do that: send them your text." }
            }
        }
    }
}
