//! What people say of records in place of the models: what holds, for whom, and what it touches.

use crate::logs::at;
use crate::rows::*;
use feedback::correction::{Field, Said};
use feedback::ids::Id;
use feedback::judgement::{FeedbackKind, KindJudgement, Sentiment, SentimentLabel};
use feedback::span::Span;
use feedback::time::Day;
use polars::prelude::DataFrame;
use std::collections::BTreeSet;
use store::{
    Batch, CorrectError, Correcting, Correction, CorrectionState, EraseOptions, FactColumns, FactRow,
    Located, MaintainOptions, Mark, Seen, Store, TopicFact,
};

const VICTIM: &str = "a_00c0ffee00c0ffee00c0ffee00c0ffee";

/// As [`Row`] makes it.
fn record_of(item: u32) -> String {
    Id::of(&["survey", "form", &item.to_string(), ""]).to_string()
}

fn negative() -> Said {
    Said::Sentiment(SentimentLabel::Negative)
}

fn positive() -> Said {
    Said::Sentiment(SentimentLabel::Positive)
}

async fn locate(store: &Store, item: u32) -> Located {
    let found = store.locate(&record_of(item), None).await.unwrap();
    assert_eq!(found.len(), 1);
    found.into_iter().next().unwrap()
}

/// At the given minute.
async fn say(store: &Store, item: u32, said: &Said, minute: i64) -> Result<Correction, CorrectError> {
    let of = locate(store, item).await;
    store.correct(&Correcting { of: &of, said, by: "maria", note: None, at: at(minute) }).await
}

async fn facts(store: &Store) -> DataFrame {
    let facts = store.current_facts().await.unwrap().sort(["native_id"], Default::default());
    store.collect(facts).await.unwrap()
}

/// Of the only fact.
async fn sentiments(store: &Store) -> [Option<String>; 3] {
    let rows = facts(store).await;
    assert_eq!(rows.height(), 1);
    ["sentiment", "judged_sentiment", "corrected_by"].map(|name| texts(&rows, name).remove(0))
}

fn some(texts: [&str; 3]) -> [Option<String>; 3] {
    texts.map(|text| (!text.is_empty()).then(|| text.to_owned()))
}

async fn states(store: &Store) -> Vec<CorrectionState> {
    let all = store.corrections().await.unwrap();
    let standings = store.standings(&all).await.unwrap();
    standings.into_iter().map(|standing| standing.state).collect()
}

#[tokio::test]
async fn a_correction_holds_while_the_content_is_the_one_it_was_made_on() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 0)]).await;
    assert_eq!(sentiments(&store).await, some(["", "", ""]));
    let done = say(&store, 1, &negative(), 5).await.unwrap();
    assert_eq!((done.content_hash, done.item_day, done.body_chars), (1, Day(20_000), 10));
    let corrected = some(["negative", "unknown", "maria"]);
    assert_eq!(sentiments(&store).await, corrected);
    assert_eq!(sentiments(&open(&root).await).await, corrected, "whoever opens the tables sees it");

    // The same content once more, then another one, then the first again.
    append(&store, &[Row { version: 2, ..Row::new(1, 1) }]).await;
    assert_eq!(sentiments(&store).await, corrected);
    append(&store, &[Row { version: 3, hash: 77, ..Row::new(1, 2) }]).await;
    assert_eq!(sentiments(&store).await, some(["", "", ""]));
    assert_eq!(states(&store).await, [CorrectionState::EarlierVersion]);
    append(&store, &[Row { version: 4, ..Row::new(1, 3) }]).await;
    assert_eq!(sentiments(&store).await, corrected);
    append(&store, &[Row { version: 5, ..Row::new(1, 4) }.deleted()]).await;
    assert_eq!((facts(&store).await.height(), states(&store).await), (0, vec![CorrectionState::Gone]));

    store.maintain(&MaintainOptions::default()).await.unwrap();
    assert_eq!(store.corrections().await.unwrap(), [done]);
}

