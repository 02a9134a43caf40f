//! RFC 3339 times, read without a general date library: it is on the way of every event, three times.
//!
//! Also accepted, since exports write them: a space for the `T`, lower-case letters, an offset without its
//! colon or written ` UTC` or ` GMT`, no offset (UTC is meant), a clock without seconds, a date alone (its midnight in
//! UTC), and the date as `31.03.2026` or `1.3.2026`. Not `03/04/2026`: nobody can tell which of the two is the month.
//! Nor a year of two digits: `01.02.03` may be any of three.

use crate::time::Timestamp;

/// Why a text is no time that [`parse`] reads, and what is. Never any of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoTime {
    #[error("expected a date of the calendar: there is no such day")]
    NoSuchDay,
    #[error("expected the date as 2026-03-31 or 31.03.2026: with slashes nobody can tell which is the month")]
    Slashes,
    #[error("expected a date (2026-03-31 or 31.03.2026) or a time (2026-03-31T08:00:00Z, 31.03.2026 08:00)")]
    Unread,
}

/// As [`parse`], for whoever has a person to tell what was wrong.
///
/// # Errors
/// Says why the text is no time, and which forms are.
pub fn read(text: &str) -> Result<Timestamp, NoTime> {
    parse(text).ok_or_else(|| why_not(text))
}

/// `None` where the text is no such time. Digits below a microsecond are cut off.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let ((year, month, day), rest) = date(bytes)?;
    if !is_day(year, month, day) {
        return None;
    }
    let midnight = days_from_civil(year, month, day) * 86_400;
    let Some((separator, clock)) = rest.split_first() else {
        return Some(Timestamp(midnight * 1_000_000));
    };
    if !matches!(separator, b'T' | b't' | b' ') || clock.len() < 5 || clock[2] != b':' {
        return None;
    }
    let (hour, minute) = (pair(clock, 0)?, pair(clock, 3)?);
    let (second, rest) = seconds(&clock[5..])?;
    // A second 60 is a leap second; it counts as the first of the next minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let (micros, rest) = fraction(rest)?;
    let seconds = midnight + hour * 3_600 + minute * 60 + second - offset(rest)?;
    Some(Timestamp(seconds * 1_000_000 + micros))
}

/// Of a text that is no time.
#[cold]
#[must_use]
pub fn why_not(text: &str) -> NoTime {
    match date(text.as_bytes()) {
        _ if is_ambiguous(text) => NoTime::Slashes,
        Some(((year, month, day), _)) if !is_day(year, month, day) => NoTime::NoSuchDay,
        _ => NoTime::Unread,
    }
}

/// Whether it begins with two numbers that may each be the month, and slashes behind them.
fn is_ambiguous(text: &str) -> bool {
    let may_be_month = |part: &str| {
        matches!(part.len(), 1 | 2)
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|month| month <= 12)
    };
    let mut parts = text.splitn(3, '/');
    parts.next().is_some_and(may_be_month)
        && parts.next().is_some_and(may_be_month)
        && parts.next().is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
}

/// Year, month and day.
type Date = (i64, i64, i64);

/// The date as it is written at the front, whether or not there is such a day, and what follows it.
fn date(bytes: &[u8]) -> Option<(Date, &[u8])> {
    match bytes.split_at_checked(10) {
        Some((date, rest)) if date[4] == b'-' && date[7] == b'-' => {
            let year = pair(date, 0)? * 100 + pair(date, 2)?;
            Some(((year, pair(date, 5)?, pair(date, 8)?), rest))
        }
        _ => date_with_points(bytes),
    }
}

/// Day and month, of one digit or two, and the year, of four.
fn date_with_points(bytes: &[u8]) -> Option<(Date, &[u8])> {
    let (day, rest) = before_point(bytes)?;
    let (month, rest) = before_point(rest)?;
    let (year, rest) = rest.split_at_checked(4)?;
    Some(((pair(year, 0)? * 100 + pair(year, 2)?, month, day), rest))
}

fn before_point(bytes: &[u8]) -> Option<(i64, &[u8])> {
    match bytes {
        [ones, b'.', rest @ ..] => Some((pair(&[b'0', *ones], 0)?, rest)),
        [tens, ones, b'.', rest @ ..] => Some((pair(&[*tens, *ones], 0)?, rest)),
        _ => None,
    }
}

fn is_day(year: i64, month: i64, day: i64) -> bool {
    (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day)
}

fn pair(bytes: &[u8], at: usize) -> Option<i64> {
    let (tens, ones) = (bytes[at].wrapping_sub(b'0'), bytes[at + 1].wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| i64::from(tens) * 10 + i64::from(ones))
}

/// None are none of the minute; what has no seconds has no fraction of them either.
fn seconds(rest: &[u8]) -> Option<(i64, &[u8])> {
    match rest {
        [b':', tens, ones, rest @ ..] => Some((pair(&[*tens, *ones], 0)?, rest)),
        [b':' | b'.', ..] => None,
        rest => Some((0, rest)),
    }
}

fn fraction(rest: &[u8]) -> Option<(i64, &[u8])> {
    let Some(digits) = rest.strip_prefix(b".") else { return Some((0, rest)) };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 {
        return None;
    }
    let micros =
        (0..6).fold(0, |micros, at| micros * 10 + if at < length { i64::from(digits[at] - b'0') } else { 0 });
    Some((micros, &digits[length..]))
}

