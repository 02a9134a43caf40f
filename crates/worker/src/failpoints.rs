//! The edges of a batch's life, where a test may stop the process.
//!
//! Compiled to nothing without the feature `failpoints`. With it, the variable `FAILPOINTS` chooses, e.g.
//! `FAILPOINTS=after_files=pause`.

/// Messages are read, nothing is analyzed.
pub const AFTER_POLL: &str = "after_poll";
/// Rows are made, no file is written.
pub const AFTER_ANALYSIS: &str = "after_analysis";
/// Parquet files are encoded; the edges of their way into the tables are the store's ([`store::failpoints`]).
pub const AFTER_FILES: &str = "after_files";
/// Rows and offsets are in the tables, nobody was told.
pub const AFTER_COMMIT: &str = "after_commit";
/// The tables are ahead of what Kafka knows of the group.
pub const BEFORE_KAFKA_COMMIT: &str = "before_kafka_commit";

/// Within the redaction of one record; `panic` there is a matcher that fails.
pub const REDACTION: &str = "redaction";
/// Within the analysis of one text; `panic` there is an encoder that fails.
pub const ANALYSIS: &str = "analysis";

/// A retry has asked the tables, and has not committed yet.
pub const RETRY_COMMIT: &str = "retry_commit";

/// The edges of a batch, in the order in which it passes them.
pub const ALL: [&str; 5] = [AFTER_POLL, AFTER_ANALYSIS, AFTER_FILES, AFTER_COMMIT, BEFORE_KAFKA_COMMIT];

pub(crate) use store::failpoints::pass;

/// Reads `FAILPOINTS`; the binary calls it once at its start. Does nothing without the feature.
pub fn set_up_from_environment() {
    if fail::has_failpoints() {
        // The points stay as they are until the process ends.
        std::mem::forget(fail::FailScenario::setup());
    }
}
