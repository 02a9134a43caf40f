//! How fresh, and how whole, what is held is.

use feedback::time::Timestamp;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Records that are held.
    pub records: u64,
    /// Bytes that they take, about.
    pub bytes: u64,
    /// What is held is as the tables were then; `None` before they were read once.
    pub as_of: Option<Timestamp>,
    /// The first moment from which on all records are held: there are more than fit. `None` where none was left out.
    pub since: Option<Timestamp>,
    /// The tables are being read for the first time, the newest days first.
    pub loading: bool,
    /// Pieces of days that are still to be read then.
    pub left: usize,
    /// What keeps it from being fresh, for people.
    pub trouble: Option<String>,
    /// Looks at the tables since the start, those of them that failed, and what the last one took.
    pub looks: u64,
    pub failures: u64,
    pub took: Duration,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            records: 0,
            bytes: 0,
            as_of: None,
            since: None,
            loading: true,
            left: 0,
            trouble: None,
            looks: 0,
            failures: 0,
            took: Duration::ZERO,
        }
    }
}

impl Status {
    pub(super) fn looked(&mut self, at: Timestamp, took: Duration) {
        *self = Self {
            as_of: Some(at),
            loading: false,
            left: 0,
            trouble: None,
            looks: self.looks + 1,
            took,
            ..self.clone()
        };
    }

    pub(super) fn failed(&mut self) {
        self.looks += 1;
        self.failures += 1;
        let shown = if self.as_of.is_some() {
            "what is shown is as it was then"
        } else {
            "not all records are shown"
        };
        self.trouble = Some(format!(
            "The tables could not be read at the last look: {shown}. It is tried again by itself."
        ));
    }

    pub(super) fn counters(&self, now: Timestamp) -> Vec<(String, u64)> {
        // A clock that was set back makes it no older than now.
        let age = self.as_of.map(|at| u64::try_from((now.0 - at.0) / 1_000_000).unwrap_or(0));
        let counters = [
            ("verbatim_live_records", Some(self.records)),
            ("verbatim_live_bytes", Some(self.bytes)),
            ("verbatim_live_age_seconds", age),
            ("verbatim_live_looks_total", Some(self.looks)),
            ("verbatim_live_failed_looks_total", Some(self.failures)),
        ];
        counters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_until_a_look_succeeds() {
        let mut status = Status::default();
        assert!(status.loading && status.as_of.is_none());
        status.failed();
        assert!(status.trouble.as_ref().is_some_and(|told| told.contains("not all records")));
        status.looked(Timestamp(5_000_000), Duration::from_millis(3));
        assert!(!status.loading && status.trouble.is_none());
        status.failed();
        assert!(status.trouble.as_ref().is_some_and(|told| told.contains("as it was then")));
        assert_eq!(status.as_of, Some(Timestamp(5_000_000)));
        let counters = status.counters(Timestamp(9_000_000));
        assert!(counters.contains(&("verbatim_live_age_seconds".to_owned(), 4)));
        assert!(counters.contains(&("verbatim_live_failed_looks_total".to_owned(), 2)));
        assert!(counters.iter().all(|(name, _)| crate::metrics::help(name).is_some()));
        assert!(status.counters(Timestamp(0)).contains(&("verbatim_live_age_seconds".to_owned(), 0)));
    }
}
