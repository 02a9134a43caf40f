//! Everything, for programs: each figure with the filter that lists its records.

use crate::digest::{model::Digest, page::page};
use serde::Serialize;

#[derive(Serialize)]
struct Told<'a> {
    /// As the page says it.
    summary: String,
    notes: Vec<String>,
    #[serde(flatten)]
    digest: &'a Digest,
}

/// # Errors
/// Where a value cannot be written, of which a digest has none.
pub fn json(digest: &Digest) -> Result<String, serde_json::Error> {
    let page = page(digest);
    serde_json::to_string_pretty(&Told { summary: page.summary, notes: page.notes, digest })
}
