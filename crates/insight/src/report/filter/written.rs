//! Fields of a filter as a person writes them.

use crate::{
    report::scope::{Period, parse_day},
    triage::Phrase,
};
use feedback::{insight::Scale, rfc3339, time::Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt, str::FromStr};

/// A moment in UTC, written as `2026-03-02T06:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub Timestamp);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_datetime() {
            Some(at) => f.pad(&at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            None => f.pad("beyond all calendars"),
        }
    }
}

impl FromStr for Moment {
    type Err = rfc3339::NoTime;

    fn from_str(text: &str) -> Result<Self, rfc3339::NoTime> {
        rfc3339::read(text.trim()).map(Self)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// `0-10`.
#[must_use]
pub fn scale_name(scale: Scale) -> String {
    format!("{}-{}", scale.min, scale.max)
}

/// `0-10`, also with a negative or a broken bound.
#[must_use]
pub fn parse_scale(text: &str) -> Option<(f64, f64)> {
    // The dash that parts the bounds is not the first character, which may be a sign.
    let at = 1 + text.get(1..)?.find('-')?;
    Some((text[..at].trim().parse().ok()?, text[at + 1..].trim().parse().ok()?))
}

/// `2026-02-01/2026-02-03,2026-02-09/2026-02-09`: stretches of days, both ends included, as [`parse_day`] reads them.
#[must_use]
pub fn parse_days(text: &str) -> Option<Vec<Period>> {
    let stretch = |text: &str| {
        let (from, to) = text.split_once('/')?;
        Some(Period { from: parse_day(from)?, to: parse_day(to)? })
    };
    text.split(',').map(stretch).collect()
}

/// Whether any text can hold these words: they have a letter or a digit.
#[must_use]
pub fn is_phrase(text: &str) -> bool {
    !Phrase::new(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Filter;
    use feedback::{score::ScoreKind, time::Day};
    use proptest::prelude::*;

    #[test]
    fn scales_have_names() {
        let scale = Scale { kind: ScoreKind::Nps, min: 0.0, max: 10.0 };
        assert_eq!(scale_name(scale), "0-10");
        assert_eq!(parse_scale("0-10"), Some((0.0, 10.0)));
        assert_eq!(parse_scale("-2-2.5"), Some((-2.0, 2.5)));
        assert_eq!(parse_scale("ten"), None);
    }

    #[test]
    fn days_to_leave_out_are_read_as_they_are_written() {
        let days = [(20_514, 20_520), (20_530, 20_530)];
        let days = days.map(|(from, to)| Period { from: Day(from), to: Day(to) });
        let filter = Filter::default().also_except(&days);
        assert_eq!(filter.args(), ["--also-except", "2026-03-02/2026-03-08,2026-03-18/2026-03-18"]);
        assert_eq!(parse_days(filter.also_except.as_deref().unwrap()), Some(days.to_vec()));
        assert_eq!(Filter::default().also_except(&[]), Filter::default());
        assert_eq!(parse_days("02.03.2026/08.03.2026, 2026-03-18/18.03.2026"), Some(days.to_vec()));
        for wrong in ["2026-03-02", "2026-03-02/soon", ""] {
            assert_eq!(parse_days(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn words_have_a_letter_or_a_digit() {
        assert!(is_phrase("switch to") && is_phrase("401") && is_phrase("退款"));
        assert!(!is_phrase("?!") && !is_phrase(" "));
    }

    #[test]
    fn a_moment_is_told_where_it_is_none() {
        let six: Moment = " 2026-03-02T07:00+01:00 ".parse().unwrap();
        assert_eq!(six.to_string(), "2026-03-02T06:00:00Z");
        assert_eq!("2026-03-02".parse::<Moment>().unwrap().to_string(), "2026-03-02T00:00:00Z");
        let wrong = "06:00".parse::<Moment>().unwrap_err().to_string();
        assert!(wrong.contains("2026-03-31T08:00:00Z"), "{wrong}");
        assert!(serde_json::from_str::<Moment>("\"soon\"").is_err());
    }

    proptest! {
        #[test]
        fn a_moment_is_read_back_as_it_was_written(micros in -2_000_000_000_000_000_i64..4_000_000_000_000_000) {
            let moment = Moment(Timestamp(micros));
            prop_assert_eq!(moment.to_string().parse::<Moment>(), Ok(moment));
            let json = serde_json::to_string(&moment).unwrap();
            prop_assert_eq!(serde_json::from_str::<Moment>(&json).unwrap(), moment);
        }
    }
}
