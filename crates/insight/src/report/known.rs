//! What the tables know of: the values a scope or filter can name, and when they have records.

use super::{filter::Filter, records::records, scope::Period};
use crate::{
    error::InsightError,
    frame::{Rows, explode_topics},
};
use polars::prelude::*;
use std::collections::BTreeSet;

/// The values that occur in the current facts, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    pub products: Vec<String>,
    /// Source kinds.
    pub sources: Vec<String>,
    /// Topic ids.
    pub topics: Vec<String>,
    /// What sends events: a form, an inbox, a network; with its kind.
    pub origins: Vec<(String, String)>,
    pub platforms: Vec<String>,
    pub territories: Vec<String>,
    pub languages: Vec<String>,
    pub segments: Vec<String>,
    /// Of the stored decisions.
    pub owners: Vec<String>,
    pub queues: Vec<String>,
}

/// Reads `facts`, the current ones.
pub fn known(facts: LazyFrame) -> Result<Known, InsightError> {
    let columns = [
        "product",
        "source_kind",
        "source",
        "platform",
        "territory",
        "language",
        "segment",
        "triage_owner",
        "triage_queue",
    ];
    let flat = distinct(facts.clone(), &columns)?;
    let topics = distinct(explode_topics(facts), &["topic"])?;
    let (origins, kinds) = (flat.text("source")?, flat.text("source_kind")?);
    let origins: BTreeSet<(String, String)> = origins
        .iter()
        .zip(kinds.iter())
        .filter_map(|(one, kind)| Some((one?.into(), kind?.into())))
        .collect();
    Ok(Known {
        products: values(&flat, "product")?,
        sources: values(&flat, "source_kind")?,
        topics: values(&topics, "topic")?,
        origins: origins.into_iter().collect(),
        platforms: values(&flat, "platform")?,
        territories: values(&flat, "territory")?,
        languages: values(&flat, "language")?,
        segments: values(&flat, "segment")?,
        owners: values(&flat, "triage_owner")?,
        queues: values(&flat, "triage_queue")?,
    })
}

/// The accounts that occur in the current facts, sorted: by themselves, for there may be many.
pub fn accounts(facts: LazyFrame) -> Result<Vec<String>, InsightError> {
    values(&distinct(facts, &["account"])?, "account")
}

/// The combinations of values that occur.
fn distinct(frame: LazyFrame, columns: &[&str]) -> Result<Rows, InsightError> {
    let columns: Vec<Expr> = columns.iter().map(|name| col(*name)).collect();
    Rows::collect(frame.select(columns.clone()).group_by(columns).agg([len().alias("n")]))
}

fn values(rows: &Rows, column: &str) -> Result<Vec<String>, InsightError> {
    let text = rows.text(column)?;
    let values: BTreeSet<String> =
        text.iter().flatten().filter(|value| !value.is_empty()).map(str::to_owned).collect();
    Ok(values.into_iter().collect())
}

/// The first and the last day with records that fit `filter` but for its days; `None` where there are none at
/// any time.
pub fn extent(facts: LazyFrame, filter: &Filter) -> Result<Option<Period>, InsightError> {
    let days: Vec<_> = records(facts, &filter.clone().of_any_time())?.iter().map(|line| line.day).collect();
    Ok(days.iter().min().zip(days.iter().max()).map(|(from, to)| Period { from: *from, to: *to }))
}