#[tokio::test]
async fn what_was_said_can_be_taken_back_and_is_not_said_twice() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0)]).await;
    let nothing = say(&store, 1, &Said::Withdrawn(Field::Sentiment), 1).await.unwrap_err();
    assert!(matches!(nothing, CorrectError::NothingToWithdraw { field: Field::Sentiment }), "{nothing}");
    let first = say(&store, 1, &negative(), 5).await.unwrap();
    assert_eq!(say(&store, 1, &negative(), 9).await.unwrap(), first, "it holds already");
    // A clock that is behind.
    let second = say(&store, 1, &positive(), 2).await.unwrap();
    assert!(second.at > first.at);
    assert_eq!(sentiments(&store).await, some(["positive", "unknown", "maria"]));
    let of = locate(&store, 1).await;
    assert_eq!(of.judged_sentiment, "unknown", "by the model, whatever was said");

    say(&store, 1, &Said::Withdrawn(Field::Sentiment), 20).await.unwrap();
    assert_eq!(sentiments(&store).await, some(["", "", ""]));
    let again = say(&store, 1, &Said::Withdrawn(Field::Sentiment), 21).await.unwrap_err();
    assert!(matches!(again, CorrectError::NothingToWithdraw { .. }), "{again}");
    let (replaced, holds) = (CorrectionState::Replaced, CorrectionState::Holds);
    assert_eq!(states(&store).await, [replaced, replaced, holds]);
    say(&store, 1, &negative(), 30).await.unwrap();
    assert_eq!(sentiments(&store).await, some(["negative", "unknown", "maria"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_correct_at_once_both_are_noted_and_all_see_the_same() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 0), Row::new(2, 1)]).await;
    let other = open(&root).await;
    for round in 0..4 {
        let (words, kind) = (negative(), Said::Kind(FeedbackKind::Bug));
        let of = locate(&store, 1).await;
        let by = |by: &'static str, said| Correcting { of: &of, said, by, note: None, at: at(round) };
        let (jo, al) = (by("jo", &words), by("al", &kind));
        let (one, two) = tokio::join!(store.correct(&jo), other.correct(&al));
        one.unwrap();
        two.unwrap();
        say(&store, 1, &Said::Withdrawn(Field::Sentiment), round).await.unwrap();
        say(&other, 1, &Said::Withdrawn(Field::Kind), round).await.unwrap();
    }
    let all = store.corrections().await.unwrap();
    assert_eq!((all.len(), all == other.corrections().await.unwrap()), (16, true));
    let ids: BTreeSet<&str> = all.iter().map(|correction| correction.id.as_str()).collect();
    assert_eq!(ids.len(), 16);
    let of = locate(&store, 2).await;
    let (yes, no) = (positive(), negative());
    let by = |by: &'static str, said| Correcting { of: &of, said, by, note: Some("why"), at: at(9) };
    let (jo, al) = (by("jo", &yes), by("al", &no));
    let (one, two) = tokio::join!(store.correct(&jo), other.correct(&al));
    let (one, two) = (one.unwrap(), two.unwrap());
    let last = if one.at > two.at { one } else { two };
    for store in [&store, &other] {
        let rows = facts(store).await;
        assert_eq!(texts(&rows, "sentiment"), [None, last.value.clone()]);
        assert_eq!(texts(&rows, "corrected_by"), [None, Some(last.by.clone())]);
    }
}

#[tokio::test]
async fn an_erasure_takes_the_corrections_of_their_records() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(7, 0).by(VICTIM), Row::new(8, 1).by("a_2")]).await;
    say(&store, 7, &negative(), 1).await.unwrap();
    let others = say(&store, 8, &positive(), 2).await.unwrap();
    let before = locate(&store, 7).await;
    let told = store.would_erase(VICTIM).await.unwrap().logs;
    let report = store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    assert_eq!((report.logs.rows_removed, report.logs.clone()), (1, told));
    assert_eq!(store.corrections().await.unwrap(), [others]);
    assert_eq!(sentiments(&store).await, some(["positive", "unknown", "maria"]));

    // Who had looked before finds nobody to speak of.
    let said = negative();
    let late = Correcting { of: &before, said: &said, by: "maria", note: None, at: at(3) };
    assert!(matches!(store.correct(&late).await.unwrap_err(), CorrectError::Erased));
    assert_eq!(store.corrections().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_correction_touches_the_days_of_its_item() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0), Row::new(2, 1).day(20_005)]).await;
    let seen = store.touched_since(None).await.unwrap().seen();
    assert_eq!(seen.corrections, 0);
    let of = locate(&store, 1).await;
    // Before what is said of it arrives, it moves to another day.
    append(&store, &[Row { version: 2, ..Row::new(1, 2) }.day(20_009)]).await;
    let moved = store.touched_since(Some(seen)).await.unwrap();
    assert_eq!(moved.days, BTreeSet::from([Day(20_000), Day(20_009)]));
    let said = negative();
    store.correct(&Correcting { of: &of, said: &said, by: "jo", note: None, at: at(1) }).await.unwrap();
    let touched = store.touched_since(Some(moved.seen())).await.unwrap();
    assert_eq!((touched.version, touched.corrections), (moved.version, 1));
    assert_eq!(touched.days, moved.days);
    assert!(!touched.everything);
    let now = store.touched_since(Some(touched.seen())).await.unwrap();
    assert_eq!((&now.days, now.seen()), (&BTreeSet::new(), touched.seen()));
    // A log that is not the one that was read.
    let strange = Seen { corrections: 9, ..touched.seen() };
    assert!(store.touched_since(Some(strange)).await.unwrap().everything);
}

