//! Targets with the times of records read as far as they ask for them.

use super::{
    file::Target,
    kpi::{Kpi, Unit},
    measure::{Data, OwnerTopics, evaluate},
    outcome::Outcome,
};
use crate::{
    cases::{Loop, Loops, RecordLoop, first_stored, record_loops},
    error::InsightError,
};
use feedback::time::{Day, Timestamp};
use polars::prelude::LazyFrame;

/// All targets as of the end of `last`, as [`evaluate`] has it; of the facts nothing is read that no target needs.
///
/// # Errors
/// Where the facts cannot be read.
pub fn standing(
    targets: &[Target],
    facts: &LazyFrame,
    cases: &[Loop<'_>],
    owners: &[OwnerTopics],
    last: Day,
    end: Timestamp,
) -> Result<Vec<Outcome>, InsightError> {
    let records = match first_needed(targets, last) {
        Some(first) => record_loops(facts, None, Some(first), end)?,
        None => Vec::new(),
    };
    let is_timed = targets.iter().any(|target| target.metric.unit() == Unit::Seconds);
    let since = if is_timed { first_stored(facts)? } else { None };
    let records: Vec<Loop<'_>> = records.iter().map(RecordLoop::borrowed).collect();
    let loops = Loops { records: &records, cases, since };
    evaluate(targets, &Data { facts, loops, owners }, last, end)
}

/// The first day whose records' times a target asks for.
fn first_needed(targets: &[Target], last: Day) -> Option<Day> {
    let timed = targets.iter().filter(|target| target.metric == Kpi::TimeToTriage);
    timed.map(|target| last.plus(1 - target.period.days)).min()
}
