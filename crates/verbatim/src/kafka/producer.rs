//! Writing to the configured brokers: acknowledged by all replicas, and each message once for as long as the client lives.

use super::reason;
use crate::config::Config;
use anyhow::Result;
use async_trait::async_trait;
use deliver::target::To;
use deliver::{BrokerError, Producer, Target};
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer as _};
use rdkafka::types::RDKafkaErrorCode as Code;
use rdkafka::{ClientConfig, ClientContext};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use worker::kafka::reasons::in_words;

/// Other names of what is set here: of two that differ nobody knows which one counts.
const ALIASES: [&str; 2] = ["request.required.acks", "delivery.timeout.ms"];
/// Between two tries for room that others have to make.
const FOR_ROOM: Duration = Duration::from_millis(10);

/// A producer where one of the targets is a topic. Nobody waits longer than the least patient of them.
pub fn for_targets<'t>(
    config: &Config,
    targets: impl Iterator<Item = &'t Target>,
) -> Result<Option<Arc<dyn Producer>>> {
    let topics = targets.filter(|target| matches!(target.to, To::Kafka { .. }));
    let Some(patience) = topics.map(|target| target.timeout).min() else { return Ok(None) };
    Ok(Some(Arc::new(KafkaProducer::new(config, patience)?)))
}

/// One of several messages.
#[derive(Debug, Clone)]
pub struct Record<'r> {
    pub topic: &'r str,
    /// Empty: none.
    pub key: &'r [u8],
    pub body: &'r [u8],
    pub headers: Vec<(&'static str, &'r [u8])>,
}

impl<'r> Record<'r> {
    fn to_send(&self) -> FutureRecord<'r, [u8], [u8]> {
        let headers = self.headers.iter().fold(OwnedHeaders::new(), |all, (name, value)| {
            all.insert(Header { key: name, value: Some(*value) })
        });
        let record = FutureRecord::to(self.topic).payload(self.body).headers(headers);
        if self.key.is_empty() { record } else { record.key(self.key) }
    }
}

/// Why not all of several messages were taken.
#[derive(Debug)]
pub enum NotTaken {
    /// Others left no room in the client for as long as a message is waited for.
    Full,
    Refused(BrokerError),
}

pub struct KafkaProducer {
    settings: ClientConfig,
    bootstrap: String,
    patience: Duration,
    client: Mutex<Client>,
    /// Whose messages go one by one, once that was needed.
    alone: Mutex<Option<Client>>,
}

/// With an ear of its own: what another client heard has nothing to do with it.
#[derive(Clone)]
struct Client {
    producer: FutureProducer<Ear>,
    ear: Ear,
}

impl KafkaProducer {
    /// A message that nobody has acknowledged within `patience` counts as not taken.
    pub fn new(config: &Config, patience: Duration) -> Result<Self> {
        Self::with(config, patience, &[])
    }

    /// The same with further settings of librdkafka; those of the configuration win over them.
    pub fn with(config: &Config, patience: Duration, further: &[(&str, String)]) -> Result<Self> {
        let mut settings = super::client(config)?;
        for (name, value) in further {
            if settings.get(name).is_none() {
                settings.set(*name, value);
            }
        }
        for alias in ALIASES {
            settings.remove(alias);
        }
        let millis = patience.as_millis();
        settings.set("acks", "all").set("enable.idempotence", "true");
        settings.set("message.timeout.ms", millis.to_string());
        // A topic that is not there is told as such, before the message's own time is over.
        settings.set("topic.metadata.propagation.max.ms", (millis / 2).to_string());
        let client = made(&settings)
            .map_err(|error| anyhow::anyhow!("[kafka.properties] give no producer: {}", reason(&error)))?;
        let bootstrap = config.kafka.bootstrap.clone();
        Ok(Self { settings, bootstrap, patience, client: Mutex::new(client), alone: Mutex::default() })
    }

    fn client(&self) -> Client {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// After a fatal error a client of librdkafka takes nothing any more. Of all that were told of it one makes it anew.
    fn renew(&self, failed: &Client) {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&client.ear.0, &failed.ear.0) {
            return;
        }
        match made(&self.settings) {
            Ok(anew) => *client = anew,
            Err(error) => tracing::error!(error = reason(&error), "the Kafka producer cannot be made anew"),
        }
    }

