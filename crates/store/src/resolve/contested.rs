//! Which rows the rule has to look at: those of items that have several, and tombstones.
//!
//! From one version to the next nearly always some rows came and none went. Then their items are looked for among the
//! others; where files went, everything is looked at anew.

use crate::index::FileItems;
use crate::sought::Sought;
use std::collections::HashMap;
use std::sync::Arc;

/// Keys that are sorted at once: 16 MiB.
const KEYS_AT_ONCE: usize = 1 << 21;

/// The contested rows of one version.
#[derive(Debug, Default)]
pub(super) struct Contested {
    /// Keys that stand in more than one row; ascending.
    repeated: Vec<u64>,
    /// All files, by their paths.
    files: HashMap<String, File>,
}

#[derive(Debug)]
struct File {
    items: Arc<FileItems>,
    /// The numbers of its contested rows; ascending.
    rows: Arc<Vec<u32>>,
}

impl Contested {
    /// Those of a file; `None` where it has none.
    pub fn rows(&self, path: &str) -> Option<Arc<Vec<u32>>> {
        self.files.get(path).map(|file| Arc::clone(&file.rows)).filter(|rows| !rows.is_empty())
    }

    /// The same of other files, which are all that there are now.
    pub fn brought_to(self, mut files: Vec<(String, Arc<FileItems>)>) -> Self {
        let known = files.iter().filter(|(path, _)| self.files.contains_key(path)).count();
        let are_all_there = known == self.files.len();
        let rows_of = |(path, items): &(String, Arc<FileItems>)| match self.files.contains_key(path) {
            true => 0,
            false => items.keys.len(),
        };
        let fresh: usize = files.iter().map(rows_of).sum();
        if known == 0 || !are_all_there || fresh > KEYS_AT_ONCE {
            return Self::anew(files);
        }
        files.retain(|(path, _)| !self.files.contains_key(path));
        self.with(files)
    }

    fn anew(files: Vec<(String, Arc<FileItems>)>) -> Self {
        let items: Vec<_> = files.iter().map(|(_, items)| Arc::clone(items)).collect();
        let repeated = repeated(&items, KEYS_AT_ONCE);
        let file = |(path, items): (String, Arc<FileItems>)| (path, File::new(items, &repeated));
        Self { files: files.into_iter().map(file).collect(), repeated }
    }

    /// With files beside those that are there.
    fn with(mut self, fresh: Vec<(String, Arc<FileItems>)>) -> Self {
        let items: Vec<_> = fresh.iter().map(|(_, items)| Arc::clone(items)).collect();
        let mut again = repeated(&items, KEYS_AT_ONCE);
        let sought = Sought::new(items.iter().flat_map(|items| items.keys.iter().copied()).collect());
        let mut holding = Vec::new();
        for (path, file) in &self.files {
            let before = again.len();
            again.extend(file.items.keys.iter().copied().filter(|key| sought.has(*key)));
            if again.len() > before {
                holding.push(path.clone());
            }
        }
        if !again.is_empty() {
            self.repeated.extend(again);
            // Most of them are in order.
            self.repeated.sort();
            self.repeated.dedup();
        }
        let Self { repeated, files } = &mut self;
        for path in holding {
            if let Some(file) = files.get_mut(&path) {
                file.rows = Arc::new(contested_rows(&file.items, repeated));
            }
        }
        files.extend(fresh.into_iter().map(|(path, items)| (path, File::new(items, repeated))));
        self
    }
}

impl File {
    fn new(items: Arc<FileItems>, repeated: &[u64]) -> Self {
        let rows = Arc::new(contested_rows(&items, repeated));
        Self { items, rows }
    }
}

/// Keys that stand in more than one row, ascending.
///
/// Each round looks only at the keys that begin with certain bits: a copy of all keys would double the memory.
fn repeated(items: &[Arc<FileItems>], at_once: usize) -> Vec<u64> {
    let rows: usize = items.iter().map(|items| items.keys.len()).sum();
    let rounds = (rows / at_once + 1).next_power_of_two().min(1 << 16) as u64;
    let shift = u64::BITS - rounds.trailing_zeros();
    let (mut repeated, mut keys): (Vec<u64>, Vec<u64>) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        keys.clear();
        // A shift by all bits leaves none: the one round that looks at everything.
        let in_round = |key: &&u64| key.checked_shr(shift).unwrap_or(0) == round;
        items.iter().for_each(|items| keys.extend(items.keys.iter().filter(in_round)));
        keys.sort_unstable();
        repeated.extend(keys.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]));
        repeated.dedup();
    }
    repeated
}

