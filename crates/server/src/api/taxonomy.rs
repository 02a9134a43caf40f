//! `/v1/taxonomy`: the taxonomy in force, another one tried, and put in its place.

mod export;
pub mod trial;

use crate::auth::{Admin, Caller, Editor};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::Fields;
use crate::state::App;
use crate::taxonomy::{TaxonomyShown, TaxonomySwitched, TaxonomyTrial, attempt, clean, period, show, switch};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_taxonomy, put_taxonomy))
        .merge(export::routes())
        .routes(routes!(preview_taxonomy))
        .merge(trial::routes())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TaxonomyQuery {
    /// Complete weeks before today that are looked at: 4 where nothing is said.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 26)]
    weeks: Option<String>,
}

/// A taxonomy to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxonomyEdit {
    /// As TOML, 256 KiB at most.
    text: String,
    /// Complete weeks before today on which it is tried: 4 where nothing is said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 26)]
    weeks: Option<u32>,
}

/// A taxonomy to be put in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTaxonomy {
    /// As TOML, 256 KiB at most.
    text: String,
    /// `base` of the one that it takes the place of.
    base: String,
}

/// The taxonomy, how it stands, and what it misses.
///
/// How much each topic holds, which two hold the same, and candidates: what records without a topic say alike.
#[utoipa::path(
    get,
    path = "/v1/taxonomy",
    tag = "taxonomy",
    params(TaxonomyQuery),
    responses(
        (status = 200, description = "The one in force", body = TaxonomyShown),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_taxonomy(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<TaxonomyQuery>,
) -> Result<Json<TaxonomyShown>, Problem> {
    Ok(Json(show(&app, period(asked.weeks.as_deref().unwrap_or_default())?).await?))
}

/// Try another taxonomy on the last weeks.
///
/// Their newest records with words, 20,000 at most, are judged by it and by the one in force; nothing is kept of it.
#[utoipa::path(
    post,
    path = "/v1/taxonomy/preview",
    tag = "taxonomy",
    request_body = TaxonomyEdit,
    responses(
        (status = 200, description = "What it would say otherwise", body = TaxonomyTrial),
        (status = 400, description = "The taxonomy is wrong, or no JSON", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins try one", body = Problem, content_type = CONTENT_TYPE),
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
        (status = 429, description = "Somebody else tries one for long", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn preview_taxonomy(
    State(app): State<App>,
    Editor(_): Editor,
    edited: Result<Json<TaxonomyEdit>, JsonRejection>,
) -> Result<Json<TaxonomyTrial>, Problem> {
    Ok(Json(tried(&app, edited?.0).await?))
}

async fn tried(app: &App, TaxonomyEdit { text, weeks }: TaxonomyEdit) -> Result<TaxonomyTrial, Problem> {
    let days = period(&weeks.map(|weeks| weeks.to_string()).unwrap_or_default())?;
    attempt(app, clean(&text), days).await
}

/// Put another taxonomy in force.
///
/// It holds for what comes from then on; records that were judged before stay as they are. The text before is kept beside
/// its file.
#[utoipa::path(
    put,
    path = "/v1/taxonomy",
    tag = "taxonomy",
    request_body = NewTaxonomy,
    responses(
        (status = 200, description = "It is in force", body = TaxonomySwitched),
        (status = 400, description = "The taxonomy is wrong, or no JSON", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only admins change what holds for all", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 409,
            description = "It is another one by now, or cannot be written here",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn put_taxonomy(
    State(app): State<App>,
    Admin(caller): Admin,
    edited: Result<Json<NewTaxonomy>, JsonRejection>,
) -> Result<Json<TaxonomySwitched>, Problem> {
    let Json(NewTaxonomy { text, base }) = edited?;
    Ok(Json(switch(&app, &caller, clean(&text), &base).await?))
}
