//! Taking back what an import wrote, so that the same file can be read in another way.
//!
//! Unlike an erasure it leaves nothing behind that keeps the rows away: each position that loses its rows, or its
//! dead letter, is noted as superseded, so that the ledger adds up. One that was interrupted is finished by
//! running it again.

use crate::error::StoreError;
use crate::index::{column, why_gone};
use crate::notes::{Note, Outcome};
use crate::removal::{ROUNDS, by_day, counted_by, notes_of, take_out};
use crate::resolve::{POSITION, columns};
use crate::rewrite::Keep;
use crate::schema::{DAY, Table};
use crate::snapshot::FILE;
use crate::{Store, collect};
use deltalake_core::arrow::array::{AsArray, RecordBatch};
use polars::prelude::{DataFrame, DataType, Expr, LazyFrame, UnionArgs, col, concat, lit};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

const REASON: &str = "replaced";

impl Store {
    /// The topics that start with `prefix` and have rows or dead letters, each with its number of rows.
    pub async fn rows_by_topic(&self, prefix: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let named = col("position_topic").str().starts_with(lit(prefix.to_owned()));
        let rows = self.inner.feedback.snapshot().await?.scan()?;
        let rows = rows
            .filter(named.clone())
            .select([col("position_topic"), lit(1).cast(DataType::Int64).alias("n")]);
        let notes = self
            .open_notes(named)
            .await?
            .select([col("position_topic"), lit(0).cast(DataType::Int64).alias("n")]);
        let both = concat([rows, notes], UnionArgs::default())?;
        let counts = collect(both.group_by([col("position_topic")]).agg([col("n").sum()])).await?;
        let (topics, counts) = (counts.column("position_topic")?.str()?, counts.column("n")?.i64()?);
        let pairs = topics.iter().zip(counts.iter());
        Ok(pairs.filter_map(|(topic, n)| Some((topic?.to_owned(), n?.unsigned_abs()))).collect())
    }

    /// Takes out every row of these topics, and their dead letters; returns how many rows that were.
    pub async fn withdraw(&self, topics: &HashSet<String>) -> Result<usize, StoreError> {
        let theirs =
            topics.iter().fold(lit(false), |any, topic| any.or(col("position_topic").eq(lit(topic.clone()))));
        let wanted = columns(&[&POSITION, counted_by(Table::DeadLetters)].concat());
        let letters = collect(self.open_notes(theirs.clone()).await?.select(wanted)).await?;
        self.supersede(Table::DeadLetters, &letters).await?;
        let keep = keep_others(topics.clone());
        let mut taken = 0;
        for _ in 0..ROUNDS {
            let snapshot = self.inner.feedback.snapshot().await?;
            let wanted = columns(&[&POSITION, counted_by(Table::Feedback), &[DAY, FILE]].concat());
            let rows = collect(snapshot.scan_with_files()?.filter(theirs.clone()).select(wanted)).await?;
            if rows.height() == 0 {
                return Ok(taken);
            }
            for (day, (rows, files)) in by_day(&rows, &snapshot.files())? {
                self.supersede(Table::Feedback, &rows).await?;
                if take_out(&self.inner.feedback, day, &files, &keep).await? {
                    taken += rows.height();
                }
            }
        }
        Err(why_gone(&self.inner.feedback).await)
    }

    /// Dead letters and ignored messages.
    async fn open_notes(&self, which: Expr) -> Result<LazyFrame, StoreError> {
        let outcome = |outcome: Outcome| col("outcome").eq(lit(outcome.as_str()));
        let open = outcome(Outcome::DeadLetter).or(outcome(Outcome::Ignored));
        Ok(self.counting_notes().await?.filter(open.and(which)))
    }

    async fn supersede(&self, table: Table, rows: &DataFrame) -> Result<(), StoreError> {
        let notes: Vec<Note> = notes_of(table, rows, Outcome::Superseded, REASON).await?;
        let notes = self.outlasting(notes).await?;
        self.append_notes(&notes.iter().collect::<Vec<_>>(), Vec::new()).await
    }
}

/// Keeps the rows of other topics.
fn keep_others(topics: HashSet<String>) -> Keep {
    Arc::new(move |batch: &RecordBatch| {
        let topic = column(batch, "position_topic")?.as_string::<i32>();
        Ok(topic.iter().map(|topic| Some(topic.is_none_or(|topic| !topics.contains(topic)))).collect())
    })
}
