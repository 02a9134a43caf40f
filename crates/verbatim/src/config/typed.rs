//! The configuration as types: what the commands read.

use super::{Bytes, Date, Secret, SecretError, Span, VendorSection, VendorTopicSection};
use crate::encoders::EncoderName;
use feedback::kind::{Contract, Registry, SourceKind};
use feedback::limits::Limits;
use feedback::time::Day;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    pub store: StoreSection,
    pub kafka: KafkaSection,
    #[serde(default)]
    pub kinds: BTreeMap<String, KindSection>,
    pub server: ServerSection,
    pub gateway: GatewaySection,
    /// By the connection's name.
    #[serde(default)]
    pub vendors: BTreeMap<String, VendorSection>,
    pub limits: LimitsSection,
    pub analyze: AnalyzeSection,
    pub worker: WorkerSection,
    pub privacy: PrivacySection,
    pub report: ReportSection,
    pub triage: TriageSection,
    pub cases: CasesSection,
    pub alerts: AlertsSection,
    pub digest: DigestSection,
    pub deliver: DeliverSection,
    pub dashboard: DashboardSection,
    #[serde(default)]
    pub import: BTreeMap<String, ImportSection>,
    pub log: LogSection,
}

#[derive(Debug, Clone, Deserialize)]
pub struct StoreSection {
    pub path: PathBuf,
    pub retention: Span,
    #[serde(default)]
    pub storage: BTreeMap<String, Property>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct KafkaSection {
    pub bootstrap: String,
    pub group: String,
    pub topics: BTreeMap<String, String>,
    /// Topics that carry payloads of vendors.
    #[serde(default)]
    pub vendors: BTreeMap<String, VendorTopicSection>,
    #[serde(default)]
    pub properties: BTreeMap<String, Property>,
}

/// A librdkafka property's value; it may be a secret, so it never shows itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "RawProperty")]
pub struct Property(pub Secret);

#[derive(Deserialize)]
#[serde(untagged)]
enum RawProperty {
    Text(Secret),
    Other(toml::Value),
}

impl From<RawProperty> for Property {
    fn from(raw: RawProperty) -> Self {
        Self(match raw {
            RawProperty::Text(secret) => secret,
            RawProperty::Other(value) => Secret::from(value.to_string()),
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct KindSection {
    pub contract: Contract,
    #[serde(default)]
    pub topic: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ServerSection {
    /// An address and a port; empty: nothing is answered.
    pub listen: String,
    /// Where tokens are kept; empty: beside the tables.
    pub tokens: PathBuf,
    /// Whoever asks from this machine is an admin.
    pub open_on_loopback: bool,
    /// What a proxy says of its clients is believed.
    pub behind_proxy: bool,
    /// At once.
    pub connections: u32,
    /// What one request may take.
    pub request_time: Span,
    /// Of a request, as it is sent.
    pub body: Bytes,
    /// Held in memory, the newest.
    pub records: u32,
    /// How long a message may wait for the workers before `/readyz` says no; nothing: however long.
    pub ready_lag: Span,
}

#[derive(Debug, Clone, Deserialize)]
pub struct GatewaySection {
    pub into: Destination,
    /// What a compressed body may unpack to.
    pub unpacked: Bytes,
    /// Of one request.
    pub items: u32,
    /// Accepted and not yet durable, over all requests.
    pub waiting: Bytes,
}

/// Where what the gateway takes goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Destination {
    /// Kafka, where somebody has said which.
    Auto,
    Kafka,
    Store,
}

#[derive(Debug, Clone, Deserialize)]
pub struct LimitsSection {
    pub message: Bytes,
    pub depth: u32,
    pub text: usize,
    pub heading: usize,
    pub id: usize,
    pub label: usize,
    pub permalink: usize,
    pub tags: usize,
    pub answers: usize,
    pub messages: usize,
    pub metadata_fields: usize,
    pub metadata: Bytes,
    pub score: f64,
    pub revenue: f64,
    pub earliest: Date,
    pub days_ahead: u32,
}

impl LimitsSection {
    pub fn limits(&self) -> Limits {
        Limits {
            message_bytes: self.message.in_memory(),
            depth: self.depth,
            text: self.text,
            heading: self.heading,
            id: self.id,
            label: self.label,
            permalink: self.permalink,
            tags: self.tags,
            answers: self.answers,
            messages: self.messages,
            metadata_fields: self.metadata_fields,
            metadata_bytes: self.metadata.in_memory(),
            earliest: Day::from_date(self.earliest.0).start(),
            days_ahead: self.days_ahead,
            score: self.score,
            revenue: self.revenue,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct AnalyzeSection {
    pub taxonomy: String,
    pub encoder: EncoderName,
    /// The folder of the transformer's public weights; empty: where `cargo xtask model` puts them.
    #[cfg_attr(
        not(feature = "rust-bert"),
        expect(dead_code, reason = "a setting of every build, and read by those with the transformer")
    )]
    pub model: PathBuf,
    pub max_topics: usize,
    pub max_analyzed: Bytes,
}

#[derive(Debug, Clone, Deserialize)]
pub struct WorkerSection {
    pub batch_rows: u32,
    pub batch_bytes: Bytes,
    pub batch_time: Span,
    pub threads: u16,
    pub on_gap: OnGap,
    pub rollup_every: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnGap {
    Fail,
    Skip,
}

#[derive(Debug, Clone, Deserialize)]
pub struct PrivacySection {
    pub key: Secret,
    pub key_file: PathBuf,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ReportSection {
    pub weeks: u16,
}

#[derive(Debug, Clone, Deserialize)]
pub struct TriageSection {
    /// "built-in", "none", or a file.
    pub rules: String,
    /// The topic that triaged feedback is written to; empty: nowhere.
    pub topic: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct CasesSection {
    /// The topic that changes of cases are written to; empty: nowhere.
    pub topic: String,
    /// Names of delivery targets.
    pub to: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct AlertsSection {
    /// "built-in", or a file.
    pub rules: String,
    /// Names of delivery targets that hear of every alert, beside those of its owner.
    pub to: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct DigestSection {
    /// The KPIs that a team set itself: "none", or a file.
    pub targets: String,
    /// The day of the week on which `verbatim serve` makes it, as in "monday".
    pub day: String,
    /// The time of that day, as in "08:00".
    pub time: String,
    /// An IANA name, as in "Europe/Berlin".
    pub zone: String,
    /// Names of delivery targets that get the whole digest; owners get theirs by their own targets.
    pub to: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct DeliverSection {
    /// The delivery targets: "none", or a file.
    pub file: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct DashboardSection {
    /// Where people open it; empty: messages carry commands alone.
    pub address: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ImportSection {
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub source: String,
    /// Payload field to column.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Payload field to a value that every row has.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct LogSection {
    pub format: LogFormat,
    pub level: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Auto,
    Text,
    Json,
}

impl Config {
    /// A directory written as an address is that directory.
    pub(super) fn with_plain_paths(mut self) -> Self {
        if let Some(path) = self.store.path.to_str().and_then(|path| path.strip_prefix("file://")) {
            self.store.path = PathBuf::from(path);
        }
        self
    }

    /// The source kinds of this deployment. `Config::problems` has refused names that are none.
    pub fn registry(&self) -> Registry {
        let mut registry = Registry::default();
        for (name, kind) in &self.kinds {
            if let Ok(name) = SourceKind::new(name) {
                registry.insert(name, kind.contract);
            }
        }
        registry
    }

    /// The topics of the source kinds; those of vendors stand apart.
    pub fn topics(&self) -> BTreeMap<String, String> {
        let further = self.kinds.iter().map(|(name, kind)| (name, &kind.topic));
        let all = self.kafka.topics.iter().chain(further);
        all.filter(|(_, topic)| !topic.is_empty())
            .map(|(kind, topic)| (kind.clone(), topic.clone()))
            .collect()
    }
}

/// Every property with its secrets followed; an error names the property.
pub fn reveal(
    properties: &BTreeMap<String, Property>,
) -> Result<BTreeMap<String, String>, (String, SecretError)> {
    let follow = |(name, value): (&String, &Property)| match value.0.reveal() {
        Ok(value) => Ok((name.clone(), value)),
        Err(error) => Err((name.clone(), error)),
    };
    properties.iter().map(follow).collect()
}
