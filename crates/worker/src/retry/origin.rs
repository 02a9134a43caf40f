//! Reading single messages again, from Kafka or from a file.

use super::{Found, RetryOptions};
use crate::WorkerError;
use crate::files::{self, FileIdentity, ImportOptions};
use crate::kafka::config::client;
use crate::kafka::context::list;
use rdkafka::Message as _;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Headers as _;
use std::time::{Duration, Instant};

const ANSWER: Duration = Duration::from_secs(10);
/// Without any message for so long the broker counts as gone.
const SILENCE: Duration = Duration::from_secs(30);
/// Up to here, reading over messages in between is cheaper than asking for another place.
const NEAR: i64 = 2_000;

/// What an origin still has.
#[derive(Default)]
pub(super) struct Reading {
    pub messages: Vec<Found>,
    /// Why some are missing.
    pub why: Option<String>,
}

/// `offsets` are ascending.
pub(super) fn read(
    options: &RetryOptions,
    topic: &str,
    partition: i32,
    offsets: &[i64],
) -> Result<Reading, WorkerError> {
    match topic.strip_prefix("file:") {
        Some(identity) => from_file(options, identity, offsets),
        None => from_kafka(options, topic, partition, offsets),
    }
}

fn from_file(options: &RetryOptions, identity: &str, offsets: &[i64]) -> Result<Reading, WorkerError> {
    for file in &options.files {
        let found = FileIdentity::of(&file.path)
            .map_err(|source| WorkerError::File { path: file.path.clone(), source })?;
        if found.made(identity) {
            return rows(file, found, offsets);
        }
    }
    let why = if options.files.is_empty() {
        "the tables hold it only redacted; name the file, wherever it lies now"
    } else {
        "the file that was named holds something else now, so this is another import: import it, or name the file as it was"
    };
    Ok(Reading { messages: Vec::new(), why: Some(why.to_owned()) })
}

fn rows(file: &ImportOptions, identity: FileIdentity, offsets: &[i64]) -> Result<Reading, WorkerError> {
    let mut messages = Vec::with_capacity(offsets.len());
    files::each_row(file, identity, |number, payload, headers| {
        if offsets.binary_search(&number).is_ok() {
            let headers =
                headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
            messages.push(Found { offset: number, payload: payload.to_vec(), headers });
        }
        offsets.last().is_some_and(|last| number < *last)
    })?;
    Ok(Reading { messages, why: None })
}

fn from_kafka(
    options: &RetryOptions,
    topic: &str,
    partition: i32,
    offsets: &[i64],
) -> Result<Reading, WorkerError> {
    let failed = |error: KafkaError| WorkerError::Client { reason: error.to_string() };
    let consumer: BaseConsumer = client(&options.brokers, &options.properties)
        // Never a member: partitions are named, and nothing is committed.
        .set("group.id", "verbatim-retry")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .create()
        .map_err(failed)?;
    let (low, high) = match consumer.fetch_watermarks(topic, partition, ANSWER) {
        Ok(extent) => extent,
        Err(error) if is_unknown(&error) => {
            let why = format!("the topic {topic} does not exist any more");
            return Ok(Reading { messages: Vec::new(), why: Some(why) });
        }
        Err(error) => return Err(failed(error)),
    };
    let there: Vec<i64> = offsets.iter().copied().filter(|offset| (low..high).contains(offset)).collect();
    let why = (there.len() < offsets.len()).then(|| format!("the broker has offsets {low} to {high} only"));
    let mut reading = Reading { messages: Vec::with_capacity(there.len()), why };
    let mut wanted = there.into_iter().peekable();
    let mut at = None;
    let mut heard = Instant::now();
    while let Some(offset) = wanted.peek().copied() {
        if at.is_none_or(|at| offset < at || offset - at > NEAR) {
            consumer
                .assign(&list([(topic, partition, offset)].into_iter()).map_err(failed)?)
                .map_err(failed)?;
            at = Some(offset);
        }
        match consumer.poll(Duration::from_millis(200)) {
            Some(Ok(message)) => {
                heard = Instant::now();
                at = Some(message.offset() + 1);
                // Compaction may have taken what was wanted.
                while wanted.next_if(|offset| *offset < message.offset()).is_some() {
                    reading.why = Some("compaction has removed some of them".to_owned());
                }
                if wanted.next_if_eq(&message.offset()).is_some() {
                    reading.messages.push(found(&message));
                }
            }
            Some(Err(error)) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "waiting for the broker")
            }
            None => {}
        }
        if heard.elapsed() > SILENCE {
            return Err(WorkerError::Client { reason: format!("the broker gives no messages of {topic}") });
        }
    }
    Ok(reading)
}

fn found(message: &rdkafka::message::BorrowedMessage<'_>) -> Found {
    let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
    Found {
        offset: message.offset(),
        payload: message.payload().unwrap_or_default().to_vec(),
        headers: headers.filter_map(|h| Some((h.key.to_owned(), h.value?.to_vec()))).collect(),
    }
}

fn is_unknown(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{UnknownPartition, UnknownTopic, UnknownTopicOrPartition};
    matches!(error.rdkafka_error_code(), Some(UnknownPartition | UnknownTopic | UnknownTopicOrPartition))
}
