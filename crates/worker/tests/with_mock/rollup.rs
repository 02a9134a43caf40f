//! The rollup after each of many commits gives what one rollup over everything gives.

use crate::support::{open, processor};
use polars::prelude::*;
use std::path::Path;
use std::sync::Arc;
use store::{Advance, Batch, Store, Suppressions};
use worker::WorkerMetrics;
use worker::process::{Desk, Message};
use worker::rollup::rollup_now;

/// Versions, moves to another day and deletions of 40 items, in no special order.
fn events() -> Vec<String> {
    let event = |number: u32| {
        let (item, version) = (number % 40, number / 40 + 1);
        let day = 1 + (number * 7) % 28;
        let action = if number % 13 == 12 { "deleted" } else { "created" };
        format!(
            r#"{{"specversion":"1.0","id":"e{number}","source":"s","type":"feedback.nps.{action}","time":"2026-05-{day:02}T10:00:00Z","data":{{"id":"i{item}","version":{version},"score":{},"text":"The search is slow on page {item}.","product":"P{}"}}}}"#,
            number % 11,
            item % 3
        )
    };
    (0..160).map(|at| event((at * 67) % 160)).collect()
}

async fn commit(store: &Store, payloads: &[String], from: usize) {
    let processor = processor(&Arc::new(WorkerMetrics::new()));
    let mut desk = Desk::default();
    for (at, payload) in payloads.iter().enumerate() {
        let message = Message {
            payload: payload.as_bytes(),
            headers: feedback::event::Headers::default(),
            topic: "t",
            partition: 0,
            offset: (from + at) as i64,
            ingested_at: feedback::time::Timestamp(1_790_000_000_000_000),
        };
        processor.process(&message, &Suppressions::default(), &mut desk);
    }
    assert!(desk.notes.is_empty(), "{:?}", desk.notes);
    let noted = (from > 0).then_some(from as i64);
    let advances =
        vec![Advance { app_id: "t".to_owned(), from: noted, next: (from + payloads.len()) as i64 }];
    let facts = desk.facts.encode().unwrap();
    store.commit(&Batch { facts, advances, ..Batch::default() }).await.unwrap();
}

async fn insights(dir: &Path, payloads: &[String], batch: usize) -> DataFrame {
    let store = open(dir).await;
    for (at, payloads) in payloads.chunks(batch).enumerate() {
        commit(&store, payloads, at * batch).await;
        rollup_now(&store).await.unwrap();
    }
    let nothing_left = rollup_now(&store).await.unwrap();
    assert_eq!(nothing_left.days, 0);
    let keys = ["day", "product", "source_kind", "topic", "score_kind", "score_min", "score_max"];
    let rows = store.insights().await.unwrap().sort(keys, SortMultipleOptions::default());
    store.collect(rows).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn step_by_step_or_at_once_in_any_order() {
    let dir = tempfile::tempdir().unwrap();
    let events = events();
    let at_once = insights(&dir.path().join("a"), &events, events.len()).await;
    let step_by_step = insights(&dir.path().join("b"), &events, 23).await;
    let backwards: Vec<String> = events.iter().rev().cloned().collect();
    let backwards = insights(&dir.path().join("c"), &backwards, 40).await;
    assert!(at_once.height() > 20);
    assert!(at_once.equals_missing(&step_by_step));
    assert!(at_once.equals_missing(&backwards));
}
