//! Hours in UTC: the buckets that everything is counted in.

use feedback::time::{Day, Timestamp};
use serde::{Deserialize, Serialize};

pub const A_DAY: usize = 24;
pub const A_WEEK: usize = 7 * A_DAY;
const MICROS: i64 = 3_600_000_000;
/// 1970-01-01 was a Thursday, three days after its Monday.
const SINCE_MONDAY: i32 = 72;

/// Hours since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hour(pub i32);

impl Hour {
    /// The hour that a moment lies in.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        // For any i64 of microseconds it is clamped to what an i32 of hours holds: 245,000 years.
        let hour = at.0.div_euclid(MICROS).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        Self(hour as i32)
    }

    /// The first hour of a day.
    #[must_use]
    pub fn of_day(day: Day) -> Self {
        Self(day.0 * A_DAY as i32)
    }

    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * MICROS)
    }

    #[must_use]
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(A_DAY as i32))
    }

    /// From 0, Monday's first, to 167.
    #[must_use]
    pub fn of_week(self) -> usize {
        (self.0 + SINCE_MONDAY).rem_euclid(A_WEEK as i32) as usize
    }

    #[must_use]
    pub fn plus(self, hours: i32) -> Self {
        Self(self.0 + hours)
    }
}

/// `2026-03-02 14:00`, always UTC.
impl std::fmt::Display for Hour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:02}:00", self.day(), self.0.rem_euclid(A_DAY as i32))
    }
}

/// A stretch of hours; `to` is the first that is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub from: Hour,
    pub to: Hour,
}

impl Span {
    #[must_use]
    pub fn hours(self) -> usize {
        (self.to.0 - self.from.0).max(0) as usize
    }

    #[must_use]
    pub fn contains(self, hour: Hour) -> bool {
        self.from <= hour && hour < self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_of_days_and_weeks() {
        // 2026-03-02 is a Monday.
        let monday = Hour::of_day(Day(20_514));
        assert_eq!((monday.of_week(), monday.plus(167).of_week(), monday.plus(168).of_week()), (0, 167, 0));
        assert_eq!(monday.plus(14).to_string(), "2026-03-02 14:00");
        assert_eq!(Hour::of(monday.plus(14).start()), monday.plus(14));
        assert_eq!(Hour::of(Timestamp(-1)), Hour(-1));
        assert_eq!((Hour(-1).day(), Hour(-1).to_string()), (Day(-1), "1969-12-31 23:00".to_owned()));
    }

    #[test]
    fn a_span_ends_before_its_end() {
        let span = Span { from: Hour(5), to: Hour(8) };
        assert_eq!(span.hours(), 3);
        assert!(span.contains(Hour(7)) && !span.contains(Hour(8)) && !span.contains(Hour(4)));
    }
}
