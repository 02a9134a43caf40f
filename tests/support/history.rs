//! From a history that the demo tells to its report, within this process.

use ::demo::History;
use analyze::pseudonym::PseudonymKey;
use analyze::{Analyzer, Taxonomy};
use feedback::decode::Decoder;
use feedback::kind::Registry;
use feedback::limits::Limits;
use insight::report::{Inputs, Report, Scope};
use std::path::Path;
use std::sync::Arc;
use store::{Advance, Batch, Store, StoreOptions};
use worker::process::{Desk, Message};
use worker::{Processor, WorkerMetrics};

/// As shipped, with a key for tests.
pub fn processor() -> Processor {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), analyze::Options::default()).unwrap();
    let decoder = Decoder::new(Registry::default(), Limits::default());
    let key =
        PseudonymKey::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap();
    Processor::new(decoder, analyzer, key, Arc::new(WorkerMetrics::new()))
}

/// The report on a whole history at its end, with tables in `dir`: the whole way but for Kafka.
pub async fn report(dir: &Path, history: &History, processor: &Processor) -> Report {
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
    let advance = Advance { app_id: "tests/history/0".to_owned(), from: None, next };
    let facts = desk.facts.encode().unwrap();
    let batch = Batch { facts, notes: desk.notes, advances: vec![advance], suppressions, ..Batch::default() };
    store.commit(&batch).await.unwrap();
    worker::rollup::rollup_now(&store).await.unwrap();
    let inputs =
        Inputs { insights: store.insights().await.unwrap(), facts: store.current_facts().await.unwrap() };
    let period = history.period();
    let scope = Scope::of_days(period.start, period.end.plus(-1));
    let topics: Vec<(String, String)> =
        processor.analyzer().taxonomy().topics().iter().map(|t| (t.id.clone(), t.name.clone())).collect();
    let now = period.end.start();
    tokio::task::spawn_blocking(move || insight::report::report(&inputs, &scope, now, &topics).unwrap())
        .await
        .unwrap()
}
