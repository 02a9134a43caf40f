//! Cases: reports of the same thing, who acts on them, and whom to tell when it is done.

mod list;
mod show;

use crate::auth::{Caller, Editor, Form};
use crate::desk::{CaseStep, changes};
use crate::pages::layout::{Frame, Place};
use crate::problem::Problem;
use crate::state::{App, Topics};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use feedback::insight::NO_TOPIC;
use serde::Deserialize;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/cases", get(list::list))
        .route("/cases/{id}", get(show::show))
        .route("/cases/{id}/owner", post(assign))
        .route("/cases/{id}/{step}", post(take))
}

fn frame<'f>(app: &'f App, caller: &'f Caller) -> Frame<'f> {
    Frame { app, caller, at: Place::Cases }
}

/// As people know it.
fn topic_name<'n>(topics: &'n Topics, topic: &'n str) -> &'n str {
    if topic == NO_TOPIC { "No topic" } else { topics.name(topic) }
}

/// `feature request`.
fn kind_name(kind: &str) -> String {
    kind.replace('_', " ")
}

async fn take(
    State(app): State<App>,
    Editor(caller): Editor,
    Path((id, step)): Path<(String, String)>,
) -> Result<Redirect, Problem> {
    let step = CaseStep::ALL.into_iter().find(|known| known.as_str() == step);
    let step = step.ok_or_else(|| Problem::not_found("there is no such step of a case"))?;
    let changed = changes::case(&app, &caller, &id, step).await?;
    Ok(Redirect::to(&format!("/cases/{}?done={}", changed.id, changed.state.as_str())))
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    owner: String,
}

async fn assign(
    State(app): State<App>,
    Editor(caller): Editor,
    Path(id): Path<String>,
    Form(given): Form<Given>,
) -> Result<Redirect, Problem> {
    let changed = changes::assign(&app, &caller, &id, &given.owner).await?;
    Ok(Redirect::to(&format!("/cases/{}?done=assigned", changed.id)))
}
