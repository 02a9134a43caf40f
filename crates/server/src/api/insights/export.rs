//! A list of the report as a file.

use super::columns::{MOVERS, NAMED, SCORES, SOURCES, TOPICS};
use super::{TopicQuery, made};
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::api::scope::{ScopeQuery, scope};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use insight::report::model::{Carrier, Mover};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(insights_csv)).routes(routes!(insights_jsonl))
}

/// A list of the report, by the name of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
enum List {
    Movers,
    Topics,
    Scores,
    Sources,
    Kinds,
    Languages,
}

/// Which list of the report.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Which one: `movers` where nothing is said
    #[param(inline)]
    #[expect(dead_code, reason = "only described by it")]
    list: Option<List>,
}

/// A mover as a row of CSV.
#[derive(Debug, Clone, Serialize)]
struct MoverRow {
    #[serde(flatten)]
    mover: Mover,
    /// In words, for a cell.
    carried_by: Vec<String>,
}

impl From<&Mover> for MoverRow {
    fn from(mover: &Mover) -> Self {
        Self { carried_by: mover.carriers.iter().map(Carrier::brief).collect(), mover: mover.clone() }
    }
}

impl List {
    const ALL: [(&'static str, Self); 6] = [
        ("movers", Self::Movers),
        ("topics", Self::Topics),
        ("scores", Self::Scores),
        ("sources", Self::Sources),
        ("kinds", Self::Kinds),
        ("languages", Self::Languages),
    ];

    fn parse(name: &str) -> Result<Self, Problem> {
        if name.is_empty() {
            return Ok(Self::Movers);
        }
        let found = Self::ALL.into_iter().find(|(own, _)| *own == name);
        found.map(|(_, list)| list).ok_or_else(|| {
            let known = Self::ALL.map(|(own, _)| own).join(", ");
            Problem::bad_request(format!("list: expected one of {known}"))
        })
    }

    fn file(self, format: Format) -> Export {
        let (name, columns) = match self {
            Self::Movers => ("insights-movers", MOVERS),
            Self::Topics => ("insights-topics", TOPICS),
            Self::Scores => ("insights-scores", SCORES),
            Self::Sources => ("insights-sources", SOURCES),
            Self::Kinds => ("insights-kinds", NAMED),
            Self::Languages => ("insights-languages", NAMED),
        };
        Export { format, name, columns }
    }
}

/// A list of the report on a period, as CSV.
///
/// The same fields as of the report. `weeks` are the figures by week; `carriers` is what the mentions of a mover have in common,
/// each with its share of them: `app version 7.6.2 (82%)`. A text that a spreadsheet would take for a formula has an apostrophe
/// before it.
#[utoipa::path(
    get,
    path = "/v1/insights.csv",
    tag = "insights",
    params(ScopeQuery, TopicQuery, ListQuery),
    responses(Csv)
)]
async fn insights_csv(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    all(&app, query.as_deref(), Format::Csv).await
}

/// A list of the report on a period, as JSON lines.
///
/// The same fields as of the report.
#[utoipa::path(
    get,
    path = "/v1/insights.jsonl",
    tag = "insights",
    params(ScopeQuery, TopicQuery, ListQuery),
    responses(Jsonl)
)]
async fn insights_jsonl(
    State(app): State<App>,
    _caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    all(&app, query.as_deref(), Format::Jsonl).await
}

async fn all(app: &App, query: Option<&str>, format: Format) -> Result<Response, Problem> {
    let (scope, [topic, list]) = scope(query, ["topic", "list"], app.settings.report_weeks)?;
    let list = List::parse(&list)?;
    let made = made(app, scope, topic).await?;
    let (file, report) = (list.file(format), &made.report);
    Ok(match list {
        List::Movers if format == Format::Csv => {
            file.of_all(report.movers.iter().map(MoverRow::from).collect())
        }
        List::Movers => file.of_all(report.movers.clone()),
        List::Topics => file.of_all(report.topics.clone()),
        List::Scores => file.of_all(report.scores.clone()),
        List::Sources => file.of_all(report.sources.clone()),
        List::Kinds => file.of_all(report.kinds.clone()),
        List::Languages => file.of_all(report.languages.clone()),
    })
}

#[cfg(test)]
mod tests;
