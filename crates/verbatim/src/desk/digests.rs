//! The archive of digests for the dashboard: followed by its mark, the last weeks whole and of the others what a list tells.

use super::named::failed;
use crate::weekly::{Archived, Kept, archived_as};
use anyhow::{Context as _, Result};
use insight::digest::Week;
use server::desk::{At, DeskError, DigestRow, KeptDigest, Known, Listed, Page, Ranked, listed};
use std::collections::{BTreeMap, BTreeSet};
use store::{Digest, Mark, Store};
use tokio::sync::Mutex;

/// Weeks whose digests are kept whole; of the others the archive is read when somebody opens one.
const WHOLE: usize = 6;

pub struct Archive {
    store: Store,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    mark: Mark,
    /// By week and owner, the one that was archived last.
    rows: BTreeMap<(String, String), Archived>,
    whole: BTreeMap<(String, String), Digest>,
}

impl Archive {
    pub fn new(store: Store) -> Self {
        Self { store, held: Mutex::default() }
    }

    pub async fn list(&self, owner: Option<&str>, page: &Page) -> Known<Listed<DigestRow>> {
        let mut held = self.held.lock().await;
        held.read_on(&self.store).await.map_err(failed)?;
        let own = held.rows.values().filter(|row| owner.is_none_or(|owner| row.owner == owner));
        let ranked = own.map(|row| Ranked { rank: [age(&row.week), 0], name: &row.owner, item: row });
        Ok(listed(ranked.collect(), page).map(told))
    }

    pub async fn show(&self, week: Week, owner: &str) -> Known<KeptDigest> {
        let key = (week.to_string(), owner.to_owned());
        let (row, whole) = {
            let mut held = self.held.lock().await;
            held.read_on(&self.store).await.map_err(failed)?;
            (held.rows.get(&key).map(told), held.whole.get(&key).cloned())
        };
        let row = row.ok_or_else(|| DeskError::NotFound(absent(week, owner)))?;
        let kept = match whole {
            Some(digest) => Kept::of(digest),
            None => Kept::find(&self.store, week, Some(owner)).await.map_err(failed)?,
        };
        let json = kept.json().ok().and_then(|text| serde_json::from_str(&text).ok());
        Ok(KeptDigest {
            row,
            page: kept.page().ok(),
            html: kept.html().ok(),
            markdown: kept.markdown().ok(),
            json,
        })
    }
}

impl Held {
    async fn read_on(&mut self, store: &Store) -> Result<()> {
        let tail = store.tail::<Digest>(self.mark).await.context("the archive of digests cannot be read")?;
        if tail.anew {
            // Somebody was erased: what was kept may hold their words.
            *self = Self::default();
        }
        for digest in tail.events {
            self.take(digest);
        }
        self.mark = tail.mark;
        Ok(())
    }

    fn take(&mut self, digest: Digest) {
        let key = (digest.week.clone(), digest.owner.clone());
        self.rows.insert(key.clone(), archived_as(&digest));
        self.whole.insert(key, digest);
        let weeks: BTreeSet<&str> = self.rows.keys().map(|(week, _)| week.as_str()).collect();
        let first = weeks.into_iter().rev().nth(WHOLE.saturating_sub(1)).map(str::to_owned);
        self.whole.retain(|(week, _), _| first.as_ref().is_none_or(|first| week >= first));
    }
}

/// The greater, the later: weeks are in the order of their first days.
fn age(week: &str) -> i64 {
    week.parse::<Week>().map_or(i64::MIN, |week| i64::from(week.period().from.0))
}

fn told(archived: &Archived) -> DigestRow {
    DigestRow {
        week: archived.week.clone(),
        owner: archived.owner.clone(),
        made_at: At(archived.made_at),
        points: archived.points,
        summary: archived.summary.clone(),
    }
}

fn absent(week: Week, owner: &str) -> String {
    match owner {
        "" => format!("no digest of {week} is archived"),
        _ => format!("no digest of {week} is archived for this owner"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;

    fn digest(week: &str, owner: &str, at: i64) -> Digest {
        Digest {
            made_at: Timestamp(at),
            week: week.to_owned(),
            owner: owner.to_owned(),
            markdown: Some("# The week".to_owned()),
            html: Some("<h1>The week</h1>".to_owned()),
            payload: Some(r#"{"summary":"Nothing notable.","page":{"sections":[]}}"#.to_owned()),
            quoted: Vec::new(),
        }
    }

    #[tokio::test]
    async fn the_last_one_of_each_week_and_owner_is_listed_and_shown() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().to_string_lossy().into_owned();
        let store = Store::open(&root, store::StoreOptions::default()).await.unwrap();
        let archive = Archive::new(store.clone());
        assert_eq!(archive.list(None, &Page::default()).await.unwrap().total, 0);
        let weeks =
            ["2026-W10", "2025-W52", "2026-W02", "2026-W11", "2026-W03", "2026-W04", "2026-W05", "2026-W06"];
        let mut all: Vec<Digest> = weeks.iter().map(|week| digest(week, "", 5)).collect();
        all.push(digest("2026-W11", "identity", 6));
        all.push(digest("2026-W11", "", 9));
        store.append(&all, None).await.unwrap();
        let listed = archive.list(None, &Page { limit: 3, behind: None }).await.unwrap();
        let shown: Vec<(&str, &str, At)> =
            listed.items.iter().map(|row| (row.week.as_str(), row.owner.as_str(), row.made_at)).collect();
        let at = |micros: i64| At(Timestamp(micros));
        assert_eq!(
            shown,
            [("2026-W11", "", at(9)), ("2026-W11", "identity", at(6)), ("2026-W10", "", at(5))]
        );
        assert_eq!((listed.total, listed.items[0].summary.as_str()), (9, "Nothing notable."));
        assert_eq!(archive.list(Some("identity"), &Page::default()).await.unwrap().total, 1);
        // One that is kept, and one that is read again.
        for week in ["2026-W11", "2025-W52"] {
            let kept = archive.show(week.parse().unwrap(), "").await.unwrap();
            assert_eq!(kept.html.as_deref(), Some("<h1>The week</h1>"), "{week}");
            assert_eq!(kept.json.unwrap()["summary"], "Nothing notable.");
        }
        assert_eq!(archive.held.lock().await.whole.len(), WHOLE + 1, "of the last weeks");
        let error = archive.show("2026-W40".parse().unwrap(), "").await.unwrap_err();
        assert!(matches!(error, DeskError::NotFound(why) if why == "no digest of 2026-W40 is archived"));
    }
}
