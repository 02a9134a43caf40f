//! The configured broker, asked for what it has.

mod addresses;
pub mod intake;
pub mod lag;
pub mod producer;
mod unreachable;

pub use addresses::address_problem;

use crate::config::{Config, names_a_secret, reveal};
use anyhow::Context as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::TopicPartitionListElem;
use rdkafka::types::RDKafkaConfRes;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use unreachable::{Ear, Unreachable};

/// The client's settings: the configured properties over the bootstrap address. Secrets are in it.
pub fn client(config: &Config) -> anyhow::Result<ClientConfig> {
    let mut client = ClientConfig::new();
    client.set("bootstrap.servers", &config.kafka.bootstrap);
    for (name, value) in properties(config)? {
        client.set(name, value);
    }
    Ok(client)
}

/// The configured librdkafka properties, secrets followed.
pub fn properties(config: &Config) -> anyhow::Result<BTreeMap<String, String>> {
    reveal(&config.kafka.properties).map_err(|(name, error)| {
        anyhow::Error::new(error).context(format!("the Kafka property \"{name}\" cannot be read"))
    })
}

/// What librdkafka, or this program, would refuse at the start; with the property where it is one's fault. Nothing is
/// connected to.
pub fn property_problems(config: &Config) -> Vec<(Option<String>, String)> {
    // A secret that cannot be followed is told elsewhere.
    let Ok(properties) = properties(config) else { return Vec::new() };
    let mut problems = Vec::new();
    for (name, value) in &properties {
        if let Err(why) = property_problem(name, value) {
            problems.push((Some(name.clone()), why));
        }
    }
    if !problems.is_empty() {
        return problems;
    }
    let mut worker = worker::WorkerConfig::new("", "verbatim", Vec::new());
    worker.properties.clone_from(&properties);
    if let Err(error) = worker.check() {
        return vec![(Some(error.name), error.why.to_owned())];
    }
    // Without brokers it only reads certificates and finds mechanisms: what no property shows alone.
    let mut client = ClientConfig::new();
    client.set("group.id", "verbatim").set("log_level", "0");
    for (name, value) in properties {
        client.set(name, value);
    }
    match client.create::<BaseConsumer>() {
        Ok(_) => Vec::new(),
        Err(error) => vec![(None, format!("librdkafka refuses them: {}", reason(&error)))],
    }
}

fn property_problem(name: &str, value: &str) -> Result<(), String> {
    let mut client = ClientConfig::new();
    client.set(name, value);
    if let Err(error) = client.create_native_config() {
        return Err(reason(&error));
    }
    // Of a certificate that is not there librdkafka speaks in OpenSSL's words.
    if name.ends_with(".location") && name != "ssl.engine.location" && value != "probe" {
        let readable = std::fs::metadata(value).and_then(|meta| {
            if meta.is_dir() {
                std::fs::read_dir(value).map(drop)
            } else {
                std::fs::File::open(value).map(drop)
            }
        });
        return readable.map_err(|error| format!("{value} cannot be read: {error}"));
    }
    Ok(())
}

/// The library's own words, without the value, which may be a secret.
fn reason(error: &KafkaError) -> String {
    match error {
        KafkaError::ClientConfig(RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN, ..) => {
            "librdkafka has no such property".to_owned()
        }
        KafkaError::ClientConfig(_, why, name, _) if names_a_secret(name) || why.is_empty() => {
            "librdkafka does not take this value".to_owned()
        }
        KafkaError::ClientConfig(_, why, ..) => why.clone(),
        error => error.to_string(),
    }
}

/// What a broker has of the configured topics.
pub struct Seen {
    pub partitions: Partitions,
    /// Messages that the group has yet to commit; `None` where the broker does not say.
    pub lag: Option<u64>,
}

/// Enough to hear what the library has told of each try to connect.
const TO_LISTEN: Duration = Duration::from_millis(200);

/// Asks the broker; an error says what it is that does not answer.
pub fn look(config: &Config, patience: Duration) -> anyhow::Result<Seen> {
    let mut client = client(config)?;
    client.set("group.id", &config.kafka.group).set("enable.auto.commit", "false");
    let consumer: BaseConsumer<Ear> =
        client.create_with_context(Ear::default()).context("the Kafka properties are wrong")?;
    let partitions = partitions(&consumer, config, patience)?;
    let left = left(&consumer, &partitions, patience).ok();
    Ok(Seen { partitions, lag: left.map(|left| left.iter().map(Left::messages).sum()) })
}

/// Topic by topic the number of partitions; `None` where the broker does not know the topic.
type Partitions = BTreeMap<String, Option<usize>>;

fn partitions(
    consumer: &BaseConsumer<Ear>,
    config: &Config,
    patience: Duration,
) -> anyhow::Result<Partitions> {
    // Asking for everything, not topic by topic: that would create them where the broker does so by itself.
    let metadata = consumer.fetch_metadata(None, patience).map_err(|error| {
        // What was said meanwhile waits in a queue; a poll ends at each error.
        let started = Instant::now();
        while started.elapsed() < TO_LISTEN {
            let _ = consumer.poll(TO_LISTEN / 10);
        }
        consumer.context().why(&config.kafka.bootstrap, &error, patience)
    })?;
    let known =
        |topic: &str| metadata.topics().iter().find(|t| t.name() == topic && !t.partitions().is_empty());
    let topics = config.read_topics().into_keys();
    Ok(topics.map(|topic| (topic.clone(), known(&topic).map(|t| t.partitions().len()))).collect())
}

/// What the group has yet to commit of a partition.
struct Left {
    topic: String,
    partition: i32,
    from: i64,
    end: i64,
}

impl Left {
    fn messages(&self) -> u64 {
        u64::try_from(self.end - self.from).unwrap_or(0)
    }
}

/// By the offsets that the group has committed at the broker, which follow the tables.
fn left(consumer: &BaseConsumer<Ear>, topics: &Partitions, patience: Duration) -> anyhow::Result<Vec<Left>> {
    let mut all = TopicPartitionList::new();
    for (topic, partitions) in topics {
        for partition in 0..partitions.unwrap_or(0) {
            all.add_partition(topic, i32::try_from(partition)?);
        }
    }
    let committed = consumer.committed_offsets(all, patience)?;
    let of = |at: TopicPartitionListElem<'_>| {
        let (low, end) = consumer.fetch_watermarks(at.topic(), at.partition(), patience)?;
        let from = match at.offset() {
            Offset::Offset(committed) => committed.max(low),
            _ => low,
        };
        anyhow::Ok(Left { topic: at.topic().to_owned(), partition: at.partition(), from, end })
    };
    committed.elements().into_iter().map(of).collect()
}
