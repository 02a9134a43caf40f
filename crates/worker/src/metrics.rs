//! What a worker counts of itself.

use crate::outcome::Outcomes;
use insight::report::count;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident = $name:literal),+ $(,)?) => {
        /// Counters since the start, each under the name it is exported by.
        #[derive(Debug, Default)]
        pub struct WorkerMetrics {
            $($(#[$doc])* pub $field: AtomicU64,)+
            /// Messages between what is committed and the ends of the partitions, as last heard; -1 before.
            pub lag_messages: AtomicI64,
            last_commit: Mutex<Option<LastCommit>>,
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
    /// Texts that were judged, of dropped batches too.
    texts = "verbatim_worker_texts_total",
    /// Of these, texts that another encoder than the built-in one judged: in a cascade, those that were sent on.
    sent_on = "verbatim_worker_texts_sent_on_total",
    /// Readings at which that encoder failed; the built-in one judges such a text.
    encoder_failures = "verbatim_worker_encoder_failures_total",
    /// Texts whose analysis failed; their rows are kept as unclassified.
    unclassified = "verbatim_worker_unclassified_total",
    /// Records whose triage failed; their rows are kept without a decision.
    untriaged = "verbatim_worker_untriaged_total",
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

    /// The tables took a batch: `feedback` has this version now.
    pub(crate) fn wrote(&self, version: i64) {
        *self.last() = Some(LastCommit { version, at: Instant::now() });
    }

    /// One line at level info: a sentence for people, and the counters as fields for programs. `when` begins the
    /// sentence: "so far", "stopped".
    pub fn log(&self, when: &str) {
        let told = self.told();
        let last_version = self.last().map(|last| last.version);
        tracing::info!(
            verbatim_worker_messages_read_total = read(&self.messages_read),
            verbatim_worker_records_total = read(&self.records),
            verbatim_worker_ignored_total = read(&self.ignored),
            verbatim_worker_dead_letters_total = read(&self.dead_letters),
            verbatim_worker_erased_total = read(&self.erased),
            verbatim_worker_known_total = read(&self.known),
            verbatim_worker_commits_total = read(&self.commits),
            verbatim_worker_commit_retries_total = read(&self.commit_retries),
            verbatim_worker_batches_dropped_total = read(&self.batches_dropped),
            verbatim_worker_rebalances_total = read(&self.rebalances),
            verbatim_worker_texts_total = read(&self.texts),
            verbatim_worker_texts_sent_on_total = read(&self.sent_on),
            verbatim_worker_encoder_failures_total = read(&self.encoder_failures),
            verbatim_worker_lag_messages = self.lag_messages.load(Ordering::Relaxed),
            verbatim_worker_last_version = last_version,
            "{when}: {told}"
        );
    }

    /// "12,345 messages read, 12,300 records stored, 12 dead letters; last commit 3 s ago, version 57 of feedback".
    fn told(&self) -> String {
        let mut parts = vec![
            format!("{} read", counted(read(&self.messages_read), "message")),
            format!("{} stored", counted(read(&self.records), "record")),
            counted(read(&self.dead_letters), "dead letter"),
        ];
        let further =
            [(&self.ignored, "ignored"), (&self.erased, "of erased authors"), (&self.known, "already there")];
        let further = further.map(|(counter, what)| (read(counter), what)).into_iter();
        parts.extend(further.filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", count(n))));
        let behind = u64::try_from(self.lag_messages.load(Ordering::Relaxed)).unwrap_or(0);
        if behind > 0 {
            parts.push(format!("{} to read", counted(behind, "message")));
        }
        let last = match *self.last() {
            Some(LastCommit { version, at }) => {
                format!("last commit {}, version {version} of feedback", ago(at.elapsed()))
            }
            None => "nothing was committed".to_owned(),
        };
        format!("{}; {last}", parts.join(", "))
    }

    fn last(&self) -> MutexGuard<'_, Option<LastCommit>> {
        // A plain value: whoever panicked left it whole.
        self.last_commit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the tables took last from this process.
#[derive(Debug, Clone, Copy)]
struct LastCommit {
    /// Of `feedback`.
    version: i64,
    at: Instant,
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// 1 as "1 record", 12345 as "12,345 records".
fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", count(number), if number == 1 { "" } else { "s" })
}

/// Whole seconds, minutes or hours.
fn ago(since: Duration) -> String {
    match since.as_secs() {
        0 => "just now".to_owned(),
        seconds @ 1..60 => format!("{seconds} s ago"),
        seconds @ 60..3600 => format!("{} min ago", seconds / 60),
        seconds => format!("{} h ago", count(seconds / 3600)),
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

    #[test]
    fn what_was_done_is_told_in_a_sentence() {
        let metrics = WorkerMetrics::new();
        let nothing = "0 messages read, 0 records stored, 0 dead letters; nothing was committed";
        assert_eq!(metrics.told(), nothing);
        WorkerMetrics::add(&metrics.messages_read, 12_345);
        metrics.committed(Outcomes {
            records: 12_300,
            dead_letters: 1,
            ignored: 32,
            known: 7,
            ..Outcomes::default()
        });
        metrics.wrote(57);
        metrics.lag_messages.store(1_200, Ordering::Relaxed);
        assert_eq!(
            metrics.told(),
            "12,345 messages read, 12,300 records stored, 1 dead letter, 32 ignored, 7 already there, 1,200 messages \
             to read; last commit just now, version 57 of feedback"
        );
        let waits = [3, 59, 60, 3_599, 7_200].map(|seconds| ago(Duration::from_secs(seconds)));
        assert_eq!(waits, ["3 s ago", "59 s ago", "1 min ago", "59 min ago", "2 h ago"]);
    }
}
