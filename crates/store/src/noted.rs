//! Which offsets of a partition the tables already answer for.

use crate::error::StoreError;
use crate::notes::Outcome;
use crate::resolve::{POSITION, columns};
use crate::snapshot::Snapshot;
use crate::{Store, collect};
use deltalake_core::kernel::Action;
use feedback::position::Position;
use polars::prelude::*;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Offsets of one topic and partition, as ranges: small where they are dense.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offsets {
    /// Ascending, apart from each other.
    ranges: Vec<Range<i64>>,
}

impl Offsets {
    #[must_use]
    pub fn contains(&self, offset: i64) -> bool {
        let after = self.ranges.partition_point(|range| range.start <= offset);
        after > 0 && self.ranges[after - 1].end > offset
    }

    /// How many offsets there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.ranges.iter().map(|range| range.end.abs_diff(range.start)).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    #[must_use]
    pub fn ranges(&self) -> &[Range<i64>] {
        &self.ranges
    }

    pub fn insert(&mut self, offset: i64) {
        let at = self.ranges.partition_point(|range| range.start <= offset);
        if at > 0 && self.ranges[at - 1].end > offset {
            return;
        }
        let joins_left = at > 0 && self.ranges[at - 1].end == offset;
        let joins_right = at < self.ranges.len() && self.ranges[at].start == offset + 1;
        match (joins_left, joins_right) {
            (true, true) => self.ranges[at - 1].end = self.ranges.remove(at).end,
            (true, false) => self.ranges[at - 1].end = offset + 1,
            (false, true) => self.ranges[at].start = offset,
            (false, false) => self.ranges.insert(at, offset..offset + 1),
        }
    }
}

impl FromIterator<i64> for Offsets {
    fn from_iter<I: IntoIterator<Item = i64>>(offsets: I) -> Self {
        let mut sorted: Vec<i64> = offsets.into_iter().collect();
        sorted.sort_unstable();
        let mut all = Self::default();
        for offset in sorted {
            match all.ranges.last_mut() {
                Some(last) if last.end > offset => {}
                Some(last) if last.end == offset => last.end = offset + 1,
                _ => all.ranges.push(offset..offset + 1),
            }
        }
        all
    }
}

/// Positions that have a note of any outcome.
pub(crate) type NotedByPartition = HashMap<(String, i32), Offsets>;

impl Store {
    /// The offsets that a replay of this partition has to skip: those with rows in `feedback`, and those
    /// whose rows were erased, or dropped by a compaction.
    ///
    /// Dead letters and ignored messages are not among them: decode them again, since a newer version may
    /// read what an older one refused; [`Store::commit`] drops the notes that are already there.
    pub async fn positions(&self, topic: &str, partition: i32) -> Result<Offsets, StoreError> {
        self.positions_from(topic, partition, i64::MIN).await
    }

    /// Those at or after an offset.
    pub async fn positions_from(
        &self,
        topic: &str,
        partition: i32,
        start: i64,
    ) -> Result<Offsets, StoreError> {
        let here = is_of(topic, partition).and(col("position_offset").gt_eq(lit(start)));
        let rows = self.feedback().await?.filter(here.clone()).select([col("position_offset")]);
        let notes = self.inner.dead_letters.snapshot().await?.scan()?;
        let gone = Outcome::GONE.iter().fold(lit(false), |any, o| any.or(col("outcome").eq(lit(o.as_str()))));
        let notes = notes.filter(here.and(gone)).select([col("position_offset")]);
        let (rows, notes) = (collect(rows).await?, collect(notes).await?);
        let mut offsets: Vec<i64> = rows.column("position_offset")?.i64()?.iter().flatten().collect();
        offsets.extend(notes.column("position_offset")?.i64()?.iter().flatten());
        Ok(offsets.into_iter().collect())
    }

    /// The offsets of this partition that are dead letters: what a replay makes of them takes their place.
    pub async fn refused(&self, topic: &str, partition: i32) -> Result<Offsets, StoreError> {
        let letters = col("outcome").eq(lit(Outcome::DeadLetter.as_str()));
        let notes = self.counting_notes_of(Some(is_of(topic, partition))).await?;
        let notes = notes.filter(letters).select([col("position_offset")]);
        Ok(collect(notes).await?.column("position_offset")?.i64()?.iter().flatten().collect())
    }