/// The numbers of a file's rows whose item has other rows too, and of its tombstones; ascending.
fn contested_rows(items: &FileItems, repeated: &[u64]) -> Vec<u32> {
    if repeated.is_empty() {
        return items.tombstones.clone();
    }
    let rows = items.keys.iter().enumerate().filter(|(_, key)| repeated.binary_search(key).is_ok());
    let mut rows: Vec<u32> =
        rows.map(|(row, _)| row as u32).chain(items.tombstones.iter().copied()).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn file(keys: Vec<u64>) -> Arc<FileItems> {
        Arc::new(FileItems { keys, tombstones: Vec::new() })
    }

    fn all_rows(contested: &Contested) -> BTreeMap<&str, Vec<u32>> {
        let files = contested.files.iter();
        files.map(|(path, file)| (path.as_str(), file.rows.to_vec())).collect()
    }

    proptest! {
        /// However many rounds it takes.
        #[test]
        fn repeated_keys_are_found_wherever_they_are(
            rows in 0_usize..400,
            at_once in 1_usize..500,
            seed in any::<u64>(),
        ) {
            // An odd multiplier permutes the numbers: only what is put in twice stands there twice.
            let key = |at: u64| at.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ seed;
            let keys: Vec<u64> = (0..rows as u64).map(key).collect();
            let (first, second) = keys.split_at(rows / 3);
            let again: Vec<u64> = keys.iter().copied().step_by(7).collect();
            let mut expected = again.clone();
            expected.sort_unstable();
            let files = [file(first.to_vec()), file(again.clone()), file(second.to_vec()), file(again)];
            prop_assert_eq!(repeated(&files, at_once), expected);
        }

        /// Whatever came and went in between, it is as if nothing had been known before.
        #[test]
        fn what_is_brought_on_is_what_a_fresh_look_finds(
            keys in prop::collection::vec(prop::collection::vec(0_u64..12, 0..6), 1..10),
            tombstones in prop::collection::vec(any::<bool>(), 10),
            versions in prop::collection::vec(prop::collection::btree_set(0_usize..10, 0..10), 1..8),
        ) {
            let file = |at: usize| {
                let keys: Vec<u64> = keys.get(at).cloned().unwrap_or_default();
                let tombstones = if tombstones[at] && !keys.is_empty() { vec![0] } else { Vec::new() };
                (format!("{at}.parquet"), Arc::new(FileItems { keys, tombstones }))
            };
            let mut held = Contested::default();
            for (round, version) in versions.iter().enumerate() {
                // Every other time files only come.
                let kept = versions[..round].iter().rev().take(round % 2).flatten();
                let files: std::collections::BTreeSet<usize> = version.iter().chain(kept).copied().collect();
                let files: Vec<_> = files.into_iter().map(file).collect();
                held = held.brought_to(files.clone());
                let anew = Contested::anew(files);
                prop_assert_eq!(&held.repeated, &anew.repeated);
                prop_assert_eq!(all_rows(&held), all_rows(&anew));
            }
        }
    }

    #[test]
    fn a_second_row_makes_the_first_one_contested() {
        let one = |path: &str, keys: &[u64]| (path.to_owned(), file(keys.to_vec()));
        let first = Contested::default().brought_to(vec![one("a", &[1, 2, 3]), one("b", &[4])]);
        assert_eq!((first.rows("a"), first.rows("b"), first.rows("c")), (None, None, None));
        let second = vec![one("a", &[1, 2, 3]), one("b", &[4]), one("c", &[5, 2])];
        let second = first.brought_to(second);
        let rows = |path| second.rows(path).map(|rows| rows.to_vec());
        assert_eq!((rows("a"), rows("b"), rows("c")), (Some(vec![1]), None, Some(vec![1])));
    }
}
