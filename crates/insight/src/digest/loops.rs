//! Loop times and targets of a digest: of records from the facts, of cases as they were handed over.

use super::build::View;
use crate::{
    cases::{Loop, LoopRow, Loops, RecordLoop, Window, loop_times, record_loops},
    error::InsightError,
    report::Period,
    targets::{Outcome, Target, TargetScope, standing},
};

/// Weeks of the loops, the one that is told of included.
pub(super) const WEEKS: i32 = 4;

impl View<'_> {
    /// The days on which a step has to begin to be told of.
    fn loop_days(&self) -> Period {
        let week = self.asked.week.period();
        Period { from: week.from.plus(-7 * (WEEKS - 1)), to: week.to }
    }

    /// How long the steps took that began in the last weeks, of what the digest is about.
    pub fn loops(&self) -> Result<Vec<LoopRow>, InsightError> {
        let days = self.loop_days();
        let facts = &self.given.tables.facts;
        let records = record_loops(facts, self.asked.product, Some(days.from), self.end)?;
        let fits = |one: &Loop<'_>| self.has(Some(one.owner), Some(one.topic));
        let records: Vec<Loop<'_>> = records.iter().map(RecordLoop::borrowed).filter(fits).collect();
        let cases = self.cases().into_iter().filter(|case| self.tells(case));
        let cases: Vec<Loop<'_>> = cases.filter_map(|case| case.in_loop(self.end)).collect();
        let loops = Loops { records: &records, cases: &cases, since: None };
        Ok(loop_times(loops, Window { period: Some(days), end: self.end }))
    }

    /// Those of the owner, or of everything.
    pub fn targets(&self) -> Result<Vec<Outcome>, InsightError> {
        let fits = |target: &&Target| {
            let TargetScope { owner, topic, product, .. } = &target.scope;
            self.has(owner.as_deref(), topic.as_deref()) && self.is_of_product(product.as_deref())
        };
        let targets: Vec<Target> = self.given.targets.iter().filter(fits).cloned().collect();
        let cases: Vec<Loop<'_>> =
            self.given.cases.iter().filter_map(|case| case.in_loop(self.end)).collect();
        let (facts, last) = (&self.given.tables.facts, self.asked.week.period().to);
        standing(&targets, facts, &cases, self.given.owners, last, self.end)
    }
}
