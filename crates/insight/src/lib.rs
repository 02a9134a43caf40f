//! From counts to statements: the daily rollup, intervals, what moved, and the report.
//!
//! Knows: the columns of current facts and of insights (as polars frames), statistics, and what is worth
//! saying. Must not: do I/O, read the clock (time is an argument), write or judge text.
//!
//! Invariants:
//! - Every function is pure: the same frames, scope and time give the same values, to the last bit, on any
//!   number of cores and in whatever order the rows come.
//! - Every figure names the filter that lists its records, and [`report::records`] lists them.
//! - Every change carries an interval and a verdict; the verdicts of a report share one false-discovery
//!   level. Quotes are extracted, never written.
//! - Scales are never pooled, sources are compared only with themselves, and only complete days count.

pub mod alerts;
pub mod cases;
pub mod corrections;
pub mod digest;
pub mod error;
mod frame;
mod keys;
pub mod report;
pub mod rollup;
pub mod shelf;
pub mod stats;
pub mod targets;
pub mod taxonomy;
#[cfg(test)]
mod testing;
mod texts;
pub mod trends;
pub mod triage;

pub use error::InsightError;
pub use keys::{Fault, nearest};
