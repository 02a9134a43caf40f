//! What is wrong with the rules, or hardly meant so: for `verbatim config check`, before anything runs by them.

mod dead;
mod owners;
mod rules;

use super::{file::TriageFile, keys::nearest, topics::TopicTree};
use serde::Serialize;

/// What the rules may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub topics: &'a TopicTree,
    /// The source kinds; `None` where they are not known here, and then not looked at.
    pub sources: Option<&'a [&'a str]>,
    /// The delivery targets, likewise.
    pub targets: Option<&'a [&'a str]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    NoFallback,
    NoName,
    Duplicate,
    BadFloor,
    UnknownOwner,
    NoAddress,
    EscalationCycle,
    UnknownTopic,
    UnknownSource,
    UnknownTarget,
    /// It asks nothing, so that it decides everything.
    AsksNothing,
    NeverFires,
}

impl FindingKind {
    /// Whether no decision can be relied on; the others are warnings, and the rules run all the same.
    #[must_use]
    pub fn is_wrong(self) -> bool {
        match self {
            Self::NoFallback
            | Self::NoName
            | Self::Duplicate
            | Self::BadFloor
            | Self::UnknownOwner
            | Self::NoAddress
            | Self::EscalationCycle => true,
            Self::UnknownTopic
            | Self::UnknownSource
            | Self::UnknownTarget
            | Self::AsksNothing
            | Self::NeverFires => false,
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub kind: FindingKind,
    /// The rule it is about, by its name; `None` where it is about an owner or the file.
    pub rule: Option<String>,
    /// What is the matter, in a sentence without its full stop.
    pub message: String,
    /// What to do.
    pub advice: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.message, self.advice)
    }
}

/// Everything, in the order of the file.
#[must_use]
pub fn check(file: &TriageFile, known: &Known<'_>) -> Vec<Finding> {
    let mut findings = owners::findings(file, known);
    findings.extend(rules::findings(file, known));
    findings.extend(dead::findings(file, known.topics));
    findings
}

/// `did you mean "billing"?`, or what else to do.
fn meant<'a>(wrong: &str, names: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(wrong, names).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near:?}?"))
}

#[cfg(test)]
mod tests;
