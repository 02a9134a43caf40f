//! The dashboard: pages made on the server, readable without script.

pub mod alerts;
pub mod cases;
pub mod digests;
pub mod feedback;
mod first;
mod former;
mod held;
pub mod layout;
pub mod login;
pub mod overview;
pub mod parts;
mod record;
pub mod scope;
pub mod taxonomy;
mod topic;
mod topics;
pub mod trouble;

pub use first::first_event;

use crate::state::App;
use axum::Router;

/// All pages.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(login::routes())
        .merge(overview::routes())
        .merge(topics::routes())
        .merge(topic::routes())
        .merge(feedback::routes())
        .merge(cases::routes())
        .merge(alerts::routes())
        .merge(digests::routes())
        .merge(taxonomy::routes())
        .merge(former::routes())
}
