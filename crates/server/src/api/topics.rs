//! `/v1/topics`: all topics side by side, and one with all that is known of it.

mod export;

use super::scope::{ScopeQuery, check_names, scope};
use crate::auth::Caller;
use crate::desk::AlertRow;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::state::App;
use crate::topics::{Sort, TopicTable, TopicWhole, check, read, read_table};
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use insight::report::model::Mover;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_topics)).merge(export::routes()).routes(routes!(get_topic))
}

/// All topics of a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct TopicsListed {
    #[serde(flatten)]
    table: TopicTable,
    /// Always null: they come all at once.
    #[schema(required = true)]
    next: Option<String>,
    total: u64,
}

/// A topic with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
struct TopicAnswer {
    #[serde(flatten)]
    whole: TopicWhole,
    /// The stretches of days on which it stands out, judged among all topics; as `movers` of the report.
    #[schema(value_type = Vec<Object>)]
    movers: Vec<Mover>,
    /// Those of the weeks of `history`, the running ones first.
    alerts: Vec<AlertRow>,
}

/// In which order they come.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SortQuery {
    #[doc = "taxonomy, name, mentions, negative, change, reach or revenue; with - before it the most comes \
             first. -mentions where nothing is said"]
    #[param(example = "-mentions")]
    pub sort: Option<String>,
}

/// List the topics with what is said of each.
///
/// Figures are of the complete days of the period, and as of `as_of`. `change` has its own verdict, with the false-discovery
/// rate held among the topics that can be judged; `volume_verdict` and `negative_verdict` are the report's, on single days
/// that stand out.
#[utoipa::path(
    get,
    path = "/v1/topics",
    tag = "topics",
    params(ScopeQuery, SortQuery),
    responses(
        (status = 200, description = "All of them", body = TopicsListed),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_topics(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<TopicsListed>, Problem> {
    let (scope, [sort]) = scope(query.as_deref(), ["sort"], app.settings.report_weeks)?;
    let sort = Sort::parse(&sort)?;
    check_names(&app, &scope).await?;
    let (mut table, _) = read_table(&app, &scope).await?;
    sort.apply(&mut table.items);
    Ok(Json(TopicsListed { total: table.items.len() as u64, next: None, table }))
}

/// One topic.
///
/// Its history, who speaks of it, what moved about it, and what is mentioned with it. Figures are as of `as_of`.
#[utoipa::path(
    get,
    path = "/v1/topics/{id}",
    tag = "topics",
    params(("id" = String, Path, description = "The topic's id"), ScopeQuery),
    responses(
        (status = 200, description = "The topic", body = TopicAnswer),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such topic", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_topic(
    State(app): State<App>,
    _caller: Caller,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Json<TopicAnswer>, Problem> {
    let Path(id) = id?;
    let (scope, []) = scope(query.as_deref(), [], app.settings.report_weeks)?;
    check(&app, &id)?;
    check_names(&app, &scope).await?;
    let read = read(&app, &id, &scope).await?;
    let movers = read.report.report().map(|report| report.movers.as_slice()).unwrap_or_default();
    let movers = movers.iter().filter(|mover| mover.topic == id).cloned().collect();
    Ok(Json(TopicAnswer { whole: read.whole, movers, alerts: read.alerts? }))
}
