//! The configured broker, asked for what it has.

use crate::config::{Config, reveal};
use anyhow::Context as _;
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use std::collections::BTreeMap;
use std::time::Duration;

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

/// Topic by topic the number of partitions; `None` where the broker does not know the topic.
pub fn partitions(config: &Config, patience: Duration) -> anyhow::Result<BTreeMap<String, Option<usize>>> {
    let consumer: BaseConsumer = client(config)?.create().context("the Kafka properties are wrong")?;
    // Asking for everything, not topic by topic: that would create them where the broker does so by itself.
    let metadata = consumer
        .fetch_metadata(None, patience)
        .with_context(|| format!("no broker answers at {}", config.kafka.bootstrap))?;
    let known =
        |topic: &str| metadata.topics().iter().find(|t| t.name() == topic && !t.partitions().is_empty());
    let topics = config.topics().into_values();
    Ok(topics.map(|topic| (topic.clone(), known(&topic).map(|t| t.partitions().len()))).collect())
}
