//! The rollup after each of many commits and corrections gives what one rollup over everything gives.

use crate::support::{open, processor};
use feedback::correction::{Field, Said};
use feedback::judgement::{FeedbackKind, SentimentLabel};
use feedback::time::Timestamp;
use polars::prelude::*;
use std::path::Path;
use std::sync::Arc;
use store::{Advance, Batch, CorrectError, Correcting, Correction, EraseOptions, Store};
use worker::process::{Desk, Message};
use worker::rollup::rollup_now;
use worker::{Processor, WorkerMetrics};

const EVENTS: u32 = 160;
const ITEMS: u32 = 40;
const AUTHORS: u32 = 9;
const SEEDS: u64 = 10;

/// SplitMix64: the same draws for the same seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % u64::from(end)) as u32
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at as u32 + 1) as usize);
        }
    }
}

#[derive(Clone)]
struct Event {
    /// An item is one person's in all of its versions.
    author: u32,
    payload: String,
}

/// Versions of 40 items: corrections, moves to another day and product, deletions, and some that share a version.
fn events(draw: &mut Draw) -> Vec<Event> {
    let texts = ["The search is slow.", "I love the new billing page!", "Why can I not log in?", ""];
    let event = |number: u32, draw: &mut Draw| {
        let item = draw.below(ITEMS);
        let author = item % AUTHORS;
        let action = if draw.below(13) == 0 { "deleted" } else { "created" };
        let payload = format!(
            r#"{{"specversion":"1.0","id":"e{number}","source":"s","type":"feedback.nps.{action}","time":"2026-05-{:02}T10:00:00Z","data":{{"id":"i{item}","version":{},"score":{},"text":"{}","product":"P{}","author":{{"id":"u{author}"}}}}}}"#,
            1 + draw.below(28),
            1 + draw.below(6),
            draw.below(11),
            texts[draw.below(4) as usize],
            draw.below(3),
        );
        Event { author, payload }
    };
    (0..EVENTS).map(|number| event(number, draw)).collect()
}

/// Tables, and how far the one partition of these tests is read.
struct Tables {
    store: Store,
    processor: Arc<Processor>,
    read: i64,
}

impl Tables {
    async fn open(dir: &Path) -> Self {
        Self { store: open(dir).await, processor: processor(&Arc::new(WorkerMetrics::new())), read: 0 }
    }

    async fn commit(&mut self, events: &[Event]) {
        let suppressions = self.store.suppressions().await.unwrap();
        let mut desk = Desk::default();
        let from = self.read;
        for event in events {
            let message = Message {
                payload: event.payload.as_bytes(),
                headers: feedback::event::Headers::default(),
                topic: "t",
                partition: 0,
                offset: self.read,
                ingested_at: feedback::time::Timestamp(1_790_000_000_000_000),
            };
            self.processor.process(&message, &suppressions, &mut desk);
            self.read += 1;
        }
        let unerased = desk.notes.iter().find(|note| note.outcome != store::Outcome::Erased);
        assert!(unerased.is_none(), "{unerased:?}");
        let noted = (from > 0).then_some(from);
        let advances = vec![Advance { app_id: "t".to_owned(), from: noted, next: self.read }];
        let (facts, notes) = (desk.facts.encode().unwrap(), desk.notes);
        let batch = Batch { facts, notes, advances, suppressions, ..Batch::default() };
        self.store.commit(&batch).await.unwrap();
    }

    async fn erase(&self, author: u32) -> usize {
        let id = format!("u{author}");
        let name = self.processor.key().author("s", Some(&id), None).unwrap().name;
        self.store.erase(name.as_str(), &EraseOptions::default()).await.unwrap().feedback_rows
    }

