//! Which rows of `feedback` are current: the one place that says so.
//!
//! Of the rows of an item, the greatest (version, updated_at, content_hash) wins. Its rows are current,
//! one for each part, unless it is a tombstone. What shares the winner's or a loser's version, times, hash
//! and part with another row is a duplicate of the one with the smallest position; the rest is superseded.
//!
//! Nearly all items have one row. So the rule is applied to the others only, and gives the few rows
//! to hide, which every reader takes away from a plain scan.

use crate::error::StoreError;
use crate::snapshot::Snapshot;
use crate::{Store, collect};
use polars::prelude::*;

/// Of the rows that [`hidden`] gives.
pub(crate) const FATE: &str = "fate";
pub(crate) const SUPERSEDED: &str = "superseded";
pub(crate) const DUPLICATE: &str = "duplicate";
const CURRENT: &str = "current";
/// True where a compaction may drop the row; a tombstone that rules its item stays.
pub(crate) const DROPPABLE: &str = "droppable";

/// Where a row stands: unique in the table, as one position gives a part once.
pub(crate) const ROW_KEY: [&str; 4] = ["position_topic", "position_partition", "position_offset", "part"];
pub(crate) const POSITION: [&str; 3] = ["position_topic", "position_partition", "position_offset"];

const RULE: [&str; 9] = [
    "item_id",
    "part",
    "version",
    "updated_at",
    "content_hash",
    "deleted",
    "position_topic",
    "position_partition",
    "position_offset",
];

pub(crate) fn columns(names: &[&str]) -> Vec<Expr> {
    names.iter().map(|name| col(*name)).collect()
}

/// Rows whose item has other rows too, and tombstones.
fn contested(rows: &LazyFrame) -> LazyFrame {
    let repeated = rows
        .clone()
        .group_by([col("item_id")])
        .agg([len().alias("rows"), col("deleted").any(true).alias("gone")])
        .filter(col("rows").gt(lit(1)).or(col("gone")))
        .select([col("item_id")]);
    rows.clone().select(columns(&RULE)).join(
        repeated,
        [col("item_id")],
        [col("item_id")],
        JoinArgs::new(JoinType::Semi),
    )
}

/// Where `among` holds: whether `name` is the greatest of its item there.
fn greatest(name: &str, among: Expr) -> PolarsResult<Expr> {
    let candidates = when(among.clone()).then(col(name)).otherwise(lit(NULL));
    Ok(among.and(col(name).eq(candidates.max().over([col("item_id")])?)))
}

/// Where `among` holds: whether `name` is the smallest of its twins there.
fn smallest(name: &str, among: Expr) -> PolarsResult<Expr> {
    let twins = columns(&["item_id", "version", "updated_at", "content_hash", "part"]);
    let candidates = when(among.clone()).then(col(name)).otherwise(lit(NULL));
    Ok(among.and(col(name).eq(candidates.min().over(twins)?)))
}

/// Adds [`FATE`] and [`DROPPABLE`] to rows that have the columns of the rule.
fn judge(rows: LazyFrame) -> PolarsResult<LazyFrame> {
    // Only whole messages are dropped, so that a position is either in the table or noted.
    let droppable = col("first").not().or(col("wins").not()).all(true).over(columns(&POSITION))?;
    let judged = rows
        .with_column(greatest("version", lit(true))?.alias("wins"))
        .with_column(greatest("updated_at", col("wins"))?.alias("wins"))
        .with_column(greatest("content_hash", col("wins"))?.alias("wins"))
        .with_column(col("wins").and(col("deleted")).any(true).over([col("item_id")])?.alias("gone"))
        .with_column(smallest("position_offset", lit(true))?.alias("first"))
        .with_column(smallest("position_partition", col("first"))?.alias("first"))
        .with_column(smallest("position_topic", col("first"))?.alias("first"))
        .with_column(
            when(col("first").not())
                .then(lit(DUPLICATE))
                .when(col("wins").and(col("gone").not()))
                .then(lit(CURRENT))
                .otherwise(lit(SUPERSEDED))
                .alias(FATE),
        )
        .with_column(droppable.alias(DROPPABLE));
    Ok(judged)
}

/// The rows that are not current, with their [`ROW_KEY`], [`FATE`] and [`DROPPABLE`].
pub(crate) fn hidden(rows: &LazyFrame) -> PolarsResult<LazyFrame> {
    let keep = [ROW_KEY.as_slice(), &[FATE, DROPPABLE]].concat();
    Ok(judge(contested(rows))?.filter(col(FATE).neq(lit(CURRENT))).select(columns(&keep)))
}

/// Takes the hidden rows away from a scan; filters on the result still reach the scan.
pub(crate) fn without(rows: LazyFrame, hidden: DataFrame) -> LazyFrame {
    let on = columns(&ROW_KEY);
    rows.join(hidden.lazy().select(on.clone()), on.clone(), on, JoinArgs::new(JoinType::Anti))
}

impl Store {
    /// The rows of this version that are not current.
    pub(crate) async fn hidden(&self, feedback: &Snapshot) -> Result<DataFrame, StoreError> {
        let mut cache = self.inner.caches.hidden.lock().await;
        if let Some((version, hidden)) = cache.as_ref()
            && *version == feedback.version
        {
            return Ok(hidden.clone());
        }
        let found = collect(hidden(&feedback.scan()?)?).await?;
        *cache = Some((feedback.version, found.clone()));
        Ok(found)
    }
}
