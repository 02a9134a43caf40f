//! Rows of tokens as tensors.

use super::network::Batch;
use super::tokens::Row;
use std::ops::Range;
use tch::{Device, Kind, Tensor};

/// One span a row: its whole text.
#[must_use]
pub fn of<'r>(rows: impl Iterator<Item = &'r Row> + Clone, device: Device) -> Batch {
    with_spans(rows.map(|row| (row.ids.as_slice(), vec![row.text()])), device)
}

/// Rows with spans of their own; missing ones read nothing.
#[must_use]
pub fn with_spans<'r>(
    rows: impl Iterator<Item = (&'r [i64], Vec<Range<usize>>)> + Clone,
    device: Device,
) -> Batch {
    let count = rows.clone().count();
    let longest = rows.clone().map(|(ids, _)| ids.len()).max().unwrap_or(0);
    let most = rows.clone().map(|(_, spans)| spans.len()).max().unwrap_or(0);
    let mut ids = vec![0i64; count * longest];
    let mut mask = vec![0i64; count * longest];
    let mut weights = vec![0f32; count * most * longest];
    for (at, (row, spans)) in rows.enumerate() {
        ids[at * longest..][..row.len()].copy_from_slice(row);
        mask[at * longest..][..row.len()].fill(1);
        for (number, span) in spans.into_iter().enumerate().filter(|(_, span)| !span.is_empty()) {
            let share = 1.0 / span.len() as f32;
            weights[(at * most + number) * longest..][span].fill(share);
        }
    }
    let shaped =
        |numbers: &[i64]| Tensor::from_slice(numbers).view([count as i64, longest as i64]).to_device(device);
    let spans = Tensor::from_slice(&weights).view([count as i64, most as i64, longest as i64]);
    Batch { ids: shaped(&ids), mask: shaped(&mask), spans: spans.to_kind(Kind::Float).to_device(device) }
}
