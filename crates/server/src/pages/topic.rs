//! One topic: its history, what moved about it, who speaks of it, and their words.

mod drivers;
mod history;
mod scored;
#[cfg(test)]
mod tests;

use super::feedback::verbatim;
use super::layout::{Frame, Place, page};
use super::overview::moved::story;
use super::overview::{SOON, refreshed};
use super::parts::number::{self, Unit};
use super::parts::{meter, time, words};
use super::scope::{Asked, Choices};
use super::topics::{change, counted, judged, people, stand_out, still_read};
use super::trouble;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::query::{Fields, address};
use crate::state::{App, Topics};
use crate::topics::{TopicName, TopicRead, TopicWhole, Unknown, check, read};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use feedback::insight::NO_TOPIC;
use insight::report::told::stories;
use insight::report::{Filter, Period, Scope, count};
use insight::shelf::Hit;
use maud::{Markup, html};

/// Characters of a body that are shown; the record's own page shows all.
const LONGEST: usize = 800;

pub fn routes() -> Router<App> {
    Router::new().route("/topics/{id}", get(topic))
}

async fn topic(
    State(app): State<App>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let scope = asked.scope(app.settings.report_weeks)?;
    if id == NO_TOPIC {
        return Ok(Redirect::to(&without_topic(&scope)).into_response());
    }
    let frame = Frame { app: &app, caller: &caller, at: Place::Topics };
    if let Err(unknown) = check(&app, &id) {
        let page = page(&frame, "No such topic", none(&unknown));
        return Ok(trouble::within(unknown.into(), page));
    }
    let read = read(&app, &id, &scope).await?;
    let seen = Seen {
        usual: app.settings.report_weeks,
        choices: Choices::of(&app),
        topics: &app.topics,
        is_loading: app.live.status().loading,
        asked,
        read,
    };
    let title = &seen.read.whole.line.name;
    Ok(refreshed(page(&frame, title, seen.body()), seen.read.report.is_making().then_some(SOON)))
}

/// There is nothing to tell of what has no topic, but its records.
fn without_topic(scope: &Scope) -> String {
    address(&Filter::of(scope, scope.period).topic(NO_TOPIC))
}

fn none(Unknown { near }: &Unknown) -> Markup {
    html! {
        section.card {
            h1 { "There is no such topic" }
            @if let Some(TopicName { topic, name }) = near {
                p { "Did you mean " a href={ "/topics/" (topic) } { (name) } "?" }
            }
            p { a href="/topics" { "All topics" } }
        }
    }
}

/// All that the page is drawn from.
struct Seen<'s> {
    asked: Asked,
    usual: i32,
    choices: Choices,
    topics: &'s Topics,
    is_loading: bool,
    read: TopicRead,
}

