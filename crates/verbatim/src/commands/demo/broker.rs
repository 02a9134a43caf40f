//! The embedded broker: librdkafka's mock cluster, in this process, speaking the real protocol on loopback.

use anyhow::{Context as _, anyhow};
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use std::collections::BTreeMap;
use std::time::Duration;

/// The mock drops a partition's oldest messages beyond 5 MiB or 100,000 messages: plan for well below.
const PARTITION_BYTES: usize = 3 << 20;
const PARTITION_MESSAGES: usize = 50_000;
/// What a message costs beside its key and payload, at most.
const OVERHEAD: usize = 200;

/// A message to produce.
pub struct Message<'a> {
    pub topic: &'a str,
    pub key: &'a str,
    pub headers: &'a [(&'static str, String)],
    pub payload: &'a [u8],
}

pub struct Broker {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl Broker {
    pub fn start() -> anyhow::Result<Self> {
        let cluster = MockCluster::new(1).context("the embedded broker does not start")?;
        Ok(Self { cluster })
    }

    pub fn address(&self) -> String {
        self.cluster.bootstrap_servers()
    }

    /// Makes each topic with as many partitions as its messages need.
    pub fn create_topics<'a>(&self, messages: impl Iterator<Item = Message<'a>>) -> anyhow::Result<()> {
        let mut sizes: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for message in messages {
            let (count, bytes) = sizes.entry(message.topic).or_default();
            *count += 1;
            *bytes += message.payload.len() + message.key.len() + OVERHEAD;
        }
        for (topic, (count, bytes)) in sizes {
            let partitions = partitions(count, bytes);
            self.cluster
                .create_topic(topic, partitions, 1)
                .with_context(|| format!("the embedded broker cannot create {topic}"))?;
        }
        Ok(())
    }

    /// Produces all of it, in order within each key, and waits until the broker has it.
    pub fn produce<'a>(
        &self,
        messages: impl Iterator<Item = Message<'a>>,
        mut on_sent: impl FnMut(u64),
    ) -> anyhow::Result<()> {
        let producer: ThreadedProducer<DefaultProducerContext> = ClientConfig::new()
            .set("bootstrap.servers", self.address())
            .set("linger.ms", "20")
            .set("enable.idempotence", "true")
            .create()
            .context("the demo's producer does not start")?;
        for (sent, message) in (1..).zip(messages) {
            send(&producer, &message)?;
            on_sent(sent);
        }
        producer.flush(Duration::from_secs(60)).context("the embedded broker does not take the demo's events")
    }
}

fn send(producer: &ThreadedProducer<DefaultProducerContext>, message: &Message<'_>) -> anyhow::Result<()> {
    let headers = message.headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| {
        headers.insert(Header { key, value: Some(value) })
    });
    let mut record = BaseRecord::to(message.topic).key(message.key).payload(message.payload).headers(headers);
    loop {
        match producer.send(record) {
            Ok(()) => return Ok(()),
            // The queue empties as the broker takes what is in it.
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), again)) => {
                record = again;
                std::thread::sleep(Duration::from_millis(5));
            }
            Err((error, _)) => return Err(anyhow!(error).context("cannot produce the demo's events")),
        }
    }
}

/// Keys spread unevenly: room for twice the average, and two at least so that it is a group's work.
fn partitions(count: usize, bytes: usize) -> i32 {
    let needed = bytes.div_ceil(PARTITION_BYTES).max(count.div_ceil(PARTITION_MESSAGES));
    i32::try_from(needed.max(2)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_partition_comes_near_the_mocks_limits() {
        assert_eq!(partitions(10, 10_000), 2);
        assert_eq!(partitions(1_000_000, 1 << 20), 20);
        assert_eq!(partitions(10_000, 30 << 20), 10);
    }
}
