//! What `verbatim serve` counts of its jobs.

use super::job::Job;
use deliver::DeliverMetrics;
use insight::report::count;
use std::sync::atomic::{AtomicU64, Ordering};

const JOBS: usize = Job::ALL.len();

/// Counters since the start, of each job in the order of [`Job::ALL`].
#[derive(Debug, Default)]
pub struct ServeMetrics {
    /// Times that there was something to do, and it was done.
    runs: [AtomicU64; JOBS],
    failures: [AtomicU64; JOBS],
}

impl ServeMetrics {
    /// Name and value of every counter, as they are exported.
    pub fn snapshot(&self) -> Vec<(String, u64)> {
        let mut values = Vec::with_capacity(2 * JOBS);
        for (name, counters) in [
            ("verbatim_serve_job_runs_total", &self.runs),
            ("verbatim_serve_job_failures_total", &self.failures),
        ] {
            for (job, counter) in Job::ALL.iter().zip(counters) {
                let value = counter.load(Ordering::Relaxed);
                values.push((format!("{name}{{job=\"{}\"}}", job.name()), value));
            }
        }
        values
    }

    pub fn ran(&self, job: Job) {
        add(&self.runs, job);
    }

    /// How often it has failed by now.
    pub fn failed(&self, job: Job) -> u64 {
        add(&self.failures, job)
    }

    /// One line at level info: a sentence for people, and the counters for programs.
    pub fn log(&self, deliveries: &DeliverMetrics) {
        let sum = |counters: &[AtomicU64; JOBS]| -> u64 {
            counters.iter().map(|counter| counter.load(Ordering::Relaxed)).sum()
        };
        let delivered = deliveries.delivered.load(Ordering::Relaxed);
        let counters: Vec<String> =
            self.snapshot().into_iter().map(|(name, value)| format!("{name} {value}")).collect();
        tracing::info!(
            counters = counters.join(", "),
            "stopped: {} jobs done, {} failures, {} messages delivered",
            count(sum(&self.runs)),
            count(sum(&self.failures)),
            count(delivered)
        );
    }
}

/// The new value.
fn add(counters: &[AtomicU64; JOBS], job: Job) -> u64 {
    counters.get(job as usize).map_or(0, |counter| counter.fetch_add(1, Ordering::Relaxed) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_counter_says_what_it_counts() {
        let worker = worker::WorkerMetrics::new().snapshot().into_iter().map(|(name, _)| name.to_owned());
        let deliver = DeliverMetrics::default().snapshot().into_iter().map(|(name, _)| name.to_owned());
        let own = ServeMetrics::default().snapshot().into_iter().map(|(name, _)| name);
        for name in worker.chain(deliver).chain(own).chain(["verbatim_worker_lag_seconds".to_owned()]) {
            assert!(
                server::metrics::help(&name).is_some(),
                "{name} is not described in server/src/metrics/help.rs"
            );
        }
    }

    #[test]
    fn runs_and_failures_are_counted_by_job() {
        let metrics = ServeMetrics::default();
        metrics.ran(Job::Alerts);
        assert_eq!((metrics.failed(Job::Digest), metrics.failed(Job::Digest)), (1, 2));
        let snapshot = metrics.snapshot();
        let of = |name: &str| snapshot.iter().find(|(known, _)| known == name).unwrap().1;
        assert_eq!(of("verbatim_serve_job_runs_total{job=\"alerts\"}"), 1);
        assert_eq!(of("verbatim_serve_job_failures_total{job=\"digest\"}"), 2);
        assert_eq!(of("verbatim_serve_job_failures_total{job=\"rollup\"}"), 0);
        assert!(snapshot.iter().all(|(name, _)| name.starts_with("verbatim_serve_job_")));
    }
}
