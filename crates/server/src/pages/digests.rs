//! The archive of weekly digests, each as it was sent.

mod list;
mod opens;
mod show;

use crate::auth::Caller;
use crate::pages::layout::{Frame, Place};
use crate::problem::Problem;
use crate::state::App;
use axum::Router;
use axum::routing::get;
use insight::digest::Week;

pub fn routes() -> Router<App> {
    Router::new().route("/digests", get(list::list)).route("/digests/{week}", get(show::show))
}

fn frame<'f>(app: &'f App, caller: &'f Caller) -> Frame<'f> {
    Frame { app, caller, at: Place::Digests }
}

/// The week of an address, for pages and programs.
///
/// # Errors
/// 404: what is no week has no digest.
pub(crate) fn week(text: &str) -> Result<Week, Problem> {
    text.parse().map_err(|_| Problem::not_found("there is no such week: write it as 2026-W12"))
}

/// Whose it is.
fn whose(owner: &str) -> &str {
    if owner.is_empty() { "everybody" } else { owner }
}
