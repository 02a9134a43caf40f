//! What a report is about: days, product, source, topic.

use feedback::{
    rfc3339,
    time::{Day, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Days written as `2026-03-02`.
pub mod date {
    use chrono::NaiveDate;
    use feedback::time::Day;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(day)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse::<NaiveDate>().map(Day::from_date).map_err(D::Error::custom)
    }

    /// The same for a day that may be missing.
    pub mod option {
        use feedback::time::Day;
        use serde::{Deserialize, Deserializer, Serializer};

        #[derive(Deserialize)]
        struct Wrapped(#[serde(with = "super")] Day);

        pub fn serialize<S: Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
            match day {
                Some(day) => serializer.collect_str(day),
                None => serializer.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
            Ok(Option::<Wrapped>::deserialize(deserializer)?.map(|wrapped| wrapped.0))
        }
    }
}

/// A date as an import reads it, `2026-03-02` or `2.3.2026`; a time is no whole day.
#[must_use]
pub fn parse_day(text: &str) -> Option<Day> {
    let text = text.trim();
    let written = || rfc3339::parse(text).filter(|_| text.len() <= "2026-03-02".len());
    text.parse().ok().map(Day::from_date).or_else(|| written().map(Timestamp::day))
}

/// Whole days in UTC, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    #[serde(with = "date")]
    pub from: Day,
    #[serde(with = "date")]
    pub to: Day,
}

impl Period {
    #[must_use]
    pub fn days(self) -> i32 {
        (self.to.0 - self.from.0 + 1).max(0)
    }

    #[must_use]
    pub fn contains(self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Its ISO weeks; the first and the last may be cut.
    #[must_use]
    pub fn weeks(self) -> Vec<Self> {
        let mondays = (self.from.week_start().0..=self.to.0).step_by(7).filter(|_| self.days() > 0);
        mondays
            .map(|monday| Self {
                from: self.from.max(feedback::time::Day(monday)),
                to: self.to.min(feedback::time::Day(monday + 6)),
            })
            .collect()
    }

    /// The period of the same length right before.
    #[must_use]
    pub fn before(self) -> Self {
        Self { from: self.from.plus(-self.days()), to: self.from.plus(-1) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    #[serde(flatten)]
    pub period: Period,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// A source kind: survey, ticket, nps, social …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What sends the events, any of these: a form, an inbox, a network, an imported file. All where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_source: Vec<String>,
    /// A topic id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

impl Scope {
    /// Everything between two days, both included.
    #[must_use]
    pub fn of_days(from: Day, to: Day) -> Self {
        Self {
            period: Period { from, to },
            product: None,
            source: None,
            event_source: Vec::new(),
            topic: None,
        }
    }

    /// The same on all topics.
    #[must_use]
    pub fn on_all_topics(&self) -> Self {
        Self { topic: None, ..self.clone() }
    }

    /// The last `weeks` complete ISO weeks before `now`.
    #[must_use]
    pub fn weeks_before(now: Timestamp, weeks: i32) -> Self {
        let monday = now.day().week_start();
        Self::of_days(monday.plus(-7 * weeks.max(1)), monday.plus(-1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_before_are_complete() {
        // 2026-11-22 is a Sunday: its week is not over.
        let now = Timestamp(Day(20_779).start().0 + 5);
        assert_eq!(now.day().to_string(), "2026-11-22");
        let scope = Scope::weeks_before(now, 2);
        assert_eq!(
            (scope.period.from.to_string(), scope.period.to.to_string()),
            ("2026-11-02".into(), "2026-11-15".into())
        );
        assert_eq!(scope.period.before().to.to_string(), "2026-11-01");
        assert_eq!(scope.period.before().days(), 14);
    }

    #[test]
    fn dates_are_read_in_the_forms_of_an_import() {
        for text in ["2026-11-20", "20.11.2026", " 2026-11-20 "] {
            assert_eq!(parse_day(text).map(|day| day.to_string()).as_deref(), Some("2026-11-20"), "{text}");
        }
        for text in
            ["11/20/2026", "20.11.26", "2026-11-31", "31.11.2026", "2026-11-20T08:00:00Z", "today", ""]
        {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_written_as_dates() {
        let text = serde_json::to_string(&Scope::of_days(Day(0), Day(6))).unwrap();
        assert_eq!(text, r#"{"from":"1970-01-01","to":"1970-01-07"}"#);
        assert_eq!(serde_json::from_str::<Scope>(&text).unwrap(), Scope::of_days(Day(0), Day(6)));
    }
}
