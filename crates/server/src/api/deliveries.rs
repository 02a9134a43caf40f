//! `/v1/deliveries`: messages that wait, that failed and why, and having those attempted again.

mod export;

use crate::auth::{Admin, Caller};
use crate::desk::{DeliveriesFilter, DeliveryRow, DeliveryState, Listed, Page, Requeued, changes};
use crate::problem::{CONTENT_TYPE, Problem};
use crate::query::Fields;
use crate::state::App;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_deliveries))
        .merge(export::routes())
        .routes(routes!(requeue_delivery))
}

/// Which deliveries, and which part of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only those in this state.
    #[param(inline)]
    state: Option<DeliveryState>,
    /// Also what was delivered.
    all: Option<bool>,
    /// Only to this target.
    target: Option<String>,
    /// Only what belongs to this alert or case, by its whole id.
    group: Option<String>,
    /// At most so many: 50 where nothing is said, 500 at most.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// `next` of the part before.
    cursor: Option<String>,
}

impl Asked {
    fn read(self) -> Result<(DeliveriesFilter, Page), Problem> {
        let page = Page::new(self.limit, self.cursor.as_deref());
        let page = page.map_err(|error| Problem::bad_request(error.to_string()))?;
        let Self { state, all, target, group, .. } = self;
        Ok((DeliveriesFilter { state, all: all.unwrap_or_default(), target, group }, page))
    }
}

/// List what waits to be delivered and what failed, with the reason, the newest first.
#[utoipa::path(
    get,
    path = "/v1/deliveries",
    tag = "deliveries",
    params(Asked),
    responses(
        (status = 200, description = "A part of them", body = Listed<DeliveryRow>),
        (status = 400, description = "It cannot be asked so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "The token is of another role", body = Problem, content_type = CONTENT_TYPE),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn list_deliveries(
    State(app): State<App>,
    _caller: Caller,
    Fields(asked): Fields<Asked>,
) -> Result<Json<Listed<DeliveryRow>>, Problem> {
    let (wanted, page) = asked.read()?;
    Ok(Json(app.desk.deliveries(&wanted, &page).await?))
}

/// Have a failed delivery attempted again, after what was wrong is mended.
///
/// It keeps its key, so that a receiver that had taken it after all takes it once, and gets a new deadline.
#[utoipa::path(
    post,
    path = "/v1/deliveries/{key}/requeue",
    tag = "deliveries",
    params(("key" = String, Path, description = "Its key, or how that begins")),
    responses(
        (status = 200, description = "It is queued again", body = Requeued),
        (status = 400, description = "Several begin so", body = Problem, content_type = CONTENT_TYPE),
        (status = 401, description = "Nobody is known by this", body = Problem, content_type = CONTENT_TYPE),
        (status = 403, description = "Only admins may", body = Problem, content_type = CONTENT_TYPE),
        (status = 404, description = "No such delivery", body = Problem, content_type = CONTENT_TYPE),
        (
            status = 409,
            description = "It has not failed, or its target is gone",
            body = Problem,
            content_type = CONTENT_TYPE
        ),
        (status = 503, description = "The tables cannot be used now", body = Problem, content_type = CONTENT_TYPE),
    )
)]
async fn requeue_delivery(
    State(app): State<App>,
    Admin(caller): Admin,
    key: Result<Path<String>, PathRejection>,
) -> Result<Json<Requeued>, Problem> {
    let Path(key) = key?;
    Ok(Json(changes::requeue(&app, &caller, &key).await?))
}
