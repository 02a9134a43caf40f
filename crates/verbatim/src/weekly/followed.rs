//! The archive, followed by its mark: of every digest what a list tells, and whole those that were looked at last.

use super::archive::{Archived, told};
use super::kept::Kept;
use anyhow::{Context as _, Result};
use insight::digest::Week;
use std::collections::{BTreeMap, HashMap};
use store::{Digest, Mark, Store};
use tokio::sync::Mutex;

/// Bytes of digests that are kept whole; for another one the archive is read.
const MOST_BYTES: usize = 16 << 20;
/// Rows of the archive that are read at once then.
const ROWS_AT_ONCE: i64 = 64;
const UNREADABLE: &str = "the archive of digests cannot be read";

/// Week and owner; the owner is empty for everybody's.
pub type Key = (String, String);

pub struct Archive {
    store: Store,
    held: Mutex<Held>,
}

struct Held {
    mark: Mark,
    /// The one that was archived last.
    rows: BTreeMap<Key, Archived>,
    whole: Whole,
}

impl Archive {
    pub fn new(store: Store) -> Self {
        Self::bounded(store, MOST_BYTES)
    }

    fn bounded(store: Store, most_bytes: usize) -> Self {
        Self { store, held: Mutex::new(Held::new(most_bytes)) }
    }

    /// What somebody makes of the list, without a copy of it; beside it is told up to where the log was read.
    pub async fn look<T>(&self, of: impl FnOnce(&BTreeMap<Key, Archived>, Mark) -> T) -> Result<T> {
        let mut held = self.held.lock().await;
        held.read_on(&self.store).await?;
        Ok(of(&held.rows, held.mark))
    }

    /// That of a week and an owner, where one is archived.
    pub async fn find(&self, week: Week, owner: &str) -> Result<Option<(Archived, Kept)>> {
        let key = (week.to_string(), owner.to_owned());
        let (row, mark) = {
            let mut held = self.held.lock().await;
            held.read_on(&self.store).await?;
            let Some(row) = held.rows.get(&key).cloned() else { return Ok(None) };
            if let Some(digest) = held.whole.get(&key) {
                return Ok(Some((row, Kept::of(digest))));
            }
            (row, held.mark)
        };
        let Some(digest) = read(&self.store, &key).await? else { return Ok(None) };
        let mut held = self.held.lock().await;
        // What somebody changed meanwhile, as by an erasure, is not kept.
        if held.mark == mark {
            held.whole.put(key, digest.clone());
        }
        Ok(Some((row, Kept::of(digest))))
    }
}

/// Reads the archive for one digest: the last one there is of it.
async fn read(store: &Store, key: &Key) -> Result<Option<Digest>> {
    let (mut after, mut found) = (0, None);
    loop {
        let read = store.events_after::<Digest>(after, ROWS_AT_ONCE).await;
        let (last, digests) = read.context(UNREADABLE)?;
        if last <= after {
            return Ok(found);
        }
        let own = digests.into_iter().rev().find(|digest| (&digest.week, &digest.owner) == (&key.0, &key.1));
        (after, found) = (last, own.or(found));
    }
}

impl Held {
    fn new(most_bytes: usize) -> Self {
        Self { mark: Mark::default(), rows: BTreeMap::new(), whole: Whole::new(most_bytes) }
    }

    async fn read_on(&mut self, store: &Store) -> Result<()> {
        let tail = store.tail::<Digest>(self.mark).await.context(UNREADABLE)?;
        if tail.anew {
            // Somebody was erased: what was kept may hold their words.
            *self = Self::new(self.whole.most_bytes);
        }
        for digest in tail.events {
            let key = (digest.week.clone(), digest.owner.clone());
            self.rows.insert(key.clone(), told(&digest));
            self.whole.put(key, digest);
        }
        self.mark = tail.mark;
        Ok(())
    }
}

/// Digests up to so many bytes.
struct Whole {
    most_bytes: usize,
    bytes: usize,
    /// Each with when it was looked at last, by the number of the look.
    digests: HashMap<Key, (u64, Digest)>,
    looks: u64,
}

