//! Brokers: the mock, held in this process so that it outlives a killed worker, and a real one.

use super::{events, wait_for};
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use xtask::broker::Broker;

/// Long enough for a busy broker; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);
/// For one answer, before it is asked again.
const ANSWER: Duration = Duration::from_secs(5);

pub type Mock = MockCluster<'static, DefaultProducerContext>;

pub fn mock(partitions: i32) -> Mock {
    let mock = MockCluster::new(3).unwrap();
    mock.create_topic(events::TOPIC, partitions, 3).unwrap();
    mock
}

/// A real broker for the tests that run at the same time, as long as they have topics of their own and do not kill it.
pub fn shared(libs: &Path) -> Arc<Broker> {
    static SHARED: Mutex<Weak<Broker>> = Mutex::new(Weak::new());
    // Where a broker did not start, the next test tries again.
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let broker = Arc::new(Broker::start(libs).unwrap());
        *shared = Arc::downgrade(&broker);
        broker
    })
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
    produce_to(brokers, properties, events::TOPIC, records);
}

/// Sends them with their partitions, and waits until the broker has them all.
pub fn produce_to(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    topic: &str,
    records: impl Iterator<Item = (i32, Vec<u8>)>,
) {
    let producer: ThreadedProducer<DefaultProducerContext> = client(brokers, properties)
        .set("linger.ms", "5")
        .set("message.timeout.ms", "60000")
        .create()
        .unwrap();
    for (partition, payload) in records {
        let mut record = BaseRecord::<(), [u8]>::to(topic).partition(partition).payload(&payload);
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
    let Received { key, body, headers, .. } = received(&next_message(&consumer));
    (key, body, headers)
}

/// A message of a topic, everything in it text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub partition: i32,
    pub key: String,
    pub body: String,
    pub headers: BTreeMap<String, String>,
}

impl Received {
    /// Empty where it has none of this name.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// All that a topic holds by now, one partition after the other, each in its order.
pub fn all_messages(brokers: &str, topic: &str) -> Vec<Received> {
    let mut config = client(brokers, &BTreeMap::new());
    let consumer: BaseConsumer =
        config.set("group.id", "looks").set("enable.auto.commit", "false").create().unwrap();
    let partitions = wait_for("the partitions of a topic", PATIENCE, || {
        let metadata = consumer.fetch_metadata(Some(topic), ANSWER).ok()?;
        let partitions = metadata.topics().first()?.partitions().iter().map(|partition| partition.id());
        let partitions: Vec<i32> = partitions.collect();
        (!partitions.is_empty()).then_some(partitions)
    });
    let (mut start, mut ends, mut count) = (TopicPartitionList::new(), BTreeMap::new(), 0);
    for partition in partitions {
        let (low, high) = wait_for("the ends of a partition", PATIENCE, || {
            consumer.fetch_watermarks(topic, partition, ANSWER).ok()
        });
        start.add_partition_offset(topic, partition, Offset::Beginning).unwrap();
        ends.insert(partition, high);
        count += usize::try_from(high - low).unwrap();
    }
    consumer.assign(&start).unwrap();
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let message = next_message(&consumer);
        // What came meanwhile belongs to the next look.
        if message.offset() < ends[&message.partition()] {
            all.push(received(&message));
        }
    }
    all.sort_by_key(|message| message.partition);
    all
}

fn next_message(consumer: &BaseConsumer) -> BorrowedMessage<'_> {
    wait_for("a message", PATIENCE, || {
        // What goes wrong on the way there passes.
        consumer.poll(Duration::from_secs(1))?.ok()
    })
}

fn received(message: &BorrowedMessage<'_>) -> Received {
    let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap_or_default().to_vec()).unwrap();
    let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
    Received {
        partition: message.partition(),
        key: text(message.key()),
        body: text(message.payload()),
        headers: headers.map(|header| (header.key.to_owned(), text(header.value))).collect(),
    }
}

fn client(brokers: &str, properties: &BTreeMap<String, String>) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers);
    for (name, value) in properties {
        config.set(name, value);
    }
    config
}
