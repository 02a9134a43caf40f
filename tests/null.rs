//! Weeks in which nothing happens: how often does a report call something real all the same?

use ::demo::{History, Options};
use analyze::pseudonym::PseudonymKey;
use analyze::{Analyzer, Taxonomy};
use feedback::decode::Decoder;
use feedback::kind::Registry;
use feedback::limits::Limits;
use feedback::time::Day;
use insight::report::{Inputs, Report, Scope};
use std::path::Path;
use std::sync::Arc;
use store::{Advance, Batch, Store, StoreOptions};
use worker::process::{Desk, Message};
use worker::{Processor, WorkerMetrics};

/// A Thursday, fixed so that the seeds tell the same histories for ever.
const END: Day = Day(20_776);
const SEEDS: u64 = 24;
const EVENTS: usize = 8_000;
/// Of 24 reports at a level of 5%, more than 5 call something real with a chance of 0.1% (binomial).
const MOST: usize = 5;

#[test]
fn reports_of_nothing_call_little_real() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let processor = processor();
    let topics: Vec<(String, String)> =
        processor.analyzer().taxonomy().topics().iter().map(|t| (t.id.clone(), t.name.clone())).collect();
    let mut loud = Vec::new();
    for seed in 1..=SEEDS {
        let dir = tempfile::tempdir().unwrap();
        let history = History::new(Options { events: EVENTS, ..Options::null(seed, END) });
        let report = runtime.block_on(report(dir.path(), &history, &processor, &topics));
        assert!(report.records.value > EVENTS as u64 / 2, "seed {seed} gave hardly any record");
        assert!(report.tests.count > 20, "seed {seed} tested hardly anything");
        if report.notable {
            let real: Vec<String> =
                report.movers.iter().map(|m| format!("{} {:?}", m.topic, m.verdict)).collect();
            loud.push(format!("seed {seed}: {}", real.join(", ")));
        }
    }
    assert!(
        loud.len() <= MOST,
        "{} of {SEEDS} reports call something real:\n{}",
        loud.len(),
        loud.join("\n")
    );
}

fn processor() -> Processor {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), analyze::Options::default()).unwrap();
    let decoder = Decoder::new(Registry::default(), Limits::default());
    let key =
        PseudonymKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap();
    Processor::new(decoder, analyzer, key, Arc::new(WorkerMetrics::new()))
}

/// The whole way but for Kafka.
async fn report(dir: &Path, history: &History, processor: &Processor, topics: &[(String, String)]) -> Report {
    let store = Store::open(&dir.to_string_lossy(), StoreOptions::default()).await.unwrap();
    let suppressions = store.suppressions().await.unwrap();
    let mut desk = Desk::default();
    for (offset, event) in (0..).zip(history.events()) {
        let headers = event.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let (payload, topic) = (event.payload.as_slice(), event.topic);
        let message = Message { payload, headers, topic, partition: 0, offset, ingested_at: event.at };
        processor.process(&message, &suppressions, &mut desk);
    }
    let next = history.events().len() as i64;
    let advance = Advance { app_id: "null/history/0".to_owned(), from: None, next };
    let facts = desk.facts.encode().unwrap();
    let batch = Batch { facts, notes: desk.notes, advances: vec![advance], suppressions, ..Batch::default() };
    store.commit(&batch).await.unwrap();
    worker::rollup::rollup_now(&store).await.unwrap();
    let inputs =
        Inputs { insights: store.insights().await.unwrap(), facts: store.current_facts().await.unwrap() };
    let period = history.period();
    let scope = Scope::of_days(period.start, period.end.plus(-1));
    let topics = topics.to_vec();
    tokio::task::spawn_blocking(move || {
        insight::report::report(&inputs, &scope, END.start(), &topics).unwrap()
    })
    .await
    .unwrap()
}
