//! The API: JSON under `/v1`, one file a resource.

pub mod alerts;
pub mod cases;
pub mod corrections;
pub mod deliveries;
pub mod digests;
pub mod export;
pub mod insights;
pub mod records;
pub mod scope;
pub mod status;
pub mod targets;
pub mod taxonomy;
pub mod topics;
pub mod trends;

use crate::state::App;
use utoipa_axum::router::OpenApiRouter;

/// Every route for programs but the gateway's.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(corrections::routes())
        .merge(records::routes())
        .merge(cases::routes())
        .merge(alerts::routes())
        .merge(digests::routes())
        .merge(deliveries::routes())
        .merge(targets::routes())
        .merge(insights::routes())
        .merge(trends::routes())
        .merge(topics::routes())
        .merge(status::routes())
        .merge(taxonomy::routes())
}
