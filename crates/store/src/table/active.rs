//! Which files a table has, brought on by what each commit adds and removes. Delta's own view of a version is made by a
//! look at every file of it, whatever has changed.

use crate::error::StoreError;
use crate::schema::DAY;
use crate::snapshot::{ActiveFile, Files, day};
use deltalake_core::kernel::{Add, Remove};
use deltalake_core::table::state::DeltaTableState;
use std::collections::HashSet;
use std::sync::Arc;

/// Commits that are kept as they are; beyond that the files are brought on, whether somebody asks for them or not.
const MOST_WAITING: usize = 1024;

/// The files of the newest version.
pub(super) struct Active {
    /// Of some version.
    files: Files,
    /// What was committed after it, in order: a commit costs no look at the other files.
    since: Vec<Change>,
}

/// What one commit does to the files.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub added: Vec<Add>,
    /// Their paths.
    pub removed: Vec<String>,
}

impl Active {
    /// As Delta tells.
    pub fn of(delta: &DeltaTableState, place: &str) -> Result<Self, StoreError> {
        let all = delta.log_data();
        let files = all.iter().map(|file| active(file.remove_action(true), file.stats(), place));
        Ok(Self { files: files.collect::<Result<_, _>>()?, since: Vec::new() })
    }

    pub fn push(&mut self, change: Change, place: &str) {
        if change.added.is_empty() && change.removed.is_empty() {
            return;
        }
        self.since.push(change);
        if self.since.len() >= MOST_WAITING {
            // What is wrong with one of them is told to whoever asks.
            let _ = self.files(place);
        }
    }

    /// All of them, as they are now.
    pub fn files(&mut self, place: &str) -> Result<Files, StoreError> {
        if !self.since.is_empty() {
            self.files = after(&self.since, &self.files, place)?;
            self.since.clear();
        }
        Ok(Arc::clone(&self.files))
    }
}

/// The files after these commits, which are in order.
fn after(commits: &[Change], before: &[Arc<ActiveFile>], place: &str) -> Result<Files, StoreError> {
    let mut files = Vec::with_capacity(before.len() + commits.len());
    let mut settled: HashSet<&str> = HashSet::new();
    for Change { added, removed } in commits.iter().rev() {
        // A file that the same commit removes was there before; the one that it adds is there now.
        for add in added.iter().filter(|add| !settled.contains(add.path.as_str())) {
            files.push(active(removal(add), add.stats.clone(), place)?);
        }
        settled.extend(added.iter().map(|add| add.path.as_str()));
        settled.extend(removed.iter().map(String::as_str));
    }
    files.extend(before.iter().filter(|file| !settled.contains(file.path.as_str())).cloned());
    Ok(files.into())
}

/// As Delta makes it of a file that it holds.
fn removal(add: &Add) -> Remove {
    Remove {
        path: add.path.clone(),
        data_change: true,
        extended_file_metadata: Some(true),
        partition_values: Some(add.partition_values.clone()),
        size: Some(add.size),
        deletion_vector: add.deletion_vector.clone(),
        ..Remove::default()
    }
}

/// A file by what would take it out, and what the log tells of its rows.
fn active(remove: Remove, stats: Option<String>, place: &str) -> Result<Arc<ActiveFile>, StoreError> {
    let of = remove.partition_values.as_ref().and_then(|values| values.get(DAY));
    let of = of.and_then(Option::as_deref).map(|text| day(place, text)).transpose()?;
    Ok(Arc::new(ActiveFile {
        path: remove.path.clone(),
        day: of,
        bytes: remove.size.unwrap_or_default().unsigned_abs(),
        rows: stats.as_deref().and_then(rows),
        stats,
        remove,
    }))
}

