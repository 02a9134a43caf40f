//! From where feedback arrives to the tables: the Kafka loop, file imports, what the gateway takes, the retry of dead
//! letters, and the rollup that follows them.
//!
//! Knows: batches, offsets, rebalances, dead letters, back-pressure. Must not: classify or count by itself.
//!
//! Invariants:
//! - Rows and the offsets they came from are one commit. Whatever stops a process between two commits, the next
//!   one begins where the tables say, and nothing is lost or doubled.
//! - Batches of one assignment commit in the order of reading; after the first that fails none does.
//! - Nothing of a message reaches a table, a log or an error before it is redacted ([`process`]).
//! - No message stops a worker: what cannot be decoded is a dead letter, what cannot be analyzed is kept
//!   unclassified, what cannot be triaged is kept without a decision.
//! - Memory is bounded: by the number of batches, their bytes, and what librdkafka fetches ahead.

pub mod backoff;
mod error;
pub mod failpoints;
pub mod files;
pub mod intake;
pub mod kafka;
pub mod metrics;
pub mod outcome;
mod pipeline;
pub mod process;
pub mod retry;
pub mod rollup;
pub mod shutdown;
mod trouble;

pub use error::WorkerError;
pub use kafka::{BatchLimits, Gap, Observer, OnGap, Progress, Start, WorkerConfig};
pub use metrics::WorkerMetrics;
pub use outcome::{Outcome, Outcomes};
pub use process::{Processor, Triage, VendorFormat, VendorTopics};
pub use shutdown::Shutdown;
