//! The archive of weekly digests, as they were sent.

use super::moments::At;
use crate::problem::Problem;
use insight::digest::{Page, Week};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The week of an address, for pages and programs.
///
/// # Errors
/// 404: what is no week has no digest.
pub fn week(text: &str) -> Result<Week, Problem> {
    text.parse().map_err(|_| Problem::not_found("there is no such week: write it as 2026-W12"))
}

/// A digest in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DigestRow {
    /// An ISO week, as 2026-W12.
    pub week: String,
    /// Empty for everybody's.
    pub owner: String,
    pub made_at: At,
    /// On its page, and what there was no room for; null of one that was archived without its page.
    #[schema(required = true)]
    pub points: Option<u64>,
    pub summary: String,
}

/// One as it was sent; without the words of whoever was erased since.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptDigest {
    pub row: DigestRow,
    /// What every format is rendered from; `None` of one that was archived without it.
    pub page: Option<Page>,
    /// A whole page for a browser, with its own styles; `None` where none is kept or can be made.
    pub html: Option<String>,
    pub markdown: Option<String>,
    /// Everything that it says, each figure with the filter that lists its records.
    pub json: Option<Value>,
}
