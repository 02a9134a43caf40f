//! What the first rows of a file would be read as, without writing anything.

use super::{FileIdentity, ImportOptions, each_row};
use crate::WorkerError;
use crate::kafka::wall_clock;
use crate::process::Processor;
use feedback::event::Headers;
use serde::Serialize;

/// The first rows, redacted as they would be stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// Columns that are no field; they would be kept as metadata.
    pub unmapped: Vec<String>,
    pub rows: Vec<PreviewedRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreviewedRow {
    /// From 1.
    pub row: i64,
    /// The payload that the row makes, redacted.
    pub payload: String,
    /// Why it would become a dead letter, or be ignored; `None` where it gives records.
    pub refused: Option<String>,
}

/// Reads the first `most` rows.
///
/// # Errors
/// Where the file cannot be read, or the map does not fit it.
pub fn preview(options: &ImportOptions, processor: &Processor, most: usize) -> Result<Preview, WorkerError> {
    let unmapped = options.check()?.unmapped;
    let identity = FileIdentity::of(&options.path)
        .map_err(|source| WorkerError::File { path: options.path.clone(), source })?;
    let mut preview = Preview { unmapped, rows: Vec::new() };
    each_row(options, identity, |row, payload, headers| {
        let headers: Headers<'_> = headers.into_iter().collect();
        let (payload, refused) = processor.preview(payload, headers, wall_clock());
        preview.rows.push(PreviewedRow { row, payload, refused });
        preview.rows.len() < most
    })?;
    Ok(preview)
}
