//! Logs of what happened: in one order for all, and nobody decides by what is no longer so.

use crate::rows::*;
use feedback::time::{Day, Timestamp};
use std::collections::BTreeMap;
use store::{
    AppendError, CaseEvent, DeliveryEvent, Digest, MaintainOptions, Mark, Next, Quoted, Store, Table,
};

pub fn at(minute: i64) -> Timestamp {
    Timestamp(Day(20_000).start().0 + minute * 60_000_000)
}

pub fn quoted(record: &str, author: &str) -> Quoted {
    Quoted { record_id: record.to_owned(), author: Some(author.to_owned()), author_alias: None }
}

pub fn delivery(key: &str, step: &str, minute: i64) -> DeliveryEvent {
    DeliveryEvent {
        at: at(minute),
        key: key.to_owned(),
        step: step.to_owned(),
        target: Some("slack".to_owned()),
        record: None,
        payload: Some(format!("{{\"minute\":{minute}}}")),
        quoted: Vec::new(),
    }
}

pub fn case(id: &str, step: &str, record: Option<Quoted>) -> CaseEvent {
    CaseEvent {
        at: at(1),
        case: id.to_owned(),
        step: step.to_owned(),
        record,
        told_by: None,
        owner: None,
        topic: Some("sync".to_owned()),
        kind: None,
        product: None,
        vector: None,
        payload: None,
        quoted: Vec::new(),
    }
}

async fn deliveries(store: &Store) -> Vec<DeliveryEvent> {
    store.tail(Mark::default()).await.unwrap().events
}

#[tokio::test]
async fn what_is_appended_is_read_in_its_order_by_whoever_opens_the_tables() {
    let (root, store) = fresh().await;
    let nothing = store.tail::<DeliveryEvent>(Mark::default()).await.unwrap();
    assert_eq!((nothing.mark, nothing.events.len(), nothing.anew), (Mark::default(), 0, false));
    // Not in the order of their times, and over several days.
    let first = [delivery("k1", "queued", 3_000), delivery("k2", "queued", 5)];
    let mark = store.append(&first, None).await.unwrap();
    assert!(store.tail::<DeliveryEvent>(mark).await.unwrap().events.is_empty());
    let second = [delivery("k1", "sending", 4)];
    let end = store.append(&second, Some(mark)).await.unwrap();
    let again = open(&root).await;
    assert_eq!(deliveries(&again).await, [first.as_slice(), &second].concat());
    let tail = again.tail::<DeliveryEvent>(mark).await.unwrap();
    assert_eq!((tail.mark, tail.events, tail.anew), (end, second.to_vec(), false));
    // The other logs are others.
    assert!(again.tail::<CaseEvent>(Mark::default()).await.unwrap().events.is_empty());
    assert_eq!(again.append::<DeliveryEvent>(&[], None).await.unwrap(), end, "nothing moves nothing");
}

#[tokio::test]
async fn every_column_comes_back() {
    let (_root, store) = fresh().await;
    let two_names = Quoted { author_alias: Some("a_2".to_owned()), ..quoted("r2", "a_1") };
    let nameless = Quoted { author: None, ..quoted("r3", "") };
    let event = CaseEvent {
        told_by: Some("maria".to_owned()),
        owner: Some("quality".to_owned()),
        kind: Some("bug".to_owned()),
        product: Some(String::new()),
        vector: Some("builtin-1".to_owned()),
        payload: Some("{}".to_owned()),
        quoted: vec![two_names, nameless],
        ..case("c1", "opened", Some(quoted("r1", "a_3")))
    };
    store.append(std::slice::from_ref(&event), None).await.unwrap();
    assert_eq!(store.tail::<CaseEvent>(Mark::default()).await.unwrap().events, [event]);
    let rows = store.collect(store.scan(Table::Cases).await.unwrap()).await.unwrap();
    assert_eq!(numbers(&rows, "sequence"), [Some(1)]);
    assert_eq!(texts(&rows, "record_id"), [Some("r1".to_owned())]);
}

