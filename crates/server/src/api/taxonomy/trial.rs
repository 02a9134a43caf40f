//! What another taxonomy would say otherwise, topic by topic, as a file.

use super::{TaxonomyEdit, tried};
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Editor;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::state::App;
use crate::taxonomy::TaxonomyTrial;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview_csv)).routes(routes!(preview_jsonl))
}

/// Try another taxonomy on the last weeks, and answer what it changes of each topic as CSV.
///
/// As `/v1/taxonomy/preview`, of which these are the topics. A text that a spreadsheet would take for a formula has an apostrophe
/// before it.
#[utoipa::path(
    post,
    path = "/v1/taxonomy/preview.csv",
    tag = "taxonomy",
    request_body = TaxonomyEdit,
    responses(
        Csv,
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
        (status = 429, description = "Somebody else tries one for long", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn preview_csv(
    State(app): State<App>,
    Editor(_): Editor,
    edited: Result<Json<TaxonomyEdit>, JsonRejection>,
) -> Result<Response, Problem> {
    Ok(file(tried(&app, edited?.0).await?, Format::Csv))
}

/// Try another taxonomy on the last weeks, and answer what it changes of each topic as JSON lines.
///
/// As `/v1/taxonomy/preview`, of which these are the topics.
#[utoipa::path(
    post,
    path = "/v1/taxonomy/preview.jsonl",
    tag = "taxonomy",
    request_body = TaxonomyEdit,
    responses(
        Jsonl,
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
        (status = 429, description = "Somebody else tries one for long", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn preview_jsonl(
    State(app): State<App>,
    Editor(_): Editor,
    edited: Result<Json<TaxonomyEdit>, JsonRejection>,
) -> Result<Response, Problem> {
    Ok(file(tried(&app, edited?.0).await?, Format::Jsonl))
}

/// The topics of a trial; for the page that shows it, too.
pub fn file(trial: TaxonomyTrial, format: Format) -> Response {
    export(format).of_all(trial.topics)
}

fn export(format: Format) -> Export {
    Export { format, name: "taxonomy-difference", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("id", "/id"),
    ("name", "/name"),
    ("fate", "/fate"),
    ("before", "/before"),
    ("after", "/after"),
    ("gained", "/gained"),
    ("lost", "/lost"),
    ("gains", "/gains/*/text"),
    ("gained_records", "/gains/*/record"),
    ("losses", "/losses/*/text"),
    ("lost_records", "/losses/*/record"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::desk::Date;
    use crate::taxonomy::{TaxonomyQuote, TrialTopic};
    use feedback::time::Day;
    use insight::taxonomy::Fate;

    #[tokio::test]
    async fn a_topic_is_a_row_and_a_line() {
        let quote = |text: &str| TaxonomyQuote {
            record: "aa".repeat(16),
            day: Date(Day(20_514)),
            text: text.to_owned(),
        };
        let topic = TrialTopic {
            id: "login".to_owned(),
            name: "Signing in".to_owned(),
            fate: Fate::New,
            before: 1,
            after: 3,
            gained: 3,
            lost: 1,
            gains: vec![quote("=cannot get in"), quote("locked out")],
            losses: vec![quote("fine")],
        };
        let told = row(topic, export, &[]).await;
        let some = ["fate", "gained", "gains"].map(|name| told[name].as_str());
        assert_eq!(some, ["new", "3", "'=cannot get in; locked out"]);
    }
}
