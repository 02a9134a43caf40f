//! The archive of weekly digests, each as it was sent.

mod list;
mod opens;
mod show;

use crate::auth::Caller;
use crate::pages::layout::{Frame, Place};
use crate::state::App;
use axum::Router;
use axum::routing::get;

pub fn routes() -> Router<App> {
    Router::new().route("/digests", get(list::list)).route("/digests/{week}", get(show::show))
}

fn frame<'f>(app: &'f App, caller: &'f Caller) -> Frame<'f> {
    Frame { app, caller, at: Place::Digests }
}

/// Whose it is.
fn whose(owner: &str) -> &str {
    if owner.is_empty() { "everybody" } else { owner }
}
