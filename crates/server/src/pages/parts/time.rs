//! Moments and days, in UTC, for people and for programs.

use chrono::{DateTime, Datelike as _, NaiveDate};
use feedback::time::{Day, Timestamp};
use insight::report::Period;
use maud::{Markup, html};

/// `27 Nov 2026 09:30 UTC`, with the machine's form beside it.
#[must_use]
pub fn moment(at: Timestamp) -> Markup {
    let Some(time) = DateTime::from_timestamp_micros(at.0) else { return html! { "unknown" } };
    html! {
        time datetime=(time.to_rfc3339()) { (time.format("%-d %b %Y %H:%M")) " UTC" }
    }
}

/// `27 Nov 2026`.
#[must_use]
pub fn day(day: Day) -> Markup {
    html! { time datetime=(day) { (written(day)) } }
}

/// `27 Nov 2026`, as plain text.
#[must_use]
pub fn written(day: Day) -> String {
    date(day).map_or_else(|| day.to_string(), |date| date.format("%-d %b %Y").to_string())
}

/// `27 Nov`, for axes.
#[must_use]
pub fn short(day: Day) -> String {
    date(day).map_or_else(|| day.to_string(), |date| date.format("%-d %b").to_string())
}

/// `2 to 29 Mar 2026`: what both ends share stands once.
#[must_use]
pub fn period(Period { from, to }: Period) -> String {
    let (Some(first), Some(last)) = (date(from), date(to)) else { return format!("{from} to {to}") };
    if from == to {
        return written(from);
    }
    let begins = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => first.format("%-d").to_string(),
        (true, false) => first.format("%-d %b").to_string(),
        (false, _) => first.format("%-d %b %Y").to_string(),
    };
    format!("{begins} to {}", written(to))
}

/// How long ago, roughly: `2 minutes ago`.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = (now.0 - at.0).max(0) / 1_000_000;
    let (n, unit) = match seconds {
        0..=1 => return "just now".to_owned(),
        2..=119 => (seconds, "second"),
        120..=7_199 => (seconds / 60, "minute"),
        7_200..=172_799 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{n} {unit}{} ago", if n == 1 { "" } else { "s" })
}

fn date(day: Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1970, 1, 1)?.checked_add_signed(chrono::TimeDelta::try_days(day.0.into())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Day {
        Day::from_date(text.parse().unwrap())
    }

    #[test]
    fn what_both_ends_of_a_period_share_stands_once() {
        let said = |from, to| period(Period { from: on(from), to: on(to) });
        assert_eq!(said("2026-03-02", "2026-03-29"), "2 to 29 Mar 2026");
        assert_eq!(said("2026-03-30", "2026-04-05"), "30 Mar to 5 Apr 2026");
        assert_eq!(said("2025-12-29", "2026-01-04"), "29 Dec 2025 to 4 Jan 2026");
        assert_eq!(said("2026-03-02", "2026-03-02"), "2 Mar 2026");
    }

    #[test]
    fn how_long_ago_is_told_roughly() {
        let now = Timestamp(1_000_000_000_000_000);
        let said = |seconds: i64| ago(Timestamp(now.0 - seconds * 1_000_000), now);
        assert_eq!(said(0), "just now");
        assert_eq!(said(-5), "just now", "clocks differ");
        assert_eq!(said(45), "45 seconds ago");
        assert_eq!(said(130), "2 minutes ago");
        assert_eq!(said(8_000), "2 hours ago");
        assert_eq!(said(86_400 * 3), "3 days ago");
    }
}
