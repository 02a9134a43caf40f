//! Quantiles of how long something takes, with what still waits.
//!
//! Of what is done alone the times are too good: what takes long is not done yet. What waits has taken at least its time so
//! far, and that is all that is known of it: so the share that is not done after so long is estimated by the product limit
//! (Kaplan and Meier 1958, "Nonparametric estimation from incomplete observations", JASA 53:457).

use crate::stats::{SUPPRESSED, distribution::normal_two_sided};
use serde::Serialize;
use statrs::distribution::{Beta, ContinuousCDF};

/// What lies beyond each end of an interval of 95%.
const TAIL: f64 = 0.025;
/// Shares that differ by no more are the same: what rounding leaves of a product of up to millions.
const ROUNDING: f64 = 1e-9;
/// From so many observations on a beta distribution is near enough to its normal approximation (to 1e-5 here).
const MANY: f64 = 2_000.0;

/// A quantile with its interval of 95%.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quantile {
    /// `None` where too many still wait: it is not reached yet.
    pub value: Option<f64>,
    /// `None` where the data leave an end open: then it may be anything below, or above.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// How long each took that is done, and how long each has waited that is not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waits {
    done: Vec<f64>,
    waiting: Vec<f64>,
}

impl Waits {
    pub fn done(&mut self, after: f64) {
        self.done.push(after);
    }

    pub fn waits(&mut self, so_far: f64) {
        self.waiting.push(so_far);
    }

    /// How many are done.
    #[must_use]
    pub fn finished(&self) -> u64 {
        self.done.len() as u64
    }

    /// How many still wait.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// The share that is not done by the time since its beginning; `None` of fewer than [`SUPPRESSED`].
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        let n = self.done.len() + self.waiting.len();
        if (n as u64) < SUPPRESSED {
            return None;
        }
        let done = self.done.iter().map(|time| (*time, true));
        let mut all: Vec<(f64, bool)> = done.chain(self.waiting.iter().map(|time| (*time, false))).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut falls, mut left) = (Vec::new(), n);
        let (mut share, mut log_mean, mut spread) = (1.0, 0.0, 0.0);
        for at in all.chunk_by(|a, b| a.0 == b.0) {
            let at_risk = left as f64;
            let ended = at.iter().filter(|(_, is_done)| *is_done).count() as f64;
            left -= at.len();
            if ended > 0.0 {
                let stay = at_risk - ended;
                share *= stay / at_risk;
                log_mean += ((stay + 1.0) / (at_risk + 1.0)).ln();
                spread += (ended / ((stay + 1.0) * (at_risk + 2.0))).ln_1p();
            }
            falls.push(Fall { time: at[0].0, share, log_mean, spread, left: left as f64 });
        }
        Some(Curve { n: n as f64, falls })
    }
}

/// The share that is not done, by time.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    n: f64,
    /// At every time at which something was done, or was last seen waiting.
    falls: Vec<Fall>,
}

/// From a time on, up to the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fall {
    time: f64,
    share: f64,
    /// Of a product of beta variables, one for each time up to here: the logarithm of its mean, and of one plus its squared
    /// coefficient of variation.
    log_mean: f64,
    spread: f64,
    /// How many are still looked at.
    left: f64,
}

impl Curve {
    /// After how long this part is done, `0 < part < 1`; where the share lies flat at just that, the middle of it.
    ///
    /// The interval is that of the beta product confidence procedure by the method of moments (Fay, Brittain and Proschan
    /// 2013, "Pointwise confidence intervals for a survival distribution with small samples or heavy censoring",
    /// Biostatistics 14:723): the times at which the part that is left may still be, at 2.5% on each side. Where nothing
    /// waits that is the interval of Clopper and Pearson, and its ends are order statistics (Conover 1999, "Practical
    /// Nonparametric Statistics", 3rd ed., section 3.2).
    #[must_use]
    pub fn quantile(&self, part: f64) -> Quantile {
        let left = 1.0 - part;
        let time = |at: usize| self.falls.get(at).map(|fall| fall.time);
        // It may lie before the first time of all.
        let is_open = left.powf(self.n) >= TAIL;
        let low = self.falls.partition_point(|fall| fall.least_is_below(left) < TAIL);
        let high = self.falls.partition_point(|fall| fall.most_is_below(left) < 1.0 - TAIL);
        Quantile { value: self.value(left), low: time(low).filter(|_| !is_open), high: time(high) }
    }

    fn value(&self, left: f64) -> Option<f64> {
        let at = self.falls.partition_point(|fall| fall.share > left + ROUNDING);
        let reached = self.falls.get(at)?;
        let next = self.falls[at..].iter().find(|fall| fall.share < reached.share);
        match next {
            Some(next) if (reached.share - left).abs() <= ROUNDING => Some(reached.time.midpoint(next.time)),
            _ => Some(reached.time),
        }
    }
}

