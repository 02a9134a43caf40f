//! What is to be done with a record, decided before its row is written: the decision is part of the fact.
//!
//! This room decides nothing by itself; it hands the fact to whoever has the rules.

use super::row::some;
use super::{Judges, Processor};
use crate::kafka::wall_clock;
use crate::metrics::WorkerMetrics;
use feedback::time::Timestamp;
use insight::triage::{JudgedField, RuleSet, Scratch, Subject, SubjectTopic};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{FactColumns, FactRow, TriageFact};

/// Whoever has the rules. Several threads ask at once, each with a scratch of its own.
pub trait Triage: Send + Sync {
    /// The decision on a fact, which has all its columns but these; `at` is now.
    fn decide<'a>(&'a self, fact: &FactRow<'_>, at: Timestamp, scratch: &'a mut Scratch) -> TriageFact<'a>;
}

impl Triage for RuleSet {
    fn decide<'a>(&'a self, fact: &FactRow<'_>, at: Timestamp, scratch: &'a mut Scratch) -> TriageFact<'a> {
        let topics = fact.topics.iter();
        let topics: Vec<SubjectTopic<'_>> =
            topics.map(|hit| SubjectTopic::new(hit.topic, hit.confidence, hit.span)).collect();
        // The rules' own method, which is found before the trait's.
        let decision = RuleSet::decide(self, &subject(fact, &topics), scratch);
        TriageFact {
            rule: decision.rule,
            owner: decision.owner,
            priority: decision.priority.as_str(),
            queue: decision.queue,
            confidence: decision.confidence.as_str(),
            unsure: decision.unsure.map(JudgedField::as_str),
            reason: decision.reason,
            spans: decision.spans,
            labels: decision.labels,
            actions: decision.actions,
            rules: decision.version,
            at,
        }
    }
}

/// A fact as the rules see it, the same as when it is read from the tables again: there what is empty is not told.
fn subject<'s>(fact: &FactRow<'s>, topics: &'s [SubjectTopic<'s>]) -> Subject<'s> {
    Subject {
        account: fact.account.and_then(some),
        segment: fact.segment.and_then(some),
        revenue: fact.revenue,
        product: fact.product.and_then(some),
        version: fact.app_version.and_then(some),
        language: fact.language.and_then(some),
        kind: fact.kind.map(|kind| (kind.label, kind.confidence)),
        sentiment: fact.sentiment.map(|sentiment| (sentiment.label, sentiment.confidence)),
        urgency: fact.urgency,
        score: fact.score,
        topics,
        title: fact.title.and_then(some),
        body: fact.body.unwrap_or_default(),
        ..Subject::new(fact.source_kind, fact.source)
    }
}

impl Processor {
    /// Keeps the row, with the decision where rules are set. A triage that fails costs the row its decision and nothing
    /// else.
    pub(super) fn keep(
        &self,
        judges: &Judges,
        facts: &mut FactColumns,
        row: FactRow<'_>,
        scratch: &mut Scratch,
    ) {
        let Some(triage) = &judges.triage else { return facts.push(&row) };
        // Clocks that are set back make nothing triaged before it came.
        let at = wall_clock().max(row.ingested_at);
        if let Ok(decision) = try_to_decide(triage.as_ref(), &row, at, scratch) {
            return facts.push(&FactRow { triage: Some(decision), ..row });
        }
        *scratch = Scratch::default();
        WorkerMetrics::add(&self.metrics.untriaged, 1);
        tracing::error!(
            "the triage of a record failed; its row is kept without a decision. Report this as a defect"
        );
        facts.push(&row);
    }
}

fn try_to_decide<'s>(
    triage: &'s dyn Triage,
    row: &FactRow<'_>,
    at: Timestamp,
    scratch: &'s mut Scratch,
) -> std::thread::Result<TriageFact<'s>> {
    catch_unwind(AssertUnwindSafe(move || {
        let scratch = scratch;
        triage.decide(row, at, scratch)
    }))
}
