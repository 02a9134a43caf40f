//! Times as vendors write them.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};
use feedback::rfc3339;
use serde_json::Value;

/// Beyond this many a count is of milliseconds: as seconds it would lie after the year 5000.
const MOST_SECONDS: f64 = 1e11;

/// RFC 3339 in UTC; `None` for what is no time.
pub(crate) fn read(value: &Value) -> Option<String> {
    let time = match value {
        Value::Number(number) => counted(number.as_f64()?)?,
        Value::String(text) => written(text.trim())?,
        _ => return None,
    };
    Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// The latest of some times as [`read`] gives them.
pub(crate) fn latest(times: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    times.into_iter().flatten().max_by_key(|time| rfc3339::parse(time))
}

fn counted(count: f64) -> Option<DateTime<Utc>> {
    let seconds = if count.abs() > MOST_SECONDS { count / 1e3 } else { count };
    // To the microsecond, which is what the tables keep.
    DateTime::from_timestamp_micros((seconds * 1e6).round() as i64)
}

fn written(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    // `+0000` without a colon, and times to the minute.
    for form in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(time) = DateTime::parse_from_str(text, form) {
            return Some(time.with_timezone(&Utc));
        }
    }
    // Those without an offset are in UTC.
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text.trim_end_matches(" UTC"), form) {
            return Some(time.and_utc());
        }
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().and_then(counted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_moment_in_every_way_it_is_written() {
        for value in [
            json!(1_772_443_800),
            json!(1_772_443_800_000_i64),
            json!("1772443800"),
            json!("1772443800000"),
            json!(1_772_443_800.0),
            json!("2026-03-02T09:30:00Z"),
            json!("2026-03-02T10:30:00+01:00"),
            json!("2026-03-02T09:30:00+0000"),
            json!("2026-03-02T09:30:00.000Z"),
            json!("2026-03-02T09:30:00"),
            json!("2026-03-02 09:30:00"),
            json!("2026-03-02 09:30:00 UTC"),
            json!("2026-03-02T09:30Z"),
            json!("2026-03-02T11:30+02:00"),
            json!("2026-03-02T04:00-0530"),
            json!("2026-03-02T09:30"),
            json!("2026-03-02 09:30"),
            json!("2026-03-02 09:30 UTC"),
        ] {
            assert_eq!(read(&value).as_deref(), Some("2026-03-02T09:30:00Z"), "{value}");
        }
        assert_eq!(read(&json!("2026-03-02T09:30:00.250Z")).as_deref(), Some("2026-03-02T09:30:00.250Z"));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for value in [
            json!("soon"),
            json!(""),
            json!(true),
            json!(1e300),
            json!({}),
            json!("03/04/2026"),
            json!("2026-03-02T09Z"),
            json!("2026-03-02T24:30Z"),
            json!("2026-03-02T09:30+24:60"),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }
}
