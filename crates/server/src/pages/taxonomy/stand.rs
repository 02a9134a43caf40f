//! How the taxonomy stands.

use crate::auth::Caller;
use crate::pages::parts::number::{self, Unit};
use crate::pages::parts::{forms, time, words};
use crate::query::address;
use crate::taxonomy::{
    TaxonomyCandidate, TaxonomyCandidates, TaxonomyOverlap, TaxonomyQuote, TaxonomyShown, TaxonomyTopic,
};
use insight::report::{Period, count};
use maud::{Markup, html};

pub(super) fn page(shown: &TaxonomyShown, caller: &Caller, switched: bool) -> Markup {
    let may_edit = caller.role.may_edit();
    html! {
        div.lead {
            div {
                h1 { "Taxonomy" }
                p {
                    (number::of(shown.topics.iter().filter(|topic| topic.is_current).count() as u64, "topic", "topics"))
                    ", version "
                    bdi { (shown.version) } ", over " (time::period(days(shown))) ", complete days in UTC."
                }
            }
            @if may_edit { a.button href="/taxonomy/edit" { "Edit" } }
        }
        @if switched {
            (forms::done("It is switched on, and holds for what comes from now on. What was judged before stays as it is."))
        }
        @if let Some(trouble) = &shown.trouble {
            div.note role="alert" {
                p dir="auto" { strong { "Its file cannot be used, so that the one before stays in force." } " " (trouble) }
            }
        }
        @if let Some(since) = shown.held_since {
            div.note { p { "Records are held from " (time::moment(since.0)) " on: what is older is in no count here." } }
        }
        (tiles(shown))
        (topics(shown, may_edit))
        (overlaps(shown))
        (candidates(shown, may_edit))
        (place(shown))
    }
}

fn days(shown: &TaxonomyShown) -> Period {
    Period { from: shown.from.0, to: shown.to.0 }
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "\u{2013}".to_owned(), |share| Unit::Share.shown(share))
}

fn tiles(shown: &TaxonomyShown) -> Markup {
    html! {
        div.grid {
            section.card.tile {
                h2 { "Records with words" }
                p.value { a href=(address(&shown.filter)) { (count(shown.records)) } }
            }
            section.card.tile {
                h2 { "Without a topic" }
                p.value { a href=(address(&shown.unassigned_filter)) { (percent(shown.unassigned_share)) } }
                p.soft { (number::of(shown.unassigned, "record", "records")) ", of those with words" }
            }
        }
    }
}

fn topics(shown: &TaxonomyShown, may_edit: bool) -> Markup {
    html! {
        section.card aria-labelledby="topics" {
            h2 #topics { "Topics" }
            @if shown.topics.is_empty() {
                p.empty { "The taxonomy has no topics: all feedback is without one." }
            } @else {
                div.scroll tabindex="0" role="group" aria-labelledby="topics" {
                    table {
                        thead { tr {
                            th scope="col" { "Topic" }
                            th.number scope="col" { "Records" }
                            th.number scope="col" { "Of those with words" }
                            th scope="col" { "Owner" }
                            th scope="col" { "Read by" }
                        } }
                        tbody { @for topic in &shown.topics { (row(topic, may_edit)) } }
                    }
                }
                p.soft {
                    "A record counts to each topic that it speaks of, so shares add up to more than the whole. They are of the \
                     records with words; the page of topics tells those of all records."
                }
                (files(shown, "topics"))
            }
        }
    }
}

fn row(topic: &TaxonomyTopic, may_edit: bool) -> Markup {
    html! {
        tr.below[topic.parent.is_some()] {
            th scope="row" {
                bdi { (topic.name) } " " small { bdi { (topic.id) } }
                @if !topic.is_current { " " span.badge { "no longer in the taxonomy" } }
            }
            td.number { a href=(address(&topic.filter)) { (count(topic.records)) } }
            td.number { (percent(topic.share)) }
            td { @if let Some(owner) = &topic.owner { bdi { (owner) } } @else { span.soft { "nobody" } } }
            td { @if topic.is_current { (read_by(topic, may_edit)) } }
        }
    }
}

/// What tells the topic from others.
fn read_by(topic: &TaxonomyTopic, may_edit: bool) -> Markup {
    let of = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    html! {
        details {
            summary { (of(topic.examples.len(), "example")) ", " (of(topic.keywords.len(), "keyword")) }
            p dir="auto" { (topic.description) }
            @if !topic.keywords.is_empty() {
                ul.tags aria-label="Keywords" {
                    @for word in &topic.keywords { li { span.badge dir="auto" { (word) } } }
                }
            }
            @if !topic.examples.is_empty() {
                ul { @for example in &topic.examples { li dir="auto" { (example) } } }
            }
            @if may_edit {
                p {
                    a href=(forms::address("/taxonomy/edit", &[("topic", &topic.id)])) { "Edit it" }
                    @if let Some(line) = topic.line { " " small { "line " (line) } }
                }
            }
        }
    }
}

fn overlaps(shown: &TaxonomyShown) -> Markup {
    let name = |id: &str| {
        let known = shown.topics.iter().find(|topic| topic.id == id);
        known.map_or_else(|| id.to_owned(), |topic| topic.name.clone())
    };
    html! {
        section.card aria-labelledby="overlaps" {
            h2 #overlaps { "Topics that hold the same" }
            @if shown.overlaps.is_empty() {
                p.empty { "No two topics share much of their records." }
            } @else {
                p.soft {
                    "Two that share most of their records may be one, or need examples that tell them apart. A topic and one \
                     above it share by nature, and are left out."
                }
                div.scroll tabindex="0" role="group" aria-labelledby="overlaps" {
                    table {
                        thead { tr {
                            th scope="col" { "Topics" }
                            th.number scope="col" { "Records of both" }
                            th scope="col" { "Of each" }
                        } }
                        tbody { @for pair in &shown.overlaps { (pair_row(pair, &name)) } }
                    }
                }
                (files(shown, "overlaps"))
            }
        }
    }
}

