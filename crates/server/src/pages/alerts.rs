//! Alerts: what moved, what is behind it, and what people say of it.

mod list;
mod show;

use crate::auth::{Caller, Editor, Form};
use crate::desk::changes::{self, silencing};
use crate::desk::{AlertChange, AlertRow, AlertState};
use crate::pages::layout::{Frame, Place};
use crate::problem::Problem;
use crate::state::App;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/alerts", get(list::list))
        .route("/alerts/{id}", get(show::show))
        .route("/alerts/{id}/silence", post(silence))
        .route("/alerts/{id}/{change}", post(change))
}

fn frame<'f>(app: &'f App, caller: &'f Caller) -> Frame<'f> {
    Frame { app, caller, at: Place::Alerts }
}

/// The word for a state, with why it is so where that is known.
fn state(alert: &AlertRow) -> Markup {
    let why = match (&alert.told_with, &alert.silenced, &alert.why) {
        (Some(other), _, _) => Some(format!("told with {}", other.chars().take(8).collect::<String>())),
        (None, Some(silence), _) => Some(silence.reason.clone()),
        (None, None, why) => why.clone().filter(|_| alert.state != AlertState::OverBudget),
    };
    let name = alert.state.as_str().replace('_', " ");
    html! {
        span class={ "badge badge-" (alert.state.as_str()) } { (name) }
        @if let Some(why) = why { " " small { bdi { (why) } } }
    }
}

async fn change(
    State(app): State<App>,
    Editor(caller): Editor,
    Path((id, change)): Path<(String, String)>,
) -> Result<Redirect, Problem> {
    let simple =
        [AlertChange::Acknowledge, AlertChange::Useful, AlertChange::NotUseful, AlertChange::Unsilence];
    let change = simple.into_iter().find(|known| known.as_str() == change);
    let change =
        change.ok_or_else(|| Problem::not_found("there is nothing of this kind to say of an alert"))?;
    make(&app, &caller, &id, &change).await
}

#[derive(Deserialize)]
struct Silence {
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

async fn silence(
    State(app): State<App>,
    Editor(caller): Editor,
    Path(id): Path<String>,
    Form(given): Form<Silence>,
) -> Result<Redirect, Problem> {
    make(&app, &caller, &id, &silencing(&given.until, &given.reason)?).await
}

async fn make(app: &App, caller: &Caller, id: &str, change: &AlertChange) -> Result<Redirect, Problem> {
    let changed = changes::alert(app, caller, id, change).await?;
    Ok(Redirect::to(&format!("/alerts/{}?done={}", changed.alert.id, change.as_str())))
}
