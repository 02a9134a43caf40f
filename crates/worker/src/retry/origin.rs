//! Reading single messages again, from Kafka or from a file.

use super::{Found, RetryOptions, Wanted};
use crate::files::{self, FileIdentity, ImportOptions};
use crate::kafka::config::client;
use crate::kafka::context::list;
use crate::{WorkerError, intake, shutdown::Shutdown};
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
/// What one commit may hold, and what is in memory at a time.
const MOST_MESSAGES: usize = 500;
const MOST_BYTES: usize = 16 << 20;
/// Of what the gateway took into the tables.
const SENT_AGAIN: &str =
    "the tables hold it only redacted, and it came by HTTP: whoever sent it has to send it again";

/// How reading ended.
pub(super) enum Ended {
    /// All that the origin still has was handed out; with why some are missing, where it says so.
    Whole {
        why: Option<String>,
    },
    Interrupted,
}

/// Who takes what was found, some messages at a time.
type Take<'t> = &'t mut dyn FnMut(&[Found]) -> Result<(), WorkerError>;

/// Where messages may be read again.
pub(super) struct Origins<'a> {
    options: &'a RetryOptions,
    shutdown: &'a Shutdown,
    /// What the files hold, once somebody asked; that takes as long as reading them.
    contents: Option<Vec<FileIdentity>>,
}

impl<'a> Origins<'a> {
    pub fn new(options: &'a RetryOptions, shutdown: &'a Shutdown) -> Self {
        Self { options, shutdown, contents: None }
    }

    /// Hands out what is wanted in one pass, in the order of the offsets.
    pub fn read(&mut self, wanted: &Wanted, take: Take<'_>) -> Result<Ended, WorkerError> {
        if self.shutdown.is_requested() {
            return Ok(Ended::Interrupted);
        }
        let mut portions = Portions { held: Vec::new(), bytes: 0, take };
        match wanted.topic.strip_prefix("file:") {
            Some(identity) => self.read_file(identity, &wanted.offsets, &mut portions),
            None if *wanted.topic == *intake::TOPIC => Ok(Ended::Whole { why: Some(SENT_AGAIN.to_owned()) }),
            None => self.read_kafka(wanted, &mut portions),
        }
    }

    fn read_file(
        &mut self,
        identity: &str,
        offsets: &[i64],
        portions: &mut Portions<'_>,
    ) -> Result<Ended, WorkerError> {
        if self.contents.is_none() {
            self.contents = self.identify()?;
        }
        let Some(contents) = &self.contents else { return Ok(Ended::Interrupted) };
        let named = self.options.files.iter().zip(contents).find(|(_, content)| content.made(identity));
        if let Some((file, content)) = named {
            return self.rows(file, *content, offsets, portions);
        }
        let why = if contents.is_empty() {
            "the tables hold it only redacted; name the file, wherever it lies now"
        } else {
            "the file that was named holds something else now, so this is another import: import it, or name the \
             file as it was"
        };
        Ok(Ended::Whole { why: Some(why.to_owned()) })
    }

    /// `None` where somebody asked for an end meanwhile.
    fn identify(&self) -> Result<Option<Vec<FileIdentity>>, WorkerError> {
        let identity = |file: &ImportOptions| {
            FileIdentity::of_unless(&file.path, || self.shutdown.is_requested())
                .map_err(|source| WorkerError::File { path: file.path.clone(), source })
        };
        self.options.files.iter().map(identity).collect()
    }

    fn rows(
        &self,
        file: &ImportOptions,
        content: FileIdentity,
        offsets: &[i64],
        portions: &mut Portions<'_>,
    ) -> Result<Ended, WorkerError> {
        let mut result = Ok(());
        files::each_row(file, content, |number, payload, headers| {
            if offsets.binary_search(&number).is_ok() {
                let headers =
                    headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect();
                result = portions.add(Found { offset: number, payload: payload.to_vec(), headers });
            }
            let more = offsets.last().is_some_and(|last| number < *last);
            more && result.is_ok() && !self.shutdown.is_requested()
        })?;
        result?;
        self.end(portions, None)
    }

