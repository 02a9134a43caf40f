//! Dead letters once more, after a fix: from Kafka and from files, as often as one likes.

use crate::support::{PARTITIONS, config, mock, open, processor, processor_of, produce, produce_payloads};
use feedback::kind::{Contract, Registry, SourceKind};
use std::path::Path;
use std::sync::Arc;
use store::{Ledger, Store};
use worker::files::{Format, ImportOptions};
use worker::retry::{RetryOptions, RetryReport, retry};
use worker::{Processor, Shutdown, WorkerMetrics};

const REVIEWS: u32 = 12;

fn review(number: u32) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"r{number}","source":"store","type":"feedback.review.created","time":"2026-05-04T10:00:00Z","data":{{"id":"r{number}","text":"Works well since the update.","score":5}}}}"#
    )
}

/// What the operator changed: there are reviews now.
fn fixed(metrics: &Arc<WorkerMetrics>) -> Arc<Processor> {
    let mut registry = Registry::default();
    registry.insert(SourceKind::new("review").unwrap(), Contract::Social);
    processor_of(registry, metrics)
}

async fn again(options: &RetryOptions, store: &Store, processor: &Arc<Processor>) -> RetryReport {
    retry(options.clone(), store.clone(), processor.clone(), Shutdown::new()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_from_a_topic_are_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let (mock, store, metrics) = (mock(), open(dir.path()).await, Arc::new(WorkerMetrics::new()));
    produce(&mock, 0..50);
    let broken = (0..5).map(|_| "{".to_owned());
    produce_payloads(
        &mock,
        (0..REVIEWS).map(review).chain(broken).enumerate().map(|(at, p)| (at as i32 % PARTITIONS, p)),
    );
    produce(&mock, 50..100);
    let mut config = config(&mock);
    config.stop_at_end = true;
    let first = processor(&metrics);
    worker::kafka::run(config, store.clone(), first.clone(), metrics.clone(), Shutdown::new(), Arc::new(()))
        .await
        .unwrap();
    let letters = u64::from(REVIEWS) + 5;
    let before = Ledger { facts: 100, dead_letters: letters, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), before);

    let options = RetryOptions { brokers: mock.bootstrap_servers(), ..RetryOptions::default() };
    let in_vain = again(&options, &store, &first).await;
    assert_eq!((in_vain.recovered, in_vain.refused), (0, letters as usize), "{in_vain:?}");
    assert_eq!(store.ledger().await.unwrap(), before);

    let fixed = fixed(&metrics);
    let report = again(&options, &store, &fixed).await;
    assert_eq!((report.recovered, report.refused), (REVIEWS as usize, 5), "{report:?}");
    let after = Ledger { facts: 100 + u64::from(REVIEWS), dead_letters: 5, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), after);
    assert_eq!(again(&options, &store, &fixed).await.recovered, 0);
    assert_eq!(store.ledger().await.unwrap(), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_retries_at_once_double_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (mock, store, metrics) = (mock(), open(dir.path()).await, Arc::new(WorkerMetrics::new()));
    produce_payloads(&mock, (0..REVIEWS).map(|number| (0, review(number))));
    let mut config = config(&mock);
    config.stop_at_end = true;
    let first = processor(&metrics);
    worker::kafka::run(config, store.clone(), first, metrics.clone(), Shutdown::new(), Arc::new(()))
        .await
        .unwrap();
    let fixed = fixed(&metrics);
    let options = RetryOptions { brokers: mock.bootstrap_servers(), ..RetryOptions::default() };
    let other = open(dir.path()).await;
    let (one, two) = tokio::join!(again(&options, &store, &fixed), again(&options, &other, &fixed));
    assert_eq!(one.recovered + two.recovered, REVIEWS as usize, "{one:?} {two:?}");
    let ledger = Ledger { facts: u64::from(REVIEWS), ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), ledger);
}

fn file(path: &Path) -> ImportOptions {
    ImportOptions::new(path.to_owned(), Format::Jsonl)
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_from_a_file_need_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let (store, metrics) = (open(&dir.path().join("tables")).await, Arc::new(WorkerMetrics::new()));
    let path = dir.path().join("reviews.jsonl");
    std::fs::write(&path, (0..REVIEWS).map(review).collect::<Vec<_>>().join("\n")).unwrap();
    let import = |processor: Arc<Processor>| {
        worker::files::import(
            file(&path),
            store.clone(),
            processor,
            metrics.clone(),
            Shutdown::new(),
            Arc::new(()),
        )
    };
    import(processor(&metrics)).await.unwrap();
    assert_eq!(store.ledger().await.unwrap().dead_letters, u64::from(REVIEWS));

    let fixed = fixed(&metrics);
    let nowhere = again(&RetryOptions::default(), &store, &fixed).await;
    assert_eq!((nowhere.recovered, nowhere.gone[0].letters), (0, REVIEWS as usize));
    assert!(nowhere.gone[0].why.contains("no file"), "{nowhere:?}");

    // It was moved meanwhile; its content says that it is the one.
    let moved = dir.path().join("elsewhere.jsonl");
    std::fs::rename(&path, &moved).unwrap();
    let options = RetryOptions { files: vec![file(&moved)], ..RetryOptions::default() };
    assert_eq!(again(&options, &store, &fixed).await.recovered, REVIEWS as usize);
    let ledger = Ledger { facts: u64::from(REVIEWS), ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), ledger);

    // To import it once more is another way to the same end, and adds nothing now.
    std::fs::rename(&moved, &path).unwrap();
    let report = import(fixed).await.unwrap();
    assert_eq!((report.outcomes.records, report.outcomes.known), (0, u64::from(REVIEWS)));
    assert_eq!(store.ledger().await.unwrap(), ledger);
}
