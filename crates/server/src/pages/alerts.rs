//! Alerts: what moved, what is behind it, and what people say of it.

mod list;
mod show;

use crate::auth::{Caller, Editor, Form};
use crate::desk::{AlertChange, AlertRow, AlertState};
use crate::pages::layout::{Frame, Place};
use crate::problem::Problem;
use crate::state::App;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use feedback::time::Day;
use insight::report::scope::parse_day;
use maud::{Markup, html};
use serde::Deserialize;

/// Characters of a reason.
pub const LONGEST_REASON: usize = 500;

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
        @if let Some(why) = why { " " small { (why) } }
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

/// What somebody writes of a silence, for pages and programs.
///
/// # Errors
/// 400: where the day is none, or the reason too long.
pub(crate) fn silencing(until: &str, reason: &str) -> Result<AlertChange, Problem> {
    let read = |text: &str| {
        parse_day(text).ok_or_else(|| Problem::bad_request("until: expected a date as in 2026-03-05"))
    };
    let until: Option<Day> = Some(until.trim()).filter(|text| !text.is_empty()).map(read).transpose()?;
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.chars().count() > LONGEST_REASON {
        return Err(Problem::bad_request(format!("reason: expected at most {LONGEST_REASON} characters")));
    }
    Ok(AlertChange::Silence { until, reason })
}

async fn make(app: &App, caller: &Caller, id: &str, change: &AlertChange) -> Result<Redirect, Problem> {
    let changed = app.desk.change_alert(id, change, &caller.name).await?;
    let id = &changed.alert.id;
    app.audit(caller, &format!("alert.{}", change.as_str()), id, changed.alert.state.as_str()).await?;
    Ok(Redirect::to(&format!("/alerts/{id}?done={}", change.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_is_read_from_what_somebody_writes() {
        let read = silencing(" 2026-03-05 ", "the  servers\nmove").unwrap();
        assert_eq!(
            read,
            AlertChange::Silence { until: Some(Day(20_517)), reason: "the servers move".to_owned() }
        );
        assert_eq!(silencing("", "").unwrap(), AlertChange::Silence { until: None, reason: String::new() });
        assert!(silencing("soon", "").unwrap_err().detail.contains("2026-03-05"));
        assert!(silencing("", &"x".repeat(LONGEST_REASON + 1)).is_err());
    }
}
