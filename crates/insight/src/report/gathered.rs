//! What the parts of a report ask of the facts, read from the tables once for all of them.

use super::{
    filter::Filter,
    scope::{Period, Scope},
};
use crate::error::InsightError;
use polars::prelude::*;

/// All that is asked but the words themselves, which are read for the few records that are quoted.
const COLUMNS: [&str; 20] = [
    "record_id",
    "day",
    "occurred_at",
    "source_kind",
    "source",
    "product",
    "platform",
    "app_version",
    "territory",
    "author",
    "language",
    "kind",
    "sentiment",
    "topics",
    "score_kind",
    "score_value",
    "score_min",
    "score_max",
    "part",
    "question",
];
/// Of these no more is held than whether a record has them.
const WORDS: [&str; 2] = ["title", "body"];

/// The facts of some days in memory, on all topics of the scope. Of the title and the body there is one letter at most.
pub fn gathered(facts: &LazyFrame, scope: &Scope, days: Period) -> Result<LazyFrame, InsightError> {
    let facts = facts.clone().filter(Filter::of(scope, days).predicate());
    let plain = COLUMNS.into_iter().map(col);
    let first_letter = WORDS.into_iter().map(|name| col(name).str().head(lit(1)));
    let columns: Vec<Expr> = plain.chain(first_letter).collect();
    Ok(facts.select(columns).collect()?.lazy())
}
