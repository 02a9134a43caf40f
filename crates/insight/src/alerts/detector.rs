//! The evidence that something has changed, by hours: an e-detector.
//!
//! For every alternative a Shiryaev-Roberts statistic over likelihood ratios, `R = (R + 1) x ratio`, and of those the mean
//! (Shin, Ramdas and Rinaldo 2023, "E-detectors: a nonparametric framework for sequential change detection"). While
//! nothing changes its expectation is at most the number of looks so far, so that it reaches `a` within `n` looks
//! with a chance of at most `n / a`, whenever and however often one looks.

use super::hour::Hour;

/// Beyond this the evidence is not added up any further: far above every threshold, far below what overflows.
const MOST: f64 = 1e100;

#[derive(Debug, Clone, PartialEq)]
pub struct Detector(Vec<Track>);

/// One alternative.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Track {
    evidence: f64,
    /// The CUSUM of the log likelihood ratios, and where it last began: the likeliest beginning of the change.
    sum: f64,
    since: Option<Hour>,
}

impl Detector {
    #[must_use]
    pub fn new(alternatives: usize) -> Self {
        Self(vec![Track { evidence: 0.0, sum: 0.0, since: None }; alternatives])
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.0.len());
    }

    /// Takes in an hour, by its log likelihood ratio for every alternative. A change may begin after each look: with daily
    /// looks in the hour after one alone.
    pub fn take(&mut self, hour: Hour, ratios: &[f64], may_begin: bool) {
        for (track, ratio) in self.0.iter_mut().zip(ratios) {
            let before = track.evidence + f64::from(u8::from(may_begin));
            track.evidence = (before * ratio.exp()).min(MOST);
            if track.sum <= 0.0 {
                (track.sum, track.since) = (0.0, Some(hour));
            }
            track.sum += ratio;
        }
    }

    /// Of the mixture of all alternatives.
    #[must_use]
    pub fn evidence(&self) -> f64 {
        self.0.iter().map(|track| track.evidence).sum::<f64>() / self.0.len().max(1) as f64
    }

    /// When the change began, by the alternative that fits best; `None` before the first hour.
    #[must_use]
    pub fn onset(&self) -> Option<Hour> {
        self.0.iter().max_by(|a, b| a.evidence.total_cmp(&b.evidence))?.since
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;
    use proptest::prelude::*;

    /// The log likelihood ratio of a normal mean of `by` against 0.
    fn ratio(x: f64, by: f64) -> f64 {
        by * x - by * by / 2.0
    }

    #[test]
    fn a_shift_is_found_where_it_began() {
        let mut rng = Rng::new(3);
        let mut detector = Detector::new(2);
        for hour in 0..400 {
            let x = rng.normal() + if hour < 300 { 0.0 } else { 1.5 };
            detector.take(Hour(hour), &[ratio(x, 0.5), ratio(x, 1.5)], true);
            if hour == 299 {
                assert!(detector.evidence() < 1e6);
            }
        }
        assert!(detector.evidence() > 1e12);
        let onset = detector.onset().unwrap().0;
        assert!((290..=305).contains(&onset), "{onset}");
        detector.clear();
        assert_eq!((detector.evidence(), detector.onset()), (0.0, None));
    }

    // Doob: the chance of ever reaching 20 n within n looks is at most 1 in 20.
    #[test]
    fn a_steady_stream_seldom_reaches_the_threshold() {
        let mut reached = 0;
        for seed in 0..1_000 {
            let mut rng = Rng::new(seed);
            let mut detector = Detector::new(2);
            let above = (0..200).any(|hour| {
                let x = rng.normal();
                detector.take(Hour(hour), &[ratio(x, 0.5), ratio(x, 1.0)], true);
                detector.evidence() >= 4_000.0
            });
            reached += u32::from(above);
        }
        assert!(reached <= 65, "{reached} of 1000");
    }

    #[test]
    fn nothing_overflows() {
        let mut detector = Detector::new(1);
        for hour in 0..10 {
            detector.take(Hour(hour), &[700.0], true);
        }
        assert_eq!(detector.evidence(), MOST);
    }

    proptest! {
        #[test]
        fn the_evidence_is_the_sum_over_all_beginnings(ratios in prop::collection::vec(-2.0f64..2.0, 1..20)) {
            let mut detector = Detector::new(1);
            for (hour, ratio) in ratios.iter().enumerate() {
                detector.take(Hour(hour as i32), &[*ratio], true);
            }
            let sum: f64 = (0..ratios.len()).map(|from| ratios[from..].iter().sum::<f64>().exp()).sum();
            prop_assert!((detector.evidence() / sum - 1.0).abs() < 1e-9);
        }
    }
}
