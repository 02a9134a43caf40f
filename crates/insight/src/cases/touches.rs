//! Stored facts as far as the reach of a case goes: whose they are and when they got how far, and no word of them.

use super::reach::Touch;
use crate::{
    error::InsightError,
    frame::Rows,
    shelf::{Glance, Label, Shelf, Text},
    triage::Priority,
};
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

/// A current record that is a report of a case. `T` is whatever holds its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTouch<T = String> {
    pub record: String,
    /// The source kind, and the form, inbox or network within it.
    pub source: T,
    pub event_source: T,
    pub native_id: T,
    /// Pseudonyms.
    pub author: Option<T>,
    pub author_alias: Option<T>,
    pub account: Option<T>,
    pub revenue: Option<f64>,
    /// As it was decided; `None` of what waits for a person, for nobody knows yet whether that is its.
    pub priority: Option<Priority>,
    pub occurred_at: Timestamp,
    pub stored_at: Timestamp,
    pub triaged_at: Option<Timestamp>,
}

impl<T: AsRef<str>> StoredTouch<T> {
    #[must_use]
    pub fn touch(&self) -> Touch<'_> {
        Touch {
            record: &self.record,
            source: self.source.as_ref(),
            event_source: self.event_source.as_ref(),
            native_id: self.native_id.as_ref(),
            author: self.author.as_ref().map(AsRef::as_ref),
            author_alias: self.author_alias.as_ref().map(AsRef::as_ref),
            account: self.account.as_ref().map(AsRef::as_ref),
            revenue: self.revenue,
            occurred_at: self.occurred_at,
        }
    }
}

impl<'s> StoredTouch<&'s str> {
    fn held(record: &Glance<'s>) -> Self {
        let priority = record.label(Label::Priority).and_then(Priority::parse);
        Self {
            record: record.id().to_string(),
            source: record.label(Label::SourceKind).unwrap_or_default(),
            event_source: record.label(Label::Source).unwrap_or_default(),
            native_id: record.text(Text::NativeId).unwrap_or_default(),
            author: record.text(Text::Author),
            author_alias: record.text(Text::AuthorAlias),
            account: record.label(Label::Account),
            revenue: record.revenue(),
            priority: priority.filter(|_| record.label(Label::Unsure).is_none()),
            occurred_at: record.at(),
            stored_at: record.stored_at(),
            triaged_at: record.triaged_at(),
        }
    }
}

/// The same of the records in memory, case by case, those of one as they occurred: `each` is told of every case that has any.
/// No more is copied than of one case at a time.
pub fn held_touches<K: Ord + Copy>(
    shelf: &Shelf,
    of: impl Fn(&str) -> Option<K>,
    mut each: impl FnMut(K, &mut [StoredTouch<&str>]),
) {
    for (case, records) in shelf.grouped(of).groups() {
        let mut touches: Vec<StoredTouch<&str>> = records.iter().map(StoredTouch::held).collect();
        each(case, &mut touches);
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
    use crate::{
        shelf::{Part, parts},
        testing::{Decided, Fact, facts},
    };
    use feedback::time::Day;
    use std::{collections::BTreeMap, sync::Arc};

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

    fn owned(touch: &StoredTouch<&str>) -> StoredTouch {
        let some = |text: Option<&str>| text.map(str::to_owned);
        StoredTouch {
            record: touch.record.clone(),
            source: touch.source.to_owned(),
            event_source: touch.event_source.to_owned(),
            native_id: touch.native_id.to_owned(),
            author: some(touch.author),
            author_alias: some(touch.author_alias),
            account: some(touch.account),
            revenue: touch.revenue,
            priority: touch.priority,
            occurred_at: touch.occurred_at,
            stored_at: touch.stored_at,
            triaged_at: touch.triaged_at,
        }
    }

    #[test]
    fn the_records_in_memory_tell_what_the_tables_tell() {
        let decided = |unsure| Decided { owner: "identity", priority: "P2", queue: "identity", unsure };
        let fact = |id: u64, day: i32| Fact::new(id, Day(20_514 + day), "ticket");
        let all = [
            Fact { author: Some("a_1".to_owned()), decided: Some(decided(None)), ..fact(7, 0) },
            Fact { author_alias: Some("a_2".to_owned()), account: Some("Acme"), ..fact(3, 1) },
            Fact { decided: Some(decided(Some("urgency"))), origin: Some("web form"), ..fact(5, 0) },
            fact(9, 2),
        ];
        let is_decided = || col("triage_owner").is_not_null();
        let frame = facts(&all).with_columns([
            when(is_decided()).then(lit(1_200.5)).otherwise(lit(NULL)).alias("revenue"),
            when(is_decided()).then(lit(9_i64)).otherwise(lit(NULL)).alias("triaged_at"),
            lit(7_i64).alias("ingested_at"),
        ]);
        // All but the last one, in two cases.
        let of = |record: &str| all[..3].iter().position(|fact| fact.record_id() == record).map(|at| at % 2);
        let mut read = touches(frame.clone(), &of).unwrap();
        read.sort_by_key(|(case, touch)| (*case, touch.occurred_at));
        let held = parts(frame).unwrap().into_iter().map(|part| (part.day(), Arc::new(part)));
        let mut days: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
        held.for_each(|(day, part)| days.entry(day).or_default().push(part));
        let shelf = Shelf::default().with(Some(1), days);
        let mut told: Vec<(usize, StoredTouch)> = Vec::new();
        held_touches(&shelf, of, |case, touches| told.extend(touches.iter().map(|one| (case, owned(one)))));
        assert_eq!((told.len(), &told), (3, &read));
        assert_eq!((told[0].1.triaged_at, told[2].1.triaged_at), (Some(Timestamp(9)), None));
    }
}
