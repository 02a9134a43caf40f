//! How many records an hour usually has: a level with its trend, times the week's rhythm, with the scatter of the past.
//!
//! An hour is negative binomial. The scatter of whole days beyond that (busy and quiet days, which hours share, and which
//! may come in a row) tempers the likelihood ratios: a ratio to a power below 1 still has an expectation of at most 1
//! (Jensen), so that it stays an e-value.

use super::{STANDARD_ERRORS, alike::alike, dispersion, dispersion_of_days, rhythm::Week};
use crate::{
    alerts::hour::{A_DAY, A_WEEK, Hour},
    stats::{Interval, Z95},
};
use std::ops::Range;

/// How many times as many records a rise may bring: slow and small ones, and outages.
pub const TIMES: [f64; 4] = [1.25, 1.5, 2.0, 5.0];
/// Hours vary at least by so much beyond chance, as a part of the mean squared: no rhythm is known exactly.
const LEAST_SCATTER: f64 = 0.02;
const MOST_SCATTER: f64 = 2.0;
/// Before any day was seen, days are believed to vary by 15% beyond chance.
pub const PRIOR_DAY_SCATTER: f64 = 0.15 * 0.15;
/// Of one week alone nobody knows whether it was a usual one: by how much its level may be off, as a part; of `n` weeks
/// an `n`th of it.
const ONE_WEEK: f64 = 0.2;
/// A week's growth before it was seen: none, give or take 1%. More than 1% is not taken for what is usual.
const PRIOR_GROWTH: f64 = 0.01;
const MOST_GROWTH: f64 = 0.01;
/// Weeks from which a trend is looked for.
const TREND_WEEKS: usize = 4;
/// Of the days' degrees of freedom what their rhythm and level take, which are drawn towards flat ones.
const FITTED: f64 = 5.0;

#[derive(Debug, Clone, PartialEq)]
pub struct CountModel {
    /// Expected records by hour of the week.
    mean: [f64; A_WEEK],
    /// The standard error of the level, as a part of it.
    unsure: f64,
    /// Variance of an hour beyond chance, over the mean squared.
    scatter: f64,
    /// How much more whole days, and rows of them, scatter than their hours by themselves would make them.
    dispersion: f64,
}

/// A day that was learned from: records, what was expected, and the sum of the squares of the hours' expectations.
struct Day {
    seen: f64,
    expected: f64,
    squares: f64,
}

impl CountModel {
    /// For `day`, from the hours `past` of `counts`, whole days, without those that `left_out` marks. `first` is the first hour
    /// of the counts. `None` where hardly anything is left to learn from.
    #[must_use]
    pub fn learn(
        counts: &[u32],
        left_out: &[bool],
        first: Hour,
        past: Range<usize>,
        day: usize,
    ) -> Option<Self> {
        let of_week = |at: usize| first.plus(at as i32).of_week();
        let mut week = Week::new();
        for at in past.clone().filter(|at| !left_out[*at]) {
            week.add(of_week(at), counts[at]);
        }
        let (records, hours) = week.totals();
        if hours < (5 * A_DAY) as f64 {
            return None;
        }
        let rhythm = week.rhythm();
        let exposure: f64 = rhythm.iter().zip(&week.hours).map(|(factor, hours)| factor * hours).sum();
        let level = (records + 0.5) / exposure;
        let mut mean = rhythm.map(|factor| level * factor);
        let (days, scatter) = scan(counts, left_out, past.clone(), |at| mean[of_week(at)]);
        let residual = |day: &Day| (day.seen - day.expected) / (day.expected + scatter * day.squares).sqrt();
        let residuals: Vec<Option<f64>> = days.iter().map(|day| day.as_ref().map(residual)).collect();
        let an_hour = records.max(0.5) / hours;
        let believed = PRIOR_DAY_SCATTER * an_hour * A_DAY as f64;
        let beyond_hours = dispersion_of_days(&residuals, FITTED, 1.0 + believed / (1.0 + scatter * an_hour));
        let known = || days.iter().flatten();
        let chi_square = known().map(|day| (day.seen - day.expected).powi(2) / day.expected).sum();
        let df = known().count() as f64 - FITTED;
        let beyond_chance = dispersion(chi_square, df, 1.0 + believed, alike(&residuals));
        let weeks = hours / A_WEEK as f64;
        let trend = Trend::of(&days_to_weeks(counts, left_out, &past, |at| mean[of_week(at)]), beyond_chance);
        let ahead = (day - past.start / A_DAY) as f64 / 7.0 - 0.5;
        let (growth, growth_unsure) = trend.map_or((1.0, 0.0), |trend| trend.at(ahead));
        mean.iter_mut().for_each(|mean| *mean *= growth);
        let unsure = beyond_chance / (records + 1.0) + (ONE_WEEK / weeks).powi(2) + growth_unsure.powi(2);
        Some(Self { mean, unsure: unsure.sqrt(), scatter, dispersion: beyond_hours })
    }

    #[must_use]
    pub fn expected(&self, hour: Hour) -> f64 {
        self.mean[hour.of_week()]
    }

