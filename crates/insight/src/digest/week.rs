//! ISO weeks in UTC.

use crate::report::Period;
use chrono::{Datelike, NaiveDate, Weekday};
use feedback::time::{Day, Timestamp};
use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};

/// In which the days of the tables begin.
const FIRST_YEAR: i32 = 1970;

/// A week from Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    monday: Day,
}

/// The fault of whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeekError {
    #[error("{0:?} is no week: write the year and the number of the ISO week, as 2026-W12")]
    Form(String),
    #[error("{year} has no week {week}: its weeks are W01 to W{last}")]
    Number { year: i32, week: u32, last: u32 },
    #[error("{0} is too long ago: days are counted from 1970 on, so write a year from 1970, as 2026-W12")]
    TooEarly(i32),
}

impl Week {
    #[must_use]
    pub fn of(day: Day) -> Self {
        Self { monday: day.week_start() }
    }

    /// The last one that is over.
    #[must_use]
    pub fn last_before(now: Timestamp) -> Self {
        Self { monday: now.day().week_start().plus(-7) }
    }

    #[must_use]
    pub fn period(self) -> Period {
        Period { from: self.monday, to: self.monday.plus(6) }
    }

    /// The moment from which it is over.
    #[must_use]
    pub fn end(self) -> Timestamp {
        self.monday.plus(7).start()
    }

    /// So many weeks later, or earlier.
    #[must_use]
    pub fn plus(self, weeks: i32) -> Self {
        Self { monday: self.monday.plus(7 * weeks) }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.to_date().iso_week();
        f.pad(&format!("{:04}-W{:02}", week.year(), week.week()))
    }
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Week {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, WeekError> {
        let form = || WeekError::Form(text.to_owned());
        let (year, week) = text.trim().split_once('-').ok_or_else(form)?;
        let week = week.strip_prefix(['W', 'w']).ok_or_else(form)?;
        let digits = |text: &str, most: usize| {
            !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())
        };
        if year.len() != 4 || !digits(year, 4) || !digits(week, 2) {
            return Err(form());
        }
        let (year, week): (i32, u32) = (year.parse().map_err(|_| form())?, week.parse().map_err(|_| form())?);
        if year < FIRST_YEAR {
            return Err(WeekError::TooEarly(year));
        }
        let monday = |week| NaiveDate::from_isoywd_opt(year, week, Weekday::Mon);
        let last = if monday(53).is_some() { 53 } else { 52 };
        let date = monday(week).ok_or(WeekError::Number { year, week, last })?;
        Ok(Self { monday: Day::from_date(date) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_those_of_iso_8601() {
        // 1 January 2026 is a Thursday, so that 2026 has 53 weeks; 2027 begins within the last of them.
        let week: Week = "2026-W01".parse().unwrap();
        assert_eq!(
            (week.period().from.to_string(), week.period().to.to_string()),
            ("2025-12-29".into(), "2026-01-04".into())
        );
        assert_eq!("2026-w53".parse::<Week>().unwrap().plus(1).to_string(), "2027-W01");
        assert_eq!(Week::of(Day(20_514)).to_string(), "2026-W10");
        assert_eq!(" 2026-W9 ".parse::<Week>().unwrap().to_string(), "2026-W09");
        assert_eq!(serde_json::to_string(&week).unwrap(), "\"2026-W01\"");
    }

    #[test]
    fn what_is_no_week_is_refused_in_words() {
        let refused = |text: &str| text.parse::<Week>().unwrap_err();
        assert_eq!(refused("2025-W53"), WeekError::Number { year: 2025, week: 53, last: 52 });
        assert_eq!(refused("2026-W00"), WeekError::Number { year: 2026, week: 0, last: 53 });
        assert_eq!(refused("2025-W60").to_string(), "2025 has no week 60: its weeks are W01 to W52");
        for text in ["0000-W01", "1969-W52"] {
            let told = refused(text).to_string();
            assert!(told.contains("days are counted from 1970 on"), "{told}");
        }
        assert!("1970-W01".parse::<Week>().is_ok());
        for text in
            ["", "2026", "2026-12", "W12-2026", "2026-W", "2026-W123", "2026-W+1", "٢٠٢٦-W12", "26-W12"]
        {
            assert_eq!(refused(text), WeekError::Form(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_last_week_is_over() {
        // A Sunday and the Monday after it.
        let (sunday, monday) = (Day(20_779), Day(20_780));
        assert_eq!(Week::last_before(sunday.start()).period().to, sunday.plus(-7));
        assert_eq!(Week::last_before(monday.start()).period().to, sunday);
        assert_eq!(Week::of(sunday).end(), monday.start());
    }
}
