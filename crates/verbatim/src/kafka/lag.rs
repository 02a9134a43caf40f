//! How far the workers' group is behind: looked at now and then, and told to whoever asks whether all is well.

use super::{Ear, Left, client, left, partitions};
use crate::blocking::blocking;
use crate::config::Config;
use anyhow::{Context as _, Result};
use feedback::time::Timestamp;
use insight::report::count;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};
use server::health::{Check, Probe};
use server::metrics::Counters;
use server::state::now;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks.
const EVERY: Duration = Duration::from_secs(15);
/// What the brokers may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(100);

/// What the group has yet to commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind {
    pub messages: u64,
    /// When the oldest of them was written; `None` where there is none, or nobody knows.
    pub oldest: Option<Timestamp>,
}

/// Asks the brokers, and reads the oldest message of each partition that is behind, for its time alone.
///
/// # Errors
/// Says what it is that does not answer.
pub fn behind(config: &Config, patience: Duration) -> Result<Behind> {
    let mut client = client(config)?;
    client.set("group.id", &config.kafka.group).set("enable.auto.commit", "false");
    // Retention may have taken what the group has noted.
    client.set("auto.offset.reset", "earliest");
    // No more than a message of each is wanted.
    client.set("fetch.message.max.bytes", "65536").set("queued.min.messages", "1");
    let consumer: BaseConsumer<Ear> =
        client.create_with_context(Ear::default()).context("the Kafka properties are wrong")?;
    let partitions = partitions(&consumer, config, patience)?;
    let mut left = left(&consumer, &partitions, patience)?;
    left.retain(|left| left.messages() > 0);
    let oldest = if left.is_empty() { None } else { oldest(&consumer, &left, patience)? };
    Ok(Behind { messages: left.iter().map(Left::messages).sum(), oldest })
}

fn oldest(consumer: &BaseConsumer<Ear>, left: &[Left], patience: Duration) -> Result<Option<Timestamp>> {
    let mut at = TopicPartitionList::new();
    for Left { topic, partition, from, .. } in left {
        at.add_partition_offset(topic, *partition, Offset::Offset(*from))?;
    }
    consumer.assign(&at)?;
    let (started, mut heard, mut oldest) = (Instant::now(), BTreeSet::new(), None);
    while heard.len() < left.len() && started.elapsed() < patience {
        // An error passes, or the time runs out.
        let Some(Ok(message)) = consumer.poll(POLL) else { continue };
        let is_first = heard.insert((message.topic().to_owned(), message.partition()));
        if let Some(millis) = message.timestamp().to_millis().filter(|_| is_first) {
            let written = Timestamp(millis.saturating_mul(1_000));
            oldest = Some(oldest.map_or(written, |oldest: Timestamp| oldest.min(written)));
        }
    }
    consumer.unassign()?;
    Ok(oldest)
}

/// Keeps what the last look found.
pub struct Watch {
    config: Config,
    last: Mutex<Option<Seen>>,
}

struct Seen {
    at: Timestamp,
    /// Or why nobody knows.
    found: Result<Behind, String>,
}

impl Watch {
    pub fn new(config: &Config) -> Arc<Self> {
        Arc::new(Self { config: config.clone(), last: Mutex::default() })
    }

