//! Which days, product and source are asked for: read from an address, for pages and programs.

use crate::problem::Problem;
use crate::state::now;
use feedback::time::Day;
use insight::report::{Period, Scope, scope::parse_day};
use serde::Deserialize;

/// Beyond this it is no overview any more, and a report takes too long.
const MOST_DAYS: i32 = 731;

/// The address as it came. Absent and empty are the same.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub weeks: String,
    pub from: String,
    pub to: String,
    pub product: String,
    pub source: String,
    pub sort: String,
}

impl Asked {
    /// Complete weeks, or the days that are named.
    ///
    /// # Errors
    /// What cannot be read, with what can.
    pub fn scope(&self, usual_weeks: i32) -> Result<Scope, Problem> {
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        let weeks = self.weeks(usual_weeks)?;
        let whole = Scope::weeks_before(now(), weeks).period;
        let period = match (from, to) {
            (Some(from), Some(to)) => Period { from, to },
            (Some(from), None) => Period { from, to: now().day().plus(-1).max(from) },
            (None, Some(to)) => Period { from: to.plus(1 - 7 * weeks), to },
            (None, None) => whole,
        };
        if period.from > period.to {
            return Err(Problem::bad_request(format!("from={} is after to={}", period.from, period.to)));
        }
        if period.days() > MOST_DAYS {
            return Err(Problem::bad_request(format!("at most {MOST_DAYS} days fit on a page")));
        }
        let named = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let scope = Scope::of_days(period.from, period.to);
        Ok(Scope { product: named(&self.product), source: named(&self.source), ..scope })
    }

    /// How many, of those that count where no days are named.
    ///
    /// # Errors
    /// What is no number of them.
    pub fn weeks(&self, usual: i32) -> Result<i32, Problem> {
        match self.weeks.trim() {
            "" => Ok(usual),
            text => text.parse().ok().filter(|weeks| (1..=MOST_DAYS / 7).contains(weeks)).ok_or_else(|| {
                Problem::bad_request(format!("weeks={text}: expected a number from 1 to {}", MOST_DAYS / 7))
            }),
        }
    }
}

fn day(name: &str, text: &str) -> Result<Option<Day>, Problem> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = parse_day(text);
    day.map(Some).ok_or_else(|| Problem::bad_request(format!("{name}: expected a date as in 2026-03-02")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(weeks: &str, from: &str, to: &str) -> Asked {
        Asked { weeks: weeks.into(), from: from.into(), to: to.into(), ..Asked::default() }
    }

    #[test]
    fn complete_weeks_unless_days_are_named() {
        let days = |weeks, from, to| asked(weeks, from, to).scope(4).map(|scope| scope.period.days());
        assert_eq!(days("", "", "").unwrap(), 28);
        assert_eq!(days("1", "", "").unwrap(), 7);
        assert_eq!(days("", "2026-03-02", "2026-03-08").unwrap(), 7);
        assert_eq!(days("2", "", "08.03.2026").unwrap(), 14);
        for (weeks, from, to) in [
            ("0", "", ""),
            ("many", "", ""),
            ("", "soon", ""),
            ("", "2026-03-09", "2026-03-08"),
            ("", "2001-01-01", "2026-03-08"),
        ] {
            assert!(days(weeks, from, to).is_err(), "{weeks} {from} {to}");
        }
    }
}
