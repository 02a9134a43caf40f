//! When the digest is due: a day and a time of every week, in a time zone.

use crate::config::DigestSection;
use anyhow::{Context as _, Result, anyhow};
use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;
use feedback::time::{Day, Timestamp};
use insight::digest::Week;

/// Minutes after the time that a clock passes over (it was put forward) at which it goes on.
const FORWARD: [i64; 9] = [0, 15, 30, 45, 60, 75, 90, 105, 120];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    day: Weekday,
    time: NaiveTime,
    zone: Tz,
}

/// A digest that is due: of which week, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub week: Week,
    pub at: Timestamp,
}

impl Schedule {
    /// As the configuration has it.
    pub fn of(section: &DigestSection) -> Result<Self> {
        // Whoever loaded the configuration has told what is wrong.
        let wrong = |key: &str| anyhow!("digest.{key} is wrong: `verbatim config check` tells why");
        let time = NaiveTime::parse_from_str(section.time.trim(), "%H:%M").map_err(|_| wrong("time"))?;
        let day = section.day.trim().parse().map_err(|_| wrong("day"))?;
        let zone = section.zone.trim().parse().map_err(|_| wrong("zone"))?;
        Ok(Self { day, time, zone })
    }

    /// The last one that is due by now: whatever was missed before it is made up for by this one.
    pub fn last(&self, now: Timestamp) -> Result<Due> {
        let clock = now.to_datetime().context("the clock of this machine is beyond all calendars")?;
        // In the east the next day has begun already.
        let mut date = clock.with_timezone(&self.zone).date_naive();
        while date.weekday() != self.day {
            date = date.pred_opt().context("the clock of this machine is beyond all calendars")?;
        }
        let due = self.due_on(date);
        Ok(if due.at <= now { due } else { self.due_on(date - Duration::days(7)) })
    }

    /// On a date: of the week before that date's. That week has to be over in UTC, by which days are counted.
    fn due_on(&self, date: NaiveDate) -> Due {
        let week = Week::of(Day::from_date(date)).plus(-1);
        let over = week.period().to.plus(1).start();
        Due { week, at: Timestamp::from_datetime(self.moment(date)).max(over) }
    }

    /// The time on a date; of one that comes twice the first, of one that the clock passes over when it goes on.
    fn moment(&self, date: NaiveDate) -> DateTime<Utc> {
        let wanted = date.and_time(self.time);
        let at =
            |minutes: &i64| self.zone.from_local_datetime(&(wanted + Duration::minutes(*minutes))).earliest();
        // Only a whole day that a zone passed over, as Samoa did once, has no such time.
        FORWARD.iter().find_map(at).map_or_else(|| wanted.and_utc(), |found| found.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(day: &str, time: &str, zone: &str) -> Result<Schedule> {
        let [day, time, zone] = [day, time, zone].map(str::to_owned);
        Schedule::of(&DigestSection { targets: "none".to_owned(), day, time, zone, to: Vec::new() })
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::from_datetime(text.parse().unwrap())
    }

    fn last(zone: &str, time: &str, now: &str) -> (String, Timestamp) {
        let due = schedule("Monday", time, zone).unwrap().last(at(now)).unwrap();
        (due.week.to_string(), due.at)
    }

    #[test]
    fn it_is_due_from_its_time_on_until_the_next() {
        // 2026-03-23 is a Monday; the week before it is W12.
        let due = ("2026-W12".to_owned(), at("2026-03-23T07:00:00Z"));
        assert_eq!(last("Europe/Berlin", "08:00", "2026-03-23T07:00:00Z"), due);
        assert_eq!(last("Europe/Berlin", "08:00", "2026-03-30T05:59:59Z"), due);
        // The clocks went forward on 29 March.
        let next = ("2026-W13".to_owned(), at("2026-03-30T06:00:00Z"));
        assert_eq!(last("Europe/Berlin", "08:00", "2026-03-30T06:00:00Z"), next);
    }

    #[test]
    fn a_week_is_told_only_once_it_is_over_in_utc() {
        // Monday 08:00 in Tokyo is Sunday 23:00 in UTC.
        let before = ("2026-W11".to_owned(), at("2026-03-16T00:00:00Z"));
        assert_eq!(last("Asia/Tokyo", "08:00", "2026-03-22T23:30:00Z"), before);
        let after = ("2026-W12".to_owned(), at("2026-03-23T00:00:00Z"));
        assert_eq!(last("Asia/Tokyo", "08:00", "2026-03-23T00:00:00Z"), after);
        // In the west Monday comes later.
        let west = ("2026-W12".to_owned(), at("2026-03-23T15:00:00Z"));
        assert_eq!(last("America/Los_Angeles", "08:00", "2026-03-23T16:00:00Z"), west);
    }

    #[test]
    fn a_time_that_the_clock_passes_over_or_has_twice_is_found() {
        let sunday =
            |zone: &str, now: &str| schedule("sunday", "02:30", zone).unwrap().last(at(now)).unwrap().at;
        // Berlin: from 02:00 to 03:00 on 29 March, and back from 03:00 to 02:00 on 25 October 2026.
        assert_eq!(sunday("Europe/Berlin", "2026-03-29T12:00:00Z"), at("2026-03-29T01:00:00Z"));
        assert_eq!(sunday("Europe/Berlin", "2026-10-25T12:00:00Z"), at("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn what_is_no_day_time_or_zone_is_told() {
        let wrong = |day: &str, time: &str, zone: &str| schedule(day, time, zone).unwrap_err().to_string();
        assert!(wrong("someday", "08:00", "UTC").starts_with("digest.day is wrong"));
        assert!(wrong("monday", "8 o'clock", "UTC").starts_with("digest.time is wrong"));
        assert!(wrong("monday", "08:00", "Berlin").starts_with("digest.zone is wrong"));
        assert!(schedule("fri", "23:59", "America/New_York").is_ok());
    }
}
