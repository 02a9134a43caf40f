//! Brokers: the mock, held in this process so that it outlives a killed worker, and a real one.

use super::{events, wait_for};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

pub type Mock = MockCluster<'static, DefaultProducerContext>;

pub fn mock(partitions: i32) -> Mock {
    let mock = MockCluster::new(3).unwrap();
    mock.create_topic(events::TOPIC, partitions, 3).unwrap();
    mock
}

/// Sends the events of these numbers, spread over the partitions, and waits until the broker has them all.
pub fn produce(brokers: &str, properties: &BTreeMap<String, String>, partitions: i32, numbers: Range<u64>) {
    let records = numbers.map(|number| ((number % partitions as u64) as i32, events::payload(number)));
    produce_payloads(brokers, properties, records);
}

pub fn produce_payloads(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    records: impl Iterator<Item = (i32, Vec<u8>)>,
) {
    let producer: ThreadedProducer<DefaultProducerContext> = client(brokers, properties)
        .set("linger.ms", "5")
        .set("message.timeout.ms", "60000")
        .create()
        .unwrap();
    for (partition, payload) in records {
        let mut record = BaseRecord::<(), [u8]>::to(events::TOPIC).partition(partition).payload(&payload);
        while let Err((error, back)) = producer.send(record) {
            assert!(
                error.rdkafka_error_code() == Some(rdkafka::types::RDKafkaErrorCode::QueueFull),
                "{error}"
            );
            record = back;
            producer.flush(Duration::from_secs(10)).unwrap();
        }
    }
    producer.flush(Duration::from_secs(60)).unwrap();
}

/// Sends all of them as one transaction, which leaves its mark behind the last one.
pub fn produce_in_a_transaction(brokers: &str, topic: &str, records: impl Iterator<Item = (i32, Vec<u8>)>) {
    let patience = Duration::from_secs(60);
    let producer: ThreadedProducer<DefaultProducerContext> =
        client(brokers, &BTreeMap::new()).set("transactional.id", topic).create().unwrap();
    producer.init_transactions(patience).unwrap();
    producer.begin_transaction().unwrap();
    for (partition, payload) in records {
        let record = BaseRecord::<(), [u8]>::to(topic).partition(partition).payload(&payload);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.commit_transaction(patience).unwrap();
}

pub fn create_topic(brokers: &str, properties: &BTreeMap<String, String>, partitions: i32) {
    create_topic_named(brokers, properties, events::TOPIC, partitions);
}

pub fn create_topic_named(brokers: &str, properties: &BTreeMap<String, String>, name: &str, partitions: i32) {
    let admin: AdminClient<DefaultClientContext> = client(brokers, properties).create().unwrap();
    let topic = NewTopic::new(name, partitions, TopicReplication::Fixed(1));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let options = AdminOptions::new().operation_timeout(Some(Duration::from_secs(30)));
    for created in runtime.block_on(admin.create_topics(&[topic], &options)).unwrap() {
        created.unwrap();
    }
}

/// Key, body and headers of the first message of a topic's only partition.
pub fn first_message(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    topic: &str,
) -> (String, String, BTreeMap<String, String>) {
    let consumer: BaseConsumer = client(brokers, properties).set("group.id", "looks").create().unwrap();
    let mut start = TopicPartitionList::new();
    start.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
    consumer.assign(&start).unwrap();
    let message = wait_for("a message", Duration::from_secs(60), || {
        // What goes wrong on the way there passes.
        consumer.poll(Duration::from_secs(1))?.ok()
    });
    let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap_or_default().to_vec()).unwrap();
    let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
    let headers = headers.map(|header| (header.key.to_owned(), text(header.value))).collect();
    (text(message.key()), text(message.payload()), headers)
}

fn client(brokers: &str, properties: &BTreeMap<String, String>) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers);
    for (name, value) in properties {
        config.set(name, value);
    }
    config
}
