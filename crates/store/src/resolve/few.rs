//! The current rows of a few records, by the same rule, without a look at all others.
//!
//! Of the files of their days the ids are read, and of their items the other rows, wherever these lie: which files have some
//! the index knows.

use super::{Hidden, judge, without};
use crate::Store;
use crate::error::StoreError;
use crate::index::{FileItems, column, read_columns, why_gone};
use crate::snapshot::{ActiveFile, Snapshot};
use crate::sought::Sought;
use crate::table::Handle;
use deltalake_core::arrow::array::{AsArray, RecordBatch};
use feedback::time::Day;
use futures::StreamExt;
use polars::prelude::{Expr, IntoSeries as _, LazyFrame, NamedFrom as _, Series, col, lit};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Files that are read at once.
const AT_ONCE: usize = 8;

/// The place of each file that has some, and their numbers in it; both ascending.
type Rows = Vec<(usize, Vec<u32>)>;

/// What is known of some items.
struct Few {
    /// The places of the files that hold rows of theirs.
    files: Vec<usize>,
    hidden: Vec<Hidden>,
}

impl Store {
    /// The current rows of some records, as the models judged them; of those of them that lie on one of these days.
    pub(crate) async fn current_of_records(
        &self,
        feedback: &Snapshot,
        days: &BTreeSet<Day>,
        records: &Arc<HashSet<String>>,
    ) -> Result<LazyFrame, StoreError> {
        let files = feedback.files();
        let there = self.rows_of_records(&files, days, records).await?;
        if there.is_empty() {
            return feedback.scan_files(&[]);
        }
        let items = self.items_of(&files).await?;
        let keys = keys_of(&items, &there);
        let few = self.few(&files, items, keys).await?;
        let holding: Vec<_> = there.iter().map(|(file, _)| Arc::clone(&files[*file])).collect();
        without(feedback.scan_files(&holding)?.filter(is_named(records)?), &few.hidden)
    }

    /// The same on whatever day, where the keys of their items are known.
    pub(crate) async fn current_of_items(
        &self,
        feedback: &Snapshot,
        mut keys: Vec<u64>,
        records: &HashSet<String>,
    ) -> Result<LazyFrame, StoreError> {
        keys.sort_unstable();
        keys.dedup();
        let files = feedback.files();
        let items = self.items_of(&files).await?;
        let few = self.few(&files, items, keys).await?;
        let holding: Vec<_> = few.files.iter().map(|file| Arc::clone(&files[*file])).collect();
        without(feedback.scan_files(&holding)?.filter(is_named(records)?), &few.hidden)
    }

    /// Where these records lie in the files of these days.
    async fn rows_of_records(
        &self,
        files: &[Arc<ActiveFile>],
        days: &BTreeSet<Day>,
        records: &Arc<HashSet<String>>,
    ) -> Result<Rows, StoreError> {
        let feedback = &self.inner.feedback;
        let (mut places, mut reads) = (Vec::new(), Vec::new());
        for (place, file) in files.iter().enumerate() {
            if !records.is_empty() && file.day.is_some_and(|day| days.contains(&day)) {
                places.push(place);
                reads.push(rows_named(feedback, &file.path, Arc::clone(records)));
            }
        }
        let mut reads = futures::stream::iter(reads).buffered(AT_ONCE);
        let (mut places, mut there) = (places.into_iter(), Rows::new());
        while let (Some(read), Some(place)) = (reads.next().await, places.next()) {
            match read? {
                Some(rows) if rows.is_empty() => {}
                Some(rows) => there.push((place, rows)),
                None => return Err(why_gone(feedback).await),
            }
        }
        Ok(there)
    }

