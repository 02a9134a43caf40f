//! The inbox: what customers said, searched, narrowed, one record below the other.
//!
//! What it shows stands in its address, so that it can be sent to somebody, and every figure links to its records here.

mod answer;
mod chips;
mod choices;
mod empty;
mod form;
mod list;
mod named;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub(super) mod verbatim;

#[cfg(test)]
pub(super) use testing::{HOSTILE, harmless, hostile, row, topics};

use super::layout::{Frame, Place, page};
use super::parts::forms;
use super::record::{self, Done};
use super::trouble;
use crate::auth::Caller;
use crate::problem::Problem;
pub(super) use crate::query::is_alike;
use crate::query::{Asked, NOTHING_TO_COMPARE, PAGE, Ready};
use crate::state::App;
use answer::Answer;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use chips::chips;
use choices::Choices;
use maud::{Markup, html};

/// Records on a page at most: more is for programs and exports.
const MOST_SHOWN: usize = 100;
/// Of an address that cannot be read so many fields are looked at, each by itself.
const MOST_MENDED: usize = 40;

pub fn routes() -> Router<App> {
    Router::new().route(PAGE, get(show)).merge(record::routes())
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let done = Done::of(&query);
    let (asked, ready) = match Asked::parse_with(&query, &[Done::FIELD]) {
        Ok(asked) => {
            let asked = Asked { limit: asked.limit.min(MOST_SHOWN), ..asked };
            let ready = Ready::of(&app, asked.clone()).await;
            (asked, ready)
        }
        Err(problem) => (understood(&query), Err(problem)),
    };
    let (drawing, whose) = (app.clone(), caller.clone());
    let drawn = move || draw(&drawing, &whose, &asked, ready);
    let (problem, body) = tokio::task::spawn_blocking(drawn).await??;
    let body = html! {
        @if let Some(done) = done { (forms::done(done.says())) }
        (body)
    };
    let page = page(&Frame { app: &app, caller: &caller, at: Place::Feedback }, "Feedback", body);
    // What was typed stands in the form still, so that it can be mended.
    Ok(match problem {
        Some(problem) => trouble::within(problem, page),
        None => page,
    })
}

/// What an address asks for that can be asked, where not all of it can: it stays in the form.
fn understood(query: &str) -> Asked {
    let mut kept: Vec<(String, String)> = Vec::new();
    let mut asked = Asked::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()).take(MOST_MENDED) {
        kept.push((name.into_owned(), value.into_owned()));
        let pairs = form_urlencoded::Serializer::new(String::new()).extend_pairs(&kept).finish();
        match Asked::parse_with(&pairs, &[Done::FIELD]) {
            Ok(more) => asked = more,
            Err(_) => drop(kept.pop()),
        }
    }
    asked
}

/// The page, and what is wrong with what was asked for.
fn draw(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    ready: Result<Ready, Problem>,
) -> Result<(Option<Problem>, Markup), Problem> {
    let chips = chips(asked, &app.topics);
    let answer = ready.and_then(|ready| Answer::of(&ready, &chips, app.reading.version()));
    let (problem, told) = match answer {
        Ok(answer) => {
            let status = app.live.status();
            let (answer, chips, status, topics) = (&answer, &chips, &status, &app.topics);
            (None, list::list(&list::Seen { asked, answer, chips, caller, topics, status }))
        }
        Err(problem) => told(problem, asked)?,
    };
    let choices = Choices::of(&app.live.shelf(), app.desk.owners());
    let body = html! {
        div.lead { div {
            h1 { "Feedback" }
            p { "What customers said, in their words." }
        } }
        (form::form(asked, &choices, &app.topics, &chips))
        (told)
    };
    Ok((problem, body))
}

/// What stands in place of a list; with the problem, where what was asked for is at fault.
fn told(problem: Problem, asked: &Asked) -> Result<(Option<Problem>, Markup), Problem> {
    if problem.reason == Some(NOTHING_TO_COMPARE) {
        return Ok((None, empty::incomparable(&problem, asked)));
    }
    if !problem.status.is_client_error() {
        return Err(problem);
    }
    let shown = not_so(&problem);
    Ok((Some(problem), shown))
}

fn not_so(problem: &Problem) -> Markup {
    html! {
        div.note role="alert" {
            p { strong { "This cannot be shown." } " " bdi { (problem.detail) } }
            p { a href=(PAGE) { "Show all feedback" } }
        }
    }
}
