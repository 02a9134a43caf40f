//! What a filter has to ask of the log of cases: in no column of a fact stands the case that it is a report of.

use super::Filter;
use crate::error::InsightError;
use polars::prelude::*;
use std::collections::HashSet;

/// As the log of cases has it now; by the ids of records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfCases {
    /// The reports of the case that the filter names; none where it names none.
    pub members: HashSet<String>,
    /// The reports of all cases that are resolved.
    pub resolved: HashSet<String>,
}

impl Filter {
    /// Whether it asks for something that only the log of cases tells.
    #[must_use]
    pub fn asks_for_cases(&self) -> bool {
        self.case.is_some() || self.unresolved
    }

    /// The facts that the log of cases leaves; `None` where none can be left.
    pub(in crate::report) fn left_by_cases(
        &self,
        facts: LazyFrame,
    ) -> Result<Option<LazyFrame>, InsightError> {
        if !self.asks_for_cases() {
            return Ok(Some(facts));
        }
        let told = self.of_cases.as_ref().ok_or(InsightError::CasesNotAsked)?;
        let mut facts = facts;
        if self.case.is_some() {
            if told.members.is_empty() {
                return Ok(None);
            }
            facts = facts.filter(is_one_of(&told.members)?);
        }
        if self.unresolved && !told.resolved.is_empty() {
            facts = facts.filter(is_one_of(&told.resolved)?.not());
        }
        Ok(Some(facts))
    }
}

fn is_one_of(records: &HashSet<String>) -> Result<Expr, InsightError> {
    let mut ids: Vec<&str> = records.iter().map(String::as_str).collect();
    ids.sort_unstable();
    let ids = Series::new("ids".into(), ids).implode()?.into_series();
    Ok(col("record_id").is_in(lit(ids), false))
}
