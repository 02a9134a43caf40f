//! Quantiles and tail probabilities, over `statrs`, and the Gumbel tail of a Monte Carlo sample.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, StudentsT};
use statrs::function::erf::erfc;
use std::f64::consts::{PI, SQRT_2};

/// The chance that a standard normal variable lies at least as far from 0 as `z`.
#[must_use]
pub fn normal_two_sided(z: f64) -> f64 {
    erfc(z.abs() / SQRT_2)
}

/// The two-sided 95% point of Student's t; `None` for fewer than one degree of freedom.
#[must_use]
pub fn t95(df: f64) -> Option<f64> {
    if !df.is_finite() || df < 1.0 {
        return None;
    }
    StudentsT::new(0.0, 1.0, df).ok().map(|t| t.inverse_cdf(0.975))
}

/// The chance that a t variable lies at least as far from 0 as `t`.
#[must_use]
pub fn t_two_sided(t: f64, df: f64) -> Option<f64> {
    StudentsT::new(0.0, 1.0, df).ok().map(|dist| 2.0 * dist.cdf(-t.abs()))
}

/// The chance that an F variable with `df1` and `df2` degrees of freedom is at least `f`.
#[must_use]
pub fn f_upper(f: f64, df1: f64, df2: f64) -> Option<f64> {
    FisherSnedecor::new(df1, df2).ok().map(|dist| dist.sf(f.max(0.0)))
}

/// A Gumbel distribution fitted by moments to the maxima of a Monte Carlo sample, so that a p-value may
/// fall below one over the number of replicates (Abrams, Kleinman and Kulldorff 2010, "Gumbel based
/// p-value approximations for spatial scan statistics").
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gumbel {
    pub location: f64,
    pub scale: f64,
}

impl Gumbel {
    /// `None` where the sample has no spread to fit.
    #[must_use]
    pub fn fit(sample: &[f64]) -> Option<Self> {
        const EULER: f64 = 0.577_215_664_901_532_9;
        if sample.len() < 2 {
            return None;
        }
        let n = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / n;
        let variance = sample.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let scale = variance.sqrt() * 6f64.sqrt() / PI;
        (scale > 0.0).then_some(Self { location: mean - EULER * scale, scale })
    }

    /// The chance of a value of at least `x`.
    #[must_use]
    pub fn upper(self, x: f64) -> f64 {
        // 1 - exp(-exp(-y)), exact also where it is tiny.
        -(-(-(x - self.location) / self.scale).exp()).exp_m1()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(actual: f64, expected: f64, relative: f64) {
        assert!((actual / expected - 1.0).abs() < relative, "{actual} is not {expected}");
    }

    // scipy 1.17.1: 2*norm.sf(x), t.ppf(.975, df), 2*t.sf(x, df), f.sf(x, a, b), gumbel_r.sf(x, loc, scale).
    #[test]
    fn tails_agree_with_scipy() {
        close(normal_two_sided(1.959_963_984_540_054), 0.05, 1e-9);
        close(normal_two_sided(-4.0), 6.334_248_366_623_973e-5, 1e-9);
        close(normal_two_sided(9.0), 2.257_176_811_907_664_7e-19, 1e-6);
        close(t95(1.0).unwrap(), 12.706_204_736_174_694, 1e-6);
        close(t95(9.0).unwrap(), 2.262_157_162_798_205, 1e-7);
        close(t95(57.3).unwrap(), 2.002_238_268_231_336, 1e-7);
        close(t_two_sided(2.5, 12.0).unwrap(), 0.027_915_399_571_325_24, 1e-8);
        close(f_upper(3.2, 6.0, 66.0).unwrap(), 0.008_086_822_734_700_535, 1e-6);
        close(f_upper(40.0, 6.0, 66.0).unwrap(), 3.860_671_476_354_306_6e-20, 1e-3);
        close(Gumbel { location: 3.0, scale: 0.8 }.upper(12.0), 1.300_721_305_953_827_3e-5, 1e-6);
    }

    #[test]
    fn no_degrees_of_freedom_no_quantile() {
        assert_eq!(t95(0.0), None);
        assert_eq!(t95(f64::NAN), None);
        assert_eq!(Gumbel::fit(&[1.0, 1.0]), None);
    }

    #[test]
    fn a_gumbel_sample_gives_its_parameters_back() {
        let sample: Vec<f64> =
            (0..10_000).map(|i| 2.0 - 1.5 * (-((f64::from(i) + 0.5) / 10_000.0).ln()).ln()).collect();
        let fit = Gumbel::fit(&sample).unwrap();
        close(fit.location, 2.0, 0.01);
        close(fit.scale, 1.5, 0.01);
    }
}
