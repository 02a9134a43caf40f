//! Where everything went: each record decoded, and each message that gave none, is in exactly one place.

use crate::error::StoreError;
use crate::notes::Outcome;
use crate::resolve::Fate;
use crate::{Store, collect};
use polars::prelude::*;
use serde::Serialize;

/// Counts of records; a message that gave none, and a tombstone, count as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Ledger {
    /// Current ones.
    pub facts: u64,
    /// Older versions and deletions.
    pub superseded: u64,
    pub duplicates: u64,
    pub ignored: u64,
    pub dead_letters: u64,
    pub erased: u64,
}

impl Ledger {
    /// Everything the tables answer for.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.facts + self.superseded + self.duplicates + self.ignored + self.dead_letters + self.erased
    }
}

impl Store {
    /// Counts the tables, what compaction has dropped and what was erased included.
    pub async fn ledger(&self) -> Result<Ledger, StoreError> {
        let notes = self.counting_notes().await?;
        let notes = notes.group_by([col("outcome")]).agg([col("records").cast(DataType::Int64).sum()]);
        let notes = collect(notes).await?;
        let snapshot = self.inner.feedback.snapshot().await?;
        let hidden = self.hidden(&snapshot).await?;
        let rows = collect(snapshot.scan()?.select([len().cast(DataType::Int64)])).await?;
        let rows = rows.columns().first().map(|c| c.i64().map(|c| c.get(0))).transpose()?;
        let rows = rows.flatten().unwrap_or_default().unsigned_abs();
        let count = |fate| hidden.iter().filter(|row| row.counts && row.fate == fate).count() as u64;
        let mut ledger = Ledger {
            facts: rows - hidden.len() as u64,
            superseded: count(Fate::Superseded),
            duplicates: count(Fate::Duplicate),
            ..Ledger::default()
        };
        let outcomes = notes.column("outcome")?.str()?;
        let counts = notes.column("records")?.i64()?;
        for (outcome, count) in outcomes.iter().zip(counts.iter()) {
            let count = count.unwrap_or_default().unsigned_abs();
            match outcome.and_then(Outcome::parse) {
                Some(Outcome::DeadLetter) => ledger.dead_letters += count,
                Some(Outcome::Ignored) => ledger.ignored += count,
                Some(Outcome::Erased) => ledger.erased += count,
                Some(Outcome::Superseded) => ledger.superseded += count,
                Some(Outcome::Duplicate) => ledger.duplicates += count,
                None => {
                    return Err(StoreError::Corrupt {
                        path: self.inner.dead_letters.place.clone(),
                        detail: format!("the outcome {outcome:?}"),
                    });
                }
            }
        }
        Ok(ledger)
    }
}
