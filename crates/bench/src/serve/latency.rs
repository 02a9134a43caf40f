//! How long answers took.

use serde::Serialize;
use std::time::Duration;

/// In milliseconds; not a number where there is nothing to tell of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
    pub max: f64,
}

impl Times {
    pub fn of(took: &[Duration]) -> Self {
        let mut took = took.to_vec();
        took.sort_unstable();
        let [p50, p95, p99, max] = [0.5, 0.95, 0.99, 1.0].map(|share| percentile(&took, share));
        Self { p50, p95, p99, max }
    }
}

/// The smallest that as many are not above, in milliseconds.
fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).map_or(f64::NAN, millis)
}

fn millis(took: &Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_those_that_there_were() {
        let took: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let Times { p50, p95, p99, max } = Times::of(&took);
        assert_eq!([p50, p95, p99, max], [100.0, 190.0, 198.0, 200.0]);
        let one = Times::of(&took[..1]);
        assert_eq!([one.p50, one.max], [200.0, 200.0]);
        assert!(Times::of(&[]).p95.is_nan());
    }
}
