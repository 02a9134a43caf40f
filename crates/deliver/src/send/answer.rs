//! What an answer of HTTP means: taken, come again, or no.

use crate::error::SendError;
use crate::note::Note;
use crate::said::kept;
use chrono::{DateTime, NaiveDateTime};
use feedback::time::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::Duration;

/// An answer, with as much of its body as was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// How long it asks to be left alone.
    pub after: Option<Duration>,
    pub body: String,
}

impl Answer {
    /// The answer where the receiver took the note that was sent.
    ///
    /// # Errors
    /// [`SendError`] by the status; what the receiver said stands in it in one short line, without what it repeats.
    pub fn accepted(self, host: &str, note: &Note) -> Result<Self, SendError> {
        let (status, host) = (self.status, host.to_owned());
        match status {
            200..=299 => Ok(self),
            300..=399 => Err(SendError::Redirected { host, status }),
            408 | 425 | 429 | 500..=599 => {
                Err(SendError::Busy { host, status, after: self.after, said: kept(&self.body, note) })
            }
            _ => Err(SendError::Refused { host, status, said: kept(&self.body, note) }),
        }
    }
}

/// `Retry-After` in seconds, or as a date (RFC 9110), which is held against `now`. One that cannot be read says nothing.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds: a very long time.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let micros = date(text)?.saturating_sub(now.0);
    Some(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
}

/// Microseconds since 1970, in any of the three forms that RFC 9110 (section 5.6.7) has everybody read.
fn date(text: &str) -> Option<i64> {
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.timestamp_micros());
    }
    let old = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let date = old.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(date.and_utc().timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    const NOW: Timestamp = Timestamp(1_764_230_400_000_000);

    fn after(text: &str) -> Option<u64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(text).unwrap())]);
        retry_after(&headers, NOW).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        assert_eq!(after("120"), Some(120));
        assert_eq!(after(" 0 "), Some(0));
        assert_eq!(after("Thu, 27 Nov 2025 08:01:30 GMT"), Some(90));
        assert_eq!(after("Thursday, 27-Nov-25 08:01:30 GMT"), Some(90));
        assert_eq!(after("Thu Nov 27 08:01:30 2025"), Some(90));
        assert_eq!(after("Thu, 27 Nov 2025 07:00:00 GMT"), Some(0), "long past");
        assert_eq!(after("99999999999999999999999"), Some(u64::from(u32::MAX)));
        for odd in ["", "soon", "-5", "1.5"] {
            assert_eq!(after(odd), None, "{odd}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), NOW), None);
    }

    #[test]
    fn each_status_means_something() {
        let answered = |status| {
            let answer = Answer { status, after: Some(Duration::from_secs(3)), body: "no\n way ".into() };
            answer.accepted("h", &Note::test(NOW))
        };
        for status in [200, 201, 202, 204] {
            assert!(answered(status).is_ok(), "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            let error = answered(status).unwrap_err();
            assert!(error.is_retryable() && error.after() == Some(Duration::from_secs(3)), "{status}");
            assert!(error.to_string().ends_with(": no way"), "{error}");
        }
        for status in [301, 302, 307, 400, 401, 403, 404, 409, 410, 413, 422] {
            assert!(!answered(status).unwrap_err().is_retryable(), "{status}");
        }
    }
}