#[tokio::test]
async fn of_two_that_decide_at_once_one_is_refused_and_sees_why() {
    let (root, store) = fresh().await;
    let other = open(&root).await;
    let queued = store.append(&[delivery("k1", "queued", 1)], None).await.unwrap();
    // Both have read that the delivery waits.
    let seen = other.tail::<DeliveryEvent>(Mark::default()).await.unwrap();
    assert_eq!(seen.mark, queued);
    store.append(&[delivery("k1", "sending", 2)], Some(queued)).await.unwrap();
    let refused = other.append(&[delivery("k1", "sending", 3)], Some(seen.mark)).await.unwrap_err();
    assert_eq!(refused.next(), Next::Remake);
    let AppendError::Moved { table, found } = refused else { panic!("{refused}") };
    let why = other.tail::<DeliveryEvent>(seen.mark).await.unwrap();
    assert_eq!((table, why.mark, why.events), ("deliveries", found, vec![delivery("k1", "sending", 2)]));
    // By what it knows now it may go on.
    other.append(&[delivery("k1", "retried", 4)], Some(found)).await.unwrap();
    assert_eq!(deliveries(&store).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_beside_each_other_lose_nothing_and_all_readers_see_one_order() {
    let (root, store) = fresh().await;
    let mut writers = Vec::new();
    for writer in 0..3_i64 {
        let store = open(&root).await;
        writers.push(tokio::spawn(async move {
            for n in 0..12 {
                let key = format!("w{writer}");
                let events = [delivery(&key, "a", n), delivery(&key, "b", n)];
                store.append(&events, None).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let all = deliveries(&store).await;
    assert_eq!(all.len(), 72);
    assert_eq!(deliveries(&open(&root).await).await, all);
    let mut by_writer: BTreeMap<&str, Vec<(Timestamp, &str)>> = BTreeMap::new();
    for event in &all {
        by_writer.entry(event.key.as_str()).or_default().push((event.at, event.step.as_str()));
    }
    let wanted: Vec<(Timestamp, &str)> = (0..12).flat_map(|n| [(at(n), "a"), (at(n), "b")]).collect();
    assert!(by_writer.values().all(|events| *events == wanted), "{by_writer:?}");
    // What belongs to one append stands together.
    assert!(all.chunks(2).all(|pair| pair[0].key == pair[1].key));
}

#[tokio::test]
async fn compaction_keeps_the_order_and_what_is_still_to_be_read() {
    let (_root, store) = fresh().await;
    let mut mark = Mark::default();
    for minute in [50, 10, 2_000, 40, 1_999, 7] {
        mark = store.append(&[delivery("k", "queued", minute)], None).await.unwrap();
    }
    let late = [delivery("k", "sending", 3)];
    store.append(&late, None).await.unwrap();
    let before = deliveries(&store).await;
    let report = store.maintain(&MaintainOptions::default()).await.unwrap();
    let done = report.tables.iter().find(|done| done.table == "deliveries").unwrap();
    assert_eq!((done.files_before, done.files_after), (7, 2));
    assert_eq!(deliveries(&store).await, before);
    let tail = store.tail::<DeliveryEvent>(mark).await.unwrap();
    assert_eq!((tail.events, tail.anew), (late.to_vec(), false));
}

#[tokio::test]
async fn a_log_that_grows_by_itself_stays_in_few_files() {
    let (root, store) = fresh().await;
    for minute in 0..130 {
        store.append(&[delivery("k", "queued", minute)], None).await.unwrap();
    }
    let minutes: Vec<Timestamp> = deliveries(&store).await.iter().map(|event| event.at).collect();
    assert_eq!(minutes, (0..130).map(at).collect::<Vec<_>>());
    let snapshot = store.collect(store.scan(Table::Deliveries).await.unwrap()).await.unwrap();
    assert_eq!(snapshot.height(), 130);
    // Nothing else merges here: the last commits removed what they replaced.
    let log = std::fs::read_dir(root.path().join("deliveries/_delta_log")).unwrap();
    let entries = log.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default());
    assert_eq!(entries.filter(|entry| entry.contains("\"verbatim.purpose\":\"compact\"")).count(), 2);
}

#[test]
fn a_record_stays_in_the_case_that_it_came_to_first() {
    let record = |id: &str| Some(quoted(id, "a_1"));
    let log = [
        case("c1", "opened", record("r1")),
        case("c1", CaseEvent::JOINED, record("r2")),
        case("c2", "opened", record("r2")),
        case("c2", "resolved", None),
    ];
    let members: BTreeMap<&str, &str> = CaseEvent::members(&log).into_iter().collect();
    assert_eq!(members, BTreeMap::from([("r1", "c1"), ("r2", "c1")]));
}

#[test]
fn of_a_week_archived_twice_the_last_one_counts() {
    let digest = |week: &str, owner: &str, text: &str| Digest {
        made_at: at(0),
        week: week.to_owned(),
        owner: owner.to_owned(),
        markdown: Some(text.to_owned()),
        html: None,
        payload: None,
        quoted: Vec::new(),
    };
    let log = [digest("2026-W12", "", "1"), digest("2026-W12", "quality", "2"), digest("2026-W12", "", "3")];
    let newest = Digest::newest(log.clone());
    assert_eq!(newest, [log[2].clone(), log[1].clone()]);
}