    /// Applies the rule to all rows of the items with these keys, which are ascending.
    async fn few(
        &self,
        files: &[Arc<ActiveFile>],
        items: Vec<Arc<FileItems>>,
        keys: Vec<u64>,
    ) -> Result<Few, StoreError> {
        let (holding, contested) = crate::blocking(move || Ok(contested(&items, &keys))).await?;
        let mut rows = Vec::new();
        for (file, wanted) in &contested {
            match self.read_rows(&files[*file], wanted).await? {
                Some(read) => rows.extend(read),
                None => return Err(why_gone(&self.inner.feedback).await),
            }
        }
        Ok(Few { files: holding, hidden: judge(rows) })
    }
}

/// Whether a row is of one of these records.
fn is_named(records: &HashSet<String>) -> Result<Expr, StoreError> {
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let records = Series::new("records".into(), records);
    Ok(col("record_id").is_in(lit(records.implode()?.into_series()), false))
}

/// The numbers of a file's rows that are of one of these records; `None` if it is gone.
async fn rows_named(
    handle: &Handle,
    path: &str,
    records: Arc<HashSet<String>>,
) -> Result<Option<Vec<u32>>, StoreError> {
    let Some(batches) = read_columns(handle, path, &["record_id"]).await? else { return Ok(None) };
    crate::blocking(move || numbers(&batches, &records)).await.map(Some)
}

fn numbers(batches: &[RecordBatch], records: &HashSet<String>) -> Result<Vec<u32>, StoreError> {
    let (mut numbers, mut start) = (Vec::new(), 0);
    for batch in batches {
        let ids = column(batch, "record_id")?.as_string::<i32>();
        let named = (0..batch.num_rows()).filter(|row| records.contains(ids.value(*row)));
        numbers.extend(named.map(|row| (start + row) as u32));
        start += batch.num_rows();
    }
    Ok(numbers)
}

/// The keys of the items of some rows; ascending, each once.
fn keys_of(items: &[Arc<FileItems>], rows: &[(usize, Vec<u32>)]) -> Vec<u64> {
    let mut keys = Vec::new();
    for (file, rows) in rows {
        keys.extend(rows.iter().map(|row| items[*file].keys[*row as usize]));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The files that hold rows of items with these keys, and those of the rows that the rule has to look at: where an item has
/// several, and tombstones.
fn contested(items: &[Arc<FileItems>], keys: &[u64]) -> (Vec<usize>, Rows) {
    let (sought, mut there) = (Sought::new(keys.to_vec()), Rows::new());
    let mut count: HashMap<u64, usize> = HashMap::new();
    for (file, items) in items.iter().enumerate() {
        let mut rows = Vec::new();
        for (row, key) in items.keys.iter().enumerate() {
            if sought.has(*key) {
                *count.entry(*key).or_default() += 1;
                rows.push(row as u32);
            }
        }
        if !rows.is_empty() {
            there.push((file, rows));
        }
    }
    let holding = there.iter().map(|(file, _)| *file).collect();
    for (file, rows) in &mut there {
        let items = &items[*file];
        rows.retain(|row| {
            let is_alone = count.get(&items.keys[*row as usize]) == Some(&1);
            !is_alone || items.tombstones.binary_search(row).is_ok()
        });
    }
    there.retain(|(_, rows)| !rows.is_empty());
    (holding, there)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_items_with_several_rows_and_tombstones_are_looked_at() {
        let file = |keys: &[u64], tombstones: &[u32]| {
            Arc::new(FileItems { keys: keys.to_vec(), tombstones: tombstones.to_vec() })
        };
        let items = [file(&[7, 1, 2, 1], &[]), file(&[8, 9], &[0]), file(&[3, 4, 2], &[1])];
        assert_eq!(contested(&items, &[3]), (vec![2], vec![]), "it has one row");
        assert_eq!(contested(&items, &[1, 3]), (vec![0, 2], vec![(0, vec![1, 3])]));
        assert_eq!(contested(&items, &[2, 4]), (vec![0, 2], vec![(0, vec![2]), (2, vec![1, 2])]));
        assert_eq!(contested(&items, &[5]), (vec![], vec![]));
        assert_eq!(keys_of(&items, &[(0, vec![1, 3]), (2, vec![0])]), [1, 3]);
    }
}
