//! Shares of a whole, from a random sample that was drawn by strata.
//!
//! The estimates are those of stratified sampling without replacement (Cochran 1977, Sampling Techniques, 3rd edition,
//! chapter 5; for proportions section 5.10). The intervals are Wilson's at the effective sample size, not those of the
//! logit transform, which has none where nothing or everything was a hit, as it is with rare labels.

use super::{Interval, proportion::Proportion};
use serde::Serialize;

/// A part of the whole: `size` records, of which `drawn` were looked at and `hits` have what is counted;
/// `hits <= drawn <= size`. Two have to be drawn, or all there are: the scatter of one alone is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    pub size: f64,
    pub drawn: f64,
    pub hits: f64,
}

/// A share between 0 and 1, its standard error and its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    pub value: f64,
    pub standard_error: f64,
    pub interval: Interval,
}

impl Stratum {
    #[must_use]
    pub fn new(size: u64, drawn: u64, hits: u64) -> Self {
        debug_assert!(hits <= drawn && drawn <= size);
        Self { size: size as f64, drawn: drawn as f64, hits: hits as f64 }
    }

    /// 0 of 0 counts as 0.
    fn share(self) -> f64 {
        if self.drawn > 0.0 { self.hits / self.drawn } else { 0.0 }
    }

    /// The share that the interval reckons with. Where a few drawn ones are all alike, Cochran's variance is 0, as if
    /// the others had to be like them: half a hit and half a miss are added (Jeffreys' prior).
    fn cautious_share(self) -> f64 {
        let is_alike = self.hits <= 0.0 || self.hits >= self.drawn;
        if is_alike && self.drawn < self.size { (self.hits + 0.5) / (self.drawn + 1.0) } else { self.share() }
    }

    /// Of the number of hits in the stratum, if `share` of it are; 0 where all of it was looked at.
    fn variance(self, share: f64) -> f64 {
        let unseen = (1.0 - self.drawn / self.size).max(0.0);
        self.size.powi(2) * unseen * share * (1.0 - share) / (self.drawn - 1.0).max(1.0)
    }
}

/// How many hits some strata have together, and how far that may be off.
#[derive(Debug, Clone, Copy, Default)]
struct Total {
    size: f64,
    hits: f64,
    variance: f64,
    cautious_hits: f64,
    cautious_variance: f64,
}

impl Total {
    fn of(strata: &[Stratum]) -> Self {
        let mut total = Self::default();
        for stratum in strata.iter().filter(|stratum| stratum.size > 0.0) {
            let (share, cautious) = (stratum.share(), stratum.cautious_share());
            total.size += stratum.size;
            total.hits += stratum.size * share;
            total.variance += stratum.variance(share);
            total.cautious_hits += stratum.size * cautious;
            total.cautious_variance += stratum.variance(cautious);
        }
        total
    }
}

/// The share of hits in all strata together; `None` of nothing.
///
/// Each stratum counts by its size, whatever part of it was drawn. The variance is the sum over strata of
/// `(N_h / N)^2 (1 - n_h / N_h) p_h (1 - p_h) / (n_h - 1)` (Cochran 1977, sections 5.4 and 5.10).
#[must_use]
pub fn share(strata: &[Stratum]) -> Option<Estimate> {
    let Total { size, hits, variance, cautious_hits, cautious_variance } = Total::of(strata);
    (size > 0.0).then(|| Estimate {
        value: hits / size,
        standard_error: variance.sqrt() / size,
        interval: interval(hits / size, cautious_hits / size, cautious_variance / size.powi(2)),
    })
}

/// Which part of all hits lies in the strata `within`; `None` where none was found anywhere.
///
/// A ratio of two totals, of which the strata `beyond` are the other part; its variance is linear (the delta method;
/// Cochran 1977, chapter 6).
#[must_use]
pub fn part(within: &[Stratum], beyond: &[Stratum]) -> Option<Estimate> {
    let (a, b) = (Total::of(within), Total::of(beyond));
    let variance = |share: f64, of_a: f64, of_b: f64, all: f64| {
        ((1.0 - share).powi(2) * of_a + share.powi(2) * of_b) / all.powi(2)
    };
    let (all, cautious_all) = (a.hits + b.hits, a.cautious_hits + b.cautious_hits);
    (all > 0.0).then(|| {
        let (value, cautious) = (a.hits / all, a.cautious_hits / cautious_all);
        let wide = variance(cautious, a.cautious_variance, b.cautious_variance, cautious_all);
        Estimate {
            value,
            standard_error: variance(value, a.variance, b.variance, all).sqrt(),
            interval: interval(value, cautious, wide),
        }
    })
}

