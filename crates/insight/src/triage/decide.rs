//! The decision on a record: one for every event, so that it borrows from the rules and writes into what is kept from
//! record to record.

use super::{
    condition::{Held, JudgedField, percent},
    file::{Outcome, Priority},
    rules::{FALLBACK, ReadyRule, RuleSet},
    subject::Subject,
    words::Folded,
};
use feedback::span::Span;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// From here on a judgement is as good as a fact: of answers given so surely four in five are right, for the
/// confidences are calibrated.
const HIGH: f32 = 0.8;

/// How sure it is that a record belongs where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// By facts alone, or by judgements of at least 80%.
    High,
    /// Every judgement reaches its floor.
    Medium,
    /// A person has to look, the rule holds for something is unknown, or no rule holds.
    Low,
}

impl Confidence {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::High, Self::Medium, Self::Low].into_iter().find(|level| level.as_str() == name)
    }
}

/// What is to be done with a record, and why.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Decision<'a> {
    /// The version of the rules.
    pub version: &'a str,
    /// [`FALLBACK`] where none held.
    pub rule: &'a str,
    /// What held, in words.
    pub reason: &'a str,
    /// Where in the body that stands, in their order; none where it is said of the record as a whole.
    pub spans: &'a [Span],
    pub confidence: Confidence,
    /// The judgement that was too unsure, the one farthest below its floor: the record needs a person.
    pub unsure: Option<JudgedField>,
    pub owner: &'a str,
    pub priority: Priority,
    /// The rule's queue for review where a person is needed.
    pub queue: &'a str,
    pub labels: &'a [String],
    /// Names of delivery targets; none where a person is needed, who sends it on.
    pub actions: &'a [String],
}

impl Decision<'_> {
    #[must_use]
    pub fn needs_person(&self) -> bool {
        self.unsure.is_some()
    }
}

/// Kept from record to record, so that decisions allocate nothing; one a thread. No decision depends on what it held.
#[derive(Debug, Default)]
pub struct Scratch {
    folded: Folded,
    reason: String,
    spans: Vec<Span>,
}

/// How surely a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sureness {
    /// Of the judgements it holds by; `None` where it holds by facts.
    least: Option<f32>,
    /// Whether it also holds by what nobody could tell.
    unknown: bool,
    /// The judgement farthest below its floor, and how far.
    pub unsure: Option<(JudgedField, f32)>,
}

impl Sureness {
    fn add(&mut self, confidence: f32) {
        self.least = Some(self.least.map_or(confidence, |least| least.min(confidence)));
    }

    fn confidence(self) -> Confidence {
        match self.least {
            _ if self.unsure.is_some() || self.unknown => Confidence::Low,
            Some(least) if least < HIGH => Confidence::Medium,
            _ => Confidence::High,
        }
    }
}

impl ReadyRule {
    /// `None` where one of the conditions does not hold.
    pub(super) fn holds(&self, subject: &Subject<'_>, folded: &mut Folded) -> Option<Sureness> {
        let mut sureness = Sureness::default();
        for condition in &self.conditions {
            match condition.test(subject, &self.floors, folded) {
                Held::No => return None,
                Held::Sure(None) => {}
                Held::Sure(Some(confidence)) => sureness.add(confidence),
                Held::Unknown => sureness.unknown = true,
                Held::Unsure { field, confidence, floor } => {
                    let below = floor - confidence;
                    if sureness.unsure.is_none_or(|(_, farthest)| below > farthest) {
                        sureness.unsure = Some((field, below));
                    }
                }
            }
        }
        Some(sureness)
    }
}

impl RuleSet {
    /// The first rule that holds decides, if only for a person; the fallback where none does.
    pub fn decide<'a>(&'a self, subject: &Subject<'_>, scratch: &'a mut Scratch) -> Decision<'a> {
        scratch.folded.forget();
        scratch.reason.clear();
        scratch.spans.clear();
        let mut found = None;
        for rule in &self.rules {
            if let Some(sureness) = rule.holds(subject, &mut scratch.folded) {
                found = Some((rule, sureness));
                break;
            }
        }
        let Some((rule, sureness)) = found else {
            scratch.reason.push_str("no rule holds");
            return self.decision(FALLBACK, &self.fallback, Confidence::Low, scratch);
        };
        give_reasons(rule, subject, scratch);
        if sureness.unsure.is_some() {
            give_doubts(rule, subject, scratch);
        }
        let decision = self.decision(&rule.name, &rule.outcome, sureness.confidence(), scratch);
        match sureness.unsure {
            None => decision,
            Some((field, _)) => {
                Decision { unsure: Some(field), queue: &rule.review_queue, actions: &[], ..decision }
            }
        }
    }

    fn decision<'a>(
        &'a self,
        rule: &'a str,
        outcome: &'a Outcome,
        confidence: Confidence,
        scratch: &'a Scratch,
    ) -> Decision<'a> {
        Decision {
            version: self.version(),
            rule,
            reason: &scratch.reason,
            spans: &scratch.spans,
            confidence,
            unsure: None,
            owner: &outcome.owner,
            priority: outcome.priority,
            queue: &outcome.queue,
            labels: &outcome.labels,
            actions: &outcome.actions,
        }
    }
}

/// What held, and where it stands.
fn give_reasons(rule: &ReadyRule, subject: &Subject<'_>, scratch: &mut Scratch) {
    let Scratch { folded, reason, spans } = scratch;
    if rule.conditions.is_empty() {
        reason.push_str("the rule asks nothing");
    }
    for (at, condition) in rule.conditions.iter().enumerate() {
        reason.push_str(if at == 0 { "" } else { ", " });
        condition.tell(subject, folded, reason);
        condition.spans(subject, folded, spans);
    }
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    spans.dedup();
}

/// What of it is too unsure.
fn give_doubts(rule: &ReadyRule, subject: &Subject<'_>, scratch: &mut Scratch) {
    let Scratch { folded, reason, .. } = scratch;
    let mut lead = "; needs a person: ";
    for condition in &rule.conditions {
        let held = condition.test(subject, &rule.floors, folded);
        if let Held::Unsure { field, confidence, floor } = held {
            let (field, sure, floor) = (field.as_str(), percent(confidence), percent(floor));
            // Writing to a string cannot fail.
            let _ = write!(reason, "{lead}{field} at {sure}%, where the rule asks for {floor}%");
            lead = "; ";
        }
    }
}

#[cfg(test)]
mod tests;