    /// Keeps the positions that have no note yet, and remembers what the table holds.
    pub(crate) async fn is_noted(&self, positions: &[&Position]) -> Result<Vec<bool>, StoreError> {
        let mut cache = self.inner.caches.noted.lock().await;
        let snapshot = self.inner.dead_letters.snapshot().await?;
        let known = match cache.take() {
            Some(known) => self.catch_up(known, &snapshot).await?,
            None => Noted::read(&snapshot).await?,
        };
        let noted = |p: &&Position| {
            let offsets = known.positions.get(&(p.topic.to_string(), p.partition));
            offsets.is_some_and(|offsets| offsets.contains(p.offset))
        };
        let noted = positions.iter().map(noted).collect();
        *cache = Some(known);
        Ok(noted)
    }

    /// Adds what others have noted since; a position that has a note never loses it.
    async fn catch_up(&self, mut known: Noted, snapshot: &Snapshot) -> Result<Noted, StoreError> {
        let mut added = HashSet::new();
        for version in known.version + 1..=snapshot.version {
            let Some(actions) = self.inner.dead_letters.actions(version).await? else {
                return Noted::read(snapshot).await;
            };
            added.extend(actions.into_iter().filter_map(|action| match action {
                Action::Add(add) => Some(add.path),
                _ => None,
            }));
        }
        if !added.is_empty() {
            // What was rewritten since stands in a later one of them.
            let files = snapshot.files();
            let files: Vec<_> = files.iter().filter(|file| added.contains(&file.path)).cloned().collect();
            known.add(snapshot.scan_files(&files)?).await?;
        }
        known.version = snapshot.version;
        Ok(known)
    }

    /// These are noted by this process, in this version of the table.
    pub(crate) async fn remember_noted(&self, positions: Vec<&Position>, version: u64) {
        let mut cache = self.inner.caches.noted.lock().await;
        let Some(known) = cache.as_mut() else { return };
        for position in positions {
            let offsets =
                known.positions.entry((position.topic.to_string(), position.partition)).or_default();
            offsets.insert(position.offset);
        }
        if known.version + 1 == version {
            known.version = version;
        }
    }
}

fn is_of(topic: &str, partition: i32) -> Expr {
    col("position_topic").eq(lit(topic.to_owned())).and(col("position_partition").eq(lit(partition)))
}

/// The positions noted up to a version of `dead_letters`.
pub(crate) struct Noted {
    version: u64,
    positions: NotedByPartition,
}

impl Noted {
    async fn read(snapshot: &Snapshot) -> Result<Self, StoreError> {
        let mut noted = Self { version: snapshot.version, positions: HashMap::new() };
        noted.add(snapshot.scan()?).await?;
        Ok(noted)
    }

    async fn add(&mut self, notes: LazyFrame) -> Result<(), StoreError> {
        for (partition, offsets) in by_partition(&collect(notes.select(columns(&POSITION))).await?)? {
            match self.positions.entry(partition) {
                Entry::Vacant(entry) => {
                    entry.insert(offsets);
                }
                Entry::Occupied(mut entry) => {
                    let all = offsets.ranges.into_iter().flatten();
                    all.for_each(|offset| entry.get_mut().insert(offset));
                }
            }
        }
        Ok(())
    }
}

fn by_partition(rows: &DataFrame) -> Result<NotedByPartition, StoreError> {
    let topics = rows.column("position_topic")?.str()?;
    let partitions = rows.column("position_partition")?.i32()?;
    let offsets = rows.column("position_offset")?.i64()?;
    let mut lists: HashMap<(&str, i32), Vec<i64>> = HashMap::new();
    for ((topic, partition), offset) in topics.iter().zip(partitions.iter()).zip(offsets.iter()) {
        if let (Some(topic), Some(partition), Some(offset)) = (topic, partition, offset) {
            lists.entry((topic, partition)).or_default().push(offset);
        }
    }
    let lists = lists.into_iter();
    Ok(lists
        .map(|((topic, partition), offsets)| ((topic.to_owned(), partition), offsets.into_iter().collect()))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn offsets_are_a_set(wanted in proptest::collection::vec(0_i64..60, 0..80)) {
            let set: BTreeSet<i64> = wanted.iter().copied().collect();
            let mut grown = Offsets::default();
            wanted.iter().for_each(|offset| grown.insert(*offset));
            let collected: Offsets = wanted.iter().copied().collect();
            prop_assert_eq!(&grown, &collected);
            prop_assert_eq!(grown.len(), set.len() as u64);
            for offset in -2..62 {
                prop_assert_eq!(grown.contains(offset), set.contains(&offset));
            }
        }
    }
}
