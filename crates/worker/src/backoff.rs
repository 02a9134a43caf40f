//! Waiting before another try: exponential, with full jitter, so that workers that failed together do not
//! come back together.

use rand::Rng;
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    attempt: u32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Duration::from_millis(100), Duration::from_secs(20))
    }
}

impl Backoff {
    #[must_use]
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self { base, cap, attempt: 0 }
    }

    /// How many waits were asked for since the last success.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    pub fn reset(&mut self) {
        self.attempt = 0;
    }

    /// Anything from nothing to the bound, which doubles with each call up to the cap.
    pub fn next_wait(&mut self) -> Duration {
        let bound = self.bound();
        self.attempt = self.attempt.saturating_add(1);
        bound.mul_f64(rand::rng().random::<f64>())
    }

    fn bound(&self) -> Duration {
        self.base.saturating_mul(1_u32.checked_shl(self.attempt).unwrap_or(u32::MAX)).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_under_a_bound_that_doubles_up_to_the_cap() {
        let mut backoff = Backoff::new(Duration::from_millis(10), Duration::from_millis(100));
        let bounds = [10, 20, 40, 80, 100, 100].map(Duration::from_millis);
        for bound in bounds {
            assert_eq!(backoff.bound(), bound);
            assert!(backoff.next_wait() <= bound);
        }
        for _ in 0..100 {
            assert!(backoff.next_wait() <= Duration::from_millis(100));
        }
        backoff.reset();
        assert_eq!(backoff.bound(), bounds[0]);
    }
}
