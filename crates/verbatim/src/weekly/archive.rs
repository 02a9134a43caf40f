//! The archive of digests in the store.

use super::Told;
use super::message::Cases;
use crate::telling::quoted;
use anyhow::{Context as _, Result, ensure};
use feedback::time::Timestamp;
use insight::digest::render::{html, json, markdown};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use store::{AppendError, Digest, Mark, Store};

/// Where a payload keeps the page.
pub(super) const PAGE: &str = "page";
/// Under these an object of a payload names the record that it is of.
const RECORD: [&str; 2] = ["record", "record_id"];

/// A digest as it was archived last, for a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Archived {
    pub week: String,
    /// Empty for everybody's.
    pub owner: String,
    pub made_at: Timestamp,
    /// On its page, and what there was no room for; `None` of one that was archived without its page.
    pub points: Option<u64>,
    /// Of its page.
    pub summary: String,
}

/// Of each week and owner the one that was archived last, the last week first; and up to where the log was read.
pub async fn archived(store: &Store) -> Result<(Vec<Archived>, Mark)> {
    let (digests, mark) = newest(store).await?;
    Ok((digests.iter().map(told).collect(), mark))
}

/// The same as the store has them.
pub(super) async fn newest(store: &Store) -> Result<(Vec<Digest>, Mark)> {
    let tail =
        store.tail::<Digest>(Mark::default()).await.context("the archive of digests cannot be read")?;
    let mut digests = Digest::newest(tail.events);
    digests.sort_by(|a, b| b.week.cmp(&a.week).then_with(|| a.owner.cmp(&b.owner)));
    Ok((digests, tail.mark))
}

/// One as a list has it.
pub fn told(digest: &Digest) -> Archived {
    let payload: Option<Value> = digest.payload.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let summary = payload.as_ref().and_then(|payload| payload["summary"].as_str()).unwrap_or_default();
    Archived {
        week: digest.week.clone(),
        owner: digest.owner.clone(),
        made_at: digest.made_at,
        points: payload.as_ref().and_then(|payload| points(&payload[PAGE])),
        summary: summary.to_owned(),
    }
}

/// Of a page as it was kept.
fn points(page: &Value) -> Option<u64> {
    let of_section = |section: &Value| {
        let told = section["points"].as_array().map_or(0, |points| points.len() as u64);
        told + section["more"][0].as_u64().unwrap_or(0)
    };
    Some(page["sections"].as_array()?.iter().map(of_section).sum())
}

/// Archives them, all or none; with a mark only where nobody has archived since it was read, which is told by `false`.
pub async fn archive(store: &Store, all: &[Told], now: Timestamp, expected: Option<Mark>) -> Result<bool> {
    let mut rows = Vec::with_capacity(all.len());
    for told in all {
        rows.push(row(store, told, now).await?);
    }
    match store.append(&rows, expected).await {
        Ok(_) => Ok(true),
        Err(AppendError::Moved { .. }) => Ok(false),
        Err(error) => Err(error).context("the digest cannot be archived"),
    }
}

async fn row(store: &Store, told: &Told, now: Timestamp) -> Result<Digest> {
    let (digest, wanted) = written(told, now)?;
    let (many, quoted) = (wanted.len(), quoted(store, wanted).await?);
    // No erasure would find words in it that nobody is named for.
    ensure!(
        quoted.len() == many,
        "a record that the digest of {} quotes was taken away while it was made: make it again",
        told.digest.week
    );
    Ok(Digest { quoted, ..digest })
}

/// As it is kept, before it says whose words stand in it, and the records that it quotes.
pub(super) fn written(told: &Told, now: Timestamp) -> Result<(Digest, BTreeSet<String>)> {
    let json = json(&told.digest).context("the digest cannot be written")?;
    let mut payload = payload(&json, &told.titled)?;
    payload[PAGE] = page(told)?;
    let wanted = records(&payload);
    let digest = Digest {
        made_at: now,
        week: told.digest.week.to_string(),
        owner: told.digest.owner.clone().unwrap_or_default(),
        markdown: Some(markdown(&told.page)),
        html: Some(html(&told.page)),
        quoted: Vec::new(),
        payload: Some(payload.to_string()),
    };
    Ok((digest, wanted))
}

