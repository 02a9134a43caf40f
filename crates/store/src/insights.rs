//! Replacing the insights of some days, once.

use crate::Store;
use crate::encode::{EncodedFiles, encode};
use crate::error::StoreError;
use crate::schema::Table;
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use deltalake_core::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use feedback::insight::{InsightCounts, InsightRow};
use feedback::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

/// The app transaction of `insights`: the version of `feedback` they were computed from.
const APP: &str = "rollup/feedback";

/// From which version of `feedback` to which a rollup goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// As [`Store::rolled_up_to`] said.
    pub from: Option<i64>,
    /// As [`crate::Touched::version`] said.
    pub to: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    /// Somebody else has rolled up meanwhile; nothing was written. Look what is left to do.
    #[error("another process has rolled up to version {found:?} of the facts")]
    Superseded { found: Option<i64> },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// The version of `feedback` that `insights` stands for; `None` before the first rollup.
    pub async fn rolled_up_to(&self) -> Result<Option<i64>, StoreError> {
        let found = self.inner.insights.app_versions(&[APP.to_owned()]).await?;
        Ok(found.into_iter().next().flatten())
    }

    /// Replaces all rows of `days` by `rows` (whose days are among them) and notes how far it has read.
    pub async fn replace_insights(
        &self,
        days: &BTreeSet<Day>,
        rows: &[InsightRow],
        rollup: Rollup,
    ) -> Result<i64, RollupError> {
        let table = &self.inner.insights;
        let files = encode_rows(days, rows)?;
        let put_at = Instant::now();
        let adds = table.put(&files, true).await?;
        let snapshot = table.snapshot().await?;
        let old =
            snapshot.files()?.into_iter().filter(|file| file.day.is_some_and(|day| days.contains(&day)));
        let note = AppVersion {
            app_id: APP.to_owned(),
            expected: Expected::Exactly(rollup.from),
            version: rollup.to,
        };
        let intent = Intent {
            purpose: Purpose::Replace,
            adds,
            removes: old.map(|file| file.remove).collect(),
            notes: vec![note],
            put_at,
        };
        match table.transact(&intent).await {
            Ok(version) => Ok(crate::signed(version)),
            Err(Refused::AppMoved { found, .. }) => Err(RollupError::Superseded { found }),
            Err(Refused::FilesGone) => Err(RollupError::Superseded { found: self.rolled_up_to().await? }),
            Err(Refused::Store(error)) => Err(error.into()),
        }
    }
}

fn encode_rows(days: &BTreeSet<Day>, rows: &[InsightRow]) -> Result<EncodedFiles, StoreError> {
    let mut by_day: BTreeMap<Day, Vec<&InsightRow>> = BTreeMap::new();
    for row in rows.iter().filter(|row| days.contains(&row.key.day)) {
        by_day.entry(row.key.day).or_default().push(row);
    }
    let mut files = EncodedFiles::default();
    for (day, rows) in by_day {
        files.push(encode(Table::Insights, Some(day), &[to_batch(&rows)?])?);
    }
    Ok(files)
}

fn to_batch(rows: &[&InsightRow]) -> Result<RecordBatch, StoreError> {
    let text = |of: fn(&InsightRow) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| of(row))))
    };
    let optional = |of: fn(&InsightRow) -> Option<f64>| -> ArrayRef {
        Arc::new(rows.iter().map(|row| of(row)).collect::<Float64Array>())
    };
    let count = |of: fn(&InsightCounts) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| of(&row.counts))))
    };
    let sum = |of: fn(&InsightCounts) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| of(&row.counts))))
    };
    let columns = vec![
        text(|row| &row.key.product),
        text(|row| &row.key.source_kind),
        text(|row| &row.key.topic),
        text(|row| row.key.scale.map_or("", |scale| scale.kind.as_str())),
        optional(|row| row.key.scale.map(|scale| scale.min)),
        optional(|row| row.key.scale.map(|scale| scale.max)),
        count(|c| c.records),
        count(|c| c.negative),
        count(|c| c.neutral),
        count(|c| c.positive),
        count(|c| c.sentiment_unknown),
        count(|c| c.bug),
        count(|c| c.feature_request),
        count(|c| c.complaint),
        count(|c| c.praise),
        count(|c| c.question),
        count(|c| c.cancellation),
        count(|c| c.other),
        count(|c| c.kind_unknown),
        count(|c| c.urgent),
        count(|c| c.score_n),
        sum(|c| c.score_sum),
        sum(|c| c.score_sum_sq),
        count(|c| c.promoters),
        count(|c| c.passives),
        count(|c| c.detractors),
        count(|c| c.top2),
    ];
    RecordBatch::try_new(Table::Insights.arrow_schema(), columns).map_err(StoreError::encode)
}
