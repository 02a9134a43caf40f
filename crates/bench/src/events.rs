//! Topics filled with events before anything is measured.

use anyhow::{Context, Result, bail};
use feedback::time::Timestamp;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use std::time::Duration;

pub const TOPICS: [&str; 4] = ["feedback.survey", "feedback.ticket", "feedback.nps", "feedback.social"];

/// Creates the topics and fills them; returns the mean size of a payload in bytes.
pub fn preload(bootstrap: &str, events: u64, partitions: i32) -> Result<f64> {
    create_topics(bootstrap, &TOPICS, partitions)?;
    let feed = Feed::new(bootstrap)?;
    let (mut bytes, end) = (0, now()?);
    for number in 0..events {
        let event = demo::bench::event(number, end);
        bytes += event.payload.len();
        feed.send(event.topic, &event.key, &[], &event.payload)?;
    }
    feed.finish()?;
    Ok(bytes as f64 / events.max(1) as f64)
}

/// A producer that waits where the broker is slow.
pub struct Feed(BaseProducer);

impl Feed {
    pub fn new(bootstrap: &str) -> Result<Self> {
        let producer: BaseProducer = ClientConfig::new()
            .set("bootstrap.servers", bootstrap)
            .set("linger.ms", "50")
            .set("batch.size", "500000")
            .set("compression.type", "lz4")
            .set("queue.buffering.max.messages", "500000")
            .create()
            .context("could not make a producer")?;
        Ok(Self(producer))
    }

    pub fn send(&self, topic: &str, key: &str, headers: &[(&str, String)], payload: &[u8]) -> Result<()> {
        let headers =
            headers.iter().fold(OwnedHeaders::new_with_capacity(headers.len()), |all, (key, value)| {
                all.insert(Header { key, value: Some(value) })
            });
        let mut record = BaseRecord::to(topic).key(key).payload(payload).headers(headers);
        loop {
            match self.0.send(record) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), unsent)) => {
                    record = unsent;
                    self.0.poll(Duration::from_millis(20));
                }
                Err((error, _)) => return Err(error).context("could not produce"),
            }
        }
    }

    /// Takes note of what the broker has answered; to be called now and then.
    pub fn serve(&self) {
        self.0.poll(Duration::ZERO);
    }

    /// Waits until the broker has all.
    pub fn finish(&self) -> Result<()> {
        self.0.flush(Duration::from_secs(120)).context("the broker did not take all events")
    }
}

/// The end of the week that the events are spread over.
pub fn now() -> Result<Timestamp> {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).context("a clock before 1970")?;
    Ok(Timestamp(i64::try_from(now.as_micros())?))
}

pub fn create_topics(bootstrap: &str, topics: &[&str], partitions: i32) -> Result<()> {
    let admin: AdminClient<DefaultClientContext> = ClientConfig::new()
        .set("bootstrap.servers", bootstrap)
        .create()
        .context("could not make a client")?;
    let topics: Vec<NewTopic<'_>> =
        topics.iter().map(|name| NewTopic::new(name, partitions, TopicReplication::Fixed(1))).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for result in runtime.block_on(admin.create_topics(&topics, &AdminOptions::new()))? {
        if let Err((topic, code)) = result {
            bail!("could not create {topic}: {code}");
        }
    }
    Ok(())
}
