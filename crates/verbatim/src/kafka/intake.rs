//! What the gateway takes, written to Kafka for workers to read: durable once all replicas have it.

use super::producer::{KafkaProducer, NotTaken, Record};
use crate::config::Config;
use crate::gateway::format;
use anyhow::{Result, ensure};
use async_trait::async_trait;
use feedback::kind::{Registry, SourceKind};
use server::intake::{Incoming, Intake, IntakeError, Taken};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use worker::VendorFormat;
use worker::intake::Door;

/// What the brokers may take for a message; a sender waits no longer to hear that they are away.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where others hold the client's own room for as long as that, which is smaller than what may wait if somebody made it so.
const SOON: Duration = Duration::from_secs(1);
/// Bytes that a message takes beside its payload and key, about.
const OVERHEAD: usize = 512;
/// What surrounds a message on its way.
const ENVELOPE: usize = 64 << 10;

pub struct KafkaIntake {
    producer: KafkaProducer,
    topics: Topics,
    door: Arc<Door>,
}

impl KafkaIntake {
    /// Connects to nothing by itself.
    pub fn new(config: &Config) -> Result<Self> {
        let topics = Topics::of(config)?;
        let waiting = config.gateway.waiting.in_memory();
        // What may wait is bounded here; the client holds a copy of it, for which it has room in any case.
        let kbytes = (waiting / 1024).saturating_mul(2).clamp(64 << 10, 2_097_151);
        let largest = config.limits.message.in_memory().saturating_add(ENVELOPE).clamp(1_000, 1_000_000_000);
        let further = [
            ("queue.buffering.max.kbytes", kbytes.to_string()),
            // By their bytes alone.
            ("queue.buffering.max.messages", "0".to_owned()),
            ("message.max.bytes", largest.to_string()),
        ];
        let producer = KafkaProducer::with(config, PATIENCE, &further)?;
        Ok(Self { producer, topics, door: Arc::new(Door::new(waiting)) })
    }
}

#[async_trait]
impl Intake for KafkaIntake {
    async fn accept(&self, messages: Vec<Incoming>) -> Result<Taken, IntakeError> {
        if messages.is_empty() {
            return Ok(Taken::default());
        }
        let size = |message: &Incoming| message.payload.len() + message.key.len() + OVERHEAD;
        let bytes = messages.iter().map(size).sum();
        let _room = self.door.enter(bytes).map_err(|retry_after| IntakeError::Busy { retry_after })?;
        let formats: Vec<Option<VendorFormat>> = messages.iter().map(format).collect();
        let records = messages.iter().zip(&formats).map(|(message, format)| Record {
            topic: self.topics.of_kind(&message.kind),
            key: &message.key,
            body: &message.payload,
            headers: format.as_ref().map(VendorFormat::headers).unwrap_or_default(),
        });
        let records: Vec<Record<'_>> = records.collect();
        match self.producer.produce_all(&records).await {
            Ok(too_large) => Ok(Taken { too_large }),
            Err(NotTaken::Full) => Err(IntakeError::Busy { retry_after: SOON }),
            Err(NotTaken::Refused(error)) => Err(IntakeError::Unavailable(Box::new(error))),
        }
    }

    fn name(&self) -> &'static str {
        "kafka"
    }
}

/// Where events of which kind go. A worker reads any event from any of its topics, so a kind that has none of its own goes
/// where its like goes.
struct Topics {
    by_kind: BTreeMap<String, String>,
    any: String,
}

impl Topics {
    fn of(config: &Config) -> Result<Self> {
        let own = config.topics();
        let any = own.values().next().cloned();
        ensure!(
            any.is_some(),
            "what the gateway takes is to go to Kafka, and no kind has a topic: name one in [kafka.topics], or set \
             gateway.into = \"store\""
        );
        let registry = config.registry();
        let mut by_kind = own.clone();
        for kind in registry.kinds().map(SourceKind::as_str) {
            if let Some(topic) = alike(kind, &registry, &own).filter(|_| !own.contains_key(kind)) {
                by_kind.insert(kind.to_owned(), topic.clone());
            }
        }
        Ok(Self { by_kind, any: any.unwrap_or_default() })
    }

    fn of_kind(&self, kind: &str) -> &str {
        self.by_kind.get(kind).unwrap_or(&self.any)
    }
}

