//! What the tables know of: the values a scope or filter can name, and when they have records.

use super::{filter::Filter, records::records, scope::Period};
use crate::{
    error::InsightError,
    frame::{Rows, explode_topics},
};
use polars::prelude::*;

/// The values that occur in the current facts, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    pub products: Vec<String>,
    /// Source kinds.
    pub sources: Vec<String>,
    /// Topic ids.
    pub topics: Vec<String>,
}

/// Reads `facts`, the current ones.
pub fn known(facts: LazyFrame) -> Result<Known, InsightError> {
    Ok(Known {
        products: values(facts.clone(), "product")?,
        sources: values(facts.clone(), "source_kind")?,
        topics: values(explode_topics(facts), "topic")?,
    })
}

fn values(frame: LazyFrame, column: &str) -> Result<Vec<String>, InsightError> {
    let counted = frame.select([col(column)]).group_by([col(column)]).agg([len().alias("n")]);
    let rows = Rows::collect(counted)?;
    let text = rows.text(column)?;
    let mut values: Vec<String> =
        text.iter().flatten().filter(|value| !value.is_empty()).map(str::to_owned).collect();
    values.sort_unstable();
    Ok(values)
}

/// The first and the last day with records that fit `filter` but for its days; `None` where there are none at
/// any time.
pub fn extent(facts: LazyFrame, filter: &Filter) -> Result<Option<Period>, InsightError> {
    let filter =
        Filter { from: None, to: None, except_from: None, except_to: None, weekday: None, ..filter.clone() };
    let days: Vec<_> = records(facts, &filter)?.iter().map(|line| line.day).collect();
    Ok(days.iter().min().zip(days.iter().max()).map(|(from, to)| Period { from: *from, to: *to }))
}