/// Seconds east of UTC.
fn offset(rest: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match rest {
        [] | [b'Z' | b'z'] | b" UTC" | b" GMT" => return Some(0),
        [sign @ (b'+' | b'-'), a, b, b':', c, d] | [sign @ (b'+' | b'-'), a, b, c, d] => {
            (*sign, pair(&[*a, *b], 0)?, pair(&[*c, *d], 0)?)
        }
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3_600 + minutes * 60;
    Some(if sign == b'-' { -seconds } else { seconds })
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar carried back; Howard Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms", `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, SecondsFormat};
    use proptest::prelude::*;

    #[test]
    fn forms_that_exports_write() {
        let noon = parse("2026-11-22T12:00:00Z");
        assert!(noon.is_some());
        for same in [
            "2026-11-22t12:00:00z",
            "2026-11-22 12:00:00",
            "2026-11-22T12:00:00.000000000Z",
            "2026-11-22T14:30:00+02:30",
            "2026-11-22T07:00:00-0500",
            "2026-11-22 12:00",
            "2026-11-22T12:00Z",
            "2026-11-22T14:30+02:30",
            "2026-11-22 12:00:00 UTC",
            "2026-11-22 12:00:00.000 GMT",
            "2026-11-22 12:00 UTC",
            "22.11.2026 12:00",
            "22.11.2026 12:00:00",
        ] {
            assert_eq!(parse(same), noon, "{same}");
        }
        for midnight in ["2026-11-22", "22.11.2026"] {
            assert_eq!(parse(midnight).map(|at| at.0), noon.map(|at| at.0 - 43_200_000_000), "{midnight}");
        }
    }

    #[test]
    fn with_points_one_digit_is_enough_for_day_and_month() {
        for (short, same) in [
            ("1.3.2026", "2026-03-01"),
            ("31.3.2026", "2026-03-31"),
            ("1.12.2026", "2026-12-01"),
            ("1.3.2026 14:05", "2026-03-01T14:05:00Z"),
            ("31.3.2026 14:05:06", "2026-03-31T14:05:06Z"),
        ] {
            assert!(parse(short).is_some(), "{short}");
            assert_eq!(parse(short), parse(same), "{short}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "yesterday",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-10",
            "2026-01-00",
            "2026-1-1",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00",
            "2026-01-01T00:00:",
            "2026-01-01T00:00.5",
            "2026-01-01T00:00:0",
            "2026-01-01T00:00:00.Z",
            "2026-01-01 00:00:00 CET",
            "2026-01-01 12:00 PM",
            "2026-01-01 UTC",
            "03/04/2026",
            "31/03/2026 12:00",
            "29.02.2026",
            "13.13.2026",
            "0.2.2026",
            "1.2.26",
            "01.02.26",
            "1.2.20265",
            "001.2.2026",
            ".2.2026",
            "1..2026",
            "01.02-2026",
            "31-03-2026",
            "2026-01-01T00:00:00+1",
            "2026-01-01T00:00:00Zulu",
            "2026-01-01T00:00:00+99:00",
            "2026-01-01Z",
            "２０２６-01-01",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_told_with_what_is() {
        for (text, why) in [
            ("31.02.2026", NoTime::NoSuchDay),
            ("2026-02-31", NoTime::NoSuchDay),
            ("2026-13-01T08:00:00Z", NoTime::NoSuchDay),
            ("03/04/2026", NoTime::Slashes),
            ("3/4/26 10:15", NoTime::Slashes),
            // Nobody takes 31 for a month.
            ("31/03/2026", NoTime::Unread),
            ("03/31/2026 10:15", NoTime::Unread),
            ("2026/03/31", NoTime::Unread),
            ("31-03-2026", NoTime::Unread),
            ("1.2.26", NoTime::Unread),
            ("31.2.2026", NoTime::NoSuchDay),
            ("yesterday", NoTime::Unread),
            ("2026-03-31T25:00:00Z", NoTime::Unread),
            ("", NoTime::Unread),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
            assert!(why.to_string().starts_with("expected "), "{why}");
        }
        assert_eq!(read("31.03.2026").ok(), parse("2026-03-31"));
        let forms = NoTime::Unread.to_string();
        let is_form = |form: &&str| form.starts_with(|first: char| first.is_ascii_digit());
        let forms: Vec<&str> = forms.split(['(', ')', ',']).map(str::trim).collect();
        for form in forms.iter().flat_map(|list| list.split(" or ")).filter(is_form) {
            assert!(parse(form).is_some(), "{form} is told to be read");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_chrono(seconds in -62_167_219_200_i64..253_402_300_800, nanos in 0_u32..1_000_000_000, minutes in -1439_i32..1440) {
            let at = DateTime::from_timestamp(seconds, nanos).unwrap();
            let zone = chrono::FixedOffset::east_opt(minutes * 60).unwrap();
            let text = at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false);
            prop_assume!(text.as_bytes()[4] == b'-' && !text.starts_with(['+', '-']));
            prop_assert_eq!(parse(&text), Some(Timestamp::from_datetime(at)), "{}", text);
        }

        /// Whatever chrono reads as RFC 3339 reads the same here; strings near the format, mostly broken.
        #[test]
        fn agrees_with_chrono_near_the_format(text in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?(Z|z|[+-][0-2][0-9]:[0-6][0-9])") {
            let theirs = DateTime::parse_from_rfc3339(&text).ok().map(|at| Timestamp(at.timestamp_micros()));
            prop_assert_eq!(parse(&text), theirs, "{}", text);
        }

        #[test]
        fn never_panics(text in ".{0,40}") {
            let _ = read(&text);
        }
    }
}
