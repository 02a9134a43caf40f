//! Twelve complete ISO weeks, and when in a day people write.

use crate::rng::Rng;
use chrono::SecondsFormat;
use feedback::time::{Day, Timestamp};

pub const WEEKS: i32 = 12;
pub const DAYS: i32 = WEEKS * 7;
const SECOND: i64 = 1_000_000;
pub const HOUR: i64 = 3600 * SECOND;
pub const DAY: i64 = 24 * HOUR;

/// Monday to Sunday; the mean is 1, so that the rhythm moves no weekly total.
const RHYTHM: [f64; 7] = [1.28, 1.24, 1.20, 1.14, 0.98, 0.60, 0.56];
/// Public posts and reviews are written at leisure: a flatter week.
const RHYTHM_SOCIAL: [f64; 7] = [1.06, 1.04, 1.03, 1.02, 0.99, 0.94, 0.92];
/// Relative activity by hour, UTC: Europe in the morning, America in the afternoon.
const HOURS: [f64; 24] = [
    0.5, 0.4, 0.3, 0.3, 0.4, 0.6, 1.0, 1.6, 2.2, 2.5, 2.4, 2.2, 2.1, 2.4, 2.6, 2.6, 2.4, 2.1, 1.8, 1.6, 1.4,
    1.1, 0.9, 0.7,
];

/// The period of a history: `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// A Monday.
    pub start: Day,
    /// The Monday after the last Sunday; not part of the period.
    pub end: Day,
}

impl Period {
    /// The twelve complete ISO weeks before the week of `today`.
    #[must_use]
    pub fn before(today: Day) -> Self {
        let end = today.week_start();
        Self { start: end.plus(-DAYS), end }
    }

    /// The factor on a day's volume, given as days since the start (a Monday).
    pub(crate) fn rhythm(offset: i32, social: bool) -> f64 {
        let weekday = offset.rem_euclid(7) as usize;
        if social { RHYTHM_SOCIAL[weekday] } else { RHYTHM[weekday] }
    }

    /// A moment between `at` and `at + most`, still within the period: what arrives late arrives before its end,
    /// so that the last week is as complete as the others.
    pub(crate) fn later(self, rng: &mut Rng, at: Timestamp, most: i64) -> Timestamp {
        let room = (self.end.start().0 - SECOND - at.0).clamp(0, most);
        Timestamp(at.0 + (rng.unit() * room as f64) as i64 / SECOND * SECOND)
    }
}

/// A second of the day, as people write over the day.
pub(crate) fn moment(rng: &mut Rng, day: Day) -> Timestamp {
    let hour = rng.weighted(&HOURS) as i64;
    Timestamp(day.start().0 + hour * HOUR + rng.range(0, 3599) * SECOND)
}

/// `2026-09-01T08:30:00Z`.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    // Every moment of a history is one that chrono can name.
    at.to_datetime().map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rhythm_moves_no_weekly_total() {
        for social in [false, true] {
            let mean = (0..7).map(|day| Period::rhythm(day, social)).sum::<f64>() / 7.0;
            assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        }
    }

    #[test]
    fn the_period_is_complete_weeks_in_the_past() {
        for today in 20_000..20_010 {
            let period = Period::before(Day(today));
            assert_eq!(period.start, period.start.week_start());
            assert_eq!(period.end.0 - period.start.0, DAYS);
            assert!(period.end.0 <= today && today < period.end.0 + 7);
        }
    }
}