    /// All of them acknowledged by all replicas, in this order where they share a partition, but for those that are larger than
    /// their topic takes: the places of these. However little room the client has, it takes them one after the other. What was
    /// handed over is waited for in any case.
    pub async fn produce_all(&self, records: &[Record<'_>]) -> Result<Vec<usize>, NotTaken> {
        let client = self.client();
        let all: Vec<usize> = (0..records.len()).collect();
        let refused = self.send_all(&client, records, &all).await?;
        if refused.is_empty() {
            client.ear.forget();
            return Ok(refused);
        }
        // Messages that went together were refused together, and one of them alone may be small enough.
        let alone = self.alone()?;
        let mut too_large = Vec::new();
        for place in refused {
            too_large.extend(self.send_all(&alone, records, &[place]).await?);
        }
        Ok(too_large)
    }

    /// Sends those at these places; of them, those that were refused for their size, or for that of what went with them.
    async fn send_all(
        &self,
        client: &Client,
        records: &[Record<'_>],
        places: &[usize],
    ) -> Result<Vec<usize>, NotTaken> {
        let mut sending = Sending::new(client, self.patience);
        for place in places {
            sending.hand_over(*place, &records[*place]).await;
        }
        while sending.settle_oldest().await {}
        let Sending { failed, mut too_large, .. } = sending;
        match failed {
            None => {
                too_large.sort_unstable();
                Ok(too_large)
            }
            Some((_, error)) if is_full(&error) => Err(NotTaken::Full),
            Some((place, error)) => Err(NotTaken::Refused(self.judge(records[place].topic, error, client))),
        }
    }

    /// A client whose batches are of one message each. After a fatal error it is made anew.
    fn alone(&self) -> Result<Client, NotTaken> {
        let mut alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        alone.take_if(|client| client.producer.client().fatal_error().is_some());
        if let Some(client) = &*alone {
            return Ok(client.clone());
        }
        let mut settings = self.settings.clone();
        settings.set("batch.num.messages", "1");
        let client = made(&settings)
            .map_err(|error| NotTaken::Refused(BrokerError { reason: reason(&error), retryable: true }))?;
        Ok(alone.insert(client).clone())
    }

    /// What is told of a message that was not taken; after a fatal error another client takes the next one.
    fn judge(&self, topic: &str, error: KafkaError, client: &Client) -> BrokerError {
        // A message that a fatal error took with it is told as purged; the client knows why.
        let fatal =
            client.producer.client().fatal_error().map(|(code, _)| KafkaError::MessageProduction(code));
        if fatal.is_some() {
            self.renew(client);
        }
        self.refused(topic, &fatal.unwrap_or(error), &client.ear)
    }

    /// What `ear` heard of the connection says more than that time ran out.
    fn refused(&self, topic: &str, error: &KafkaError, ear: &Ear) -> BrokerError {
        let code = error.rdkafka_error_code();
        let waited = || {
            let seconds = self.patience.as_secs().max(1);
            format!("{} did not take it for the topic {topic} within {seconds} s", self.bootstrap)
        };
        let reason = match code {
            Some(Code::MessageTimedOut | Code::BrokerTransportFailure | Code::AllBrokersDown) => {
                ear.last().unwrap_or_else(waited)
            }
            Some(Code::UnknownTopic | Code::UnknownTopicOrPartition) => {
                format!(
                    "the brokers at {} have no topic {topic}: make it, or correct its name",
                    self.bootstrap
                )
            }
            Some(Code::TopicAuthorizationFailed | Code::ClusterAuthorizationFailed) => {
                format!("this user may not write to the topic {topic}: give it the right to")
            }
            Some(Code::MessageSizeTooLarge) => {
                format!(
                    "the topic {topic} takes no message of this size: raise its max.message.bytes, or lower largest \
                     of the target"
                )
            }
            _ => error.to_string(),
        };
        BrokerError { reason, retryable: code.is_none_or(is_passing) }
    }
}

/// Several messages on their way through one client.
struct Sending<'c> {
    client: &'c Client,
    /// For so long room is waited for.
    until: Instant,
    /// Handed over and not settled yet, by their places.
    under_way: VecDeque<(usize, DeliveryFuture)>,
    too_large: Vec<usize>,
    /// The first that was not taken, and why.
    failed: Option<(usize, KafkaError)>,
}

impl<'c> Sending<'c> {
    fn new(client: &'c Client, patience: Duration) -> Self {
        let until = Instant::now() + patience;
        Self { client, until, under_way: VecDeque::new(), too_large: Vec::new(), failed: None }
    }

