//! The archive of digests for the dashboard.

use super::Shared;
use super::named::failed;
use crate::weekly::{Archived, Kept, Key};
use insight::digest::Week;
use server::desk::{At, DeskError, DigestRow, KeptDigest, Known, Listed, Page, Ranked, listed};
use std::collections::BTreeMap;

impl Shared {
    pub(super) async fn list_digests(&self, owner: Option<&str>, page: &Page) -> Known<Listed<DigestRow>> {
        self.archive.look(|rows, _| fitting(rows, owner, page)).await.map_err(failed)
    }

    /// Of an owner, or everybody's where that is empty.
    pub(super) async fn show_digest(&self, week: Week, owner: &str) -> Known<KeptDigest> {
        let found = self.archive.find(week, owner).await.map_err(failed)?;
        let (row, kept) = found.ok_or_else(|| DeskError::NotFound(absent(week, owner)))?;
        Ok(whole(told(&row), &kept))
    }
}

/// The last weeks first.
fn fitting(rows: &BTreeMap<Key, Archived>, owner: Option<&str>, page: &Page) -> Listed<DigestRow> {
    let own = rows.values().filter(|row| owner.is_none_or(|owner| row.owner == owner));
    let ranked = own.map(|row| Ranked { rank: [age(&row.week), 0], name: &row.owner, item: row });
    listed(ranked.collect(), page).map(told)
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

fn whole(row: DigestRow, kept: &Kept) -> KeptDigest {
    let json = kept.json().ok().and_then(|text| serde_json::from_str(&text).ok());
    KeptDigest { row, page: kept.page().ok(), html: kept.html().ok(), markdown: kept.markdown().ok(), json }
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
    use crate::weekly::Archive;
    use feedback::time::Timestamp;
    use store::{Digest, Store, StoreOptions};

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
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let archive = Archive::new(store.clone());
        let all = [
            digest("2026-W10", "", 5),
            digest("2025-W52", "", 5),
            digest("2026-W11", "", 5),
            digest("2026-W11", "identity", 6),
            digest("2026-W11", "", 9),
        ];
        store.append(&all, None).await.unwrap();
        let page = |limit| Page { limit, behind: None };
        let listed = archive.look(|rows, _| fitting(rows, None, &page(3))).await.unwrap();
        let shown: Vec<(&str, &str, At)> =
            listed.items.iter().map(|row| (row.week.as_str(), row.owner.as_str(), row.made_at)).collect();
        let at = |micros: i64| At(Timestamp(micros));
        let expected = [("2026-W11", "", at(9)), ("2026-W11", "identity", at(6)), ("2026-W10", "", at(5))];
        assert_eq!(shown, expected);
        assert_eq!((listed.total, listed.items[0].summary.as_str()), (4, "Nothing notable."));
        let of_owner = archive.look(|rows, _| fitting(rows, Some("identity"), &page(3))).await.unwrap();
        assert_eq!(of_owner.total, 1);
        let (row, kept) = archive.find("2025-W52".parse().unwrap(), "").await.unwrap().unwrap();
        let whole = whole(told(&row), &kept);
        assert_eq!((whole.html.as_deref(), whole.row.week.as_str()), (Some("<h1>The week</h1>"), "2025-W52"));
        assert_eq!(whole.json.unwrap()["summary"], "Nothing notable.");
    }

    #[test]
    fn one_that_is_not_there_is_told() {
        let week: Week = "2026-W40".parse().unwrap();
        assert_eq!(absent(week, ""), "no digest of 2026-W40 is archived");
        assert_eq!(absent(week, "identity"), "no digest of 2026-W40 is archived for this owner");
    }
}
