//! All topics side by side.

mod columns;
#[cfg(test)]
mod tests;

use super::held::Held;
use super::layout::{Frame, Place, page};
use super::overview::{SOON, refreshed};
use super::parts::number::{self, Unit};
use super::parts::{forms, meter, spark, time, verdict};
use super::scope::{Asked, Choices};
use crate::auth::Caller;
use crate::desk::At;
use crate::problem::Problem;
use crate::query::{Fields, address};
use crate::reports::Look;
use crate::state::App;
use crate::topics::{By, ShareMoved, Sort, TopicLine, TopicReach, TopicTable, Unassigned, read_table};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use insight::report::count;
use insight::report::model::{Figure, Share};
use insight::trends::Verdict;
use maud::{Markup, html};
use std::collections::HashMap;

pub fn routes() -> Router<App> {
    Router::new().route("/topics", get(topics))
}

async fn topics(
    State(app): State<App>,
    caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let (scope, sort) = (asked.scope(app.settings.report_weeks)?, Sort::parse(&asked.sort)?);
    let (read, held) = tokio::join!(read_table(&app, &scope), Held::read(&app, &scope));
    let (mut table, look) = read?;
    let depths = depths(&table.items);
    sort.apply(&mut table.items);
    let seen = Seen {
        usual: app.settings.report_weeks,
        choices: Choices::of(&app),
        is_loading: app.live.status().loading,
        asked,
        sort,
        table,
        held: held?,
        look,
        depths,
    };
    let frame = Frame { app: &app, caller: &caller, at: Place::Topics };
    Ok(refreshed(page(&frame, "Topics", seen.body()), seen.look.is_making().then_some(SOON)))
}

/// All that the page is drawn from.
struct Seen {
    asked: Asked,
    usual: i32,
    choices: Choices,
    is_loading: bool,
    sort: Sort,
    table: TopicTable,
    held: Held,
    look: Look,
    /// How many topics each stands below.
    depths: HashMap<String, usize>,
}

fn depths(lines: &[TopicLine]) -> HashMap<String, usize> {
    let above: HashMap<&str, &str> =
        lines.iter().filter_map(|line| Some((line.topic.as_str(), line.parent.as_deref()?))).collect();
    let depth = |line: &TopicLine| {
        let way = std::iter::successors(Some(line.topic.as_str()), |topic| above.get(topic).copied());
        // What leads round and round comes to an end.
        let steps = way.take(lines.len() + 1).count();
        if steps > lines.len() { 0 } else { steps - 1 }
    };
    lines.iter().map(|line| (line.topic.clone(), depth(line))).collect()
}

impl Seen {
    fn body(&self) -> Markup {
        html! {
            div.lead {
                div {
                    h1 { "Topics" }
                    p { (self.days()) }
                }
                (self.asked.bar("/topics", self.usual, &self.choices))
            }
            (judged(&self.look, &self.asked.address("/topics", &self.asked.sort)))
            @if let Some(since) = self.table.held_since {
                div.note { p {
                    "Records from before " (time::moment(since.0)) " are not held: the figures are of those since then."
                } }
            }
            @if self.table.records.value == 0 { (self.nothing()) } @else {
                (still_read(self.is_loading))
                (self.card())
            }
        }
    }

    fn days(&self) -> Markup {
        html! {
            @if self.table.period().days() == 0 {
                "No day of this period is over yet"
            } @else {
                (time::period(self.table.period()))
                @if let Some(previous) = self.table.previous() { ", against " (time::period(previous)) }
            }
            "; complete days in UTC." (counted(self.table.as_of))
        }
    }

    fn nothing(&self) -> Markup {
        html! {
            section.card {
                @if self.is_loading {
                    h2 { "The records are being read" }
                    p { "This server has just begun. Load the page again in a moment." }
                } @else if self.table.period().days() == 0 {
                    h2 { "No day of this period is over yet" }
                    p { (self.held.of_days_not_over()) }
                } @else if self.held.within.value > 0 {
                    (self.held.not_counted_yet("Load the page again in a moment."))
                } @else {
                    h2 { "No records in these days" }
                    p {
                        (self.held.of_other_days())
                        "Choose a longer period above, see "
                        a href="/" { "the overview" } " for how to send some, or look at "
                        a href="/taxonomy" { "the topics of the taxonomy" } ". All records are in "
                        a href="/feedback" { "the feedback" } "."
                    }
                }
            }
        }
    }

    fn card(&self) -> Markup {
        let is_whole = self.sort.by == By::Taxonomy;
        let (records, uncounted) = (&self.table.records, self.held.uncounted(self.table.records.value));
        html! {
            section.card {
                p {
                    a href=(address(&records.filter)) { (number::of(records.value, "record", "records")) } ". "
                    (unassigned_told(&self.table.unassigned.share))
                    @if uncounted > 0 { " " (count(uncounted)) " more came just now, and are counted soon." }
                    " " (self.held.of_other_days())
                }
                nav.choices aria-label="Order" {
                    @let usual = Sort::default();
                    a href=(self.asked.address("/topics", "")) aria-current=[(self.sort == usual).then_some("true")] {
                        "Most mentioned first"
                    }
                    a href=(self.asked.address("/topics", "taxonomy")) aria-current=[is_whole.then_some("true")] {
                        "As the taxonomy has them"
                    }
                }
                div.scroll tabindex="0" role="group" aria-label="Topics" {
                    table {
                        (columns::head(&self.asked, self.sort))
                        tbody {
                            @for line in &self.table.items {
                                (row(line, if is_whole { self.depths.get(&line.topic).copied().unwrap_or(0) } else { 0 }))
                            }
                            (unassigned(&self.table.unassigned))
                        }
                    }
                }
                (columns::notes())
                (forms::exports("All of them", |ending| {
                    self.asked.address(&format!("/v1/topics.{ending}"), &self.asked.sort)
                }))
            }
        }
    }
}