    /// Gives a message to the client, once there is room for it.
    async fn hand_over(&mut self, place: usize, record: &Record<'_>) {
        let mut record = record.to_send();
        while self.failed.is_none() {
            record = match self.client.producer.send_result(record) {
                Ok(delivery) => return self.under_way.push_back((place, delivery)),
                Err((error, back)) if is_full(&error) && Instant::now() < self.until => back,
                Err((error, _)) => return self.not_taken(place, error),
            };
            // What is settled leaves its room; where none of ours is under way others have it all.
            if !self.settle_oldest().await {
                tokio::time::sleep(FOR_ROOM).await;
            }
        }
    }

    /// Waits for what was handed over first. `false` where nothing is under way.
    async fn settle_oldest(&mut self) -> bool {
        let Some((place, delivery)) = self.under_way.pop_front() else { return false };
        match delivery.await {
            Ok(Ok(_)) => {}
            Ok(Err((error, _))) => self.not_taken(place, error),
            Err(_) => self.not_taken(place, KafkaError::Canceled),
        }
        true
    }

    fn not_taken(&mut self, place: usize, error: KafkaError) {
        if is_too_large(&error) {
            self.too_large.push(place);
        } else {
            self.failed.get_or_insert((place, error));
        }
    }
}

fn is_full(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(Code::QueueFull)
}

fn is_too_large(error: &KafkaError) -> bool {
    error.rdkafka_error_code() == Some(Code::MessageSizeTooLarge)
}

fn made(settings: &ClientConfig) -> Result<Client, KafkaError> {
    let ear = Ear::default();
    Ok(Client { producer: settings.create_with_context(ear.clone())?, ear })
}

/// Whether the same message may be taken later. A topic that is not there may be made.
fn is_passing(code: Code) -> bool {
    !matches!(
        code,
        Code::MessageSizeTooLarge
            | Code::InvalidTopic
            | Code::InvalidRecord
            | Code::PolicyViolation
            | Code::TopicAuthorizationFailed
            | Code::ClusterAuthorizationFailed
    )
}

#[async_trait]
impl Producer for KafkaProducer {
    async fn produce(
        &self,
        topic: &str,
        key: &str,
        body: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<(), BrokerError> {
        let client = self.client();
        let headers = headers.iter().fold(OwnedHeaders::new(), |all, (name, value)| {
            all.insert(Header { key: name, value: Some(*value) })
        });
        let record = FutureRecord::to(topic).key(key).payload(body).headers(headers);
        let Err((error, _)) = client.producer.send(record, self.patience).await else {
            client.ear.forget();
            return Ok(());
        };
        Err(self.judge(topic, error, &client))
    }
}

/// Keeps what the library said last of the connection: its own error for a message says only that time ran out.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Option<String>>>);

impl Ear {
    fn last(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ClientContext for Ear {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}

    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(said) = error.rdkafka_error_code().and_then(|code| in_words(code, reason)) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;
    use rdkafka::consumer::{BaseConsumer, Consumer as _};
    use rdkafka::message::{Headers as _, Message as _};
    use rdkafka::mocking::MockCluster;
    use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
    use rdkafka::{Offset, TopicPartitionList};

    fn config(bootstrap: &str, properties: &[(&str, &str)]) -> Config {
        let own = [("VERBATIM__KAFKA__BOOTSTRAP", bootstrap)];
        let all = own.iter().chain(properties).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        assemble(None, all).unwrap().config
    }

    #[tokio::test]
    async fn a_message_is_there_with_its_key_and_headers() {
        let cluster = MockCluster::new(3).unwrap();
        cluster.create_topic("told", 1, 3).unwrap();
        let brokers = cluster.bootstrap_servers();
        // What a consumer needs, or says less than all, makes no difference.
        let config = config(
            &brokers,
            &[
                ("VERBATIM__KAFKA__PROPERTIES__SESSION_TIMEOUT_MS", "6000"),
                ("VERBATIM__KAFKA__PROPERTIES__REQUEST_REQUIRED_ACKS", "0"),
            ],
        );
        let producer = KafkaProducer::new(&config, Duration::from_secs(30)).unwrap();
        producer.produce("told", "case-7", "{\"a\":1}", &[("idempotency-key", "0f")]).await.unwrap();

        let consumer: BaseConsumer =
            ClientConfig::new().set("bootstrap.servers", &brokers).set("group.id", "looks").create().unwrap();
        let mut at = TopicPartitionList::new();
        at.add_partition_offset("told", 0, Offset::Beginning).unwrap();
        consumer.assign(&at).unwrap();
        let message = consumer.poll(Duration::from_secs(30)).unwrap().unwrap();
        assert_eq!((message.key(), message.payload()), (Some(&b"case-7"[..]), Some(&b"{\"a\":1}"[..])));
        let header = message.headers().unwrap().get(0);
        assert_eq!((header.key, header.value), ("idempotency-key", Some(&b"0f"[..])));
    }

    #[tokio::test]
    async fn who_does_not_answer_is_named_and_asked_again() {
        // Nothing listens there.
        let config = config("127.0.0.1:1", &[]);
        let producer = KafkaProducer::new(&config, Duration::from_millis(1500)).unwrap();
        let error = producer.produce("told", "k", "{}", &[]).await.unwrap_err();
        assert!(error.retryable, "{error}");
        assert_eq!(error.reason, "nothing listens at 127.0.0.1:1");
    }

    /// Room is waited for no longer than an answer is.
    #[tokio::test]
    async fn messages_that_wait_for_room_are_refused_with_those_that_have_it() {
        let config =
            config("127.0.0.1:1", &[("VERBATIM__KAFKA__PROPERTIES__QUEUE_BUFFERING_MAX_MESSAGES", "2")]);
        let producer = KafkaProducer::new(&config, Duration::from_millis(1500)).unwrap();
        let record = Record { topic: "told", key: b"", body: b"{}", headers: Vec::new() };
        let error = producer.produce_all(&vec![record; 5]).await.unwrap_err();
        let NotTaken::Refused(error) = error else { panic!("{error:?}") };
        assert!(error.retryable, "{error}");
        assert_eq!(error.reason, "nothing listens at 127.0.0.1:1");
    }

    #[tokio::test]
    async fn a_fatal_error_is_told_as_what_it_is_and_ends_the_client_alone() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("told", 1, 1).unwrap();
        // Once, and for good to a client that asks for acknowledgements in order.
        let denied = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED];
        cluster.request_errors(RDKafkaApiKey::InitProducerId, &denied);
        let config = config(&cluster.bootstrap_servers(), &[]);
        let producer = KafkaProducer::new(&config, Duration::from_secs(30)).unwrap();
        let error = producer.produce("told", "k", "{}", &[]).await.unwrap_err();
        assert!(!error.retryable, "{error}");
        assert_eq!(error.reason, "this user may not write to the topic told: give it the right to");
        assert_eq!(producer.client().ear.last(), None, "it has nothing to do with the next client");
        producer.produce("told", "k", "{}", &[]).await.unwrap();
    }

