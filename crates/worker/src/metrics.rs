//! What a worker counts of itself.

use crate::outcome::Outcomes;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident = $name:literal),+ $(,)?) => {
        /// Counters since the start, each under the name it is exported by.
        #[derive(Debug, Default)]
        pub struct WorkerMetrics {
            $($(#[$doc])* pub $field: AtomicU64,)+
            /// Messages between what is committed and the ends of the partitions, as last heard; -1 before.
            pub lag_messages: AtomicI64,
        }

        impl WorkerMetrics {
            /// Name and value of every counter.
            #[must_use]
            pub fn snapshot(&self) -> Vec<(&'static str, i64)> {
                let mut values: Vec<(&'static str, i64)> =
                    vec![$(($name, self.$field.load(Ordering::Relaxed) as i64)),+];
                values.push(("verbatim_worker_lag_messages", self.lag_messages.load(Ordering::Relaxed)));
                values
            }
        }
    };
}

counters! {
    /// Read from the origin, those of dropped batches included.
    messages_read = "verbatim_worker_messages_read_total",
    bytes_read = "verbatim_worker_bytes_read_total",
    /// These four are of committed batches only.
    records = "verbatim_worker_records_total",
    ignored = "verbatim_worker_ignored_total",
    dead_letters = "verbatim_worker_dead_letters_total",
    erased = "verbatim_worker_erased_total",
    /// Passed over by a replay.
    known = "verbatim_worker_known_total",
    commits = "verbatim_worker_commits_total",
    commit_retries = "verbatim_worker_commit_retries_total",
    /// Because somebody else moved on, or the partitions went away.
    batches_dropped = "verbatim_worker_batches_dropped_total",
    rebalances = "verbatim_worker_rebalances_total",
    broker_errors = "verbatim_worker_broker_errors_total",
    /// Kafka's own offsets are advice; a refusal costs nothing but a wrong lag elsewhere.
    offset_commit_errors = "verbatim_worker_offset_commit_errors_total",
    /// Texts whose analysis failed; their rows are kept as unclassified.
    unclassified = "verbatim_worker_unclassified_total",
    /// Times that reading stopped because the store was slower.
    held_back = "verbatim_worker_held_back_total",
}

impl WorkerMetrics {
    #[must_use]
    pub fn new() -> Self {
        Self { lag_messages: AtomicI64::new(-1), ..Self::default() }
    }

    pub(crate) fn add(counter: &AtomicU64, by: u64) {
        counter.fetch_add(by, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self, outcomes: Outcomes) {
        Self::add(&self.commits, 1);
        Self::add(&self.records, outcomes.records + outcomes.tombstones);
        Self::add(&self.ignored, outcomes.ignored);
        Self::add(&self.dead_letters, outcomes.dead_letters);
        Self::add(&self.erased, outcomes.erased);
        Self::add(&self.known, outcomes.known);
    }

    /// One line of all counters at level info.
    pub fn log(&self) {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        tracing::info!(
            verbatim_worker_messages_read_total = read(&self.messages_read),
            verbatim_worker_records_total = read(&self.records),
            verbatim_worker_ignored_total = read(&self.ignored),
            verbatim_worker_dead_letters_total = read(&self.dead_letters),
            verbatim_worker_erased_total = read(&self.erased),
            verbatim_worker_commits_total = read(&self.commits),
            verbatim_worker_commit_retries_total = read(&self.commit_retries),
            verbatim_worker_batches_dropped_total = read(&self.batches_dropped),
            verbatim_worker_rebalances_total = read(&self.rebalances),
            verbatim_worker_lag_messages = self.lag_messages.load(Ordering::Relaxed),
            "so far"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_house_rule_and_are_distinct() {
        let snapshot = WorkerMetrics::new().snapshot();
        let names: std::collections::BTreeSet<_> = snapshot.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), snapshot.len());
        assert!(names.iter().all(|name| name.starts_with("verbatim_worker_")));
    }
}
