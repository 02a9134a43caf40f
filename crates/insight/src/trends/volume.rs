//! How many records a period has beside the one before it, and whether chance alone explains that.
//!
//! Given how many there are of both, those after are binomial, with the odds of the ratio (as [`super::movers`] has a topic's
//! volume): the interval is Wilson's, turned into ratios, on a total that is divided by the dispersion. Days scatter far more
//! than by chance, and neighbouring ones are alike: the dispersion is the one by which alerts tell a rise of whole days, here
//! around the week's rhythm at the levels of both periods and of the history before them.
//!
//! Simulated 600 times each (8 to 16 weeks known, periods of one and of four, 5 to 500 records a day with quiet weekends): where
//! nothing moves p is at most 0.05 in none to 7% where days vary by nothing or by 20%, and in 3 to 11% where they vary by 20 or
//! 40% and half or a third of that goes on to the next day. With four weeks known it would be up to 16%.

use super::movers::LEAST_RATIO;
use crate::{
    alerts::{PRIOR_DAY_SCATTER, dispersion_of_days},
    stats::{FEW, Interval, SUPPRESSED, distribution::normal_two_sided, proportion::Proportion},
};
use std::ops::Range;

const WEEK: usize = 7;
/// Days to know how days scatter.
const LEAST_DAYS: usize = 8 * WEEK;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VolumeMoved {
    /// Before and after.
    pub records: [u64; 2],
    /// After over before.
    pub ratio: f64,
    pub interval: Interval,
    /// Beyond chance; 1 is none.
    pub dispersion: f64,
    pub p: f64,
}

impl VolumeMoved {
    /// `totals` are those of days one behind the other: the last `days` are those after, as many before them those before, and
    /// all others the history. `None` where the periods are no whole weeks, so that their days of the week differ, where fewer
    /// than eight weeks are known, or where one of them has fewer than 5 records.
    #[must_use]
    pub fn of(totals: &[u64], days: usize) -> Option<Self> {
        let before = totals.len().checked_sub(2 * days)?;
        if days == 0 || !days.is_multiple_of(WEEK) || totals.len() < LEAST_DAYS {
            return None;
        }
        let (history, sides) = (0..before, [before..before + days, before + days..totals.len()]);
        let records = sides.clone().map(|side| totals[side].iter().sum::<u64>());
        let [earlier, later] = records;
        if earlier.min(later) < SUPPRESSED {
            return None;
        }
        let dispersion = dispersion(totals, &[[history].as_slice(), &sides].concat());
        let total = (earlier + later) as f64;
        let odds = |share: f64| share / (1.0 - share);
        let wilson = Proportion::new(later, earlier + later).deflated(dispersion).wilson();
        let (ratio, difference) = (later as f64 / earlier as f64, later as f64 - earlier as f64);
        Some(Self {
            records,
            ratio,
            interval: Interval::new(odds(wilson.low).min(ratio), odds(wilson.high).max(ratio)),
            dispersion,
            p: normal_two_sided(difference / (dispersion * total).sqrt()),
        })
    }

    /// Below 30 records on a side nothing is judged.
    #[must_use]
    pub fn can_be_judged(&self) -> bool {
        self.records.iter().all(|n| *n >= FEW)
    }

    /// By a fifth, as a topic's volume.
    #[must_use]
    pub fn is_large_enough(&self) -> bool {
        self.ratio.max(1.0 / self.ratio) >= LEAST_RATIO
    }
}

/// Of days around the rhythm of their weeks, at a level for each of the `stretches`.
fn dispersion(totals: &[u64], stretches: &[Range<usize>]) -> f64 {
    let of_week = |day: usize| day % WEEK;
    let (mut seen, mut days) = ([0.0; WEEK], [0.0; WEEK]);
    for (day, total) in totals.iter().enumerate() {
        seen[of_week(day)] += *total as f64;
        days[of_week(day)] += 1.0;
    }
    let stretches = stretches.iter().filter(|days| !days.is_empty());
    let mut residuals = Vec::with_capacity(totals.len());
    for stretch in stretches.clone() {
        let due = |day: usize| seen[of_week(day)] / days[of_week(day)];
        let all: u64 = totals[stretch.clone()].iter().sum();
        let level = all as f64 / stretch.clone().map(due).sum::<f64>();
        residuals.extend(stretch.clone().map(|day| {
            let expected = level * due(day);
            (expected > 0.0).then(|| (totals[day] as f64 - expected) / expected.sqrt())
        }));
    }
    let a_day = seen.iter().sum::<f64>() / totals.len() as f64;
    let fitted = WEEK - 1 + stretches.count();
    dispersion_of_days(&residuals, fitted as f64, 1.0 + PRIOR_DAY_SCATTER * a_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quiet weekends, and from the day `from` on `times` as many.
    fn weeks(days: usize, from: usize, times: u64) -> Vec<u64> {
        let of = |day: usize| if day % 7 >= 5 { 20 } else { 50 };
        (0..days).map(|day| of(day) * if day >= from { times } else { 2 }).collect()
    }

    #[test]
    fn what_stays_as_it_was_is_a_ratio_of_one() {
        let moved = VolumeMoved::of(&weeks(112, 112, 3), 28).unwrap();
        assert_eq!((moved.records, moved.ratio, moved.p), ([2_320, 2_320], 1.0, 1.0));
        assert!(moved.interval.low < 0.96 && moved.interval.high > 1.04, "{moved:?}");
        // By hand: the interval is as far from 1 either way, as odds are.
        assert!((moved.interval.low * moved.interval.high - 1.0).abs() < 1e-9);
    }

    #[test]
    fn half_as_many_again_is_large_and_plain() {
        let moved = VolumeMoved::of(&weeks(112, 84, 3), 28).unwrap();
        assert_eq!((moved.records, moved.ratio), ([2_320, 3_480], 1.5));
        assert!(moved.interval.low > 1.3 && moved.p < 1e-6 && moved.is_large_enough(), "{moved:?}");
        // The interval leaves 1 out where p is below 5%.
        assert!(moved.can_be_judged() && !moved.interval.contains(1.0));
    }

    #[test]
    fn among_weeks_that_scatter_it_may_be_chance() {
        let by_weeks = |day: usize| if (day / 7).is_multiple_of(2) { 1 } else { 5 };
        let totals: Vec<u64> =
            weeks(84, 77, 3).iter().enumerate().map(|(day, n)| n * by_weeks(day)).collect();
        let moved = VolumeMoved::of(&totals, 7).unwrap();
        assert!(moved.ratio > 5.0 && moved.dispersion > 100.0 && moved.p > 0.01, "{moved:?}");
        let even = VolumeMoved::of(&weeks(84, 77, 3), 7).unwrap();
        assert!(even.p < 1e-4 && even.dispersion < 10.0, "{even:?}");
    }

    #[test]
    fn nothing_is_told_of_what_cannot_be_compared() {
        let all = weeks(56, 56, 2);
        assert!(VolumeMoved::of(&all, 28).is_some());
        assert_eq!(VolumeMoved::of(&all[1..], 21), None, "one day short of eight weeks");
        assert_eq!(VolumeMoved::of(&all, 10), None, "other days of the week");
        assert_eq!(VolumeMoved::of(&all, 0), None);
        assert_eq!(VolumeMoved::of(&all, 35), None, "the period before is not known");
        let few = VolumeMoved::of(&[1; 56], 7).unwrap();
        assert!(!few.can_be_judged() && few.interval.contains(1.0), "{few:?}");
        assert_eq!(VolumeMoved::of(&[0; 56], 7), None);
    }
}
