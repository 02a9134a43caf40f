//! The taxonomy: how its topics stand, what it misses, and the editor with a look at what an edit changes.

mod edit;
mod stand;
#[cfg(test)]
mod tests;
mod trial;

use super::layout::{Frame, Place, page};
use super::topics::still_read;
use super::trouble;
use crate::api::export::Format;
use crate::api::taxonomy::trial as difference;
use crate::auth::{Admin, Caller, Editor, Form};
use crate::problem::Problem;
use crate::query::Fields;
use crate::state::App;
use crate::taxonomy::{self, Kept, attempt, clean, fault, period, show, switch, tag, written};
use analyze::taxonomy::line_of;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use edit::{Draft, Note};
use maud::{Markup, html};
use serde::Deserialize;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/taxonomy", get(overview).post(put_in_force))
        .route("/taxonomy/edit", get(editor))
        .route("/taxonomy/preview", post(preview))
        .route("/taxonomy/preview.csv", post(|app, editor, edited| as_file(app, editor, edited, Format::Csv)))
        .route(
            "/taxonomy/preview.jsonl",
            post(|app, editor, edited| as_file(app, editor, edited, Format::Jsonl)),
        )
}

fn framed(app: &App, caller: &Caller, title: &str, body: Markup) -> Response {
    page(&Frame { app, caller, at: Place::Taxonomy }, title, body)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    weeks: String,
    /// What was done before this page was shown.
    #[serde(default)]
    done: String,
}

async fn overview(
    State(app): State<App>,
    caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Response, Problem> {
    let shown = show(&app, period(&asked.weeks)?).await?;
    let body = html! {
        (still_read(app.live.status().loading))
        (stand::page(&shown, &caller, asked.done == "switched"))
    };
    Ok(framed(&app, &caller, "Taxonomy", body))
}

/// The text in force, or with a candidate at its end; opened at a topic.
async fn editor(
    State(app): State<App>,
    Editor(caller): Editor,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (mut topic, mut add, mut weeks, mut chosen) =
        (String::new(), String::new(), String::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "topic" => topic = value.into_owned(),
            "add" => add = value.into_owned(),
            "weeks" => weeks = value.into_owned(),
            "quote" => chosen.push(value.into_owned()),
            _ => {}
        }
    }
    if add.is_empty() {
        let kept = app.taxonomy.kept().await?;
        let wrong = fault(&kept.text);
        let line = wrong.as_ref().map_or_else(|| line_of(&kept.text, &topic), |fault| fault.line);
        let note = wrong.map(|fault| {
            Note::wrong(&format!("The text in force cannot be used, and the one before it is. {fault}"))
        });
        let draft = Draft { text: &kept.text, base: &tag(&kept.text), weeks: &weeks, line, note };
        return Ok(framed(&app, &caller, edit::TITLE, edit::page(&draft, &caller)));
    }
    let shown = show(&app, period(&weeks)?).await?;
    let block = written(&shown, &add, &chosen);
    let text = format!("{}{}", clean(&shown.text), block.as_deref().unwrap_or_default());
    let line = block.is_some().then(|| shown.text.lines().count() + 2);
    let note = match block {
        Some(_) => {
            Note::done("A topic stands at the end: say what belongs there, and look at what it changes.")
        }
        None => Note::wrong("There is no such candidate any more: what was found has changed meanwhile."),
    };
    let draft = Draft { text: &text, base: &shown.base, weeks: &weeks, line, note: Some(note) };
    Ok(framed(&app, &caller, edit::TITLE, edit::page(&draft, &caller)))
}

#[derive(Deserialize)]
struct Edited {
    text: String,
    /// Of the text that the edit began with.
    #[serde(default)]
    base: String,
    #[serde(default)]
    weeks: String,
}

async fn preview(
    State(app): State<App>,
    Editor(caller): Editor,
    Form(edited): Form<Edited>,
) -> Result<Response, Problem> {
    let (days, text) = (period(&edited.weeks)?, clean(&edited.text));
    if let Err(fault) = taxonomy::read(&text) {
        let note = Some(Note::wrong(&format!("The taxonomy is wrong. {fault}")));
        let draft = Draft { text: &text, base: &edited.base, weeks: &edited.weeks, line: fault.line, note };
        let body = edit::page(&draft, &caller);
        return Ok(trouble::within(fault.into(), framed(&app, &caller, edit::TITLE, body)));
    }
    let trial = attempt(&app, text.clone(), days).await?;
    let is_behind = !edited.base.is_empty() && edited.base != trial.base;
    let note = is_behind.then(|| {
        Note::wrong(
            "Somebody has switched on another taxonomy since you opened the editor: what they changed is not in your \
             text, and the difference below shows it as yours.",
        )
    });
    let draft = Draft { text: &text, base: &trial.base, weeks: &edited.weeks, line: None, note };
    let body = html! {
        (trial::page(&trial, &text, &caller))
        (edit::form(&draft, &caller))
    };
    Ok(framed(&app, &caller, "What the edit changes", body))
}

/// The difference that was shown, once more.
async fn as_file(
    State(app): State<App>,
    Editor(_): Editor,
    Form(edited): Form<Edited>,
    format: Format,
) -> Result<Response, Problem> {
    let trial = attempt(&app, clean(&edited.text), period(&edited.weeks)?).await?;
    Ok(difference::file(trial, format))
}

async fn put_in_force(
    State(app): State<App>,
    Admin(caller): Admin,
    Form(edited): Form<Edited>,
) -> Result<Response, Problem> {
    let text = clean(&edited.text);
    match switch(&app, &caller, text.clone(), &edited.base).await {
        Ok(_) => Ok(Redirect::to("/taxonomy?done=switched").into_response()),
        // What somebody wrote is not lost by it.
        Err(problem) if problem.status.is_client_error() => {
            let Kept { text: kept, .. } = app.taxonomy.kept().await?;
            let note = Some(Note::wrong(&format!("It was not switched on. {}", problem.detail)));
            let draft = Draft { text: &text, base: &tag(&kept), weeks: &edited.weeks, line: None, note };
            let body = edit::page(&draft, &caller);
            Ok(trouble::within(problem, framed(&app, &caller, edit::TITLE, body)))
        }
        Err(problem) => Err(problem),
    }
}
