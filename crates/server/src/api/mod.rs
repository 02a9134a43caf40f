//! The API: JSON under `/v1`, one file a resource.

pub mod corrections;
pub mod export;
pub mod records;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Every route for programs but the gateway's.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(corrections::routes()).merge(records::routes())
}
