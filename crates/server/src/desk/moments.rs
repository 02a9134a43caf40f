//! Moments and days as programs read them.

use feedback::time::{Day, Timestamp};
use insight::report::filter::Moment;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// A moment in UTC, as RFC 3339 writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Moment(self.0))
    }
}

/// A day in UTC, as `2026-03-02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = Date)]
pub struct Date(pub Day);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_written_as_the_standard_has_them() {
        let day = Day(20_514);
        let text = serde_json::to_string(&(At(day.start()), Date(day))).unwrap();
        assert_eq!(text, r#"["2026-03-02T00:00:00Z","2026-03-02"]"#);
    }
}
