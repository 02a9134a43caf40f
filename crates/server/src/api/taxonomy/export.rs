//! The topics of the taxonomy as a file.

use super::TaxonomyQuery;
use crate::api::export::{Csv, Export, Format, Jsonl};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(taxonomy_csv)).routes(routes!(taxonomy_jsonl))
}

/// The topics of the taxonomy, with how much each holds, as CSV.
///
/// A text that a spreadsheet would take for a formula has an apostrophe before it.
#[utoipa::path(get, path = "/v1/taxonomy.csv", tag = "taxonomy", params(TaxonomyQuery), responses(Csv))]
async fn taxonomy_csv(
    State(app): State<App>,
    caller: Caller,
    asked: Result<Query<TaxonomyQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    all(app, caller, asked, Format::Csv).await
}

/// The topics of the taxonomy, with how much each holds, as JSON lines.
#[utoipa::path(get, path = "/v1/taxonomy.jsonl", tag = "taxonomy", params(TaxonomyQuery), responses(Jsonl))]
async fn taxonomy_jsonl(
    State(app): State<App>,
    caller: Caller,
    asked: Result<Query<TaxonomyQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    all(app, caller, asked, Format::Jsonl).await
}

async fn all(
    app: App,
    caller: Caller,
    asked: Result<Query<TaxonomyQuery>, QueryRejection>,
    format: Format,
) -> Result<Response, Problem> {
    let Json(shown) = super::get_taxonomy(State(app), caller, asked).await?;
    Ok(file(format).of_all(shown.topics))
}

fn file(format: Format) -> Export {
    Export { format, name: "taxonomy", columns: COLUMNS }
}

const COLUMNS: &[(&str, &str)] = &[
    ("id", "/id"),
    ("name", "/name"),
    ("description", "/description"),
    ("owner", "/owner"),
    ("parent", "/parent"),
    ("examples", "/examples"),
    ("keywords", "/keywords"),
    ("is_current", "/is_current"),
    ("line", "/line"),
    ("records", "/records"),
    ("share", "/share"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::export::testing::row;
    use crate::taxonomy::TaxonomyTopic;
    use insight::report::Filter;

    #[tokio::test]
    async fn a_topic_is_a_row_and_a_line() {
        let topic = TaxonomyTopic {
            id: "login".to_owned(),
            name: "Signing in".to_owned(),
            description: "Whatever keeps people out".to_owned(),
            owner: Some("identity".to_owned()),
            parent: Some("account".to_owned()),
            examples: vec!["cannot get in".to_owned(), "=1+1".to_owned()],
            keywords: vec!["login".to_owned()],
            is_current: true,
            line: Some(3),
            records: 20,
            share: Some(0.25),
            filter: Filter::default().topic("login"),
        };
        let told = row(topic, file, &[]).await;
        assert_eq!((told["examples"].as_str(), told["share"].as_str()), ("cannot get in;' =1+1", "0.25"));
    }
}
