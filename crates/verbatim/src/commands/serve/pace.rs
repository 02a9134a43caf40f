//! How often a job is asked whether it is due, and how long it is left alone after it failed.

use super::job::Job;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Between two looks of a job that is not set otherwise.
const USUAL: Duration = Duration::from_secs(60);
/// Between two looks at cases that may have waited too long: they wait for hours.
const ESCALATIONS_EVERY: Duration = Duration::from_secs(5 * 60);
/// After the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);

pub struct Paces {
    rollup_every: Duration,
    jobs: BTreeMap<Job, Pace>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    /// `None`: at once.
    next: Option<Instant>,
    /// One after the other.
    failures: u32,
}

impl Paces {
    /// A rollup that is to be nobody's here has no pause at all: it is never done.
    pub fn new(rollup_every: Duration) -> Self {
        Self { rollup_every, jobs: Job::ALL.map(|job| (job, Pace::default())).into() }
    }

    fn every(&self, job: Job) -> Duration {
        match job {
            Job::Rollup => self.rollup_every,
            Job::Escalations => ESCALATIONS_EVERY,
            Job::Actions | Job::Cases | Job::Alerts | Job::Digest | Job::Topics => USUAL,
        }
    }

    pub fn may(&self, job: Job, now: Instant) -> bool {
        let pace = self.jobs.get(&job).copied().unwrap_or_default();
        !self.every(job).is_zero() && pace.next.is_none_or(|next| next <= now)
    }

    pub fn done(&mut self, job: Job, now: Instant, fine: bool) {
        let every = self.every(job);
        let pace = self.jobs.entry(job).or_default();
        pace.failures = if fine { 0 } else { pace.failures.saturating_add(1) };
        let pause = match pace.failures {
            0 => every,
            n => FIRST_PAUSE.saturating_mul(1 << (n - 1).min(6)).min(LONGEST_PAUSE).max(every),
        };
        pace.next = Some(now + pause);
    }

    /// Until the next one may be.
    pub fn wait(&self, now: Instant) -> Duration {
        let known = self.jobs.iter().filter(|(job, _)| !self.every(**job).is_zero());
        let waits = known
            .map(|(_, pace)| pace.next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now)));
        waits.min().unwrap_or(USUAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_fails_is_left_alone_for_longer_each_time() {
        let (mut paces, start) = (Paces::new(Duration::from_secs(10)), Instant::now());
        let after = |seconds: u64| start + Duration::from_secs(seconds);
        assert!(Job::ALL.iter().all(|job| paces.may(*job, start)));
        assert_eq!(paces.wait(start), Duration::ZERO);
        paces.done(Job::Alerts, start, true);
        assert!(!paces.may(Job::Alerts, after(59)) && paces.may(Job::Alerts, after(60)));
        paces.done(Job::Alerts, start, false);
        paces.done(Job::Alerts, start, false);
        assert!(
            !paces.may(Job::Alerts, after(59)) && paces.may(Job::Alerts, after(60)),
            "no shorter than usual"
        );
        for _ in 0..40 {
            paces.done(Job::Alerts, start, false);
        }
        assert!(!paces.may(Job::Alerts, after(1_799)) && paces.may(Job::Alerts, after(1_800)));
        paces.done(Job::Alerts, start, true);
        assert!(paces.may(Job::Alerts, after(60)), "what works again is as before");
    }

    #[test]
    fn a_rollup_that_is_left_to_others_is_never_done() {
        let (mut paces, start) = (Paces::new(Duration::ZERO), Instant::now());
        assert!(!paces.may(Job::Rollup, start) && paces.may(Job::Cases, start));
        for job in Job::ALL {
            paces.done(job, start, true);
        }
        assert_eq!(paces.wait(start), USUAL);
        let mut paces = Paces::new(Duration::from_secs(3));
        for job in Job::ALL {
            paces.done(job, start, true);
        }
        assert_eq!(paces.wait(start), Duration::from_secs(3));
    }
}
