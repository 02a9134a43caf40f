//! The project's own chores. No user needs them.
//!
//! Knows: how to bring the tools (a real Kafka, Python readers, linters), run every test with counts,
//! train the built-in model, and measure. Must not: be needed by a user, hold what the product needs, or
//! depend on the heavy crates (polars, Delta, librdkafka), so that a chore starts in seconds.

pub mod base_model;
pub mod bench;
pub mod bench_alerts;
pub mod bench_serve;
pub mod broker;
pub mod deny;
pub mod deploy;
pub mod kafka;
pub mod libtorch;
pub mod paths;
pub mod python;
pub mod run;
pub mod rust_bert;
#[cfg(feature = "rust-bert")]
pub mod teacher;
pub mod test;
pub mod train;
pub mod wheel;
