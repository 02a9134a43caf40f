//! Payloads of vendors from Kafka, by the topic and by the message's own headers, beside events of ours.

use crate::support::{Mock, TOPIC, config, mock, open, processor, produce};
use connect::Vendor;
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use std::sync::Arc;
use std::time::Duration;
use store::{Ledger, Store};
use worker::retry::{RetryOptions, retry};
use worker::{Processor, Shutdown, VendorFormat, VendorTopics, WorkerMetrics};

const REVIEWS: &str = "reviews.apple";

fn review(id: &str, rating: u32) -> String {
    format!(
        r#"{{"type":"customerReviews","id":"{id}","attributes":{{"rating":{rating},"title":"Zyglo","body":"It crashes.","reviewerNickname":"zyglo_w","createdDate":"2026-05-04T10:00:00Z","territory":"DEU"}}}}"#
    )
}

fn send(mock: &Mock, topic: &str, payload: &str, vendor: Option<&str>) {
    let producer: ThreadedProducer<DefaultProducerContext> =
        ClientConfig::new().set("bootstrap.servers", mock.bootstrap_servers()).create().unwrap();
    let headers = vendor.map_or(OwnedHeaders::new(), |vendor| {
        OwnedHeaders::new().insert(Header { key: "ce_vendor_format", value: Some(vendor) })
    });
    let record = BaseRecord::<(), _>::to(topic).partition(0).payload(payload).headers(headers);
    producer.send(record).map_err(|error| error.0).unwrap();
    producer.flush(Duration::from_secs(30)).unwrap();
}

/// With the topic's format in the configuration.
fn knowing(metrics: &Arc<WorkerMetrics>) -> Arc<Processor> {
    let format = VendorFormat { source: "ios".to_owned(), ..VendorFormat::of(Vendor::AppStore) };
    let processor = Arc::into_inner(processor(metrics)).unwrap();
    Arc::new(processor.with_vendors(VendorTopics::from([(REVIEWS.to_owned(), format)])))
}

async fn run(mock: &Mock, store: &Store, processor: &Arc<Processor>, metrics: &Arc<WorkerMetrics>) {
    let mut config = config(mock);
    config.topics = vec![TOPIC.to_owned(), REVIEWS.to_owned()];
    config.stop_at_end = true;
    let (processor, metrics) = (processor.clone(), metrics.clone());
    worker::kafka::run(config, store.clone(), processor, metrics, Shutdown::new(), Arc::new(()))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_of_a_vendor_stands_beside_ours() {
    let dir = tempfile::tempdir().unwrap();
    let (mock, store, metrics) = (mock(), open(dir.path()).await, Arc::new(WorkerMetrics::new()));
    mock.create_topic(REVIEWS, 1, 1).unwrap();
    produce(&mock, 0..3);
    send(&mock, REVIEWS, &review("r1", 2), None);
    send(&mock, REVIEWS, &review("r1", 2), None);
    send(&mock, REVIEWS, &review("r2", 9), None);
    // By its own header it may come anywhere; here it is another source's.
    send(&mock, TOPIC, &review("r1", 2), Some("app-store"));
    send(&mock, TOPIC, &review("r3", 2), None);
    run(&mock, &store, &knowing(&metrics), &metrics).await;
    let expected = Ledger { facts: 5, duplicates: 1, dead_letters: 2, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_of_a_vendors_topic_are_read_again_once_its_format_is_known() {
    let dir = tempfile::tempdir().unwrap();
    let (mock, store, metrics) = (mock(), open(dir.path()).await, Arc::new(WorkerMetrics::new()));
    mock.create_topic(REVIEWS, 1, 1).unwrap();
    send(&mock, REVIEWS, &review("r1", 2), None);
    send(&mock, REVIEWS, &review("r2", 9), None);
    run(&mock, &store, &processor(&metrics), &metrics).await;
    assert_eq!(store.ledger().await.unwrap(), Ledger { dead_letters: 2, ..Ledger::default() });
    let options = RetryOptions { brokers: mock.bootstrap_servers(), ..RetryOptions::default() };
    let done = retry(options, store.clone(), knowing(&metrics), Shutdown::new()).await.unwrap();
    assert_eq!((done.recovered, done.refused), (1, 1), "{done:?}");
    let expected = Ledger { facts: 1, dead_letters: 1, ..Ledger::default() };
    assert_eq!(store.ledger().await.unwrap(), expected);
}