    /// Looks for as long as it is polled.
    pub async fn follow(self: Arc<Self>) {
        loop {
            let own = Arc::clone(&self);
            let looked = blocking("the look at the group broke off", move || own.look()).await;
            if let Err(error) = looked {
                tracing::error!("{error:#}");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    fn look(&self) {
        let found = behind(&self.config, PATIENCE).map_err(|error| format!("{error:#}"));
        if let Err(why) = &found {
            tracing::debug!(why, "how far the workers are behind is not known");
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { at: now(), found });
    }

    /// Named `worker`: not well where the oldest message waits for longer than `server.ready_lag`, if that is set.
    pub fn probe(self: &Arc<Self>) -> Probe {
        let (watch, bound) = (Arc::clone(self), self.config.server.ready_lag.0);
        let look = move |now| {
            let last = watch.last.lock().unwrap_or_else(PoisonError::into_inner);
            check(last.as_ref(), bound, now)
        };
        Probe { name: "worker", look: Box::new(look) }
    }

    /// For `/metrics`, named as a worker names them.
    pub fn counters(self: &Arc<Self>) -> Counters {
        let watch = Arc::clone(self);
        Box::new(move || {
            let last = watch.last.lock().unwrap_or_else(PoisonError::into_inner);
            let known = last.as_ref().and_then(|seen| Some((seen.found.as_ref().ok()?, seen.at)));
            let Some((behind, at)) = known else { return Vec::new() };
            let counters = [
                ("verbatim_worker_lag_messages", Some(behind.messages)),
                ("verbatim_worker_lag_seconds", behind.seconds(at)),
            ];
            counters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
        })
    }
}

impl Behind {
    /// How long the oldest message waited then; `None` where nobody knows.
    fn seconds(&self, then: Timestamp) -> Option<u64> {
        let waited = |oldest: Timestamp| u64::try_from((then.0 - oldest.0) / 1_000_000).unwrap_or(0);
        if self.messages == 0 { Some(0) } else { self.oldest.map(waited) }
    }
}

fn check(last: Option<&Seen>, bound: Duration, now: Timestamp) -> Check {
    let Some(Seen { at, found }) = last else { return Check::new(true, "not looked at yet") };
    let ago = (now.0 - at.0).max(0) / 1_000_000;
    let behind = match found {
        Ok(behind) => behind,
        // Whether they are behind is another question than whether the brokers answer.
        Err(why) => return Check::new(true, format!("how far it is behind is not known: {why}")),
    };
    let seconds = behind.seconds(*at);
    let late = !bound.is_zero() && seconds.is_some_and(|seconds| seconds > bound.as_secs());
    let detail = match (behind.messages, seconds) {
        (0, _) => format!("up to date {ago} s ago"),
        (messages, None) => format!("{} behind {ago} s ago", messages_of(messages)),
        (messages, Some(seconds)) => {
            format!("{} behind {ago} s ago, the oldest waited for {seconds} s", messages_of(messages))
        }
    };
    Check::new(!late, detail).lagging(behind.messages, seconds)
}

fn messages_of(n: u64) -> String {
    format!("{} message{}", count(n), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;
    use rdkafka::ClientConfig;
    use rdkafka::consumer::CommitMode;
    use rdkafka::mocking::MockCluster;
    use rdkafka::producer::{FutureProducer, FutureRecord};

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn seen(messages: u64, waited: Option<i64>) -> Seen {
        let at = Timestamp(NOW.0 - 7_000_000);
        let oldest = waited.map(|seconds| Timestamp(at.0 - seconds * 1_000_000));
        Seen { at, found: Ok(Behind { messages, oldest }) }
    }

    #[test]
    fn without_a_bound_a_worker_may_be_as_late_as_it_is() {
        let late = seen(1_234, Some(90));
        let told = check(Some(&late), Duration::ZERO, NOW);
        let detail = "1,234 messages behind 7 s ago, the oldest waited for 90 s";
        assert_eq!(told, Check::new(true, detail).lagging(1_234, Some(90)));
        for (bound, ok) in [(89, false), (90, true), (300, true)] {
            assert_eq!(check(Some(&late), Duration::from_secs(bound), NOW).ok, ok, "{bound}");
        }
        let bound = Duration::from_secs(10);
        let told = check(Some(&seen(0, None)), bound, NOW);
        assert_eq!(told, Check::new(true, "up to date 7 s ago").lagging(0, Some(0)));
        let told = check(Some(&seen(1, None)), bound, NOW);
        assert_eq!(told, Check::new(true, "1 message behind 7 s ago").lagging(1, None));
        // A clock that was set back.
        assert_eq!(seen(1, Some(-5)).found.unwrap().seconds(Timestamp(NOW.0 - 7_000_000)), Some(0));
    }

    #[test]
    fn what_is_not_known_is_told_as_such() {
        assert!(check(None, Duration::from_secs(10), NOW).ok);
        let away = Seen { at: NOW, found: Err("nothing listens at 127.0.0.1:1".to_owned()) };
        let told = check(Some(&away), Duration::from_secs(10), NOW);
        assert!(told.ok && told.detail.contains("not known: nothing listens"), "{told:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_the_group_has_not_committed_is_counted_with_its_age() {
        let cluster = MockCluster::new(1).unwrap();
        for topic in ["feedback.survey", "feedback.ticket", "feedback.nps", "feedback.social"] {
            cluster.create_topic(topic, 2, 1).unwrap();
        }
        let brokers = cluster.bootstrap_servers();
        let own = [("VERBATIM__KAFKA__BOOTSTRAP".to_owned(), brokers.clone())];
        let config = assemble(None, own.into_iter()).unwrap().config;
        let producer: FutureProducer =
            ClientConfig::new().set("bootstrap.servers", &brokers).create().unwrap();
        let wait = Duration::from_secs(30);
        for (offset, millis) in [1_000_000_i64, 2_000_000, 1_500_000].into_iter().enumerate() {
            let payload = offset.to_string();
            let record = FutureRecord::<(), _>::to("feedback.nps").partition(1).payload(&payload);
            producer.send(record.timestamp(millis), wait).await.unwrap();
        }
        let group = config.kafka.group.clone();
        let asked = config.clone();
        let looked = blocking("look", move || behind(&asked, wait)).await.unwrap().unwrap();
        assert_eq!(looked, Behind { messages: 3, oldest: Some(Timestamp(1_000_000_000)) });
        // The group commits the first.
        let consumer: BaseConsumer =
            ClientConfig::new().set("bootstrap.servers", &brokers).set("group.id", &group).create().unwrap();
        let mut noted = TopicPartitionList::new();
        noted.add_partition_offset("feedback.nps", 1, Offset::Offset(1)).unwrap();
        consumer.commit(&noted, CommitMode::Sync).unwrap();
        let watch = Watch::new(&config);
        let looking = Arc::clone(&watch);
        blocking("look", move || looking.look()).await.unwrap();
        let told = (watch.probe().look)(now());
        assert_eq!((told.ok, told.lag_messages), (true, Some(2)), "{told:?}");
        let counters = watch.counters()();
        assert!(counters.contains(&("verbatim_worker_lag_messages".to_owned(), 2)), "{counters:?}");
    }
}
