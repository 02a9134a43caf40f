//! What is wrong with the rules, or hardly meant so: for `verbatim config check`, before anything runs by them.

mod dead;
mod owners;
mod rules;
mod values;

pub use owners::is_address;

use super::{file::TriageFile, topics::TopicTree};
use crate::keys::nearest;
use serde::Serialize;

/// What the rules may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub topics: &'a TopicTree,
    /// The source kinds; `None` where they are not known here, and then not looked at.
    pub sources: Option<&'a [&'a str]>,
    /// The codes of the languages that a record may have, likewise.
    pub languages: Option<&'a [&'a str]>,
    /// The delivery targets, likewise.
    pub targets: Option<&'a [&'a str]>,
    /// The name that the file of targets has and that is none by itself, with what to do instead.
    pub no_target: Option<(&'a str, &'a str)>,
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
    UnknownLanguage,
    UnknownTarget,
    /// It lists something that no record has, beside what some may have.
    EmptyValue,
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
            | Self::UnknownLanguage
            | Self::UnknownTarget
            | Self::EmptyValue
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
    findings.extend(values::findings(file, known));
    findings.extend(dead::findings(file, known.topics));
    findings
}

/// `did you mean "billing"?`, or what else to do.
fn meant<'a>(wrong: &str, names: impl Iterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(wrong, names).map_or_else(|| otherwise.to_owned(), |near| format!("did you mean {near:?}?"))
}

impl<'a> Known<'a> {
    /// Where nothing but the topics is known.
    #[must_use]
    pub fn new(topics: &'a TopicTree) -> Self {
        Self { topics, sources: None, languages: None, targets: None, no_target: None }
    }

    /// What is wrong with a name that is to be a target's, as the end of a sentence, and what to do; `None` where it is
    /// right, or nobody knows.
    fn wrong_target(&self, name: &str) -> Option<(&'static str, String)> {
        let names = self.targets?;
        if names.contains(&name) {
            return None;
        }
        match self.no_target.filter(|(none, _)| *none == name) {
            Some((_, instead)) => Some(("which is none by itself", instead.to_owned())),
            None => {
                let advice = meant(name, names.iter().copied(), "add the target, or take it out");
                Some(("which does not exist", advice))
            }
        }
    }
}

#[cfg(test)]
mod tests;
