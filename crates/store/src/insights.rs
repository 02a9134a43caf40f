//! Replacing the insights of some days, once.

use crate::encode::{EncodedFiles, encode};
use crate::error::StoreError;
use crate::schema::Table;
use crate::table::{AppVersion, Expected, Intent, Purpose, Refused};
use crate::{Seen, Store};
use deltalake_core::arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use feedback::insight::{InsightCounts, InsightRow};
use feedback::time::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

/// The app transactions of `insights`: the version of `feedback` that they were computed from, and the last correction.
/// Rollups from before there were corrections noted the first alone.
const FACTS: &str = "rollup/feedback";
const CORRECTIONS: &str = "rollup/corrections";

/// From where to where a rollup goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollup {
    /// As [`Store::rolled_up_to`] said.
    pub from: Option<Seen>,
    /// As [`crate::Touched::seen`] said.
    pub to: Seen,
}

#[derive(Debug, thiserror::Error)]
pub enum RollupError {
    /// Somebody else has rolled up meanwhile; nothing was written. Look what is left to do.
    #[error("another process has rolled up meanwhile, to {found:?}")]
    Superseded { found: Option<Seen> },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// What of the facts and the corrections `insights` stands for; `None` before the first rollup.
    pub async fn rolled_up_to(&self) -> Result<Option<Seen>, StoreError> {
        Ok(self.noted_rollup().await?.seen())
    }

    async fn noted_rollup(&self) -> Result<Noted, StoreError> {
        let found = self.inner.insights.app_versions(&[FACTS.to_owned(), CORRECTIONS.to_owned()]).await?;
        let at = |place: usize| found.get(place).copied().flatten();
        Ok(Noted { facts: at(0), corrections: at(1) })
    }

    /// Replaces all rows of `days` by `rows` (whose days are among them) and notes how far it has read.
    pub async fn replace_insights(
        &self,
        days: &BTreeSet<Day>,
        rows: &[InsightRow],
        rollup: Rollup,
    ) -> Result<i64, RollupError> {
        let noted = self.noted_rollup().await?;
        if noted.seen() != rollup.from {
            return Err(RollupError::Superseded { found: noted.seen() });
        }
        let table = &self.inner.insights;
        let files = encode_rows(days, rows)?;
        let put_at = Instant::now();
        let adds = table.put(&files, true).await?;
        let files = table.snapshot().await?.files();
        let old = files.iter().filter(|file| file.day.is_some_and(|day| days.contains(&day)));
        let note = |app_id: &str, expected, version| AppVersion {
            app_id: app_id.to_owned(),
            expected: Expected::Exactly(expected),
            version,
        };
        let intent = Intent {
            purpose: Purpose::Replace,
            adds,
            removes: old.map(|file| file.remove.clone()).collect(),
            notes: vec![
                note(FACTS, noted.facts, rollup.to.version),
                note(CORRECTIONS, noted.corrections, rollup.to.corrections),
            ],
            put_at,
        };
        match table.transact(&intent).await {
            Ok(version) => Ok(crate::signed(version)),
            Err(Refused::AppMoved { .. } | Refused::FilesGone) => {
                Err(RollupError::Superseded { found: self.rolled_up_to().await? })
            }
            Err(Refused::Store(error)) => Err(error.into()),
        }
    }
}

/// What is noted in the table.
struct Noted {
    facts: Option<i64>,
    corrections: Option<i64>,
}

impl Noted {
    fn seen(&self) -> Option<Seen> {
        Some(Seen { version: self.facts?, corrections: self.corrections.unwrap_or(0) })
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
