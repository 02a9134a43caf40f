use super::*;
use feedback::correction::Said;
use feedback::ids::Id;
use feedback::judgement::{Sentiment, SentimentLabel};
use feedback::time::Timestamp;
use insight::report::Filter;
use insight::shelf::{Order, Page, Query, Search, Text};
use store::{Batch, Correcting, EraseOptions, FactColumns, FactRow, StoreOptions};
use tempfile::TempDir;

const DAY: Day = Day(20_514);
const VICTIM: &str = "a_00c0ffee00c0ffee00c0ffee00c0ffee";

/// A record of an item: which, of which day, and what it says.
struct Words<'a> {
    item: u32,
    day: i32,
    version: i64,
    body: &'a str,
    author: Option<&'a str>,
    deleted: bool,
}

fn said(item: u32, day: i32, body: &str) -> Words<'_> {
    Words { item, day, version: 1, body, author: None, deleted: false }
}

fn record(item: u32) -> Id {
    Id::of(&["survey", "form", &item.to_string(), ""])
}

struct Tables {
    store: Store,
    offset: i64,
    _dir: TempDir,
}

impl Tables {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        Self { store, offset: 0, _dir: dir }
    }

    async fn take(&mut self, said: &[Words<'_>]) {
        let mut facts = FactColumns::new();
        for said in said {
            let native = said.item.to_string();
            let at = Timestamp(DAY.plus(said.day).start().0 + 1_000_000 * i64::from(said.item));
            facts.push(&FactRow {
                record_id: record(said.item),
                item_id: Id::of(&["survey", "form", &native]),
                source_kind: "survey",
                source: "form",
                native_id: &native,
                version: said.version,
                deleted: said.deleted,
                content_hash: i64::from(said.item) * 100 + said.version,
                occurred_at: at,
                updated_at: Timestamp(at.0 + said.version),
                ingested_at: Timestamp(1_800_000_000_000_000 + self.offset),
                author: said.author,
                body: (!said.body.is_empty()).then_some(said.body),
                sentiment: Some(Sentiment {
                    label: SentimentLabel::Neutral,
                    confidence: 0.9,
                    probabilities: [0.05, 0.9, 0.05],
                }),
                position_topic: "feedback.survey",
                position_offset: self.offset,
                ..FactRow::default()
            });
            self.offset += 1;
        }
        self.store.commit(&Batch { facts: facts.encode().unwrap(), ..Batch::default() }).await.unwrap();
    }

    fn live(&self, most: usize) -> Live {
        Live::new(self.store.clone(), most)
    }
}

/// What is listed, newest first.
fn bodies(live: &Live, filter: Filter) -> Vec<String> {
    let page = Page { order: Order::Newest, after: None, limit: 1_000, count: true };
    let hits = live.shelf().list(&filter.into(), &page).unwrap().hits;
    hits.iter().map(|hit| hit.row().text(Text::Body).unwrap_or_default().to_owned()).collect()
}

fn all(live: &Live) -> Vec<String> {
    bodies(live, Filter::default())
}

#[tokio::test]
async fn what_comes_changes_and_goes_is_followed() {
    let mut tables = Tables::new().await;
    let live = tables.live(1_000);
    assert!(live.status().loading);
    live.catch_up().await.unwrap();
    assert!(!live.status().loading && live.shelf().version().is_some(), "nothing is a whole, too");

    tables.take(&[said(1, 0, "one"), said(2, 1, "two"), said(3, 1, "three")]).await;
    assert!(all(&live).is_empty(), "not before a look");
    live.catch_up().await.unwrap();
    assert_eq!(all(&live), ["three", "two", "one"]);
    assert_eq!((live.status().records, live.status().since), (3, None));
    let before = live.shelf();

    // A new version on another day, a deletion, and one that comes.
    let moved = Words { version: 2, ..said(1, 2, "one, moved") };
    let gone = Words { version: 2, deleted: true, ..said(3, 1, "") };
    tables.take(&[moved, gone, said(4, 3, "four")]).await;
    live.catch_up().await.unwrap();
    assert_eq!(all(&live), ["four", "one, moved", "two"]);
    assert_eq!(live.shelf().days().collect::<Vec<_>>(), [DAY.plus(1), DAY.plus(2), DAY.plus(3)]);
    assert_eq!(before.records(), 3, "who asked before goes on with what there was");

    let again = live.shelf();
    live.catch_up().await.unwrap();
    assert!(Arc::ptr_eq(&again, &live.shelf()), "nothing happened");
}

