//! Whether the brokers answer, and how far the workers' group is behind: looked at now and then, and told to whoever asks
//! whether all is well.

use super::{Ear, Left, Unreachable, client, left, partitions};
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
/// After one that reached no broker: who waits for this to be ready again waits no longer than that.
const AGAIN: Duration = Duration::from_secs(3);
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
    found: Result<Behind, Unknown>,
}

/// Why nobody knows how far the group is behind.
#[derive(Debug)]
enum Unknown {
    /// No broker answers: nothing can be written to them either.
    Unreachable(String),
    /// They do, and not to this.
    Untold(String),
}

impl From<anyhow::Error> for Unknown {
    fn from(error: anyhow::Error) -> Self {
        let why = format!("{error:#}");
        if error.is::<Unreachable>() { Self::Unreachable(why) } else { Self::Untold(why) }
    }
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
            let is_away =
                self.with_last(|last| matches!(last, Some(Seen { found: Err(Unknown::Unreachable(_)), .. })));
            tokio::time::sleep(if is_away { AGAIN } else { EVERY }).await;
        }
    }

    fn look(&self) {
        let found = behind(&self.config, PATIENCE).map_err(Unknown::from);
        if let Err(Unknown::Unreachable(why) | Unknown::Untold(why)) = &found {
            tracing::debug!(why, "how far the workers are behind is not known");
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { at: now(), found });
    }

    fn with_last<T>(&self, read: impl FnOnce(Option<&Seen>) -> T) -> T {
        read(self.last.lock().unwrap_or_else(PoisonError::into_inner).as_ref())
    }

    /// `kafka`: not well where no broker answers, for what comes in goes there. `worker`: not well where the oldest message
    /// waits for longer than `server.ready_lag`, if that is set.
    pub fn probes(self: &Arc<Self>) -> [Probe; 2] {
        let (of_brokers, of_workers) = (Arc::clone(self), Arc::clone(self));
        let bound = self.config.server.ready_lag.0;
        [
            Probe {
                name: "kafka",
                look: Box::new(move |now| of_brokers.with_last(|last| reached(last, now))),
            },
            Probe {
                name: "worker",
                look: Box::new(move |now| of_workers.with_last(|last| check(last, bound, now))),
            },
        ]
    }

    /// For `/metrics`, named as a worker names them.
    pub fn counters(self: &Arc<Self>) -> Counters {
        let watch = Arc::clone(self);
        Box::new(move || {
            let known =
                |last: Option<&Seen>| last.and_then(|seen| Some((*seen.found.as_ref().ok()?, seen.at)));
            let Some((behind, at)) = watch.with_last(known) else { return Vec::new() };
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

impl Seen {
    /// Seconds.
    fn ago(&self, now: Timestamp) -> i64 {
        (now.0 - self.at.0).max(0) / 1_000_000
    }
}

fn reached(last: Option<&Seen>, now: Timestamp) -> Check {
    let Some(seen) = last else { return Check::new(false, "not asked yet") };
    let ago = seen.ago(now);
    match &seen.found {
        Err(Unknown::Unreachable(why)) => Check::new(false, format!("unreachable {ago} s ago: {why}")),
        Ok(_) | Err(Unknown::Untold(_)) => Check::new(true, format!("reached {ago} s ago")),
    }
}

fn check(last: Option<&Seen>, bound: Duration, now: Timestamp) -> Check {
    let Some(seen) = last else { return Check::new(true, "not looked at yet") };
    let (at, ago) = (seen.at, seen.ago(now));
    let behind = match &seen.found {
        Ok(behind) => behind,
        // Whether they are behind is another question than whether the brokers answer.
        Err(Unknown::Unreachable(why) | Unknown::Untold(why)) => {
            return Check::new(true, format!("how far it is behind is not known: {why}"));
        }
    };
    let seconds = behind.seconds(at);
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
        let why = || "nothing listens at 127.0.0.1:1".to_owned();
        for found in [Unknown::Unreachable(why()), Unknown::Untold(why())] {
            let told = check(Some(&Seen { at: NOW, found: Err(found) }), Duration::from_secs(10), NOW);
            assert!(told.ok && told.detail.contains("not known: nothing listens"), "{told:?}");
        }
    }

    #[test]
    fn brokers_that_answer_nobody_take_nothing_in() {
        assert!(!reached(None, NOW).ok);
        assert_eq!(reached(Some(&seen(7, None)), NOW), Check::new(true, "reached 7 s ago"));
        let unknown = |found| Some(Seen { at: Timestamp(NOW.0 - 2_000_000), found: Err(found) });
        let away = unknown(Unknown::Unreachable("nothing listens at 127.0.0.1:1".to_owned()));
        let told = reached(away.as_ref(), NOW);
        assert_eq!(told, Check::new(false, "unreachable 2 s ago: nothing listens at 127.0.0.1:1"));
        // They keep from this user what the group has read, say.
        assert!(reached(unknown(Unknown::Untold("not allowed".to_owned())).as_ref(), NOW).ok);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nobody_there_is_told_from_somebody_who_does_not_say() {
        let own = [("VERBATIM__KAFKA__BOOTSTRAP".to_owned(), "127.0.0.1:1".to_owned())];
        let config = assemble(None, own.into_iter()).unwrap().config;
        let looked = blocking("look", move || behind(&config, Duration::from_millis(1_500))).await.unwrap();
        let Err(Unknown::Unreachable(why)) = looked.map_err(Unknown::from) else { panic!("it was reached") };
        assert!(why.contains("nothing listens at 127.0.0.1:1"), "{why}");
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
        let [kafka, worker] = watch.probes();
        let told = (worker.look)(now());
        assert_eq!((told.ok, told.lag_messages), (true, Some(2)), "{told:?}");
        assert!((kafka.look)(now()).ok);
        let counters = watch.counters()();
        assert!(counters.contains(&("verbatim_worker_lag_messages".to_owned(), 2)), "{counters:?}");
    }
}
