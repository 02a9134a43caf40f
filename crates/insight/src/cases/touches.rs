//! Stored facts as far as the reach of a case goes: whose they are and when they got how far, and no word of them.

use super::reach::Touch;
use crate::{error::InsightError, frame::Rows, triage::Priority};
use feedback::time::Timestamp;
use polars::prelude::*;

const TEXTS: [&str; 9] = [
    "record_id",
    "source_kind",
    "source",
    "native_id",
    "author",
    "author_alias",
    "account",
    "triage_priority",
    "triage_unsure",
];

/// A current record that is a report of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTouch {
    pub record: String,
    /// The source kind, and the form, inbox or network within it.
    pub source: String,
    pub event_source: String,
    pub native_id: String,
    /// Pseudonyms.
    pub author: Option<String>,
    pub author_alias: Option<String>,
    pub account: Option<String>,
    pub revenue: Option<f64>,
    /// As it was decided; `None` of what waits for a person, for nobody knows yet whether that is its.
    pub priority: Option<Priority>,
    pub occurred_at: Timestamp,
    pub stored_at: Timestamp,
    pub triaged_at: Option<Timestamp>,
}

impl StoredTouch {
    #[must_use]
    pub fn touch(&self) -> Touch<'_> {
        Touch {
            record: &self.record,
            source: &self.source,
            event_source: &self.event_source,
            native_id: &self.native_id,
            author: self.author.as_deref(),
            author_alias: self.author_alias.as_deref(),
            account: self.account.as_deref(),
            revenue: self.revenue,
            occurred_at: self.occurred_at,
        }
    }
}

/// Those that `of` gives a case for, each with it, in no order.
///
/// # Errors
/// Where the frame has not the columns of `feedback`.
pub fn touches<K>(
    facts: LazyFrame,
    of: &dyn Fn(&str) -> Option<K>,
) -> Result<Vec<(K, StoredTouch)>, InsightError> {
    let mut columns: Vec<Expr> = TEXTS.map(col).to_vec();
    columns.extend(["revenue", "occurred_at", "ingested_at", "triaged_at"].map(col));
    let rows = Rows::collect(facts.select(columns))?;
    let texts = TEXTS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let (occurred, stored) = (rows.times("occurred_at")?, rows.times("ingested_at")?);
    let (triaged, revenue) = (rows.maybe_times("triaged_at")?, rows.real("revenue")?);
    let mut found = Vec::new();
    for row in 0..rows.len() {
        let text = |at: usize| texts[at].get(row);
        let Some(case) = text(0).and_then(of) else { continue };
        let own = |at: usize| text(at).unwrap_or_default().to_owned();
        let some = |at: usize| text(at).filter(|text| !text.is_empty()).map(str::to_owned);
        let touch = StoredTouch {
            record: own(0),
            source: own(1),
            event_source: own(2),
            native_id: own(3),
            author: some(4),
            author_alias: some(5),
            account: some(6),
            revenue: revenue[row],
            priority: text(7).and_then(Priority::parse).filter(|_| text(8).is_none()),
            occurred_at: occurred[row],
            stored_at: stored[row],
            triaged_at: triaged[row],
        };
        found.push((case, touch));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fact, facts};
    use feedback::time::Day;

    #[test]
    fn only_reports_of_a_case_are_read() {
        let one = Fact { author: Some("a_1".to_owned()), ..Fact::new(1, Day(20_514), "ticket") };
        let other = Fact::new(2, Day(20_514), "nps");
        let null = |name: &str| lit(NULL).cast(DataType::String).alias(name.to_owned());
        let all = facts(&[one.clone(), other]).with_columns([
            lit("Acme").alias("account"),
            lit(1_200.0).alias("revenue"),
            lit("P2").alias("triage_priority"),
            null("triage_unsure"),
            lit(7_i64).alias("ingested_at"),
            lit(NULL).cast(DataType::Int64).alias("triaged_at"),
        ]);
        let wanted = one.record_id();
        let of = |record: &str| (record == wanted).then_some(9_u8);
        let found = touches(all.clone(), &of).unwrap();
        assert_eq!(found.len(), 1);
        let (case, touch) = &found[0];
        assert_eq!(
            (*case, touch.record.as_str(), touch.author.as_deref()),
            (9, wanted.as_str(), Some("a_1"))
        );
        assert_eq!(
            (touch.priority, touch.stored_at, touch.triaged_at),
            (Some(Priority::P2), Timestamp(7), None)
        );
        assert_eq!((touch.touch().account, touch.touch().revenue), (Some("Acme"), Some(1_200.0)));
        // Nobody knows yet whether it is that urgent.
        let unsure = all.with_columns([lit("urgency").alias("triage_unsure")]);
        assert_eq!(touches(unsure, &of).unwrap()[0].1.priority, None);
        assert!(touches(facts(&[]), &|_| Some(0)).is_err(), "without the columns");
    }
}