impl Seen<'_> {
    fn body(&self) -> Markup {
        let TopicRead { whole, report, alerts, .. } = &self.read;
        let path = format!("/topics/{}", whole.line.topic);
        html! {
            (self.lead(&path))
            (still_read(self.is_loading))
            (judged(report, &self.asked.address(&path, "")))
            @if let Some(since) = whole.held_since {
                div.note { p {
                    "Records from before " (time::moment(since.0)) " are not held: the figures are of those since then."
                } }
            }
            (tiles(whole))
            div.columns {
                div {
                    (self.moved())
                    (history::history(whole, alerts))
                    (drivers::drivers(&whole.drivers))
                    (self.newest())
                }
                div {
                    (self.about())
                    (history::alerts(alerts))
                    (related(whole))
                    (scored::scores(&whole.scores))
                }
            }
        }
    }

    fn lead(&self, path: &str) -> Markup {
        let whole = &self.read.whole;
        html! {
            div.lead {
                div {
                    p.soft { a href=(self.asked.address("/topics", "")) { "Topics" } }
                    h1 { bdi { (whole.line.name) } }
                    p {
                        @if whole.to < whole.from {
                            "No day of this period is over yet"
                        } @else {
                            (time::period(Period { from: whole.from.0, to: whole.to.0 }))
                        }
                        "; complete days in UTC." (counted(whole.as_of))
                    }
                }
                (self.asked.bar(path, self.usual, &self.choices))
            }
        }
    }

    /// The stories of all topics' report that are about this one: their verdicts hold among all.
    fn moved(&self) -> Markup {
        let Some(report) = self.read.report.report() else { return html! {} };
        let stories = stories(report);
        let own: Vec<_> =
            stories.iter().filter(|story| story.lead().topic == self.read.whole.line.topic).collect();
        html! {
            section.card {
                h2 { "What moved and is real" }
                @if own.is_empty() {
                    p.empty { "Nothing notable about this topic in these days." }
                } @else {
                    ul.plain { @for one in own { li { (story(report, one)) } } }
                }
            }
        }
    }

    fn newest(&self) -> Markup {
        let mentions = &self.read.whole.line.mentions;
        html! {
            section.card {
                h2 { "Newest words" }
                @if self.read.newest.is_empty() {
                    p.empty { "No record is about this topic in these days." }
                } @else {
                    @for hit in &self.read.newest { (self.record(hit)) }
                    @if mentions.value > 0 {
                        p { a href=(address(&mentions.filter)) {
                            "All " (count(mentions.value)) " of the period"
                        } }
                    }
                }
            }
        }
    }

    fn record(&self, hit: &Hit) -> Markup {
        let row = hit.row();
        let id = row.id.to_string();
        let from = hit.span.map(|span| span.start as usize);
        html! {
            article.verbatim aria-label={ "Record " (words::short(&id)) } {
                (verbatim::context(&row))
                (verbatim::words(&row, self.topics, &[], Some((LONGEST, from))))
                p { small { a href={ "/feedback/" (id) } { "open record " (words::short(&id)) } } }
            }
        }
    }

    fn about(&self) -> Markup {
        let whole = &self.read.whole;
        let line = &whole.line;
        html! {
            section.card {
                h2 { "About it" }
                @if line.is_current {
                    p { (whole.description) }
                } @else {
                    p {
                        "The taxonomy in force no longer has this topic: these are records that were judged by an earlier one."
                    }
                }
                dl.facts {
                    dt { "Owner" }
                    dd { @match &line.owner { Some(owner) => bdi { (owner) }, None => "nobody" } }
                    @if let Some(above) = &line.parent {
                        dt { "Below" }
                        dd { a href={ "/topics/" (above) } { (self.topics.name(above)) } }
                    }
                    @if !whole.below.is_empty() {
                        dt { "Above" }
                        dd { @for (at, below) in whole.below.iter().enumerate() {
                            @if at > 0 { ", " }
                            a href={ "/topics/" (below.topic) } { (below.name) }
                        } }
                    }
                    dt { "Id" }
                    dd { code { (line.topic) } }
                }
                @if !whole.examples.is_empty() {
                    details {
                        summary { "Examples, as the taxonomy has them" }
                        ul { @for example in &whole.examples { li dir="auto" { (example) } } }
                    }
                }
            }
        }
    }
}

fn tiles(whole: &TopicWhole) -> Markup {
    let line = &whole.line;
    html! {
        div.grid {
            section.card.tile {
                h2 { "Mentions" }
                p.value { a href=(address(&line.mentions.filter)) { (count(line.mentions.value)) } }
                @if let Some(share) = line.share {
                    p.soft {
                        (Unit::Share.shown(share)) " of "
                        a href=(address(&whole.records.filter)) { (number::of(whole.records.value, "record", "records")) }
                    }
                }
            }
            section.card.tile {
                h2 { "Change of that share" }
                p { (change(line.change.as_ref())) }
                p.soft { small { "Judged among the topics that can be judged." } }
            }
            section.card.tile {
                h2 { "Days that stand out" }
                p { (stand_out(line.volume_verdict, line.negative_verdict)) }
            }
            section.card.tile {
                h2 { "Negative" }
                p.value { a href=(address(&line.negative.filter)) {
                    (line.negative.share.map_or_else(|| "too few".to_owned(), |share| Unit::Share.shown(share)))
                } }
                @if let Some(interval) = line.negative.interval {
                    p.soft.number { (Unit::Share.between(interval)) ", n = " (count(line.negative.n)) }
                }
                (meter::sentiments(line.negative.hits, line.neutral, line.positive))
            }
            section.card.tile {
                h2 { "Reach" }
                p { (people(&line.reach)) }
                @if let Some(revenue) = line.reach.revenue { p.soft { "revenue of " (number::whole(revenue)) " a year" } }
            }
        }
    }
}

fn related(whole: &TopicWhole) -> Markup {
    html! {
        section.card {
            h2 { "Mentioned with it" }
            @if whole.related.is_empty() {
                p.empty { "No other topic is mentioned with it five times or more." }
            } @else {
                div.scroll tabindex="0" role="group" aria-label="Topics mentioned with it" {
                    table {
                        thead { tr {
                            th scope="col" { "Topic" }
                            th.number scope="col" { "Together" }
                            th.number scope="col" { "Of the mentions" }
                        } }
                        tbody { @for one in &whole.related { tr {
                            th scope="row" { a href={ "/topics/" (one.topic) } { bdi { (one.name) } } }
                            td.number { a href=(address(&one.together.filter)) { (count(one.together.value)) } }
                            td.number { (Unit::Share.shown(one.share)) }
                        } } }
                    }
                }
            }
        }
    }
}
