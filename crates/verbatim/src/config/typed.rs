//! The configuration as types: what the commands read.

use super::{Bytes, Date, Layers, Problem, Secret, SecretError, Span, nearest};
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
    pub limits: LimitsSection,
    pub analyze: AnalyzeSection,
    pub worker: WorkerSection,
    pub privacy: PrivacySection,
    pub report: ReportSection,
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
        // Sizes beyond the address space bound nothing, which the largest number says as well.
        let size = |bytes: Bytes| usize::try_from(bytes.0).unwrap_or(usize::MAX);
        Limits {
            message_bytes: size(self.message),
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
            metadata_bytes: size(self.metadata),
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
    pub encoder: Encoder,
    pub max_topics: usize,
    pub max_analyzed: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Encoder {
    #[serde(rename = "built-in")]
    BuiltIn,
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

    /// The topics to consume, each with its source kind.
    pub fn topics(&self) -> BTreeMap<String, String> {
        let further = self.kinds.iter().map(|(name, kind)| (name, &kind.topic));
        let all = self.kafka.topics.iter().chain(further);
        all.filter(|(_, topic)| !topic.is_empty())
            .map(|(kind, topic)| (kind.clone(), topic.clone()))
            .collect()
    }

    /// Rules that a single value cannot break alone.
    pub(super) fn problems(&self, layers: &Layers) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |path: &[&str], message: String| {
            let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
            let message = format!("{}: {message}", super::layers::dotted(&path));
            problems.push(Problem { at: layers.origin(&path).to_string(), message });
        };
        for name in self.kinds.keys() {
            if let Err(error) = SourceKind::new(name) {
                wrong(&["kinds", name], error.to_string());
            }
        }
        let registry = self.registry();
        let known = || registry.kinds().map(SourceKind::as_str);
        for name in self.kafka.topics.keys().filter(|name| registry.get(name).is_none()) {
            let hint = nearest(name, known()).map_or_else(
                || format!(": add [kinds.{name}] with its contract"),
                |kind| format!(": did you mean {kind}?"),
            );
            wrong(&["kafka", "topics", name], format!("there is no kind {name:?}{hint}"));
        }
        for (name, map) in &self.import {
            if !map.kind.is_empty() && registry.get(&map.kind).is_none() {
                wrong(&["import", name, "kind"], format!("there is no kind {:?}", map.kind));
            }
        }
        for (path, value) in [
            (["worker", "batch_rows"], u64::from(self.worker.batch_rows)),
            (["worker", "batch_bytes"], self.worker.batch_bytes.0),
            (["worker", "batch_time"], self.worker.batch_time.0.as_millis() as u64),
            (["limits", "message"], self.limits.message.0),
            (["limits", "depth"], u64::from(self.limits.depth)),
            (["limits", "text"], self.limits.text as u64),
            (["analyze", "max_topics"], self.analyze.max_topics as u64),
            (["report", "weeks"], u64::from(self.report.weeks)),
        ] {
            if value == 0 {
                wrong(&path, "must be more than nothing".to_owned());
            }
        }
        if self.limits.depth > Limits::DEEPEST {
            wrong(&["limits", "depth"], format!("must be at most {}", Limits::DEEPEST));
        }
        if self.privacy.key.is_set() && !self.privacy.key_file.as_os_str().is_empty() {
            wrong(&["privacy", "key"], "give a key or a key_file, not both".to_owned());
        }
        problems
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
