//! `/v1/corrections`: what people said of records in place of the models.

mod export;

use crate::auth::{Caller, Editor};
use crate::corrections::{self, CorrectionRow, NewCorrection};
use crate::desk::{Listed, Page};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::Fields;
use crate::state::App;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_corrections, post_correction)).merge(export::routes())
}

/// Which corrections, and which part of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only of this record: its id, or how that begins.
    record: Option<String>,
    /// At most so many: 50 where nothing is said, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// `next` of the part before.
    cursor: Option<String>,
}

impl Asked {
    fn read(self) -> Result<(Option<String>, Page), Problem> {
        let page = Page::new(self.limit, self.cursor.as_deref());
        let page = page.map_err(|error| Problem::bad_request(error.to_string()))?;
        Ok((self.record, page))
    }
}

/// List what people corrected, the newest first.
///
/// What an erasure took is gone; all else stays, also what was replaced or taken back since.
#[utoipa::path(
    get,
    path = "/v1/corrections",
    tag = "corrections",
    params(Asked),
    responses(
        (status = 200, description = "A part of them", body = Listed<CorrectionRow>),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_corrections(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Json<Listed<CorrectionRow>>, Problem> {
    let (record, page) = asked.read()?;
    Ok(Json(corrections::list(&app.store, record.as_deref(), &page).await?))
}

/// Say what is right of a record.
///
/// It holds for the record until its content changes, and until something later is said of the same; reports count it from
/// then on. The record shows both, what was said and what the model says. With the value `withdrawn` the model's word holds
/// again. To say the same again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/corrections",
    tag = "corrections",
    request_body = NewCorrection,
    responses(
        (status = 201, description = "It holds", body = CorrectionRow),
        (
            status = 400,
            description = "No such judgement, label or topic, or no JSON",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only editors and admins correct", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such record", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 409,
            description = "There is nothing to take back, or the record has another version by now",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 413, description = "More than a body may have", body = Problem, content_type = CONTENT_TYPE),
        (status = 415, description = "Not application/json", body = Problem, content_type = CONTENT_TYPE),
        (status = 422, description = "JSON of another shape", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn post_correction(
    State(app): State<App>,
    Editor(caller): Editor,
    asked: Result<Json<NewCorrection>, JsonRejection>,
) -> Result<(StatusCode, Json<CorrectionRow>), Problem> {
    let Json(asked) = asked?;
    Ok((StatusCode::CREATED, Json(corrections::correct(&app, &caller, &asked).await?)))
}
