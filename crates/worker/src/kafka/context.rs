//! What librdkafka calls back: rebalances, errors, logs, statistics. All of it within the reader's poll.

use crate::{metrics::WorkerMetrics, pipeline::gate::Gate, shutdown::Shutdown};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::statistics::Statistics;
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{ClientContext, Offset, TopicPartitionList};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A topic and a partition.
pub(crate) type Key = (String, i32);

/// What the group decided.
#[derive(Debug)]
pub(crate) enum Change {
    /// None at all where there are more workers than partitions.
    Assigned(Vec<Key>),
    Revoked,
}

/// What a poll brought besides messages.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// The newest change of the assignment, until the reader takes it.
    pub change: Option<Change>,
    /// The last error of the client, with its reason in words.
    pub error: Option<(RDKafkaErrorCode, String)>,
    /// The newest end of each partition that the statistics told.
    pub ends: HashMap<Key, i64>,
    /// How far each is fetched, by the statistics.
    pub fetched: HashMap<Key, Fetched>,
}

/// How far a partition is fetched into this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fetched {
    /// The next offset to fetch.
    pub to: i64,
    /// Two reports in a row said so: nothing was taken back in between.
    pub twice: bool,
}

/// Answers a rebalance before the group goes on: nothing of a partition that was taken away commits afterwards.
pub(crate) struct GroupContext {
    gate: Arc<Gate>,
    heard: Mutex<Heard>,
    metrics: Arc<WorkerMetrics>,
    /// How long a commit under way may hold up the group.
    patience: Duration,
    shutdown: Shutdown,
}

impl GroupContext {
    pub fn new(gate: Arc<Gate>, metrics: Arc<WorkerMetrics>, patience: Duration, shutdown: Shutdown) -> Self {
        Self { gate, heard: Mutex::default(), metrics, patience, shutdown }
    }

    pub fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn assigned(&self, consumer: &BaseConsumer<Self>, partitions: &TopicPartitionList) {
        let keys: Vec<Key> = partitions
            .elements()
            .iter()
            .map(|element| (element.topic().to_owned(), element.partition()))
            .collect();
        tracing::info!(partitions = keys.len(), "partitions assigned");
        self.heard().change = Some(Change::Assigned(keys));
        // Nothing is fetched until the reader has asked the tables where to begin.
        answer(consumer, Some(&TopicPartitionList::new()));
    }

    fn revoked(&self, consumer: &BaseConsumer<Self>) {
        // On the way out the reader has waited already.
        let patience = if self.shutdown.is_requested() { Duration::from_millis(200) } else { self.patience };
        let quiet = self.gate.close(patience);
        if !quiet {
            tracing::warn!(
                "a commit is still under way while the partitions go; the tables will refuse one of the two"
            );
        }
        tracing::info!(lost = consumer.assignment_lost(), "partitions revoked");
        self.heard().change = Some(Change::Revoked);
        answer(consumer, None);
    }
}

/// The group waits for this call.
fn answer(consumer: &BaseConsumer<GroupContext>, partitions: Option<&TopicPartitionList>) {
    let result = match partitions {
        Some(partitions) => consumer.assign(partitions),
        None => consumer.unassign(),
    };
    if let Err(error) = result {
        tracing::error!(error = &error as &dyn std::error::Error, "the rebalance could not be answered");
    }
}

impl ConsumerContext for GroupContext {
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        code: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        WorkerMetrics::add(&self.metrics.rebalances, 1);
        match code {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => self.assigned(consumer, partitions),
            _ => self.revoked(consumer),
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _offsets: &TopicPartitionList) {
        match result {
            Ok(()) | Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => {}
            Err(error) => {
                WorkerMetrics::add(&self.metrics.offset_commit_errors, 1);
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "kafka did not note the group's offsets; only lag tools miss them"
                );
            }
        }
    }
}

impl ClientContext for GroupContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn stats(&self, statistics: Statistics) {
        let mut heard = self.heard();
        for topic in statistics.topics.into_values() {
            for partition in topic.partitions.into_values().filter(|p| p.partition >= 0 && p.hi_offset >= 0) {
                let key = (topic.topic.clone(), partition.partition);
                let to = partition.next_offset;
                let twice = heard.fetched.get(&key).is_some_and(|before| before.to == to);
                heard.fetched.insert(key.clone(), Fetched { to, twice });
                heard.ends.insert(key, partition.hi_offset);
            }
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(code) = error.rdkafka_error_code() {
            self.heard().error = Some((code, reason.to_owned()));
        }
    }
}

/// What comes as an error as well: the reader tells it once, and in a person's words.
const TOLD_AS_ERRORS: [&str; 2] = ["FAIL", "ERROR"];

/// librdkafka says the same thing many times: its words about each connection are for whoever looks closer.
pub(crate) fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    use RDKafkaLogLevel::{Alert, Critical, Debug, Emerg, Error, Info, Notice, Warning};
    match level {
        Error if TOLD_AS_ERRORS.contains(&facility) => {
            tracing::debug!(target: "librdkafka", facility, "{message}");
        }
        Emerg | Alert | Critical => tracing::error!(target: "librdkafka", facility, "{message}"),
        Error | Warning => tracing::warn!(target: "librdkafka", facility, "{message}"),
        Notice | Info => tracing::debug!(target: "librdkafka", facility, "{message}"),
        Debug => tracing::trace!(target: "librdkafka", facility, "{message}"),
    }
}

/// Partitions at given offsets, as librdkafka takes them.
pub(crate) fn list<'k>(
    offsets: impl Iterator<Item = (&'k str, i32, i64)>,
) -> KafkaResult<TopicPartitionList> {
    let mut partitions = TopicPartitionList::new();
    for (topic, partition, offset) in offsets {
        partitions.add_partition_offset(topic, partition, Offset::Offset(offset))?;
    }
    Ok(partitions)
}