    /// Somebody sets some current record right, or takes that back.
    async fn correct(&self, draw: &mut Draw) {
        let found = self.store.locate(&format!("{:x}", draw.below(16)), None).await.unwrap();
        if found.is_empty() {
            return;
        }
        let of = &found[draw.below(found.len() as u32) as usize];
        let said = match draw.below(6) {
            0 => Said::Sentiment(SentimentLabel::Negative),
            1 => Said::Sentiment(SentimentLabel::Positive),
            2 => Said::Kind(FeedbackKind::Bug),
            3 => Said::Topics(vec!["search".to_owned(), "billing".to_owned()]),
            4 => Said::Topics(Vec::new()),
            _ => Said::Withdrawn(Field::Topics),
        };
        let at = Timestamp(1_790_000_000_000_000 + i64::from(draw.below(1_000)));
        let correcting = Correcting { of, said: &said, by: "jo", note: None, at };
        match self.store.correct(&correcting).await {
            Ok(_) | Err(CorrectError::NothingToWithdraw { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// After a last rollup, which leaves nothing to do.
    async fn insights(&self) -> DataFrame {
        rollup_now(&self.store).await.unwrap();
        assert_eq!(rollup_now(&self.store).await.unwrap().days, 0);
        let keys = ["day", "product", "source_kind", "topic", "score_kind", "score_min", "score_max"];
        let rows = self.store.insights().await.unwrap().sort(keys, SortMultipleOptions::default());
        self.store.collect(rows).await.unwrap()
    }
}

/// The events as they come: in any order, some of them twice, in batches of any size, with a rollup after most. Where
/// somebody is to be forgotten that happens about half way, so that more of theirs comes afterwards. In between people
/// correct what there is; what they said is told as well.
async fn step_by_step(
    dir: &Path,
    draw: &mut Draw,
    events: &[Event],
    forgotten: Option<u32>,
) -> (DataFrame, Vec<Correction>) {
    let mut arriving = events.to_vec();
    arriving.extend((0..EVENTS / 8).map(|_| events[draw.below(EVENTS) as usize].clone()));
    draw.shuffle(&mut arriving);
    let mut tables = Tables::open(dir).await;
    let (mut left, mut forgotten) = (arriving.as_slice(), forgotten);
    while !left.is_empty() {
        let (batch, later) = left.split_at(left.len().min(1 + draw.below(60) as usize));
        left = later;
        tables.commit(batch).await;
        if left.len() <= arriving.len() / 2
            && let Some(author) = forgotten.take()
        {
            let rows = tables.erase(author).await;
            assert!(rows > 0, "there was something of theirs to forget");
        }
        for _ in 0..draw.below(4) {
            tables.correct(draw).await;
        }
        if draw.below(3) > 0 {
            rollup_now(&tables.store).await.unwrap();
        }
    }
    (tables.insights().await, tables.store.corrections().await.unwrap())
}

/// Each event of those who are not forgotten once, in the order of writing, in one commit and one rollup; the corrections
/// the other way round.
async fn at_once(
    dir: &Path,
    events: &[Event],
    forgotten: Option<u32>,
    corrections: &[Correction],
) -> DataFrame {
    let kept: Vec<Event> = events.iter().filter(|event| Some(event.author) != forgotten).cloned().collect();
    let mut tables = Tables::open(dir).await;
    tables.commit(&kept).await;
    let corrections: Vec<Correction> = corrections.iter().rev().cloned().collect();
    tables.store.append(&corrections, None).await.unwrap();
    tables.insights().await
}

#[tokio::test(flavor = "multi_thread")]
async fn step_by_step_or_at_once_in_any_order() {
    let dir = tempfile::tempdir().unwrap();
    for seed in 0..SEEDS {
        let mut draw = Draw(seed);
        let events = events(&mut draw);
        let forgotten = (seed % 3 == 0).then(|| draw.below(AUTHORS));
        let at = |name: &str| dir.path().join(format!("{name}-{seed}"));
        let (step_by_step, corrections) =
            step_by_step(&at("step-by-step"), &mut draw, &events, forgotten).await;
        let at_once = at_once(&at("at-once"), &events, forgotten, &corrections).await;
        assert!(at_once.height() > 20);
        assert!(at_once.equals_missing(&step_by_step), "seed {seed}:\n{at_once}\n{step_by_step}");
    }
}
