//! The edges of a batch's life, where a test may stop the process.
//!
//! Compiled to nothing without the feature `failpoints`. With it, the variable `FAILPOINTS` chooses, e.g.
//! `FAILPOINTS=after_files=pause`.

/// Messages are read, nothing is analyzed.
pub const AFTER_POLL: &str = "after_poll";
/// Rows are made, no file is written.
pub const AFTER_ANALYSIS: &str = "after_analysis";
/// Parquet files are encoded; whether they are on disk is the store's business.
pub const AFTER_FILES: &str = "after_files";
/// Rows and offsets are in the tables, nobody was told.
pub const AFTER_COMMIT: &str = "after_commit";
/// The tables are ahead of what Kafka knows of the group.
pub const BEFORE_KAFKA_COMMIT: &str = "before_kafka_commit";

/// Within the analysis of one text; `panic` there is an encoder that fails.
pub const ANALYSIS: &str = "analysis";

/// The edges of a batch, in the order in which it passes them.
pub const ALL: [&str; 5] = [AFTER_POLL, AFTER_ANALYSIS, AFTER_FILES, AFTER_COMMIT, BEFORE_KAFKA_COMMIT];

/// Beside what the crate `fail` can do, `return(FILE)` makes the thread write `FILE` and stop here for good: a test
/// learns so that it may kill the process.
pub(crate) fn pass(name: &'static str) {
    fail::fail_point!(name, stop);
}

#[cfg(feature = "failpoints")]
fn stop(mark: Option<String>) {
    if let Some(mark) = mark {
        // A test that does not see the file says so.
        let _ = std::fs::write(mark, "");
    }
    loop {
        std::thread::park();
    }
}

/// Reads `FAILPOINTS`; the binary calls it once at its start. Does nothing without the feature.
pub fn set_up_from_environment() {
    if fail::has_failpoints() {
        // The points stay as they are until the process ends.
        std::mem::forget(fail::FailScenario::setup());
    }
}
