//! The Kafka loop in one process with a mock broker: what only shows between its threads.

use analyze::pseudonym::PseudonymKey;
use analyze::taxonomy::Taxonomy;
use analyze::{Analyzer, Options};
use feedback::decode::Decoder;
use feedback::kind::Registry;
use feedback::limits::Limits;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreOptions};
use worker::{Outcomes, Processor, Progress, Shutdown, WorkerConfig, WorkerError, WorkerMetrics};

const TOPIC: &str = "feedback.nps";
const PARTITIONS: i32 = 3;

type Mock = MockCluster<'static, DefaultProducerContext>;

fn mock() -> Mock {
    let mock = MockCluster::new(1).unwrap();
    mock.create_topic(TOPIC, PARTITIONS, 1).unwrap();
    mock
}

fn produce(mock: &Mock, numbers: Range<u32>) {
    let producer: ThreadedProducer<DefaultProducerContext> =
        ClientConfig::new().set("bootstrap.servers", mock.bootstrap_servers()).create().unwrap();
    for number in numbers {
        let payload = format!(
            r#"{{"specversion":"1.0","id":"{number}","source":"loop","type":"feedback.nps.created","time":"2026-05-04T10:00:00Z","data":{{"id":{number},"score":{}}}}}"#,
            number % 11
        );
        let partition = (number % PARTITIONS as u32) as i32;
        producer
            .send(BaseRecord::<(), _>::to(TOPIC).partition(partition).payload(&payload))
            .map_err(|e| e.0)
            .unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
}

fn config(mock: &Mock) -> WorkerConfig {
    let mut config = WorkerConfig::new(mock.bootstrap_servers(), "loop", vec![TOPIC.to_owned()]);
    config.batch.rows = 50;
    config.batch.age = Duration::from_millis(200);
    config.properties.insert("session.timeout.ms".to_owned(), "3000".to_owned());
    config.properties.insert("heartbeat.interval.ms".to_owned(), "300".to_owned());
    config
}

fn processor(metrics: &Arc<WorkerMetrics>) -> Arc<Processor> {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap();
    Arc::new(Processor::new(
        Decoder::new(Registry::default(), Limits::default()),
        analyzer,
        key,
        metrics.clone(),
    ))
}

async fn open(dir: &Path) -> Store {
    Store::open(dir.to_str().unwrap(), StoreOptions::default()).await.unwrap()
}

fn start(
    config: WorkerConfig,
    store: Store,
    shutdown: &Shutdown,
) -> (tokio::task::JoinHandle<Result<Outcomes, WorkerError>>, Arc<WorkerMetrics>) {
    let metrics = Arc::new(WorkerMetrics::new());
    let run = worker::kafka::run(
        config,
        store,
        processor(&metrics),
        metrics.clone(),
        shutdown.clone(),
        Arc::new(()),
    );
    (tokio::spawn(run), metrics)
}

/// The ids in the tables; none may be there twice.
async fn ids(store: &Store) -> BTreeSet<u32> {
    let rows = store.feedback().await.unwrap().select([polars::prelude::col("native_id")]);
    let rows = store.collect(rows).await.unwrap();
    let all: Vec<u32> = rows
        .column("native_id")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .map(|id| id.unwrap().parse().unwrap())
        .collect();
    let distinct: BTreeSet<u32> = all.iter().copied().collect();
    assert_eq!(all.len(), distinct.len(), "some are there twice");
    distinct
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(90), waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_to_the_end_and_tells_kafka_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    produce(&mock, 0..500);
    let store = open(dir.path()).await;
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = seen.clone();
    let metrics = Arc::new(WorkerMetrics::new());
    let mut config = config(&mock);
    config.stop_at_end = true;
    let observer = move |progress: &Progress| heard.lock().unwrap().push(progress.outcomes.consumed());
    let shutdown = Shutdown::new();
    let sum = worker::kafka::run(
        config,
        store.clone(),
        processor(&metrics),
        metrics.clone(),
        shutdown,
        Arc::new(observer),
    )
    .await
    .unwrap();
    assert_eq!((sum.consumed(), sum.records), (500, 500));
    assert_eq!(ids(&store).await, (0..500).collect());
    {
        let seen = seen.lock().unwrap();
        assert!(seen.is_sorted() && seen.last() == Some(&500), "{seen:?}");
    }
    // Kafka's own offsets followed, as advice.
    let brokers = mock.bootstrap_servers();
    let committed = tokio::task::spawn_blocking(move || {
        let consumer: BaseConsumer =
            ClientConfig::new().set("bootstrap.servers", brokers).set("group.id", "loop").create().unwrap();
        let mut partitions = rdkafka::TopicPartitionList::new();
        partitions.add_partition_range(TOPIC, 0, PARTITIONS - 1);
        let committed = consumer.committed_offsets(partitions, Duration::from_secs(10)).unwrap();
        committed.elements().iter().map(|element| element.offset().to_raw().unwrap()).sum::<i64>()
    });
    assert_eq!(committed.await.unwrap(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_come_and_go_lose_and_repeat_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    produce(&mock, 0..600);
    let store = open(dir.path()).await;
    let (first_ends, second_ends) = (Shutdown::new(), Shutdown::new());
    let (first, first_metrics) = start(config(&mock), store.clone(), &first_ends);
    until("the first commit", async || !ids(&store).await.is_empty()).await;
    let (second, _) = start(config(&mock), open(dir.path()).await, &second_ends);
    produce(&mock, 600..1_200);
    let rebalances = || first_metrics.rebalances.load(std::sync::atomic::Ordering::Relaxed);
    until("a rebalance", async || rebalances() >= 3).await;
    produce(&mock, 1_200..1_800);
    first_ends.request();
    first.await.unwrap().unwrap();
    until("the rest", async || ids(&store).await.len() == 1_800).await;
    second_ends.request();
    second.await.unwrap().unwrap();
    assert_eq!(ids(&store).await, (0..1_800).collect());
    assert_eq!(store.ledger().await.unwrap().consumed(), 1_800);
}

/// A zombie: a second worker with the same group's offsets that Kafka knows nothing of, as another group member
/// would be after a lost session. Both read everything; the tables take each message from one of them.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_read_the_same_partitions_the_commit_decides() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (mock(), mock());
    // Two clusters with the same content: to the tables they are the same topic.
    produce(&one, 0..400);
    produce(&other, 0..400);
    let store = open(dir.path()).await;
    let workers = [&one, &other].map(|mock| {
        let mut config = config(mock);
        config.stop_at_end = true;
        start(config, store.clone(), &Shutdown::new()).0
    });
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    assert_eq!(ids(&store).await, (0..400).collect());
    assert_eq!(store.ledger().await.unwrap().consumed(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_topic_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let mock = mock();
    // The mock makes topics when they are asked for, unless it is told otherwise.
    mock.topic_error(
        "feedback.missing",
        rdkafka::types::RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
    )
    .unwrap();
    let mut config = config(&mock);
    config.topics = vec!["feedback.missing".to_owned()];
    config.stop_at_end = true;
    let store = open(dir.path()).await;
    let error = start(config, store, &Shutdown::new()).0.await.unwrap().unwrap_err();
    assert!(matches!(&error, WorkerError::NoTopic { .. }), "{error:?}");
    assert!(error.to_string().contains("feedback.missing"), "{error}");
}
