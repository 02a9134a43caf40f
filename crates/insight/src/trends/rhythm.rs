//! The weekly rhythm of the volume.

use crate::stats::{FEW, Interval, distribution::f_upper, proportion::Proportion};
use feedback::time::Day;

/// Weeks below which a rhythm cannot be told from single events.
const LEAST_WEEKS: usize = 4;

/// How the days of the week share the records of whole ISO weeks.
#[derive(Debug, Clone, PartialEq)]
pub struct Rhythm {
    pub weeks: usize,
    /// The Monday of the first of them.
    pub from: Day,
    /// Monday first.
    pub records: [u64; 7],
    /// Monday first: records over those of an average day, with intervals.
    pub profile: [(f64, Interval); 7],
    pub p: f64,
}

impl Rhythm {
    /// Index of the busiest day, 0 is Monday, and of the quietest.
    #[must_use]
    pub fn extremes(&self) -> (usize, usize) {
        let order = |a: &usize, b: &usize| self.profile[*a].0.total_cmp(&self.profile[*b].0);
        // Seven days are never empty.
        ((0..7).max_by(order).unwrap_or(0), (0..7).min_by(order).unwrap_or(0))
    }

    /// The busiest day has at least a fifth more than an average one, or the quietest a fifth less.
    #[must_use]
    pub fn is_large_enough(&self) -> bool {
        let (busiest, quietest) = self.extremes();
        self.profile[busiest].0 >= 1.2 || self.profile[quietest].0 <= 1.0 / 1.2
    }
}

/// An overdispersed chi-square test that every day of the week is alike: the chi-square of the seven totals
/// over that of the weeks around the common profile, as an F with 6 and 6 (weeks - 1) degrees of
/// freedom (McCullagh and Nelder 1989, section 4.5). `totals` start on `start`. `None` below four whole
/// weeks or 30 records a week.
#[must_use]
pub fn rhythm(totals: &[u64], start: Day) -> Option<Rhythm> {
    let skip = (start.week_start().plus(7).0 - start.0) as usize % 7;
    let weeks: Vec<&[u64]> = totals.get(skip..)?.chunks_exact(7).collect();
    let n: u64 = weeks.iter().flat_map(|week| week.iter()).sum();
    if weeks.len() < LEAST_WEEKS || n < FEW * weeks.len() as u64 {
        return None;
    }
    let by_day: [u64; 7] = std::array::from_fn(|day| weeks.iter().map(|week| week[day]).sum());
    let even = n as f64 / 7.0;
    let between: f64 = by_day.iter().map(|y| (*y as f64 - even).powi(2) / even).sum::<f64>() / 6.0;
    let df = 6.0 * (weeks.len() - 1) as f64;
    let phi = (around(&weeks, &by_day, n as f64) / df).max(1.0);
    let profile = by_day.map(|y| {
        let share = Proportion::new(y, n);
        (share.share() * 7.0, share.deflated(phi).wilson().scaled(7.0))
    });
    let from = start.plus(skip as i32);
    Some(Rhythm { weeks: weeks.len(), from, records: by_day, profile, p: f_upper(between / phi, 6.0, df)? })
}

fn around(weeks: &[&[u64]], by_day: &[u64; 7], n: f64) -> f64 {
    let mut chi_square = 0.0;
    for week in weeks {
        let total: u64 = week.iter().sum();
        for (y, of_day) in week.iter().zip(by_day) {
            let expected = total as f64 * *of_day as f64 / n;
            if expected > 0.0 {
                chi_square += (*y as f64 - expected).powi(2) / expected;
            }
        }
    }
    chi_square
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rng::Rng;

    // 2026-01-05 is a Monday.
    const MONDAY: Day = Day(20_458);

    fn noisy(seed: u64, weekend: f64, noise: f64) -> Vec<u64> {
        let mut rng = Rng::new(seed);
        let mut day = |d: usize| {
            let mean: f64 = if d % 7 >= 5 { 100.0 * weekend } else { 100.0 };
            (mean + noise * mean.sqrt() * rng.normal()).round().max(0.0) as u64
        };
        (0..84).map(&mut day).collect()
    }

    #[test]
    fn quiet_weekends_are_a_rhythm() {
        assert_eq!(MONDAY.week_start(), MONDAY);
        let found = rhythm(&noisy(1, 0.4, 2.0), MONDAY).unwrap();
        assert!(found.p < 1e-12 && found.is_large_enough());
        assert!(found.extremes().1 >= 5 && found.extremes().0 < 5);
        assert!(found.profile[6].1.contains(0.4 / (5.8 / 7.0)));
        // Started in mid-week, the same days carry the same names.
        let later = rhythm(&noisy(1, 0.4, 2.0)[3..], MONDAY.plus(3)).unwrap();
        assert!(later.weeks == 11 && later.extremes().1 >= 5);
    }

    #[test]
    fn even_weeks_keep_the_level() {
        for noise in [1.0, 2.5] {
            let hits =
                (0..600).filter(|seed| rhythm(&noisy(*seed, 1.0, noise), MONDAY).unwrap().p <= 0.05).count();
            // 5% of 600 and 2.6 standard errors.
            assert!((8..=43).contains(&hits), "noise {noise}: {hits}");
        }
    }

    #[test]
    fn three_weeks_are_too_few() {
        assert_eq!(rhythm(&[100; 27], MONDAY), None);
        assert_eq!(rhythm(&[1; 84], MONDAY), None);
        assert!(rhythm(&[100; 28], MONDAY).is_some());
        assert_eq!(rhythm(&[], MONDAY.plus(2)), None);
    }
}
