use super::*;
use crate::topics::testing;
use feedback::correction::{Field, Said};
use feedback::ids::Id;
use feedback::judgement::SentimentLabel;
use feedback::span::Span;
use std::ops::Range;
use store::{Batch, Correcting, FactColumns, FactRow, Store, StoreOptions, TopicFact};
use tempfile::TempDir;

/// A Monday that is long over.
const DAY: Day = Day(18_260);

fn record(item: u32) -> Id {
    Id::of(&["survey", "form", &item.to_string(), ""])
}

/// Tables, and what is read of them.
struct Stage {
    store: Store,
    live: Live,
    topics: Topics,
    counts: Counts,
    _dir: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().to_string_lossy(), StoreOptions::default()).await.unwrap();
        let (live, topics) = (Live::new(store.clone(), 1_000), testing::topics());
        Self { store, live, topics, counts: Counts::default(), _dir: dir }
    }

    /// Records about the topic `search`, one of each item.
    async fn take(&self, items: Range<u32>) {
        let mut facts = FactColumns::new();
        let search = TopicFact {
            topic: "search",
            confidence: 0.9,
            sentiment: SentimentLabel::Negative,
            span: Span::new(0, 3),
        };
        for item in items {
            let (native, at) = (item.to_string(), Timestamp(DAY.start().0 + 1_000_000 * i64::from(item)));
            facts.push(&FactRow {
                record_id: record(item),
                item_id: Id::of(&["survey", "form", &native]),
                source_kind: "survey",
                source: "form",
                native_id: &native,
                content_hash: i64::from(item),
                occurred_at: at,
                updated_at: at,
                ingested_at: at,
                body: Some("It finds nothing"),
                topics: &[search],
                position_topic: "feedback.survey",
                position_offset: i64::from(item),
                ..FactRow::default()
            });
        }
        self.store.commit(&Batch { facts: facts.encode().unwrap(), ..Batch::default() }).await.unwrap();
        self.live.catch_up().await.unwrap();
    }

    async fn correct(&self, item: u32, said: &Said, at: i64) {
        let of = self.store.locate(&record(item).to_string(), None).await.unwrap();
        let correcting = Correcting { of: &of[0], said, by: "maria", note: None, at: Timestamp(at) };
        self.store.correct(&correcting).await.unwrap();
        self.live.catch_up().await.unwrap();
    }

    fn known(&self) -> Known<'_> {
        Known { live: &self.live, topics: &self.topics, is_ahead: false }
    }

    async fn table(&self) -> TopicTable {
        self.counts.table(self.known(), &scope(), Before::Held).await.unwrap()
    }

    fn question(&self, before: Before) -> Question {
        self.known().question(&Asked { scope: scope(), topic: String::new(), before })
    }

    fn as_of(&self) -> Option<At> {
        self.live.status().as_of.map(At)
    }
}

fn scope() -> Scope {
    Scope::of_days(DAY, DAY.plus(6))
}

fn mentions(table: &TopicTable, topic: &str) -> u64 {
    table.items.iter().find(|line| line.topic == topic).map_or(0, |line| line.mentions.value)
}

#[tokio::test]
async fn who_corrected_a_record_sees_it_at_once() {
    let stage = Stage::new().await;
    stage.take(0..6).await;
    let told = |table: &TopicTable| [mentions(table, "search"), mentions(table, "billing")];
    assert_eq!(told(&stage.table().await), [6, 0]);
    stage.correct(2, &Said::Topics(vec!["billing".to_owned()]), 7).await;
    assert_eq!(told(&stage.table().await), [5, 1]);
    let known = stage.known();
    let whole = stage.counts.whole(known, "billing", &scope(), Before::Held).await.unwrap();
    assert_eq!(whole.line.mentions.value, 1);
    stage.correct(2, &Said::Withdrawn(Field::Topics), 8).await;
    assert_eq!(told(&stage.table().await), [6, 0]);
}

#[tokio::test]
async fn figures_tell_as_of_when_they_are() {
    let stage = Stage::new().await;
    stage.take(0..6).await;
    let before = (mentions(&stage.table().await, "search"), stage.as_of());
    assert_eq!(before.0, 6);
    // What was looked at again, and is the same, is as fresh as that.
    stage.live.catch_up().await.unwrap();
    let again = stage.table().await;
    assert_eq!(again.as_of, stage.as_of());
    stage.take(6..8).await;
    let later = stage.table().await;
    let told = (mentions(&later, "search"), later.as_of);
    // Whether it was counted again by now or not.
    assert!([before, (8, stage.as_of())].contains(&told), "{told:?}");
}

#[tokio::test]
async fn a_topics_change_is_that_of_the_table() {
    let stage = Stage::new().await;
    // A second lies between two items, and a week between the two lots.
    stage.take(0..30).await;
    stage.take(604_800..604_840).await;
    let (known, scope) = (stage.known(), Scope::of_days(DAY.plus(7), DAY.plus(13)));
    let whole = stage.counts.whole(known, "search", &scope, Before::Known).await.unwrap();
    let table = stage.counts.table(known, &scope, Before::Known).await.unwrap();
    let line = table.items.iter().find(|line| line.topic == "search").unwrap();
    assert_eq!((line.mentions.value, &whole.line), (40, line));
    assert_eq!(line.change.as_ref().map(|change| change.mentions_before.value), Some(30));
}

#[tokio::test]
async fn records_are_told_by_day_whatever_the_period() {
    let stage = Stage::new().await;
    stage.take(0..6).await;
    stage.take(604_800..604_802).await;
    let of = |source: Option<&str>| Scope { source: source.map(str::to_owned), ..scope() };
    for (source, days) in [
        (None, vec![(DAY, 6), (DAY.plus(7), 2)]),
        (Some("survey"), vec![(DAY, 6), (DAY.plus(7), 2)]),
        (Some("nps"), Vec::new()),
    ] {
        assert_eq!(stage.counts.days(stage.known(), &of(source)).await.unwrap(), days, "{source:?}");
    }
}

#[tokio::test]
async fn no_record_is_kept_that_is_gone() {
    let stage = Stage::new().await;
    stage.take(0..6).await;
    let shelf = Arc::downgrade(&stage.live.shelf());
    stage.table().await;
    assert!(shelf.upgrade().is_some());
    stage.take(6..8).await;
    assert!(shelf.upgrade().is_none(), "figures alone are kept");
}

#[tokio::test]
async fn another_question_is_never_answered_by_what_was_counted_before() {
    let stage = Stage::new().await;
    let loading = stage.question(Before::Held);
    stage.take(0..6).await;
    let first = stage.question(Before::Held);
    assert_ne!(loading, first, "while they are read some records are missing");
    stage.take(6..8).await;
    assert_eq!(first, stage.question(Before::Held), "what only comes is counted by and by");
    assert_ne!(first, stage.question(Before::Known));
    stage.correct(2, &Said::Sentiment(SentimentLabel::Positive), 7).await;
    let corrected = stage.question(Before::Held);
    assert_ne!(first, corrected);
    stage.topics.switch("2:0", Vec::new());
    assert_ne!(corrected, stage.question(Before::Held), "topics may be called otherwise");
}