impl Fall {
    /// The chance that the least share that may be left lies below this.
    fn least_is_below(&self, share: f64) -> f64 {
        if self.left == 0.0 {
            return 1.0;
        }
        let (mean, spread) = (self.left / (self.left + 1.0), (1.0 / (self.left * (self.left + 2.0))).ln_1p());
        beta_below(self.log_mean.exp() * mean, (self.spread + spread).exp_m1(), share)
    }

    /// The same of the most.
    fn most_is_below(&self, share: f64) -> f64 {
        // Nothing is done yet, so that all may be left.
        if self.spread == 0.0 { 0.0 } else { beta_below(self.log_mean.exp(), self.spread.exp_m1(), share) }
    }
}

/// The chance that a beta variable with this mean and squared coefficient of variation lies below `x`.
fn beta_below(mean: f64, variation: f64, x: f64) -> f64 {
    let both = (1.0 - mean) / (mean * variation) - 1.0;
    let (a, b) = (mean * both, (1.0 - mean) * both);
    if both < MANY {
        return Beta::new(a, b).map_or(0.0, |beta| beta.cdf(x));
    }
    // Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 26.5.22: the fraction that `cdf` sums up asks for
    // the more terms the larger they are.
    let (low, high) = ((b * x).cbrt(), (a * (1.0 - x)).cbrt());
    let scale = (low * low / b + high * high / a).sqrt();
    let z = 3.0 * (low * (1.0 - 1.0 / (9.0 * b)) - high * (1.0 - 1.0 / (9.0 * a))) / scale;
    let tail = normal_two_sided(z) / 2.0;
    if z > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;
    use proptest::prelude::*;

    fn waits(done: &[f64], waiting: &[f64]) -> Waits {
        Waits { done: done.to_vec(), waiting: waiting.to_vec() }
    }

    fn quantile(done: &[f64], waiting: &[f64], part: f64) -> Quantile {
        waits(done, waiting).curve().unwrap().quantile(part)
    }

    fn up_to(n: u32) -> Vec<f64> {
        (1..=n).map(f64::from).collect()
    }

    /// Weeks of remission of 21 children on 6-mercaptopurine, 12 of them still in remission when last seen, and of 21 on
    /// placebo (Freireich et al. 1963, Blood 21:699; table 1 of Gehan 1965, Biometrika 52:203).
    const DRUG: [&[f64]; 2] = [
        &[6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0],
        &[6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0],
    ];
    const PLACEBO: [f64; 21] = [
        1.0, 1.0, 2.0, 2.0, 3.0, 4.0, 4.0, 5.0, 5.0, 8.0, 8.0, 8.0, 8.0, 11.0, 11.0, 12.0, 12.0, 15.0, 17.0,
        22.0, 23.0,
    ];

    /// The curve as textbooks print it (Kleinbaum and Klein 2012, "Survival Analysis", 3rd ed., chapter 2), and the medians
    /// of 23 and 8 weeks.
    #[test]
    fn the_curve_is_that_of_the_leukaemia_trial() {
        let curve = waits(DRUG[0], DRUG[1]).curve().unwrap();
        let after = |weeks: f64| curve.falls.iter().rev().find(|fall| fall.time <= weeks).unwrap().share;
        for (weeks, share) in [
            (6.0, 0.8571),
            (7.0, 0.8067),
            (10.0, 0.7529),
            (13.0, 0.6902),
            (16.0, 0.6275),
            (22.0, 0.5378),
            (23.0, 0.4482),
            (35.0, 0.4482),
        ] {
            assert!((after(weeks) - share).abs() < 5e-5, "{weeks}: {}", after(weeks));
        }
        assert_eq!(curve.quantile(0.5).value, Some(23.0), "where those who relapsed alone have 10");
        assert_eq!(quantile(&PLACEBO, &[], 0.5).value, Some(8.0));
    }

    /// By scipy 1.17.1 (`beta.cdf` of the moments' parameters).
    #[test]
    fn intervals_allow_for_what_waits() {
        let median = quantile(DRUG[0], DRUG[1], 0.5);
        assert_eq!((median.low, median.high), (Some(11.0), None));
        let quarter = quantile(DRUG[0], DRUG[1], 0.25);
        assert_eq!((quarter.value, quarter.low, quarter.high), (Some(13.0), Some(6.0), Some(23.0)));
        let late = quantile(DRUG[0], DRUG[1], 0.9);
        assert_eq!(
            (late.value, late.low, late.high),
            (None, Some(32.0), None),
            "more than a tenth still wait"
        );
        let placebo = quantile(&PLACEBO, &[], 0.5);
        assert_eq!((placebo.low, placebo.high), (Some(4.0), Some(12.0)));
    }

    /// By adding up the binomial distribution in exact fractions (Python's `math.comb`). The ranks of the median for n = 6,
    /// 10 and 20 are those of the tables of the sign test.
    #[test]
    fn where_nothing_waits_the_ends_are_those_of_the_binomial_distribution() {
        for (n, median, p90) in [
            (5, (None, None), (Some(3), None)),
            (6, (Some(1), Some(6)), (Some(4), None)),
            (10, (Some(2), Some(9)), (Some(7), None)),
            (20, (Some(6), Some(15)), (Some(15), None)),
            (35, (Some(12), Some(24)), (Some(28), None)),
            (36, (Some(12), Some(25)), (Some(29), Some(36))),
            (100, (Some(40), Some(61)), (Some(84), Some(96))),
            (1000, (Some(469), Some(532)), (Some(881), Some(919))),
        ] {
            for (part, (low, high)) in [(0.5, median), (0.9, p90)] {
                let found = quantile(&up_to(n), &[], part);
                assert_eq!((found.low, found.high), (low.map(f64::from), high.map(f64::from)), "{n} {part}");
            }
        }
    }

    #[test]
    fn where_the_share_lies_flat_the_middle_is_told() {
        assert_eq!(quantile(&up_to(20), &[], 0.5).value, Some(10.5));
        assert_eq!(quantile(&up_to(21), &[], 0.5).value, Some(11.0));
        assert_eq!(quantile(&up_to(20), &[], 0.9).value, Some(18.5));
        // Half are done, and nobody knows when the others will be.
        let half = quantile(&[1.0, 2.0, 3.0], &[9.0, 9.0, 9.0], 0.5);
        assert_eq!((half.value, half.high), (Some(3.0), None));
        assert_eq!(quantile(&[1.0], &[5.0; 9], 0.5).value, None);
    }

    #[test]
    fn few_are_not_told() {
        assert_eq!(waits(&up_to(3), &[1.0]).curve(), None);
        assert_eq!(Waits::default().curve(), None);
        assert!(waits(&up_to(3), &[1.0, 2.0]).curve().is_some());
    }

    /// By scipy 1.17.1: `beta.cdf`. At the seam both ways have to agree.
    #[test]
    fn large_beta_distributions_agree_with_scipy() {
        let below = |a: f64, b: f64, x: f64| {
            let mean = a / (a + b);
            beta_below(mean, (1.0 - mean) / (mean * (a + b + 1.0)), x)
        };
        for (a, b, x, p) in SCIPY {
            assert!((below(a, b, x) - p).abs() < 2e-5, "{a} {b} {x}: {}", below(a, b, x));
        }
    }

    const SCIPY: [(f64, f64, f64, f64); 5] = [
        (999.0, 999.0, 0.478_1, 0.025_085_050_418_331_995),
        (1_001.0, 1_001.0, 0.478_1, 0.024_970_392_865_194_493),
        (200.0, 1_900.0, 0.108, 0.973_704_685_593_936_6),
        (50_000.0, 450_000.0, 0.100_8, 0.970_110_876_113_362_7),
        (30.0, 11.0, 0.6, 0.035_222_480_114_168_786),
    ];

    /// Skewed as waiting times are, and cut off by a clock that began at any time: of 300 samples of 60 the interval misses
    /// the true quantile in no more than the 5% that it promises, by three standard errors of 300 (3.8%).
    #[test]
    fn the_interval_holds_the_true_quantile() {
        let mut rng = Rng::named(3, "quantiles with what waits");
        for (part, truth) in [(0.5, 1.0), (0.9, 1.281_551_565_544_6_f64.exp())] {
            let mut missed = 0;
            for _ in 0..300 {
                let mut sample = Waits::default();
                for _ in 0..60 {
                    let (takes, seen) = (rng.normal().exp(), 8.0 * rng.uniform());
                    if takes <= seen { sample.done(takes) } else { sample.waits(seen) }
                }
                let Quantile { low, high, .. } = sample.curve().unwrap().quantile(part);
                let beyond = low.is_some_and(|low| low > truth) || high.is_some_and(|high| high < truth);
                missed += usize::from(beyond);
            }
            assert!(missed <= 26, "{missed} of 300 at {part}");
        }
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_value_and_waiting_longer_makes_nothing_shorter(
            done in prop::collection::vec(0u32..500, 3..60),
            waiting in prop::collection::vec(0u32..500, 2..40),
            longer in 1u32..500,
        ) {
            let real = |all: &[u32]| all.iter().map(|one| f64::from(*one)).collect::<Vec<f64>>();
            let (done, waiting) = (real(&done), real(&waiting));
            let later: Vec<f64> = waiting.iter().map(|one| one + f64::from(longer)).collect();
            for part in [0.5, 0.9] {
                let Quantile { value, low, high } = quantile(&done, &waiting, part);
                if let Some(value) = value {
                    prop_assert!(low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high));
                } else {
                    prop_assert_eq!(high, None);
                }
                let then = quantile(&done, &later, part).value;
                prop_assert!(value.is_none() || then.is_none_or(|then| Some(then) >= value));
            }
        }
    }
}