/// The topic of another kind of the same contract.
fn alike<'t>(kind: &str, registry: &Registry, own: &'t BTreeMap<String, String>) -> Option<&'t String> {
    let (_, contract) = registry.get(kind)?;
    own.iter()
        .find(|(other, _)| registry.get(other).is_some_and(|(_, other)| other == contract))
        .map(|(_, topic)| topic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;
    use connect::Vendor;
    use rdkafka::ClientConfig;
    use rdkafka::consumer::{BaseConsumer, Consumer as _};
    use rdkafka::message::{Headers as _, Message as _};
    use rdkafka::mocking::MockCluster;
    use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
    use rdkafka::{Offset, TopicPartitionList};
    use std::path::Path;

    fn config(file: &str, bootstrap: &str) -> Config {
        let own = [("VERBATIM__KAFKA__BOOTSTRAP".to_owned(), bootstrap.to_owned())];
        assemble(Some((Path::new("my.toml"), file)), own.into_iter()).unwrap().config
    }

    fn intake(file: &str, bootstrap: &str) -> KafkaIntake {
        let config = config(file, bootstrap);
        KafkaIntake::new(&config).unwrap()
    }

    fn incoming(kind: &str, number: usize) -> Incoming {
        let (payload, key) = (format!("{{\"n\":{number}}}").into(), format!("r{number}").into_bytes());
        let source = "web".to_owned();
        Incoming { kind: kind.to_owned(), source, product: None, payload, vendor: None, key }
    }

    fn read(brokers: &str, topic: &str, count: usize) -> Vec<(Option<Vec<u8>>, String, Vec<String>)> {
        let consumer: BaseConsumer =
            ClientConfig::new().set("bootstrap.servers", brokers).set("group.id", "looks").create().unwrap();
        let mut at = TopicPartitionList::new();
        at.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
        consumer.assign(&at).unwrap();
        let one = |_| {
            let message = consumer.poll(Duration::from_secs(30)).unwrap().unwrap();
            let headers = message.headers().map_or(Vec::new(), |headers| {
                let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
                headers.iter().map(|h| format!("{}={}", h.key, text(h.value.unwrap()))).collect()
            });
            let payload = String::from_utf8(message.payload().unwrap().to_vec()).unwrap();
            (message.key().map(<[u8]>::to_vec), payload, headers)
        };
        (0..count).map(one).collect()
    }

    #[tokio::test]
    async fn events_are_there_when_it_returns_each_by_its_kind() {
        let cluster = MockCluster::new(1).unwrap();
        for topic in ["feedback.nps", "feedback.social"] {
            cluster.create_topic(topic, 1, 1).unwrap();
        }
        let brokers = cluster.bootstrap_servers();
        let intake = intake("[kinds.review]\ncontract = \"social\"\n", &brokers);
        intake.accept(Vec::new()).await.unwrap();
        let messages: Vec<Incoming> = (0..500).map(|number| incoming("nps", number)).collect();
        intake.accept(messages).await.unwrap();
        let read_back = read(&brokers, "feedback.nps", 500);
        assert!(read_back.iter().enumerate().all(|(number, (key, payload, headers))| {
            key.as_deref() == Some(format!("r{number}").as_bytes())
                && *payload == format!("{{\"n\":{number}}}")
                && headers.is_empty()
        }));
        // A kind without a topic goes where its like goes.
        intake.accept(vec![incoming("review", 7)]).await.unwrap();
        assert_eq!(read(&brokers, "feedback.social", 1)[0].1, "{\"n\":7}");
        assert_eq!(intake.door.inside(), 0);
    }

    #[tokio::test]
    async fn a_payload_as_it_came_says_whose_it_is() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("feedback.ticket", 1, 1).unwrap();
        let brokers = cluster.bootstrap_servers();
        let intake = intake("", &brokers);
        let torn = Incoming {
            kind: "ticket".to_owned(),
            source: "desk-eu".to_owned(),
            product: Some("Atlas".to_owned()),
            payload: "{".into(),
            vendor: Some(Vendor::Zendesk),
            key: Vec::new(),
        };
        intake.accept(vec![torn]).await.unwrap();
        let (key, payload, headers) = read(&brokers, "feedback.ticket", 1).remove(0);
        assert_eq!((key.unwrap_or_default(), payload.as_str()), (Vec::new(), "{"));
        assert_eq!(
            headers,
            [
                "ce_vendor_format=zendesk",
                "ce_vendor_source=desk-eu",
                "ce_vendor_kind=ticket",
                "ce_vendor_product=Atlas",
            ]
        );
    }

    #[tokio::test]
    async fn brokers_that_refuse_make_it_unavailable_and_the_next_call_goes_on() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("feedback.nps", 1, 1).unwrap();
        // Once, and for good to a client that asks for acknowledgements in order.
        let refused = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED];
        cluster.request_errors(RDKafkaApiKey::InitProducerId, &refused);
        let intake = intake("", &cluster.bootstrap_servers());
        let error = intake.accept(vec![incoming("nps", 0)]).await.unwrap_err();
        let IntakeError::Unavailable(source) = error else { panic!("{error:?}") };
        assert_eq!(
            source.to_string(),
            "this user may not write to the topic feedback.nps: give it the right to"
        );
        assert_eq!(intake.door.inside(), 0);
        intake.accept(vec![incoming("nps", 1)]).await.unwrap();
    }

    /// The brokers say so of what went together, so that each is tried alone.
    #[tokio::test]
    async fn what_is_too_large_is_named_and_the_rest_is_there() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("feedback.nps", 1, 1).unwrap();
        let brokers = cluster.bootstrap_servers();
        let intake = intake("", &brokers);
        let too_large = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
        cluster.request_errors(RDKafkaApiKey::Produce, &[too_large]);
        let taken = intake.accept(vec![incoming("nps", 0), incoming("nps", 1)]).await.unwrap();
        assert_eq!(taken, Taken::default(), "neither of them is");
        cluster.request_errors(RDKafkaApiKey::Produce, &[too_large, too_large]);
        let taken = intake.accept(vec![incoming("nps", 2)]).await.unwrap();
        assert_eq!(taken.too_large, [0]);
        intake.accept(vec![incoming("nps", 3)]).await.unwrap();
        let there: BTreeMap<_, _> = read(&brokers, "feedback.nps", 3)
            .into_iter()
            .map(|(key, payload, _)| (String::from_utf8(key.unwrap()).unwrap(), payload))
            .collect();
        assert_eq!(there.keys().collect::<Vec<_>>(), ["r0", "r1", "r3"]);
        assert_eq!(intake.door.inside(), 0);
    }

    /// The client knows by itself what is larger than it was told to send.
    #[tokio::test]
    async fn of_several_the_large_one_alone_is_left_out() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("feedback.nps", 1, 1).unwrap();
        let brokers = cluster.bootstrap_servers();
        let intake = intake("[kafka.properties]\n\"message.max.bytes\" = \"2000\"\n", &brokers);
        let large = Incoming { payload: format!("\"{}\"", "x".repeat(5_000)).into(), ..incoming("nps", 1) };
        let taken = intake.accept(vec![incoming("nps", 0), large, incoming("nps", 2)]).await.unwrap();
        assert_eq!(taken.too_large, [1]);
        let there = read(&brokers, "feedback.nps", 2);
        assert_eq!(
            there.iter().map(|(_, payload, _)| payload.as_str()).collect::<Vec<_>>(),
            ["{\"n\":0}", "{\"n\":2}"]
        );
    }

    #[tokio::test]
    async fn a_client_with_little_room_takes_all_of_a_call() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic("feedback.nps", 1, 1).unwrap();
        let brokers = cluster.bootstrap_servers();
        let intake = intake("[kafka.properties]\n\"queue.buffering.max.messages\" = \"3\"\n", &brokers);
        let call = |numbers: std::ops::Range<usize>| {
            intake.accept(numbers.map(|number| incoming("nps", number)).collect())
        };
        // Two at once, each of more than there is room for.
        let (one, other) = tokio::join!(call(0..20), call(20..40));
        assert_eq!((one.unwrap(), other.unwrap()), (Taken::default(), Taken::default()));
        let number = |key: Option<Vec<u8>>| -> usize {
            String::from_utf8(key.unwrap()).unwrap().trim_start_matches('r').parse().unwrap()
        };
        let there = read(&brokers, "feedback.nps", 40).into_iter().map(|(key, ..)| number(key));
        let (first, second): (Vec<usize>, Vec<usize>) = there.partition(|number| *number < 20);
        assert!(first.into_iter().eq(0..20) && second.into_iter().eq(20..40), "each once, and in its order");
        assert_eq!(intake.door.inside(), 0);
    }

    #[tokio::test]
    async fn more_than_may_wait_is_refused_before_anything_is_sent() {
        // Nothing listens there, and nothing is asked.
        let intake = intake("[gateway]\nwaiting = \"64KiB\"\n", "127.0.0.1:1");
        let _others = intake.door.enter(65_000).unwrap();
        let error = intake.accept(vec![incoming("nps", 0), incoming("nps", 1)]).await.unwrap_err();
        assert!(matches!(error, IntakeError::Busy { retry_after } if retry_after >= SOON), "{error:?}");
    }

    #[test]
    fn without_any_topic_there_is_nowhere_to_write_to() {
        let file = "[kafka.topics]\nnps = \"\"\nsurvey = \"\"\nticket = \"\"\nsocial = \"\"\n";
        let config = config(file, "127.0.0.1:1");
        let error = Topics::of(&config).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains("gateway.into = \"store\""), "{error}");
    }
}
