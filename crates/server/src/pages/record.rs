//! One record with all that is known of it: what was said, how it was judged and by whom, whose it is, and what is like it.

mod alike;
pub(super) mod correct;
mod facts;
mod history;
mod judged;
mod link;
#[cfg(test)]
mod tests;

pub(super) use correct::Done;

use super::feedback::verbatim;
use super::layout::{Frame, Place, page};
use super::parts::{forms, time, words};
use crate::auth::Caller;
use crate::corrections::{self, CorrectionRow};
use crate::desk::{Listed, Page};
use crate::problem::Problem;
use crate::query::PAGE;
use crate::state::App;
use crate::stored::{self, Stored};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::routing::{get, post};
use insight::shelf::{Hit, Label, Row, Text};
use maud::{Markup, html};

/// Corrections that are shown; programs get all.
const MOST_CORRECTIONS: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/feedback/{record}", get(show))
        .route("/feedback/{record}/correct", post(correct::correct))
}

/// All that a record's page shows.
struct Whole {
    stored: Stored,
    corrections: Listed<CorrectionRow>,
    case: Option<String>,
    /// `None` where it has nothing to compare, or is not held in memory.
    alike: Option<Vec<Hit>>,
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    named: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Path(named) = named?;
    let done = Done::of(&query.unwrap_or_default());
    let stored = stored::find(&app, &named).await?;
    let id = stored.row().id;
    let newest = Page { limit: MOST_CORRECTIONS, behind: None };
    let corrections = corrections::list(&app.store, Some(&id.to_string()), &newest).await?;
    let case = app.desk.case_of(&id.to_string()).await?;
    let alike = alike::of(&app, id).await?;
    let whole = Whole { stored, corrections, case, alike };
    let body = html! {
        @if let Some(done) = done { (forms::done(done.says())) }
        (body(&whole, &caller, &app))
    };
    let title = format!("Record {}", words::short(&id.to_string()));
    Ok(page(&Frame { app: &app, caller: &caller, at: Place::Feedback }, &title, body))
}

fn body(whole: &Whole, caller: &Caller, app: &App) -> Markup {
    let (row, beside, topics) = (whole.stored.row(), &whole.stored.beside, &app.topics);
    let short = words::short(&row.id.to_string());
    html! {
        div.lead { div {
            p.soft { a href=(PAGE) { "Feedback" } " / " (short) }
            h1 { "Record " (short) }
            p { (verbatim::source(&row)) ", " (time::moment(row.at)) }
        } }
        div.columns {
            div {
                section.card.verbatim aria-label="What was said" {
                    (verbatim::context(&row))
                    (verbatim::words(&row, topics, &[], None))
                    (verbatim::about(&row, topics))
                    @if whole.alike.is_some() {
                        p.actions { a href={ (PAGE) "?like=" (row.id) } { "Find like this" } }
                    }
                }
                (judged::judged(&row, topics))
                (decision(&row, whole.case.as_deref()))
                (correct::section(&row, caller, topics))
                (history::history(&whole.corrections, topics))
                (alike::alike(whole.alike.as_deref(), topics))
            }
            div {
                (facts::facts(&row, beside))
                (facts::metadata(beside.metadata.as_ref()))
                (agents(beside.agent_text.as_deref()))
            }
        }
    }
}

/// What is to be done with it, by which rule, and the words that this rests on.
fn decision(row: &Row<'_>, case: Option<&str>) -> Markup {
    let body = row.text(Text::Body).unwrap_or_default();
    html! {
        section.card {
            h2 { "Decision" }
            @if row.label(Label::Rule).is_none() {
                p.soft { "None: no rules of triage were set when it came in." }
            }
            (verbatim::decision(row))
            @if !row.triage_spans.is_empty() {
                p { "It rests on these words:" }
                ul.plain { @for span in &row.triage_spans { li { blockquote dir="auto" { (span.of(body)) } } } }
            }
            dl.facts {
                @if let Some(rule) = row.label(Label::Rule) { dt { "Rule" } dd { bdi { (rule) } } }
                @if let Some(sure) = row.label(Label::Confidence) { dt { "Confidence" } dd { bdi { (sure) } } }
                @if !row.triage_labels.is_empty() { dt { "Labels" } dd { bdi { (row.triage_labels.join(", ")) } } }
                @if !row.triage_actions.is_empty() { dt { "Sent on to" } dd { bdi { (row.triage_actions.join(", ")) } } }
                dt { "Case" }
                dd {
                    @match case {
                        Some(case) => a href={ "/cases/" (case) } { "case " (words::short(case)) },
                        None => "of none",
                    }
                }
            }
        }
    }
}

fn agents(text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text {
            section.card {
                h2 { "What agents and bots said" }
                p.soft { small { "In the same conversation. It is judged by nothing and counted nowhere." } }
                div.words dir="auto" { (text) }
            }
        }
    }
}