/// A fact that a model judged.
async fn judged(store: &Store) {
    let body = "The login fails, the design is fine";
    let topic = |topic, sentiment, span| TopicFact { topic, confidence: 0.5, sentiment, span };
    let topics = [
        topic("login", SentimentLabel::Negative, Span::new(0, 15)),
        topic("design", SentimentLabel::Positive, Span::new(17, 35)),
    ];
    let native = "1";
    let mut columns = FactColumns::new();
    columns.push(&FactRow {
        record_id: Id::of(&["survey", "form", native, ""]),
        item_id: Id::of(&["survey", "form", native]),
        native_id: native,
        content_hash: 1,
        occurred_at: at(0),
        ingested_at: at(1),
        body: Some(body),
        sentiment: Some(Sentiment {
            label: SentimentLabel::Negative,
            confidence: 0.75,
            probabilities: [0.75, 0.125, 0.125],
        }),
        kind: Some(KindJudgement { label: FeedbackKind::Complaint, confidence: 0.5 }),
        topics: &topics,
        position_topic: TOPIC,
        ..FactRow::default()
    });
    let facts = columns.encode().unwrap();
    store.commit(&Batch { facts, ..Batch::default() }).await.unwrap();
}

/// Topic, confidence, sentiment, start and end.
type TopicCells = (String, f32, String, i64, i64);

/// The topics of the only fact.
fn topics(rows: &DataFrame, name: &str) -> Option<Vec<TopicCells>> {
    let list = rows.column(name).unwrap().list().unwrap().get_as_series(0)?;
    let hits = list.struct_().unwrap().clone().unnest();
    let confidences = hits.column("confidence").unwrap().f32().unwrap().clone();
    let (starts, ends) = (numbers(&hits, "start"), numbers(&hits, "end"));
    let both = texts(&hits, "topic").into_iter().zip(texts(&hits, "sentiment"));
    let hit = |(row, (topic, sentiment)): (usize, (Option<String>, Option<String>))| {
        let confidence = confidences.get(row).unwrap();
        (topic.unwrap(), confidence, sentiment.unwrap(), starts[row].unwrap(), ends[row].unwrap())
    };
    Some(both.enumerate().map(hit).collect())
}

#[tokio::test]
async fn every_reader_has_what_was_said_and_what_the_model_said() {
    let (_root, store) = fresh().await;
    judged(&store).await;
    let said = [
        Said::Topics(vec!["billing".to_owned(), "login".to_owned()]),
        Said::Sentiment(SentimentLabel::Neutral),
        Said::Kind(FeedbackKind::Bug),
    ];
    for (minute, said) in (0..).zip(&said) {
        say(&store, 1, said, minute).await.unwrap();
    }
    let day = BTreeSet::from([Day(20_000)]);
    let frames = [
        store.current_facts().await.unwrap(),
        store.current_facts_of(&day).await.unwrap().1,
        store.current_facts_in_parts(&day, 10).await.unwrap().remove(0),
        store.current_facts_since(0).await.unwrap().1,
        store.current_facts_since(-1).await.unwrap().1,
    ];
    for frame in frames {
        let rows = store.collect(frame).await.unwrap();
        let text = |name: &str| texts(&rows, name).remove(0).unwrap();
        assert_eq!([text("sentiment"), text("judged_sentiment")], ["neutral", "negative"]);
        assert_eq!([text("kind"), text("judged_kind")], ["bug", "complaint"]);
        let hit = |topic: &str, confidence: f32, sentiment: &str, start: i64, end: i64| {
            (topic.to_owned(), confidence, sentiment.to_owned(), start, end)
        };
        let now = vec![hit("billing", 1.0, "neutral", 0, 35), hit("login", 1.0, "neutral", 0, 15)];
        assert_eq!(topics(&rows, "topics"), Some(now));
        let before = vec![hit("login", 0.5, "negative", 0, 15), hit("design", 0.5, "positive", 17, 35)];
        assert_eq!(topics(&rows, "judged_topics"), Some(before));
        let sure = rows.column("sentiment_confidence").unwrap().f32().unwrap().get(0);
        assert_eq!(sure, Some(0.75), "of what the model said");
        assert_eq!(numbers(&rows, "corrected_at"), [Some(at(2).0)]);
    }
    let of = locate(&store, 1).await;
    assert_eq!(of.judged_topics, ["login", "design"]);
    assert_eq!(store.locate(&record_of(1), Some(Day(20_000))).await.unwrap(), [of]);
    assert!(store.locate(&record_of(1), Some(Day(20_001))).await.unwrap().is_empty());
}

#[tokio::test]
async fn in_whatever_order_corrections_arrive_the_facts_are_the_same() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0), Row::new(2, 1)]).await;
    for (minute, said) in [(1, negative()), (2, positive()), (3, Said::Kind(FeedbackKind::Praise))] {
        say(&store, 1, &said, minute).await.unwrap();
        say(&store, 2, &said, minute).await.unwrap();
    }
    say(&store, 2, &Said::Withdrawn(Field::Sentiment), 4).await.unwrap();
    let mut all = store.corrections().await.unwrap();
    all.reverse();
    let (_root, other) = fresh().await;
    append(&other, &[Row::new(1, 0), Row::new(2, 1)]).await;
    // Some before the facts were read once, some after, and some twice.
    let (first, second) = all.split_at(3);
    other.append(first, None).await.unwrap();
    facts(&other).await;
    other.append(second, None).await.unwrap();
    other.append(first, None).await.unwrap();
    assert!(facts(&store).await.equals_missing(&facts(&other).await));
    assert_eq!(other.tail::<Correction>(Mark::default()).await.unwrap().events.len(), 10);
}
