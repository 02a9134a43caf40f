//! The rules as records are held against them: the file, with the topics below each topic looked up.

use super::{
    check::{Finding, Known, check},
    condition::{Condition, conditions},
    escalate::Escalate,
    file::{Floors, Outcome, Owner, Rule, TriageFile},
    topics::TopicTree,
};

/// The name of the rule that decides where no other holds.
pub const FALLBACK: &str = "fallback";

/// Rules that cannot run, with everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct RulesError(pub Vec<Finding>);

fn list(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    match lines.as_slice() {
        [one] => format!("the triage rules are wrong. {one}"),
        many => format!("the triage rules have {} mistakes:\n  {}", many.len(), many.join("\n  ")),
    }
}

#[derive(Debug, Clone)]
pub struct RuleSet {
    version: String,
    owners: Vec<Owner>,
    pub(super) rules: Vec<ReadyRule>,
    pub(super) fallback: Outcome,
    escalate: Escalate,
}

#[derive(Debug, Clone)]
pub(super) struct ReadyRule {
    pub name: String,
    pub conditions: Vec<Condition>,
    pub floors: Floors,
    pub review_queue: String,
    pub outcome: Outcome,
}

impl RuleSet {
    /// Rules that never fire or name unknown topics run all the same: `verbatim config check` tells of them.
    ///
    /// # Errors
    /// With what [`check`] calls wrong: nobody could act on such a decision.
    pub fn new(file: &TriageFile, topics: &TopicTree) -> Result<Self, RulesError> {
        let findings = check(file, &Known::new(topics));
        let wrong: Vec<Finding> = findings.into_iter().filter(|finding| finding.kind.is_wrong()).collect();
        match &file.fallback {
            Some(fallback) if wrong.is_empty() => Ok(Self {
                version: file.version.clone(),
                owners: file.owners.clone(),
                rules: ready(file, topics),
                fallback: fallback.clone(),
                escalate: file.escalate.clone(),
            }),
            // Without a fallback there is a finding that says so.
            _ => Err(RulesError(wrong)),
        }
    }

    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// In the order in which they are tried, the fallback last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.name.as_str()).chain([FALLBACK])
    }

    #[must_use]
    pub fn owner(&self, name: &str) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.name == name)
    }

    /// Whether anything that is decided is told to a delivery target.
    #[must_use]
    pub fn has_actions(&self) -> bool {
        let mut outcomes = self.rules.iter().map(|rule| &rule.outcome).chain([&self.fallback]);
        outcomes.any(|outcome| !outcome.actions.is_empty())
    }

    /// When the owners above hear of a case that nobody takes up.
    #[must_use]
    pub fn escalate(&self) -> &Escalate {
        &self.escalate
    }

    /// The owner, then who hears of it when nobody acts, step by step. It ends: a circle is refused.
    pub fn escalation(&self, name: &str) -> impl Iterator<Item = &Owner> {
        std::iter::successors(self.owner(name), move |owner| self.owner(owner.escalates_to.as_deref()?))
    }
}

fn ready(file: &TriageFile, topics: &TopicTree) -> Vec<ReadyRule> {
    let ready = |rule: &Rule| ReadyRule {
        name: rule.name.clone(),
        conditions: conditions(&rule.when, topics),
        floors: file.floors.but_for(rule.floors),
        review_queue: rule.review_queue.clone().unwrap_or_else(|| file.review_queue.clone()),
        outcome: rule.outcome.clone(),
    };
    file.rules.iter().map(ready).collect()
}