#[tokio::test]
async fn an_erasure_reaches_it() {
    let mut tables = Tables::new().await;
    let theirs = Words { author: Some(VICTIM), ..said(2, 0, "my secret words") };
    tables.take(&[said(1, 0, "one"), theirs, said(3, 1, "three")]).await;
    let live = tables.live(1_000);
    live.catch_up().await.unwrap();
    let search = Search::parse("secret").unwrap();
    let query = Query { search, ..Query::default() };
    let page = Page { order: Order::Newest, after: None, limit: 10, count: true };
    assert_eq!(live.shelf().list(&query, &page).unwrap().total, Some(1));
    tables.store.erase(VICTIM, &EraseOptions::default()).await.unwrap();
    live.catch_up().await.unwrap();
    assert_eq!(all(&live), ["three", "one"]);
    assert_eq!(live.shelf().list(&query, &page).unwrap().total, Some(0));
    assert!(live.shelf().find(record(2)).is_none());
}

#[tokio::test]
async fn a_correction_is_seen_at_the_next_look() {
    let mut tables = Tables::new().await;
    tables.take(&[said(1, 0, "one"), said(2, 0, "two")]).await;
    let live = tables.live(1_000);
    live.catch_up().await.unwrap();
    let negative = || Filter::default().sentiment(SentimentLabel::Negative);
    assert!(bodies(&live, negative()).is_empty());
    let of = tables.store.locate(&record(2).to_string(), None).await.unwrap();
    let said = Said::Sentiment(SentimentLabel::Negative);
    let correcting = Correcting { of: &of[0], said: &said, by: "maria", note: None, at: Timestamp(7) };
    tables.store.correct(&correcting).await.unwrap();
    live.catch_up().await.unwrap();
    assert_eq!(bodies(&live, negative()), ["two"]);
    let hit = live.shelf().find(record(2)).unwrap();
    let correction = hit.row().correction.cloned().unwrap();
    assert_eq!(
        (correction.by.as_str(), correction.judged_sentiment),
        ("maria", Some(SentimentLabel::Neutral))
    );
    assert_eq!(correction.judged_kind, None);
}

#[tokio::test]
async fn the_newest_are_held_where_there_are_too_many() {
    let mut tables = Tables::new().await;
    let texts: Vec<String> = (0..40).map(|item| format!("text {item:02}")).collect();
    let rows: Vec<Words<'_>> =
        texts.iter().enumerate().map(|(item, text)| said(item as u32, item as i32 / 4, text)).collect();
    tables.take(&rows).await;
    let live = tables.live(10);
    live.catch_up().await.unwrap();
    let newest = || texts.iter().rev().take(10).cloned().collect::<Vec<String>>();
    assert_eq!(all(&live), newest());
    let since = live.status().since.unwrap();
    assert_eq!(since.day(), DAY.plus(7), "of a day in part");
    // What comes later pushes out the oldest; what is older than all stays out.
    tables
        .take(&[said(50, 12, "later"), said(51, 0, "older"), said(52, 7, "of the day that is held in part")])
        .await;
    live.catch_up().await.unwrap();
    let held = all(&live);
    assert_eq!((held.len(), held[0].as_str()), (10, "later"));
    assert!(
        !held.contains(&"older".to_owned()) && held.contains(&"of the day that is held in part".to_owned())
    );
    assert!(live.status().since > Some(since));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_the_last_shelf_stays() {
    let mut tables = Tables::new().await;
    tables.take(&[said(1, 0, "one")]).await;
    let live = tables.live(1_000);
    live.catch_up().await.unwrap();
    tables.take(&[said(2, 0, "two")]).await;
    // The file that was written last is torn.
    let folder = std::path::Path::new(tables.store.root()).join(format!("feedback/day={DAY}"));
    let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let newest = files.max_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap()).unwrap();
    let whole = std::fs::read(&newest).unwrap();
    std::fs::write(&newest, &whole[..whole.len() / 2]).unwrap();
    assert!(live.catch_up().await.is_err());
    let status = live.status();
    assert!(status.trouble.is_some() && status.failures == 1);
    assert_eq!(all(&live), ["one"]);
    std::fs::write(&newest, &whole).unwrap();
    live.catch_up().await.unwrap();
    assert_eq!((all(&live).len(), live.status().trouble), (2, None));
}

#[test]
fn after_failures_it_waits_longer_but_not_for_ever() {
    let waits: Vec<u64> =
        [1, 2, 3, 6, 7, 4_000_000_000].map(|failures| retry_after(failures).as_secs()).to_vec();
    assert_eq!(waits, [2, 4, 8, 60, 60, 60]);
}
