//! `/v1/targets` and `/v1/triage`: the goals as they stand, and what waits for whom.

mod export;
mod load;

use crate::auth::Caller;
use crate::desk::{Targets, TriageLoad};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::Fields;
use crate::state::{App, now};
use axum::Json;
use axum::extract::State;
use feedback::time::Day;
use insight::report::Period;
use insight::report::scope::parse_day;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Days whose load is counted, unless others are named; and at most.
const DAYS: i32 = 7;
const MOST_DAYS: i32 = 366;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_targets))
        .merge(export::routes())
        .routes(routes!(get_triage))
        .merge(load::routes())
}

/// The goals that the team set itself, each with its value, its interval and whether it is met.
///
/// Only days that are over count. Met and missed are said where the whole interval lies on one side of the goal.
#[utoipa::path(
    get,
    path = "/v1/targets",
    tag = "targets",
    responses(
        (status = 200, description = "All of them", body = Targets),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 503,
            description = "Working them out for the first time takes long, or the tables cannot be used now",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
    )
)]
async fn get_targets(State(app): State<App>, _caller: Caller) -> Result<Json<Targets>, Problem> {
    let targets = app.desk.targets(true).await?;
    targets.map(Json).ok_or_else(being_counted)
}

/// The days of the records.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Days {
    /// The first one, included; six days before the last where none is named.
    #[param(format = Date)]
    from: Option<String>,
    /// The last one, included; today where none is named.
    #[param(format = Date)]
    to: Option<String>,
}

impl Days {
    fn read(&self, today: Day) -> Result<Period, Problem> {
        let day = |name: &str, text: &Option<String>| match text.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => parse_day(text)
                .map(Some)
                .ok_or_else(|| Problem::bad_request(format!("{name}: expected a date as in 2026-03-02"))),
        };
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        let to = to.unwrap_or_else(|| today.max(from.unwrap_or(today)));
        let from = from.unwrap_or_else(|| to.plus(1 - DAYS));
        let days = i64::from(to.0) - i64::from(from.0) + 1;
        match days {
            ..=0 => Err(Problem::bad_request(format!("from={from} is after to={to}"))),
            days if days > i64::from(MOST_DAYS) => {
                Err(Problem::bad_request(format!("at most {MOST_DAYS} days can be counted at once")))
            }
            _ => Ok(Period { from, to }),
        }
    }
}

/// What waits for whom: records by owner, queue and priority, but for those of resolved cases; and what waits for a person,
/// for a judgement was too unsure.
#[utoipa::path(
    get,
    path = "/v1/triage",
    tag = "triage",
    params(Days),
    responses(
        (status = 200, description = "The load of these days", body = TriageLoad),
        (status = 400, description = "No such days, or too many", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 503,
            description = "Counting it for the first time takes long, or the tables cannot be used now",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
    )
)]
async fn get_triage(
    State(app): State<App>,
    _caller: Caller,
    Fields(days): Fields<Days>,
) -> Result<Json<TriageLoad>, Problem> {
    let load = app.desk.triage(days.read(now().day())?).await?;
    load.map(Json).ok_or_else(being_counted)
}

fn being_counted() -> Problem {
    Problem::unavailable("counting this for the first time takes long: ask again in a moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_counted_unless_days_are_named() {
        let today = Day(20_520);
        let read = |from: Option<&str>, to: Option<&str>| {
            Days { from: from.map(str::to_owned), to: to.map(str::to_owned) }.read(today)
        };
        let days = |from: i32, to: i32| Period { from: Day(from), to: Day(to) };
        assert_eq!(read(None, None).unwrap(), days(20_514, 20_520));
        assert_eq!(read(Some("2026-03-02"), None).unwrap(), days(20_514, 20_520));
        assert_eq!(read(None, Some("2026-03-02")).unwrap(), days(20_508, 20_514));
        assert_eq!(read(Some("2026-04-01"), None).unwrap(), days(20_544, 20_544), "a day to come");
        for (from, to) in
            [(Some("soon"), None), (Some("2026-03-08"), Some("2026-03-02")), (Some("2020-01-01"), None)]
        {
            assert!(read(from, to).is_err(), "{from:?} {to:?}");
        }
    }
}
