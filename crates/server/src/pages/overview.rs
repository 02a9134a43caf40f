//! The first page: what happened, what of it is real, and whether anything needs somebody now.

mod beside;
mod figures;
pub(super) mod moved;

use super::first_event;
use super::held::{self, Held};
use super::layout::{Frame, Place, page};
use super::parts::{scores, time};
use super::scope::{Asked, Choices};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::query::{Fields, address};
use crate::reports::{Look, Made, PATIENCE};
use crate::state::{App, now};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use beside::Beside;
use feedback::time::Timestamp;
use insight::report::{Period, Scope, count};
use maud::{Markup, html};
use std::time::Duration;

pub fn routes() -> Router<App> {
    Router::new().route("/", get(overview))
}

async fn overview(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let scope = asked.scope(app.settings.report_weeks)?;
    let (look, beside, held) =
        tokio::join!(app.reports.look(&scope, now, PATIENCE), beside::read(&app), Held::read(&app, &scope));
    let seen = Seen {
        usual: app.settings.report_weeks,
        choices: Choices::of(&app),
        first: first_event(&app, &caller, &headers),
        held: held?,
        every: app.settings.rollup_every,
        now: now(),
        asked,
        scope,
        look,
        beside,
    };
    let frame = Frame { app: &app, caller: &caller, at: Place::Overview };
    Ok(refreshed(page(&frame, "Overview", seen.body()), seen.awaited()))
}

/// After so long a page asks for a report that is being made.
pub(super) const SOON: Duration = Duration::from_secs(3);

/// A page that lacks something asks for itself again by itself, `after` so many whole seconds.
pub(super) fn refreshed(mut page: Response, after: Option<Duration>) -> Response {
    if let Some(after) = after {
        let seconds = HeaderValue::from(after.as_secs());
        page.headers_mut().insert(HeaderName::from_static("refresh"), seconds);
    }
    page
}

/// All that the page is drawn from.
struct Seen {
    asked: Asked,
    usual: i32,
    choices: Choices,
    scope: Scope,
    look: Look,
    held: Held,
    /// How often this server counts what has come in, if it does.
    every: Option<Duration>,
    beside: Beside,
    /// How somebody sends the first event.
    first: Markup,
    now: Timestamp,
}

impl Seen {
    /// How long until what is missing on it may be there, where it is there by itself.
    fn awaited(&self) -> Option<Duration> {
        match &self.look {
            Look::Making => Some(SOON),
            Look::Made(made) if self.counts_nothing_yet(made) => self.every.map(|every| every.max(SOON)),
            Look::Made(_) | Look::Failed => None,
        }
    }

    /// Whether days of the period are over and have records, of which the report counts none.
    fn counts_nothing_yet(&self, made: &Made) -> bool {
        made.report.period.days() > 0 && made.report.records.value == 0 && self.held.within.value > 0
    }

    fn body(&self) -> Markup {
        let pipeline = &self.beside.pipeline;
        html! {
            (self.lead())
            @if pipeline.records == 0 && !pipeline.is_loading {
                (self.nothing_yet())
            } @else {
                @match &self.look {
                    Look::Made(made) => (self.figures(made)),
                    Look::Making => {
                        div.note role="status" { p {
                            "The report on these days is being made for the first time. The page shows it as soon as it is \
                             there."
                        } }
                        (self.without_report())
                    }
                    Look::Failed => {
                        div.note role="alert" { p {
                            strong { "The report on these days cannot be made. " }
                            "The server\u{2019}s log says why; " code { "verbatim doctor" } " looks at the tables. "
                            a href=(self.asked.address("/", "")) { "Try again" }
                        } }
                        (self.without_report())
                    }
                }
            }
        }
    }

    fn lead(&self) -> Markup {
        html! {
            div.lead {
                div {
                    h1 { "Overview" }
                    @match &self.look {
                        Look::Made(made) => p {
                            (time::period(made.report.period))
                            @match made.report.previous {
                                Some(previous) => { ", against " (time::period(previous)) }
                                None => ", with no period before to compare with",
                            }
                            "; complete days in UTC. Made " (time::ago(made.at, self.now)) "."
                        },
                        _ => p { (time::period(self.scope.period)) },
                    }
                }
                (self.asked.bar("/", self.usual, &self.choices))
            }
        }
    }

    fn figures(&self, made: &Made) -> Markup {
        let report = &made.report;
        html! {
            @if report.period.days() == 0 {
                section.card {
                    h2 { "No day of this period is over yet" }
                    p { (self.held.of_days_not_over()) }
                }
            } @else if self.counts_nothing_yet(made) {
                section.card role="status" { (self.held.not_counted_yet(&held::when(self.every))) }
            } @else if report.records.value == 0 {
                (self.none_of(report.period))
            }
            div.grid {
                @if report.records.value > 0 {
                    (figures::records(report, &self.held))
                    @for row in scores::headline(&report.scores) { (scores::tile(row)) }
                    @for row in figures::largest(report) { (figures::sentiment(row)) }
                } @else if self.held.later.value > 0 {
                    section.card.tile {
                        h2 { "Records of later days" }
                        p.value { a href=(address(&self.held.later.filter)) { (count(self.held.later.value)) } }
                        p.soft { "not over yet, or behind the period" }
                    }
                }
                (self.beside.tile())
            }
            div.columns {
                div {
                    @if report.records.value > 0 {
                        (moved::moved(report)) (figures::sources(report)) (figures::scores(report))
                    }
                }
                div { (self.beside.alerts()) (self.beside.targets()) (self.beside.health()) }
            }
        }
    }

    fn without_report(&self) -> Markup {
        html! {
            div.grid {
                (self.beside.tile())
                section.card.tile {
                    h2 { "Records held" }
                    p.value { a href="/feedback" { (count(self.beside.pipeline.records)) } }
                    @if self.beside.pipeline.is_loading { p.soft { "still being read" } }
                }
            }
            div.columns {
                div { (self.beside.alerts()) (self.beside.targets()) }
                div { (self.beside.health()) }
            }
        }
    }

    /// Other days have some, or it is all of today.
    fn none_of(&self, period: Period) -> Markup {
        html! {
            section.card {
                h2 { "No records in " (time::period(period)) }
                p {
                    (self.held.of_other_days())
                    "Choose a longer period above, or " a href="/feedback" { "open the newest records" } "."
                }
            }
        }
    }

    /// What a person does who sees nothing.
    fn nothing_yet(&self) -> Markup {
        html! {
            section.card {
                h2 { "No feedback yet" }
                p { "Send the first event to this server, and it is shown here within seconds:" }
                (self.first)
                p {
                    "Or read a file: " code { "verbatim import FILE" } ", a topic of Kafka: "
                    code { "verbatim worker" } ", or see it with an invented story: " code { "verbatim demo --serve" } "."
                }
            }
            div.columns { div { (self.beside.targets()) } div { (self.beside.health()) } }
        }
    }
}

#[cfg(test)]
mod tests;
