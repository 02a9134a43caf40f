//! The least of the facts that tells what is new, what changed, and what is compared.

use super::common::apart;
use super::stored::named;
use crate::{error::InsightError, frame::Rows};
use feedback::{judgement::FeedbackKind, time::Timestamp};
use polars::prelude::*;

/// A current record by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub record: String,
    pub kind: FeedbackKind,
    /// Where the record changed, or was read anew, another row is current, and that was stored at another time.
    pub stored_at: Timestamp,
}

/// What of a record is compared with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded {
    pub record: String,
    /// The version of the vector.
    pub space: String,
    /// Of length 127; empty where the record has no words.
    pub vector: Vec<i8>,
    pub occurred_at: Timestamp,
    pub stored_at: Timestamp,
}

/// Of every record, in no order. Two short columns and a time of each row are read.
///
/// # Errors
/// Where the frame has not the columns of `feedback`.
pub fn stamps(facts: LazyFrame) -> Result<Vec<Stamp>, InsightError> {
    let rows = Rows::collect(facts.select(["record_id", "kind", "ingested_at"].map(col)))?;
    let (records, kinds) = (rows.text("record_id")?, rows.text("kind")?);
    let stored = rows.times("ingested_at")?.into_iter().enumerate();
    let stamp = |(row, stored_at): (usize, Timestamp)| Stamp {
        record: records.get(row).unwrap_or_default().to_owned(),
        kind: kinds.get(row).and_then(FeedbackKind::parse).unwrap_or(FeedbackKind::Unknown),
        stored_at,
    };
    Ok(stored.map(stamp).collect())
}

/// Of the records with these ids that are still there, in no order.
///
/// # Errors
/// As [`stamps`].
pub fn embedded(facts: LazyFrame, ids: &[&str]) -> Result<Vec<Embedded>, InsightError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let columns = ["record_id", "vector", "embedding", "occurred_at", "ingested_at"].map(col);
    let rows = Rows::collect(facts.filter(named(ids)?).select(columns))?;
    let (records, spaces) = (rows.text("record_id")?, rows.text("vector")?);
    let (occurred, stored) = (rows.times("occurred_at")?, rows.times("ingested_at")?);
    let vectors = rows.vectors("embedding")?.into_iter().enumerate();
    let of = |(row, vector): (usize, Vec<i8>)| Embedded {
        record: records.get(row).unwrap_or_default().to_owned(),
        space: spaces.get(row).unwrap_or_default().to_owned(),
        vector: apart(spaces.get(row).unwrap_or_default(), vector),
        occurred_at: occurred[row],
        stored_at: stored[row],
    };
    Ok(vectors.map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fact, facts};
    use feedback::time::Day;

    #[test]
    fn a_record_is_read_as_far_as_it_is_asked_for() {
        let day = Day(20_514);
        let bug = Fact { kind: "bug", ..Fact::new(1, day, "ticket") };
        let odd = Fact { kind: "of another time", ..Fact::new(2, day, "nps") };
        let all = facts(&[bug.clone(), odd.clone()]).with_columns([
            lit("v1").alias("vector"),
            lit(7_i64).alias("ingested_at"),
            lit(&[127_u8, 129][..]).alias("embedding"),
        ]);
        let mut there = stamps(all.clone()).unwrap();
        there.sort_by(|a, b| a.record.cmp(&b.record));
        let stamp = |fact: &Fact, kind| Stamp { record: fact.record_id(), kind, stored_at: Timestamp(7) };
        assert_eq!(there, [stamp(&bug, FeedbackKind::Bug), stamp(&odd, FeedbackKind::Unknown)]);

        let id = odd.record_id();
        let read = embedded(all.clone(), &[id.as_str(), "no record"]).unwrap();
        let expected = Embedded {
            record: id,
            space: "v1".to_owned(),
            vector: vec![127, -127],
            occurred_at: Timestamp(day.start().0 + 2_000_000),
            stored_at: Timestamp(7),
        };
        assert_eq!(read, [expected]);
        assert!(embedded(all, &[]).unwrap().is_empty());
    }
}
