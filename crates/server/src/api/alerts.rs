//! `/v1/alerts`: what moved, what is behind it, and what people say of it.

mod export;

use crate::auth::{Caller, Editor};
use crate::desk::changes::{self, silencing};
use crate::desk::{AlertChange, AlertChanged, AlertState, AlertWhole, Alerts, AlertsFilter, Page};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::{Fields, check_named};
use crate::state::{App, now};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use feedback::time::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Days in which an alert has ended that is listed, unless others are named.
const LATELY: u16 = 30;
pub const MOST_DAYS: u16 = 3_650;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_alerts))
        .merge(export::routes())
        .routes(routes!(get_alert))
        .routes(routes!(acknowledge_alert))
        .routes(routes!(call_useful))
        .routes(routes!(call_not_useful))
        .routes(routes!(silence_alert))
        .routes(routes!(unsilence_alert))
}

/// Which alerts, and which part of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only those that run, or only those that are over.
    open: Option<bool>,
    /// Only those in this state.
    #[param(inline)]
    state: Option<AlertState>,
    /// Only those of which this owner has a part.
    owner: Option<String>,
    /// Only those that name this topic, by its id.
    topic: Option<String>,
    /// Of those that are over the ones that ended within so many days: 30 where nothing is said, 3650 at most.
    days: Option<u16>,
    /// At most so many: 50 where nothing is said, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// `next` of the part before.
    cursor: Option<String>,
}

impl Asked {
    fn read(self, now: Timestamp) -> Result<(AlertsFilter, Page), Problem> {
        let page = Page::new(self.limit, self.cursor.as_deref());
        let page = page.map_err(|error| Problem::bad_request(error.to_string()))?;
        let days = self.days.unwrap_or(LATELY).min(MOST_DAYS);
        let since = Some(now.day().plus(-i32::from(days)));
        let Self { open, state, owner, topic, .. } = self;
        Ok((AlertsFilter { open, state, owner, topic, since }, page))
    }
}

/// List the alerts that fire and those of late, and how many of all were of use.
///
/// That nothing fires says something only as far as `looked_to` and `coverage` reach.
#[utoipa::path(
    get,
    path = "/v1/alerts",
    tag = "alerts",
    params(Asked),
    responses(
        (status = 200, description = "A part of them", body = Alerts),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_alerts(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Json<Alerts>, Problem> {
    let (filter, page) = asked.read(now())?;
    Ok(Json(part(&app, &filter, &page).await?))
}

async fn part(app: &App, filter: &AlertsFilter, page: &Page) -> Result<Alerts, Problem> {
    let alerts = app.desk.alerts(filter, page).await?;
    if alerts.list.total == 0 {
        check_named(app, &[("owner", filter.owner.as_deref()), ("topic", filter.topic.as_deref())]).await?;
    }
    Ok(alerts)
}

/// Show an alert: what moved, since when, what carries it, customers' words, and all that happened to it.
#[utoipa::path(
    get,
    path = "/v1/alerts/{id}",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "All that is known of it", body = AlertWhole),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such alert", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_alert(
    State(app): State<App>,
    _caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<AlertWhole>, Problem> {
    let Path(id) = id?;
    Ok(Json(app.desk.alert(&id, true).await?))
}

/// Say that somebody has taken an alert up.
#[utoipa::path(
    post,
    path = "/v1/alerts/{id}/acknowledge",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is noted", body = AlertChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such alert", body = Problem, content_type = CONTENT_TYPE),
        (status = 409, description = "It is over, or acknowledged", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn acknowledge_alert(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<AlertChanged>, Problem> {
    make(&app, &caller, id, &AlertChange::Acknowledge).await
}

/// Say that an alert was of use; the last word counts.
#[utoipa::path(
    post,
    path = "/v1/alerts/{id}/useful",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is noted", body = AlertChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such alert", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn call_useful(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<AlertChanged>, Problem> {
    make(&app, &caller, id, &AlertChange::Useful).await
}

/// Say that an alert was of no use; the last word counts.
#[utoipa::path(
    post,
    path = "/v1/alerts/{id}/not-useful",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is noted", body = AlertChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such alert", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn call_not_useful(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<AlertChanged>, Problem> {
    make(&app, &caller, id, &AlertChange::NotUseful).await
}

/// Until when, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSilence {
    /// The last day of it (UTC); until somebody ends it where none is named.
    #[schema(format = Date, example = "2026-03-05")]
    until: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// Have nothing more told of an alert for a while, but that it is over.
#[utoipa::path(
    post,
    path = "/v1/alerts/{id}/silence",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    request_body = NewSilence,
    responses(
        (status = 200, description = "It is noted", body = AlertChanged),
        (
            status = 400,
            description = "The day is none, or over; the reason is too long; or no JSON",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such alert", body = Problem, content_type = CONTENT_TYPE),
        (status = 409, description = "It is over", body = Problem, content_type = CONTENT_TYPE),
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn silence_alert(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
    given: Result<Json<NewSilence>, JsonRejection>,
) -> Result<Json<AlertChanged>, Problem> {
    let Json(given) = given?;
    let change = silencing(given.until.as_deref().unwrap_or_default(), &given.reason)?;
    make(&app, &caller, id, &change).await
}

/// Have a silenced alert told on.
#[utoipa::path(
    post,
    path = "/v1/alerts/{id}/unsilence",
    tag = "alerts",
    params(("id" = String, Path, description = "Its id, or how that begins")),
    responses(
        (status = 200, description = "It is noted", body = AlertChanged),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such alert", body = Problem, content_type = CONTENT_TYPE),
        (status = 409, description = "Nobody has silenced it", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn unsilence_alert(
    State(app): State<App>,
    Editor(caller): Editor,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<AlertChanged>, Problem> {
    make(&app, &caller, id, &AlertChange::Unsilence).await
}

async fn make(
    app: &App,
    caller: &Caller,
    id: Result<Path<String>, PathRejection>,
    change: &AlertChange,
) -> Result<Json<AlertChanged>, Problem> {
    let Path(id) = id?;
    Ok(Json(changes::alert(app, caller, &id, change).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::fields;
    use feedback::time::Day;

    fn asked(query: &str) -> Result<AlertsFilter, ()> {
        let asked: Asked = fields::read(query).map_err(|_| ())?;
        asked.read(Day(20_514).start()).map(|(filter, _)| filter).map_err(|_| ())
    }

    #[test]
    fn an_address_narrows_the_list() {
        let since = Some(Day(20_484));
        assert_eq!(asked("").unwrap(), AlertsFilter { since, ..AlertsFilter::default() });
        let filter = asked("open=true&state=over_budget&owner=identity&topic=billing&days=60000").unwrap();
        assert_eq!((filter.open, filter.state), (Some(true), Some(AlertState::OverBudget)));
        assert_eq!(filter.since, Some(Day(20_514 - 3_650)));
        for wrong in ["open=perhaps", "state=lost", "days=-1", "cursor=x", "ower=a"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