/// Wilson's interval of as many observations as would scatter like that if they were drawn from one urn (Kish 1965,
/// Survey Sampling: the effective sample size). It holds the share and stays between 0 and 1.
fn interval(value: f64, cautious: f64, variance: f64) -> Interval {
    if variance <= 0.0 {
        return Interval::new(value, value);
    }
    let n = cautious * (1.0 - cautious) / variance;
    Proportion { hits: value * n, n }.wilson()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;

    fn near(actual: f64, expected: f64) {
        assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
    }

    // By hand. 5 of 20 drawn of 600 and 8 of 10 drawn of 400: 0.6 * 0.25 + 0.4 * 0.8 = 0.47. The variance is
    // 0.36 * 0.1875 / 19 * 29/30 + 0.16 * 0.16 / 9 * 39/40 = 0.006 207 543 86, so that n is 0.2491 / 0.0062… = 40.128 6.
    #[test]
    fn a_share_agrees_with_the_sum_by_hand() {
        let strata = [Stratum::new(600, 20, 5), Stratum::new(400, 10, 8)];
        let found = share(&strata).unwrap();
        near(found.value, 0.47);
        near(found.standard_error.powi(2), 0.006_207_543_859_649);
        near(found.interval.low, 0.325_075_789_780_863);
        near(found.interval.high, 0.620_166_131_040_338);
    }

    // By hand: 150 hits in the one, 320 in the other; the variances of these totals are the terms above times 1000^2,
    // 3434.21 and 2773.33. (0.680 851^2 * 3434.21 + 0.319 149^2 * 2773.33) / 470^2 = 0.008 485 455.
    #[test]
    fn a_part_agrees_with_the_sum_by_hand() {
        let (within, beyond) = ([Stratum::new(600, 20, 5)], [Stratum::new(400, 10, 8)]);
        let found = part(&within, &beyond).unwrap();
        near(found.value, 150.0 / 470.0);
        near(found.standard_error, 0.092_116_532);
        let other = part(&beyond, &within).unwrap();
        near(found.value + other.value, 1.0);
        near(found.standard_error, other.standard_error);
        near(found.interval.low + other.interval.high, 1.0);
    }

    #[test]
    fn one_stratum_is_a_simple_sample() {
        // Of a very large whole: Wilson's interval, with the n - 1 of Cochran's variance.
        let found = share(&[Stratum::new(1_000_000_000_000, 21, 7)]).unwrap();
        let simple = Proportion { hits: 20.0 / 3.0, n: 20.0 }.wilson();
        near(found.interval.low, simple.low);
        near(found.interval.high, simple.high);
    }

    #[test]
    fn what_was_looked_at_to_the_last_has_no_doubt() {
        let whole = share(&[Stratum::new(10, 10, 3), Stratum::new(1, 1, 1)]).unwrap();
        near(whole.value, 4.0 / 11.0);
        assert_eq!((whole.standard_error, whole.interval), (0.0, Interval::new(whole.value, whole.value)));
        assert_eq!(share(&[]), None);
        assert_eq!(part(&[], &[Stratum::new(9, 3, 0)]), None);
        // What is never said is never found.
        let never = part(&[], &[Stratum::new(9, 3, 2)]).unwrap();
        assert_eq!((never.value, never.interval), (0.0, Interval::new(0.0, 0.0)));
    }

    #[test]
    fn where_all_are_alike_there_is_still_doubt() {
        let none = share(&[Stratum::new(1000, 20, 0), Stratum::new(500, 10, 0)]).unwrap();
        assert_eq!((none.value, none.standard_error, none.interval.low), (0.0, 0.0, 0.0));
        assert!((0.05..0.25).contains(&none.interval.high), "{:?}", none.interval);
        // Each stratum is of one kind: the share is that of the sizes, but not for certain.
        let parted = share(&[Stratum::new(600, 10, 10), Stratum::new(400, 10, 0)]).unwrap();
        near(parted.value, 0.6);
        assert!(parted.interval.low < 0.57 && parted.interval.high > 0.63, "{:?}", parted.interval);
        let found = part(&[Stratum::new(600, 10, 10)], &[Stratum::new(400, 10, 0)]).unwrap();
        assert!(found.value == 1.0 && found.interval.low < 0.99 && found.interval.high == 1.0, "{found:?}");
    }

    /// Four answers of three kinds of source, of 5,000 records 202.
    const SIZES: [u64; 12] = [1050, 525, 175, 750, 375, 125, 900, 450, 150, 300, 150, 50];
    const DRAWN: [u64; 12] = [37, 20, 10, 28, 16, 8, 32, 18, 9, 12, 7, 5];

    /// One draw without replacement of each stratum, which has so many hits.
    fn drawn(rng: &mut Rng, hits: &[u64; 12]) -> Vec<Stratum> {
        let mut strata = Vec::new();
        for ((size, drawn), hits) in SIZES.iter().zip(DRAWN).zip(hits) {
            let mut left = *hits;
            for taken in 0..drawn {
                if rng.uniform() * ((size - taken) as f64) < left as f64 {
                    left -= 1;
                }
            }
            strata.push(Stratum::new(*size, drawn, hits - left));
        }
        strata
    }

    #[test]
    fn the_interval_holds_the_truth_as_often_as_it_says() {
        // Share of hits by answer: a classifier as usual, a good one, and a rare label.
        for rates in [[0.8, 0.2, 0.05, 0.3], [0.96, 0.03, 0.01, 0.3], [0.5, 0.02, 0.0, 0.1]] {
            let hits: [u64; 12] = std::array::from_fn(|at| (SIZES[at] as f64 * rates[at / 3]).round() as u64);
            let truth = hits.iter().sum::<u64>() as f64 / SIZES.iter().sum::<u64>() as f64;
            let mut rng = Rng::named(11, "coverage");
            let mut held = 0;
            let mut sum = 0.0;
            for _ in 0..500 {
                let found = share(&drawn(&mut rng, &hits)).unwrap();
                held += u32::from(found.interval.contains(truth));
                sum += found.value;
            }
            assert!(held >= 460, "{rates:?}: {held} of 500");
            assert!((sum / 500.0 - truth).abs() < 0.005, "{rates:?}: without bias");
        }
    }
}
