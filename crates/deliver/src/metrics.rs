//! What the deliveries count of themselves.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $field:ident = $name:literal),+ $(,)?) => {
        /// Counters since the start, each under the name it is exported by.
        #[derive(Debug, Default)]
        pub struct DeliverMetrics {
            $($(#[$doc])* pub $field: AtomicU64,)+
            /// Attempts under way.
            pub running: AtomicI64,
        }

        impl DeliverMetrics {
            /// Name and value of every counter.
            #[must_use]
            pub fn snapshot(&self) -> Vec<(&'static str, i64)> {
                let mut values: Vec<(&'static str, i64)> =
                    vec![$(($name, self.$field.load(Ordering::Relaxed) as i64)),+];
                values.push(("verbatim_deliver_running_attempts", self.running.load(Ordering::Relaxed)));
                values
            }
        }
    };
}

counters! {
    attempts = "verbatim_deliver_attempts_total",
    delivered = "verbatim_deliver_delivered_total",
    /// Attempts after which another one is to follow.
    retries = "verbatim_deliver_retries_total",
    /// Deliveries given up: refused, or past their deadline.
    failed = "verbatim_deliver_failed_total",
    /// Of these, those whose address was not one to send to.
    refused_addresses = "verbatim_deliver_refused_addresses_total",
    /// Times that what became of an attempt could not be noted at first.
    note_errors = "verbatim_deliver_note_errors_total",
    /// Time that attempts took, all together.
    milliseconds = "verbatim_deliver_attempt_milliseconds_total",
}

impl DeliverMetrics {
    pub(crate) fn add(counter: &AtomicU64, by: u64) {
        counter.fetch_add(by, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_house_rule_and_are_distinct() {
        let snapshot = DeliverMetrics::default().snapshot();
        let names: std::collections::BTreeSet<_> = snapshot.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), snapshot.len());
        assert!(names.iter().all(|name| name.starts_with("verbatim_deliver_")));
    }
}
