//! What the Kafka loop can be told.

use super::resume::OnGap;
use feedback::time::Timestamp;
use rdkafka::ClientConfig;
use std::collections::BTreeMap;
use std::time::Duration;

/// Where to begin in a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// Where the tables say; at the beginning of a partition that they know nothing of.
    #[default]
    Noted,
    /// Everything the broker still has, again; nothing is doubled.
    Beginning,
    /// Everything since then, again; of a partition that the tables know nothing of, that is all.
    Time(Timestamp),
}

/// When a batch is closed: at the first of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    pub rows: usize,
    pub bytes: usize,
    pub age: Duration,
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self { rows: 20_000, bytes: 32 << 20, age: Duration::from_secs(5) }
    }
}

#[derive(Clone)]
pub struct WorkerConfig {
    /// `host:port`, separated by commas.
    pub brokers: String,
    pub group: String,
    pub topics: Vec<String>,
    /// Any librdkafka property; these win over the defaults of this program, but not over what exactly-once
    /// needs ([`WorkerConfig::check`]).
    pub properties: BTreeMap<String, String>,
    pub batch: BatchLimits,
    /// Analysis threads; as many as there are cores where `None`.
    pub threads: Option<usize>,
    pub on_gap: OnGap,
    pub start: Start,
    /// Takes partitions over that another group writes to these tables; that group is fenced.
    pub take_over: bool,
    /// Ends once every partition is committed up to the end it had when it was assigned.
    pub stop_at_end: bool,
    /// How long an orderly end may take in all.
    pub grace: Duration,
}

impl WorkerConfig {
    #[must_use]
    pub fn new(brokers: impl Into<String>, group: impl Into<String>, topics: Vec<String>) -> Self {
        Self {
            brokers: brokers.into(),
            group: group.into(),
            topics,
            properties: BTreeMap::new(),
            batch: BatchLimits::default(),
            threads: None,
            on_gap: OnGap::default(),
            start: Start::default(),
            take_over: false,
            stop_at_end: false,
            grace: Duration::from_secs(9),
        }
    }

    /// # Errors
    /// Names a property that this program sets itself, or a value that its rebalancing cannot work with.
    pub fn check(&self) -> Result<(), BadProperty> {
        for (name, value) in &self.properties {
            let why = match name.as_str() {
                "bootstrap.servers" | "metadata.broker.list" => "the brokers have a setting of their own",
                "group.id" => "the group has a setting of its own",
                "enable.auto.commit" | "auto.commit.enable" | "enable.auto.offset.store" => {
                    "offsets are committed with the rows; Kafka's own follow as advice"
                }
                "auto.offset.reset" => "where to begin is decided from the tables",
                "enable.partition.eof" => "the end of a partition is watched by this program",
                "group.protocol" if value != "classic" => {
                    "only the classic protocol hands partitions over whole"
                }
                "partition.assignment.strategy" if value.contains("cooperative") => {
                    "only range and roundrobin hand partitions over whole"
                }
                _ => continue,
            };
            return Err(BadProperty { name: name.clone(), why });
        }
        Ok(())
    }

    /// What librdkafka is given for the consumer.
    pub(crate) fn client(&self) -> ClientConfig {
        let mut client = client(&self.brokers, &self.properties);
        client
            .set("group.id", &self.group)
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "error")
            .set("enable.partition.eof", "true");
        client
    }
}

/// Common to the worker, the retry of dead letters and the doctor: defaults first, then the user's.
pub(crate) fn client(brokers: &str, properties: &BTreeMap<String, String>) -> ClientConfig {
    let mut client = ClientConfig::new();
    client
        .set("bootstrap.servers", brokers)
        .set("client.id", "verbatim")
        .set("allow.auto.create.topics", "false")
        // Few large fetches; what is fetched ahead stays below 64 MiB in all.
        .set("fetch.min.bytes", "65536")
        .set("fetch.wait.max.ms", "100")
        .set("fetch.message.max.bytes", "4194304")
        .set("fetch.max.bytes", "16777216")
        .set("queued.max.messages.kbytes", "49152")
        .set("statistics.interval.ms", "5000")
        .set("socket.keepalive.enable", "true")
        .set("reconnect.backoff.max.ms", "5000");
    for (name, value) in properties {
        client.set(name, value);
    }
    client
}

#[derive(Debug, thiserror::Error)]
#[error("kafka property {name:?} cannot be set: {why}")]
pub struct BadProperty {
    pub name: String,
    pub why: &'static str,
}

/// Whether a property's value must never be shown.
#[must_use]
pub fn is_secret(property: &str) -> bool {
    ["password", "secret", "token", "key.pem", "sasl.jaas", "oauthbearer.config", "client.credentials"]
        .iter()
        .any(|part| property.contains(part))
}

impl std::fmt::Debug for WorkerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: BTreeMap<&str, &str> = self
            .properties
            .iter()
            .map(|(name, value)| (name.as_str(), if is_secret(name) { "(secret)" } else { value }))
            .collect();
        f.debug_struct("WorkerConfig")
            .field("brokers", &self.brokers)
            .field("group", &self.group)
            .field("topics", &self.topics)
            .field("properties", &shown)
            .field("batch", &self.batch)
            .field("threads", &self.threads)
            .field("on_gap", &self.on_gap)
            .field("start", &self.start)
            .field("take_over", &self.take_over)
            .field("stop_at_end", &self.stop_at_end)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> WorkerConfig {
        let mut config = WorkerConfig::new("localhost:9092", "verbatim", vec!["feedback.nps".to_owned()]);
        config.properties.insert(name.to_owned(), value.to_owned());
        config
    }

    #[test]
    fn secrets_do_not_show() {
        for name in ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret"] {
            let shown = format!("{:?}", with(name, "hunter2"));
            assert!(shown.contains(name) && !shown.contains("hunter2"), "{shown}");
        }
        assert!(format!("{:?}", with("client.rack", "a")).contains("\"a\""));
    }

    #[test]
    fn what_exactly_once_needs_cannot_be_changed() {
        for (name, value) in [
            ("enable.auto.commit", "true"),
            ("partition.assignment.strategy", "cooperative-sticky"),
            ("group.protocol", "consumer"),
            ("auto.offset.reset", "latest"),
        ] {
            assert!(with(name, value).check().is_err(), "{name}");
        }
        assert!(with("partition.assignment.strategy", "roundrobin").check().is_ok());
        assert!(with("security.protocol", "sasl_ssl").check().is_ok());
    }

    #[test]
    fn the_user_wins_over_the_defaults() {
        assert_eq!(with("fetch.wait.max.ms", "7").client().get("fetch.wait.max.ms"), Some("7"));
        assert_eq!(with("client.rack", "a").client().get("auto.offset.reset"), Some("error"));
    }
}
