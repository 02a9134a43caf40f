//! Dead letters once more, after a fix: from Kafka and from files, as often as one likes.

use crate::support::{
    PARTITIONS, TOPIC, config, mock, open, processor, processor_of, produce, produce_payloads, until,
};
use feedback::kind::{Contract, Registry, SourceKind};
use feedback::position::Position;
use feedback::time::Timestamp;
use std::path::Path;
use std::sync::Arc;
use store::{Advance, Batch, Ledger, Note, Store};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_whose_author_was_erased_is_noted_so() {
    let dir = tempfile::tempdir().unwrap();
    let (mock, store, metrics) = (mock(), open(dir.path()).await, Arc::new(WorkerMetrics::new()));
    let by = |author: &str| {
        review(0).replace(r#""score":5"#, &format!(r#""score":5,"author":{{"id":"{author}"}}"#))
    };
    let repost = review(1).replace(r#""score":5"#, r#""repost_of":"r0""#);
    produce_payloads(&mock, [by("ann"), by("bob"), repost].map(|payload| (0, payload)).into_iter());
    // Nobody could tell whose they were when they were refused.
    let letter = |offset| Note {
        outcome: store::Outcome::DeadLetter,
        reason: "unknown_kind".to_owned(),
        detail: String::new(),
        payload: None,
        source_kind: None,
        author: None,
        author_alias: None,
        records: 1,
        ingested_at: Timestamp(1_790_000_000_000_000 + offset),
        position: Position { topic: TOPIC.into(), partition: 0, offset },
    };
    let advances = vec![Advance { app_id: format!("loop/{TOPIC}/0"), from: None, next: 3 }];
    let notes = (0..3).map(letter).collect();
    store.commit(&Batch { notes, advances, ..Batch::default() }).await.unwrap();
    let fixed = fixed(&metrics);
    let ann = fixed.key().author("store", Some("ann"), None).unwrap();
    store.erase(ann.name.as_str(), &store::EraseOptions::default()).await.unwrap();
    assert_eq!(store.ledger().await.unwrap(), Ledger { dead_letters: 3, ..Ledger::default() });

    let options = RetryOptions { brokers: mock.bootstrap_servers(), ..RetryOptions::default() };
    let report = again(&options, &store, &fixed).await;
    let parts = (report.sent, report.recovered, report.erased, report.ignored, report.refused);
    assert_eq!(parts, (3, 1, 1, 1, 0), "{report:?}");
    let ledger = Ledger { facts: 1, erased: 1, ignored: 1, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), ledger);
    // Nothing is left to send, and a replay leaves it so.
    assert_eq!(again(&options, &store, &fixed).await.letters, 0);
    let mut config = config(&mock);
    (config.stop_at_end, config.start) = (true, worker::Start::Beginning);
    worker::kafka::run(config, store.clone(), fixed, metrics, Shutdown::new(), Arc::new(())).await.unwrap();
    assert_eq!(store.ledger().await.unwrap(), ledger);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_that_ignores_what_was_refused_settles_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mock, store, metrics) = (mock(), open(dir.path()).await, Arc::new(WorkerMetrics::new()));
    let reposts = (0..4).map(|number| review(number).replace(r#""score":5"#, r#""repost_of":"r9""#));
    produce_payloads(&mock, reposts.map(|payload| (0, payload)));
    let mut config = config(&mock);
    config.stop_at_end = true;
    let run = async |processor: Arc<Processor>, start| {
        let config = worker::WorkerConfig { start, ..config.clone() };
        let metrics = metrics.clone();
        worker::kafka::run(config, store.clone(), processor, metrics, Shutdown::new(), Arc::new(()))
            .await
            .unwrap()
    };
    run(processor(&metrics), worker::Start::Noted).await;
    assert_eq!(store.ledger().await.unwrap(), Ledger { dead_letters: 4, ..Ledger::default() });
    let fixed = fixed(&metrics);
    for ignored in [4, 0] {
        let sum = run(fixed.clone(), worker::Start::Beginning).await;
        assert_eq!((sum.ignored, sum.known), (ignored, 4 - ignored));
        assert_eq!(store.ledger().await.unwrap(), Ledger { ignored: 4, ..Ledger::default() });
    }
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
    assert!(nowhere.gone[0].why.contains("name the file"), "{nowhere:?}");

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

#[tokio::test(flavor = "multi_thread")]
async fn many_letters_of_a_file_are_sent_in_one_pass_and_a_stop_is_heeded() {
    const MANY: u32 = 1_200;
    let dir = tempfile::tempdir().unwrap();
    let (store, metrics) = (open(&dir.path().join("tables")).await, Arc::new(WorkerMetrics::new()));
    let path = dir.path().join("reviews.jsonl");
    std::fs::write(&path, (0..MANY).map(review).collect::<Vec<_>>().join("\n")).unwrap();
    let (first, fixed) = (processor(&metrics), fixed(&metrics));
    worker::files::import(file(&path), store.clone(), first, metrics.clone(), Shutdown::new(), Arc::new(()))
        .await
        .unwrap();

    let options = RetryOptions { files: vec![file(&path)], ..RetryOptions::default() };
    let told = Shutdown::new();
    told.request();
    let stopped = retry(options.clone(), store.clone(), fixed.clone(), told).await.unwrap();
    assert_eq!((stopped.interrupted, stopped.sent, stopped.gone.len()), (true, 0, 0), "{stopped:?}");
    // While its first portion goes in.
    let told = Shutdown::new();
    let (stop, watched, before) = (told.clone(), store.clone(), store.version().await.unwrap());
    let watch = async {
        until("a commit", async || watched.version().await.unwrap() != before).await;
        stop.request();
    };
    let stopped = retry(options.clone(), store.clone(), fixed.clone(), told);
    let (stopped, ()) = tokio::join!(stopped, watch);
    let stopped = stopped.unwrap();
    assert_eq!(stopped.recovered as u64, store.ledger().await.unwrap().facts, "{stopped:?}");

    let rest = again(&options, &store, &fixed).await;
    assert_eq!((stopped.recovered + rest.recovered, rest.interrupted), (MANY as usize, false), "{rest:?}");
    assert_eq!(store.ledger().await.unwrap(), Ledger { facts: u64::from(MANY), ..Ledger::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_duplicates_of_an_import_are_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let (store, metrics) = (open(&dir.path().join("tables")).await, Arc::new(WorkerMetrics::new()));
    let path = dir.path().join("reviews.jsonl");
    let fixed = fixed(&metrics);
    let import = async |lines: Vec<String>| {
        std::fs::write(&path, lines.join("\n")).unwrap();
        let (store, metrics) = (store.clone(), metrics.clone());
        let report =
            worker::files::import(file(&path), store, fixed.clone(), metrics, Shutdown::new(), Arc::new(()))
                .await
                .unwrap();
        (report.records, report.duplicates)
    };
    let twice = || [review(1), review(2), review(2)];
    assert_eq!(import(twice().to_vec()).await, (2, 1));
    // The rows of the other file are the later ones by their position, and still it is this one that repeats them.
    assert_eq!(import(vec![review(2), review(3)]).await, (1, 1));
    assert_eq!(import(vec![review(4), review(5)]).await, (2, 0), "duplicates of others do not count");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_stopped_tells_of_all_that_went_in() {
    let dir = tempfile::tempdir().unwrap();
    let (store, metrics) = (open(&dir.path().join("tables")).await, Arc::new(WorkerMetrics::new()));
    let path = dir.path().join("reviews.jsonl");
    std::fs::write(&path, (0..2_000).map(review).collect::<Vec<_>>().join("\n")).unwrap();
    let shutdown = Shutdown::new();
    let mut options = file(&path);
    options.batch.rows = 50;
    // Told to stop as soon as something is in, with more batches on their way.
    let stop = shutdown.clone();
    let report = worker::files::import(
        options,
        store.clone(),
        fixed(&metrics),
        metrics.clone(),
        shutdown,
        Arc::new(move |_: &worker::Progress| stop.request()),
    )
    .await
    .unwrap();
    assert!(!report.complete);
    assert_eq!(report.outcomes.consumed(), store.ledger().await.unwrap().consumed(), "{report:?}");
}