impl Whole {
    fn new(most_bytes: usize) -> Self {
        Self { most_bytes, bytes: 0, digests: HashMap::new(), looks: 0 }
    }

    fn get(&mut self, key: &Key) -> Option<Digest> {
        self.looks += 1;
        let (looked_at, digest) = self.digests.get_mut(key)?;
        *looked_at = self.looks;
        Some(digest.clone())
    }

    /// Those that nobody has looked at for longest make room.
    fn put(&mut self, key: Key, digest: Digest) {
        self.looks += 1;
        self.bytes += bytes(&digest);
        if let Some((_, before)) = self.digests.insert(key, (self.looks, digest)) {
            self.bytes -= bytes(&before);
        }
        while self.bytes > self.most_bytes {
            let oldest = self.digests.iter().min_by_key(|(_, (looked_at, _))| *looked_at);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { return };
            if let Some((_, gone)) = self.digests.remove(&oldest) {
                self.bytes -= bytes(&gone);
            }
        }
    }
}

/// About as many as it takes.
fn bytes(digest: &Digest) -> usize {
    let texts = [&digest.markdown, &digest.html, &digest.payload];
    let texts: usize = texts.into_iter().flatten().map(String::len).sum();
    size_of::<Digest>() + texts + 160 * digest.quoted.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;
    use store::StoreOptions;

    fn digest(week: &str, owner: &str, at: i64) -> Digest {
        Digest {
            made_at: Timestamp(at),
            week: week.to_owned(),
            owner: owner.to_owned(),
            markdown: Some(format!("# The week, made at {at}")),
            html: None,
            payload: Some(r#"{"summary":"Nothing notable.","page":{"sections":[]}}"#.to_owned()),
            quoted: Vec::new(),
        }
    }

    async fn store(dir: &tempfile::TempDir) -> Store {
        Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap()
    }

    /// What it says, where it is there.
    async fn said(archive: &Archive, week: &str, owner: &str) -> Option<String> {
        let found = archive.find(week.parse().unwrap(), owner).await.unwrap()?;
        Some(found.1.markdown().unwrap())
    }

    #[tokio::test]
    async fn the_last_one_of_each_week_and_owner_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir).await;
        let archive = Archive::new(store.clone());
        assert_eq!(archive.look(|rows, _| rows.len()).await.unwrap(), 0);
        let all = [digest("2026-W10", "", 5), digest("2026-W11", "identity", 6), digest("2026-W10", "", 9)];
        let mark = store.append(&all, None).await.unwrap();
        let told = |rows: &BTreeMap<Key, Archived>, mark: Mark| {
            let rows = rows.values().map(|row| (row.week.clone(), row.made_at.0, row.summary.clone()));
            (rows.collect::<Vec<_>>(), mark)
        };
        let row = |week: &str, at| (week.to_owned(), at, "Nothing notable.".to_owned());
        let expected = (vec![row("2026-W10", 9), row("2026-W11", 6)], mark);
        assert_eq!(archive.look(told).await.unwrap(), expected);
        assert_eq!(said(&archive, "2026-W10", "").await.as_deref(), Some("# The week, made at 9"));
        assert_eq!(said(&archive, "2026-W11", "").await, None);
    }

    #[tokio::test]
    async fn what_there_is_no_room_for_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir).await;
        let all: Vec<Digest> = (10..40).map(|week| digest(&format!("2026-W{week}"), "", week)).collect();
        let room = 3 * bytes(&all[0]);
        let archive = Archive::bounded(store.clone(), room);
        for digests in all.chunks(7) {
            store.append(digests, None).await.unwrap();
        }
        for week in (10..40).rev() {
            let expected = format!("# The week, made at {week}");
            assert_eq!(said(&archive, &format!("2026-W{week}"), "").await, Some(expected));
            let held = archive.held.lock().await;
            assert!(held.whole.bytes <= room && held.whole.digests.len() == 3, "{}", held.whole.bytes);
        }
        // It was made again since.
        store.append(&[digest("2026-W10", "", 99)], None).await.unwrap();
        assert_eq!(said(&archive, "2026-W10", "").await.as_deref(), Some("# The week, made at 99"));
    }
}
