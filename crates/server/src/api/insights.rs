//! `/v1/insights`: what a period's feedback says, with the uncertainty of every change.

mod columns;
mod export;

use super::scope::{ScopeQuery, check_names, scope};
use crate::auth::Caller;
use crate::desk::{At, Date};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::reports::Made;
use crate::state::{App, now};
use crate::topics::{FigureShown, ShareShown, check};
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use insight::report::{Report, Scope};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_insights)).merge(export::routes())
}

/// The report as `verbatim report --json` writes it, and when it was made. Every figure carries the filter that lists its
/// records; every change an interval and a verdict.
#[derive(ToSchema)]
#[schema(as = Insights)]
#[expect(dead_code, reason = "describes what a report is as JSON")]
struct InsightsShown {
    made_at: At,
    /// As asked for.
    #[schema(value_type = Object)]
    scope: Value,
    /// The complete days that every figure counts, `from` and `to`: up to yesterday where the scope goes on to today or beyond.
    #[schema(value_type = Object)]
    period: Value,
    /// Days of the scope that are not over yet, with how many records they have so far: no figure counts them. Null where all
    /// are over.
    #[schema(value_type = Option<Object>, required = true)]
    partial: Option<Value>,
    #[schema(value_type = Option<Object>, required = true)]
    previous: Option<Value>,
    #[schema(value_type = Option<Object>, required = true)]
    comparison: Option<Value>,
    #[schema(value_type = Option<Object>, required = true)]
    baseline: Option<Value>,
    #[schema(required = true)]
    records_begin: Option<Date>,
    #[schema(required = true)]
    records_end: Option<Date>,
    records: FigureShown,
    #[schema(required = true)]
    previous_records: Option<FigureShown>,
    /// The ratio of the two, with its interval and verdict.
    #[schema(value_type = Option<Object>, required = true)]
    volume_change: Option<Value>,
    #[schema(value_type = Vec<Object>)]
    sources: Value,
    #[schema(value_type = Vec<Object>)]
    scores: Value,
    /// Topics that stand out for some days, real ones first.
    #[schema(value_type = Vec<Object>)]
    movers: Value,
    #[schema(value_type = Vec<Object>)]
    topics: Value,
    #[schema(required = true)]
    unassigned: Option<ShareShown>,
    without_words: FigureShown,
    #[schema(value_type = Vec<Object>)]
    kinds: Value,
    #[schema(value_type = Vec<Object>)]
    languages: Value,
    #[schema(value_type = Option<Object>, required = true)]
    rhythm: Option<Value>,
    notable: bool,
    #[schema(value_type = Object)]
    tests: Value,
}

#[derive(Serialize)]
struct Insights<'r> {
    made_at: At,
    #[serde(flatten)]
    report: &'r Report,
}

/// On whom the report is.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TopicQuery {
    /// A topic's id: what those say who mention it
    pub topic: Option<String>,
}

/// Report on a period.
///
/// The last complete weeks where no days are named. Only complete days count, in UTC: where `to` is today or later, `period`
/// says up to which day the figures reach, and `partial` which days were left out. A report that was made a moment ago is told
/// again, with the moment; a new one on much feedback takes some seconds.
#[utoipa::path(
    get,
    path = "/v1/insights",
    tag = "insights",
    params(ScopeQuery, TopicQuery),
    responses(
        (status = 200, description = "The report", body = InsightsShown),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_insights(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (scope, [topic]) = scope(query.as_deref(), ["topic"], app.settings.report_weeks)?;
    let made = made(&app, scope, topic).await?;
    let written = move || serde_json::to_vec(&Insights { made_at: At(made.at), report: &made.report });
    let body = tokio::task::spawn_blocking(written).await?.map_err(Problem::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// The report on a scope; with a topic's id, on what those say who mention it.
async fn made(app: &App, scope: Scope, topic: String) -> Result<Arc<Made>, Problem> {
    let topic = Some(topic).filter(|topic| !topic.is_empty());
    if let Some(topic) = &topic {
        check(app, topic).map_err(|unknown| Problem::bad_request(Problem::from(unknown).detail))?;
    }
    check_names(app, &scope).await?;
    Ok(app.reports.get(&Scope { topic, ..scope }, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{status, topics, trends};

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn the_description_is_whole() {
        let all = routes().merge(trends::routes()).merge(topics::routes()).merge(status::routes());
        let document = serde_json::to_value(all.into_openapi()).unwrap();
        let mut named = Vec::new();
        references(&document, &mut named);
        for name in &named {
            assert!(document.pointer(name.strip_prefix('#').unwrap()).is_some(), "{name}");
        }
        let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
        let expected = [
            "/v1/insights",
            "/v1/insights.csv",
            "/v1/insights.jsonl",
            "/v1/status",
            "/v1/topics",
            "/v1/topics.csv",
            "/v1/topics.jsonl",
            "/v1/topics/{id}",
            "/v1/trends",
            "/v1/trends.csv",
            "/v1/trends.jsonl",
        ];
        assert_eq!(paths, expected);
    }
}
