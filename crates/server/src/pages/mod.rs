//! The dashboard: pages made on the server, readable without script.

pub mod layout;
pub mod login;
pub mod parts;
pub mod trouble;

use crate::state::App;
use axum::Router;

/// All pages.
pub fn routes() -> Router<App> {
    Router::new().merge(login::routes())
}