fn rows(stats: &str) -> Option<usize> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Stats {
        num_records: Option<usize>,
    }
    serde_json::from_str::<Stats>(stats).ok()?.num_records
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeSet, HashMap};

    fn add(name: u8, rows: usize) -> Add {
        let bounds = format!(r#""minValues":{{"sequence":2}},"maxValues":{{"sequence":{name}}}"#);
        Add {
            path: format!("day=2026-03-0{name}/a.parquet"),
            partition_values: HashMap::from([(DAY.to_owned(), Some(format!("2026-03-0{name}")))]),
            size: 100 + i64::from(name),
            stats: Some(format!(r#"{{"numRecords":{rows},{bounds}}}"#)),
            ..Add::default()
        }
    }

    fn none() -> Active {
        Active { files: Files::default(), since: Vec::new() }
    }

    fn told(active: &mut Active) -> Vec<(String, Option<usize>)> {
        active.files("/t").unwrap().iter().map(|file| (file.path.clone(), file.rows)).collect()
    }

    #[test]
    fn a_file_is_told_as_the_log_has_it() {
        let mut table = none();
        table.push(Change { added: vec![add(4, 7)], removed: Vec::new() }, "/t");
        let files = table.files("/t").unwrap();
        let file = &files[0];
        assert_eq!((file.bytes, file.rows, file.extent("sequence")), (104, Some(7), Some(2..=4)));
        assert_eq!(file.extent("version"), None);
        assert_eq!(file.day.map(|day| day.to_string()).as_deref(), Some("2026-03-04"));
        assert_eq!((file.remove.size, file.remove.data_change), (Some(104), true));
        assert_eq!(file.remove.partition_values.as_ref().unwrap()[DAY].as_deref(), Some("2026-03-04"));
        assert_eq!(rows("{}"), None);
        assert_eq!(rows(r#"{"numRecords":-1}"#), None);
    }

    #[test]
    fn the_last_commit_says_what_is_there_and_comes_first() {
        let mut table = none();
        table.push(Change { added: vec![add(1, 1), add(2, 1)], removed: Vec::new() }, "/t");
        table.push(Change { added: vec![add(3, 1)], removed: vec![add(1, 1).path] }, "/t");
        let of = |name, rows| (add(name, rows).path, Some(rows));
        assert_eq!(told(&mut table), [of(3, 1), of(2, 1)]);
        // Told anew, and taken out by the same commit that brings it back.
        table.push(Change { added: vec![add(2, 5), add(3, 6)], removed: vec![add(3, 1).path] }, "/t");
        table.push(Change { added: Vec::new(), removed: vec![add(2, 5).path] }, "/t");
        assert_eq!(told(&mut table), [of(3, 6)]);
    }

    #[test]
    fn a_partition_that_is_no_day_is_told_to_whoever_asks() {
        let mut table = none();
        let partition_values = HashMap::from([(DAY.to_owned(), Some("soon".to_owned()))]);
        let strange = Add { path: "day=soon/a.parquet".to_owned(), partition_values, ..Add::default() };
        table.push(Change { added: vec![strange], removed: Vec::new() }, "/t");
        for _ in 0..2 {
            assert!(matches!(table.files("/t"), Err(StoreError::Corrupt { .. })));
        }
    }

    fn names() -> impl Strategy<Value = BTreeSet<u8>> {
        prop::collection::btree_set(1_u8..9, 0..4)
    }

    proptest! {
        /// However often somebody looks in between.
        #[test]
        fn looking_changes_nothing(
            commits in prop::collection::vec((names(), names(), any::<bool>()), 0..30),
        ) {
            let (mut looked_at, mut left_alone) = (none(), none());
            let mut expected: HashMap<String, usize> = HashMap::new();
            for (at, (added, removed, looks)) in commits.iter().enumerate() {
                let change = || Change {
                    added: added.iter().map(|name| add(*name, at)).collect(),
                    removed: removed.iter().map(|name| add(*name, 0).path).collect(),
                };
                for path in change().removed {
                    expected.remove(&path);
                }
                expected.extend(change().added.into_iter().map(|add| (add.path, at)));
                looked_at.push(change(), "/t");
                left_alone.push(change(), "/t");
                if *looks {
                    told(&mut looked_at);
                }
            }
            prop_assert_eq!(told(&mut looked_at), told(&mut left_alone));
            let all: HashMap<String, usize> =
                told(&mut left_alone).into_iter().map(|(path, rows)| (path, rows.unwrap())).collect();
            prop_assert_eq!(all.len(), told(&mut left_alone).len(), "none stands twice");
            prop_assert_eq!(all, expected);
        }
    }
}
