//! How large a share of one kind of source is usually negative.

use super::{dispersion_of_days, offsets};
use crate::alerts::{hour::A_DAY, series::Counts};
use std::ops::Range;

/// By how much the share may rise, as a fraction.
pub const RISES: [f64; 3] = [0.05, 0.10, 0.20];
/// Below so many judged records no share is known.
const LEAST_JUDGED: f64 = 20.0;
/// A share never counts as impossible or certain.
const MOST: f64 = 0.98;
/// What the dispersion of daily shares is believed to be before a day was seen.
const PRIOR_DISPERSION: f64 = 1.5;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareModel {
    pub share: f64,
    /// Judged records it was learned from.
    pub n: f64,
    /// How much more daily shares, and rows of them, scatter than chance alone would have it, as a beta-binomial's do.
    pub dispersion: f64,
    /// The upper end of where the share may lie, by itself or together with other parts.
    upper: f64,
}

impl ShareModel {
    /// From the hours `past`, without those that `left_out` marks; `None` below 20 judged records.
    #[must_use]
    pub fn learn(counts: &[Counts], left_out: &[bool], past: Range<usize>) -> Option<Self> {
        let mut days = Vec::with_capacity(past.len() / A_DAY);
        for from in past.step_by(A_DAY) {
            let hours = (from..from + A_DAY).filter(|at| !left_out[*at]);
            let day = hours.fold((0.0, 0.0), |(hits, n), at| {
                (hits + f64::from(counts[at].negative), n + f64::from(counts[at].judged))
            });
            days.push(day);
        }
        let (hits, n) = days.iter().fold((0.0, 0.0), |(hits, n), day| (hits + day.0, n + day.1));
        if n < LEAST_JUDGED {
            return None;
        }
        let share = (hits + 1.0) / (n + 2.0);
        let residual = |(hits, n): &(f64, f64)| {
            (*n > 0.0).then(|| (hits - n * share) / (n * share * (1.0 - share)).sqrt())
        };
        let residuals: Vec<Option<f64>> = days.iter().map(residual).collect();
        let dispersion = dispersion_of_days(&residuals, 1.0, PRIOR_DISPERSION);
        let mut model = [Some(Self { share, n, dispersion, upper: share })];
        Self::together(&mut model);
        model[0]
    }

    /// Parts of one whole: how far each may be off follows from all of them.
    pub fn together(parts: &mut [Option<Self>]) {
        let known: Vec<(f64, f64)> = parts.iter().flatten().map(|part| (part.n, part.variance())).collect();
        for (part, offset) in parts.iter_mut().flatten().zip(offsets(&known)) {
            part.upper = part.share + offset;
        }
    }

    /// The log likelihood ratios of `hits` among `n`: a rise by each of [`RISES`] against what is usual at most.
    #[must_use]
    pub fn rises(&self, hits: u32, n: u32) -> [f64; RISES.len()] {
        RISES.map(|rise| self.log_ratio(hits, n, (self.upper + rise).min(MOST), self.upper))
    }

    /// The log likelihood ratio of what is usual against a share that is `rise` above it.
    #[must_use]
    pub fn recovery(&self, hits: u32, n: u32, rise: f64) -> f64 {
        -self.log_ratio(hits, n, (self.share + rise).min(MOST), self.share)
    }

    fn log_ratio(&self, hits: u32, n: u32, of: f64, against: f64) -> f64 {
        // Where nearly everything is negative there is nothing to rise to.
        if of <= against || n == 0 {
            return 0.0;
        }
        let (hits, others) = (f64::from(hits), f64::from(n - hits.min(n)));
        (hits * (of / against).ln() + others * ((1.0 - of) / (1.0 - against)).ln()) / self.dispersion
    }

    /// The square of the standard error of the share.
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.dispersion * self.share * (1.0 - self.share) / self.n
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn days(of: impl Fn(usize) -> (u32, u32)) -> Vec<Counts> {
        let hour = |at: usize| {
            let (negative, judged) = if at.is_multiple_of(A_DAY) { of(at / A_DAY) } else { (0, 0) };
            Counts { records: judged, judged, negative }
        };
        (0..56 * A_DAY).map(hour).collect()
    }

    fn learn(counts: &[Counts]) -> Option<ShareModel> {
        ShareModel::learn(counts, &[false; 56 * A_DAY], 0..56 * A_DAY)
    }

    #[test]
    fn a_share_is_learned_with_its_scatter() {
        let even = learn(&days(|_| (6, 20))).unwrap();
        assert!((even.share - 0.3).abs() < 1e-3 && even.dispersion == 1.0 && even.n == 1120.0, "{even:?}");
        assert!((even.upper - even.share - (0.21_f64 / 1120.0).sqrt()).abs() < 1e-4);
        let moody = learn(&days(|day| (if day % 2 == 0 { 1 } else { 11 }, 20))).unwrap();
        assert!(moody.dispersion > 4.0 && moody.upper > even.upper, "{moody:?}");
        // The same days, but the bad ones in a row.
        let in_rows = learn(&days(|day| (if day / 7 % 2 == 0 { 1 } else { 11 }, 20))).unwrap();
        assert!(in_rows.dispersion > 3.0 * moody.dispersion, "{in_rows:?}");
        assert_eq!(learn(&days(|day| (0, u32::from(day < 19)))), None);
    }

    #[test]
    fn ratios_are_those_of_binomials() {
        let model = ShareModel { share: 0.2, n: 500.0, dispersion: 1.0, upper: 0.2 };
        // 4 of 10 at 30% against 20%: 4 ln 1.5 + 6 ln (0.7 / 0.8).
        let expected = 4.0 * 1.5_f64.ln() + 6.0 * (0.7_f64 / 0.8).ln();
        assert!((model.rises(4, 10)[1] - expected).abs() < 1e-12);
        assert!((model.recovery(4, 10, 0.1) + expected).abs() < 1e-12);
        let full = ShareModel { share: 0.98, upper: 0.99, ..model };
        assert_eq!(full.rises(10, 10), [0.0; 3]);
    }

    proptest! {
        // The expectation of a ratio under any share up to the upper end, summed over all outcomes.
        #[test]
        fn a_ratio_is_an_e_value(n in 1u32..25, share in 0.02f64..0.9, part in 0.0f64..=1.0, d in 1.0f64..3.0) {
            let model = ShareModel { share, n: 100.0, dispersion: d, upper: (share + 0.03).min(0.95) };
            let p = model.upper * part;
            for at in 0..RISES.len() {
                let mut chance = (1.0 - p).powi(n as i32);
                let mut expectation = 0.0;
                for hits in 0..=n {
                    expectation += chance * model.rises(hits, n)[at].exp();
                    chance *= f64::from(n - hits) / f64::from(hits + 1) * p / (1.0 - p);
                }
                prop_assert!(expectation <= 1.0 + 1e-9, "{expectation}");
            }
        }
    }
}
