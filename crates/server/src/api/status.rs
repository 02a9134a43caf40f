//! `/v1/status`: how the way of feedback through this server stands.

use crate::auth::Caller;
use crate::pipeline::Pipeline;
use crate::problem::{CONTENT_TYPE, Problem};
use crate::state::App;
use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_status))
}

/// Tell how everything stands.
///
/// How fresh the records are that answers come from, when the last one was stored, what waits, and which models and which
/// taxonomy are in force.
#[utoipa::path(
    get,
    path = "/v1/status",
    tag = "status",
    responses(
        (status = 200, description = "How it stands", body = Pipeline),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn get_status(State(app): State<App>, _caller: Caller) -> Json<Pipeline> {
    Json(Pipeline::read(&app).await)
}
