//! Time is UTC, in microseconds, as the tables hold it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    #[must_use]
    pub fn from_datetime(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }

    /// `None` beyond the years chrono can name.
    #[must_use]
    pub fn to_datetime(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.0)
    }

    #[must_use]
    pub fn day(self) -> Day {
        // A day since 1970 fits an i32 for any i64 of microseconds (about ±292,000 years).
        Day(self.0.div_euclid(MICROS_PER_DAY) as i32)
    }
}

/// Days since 1970-01-01 in UTC: the partition of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.signed_duration_since(NaiveDate::default()).num_days() as i32)
    }

    #[must_use]
    pub fn to_date(self) -> NaiveDate {
        NaiveDate::default() + chrono::Duration::days(i64::from(self.0))
    }

    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * MICROS_PER_DAY)
    }

    /// The Monday that starts the ISO week of this day.
    #[must_use]
    pub fn week_start(self) -> Self {
        // 1970-01-01 was a Thursday, three days after its Monday.
        Self(self.0 - (self.0 + 3).rem_euclid(7))
    }

    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.to_date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_weeks() {
        let day = Day::from_date(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
        assert_eq!(day.to_string(), "2026-01-01");
        assert_eq!(day.week_start().to_string(), "2025-12-29");
        assert_eq!(day.start().day(), day);
        assert_eq!(Timestamp(-1).day(), Day(-1));
    }
}
