//! Kafka for one run: topics of a name of their own, what is written to them, and how far a group has come.

use crate::events::{self, Feed};
use crate::group::GROUP;
use anyhow::{Context, Result, bail};
use demo::Source;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use xtask::broker::{Broker, Setup};

const PARTITIONS: i32 = 3;
const ANSWER: Duration = Duration::from_secs(30);
/// What a worker may take to come to the end.
const PATIENCE: Duration = Duration::from_secs(300);

/// A real broker with a topic for each kind. The tables know how far each topic was read, so that each broker's topics have
/// other names.
pub struct Kafka {
    broker: Broker,
    run: String,
}

impl Kafka {
    pub fn start(run: &str) -> Result<Self> {
        let libs = xtask::kafka::bring()?;
        let broker = Broker::start_with(&libs, &Setup::default())?;
        let kafka = Self { broker, run: run.to_owned() };
        let topics = Source::ALL.map(|source| kafka.topic(source));
        let names: Vec<&str> = topics.iter().map(String::as_str).collect();
        events::create_topics(&kafka.address(), &names, PARTITIONS)?;
        Ok(kafka)
    }

    pub fn address(&self) -> String {
        self.broker.address()
    }

    /// Where events of a source go.
    pub fn topic(&self, source: Source) -> String {
        format!("{}.{}", self.run, source.kind())
    }

    /// The topic here for one of the demo's.
    pub fn renamed(&self, topic: &str) -> String {
        topic.replacen("feedback", &self.run, 1)
    }

    /// For the settings of whoever reads or writes there.
    pub fn settings(&self) -> String {
        let mut settings =
            format!("[kafka]\nbootstrap = \"{}\"\ngroup = \"{GROUP}\"\n[kafka.topics]\n", self.address());
        for source in Source::ALL {
            // Writing to a string does not fail.
            let _ = writeln!(settings, "{} = \"{}\"", source.kind(), self.topic(source));
        }
        settings
    }

    pub fn feed(&self) -> Result<Feed> {
        Feed::new(&self.address())
    }

    /// Messages that the group has not committed yet.
    pub fn lag(&self) -> Result<u64> {
        let client: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", self.address())
            .set("group.id", GROUP)
            .create()
            .context("could not make a client to ask for offsets")?;
        let mut asked = TopicPartitionList::new();
        for topic in Source::ALL.map(|source| self.topic(source)) {
            asked.add_partition_range(&topic, 0, PARTITIONS - 1);
        }
        let committed =
            client.committed_offsets(asked, ANSWER).context("the broker does not tell of offsets")?;
        let mut lag = 0;
        for part in committed.elements() {
            let (_, end) = client
                .fetch_watermarks(part.topic(), part.partition(), ANSWER)
                .context("the broker does not tell where a topic ends")?;
            // Nothing is committed where nothing came.
            let read = if let Offset::Offset(read) = part.offset() { read } else { 0 };
            lag += u64::try_from(end - read).unwrap_or_default();
        }
        Ok(lag)
    }

    /// Waits until the group has committed all there is. `check` is asked meanwhile.
    pub fn wait_until_read(&self, mut check: impl FnMut() -> Result<()>) -> Result<()> {
        let started = Instant::now();
        loop {
            let lag = self.lag()?;
            if lag == 0 {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("the worker has {lag} messages before it after {} s", PATIENCE.as_secs());
            }
            check()?;
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}
