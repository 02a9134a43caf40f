//! Whether all that was taken is in the tables, once: counted from the tables, not from what anybody says.

use super::ids;
use anyhow::{Context, Result};
use polars::prelude::{col, len, lit};
use serde::Serialize;
use std::collections::HashMap;
use std::path::Path;
use store::{Ledger, Store, StoreOptions};

/// What became of the items of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    pub sent: u64,
    /// Called durable.
    pub taken: u64,
    /// Of these, not in the tables.
    pub lost: u64,
    /// In the tables more than once.
    pub doubled: u64,
    /// In the tables, though nobody sent them.
    pub invented: u64,
    /// Neither called durable nor refused, and in the tables: a sender would send them again.
    pub unanswered: u64,
}

impl Tally {
    /// `taken` tells of each item, by its number, whether it was called durable.
    pub fn of(run: &str, taken: &[bool], in_tables: &HashMap<String, u32>) -> Self {
        let mut tally = Self { sent: taken.len() as u64, ..Self::default() };
        let mut known = 0;
        for (number, taken) in (0..).zip(taken) {
            let times = in_tables.get(&ids::of_item(run, number)).copied().unwrap_or(0);
            known += u64::from(times > 0);
            tally.taken += u64::from(*taken);
            tally.lost += u64::from(*taken && times == 0);
            tally.doubled += u64::from(times > 1);
            tally.unanswered += u64::from(!*taken && times > 0);
        }
        tally.invented = in_tables.len() as u64 - known;
        tally
    }

    pub fn is_sound(&self) -> bool {
        self.lost + self.doubled + self.invented == 0
    }
}

/// How often each item of a run stands in the tables, whatever becomes of it there.
pub fn items(tables: &Path, run: &str) -> Result<HashMap<String, u32>> {
    let rows = with_store(tables, async |store| {
        let all = store.feedback().await?;
        let of_run = all.filter(col("native_id").str().starts_with(lit(format!("{run}-"))));
        Ok(store.collect(of_run.group_by([col("native_id")]).agg([len().alias("rows")])).await?)
    })?;
    let (ids, counts) = (rows.column("native_id")?.str()?, rows.column("rows")?.u32()?);
    let counted = ids.iter().zip(counts.iter());
    Ok(counted.filter_map(|(id, count)| Some((id?.to_owned(), count?))).collect())
}

/// Numbers of the vector of a fact; 0 where none has one.
pub fn dimensions(tables: &Path) -> Result<usize> {
    let rows = with_store(tables, async |store| {
        let all = store.feedback().await?.select([col("embedding")]);
        Ok(store.collect(all.filter(col("embedding").is_not_null()).limit(1)).await?)
    })?;
    Ok(rows.column("embedding")?.binary()?.get(0).map_or(0, <[u8]>::len))
}

/// Where everything is that was ever consumed.
pub fn ledger(tables: &Path) -> Result<Ledger> {
    with_store(tables, async |store| Ok(store.ledger().await?))
}

fn with_store<T>(tables: &Path, asked: impl AsyncFnOnce(Store) -> Result<T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&tables.to_string_lossy(), StoreOptions::default()).await;
        asked(store.context("the tables cannot be opened")?).await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_doubled_and_invented_ones_are_told_apart() {
        let in_tables = |items: &[(u64, u32)]| -> HashMap<String, u32> {
            items.iter().map(|(number, rows)| (ids::of_item("hook-x", *number), *rows)).collect()
        };
        let sound = Tally::of("hook-x", &[true, false, true], &in_tables(&[(0, 1), (2, 1)]));
        assert_eq!(sound, Tally { sent: 3, taken: 2, ..Tally::default() });
        assert!(sound.is_sound());
        let tally =
            Tally::of("hook-x", &[true, false, true, true], &in_tables(&[(1, 1), (2, 2), (3, 1), (9, 1)]));
        let expected = Tally { sent: 4, taken: 3, lost: 1, doubled: 1, invented: 1, unanswered: 1 };
        assert_eq!(tally, expected);
        assert!(!tally.is_sound());
    }
}
