//! A mock broker, a worker and its tables in one process.

use analyze::pseudonym::PseudonymKey;
use analyze::taxonomy::Taxonomy;
use analyze::{Analyzer, Options};
use feedback::decode::Decoder;
use feedback::kind::Registry;
use feedback::limits::Limits;
use rdkafka::ClientConfig;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreOptions};
use worker::{Outcomes, Processor, Shutdown, WorkerConfig, WorkerError, WorkerMetrics};

pub const TOPIC: &str = "feedback.nps";
pub const PARTITIONS: i32 = 3;

pub type Mock = MockCluster<'static, DefaultProducerContext>;

pub fn mock() -> Mock {
    let mock = MockCluster::new(1).unwrap();
    mock.create_topic(TOPIC, PARTITIONS, 1).unwrap();
    mock
}

pub fn produce(mock: &Mock, numbers: Range<u32>) {
    let payloads = numbers.map(|number| {
        let payload = format!(
            r#"{{"specversion":"1.0","id":"{number}","source":"loop","type":"feedback.nps.created","time":"2026-05-04T10:00:00Z","data":{{"id":{number},"score":{}}}}}"#,
            number % 11
        );
        ((number % PARTITIONS as u32) as i32, payload)
    });
    produce_payloads(mock, payloads);
}

pub fn produce_payloads(mock: &Mock, payloads: impl Iterator<Item = (i32, String)>) {
    let producer: ThreadedProducer<DefaultProducerContext> =
        ClientConfig::new().set("bootstrap.servers", mock.bootstrap_servers()).create().unwrap();
    for (partition, payload) in payloads {
        let record = BaseRecord::<(), _>::to(TOPIC).partition(partition).payload(&payload);
        producer.send(record).map_err(|error| error.0).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
}

pub fn config(mock: &Mock) -> WorkerConfig {
    let mut config = WorkerConfig::new(mock.bootstrap_servers(), "loop", vec![TOPIC.to_owned()]);
    config.batch.rows = 50;
    config.batch.age = Duration::from_millis(200);
    config.properties.insert("session.timeout.ms".to_owned(), "6000".to_owned());
    config.properties.insert("heartbeat.interval.ms".to_owned(), "300".to_owned());
    config
}

pub fn processor(metrics: &Arc<WorkerMetrics>) -> Arc<Processor> {
    processor_of(Registry::default(), metrics)
}

pub fn processor_of(registry: Registry, metrics: &Arc<WorkerMetrics>) -> Arc<Processor> {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8)).unwrap();
    Arc::new(Processor::new(Decoder::new(registry, Limits::default()), analyzer, key, metrics.clone()))
}

pub async fn open(dir: &Path) -> Store {
    Store::open(dir.to_str().unwrap(), StoreOptions::default()).await.unwrap()
}

pub fn start(
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
pub async fn ids(store: &Store) -> BTreeSet<u32> {
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

pub async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(90), waiting)
        .await
        .unwrap_or_else(|_| panic!("waited in vain: {what}"));
}