    /// The log likelihood ratios of an hour with `n` records: a rise by each of [`TIMES`] against what is usual at most.
    #[must_use]
    pub fn rises(&self, hour: Hour, n: u32) -> [f64; TIMES.len()] {
        let usual = self.expected(hour) * (1.0 + STANDARD_ERRORS * self.unsure);
        TIMES.map(|times| self.log_ratio(n, usual * times, usual))
    }

    /// The log likelihood ratio of what is usual against `times` as much, which is above 1.
    #[must_use]
    pub fn recovery(&self, hour: Hour, n: u32, times: f64) -> f64 {
        let usual = self.expected(hour);
        self.log_ratio(n, usual, usual * times)
    }

    /// Of two negative binomial means with the same scatter, tempered.
    fn log_ratio(&self, n: u32, of: f64, against: f64) -> f64 {
        let size = 1.0 / self.scatter;
        let ratio = ((size + against) / (size + of)).ln();
        (f64::from(n) * ((of / against).ln() + ratio) + size * ratio) / self.dispersion
    }

    /// The range that 95 in 100 sums over some hours with `expected` records and the sum `squares` of the hours'
    /// expectations squared lie in, by the normal approximation.
    #[must_use]
    pub fn range(&self, expected: f64, squares: f64) -> Interval {
        let by_chance = (expected + self.scatter * squares) * self.dispersion;
        let half = Z95 * (by_chance + (expected * self.unsure).powi(2)).sqrt();
        Interval::new((expected - half).max(0.0), expected + half)
    }
}

/// The days, `None` for one that something is left out of, and the hours' scatter by moments: the mean squared deviation
/// beyond the mean, over the mean squared.
fn scan(
    counts: &[u32],
    left_out: &[bool],
    past: Range<usize>,
    mean: impl Fn(usize) -> f64,
) -> (Vec<Option<Day>>, f64) {
    let (mut beyond, mut squares) = (0.0, 0.0);
    let mut days = Vec::new();
    for from in past.step_by(A_DAY) {
        let hours = from..from + A_DAY;
        if left_out[hours.clone()].contains(&true) {
            days.push(None);
            continue;
        }
        let mut day = Day { seen: 0.0, expected: 0.0, squares: 0.0 };
        for at in hours {
            let (seen, mean) = (f64::from(counts[at]), mean(at));
            day.seen += seen;
            day.expected += mean;
            day.squares += mean * mean;
            beyond += (seen - mean).powi(2) - mean;
        }
        squares += day.squares;
        days.push(Some(day));
    }
    let scatter = if squares > 0.0 { beyond / squares } else { 0.0 };
    (days, scatter.clamp(LEAST_SCATTER, MOST_SCATTER))
}

/// Records seen and expected in each whole week of the past.
fn days_to_weeks(
    counts: &[u32],
    left_out: &[bool],
    past: &Range<usize>,
    mean: impl Fn(usize) -> f64,
) -> Vec<(f64, f64)> {
    let weeks = past.len() / A_WEEK;
    let of = |week: usize| {
        let from = past.start + week * A_WEEK;
        let hours = (from..from + A_WEEK).filter(|at| !left_out[*at]);
        hours.fold((0.0, 0.0), |(seen, expected), at| (seen + f64::from(counts[at]), expected + mean(at)))
    };
    (0..weeks).map(of).collect()
}

/// Growth by the week, of the logarithm of what was seen over what was expected.
struct Trend {
    growth: f64,
    /// The standard error that is left.
    unsure: f64,
    /// The weighted middle of the weeks learned from.
    middle: f64,
}

impl Trend {
    /// A weighted straight line, drawn towards no growth. `None` for fewer than four weeks.
    fn of(weeks: &[(f64, f64)], dispersion: f64) -> Option<Self> {
        if weeks.len() < TREND_WEEKS {
            return None;
        }
        let points = || {
            let known = weeks.iter().enumerate().filter(|(_, (_, expected))| *expected > 0.0);
            known.map(|(week, (seen, expected))| {
                (week as f64, ((seen + 0.5) / (expected + 0.5)).ln(), expected / dispersion)
            })
        };
        let weight: f64 = points().map(|(_, _, w)| w).sum();
        let middle = points().map(|(x, _, w)| w * x).sum::<f64>() / weight;
        let information: f64 = points().map(|(x, _, w)| w * (x - middle).powi(2)).sum();
        let slope = points().map(|(x, y, w)| w * (x - middle) * y).sum::<f64>() / information;
        if !slope.is_finite() {
            return None;
        }
        let (error, prior) = (1.0 / information, PRIOR_GROWTH * PRIOR_GROWTH);
        let kept = prior / (prior + error);
        let growth = (slope * kept).clamp(-MOST_GROWTH, MOST_GROWTH);
        Some(Self { growth, unsure: (kept * error).sqrt(), middle })
    }

    /// The factor `week` weeks after the first of the weeks learned from began, and its standard error as a part.
    fn at(&self, week: f64) -> (f64, f64) {
        let ahead = week - self.middle;
        ((self.growth * ahead).exp(), self.unsure * ahead)
    }
}

#[cfg(test)]
mod tests;