/// The digest as JSON, where each case names the record that its title is cut from.
fn payload(json: &str, titled: &HashMap<String, String>) -> Result<Value> {
    let mut payload: Value = serde_json::from_str(json).context("the digest cannot be read back")?;
    for list in ["cases", "resolved"] {
        for case in payload[list].as_array_mut().into_iter().flatten() {
            let record = case["id"].as_str().and_then(|id| titled.get(id)).cloned();
            match record {
                Some(record) => case["record"] = record.into(),
                // Nobody knows whose words they are.
                None => case["title"] = Value::Null,
            }
        }
    }
    Ok(payload)
}

/// The page, to be rendered again once what was rendered is gone. A point that is called by a customer's words names their
/// record.
fn page(told: &Told) -> Result<Value> {
    let mut page = serde_json::to_value(&told.page).context("the page of the digest cannot be written")?;
    let cases = Cases::of(told);
    let sections = page["sections"].as_array_mut().into_iter().flatten();
    for (section, written) in told.page.sections.iter().zip(sections) {
        let points = written["points"].as_array_mut().into_iter().flatten();
        for (point, written) in section.points.iter().zip(points) {
            let Some(case) = cases.of_point(point) else { continue };
            match told.titled.get(&case.id) {
                Some(record) => written["record"] = record.as_str().into(),
                None => written["title"] = cases.name(point).into(),
            }
        }
    }
    Ok(page)
}

/// The records whose words stand in a payload.
fn records(payload: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![payload];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(id) if RECORD.contains(&name.as_str()) => {
                            found.insert(id.clone());
                        }
                        member => open.push(member),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::{case, point, told as invented, week};
    use super::*;
    use insight::digest::Section;
    use store::StoreOptions;

    const NOW: Timestamp = Timestamp(1_774_200_000_000_000);

    #[test]
    fn a_case_names_the_record_of_its_title() {
        let json = r#"{"cases":[{"id":"a","title":"no login"},{"id":"b","title":"lost"}],"resolved":[],
                       "words":{"words":[{"word":"captcha","quotes":[{"text":"a captcha","record_id":"r2"}]}]}}"#;
        let payload = payload(json, &HashMap::from([("a".to_owned(), "r1".to_owned())])).unwrap();
        assert_eq!(payload["cases"][0]["record"], "r1");
        assert_eq!(payload["cases"][1]["title"], Value::Null);
        assert_eq!(records(&payload), BTreeSet::from(["r1", "r2"].map(str::to_owned)));
    }

    #[test]
    fn a_point_that_is_called_by_a_customers_words_names_their_record() {
        let points = vec![point("no login", false, &[("r2", "at all")]), point("NPS", false, &[])];
        let section = Section { title: "Cases".to_owned(), points, more: None };
        let mut told = invented(vec![section], vec![case("no login")]);
        let of = |told: &Told| page(told).unwrap()["sections"][0]["points"].clone();
        let written = of(&told);
        assert_eq!(
            (&written[0]["record"], &written[0]["said"][0]["record"]),
            (&"r-title".into(), &"r2".into())
        );
        assert_eq!((&written[1]["record"], &written[1]["title"]), (&Value::Null, &"NPS".into()));
        // Nobody knows whose words they are.
        told.titled.clear();
        assert_eq!(of(&told)[0]["title"], "Case 01234567");
    }

    #[tokio::test]
    async fn what_is_archived_is_listed_and_of_two_at_once_one_is() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (none, mark) = archived(&store).await.unwrap();
        assert_eq!(none, []);
        let all = [invented(Vec::new(), Vec::new())];
        assert!(archive(&store, &all, NOW, Some(mark)).await.unwrap());
        assert!(!archive(&store, &all, NOW, Some(mark)).await.unwrap(), "somebody was there before");
        assert!(archive(&store, &all, Timestamp(NOW.0 + 1), None).await.unwrap(), "again, by hand");
        let (all, _) = archived(&store).await.unwrap();
        assert_eq!(all.len(), 1, "of each week and owner the last one: {all:?}");
        assert_eq!((all[0].week.as_str(), all[0].owner.as_str()), (week().to_string().as_str(), "identity"));
        assert_eq!(all[0].made_at, Timestamp(NOW.0 + 1));
        assert!(!all[0].summary.is_empty());
        assert_eq!(all[0].points, Some(0), "its page has none");
    }

    #[test]
    fn points_are_counted_with_those_that_had_no_room() {
        let page = serde_json::json!({ "sections": [
            { "points": [{}, {}], "more": [39, { "command": "verbatim digest", "link": null }] },
            { "points": [{}], "more": null },
        ] });
        assert_eq!(points(&page), Some(42));
        assert_eq!(points(&Value::Null), None);
    }
}