    #[test]
    fn what_a_later_attempt_cannot_help_is_not_repeated() {
        let config = config("127.0.0.1:1", &[]);
        let producer = KafkaProducer::new(&config, Duration::from_secs(15)).unwrap();
        let ear = Ear::default();
        let refused = |code| producer.refused("told", &KafkaError::MessageProduction(code), &ear);
        let large = refused(Code::MessageSizeTooLarge);
        assert!(!large.retryable && large.reason.contains("largest"), "{large}");
        assert!(!refused(Code::TopicAuthorizationFailed).retryable);
        let missing = refused(Code::UnknownTopicOrPartition);
        assert!(missing.retryable && missing.reason.contains("no topic told"), "{missing}");
        let late = refused(Code::MessageTimedOut);
        assert_eq!(late.reason, "127.0.0.1:1 did not take it for the topic told within 15 s");
    }

    #[test]
    fn only_a_topic_needs_a_producer() {
        let config = config("127.0.0.1:1", &[]);
        let targets = |text: &str| deliver::Targets::parse("deliver.toml", text).unwrap();
        let none = targets("[[target]]\nname = \"s\"\nkind = \"slack\"\nurl = \"env:S\"\n");
        assert!(for_targets(&config, none.iter()).unwrap().is_none());
        let topic = targets("[[target]]\nname = \"k\"\nkind = \"kafka\"\ntopic = \"t\"\n");
        assert!(for_targets(&config, topic.iter()).unwrap().is_some());
    }
}