    fn read_kafka(&self, wanted: &Wanted, portions: &mut Portions<'_>) -> Result<Ended, WorkerError> {
        let Wanted { topic, partition, offsets, .. } = wanted;
        let failed = |error: KafkaError| WorkerError::Client { reason: error.to_string() };
        let consumer = consumer(self.options)?;
        let (low, high) = match consumer.fetch_watermarks(topic, *partition, ANSWER) {
            Ok(extent) => extent,
            Err(error) if is_unknown(&error) => {
                let why = format!("the topic {topic} does not exist any more");
                return Ok(Ended::Whole { why: Some(why) });
            }
            Err(error) => return Err(failed(error)),
        };
        let there: Vec<i64> = offsets.iter().copied().filter(|offset| (low..high).contains(offset)).collect();
        let mut why =
            (there.len() < offsets.len()).then(|| format!("the broker has offsets {low} to {high} only"));
        let mut wanted = there.into_iter().peekable();
        let mut at = None;
        let mut heard = Instant::now();
        while let Some(offset) = wanted.peek().copied()
            && !self.shutdown.is_requested()
        {
            if at.is_none_or(|at| offset < at || offset - at > NEAR) {
                let place = list([(&**topic, *partition, offset)].into_iter()).map_err(failed)?;
                consumer.assign(&place).map_err(failed)?;
                at = Some(offset);
            }
            match consumer.poll(Duration::from_millis(200)) {
                Some(Ok(message)) => {
                    at = Some(message.offset() + 1);
                    // Compaction may have taken what was wanted.
                    while wanted.next_if(|offset| *offset < message.offset()).is_some() {
                        why = Some("compaction has removed some of them".to_owned());
                    }
                    if wanted.next_if_eq(&message.offset()).is_some() {
                        portions.add(found(&message))?;
                    }
                    // The commit in between was not the broker's silence.
                    heard = Instant::now();
                }
                Some(Err(error)) => {
                    tracing::debug!(error = &error as &dyn std::error::Error, "waiting for the broker")
                }
                None => {}
            }
            if heard.elapsed() > SILENCE {
                return Err(WorkerError::Client {
                    reason: format!("the broker gives no messages of {topic}"),
                });
            }
        }
        self.end(portions, why)
    }

    fn end(&self, portions: &mut Portions<'_>, why: Option<String>) -> Result<Ended, WorkerError> {
        if self.shutdown.is_requested() {
            return Ok(Ended::Interrupted);
        }
        portions.hand_out()?;
        Ok(Ended::Whole { why })
    }
}

fn consumer(options: &RetryOptions) -> Result<BaseConsumer, WorkerError> {
    client(&options.brokers, &options.properties)
        // Never a member: partitions are named, and nothing is committed.
        .set("group.id", "verbatim-retry")
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("auto.offset.reset", "error")
        .create()
        .map_err(|error: KafkaError| WorkerError::Client { reason: error.to_string() })
}

/// Messages that go together, bounded in number and size.
struct Portions<'t> {
    held: Vec<Found>,
    bytes: usize,
    take: Take<'t>,
}

impl Portions<'_> {
    fn add(&mut self, message: Found) -> Result<(), WorkerError> {
        self.bytes += message.payload.len();
        self.held.push(message);
        if self.held.len() >= MOST_MESSAGES || self.bytes >= MOST_BYTES { self.hand_out() } else { Ok(()) }
    }

    fn hand_out(&mut self) -> Result<(), WorkerError> {
        let held = std::mem::take(&mut self.held);
        self.bytes = 0;
        if held.is_empty() { Ok(()) } else { (self.take)(&held) }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn portions_are_bounded_in_number_and_in_bytes() {
        let sizes = |bytes: usize, messages: i64| {
            let mut sizes = Vec::new();
            let mut take = |found: &[Found]| {
                sizes.push(found.len());
                Ok(())
            };
            let mut portions = Portions { held: Vec::new(), bytes: 0, take: &mut take };
            for offset in 0..messages {
                portions.add(Found { offset, payload: vec![0; bytes], headers: Vec::new() }).unwrap();
            }
            portions.hand_out().unwrap();
            sizes
        };
        assert_eq!(sizes(10, 1_200), [500, 500, 200]);
        assert_eq!(sizes(6 << 20, 7), [3, 3, 1]);
        assert!(sizes(10, 0).is_empty());
    }
}
