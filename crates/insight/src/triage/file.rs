//! `triage.toml`, read: owners, ordered rules, the fallback. Whether it makes sense is [`super::check`]'s to say.

mod when;

use super::{condition::JudgedField, escalate::Escalate, keys};
use crate::{
    cases::CaseRules,
    keys::{Fault, line_of, unknown},
};
use feedback::ids::Id;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;
pub use when::{ScoreRange, When};

/// The rules of `config/triage.toml`: those of a software product, by the built-in taxonomy.
const DEFAULT: &str = include_str!("../../../../config/triage.toml");
/// Where records wait for a person, unless the file or a rule says otherwise.
const REVIEW_QUEUE: &str = "review";

/// All are the fault of whoever wrote the file; trying again does not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct FileError(pub Vec<Fault>);

fn list(faults: &[Fault]) -> String {
    let told = |fault: &Fault| format!("line {}: {}", fault.line, fault.message);
    let lines: Vec<String> = faults.iter().map(told).collect();
    match lines.as_slice() {
        [one] => format!("the triage rules are wrong. {one}"),
        many => format!("the triage rules have {} mistakes:\n  {}", many.len(), many.join("\n  ")),
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct TriageFile {
    /// The version that the file states and a hash of the file, as the taxonomy has it.
    pub version: String,
    pub review_queue: String,
    /// Where a rule sets none.
    pub floors: Floors,
    pub owners: Vec<Owner>,
    /// The first that holds decides.
    pub rules: Vec<Rule>,
    /// `None` is a mistake that [`super::check`] tells.
    pub fallback: Option<Outcome>,
    pub cases: CaseRules,
    /// When the owners above hear of a case that nobody takes up.
    pub escalate: Escalate,
}

/// Whoever acts on what comes to them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    pub name: String,
    /// For email.
    #[serde(default)]
    pub address: Option<String>,
    /// Names of delivery targets.
    #[serde(default)]
    pub targets: Vec<String>,
    /// The owner who hears of it when this one does not act.
    #[serde(default)]
    pub escalates_to: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "WrittenRule")]
pub struct Rule {
    pub name: String,
    /// All of these have to hold.
    pub when: When,
    pub floors: GivenFloors,
    pub review_queue: Option<String>,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "WrittenOutcome")]
pub struct Outcome {
    pub owner: String,
    pub priority: Priority,
    /// The owner's name where the file names none.
    pub queue: String,
    pub labels: Vec<String>,
    /// Names of delivery targets.
    pub actions: Vec<String>,
}

/// How soon somebody has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    P1,
    P2,
    P3,
    P4,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::P1, Self::P2, Self::P3, Self::P4];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
            Self::P4 => "P4",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.as_str() == name)
    }
}

impl std::fmt::Display for Priority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// From which confidence on a judgement decides without a person: probabilities from 0 to 1, a floor for each field that
/// is judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Floors {
    pub topics: f32,
    pub kind: f32,
    pub sentiment: f32,
    pub urgency: f32,
}

/// Above the thresholds of the model, below which the answer is "unknown": what is said at all, but hardly believed.
impl Default for Floors {
    fn default() -> Self {
        Self { topics: 0.5, kind: 0.4, sentiment: 0.5, urgency: 0.5 }
    }
}

impl Floors {
    #[must_use]
    pub fn of(&self, field: JudgedField) -> f32 {
        match field {
            JudgedField::Topics => self.topics,
            JudgedField::Kind => self.kind,
            JudgedField::Sentiment => self.sentiment,
            JudgedField::Urgency => self.urgency,
        }
    }

    /// These, but for those that are given.
    #[must_use]
    pub fn but_for(self, given: GivenFloors) -> Self {
        Self {
            topics: given.topics.unwrap_or(self.topics),
            kind: given.kind.unwrap_or(self.kind),
            sentiment: given.sentiment.unwrap_or(self.sentiment),
            urgency: given.urgency.unwrap_or(self.urgency),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GivenFloors {
    pub topics: Option<f32>,
    pub kind: Option<f32>,
    pub sentiment: Option<f32>,
    pub urgency: Option<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    version: String,
    #[serde(default)]
    review_queue: Option<String>,
    #[serde(default)]
    floors: GivenFloors,
    #[serde(default)]
    owner: Vec<Owner>,
    #[serde(default)]
    rule: Vec<Rule>,
    #[serde(default)]
    fallback: Option<Outcome>,
    #[serde(default)]
    cases: CaseRules,
    #[serde(default)]
    escalate: Escalate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    name: String,
    #[serde(default)]
    when: When,
    #[serde(default)]
    floors: GivenFloors,
    #[serde(default)]
    review_queue: Option<String>,
    owner: String,
    priority: Priority,
    #[serde(default)]
    queue: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    actions: Vec<String>,
}

impl From<WrittenRule> for Rule {
    fn from(rule: WrittenRule) -> Self {
        let WrittenRule { name, when, floors, review_queue, owner, priority, queue, labels, actions } = rule;
        let outcome = WrittenOutcome { owner, priority, queue, labels, actions }.into();
        Self { name, when, floors, review_queue, outcome }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOutcome {
    owner: String,
    priority: Priority,
    #[serde(default)]
    queue: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    actions: Vec<String>,
}

impl From<WrittenOutcome> for Outcome {
    fn from(outcome: WrittenOutcome) -> Self {
        let WrittenOutcome { owner, priority, queue, labels, actions } = outcome;
        Self { queue: queue.unwrap_or_else(|| owner.clone()), owner, priority, labels, actions }
    }
}

impl TriageFile {
    /// # Errors
    /// Where it is not TOML, has a key that is not known, or a value of the wrong type.
    pub fn parse(text: &str) -> Result<Self, FileError> {
        let fault = |error: toml::de::Error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            FileError(vec![Fault { line, message: error.message().to_owned() }])
        };
        let table = DeTable::parse(text).map_err(fault)?;
        let unknown = unknown(text, table.get_ref(), keys::FILE);
        if !unknown.is_empty() {
            return Err(FileError(unknown));
        }
        let file: Written = toml::from_str(text).map_err(fault)?;
        let version = file.version.trim();
        if version.is_empty() {
            let message = "there is no version: write version = \"1\" above everything else".to_owned();
            return Err(FileError(vec![Fault { line: 1, message }]));
        }
        Ok(Self {
            version: format!("{version}:{:08x}", Id::of(&[text]).0 as u32),
            review_queue: file.review_queue.unwrap_or_else(|| REVIEW_QUEUE.to_owned()),
            floors: Floors::default().but_for(file.floors),
            owners: file.owner,
            rules: file.rule,
            fallback: file.fallback,
            cases: file.cases,
            escalate: file.escalate,
        })
    }

    /// The default rules.
    ///
    /// # Errors
    /// Never of the file as it is shipped: a test reads it.
    pub fn standard() -> Result<Self, FileError> {
        Self::parse(DEFAULT)
    }
}

#[cfg(test)]
mod tests;