/// As of when the figures are; the foot of the page says that of the records.
pub(super) fn counted(as_of: Option<At>) -> Markup {
    html! { @if let Some(at) = as_of { " Counted as of " (time::moment(at.0)) "." } }
}

/// That figures are of a part of the records.
pub(super) fn still_read(is_loading: bool) -> Markup {
    html! {
        @if is_loading {
            div.note role="status" { p {
                "This server has just begun, and the records are still being read, the newest first: the figures are of \
                 those read so far. Load the page again in a moment."
            } }
        }
    }
}

/// Why no days are told that stand out, where none are.
pub(super) fn judged(look: &Look, again: &str) -> Markup {
    html! {
        @match look {
            Look::Made(_) => {}
            Look::Making => div.note role="status" { p {
                "The report on these days is being made for the first time: which of them stand out is not known yet. "
                a href=(again) { "Load the page again" } " in a moment."
            } },
            Look::Failed => div.note role="alert" { p {
                strong { "The report on these days cannot be made, so that nobody knows which of them stand out. " }
                "The server\u{2019}s log says why; " code { "verbatim doctor" } " looks at the tables. "
                a href=(again) { "Try again" }
            } },
        }
    }
}

fn unassigned_told(share: &Share) -> Markup {
    html! {
        @match share.share {
            Some(value) => {
                "Of the " a href=(address(&share.of.filter)) { (count(share.n)) " with words" } ", "
                a href=(address(&share.filter)) { (Unit::Share.shown(value)) }
                @if share.hits == 1 { " is" } @else { " are" } " about no topic of the taxonomy."
            }
            None => "Too few of them have words to say how many are about no topic.",
        }
    }
}

fn row(line: &TopicLine, depth: usize) -> Markup {
    let weeks: Vec<Option<f64>> = line.weeks.iter().map(|week| Some(week.value as f64)).collect();
    html! {
        tr class=[(depth > 0).then_some("below")] {
            th scope="row" {
                ("\u{2003}".repeat(depth.saturating_sub(1)))
                a href={ "/topics/" (line.topic) } { bdi { (line.name) } }
                @if !line.is_current { " " small { "no longer in the taxonomy" } }
            }
            td.number { (opened(&line.mentions)) }
            td { (spark::spark(&weeks, Unit::Count, "mentions by week")) }
            td.number { (line.share.map_or_else(|| "too few".to_owned(), |share| Unit::Share.shown(share))) }
            td {
                (meter::sentiments(line.negative.hits, line.neutral, line.positive))
                (negative(&line.negative))
            }
            td { (change(line.change.as_ref())) }
            td { (stand_out(line.volume_verdict, line.negative_verdict)) }
            (reach(&line.reach))
        }
    }
}

fn opened(figure: &Figure<u64>) -> Markup {
    html! { a href=(address(&figure.filter)) { (count(figure.value)) } }
}

fn negative(share: &Share) -> Markup {
    html! {
        @if share.n == 0 { span.soft title="No mention is judged" { "\u{2013}" } }
        @else { a href=(address(&share.filter)) { (number::share(share)) } }
    }
}

/// Of the share of all records, with the verdict on it.
pub(super) fn change(change: Option<&ShareMoved>) -> Markup {
    html! {
        @match change {
            Some(change) => {
                @let before = &change.mentions_before;
                @let opens = format!("Open the {} before", number::of(before.value, "mention", "mentions"));
                a.number href=(address(&before.filter)) title=(opens) { (Unit::Share.difference(change.difference)) }
                " " small.number { "(" (Unit::Share.differences(change.interval)) ")" }
                " " (verdict::maybe(change.verdict))
            }
            None => span.soft title="There is no period before to compare with, or too little in it" { "\u{2013}" },
        }
    }
}

/// Whether some days do, by the report: by its mentions, and by how negative they are.
pub(super) fn stand_out(volume: Option<Verdict>, negative: Option<Verdict>) -> Markup {
    html! {
        span.together { small { "mentions " } (verdict::maybe(volume)) } br;
        span.together { small { "negative " } (verdict::maybe(negative)) }
    }
}

fn reach(reach: &TopicReach) -> Markup {
    html! {
        td.number { (people(reach)) }
        td.number { (reach.revenue.map_or_else(|| "\u{2013}".to_owned(), number::whole)) }
    }
}

/// `412 people, 36 accounts`.
pub(super) fn people(reach: &TopicReach) -> Markup {
    let few = |n: Option<u64>| n.map_or_else(|| "fewer than 5".to_owned(), count);
    html! {
        (few(reach.people)) " people"
        br; small { (few(reach.accounts)) " accounts" }
        @if reach.anonymous > 0 {
            br; small { (number::of(reach.anonymous, "mention", "mentions")) " of unknown people" }
        }
    }
}

/// What no topic was found in, as a row of its own.
fn unassigned(unassigned: &Unassigned) -> Markup {
    let Unassigned { share, negative, neutral, positive, reach: reached } = unassigned;
    html! {
        tr {
            th scope="row" { "Without a topic" }
            td.number { a href=(address(&share.filter)) { (count(share.hits)) } }
            td {}
            td.number {
                @match share.share {
                    Some(share) => { (Unit::Share.shown(share)) br; small.wraps { "of those with words" } }
                    None => "too few",
                }
            }
            td { (meter::sentiments(*negative, *neutral, *positive)) }
            td {}
            td {}
            (reach(reached))
        }
    }
}