fn pair_row(pair: &TaxonomyOverlap, name: &dyn Fn(&str) -> String) -> Markup {
    html! {
        tr {
            th scope="row" { bdi { (name(&pair.one)) } " and " bdi { (name(&pair.other)) } }
            td.number { a href=(address(&pair.filter)) { (count(pair.both)) } }
            td {
                (percent(Some(pair.share_of_one))) " of " bdi { (name(&pair.one)) } ", "
                (percent(Some(pair.share_of_other))) " of " bdi { (name(&pair.other)) }
            }
        }
    }
}

fn candidates(shown: &TaxonomyShown, may_edit: bool) -> Markup {
    html! {
        section aria-labelledby="candidates" {
            h2 #candidates { "What has no topic, and is said by several" }
            @match &shown.candidates {
                None => p.empty { "They are being looked for: load the page again in a moment." },
                Some(found) => {
                    (found_ones(found, may_edit))
                    @if !found.items.is_empty() { (files(shown, "candidates")) }
                },
            }
        }
    }
}

/// A list of the same weeks.
fn files(shown: &TaxonomyShown, list: &str) -> Markup {
    let weeks = (days(shown).days() / 7).to_string();
    let address = |ending: &str| format!("/v1/taxonomy.{ending}");
    forms::exports("All of them", |ending| {
        forms::address(&address(ending), &[("list", list), ("weeks", &weeks)])
    })
}

fn found_ones(found: &TaxonomyCandidates, may_edit: bool) -> Markup {
    html! {
        p.soft {
            "Of the " @if found.more { "newest " }
            (number::of(found.looked_at, "record", "records")) " without a topic, as of "
            (time::moment(found.as_of.0)) ", those that say alike things."
            (left_out(found))
        }
        @if found.items.is_empty() {
            p.empty { "Nothing was found that at least five records of three people say." }
        }
        div.grid.broad { @for one in &found.items { (candidate(one, may_edit)) } }
    }
}

/// What no model reads.
fn left_out(TaxonomyCandidates { left_out, left_out_languages, .. }: &TaxonomyCandidates) -> Markup {
    let languages = left_out_languages.join(", ");
    html! {
        @match left_out {
            0 => {}
            1 => { " One more is left out: no model here reads its language (" bdi { (languages) } ")." }
            more => { " " (count(*more)) " more are left out: no model here reads their languages (" bdi { (languages) } ")." }
        }
    }
}

fn candidate(one: &TaxonomyCandidate, may_edit: bool) -> Markup {
    let extent = Period { from: one.first_at.0.day(), to: one.last_at.0.day() };
    html! {
        section.card {
            h3 dir="auto" {
                @if one.words.is_empty() { "No words set it apart" } @else { (one.words.join(", ")) }
            }
            p.soft {
                (number::of(one.records, "record", "records")) " of " (number::of(one.people, "person", "people")) ", "
                (time::period(extent)) ". "
                a href=(forms::address("/feedback", &[("like", &one.record)])) { "Find feedback like it" }
            }
            @if may_edit {
                form method="get" action="/taxonomy/edit" {
                    input type="hidden" name="add" value=(one.record);
                    fieldset {
                        legend { "Examples, where you tick them" }
                        div.boxes { @for quote in &one.quotes { (choice(quote)) } }
                    }
                    button.quiet type="submit" { "Write it into the taxonomy" }
                }
            } @else {
                @for quote in &one.quotes { (quoted(quote)) }
            }
        }
    }
}

fn choice(quote: &TaxonomyQuote) -> Markup {
    let id = format!("quote-{}", quote.record);
    html! {
        div {
            input type="checkbox" id=(id) name="quote" value=(quote.record);
            " " label for=(id) dir="auto" { (quote.text) }
            " " (source(quote))
        }
    }
}

/// A customer's words, with the way to their record.
pub(super) fn quoted(quote: &TaxonomyQuote) -> Markup {
    html! {
        blockquote dir="auto" { (quote.text) }
        p { (source(quote)) }
    }
}

fn source(quote: &TaxonomyQuote) -> Markup {
    html! {
        small {
            (time::day(quote.day.0)) ", "
            a href={ "/feedback/" (quote.record) } { "open record " (words::short(&quote.record)) }
        }
    }
}

/// Where it lies, for whoever would rather edit the file.
fn place(shown: &TaxonomyShown) -> Markup {
    html! {
        section.card {
            h2 { "Where it lies" }
            @match (&shown.file, &shown.written_to) {
                (Some(file), _) => p { "In " code dir="auto" { (file) } ". " (followed()) },
                (None, Some(next)) => p {
                    "It is the one that is built in. One that is switched on here is written to " code dir="auto" { (next) }
                    ", and stands in its place. " (followed())
                },
                (None, None) => p {
                    "It is the one that is built in, and there is no place to write another to: name a file by "
                    code { "analyze.taxonomy" } " in the configuration."
                },
            }
        }
    }
}

fn followed() -> &'static str {
    "Every process of this machine that reads the file takes a change up within seconds; on other machines it has to be \
     brought there. It holds for what comes from then on, and each record names the version that it was judged by."
}
