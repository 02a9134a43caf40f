//! Why a record went where it did: every rule, with which of its conditions held, failed or were unsure.

use super::{
    condition::{Condition, Held, percent},
    decide::{Decision, Scratch},
    rules::{ReadyRule, RuleSet},
    subject::Subject,
    words::Folded,
};
use serde::Serialize;
use std::fmt;

/// How a rule, or one of its conditions, came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Held,
    /// By a judgement below its floor.
    Unsure,
    Failed,
}

impl How {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Unsure => "unsure",
            Self::Failed => "failed",
        }
    }
}

/// A decision, and all rules in the order in which they are tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation<'a> {
    pub decision: Decision<'a>,
    pub rules: Vec<RuleTrace<'a>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleTrace<'a> {
    pub rule: &'a str,
    /// Whether all of its conditions held; a rule behind the one that decides is looked at all the same.
    pub how: How,
    pub decides: bool,
    pub conditions: Vec<ConditionTrace>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConditionTrace {
    /// Its key in the file.
    pub key: &'static str,
    pub wanted: String,
    /// What the record has of it, in words.
    pub found: String,
    pub how: How,
    /// Of a judgement.
    pub confidence: Option<f32>,
    /// What the rule asks of it, where that was not reached.
    pub floor: Option<f32>,
}

/// The same decision as [`RuleSet::decide`], and the way to it.
pub fn explain<'a>(rules: &'a RuleSet, subject: &Subject<'_>, scratch: &'a mut Scratch) -> Explanation<'a> {
    let mut folded = Folded::default();
    let traces: Vec<RuleTrace<'a>> =
        rules.rules.iter().map(|rule| trace(rule, subject, &mut folded)).collect();
    let decision = rules.decide(subject, scratch);
    let first = traces.iter().position(|trace| trace.how != How::Failed);
    let decides = |(at, trace): (usize, RuleTrace<'a>)| RuleTrace { decides: Some(at) == first, ..trace };
    Explanation { decision, rules: traces.into_iter().enumerate().map(decides).collect() }
}

fn trace<'a>(rule: &'a ReadyRule, subject: &Subject<'_>, folded: &mut Folded) -> RuleTrace<'a> {
    let conditions: Vec<ConditionTrace> =
        rule.conditions.iter().map(|condition| of_condition(condition, rule, subject, folded)).collect();
    let any = |how| conditions.iter().any(|condition| condition.how == how);
    let how = match (any(How::Failed), any(How::Unsure)) {
        (true, _) => How::Failed,
        (false, true) => How::Unsure,
        (false, false) => How::Held,
    };
    RuleTrace { rule: &rule.name, how, decides: false, conditions }
}

fn of_condition(
    condition: &Condition,
    rule: &ReadyRule,
    subject: &Subject<'_>,
    folded: &mut Folded,
) -> ConditionTrace {
    let (how, confidence, floor) = match condition.test(subject, &rule.floors, folded) {
        Held::No => (How::Failed, None, None),
        Held::Sure(confidence) => (How::Held, confidence, None),
        Held::Unknown => (How::Held, None, None),
        Held::Unsure { confidence, floor, .. } => (How::Unsure, Some(confidence), Some(floor)),
    };
    let mut found = String::new();
    condition.tell(subject, folded, &mut found);
    ConditionTrace { key: condition.key(), wanted: condition.wanted(), found, how, confidence, floor }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decision { version, rule, reason, confidence, owner, priority, queue, .. } = self.decision;
        writeln!(f, "rule {rule:?}: {reason}")?;
        writeln!(
            f,
            "{priority} to {owner}, queue {queue}; {} confidence; rules {version}",
            confidence.as_str()
        )?;
        for (number, trace) in self.rules.iter().enumerate() {
            let decides = if trace.decides { ", and decides" } else { "" };
            writeln!(f, "{:>3}. {} {}{decides}", number + 1, trace.rule, trace.how.as_str())?;
            for condition in &trace.conditions {
                writeln!(f, "     {:<6}  {condition}", condition.how.as_str())?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for ConditionTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.key, self.wanted, self.found)?;
        match self.floor {
            Some(floor) => write!(f, ", below the floor of {}%", percent(floor)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        file::When,
        testing::{invented, rules, some, when},
    };
    use super::*;
    use feedback::judgement::{FeedbackKind, SentimentLabel};
    use proptest::prelude::*;

    #[test]
    fn every_rule_is_told_with_its_conditions() {
        let bugs = When { source: some(&["nps"]), kind: Some(vec![FeedbackKind::Bug]), ..When::default() };
        let angry = When { sentiment: Some(vec![SentimentLabel::Negative]), ..When::default() };
        let rules = rules(vec![("bugs", bugs), ("angry", angry.clone()), ("angry too", angry)]);
        let subject = Subject {
            kind: Some((FeedbackKind::Bug, 0.9)),
            sentiment: Some((SentimentLabel::Negative, 0.45)),
            ..Subject::new("ticket", "help-desk")
        };
        let mut scratch = Scratch::default();
        let told = explain(&rules, &subject, &mut scratch).to_string();
        let lines = [
            "rule \"angry\": sentiment negative at 45%; needs a person: sentiment at 45%, where the rule asks for 50%",
            "P2 to two, queue review; low confidence; rules 1:test",
            "  1. bugs failed",
            "     failed  source nps: source ticket",
            "     held    kind bug: kind bug at 90%",
            "  2. angry unsure, and decides",
            "     unsure  sentiment negative: sentiment negative at 45%, below the floor of 50%",
            "  3. angry too unsure",
            "     unsure  sentiment negative: sentiment negative at 45%, below the floor of 50%",
        ];
        assert_eq!(told.lines().collect::<Vec<_>>(), lines);
    }

    proptest! {
        #[test]
        fn the_rule_that_decides_is_the_first_that_did_not_fail(
            conditions in prop::collection::vec(when(), 0..5),
            record in invented(),
        ) {
            let rules = rules(["a", "b", "c", "d", "e"].into_iter().zip(conditions).collect());
            let mut scratch = Scratch::default();
            let told = explain(&rules, &record.subject(), &mut scratch);
            let decides = told.rules.iter().find(|trace| trace.decides);
            prop_assert_eq!(decides.map_or("fallback", |trace| trace.rule), told.decision.rule);
            let unsure = decides.is_some_and(|trace| trace.how == How::Unsure);
            prop_assert_eq!(unsure, told.decision.needs_person());
        }
    }
}
