//! What is usual: learned from complete days before the current ones, never from a running incident.

mod alike;
mod count;
mod rhythm;
mod score;
mod share;

pub use count::{CountModel, PRIOR_DAY_SCATTER, TIMES};
pub use score::{FALLS, ScoreModel};
pub use share::{RISES, ShareModel};

use super::hour::A_DAY;
use alike::alike;
use std::ops::Range;

/// Days that are learned from.
const DAYS: usize = 56;
/// The last days are not learned from, so that what rises slowly does not become what is usual while it rises; of a
/// short history a quarter.
const GUARD_DAYS: usize = 7;
/// Below this age nothing is known of the days of the week.
pub const LEAST_DAYS: usize = 7;
/// Where what is usual lies is known up to a standard error, and a rise is measured from the upper end of that: a level
/// taken too low would give every hour a little evidence, which adds up over weeks.
const STANDARD_ERRORS: f64 = 1.0;
/// What the dispersion is believed to be before a day was seen is worth as many days: with a short history the scatter
/// of few days may look smaller than it is (the minimum sigma of EARS has the same purpose).
const PRIOR_DAYS: f64 = 10.0;

/// The hours to learn from on `day`, counted from the beginning of the history, whole days; `None` while the history, which
/// begins with the day `first`, is too short.
pub fn learned_from(first: usize, day: usize) -> Option<Range<usize>> {
    let age = day.checked_sub(first).filter(|age| *age >= LEAST_DAYS)?;
    let to = day - (age / 4).clamp(1, GUARD_DAYS);
    Some(A_DAY * to.saturating_sub(DAYS).max(first)..A_DAY * to)
}

/// Pearson's chi-square by day over its degrees of freedom, drawn towards `prior`, times `alike`; at least 1.
fn dispersion(chi_square: f64, df: f64, prior: f64, alike: f64) -> f64 {
    (alike * (chi_square + PRIOR_DAYS * prior) / (df.max(3.0) + PRIOR_DAYS)).max(1.0)
}

/// The same of days in their order, by their standardised residuals, `None` for a day that is not known; `fitted` are the
/// degrees of freedom that what is usual has taken.
pub fn dispersion_of_days(residuals: &[Option<f64>], fitted: f64, prior: f64) -> f64 {
    let known = || residuals.iter().flatten();
    let chi_square = known().map(|residual| residual * residual).sum();
    dispersion(chi_square, known().count() as f64 - fitted, prior, alike(residuals))
}

/// By how much each part's level is taken to be off, where the whole is off by [`STANDARD_ERRORS`]: of parts with so many
/// records, and with the squares of the standard errors of their levels, `z w s² / sqrt(sum of w² s²)`. Of all levels at which
/// the whole is so far off these are the likeliest: that all parts are off to the same side, each by as much as one alone
/// might be, is the less likely the more there are.
fn offsets(parts: &[(f64, f64)]) -> Vec<f64> {
    let records: f64 = parts.iter().map(|(n, _)| n).sum();
    let weighed = |(n, variance): &(f64, f64)| n / records * variance;
    let whole: f64 = parts.iter().map(|part| part.0 / records * weighed(part)).sum();
    parts.iter().map(|part| STANDARD_ERRORS * weighed(part) / whole.sqrt()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_parts_each_is_less_off_than_one_alone() {
        assert!((offsets(&[(50.0, 0.04)])[0] - 0.2).abs() < 1e-12);
        // Of four alike the whole has half the standard error of one.
        let four = offsets(&[(50.0, 0.04); 4]);
        assert!(four.iter().all(|offset| (offset - 0.1).abs() < 1e-12), "{four:?}");
        // One that is hardly known and has hardly any records adds little.
        let uneven = offsets(&[(980.0, 0.0004), (20.0, 0.04)]);
        assert!((uneven[0] - 0.02).abs() < 1e-3 && uneven[1] < 0.05, "{uneven:?}");
        let whole = 0.98 * uneven[0] + 0.02 * uneven[1];
        assert!((whole - (0.98_f64.powi(2) * 0.0004 + 0.02_f64.powi(2) * 0.04).sqrt()).abs() < 1e-12);
        assert_eq!(offsets(&[]), [0.0; 0]);
    }

    #[test]
    fn the_last_week_is_never_learned_from() {
        assert_eq!(learned_from(0, 6), None);
        assert_eq!(learned_from(0, 7), Some(0..6 * 24));
        assert_eq!(learned_from(3, 31), Some(3 * 24..24 * 24));
        assert_eq!(learned_from(0, 100), Some(37 * 24..93 * 24));
        assert_eq!(learned_from(8, 7), None);
    }

    #[test]
    fn few_days_do_not_make_a_small_dispersion() {
        assert_eq!(dispersion(0.5, 4.0, 1.5, 1.0), 15.5 / 14.0);
        assert_eq!(dispersion(100.0, 40.0, 1.0, 1.0), 2.2);
        assert_eq!(dispersion(0.0, 50.0, 1.0, 1.0), 1.0);
    }

    #[test]
    fn days_that_are_alike_scatter_more() {
        let turns: Vec<Option<f64>> = [2.0, -2.0].repeat(28).into_iter().map(Some).collect();
        let by_weeks = |day: usize| Some(if (day / 7).is_multiple_of(2) { 2.0 } else { -2.0 });
        let by_weeks: Vec<Option<f64>> = (0..56).map(by_weeks).collect();
        // 56 squares of 4, and ten days of 1, over 55 and 10 degrees of freedom.
        assert_eq!(dispersion_of_days(&turns, 1.0, 1.0), 234.0 / 65.0);
        // Of 55 pairs 48 are alike and 7 are not, ten say 0.2, and half of a standard error is added.
        let r = 43.0 / 65.0 + 0.5 / 65.0_f64.sqrt();
        let expected = 234.0 / 65.0 * (1.0 + r) / (1.0 - r);
        assert!((dispersion_of_days(&by_weeks, 1.0, 1.0) / expected - 1.0).abs() < 1e-12);
    }
}
