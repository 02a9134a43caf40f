//! The decision of the triage as columns of a fact: null in all of them where there is none.

use super::columns::{element, field, times};
use crate::schema::{self, Type};
use deltalake_core::arrow::array::{
    ArrayRef, Int32Builder, ListBuilder, StringBuilder, StructBuilder, TimestampMicrosecondBuilder,
};
use feedback::span::Span;
use feedback::time::Timestamp;
use std::sync::Arc;

/// What is to be done with a record and why, borrowed from wherever it was decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriageFact<'a> {
    pub rule: &'a str,
    pub owner: &'a str,
    /// `P1` to `P4`.
    pub priority: &'a str,
    pub queue: &'a str,
    /// `high`, `medium` or `low`.
    pub confidence: &'a str,
    /// The judgement that was too unsure, so that a person has to look; `None` where none has to.
    pub unsure: Option<&'a str>,
    /// What held, in words.
    pub reason: &'a str,
    /// Where in `body` that stands.
    pub spans: &'a [Span],
    pub labels: &'a [String],
    /// Names of delivery targets.
    pub actions: &'a [String],
    /// The version of the rules.
    pub rules: &'a str,
    pub at: Timestamp,
}

#[derive(Debug)]
pub(super) struct TriageColumns {
    rule: StringBuilder,
    owner: StringBuilder,
    priority: StringBuilder,
    queue: StringBuilder,
    confidence: StringBuilder,
    unsure: StringBuilder,
    reason: StringBuilder,
    spans: ListBuilder<StructBuilder>,
    labels: ListBuilder<StringBuilder>,
    actions: ListBuilder<StringBuilder>,
    rules: StringBuilder,
    at: TimestampMicrosecondBuilder,
}

impl TriageColumns {
    pub fn new() -> Self {
        let text = StringBuilder::new;
        let texts = || ListBuilder::new(text()).with_field(element(Type::Texts));
        let spans = StructBuilder::from_fields(schema::span_fields(), 0);
        Self {
            rule: text(),
            owner: text(),
            priority: text(),
            queue: text(),
            confidence: text(),
            unsure: text(),
            reason: text(),
            spans: ListBuilder::new(spans).with_field(element(Type::Spans)),
            labels: texts(),
            actions: texts(),
            rules: text(),
            at: times(),
        }
    }

    /// Returns the bytes it took, beyond those of every row.
    pub fn push(&mut self, decision: Option<&TriageFact<'_>>) -> usize {
        self.rule.append_option(decision.map(|d| d.rule));
        self.owner.append_option(decision.map(|d| d.owner));
        self.priority.append_option(decision.map(|d| d.priority));
        self.queue.append_option(decision.map(|d| d.queue));
        self.confidence.append_option(decision.map(|d| d.confidence));
        self.unsure.append_option(decision.and_then(|d| d.unsure));
        self.reason.append_option(decision.map(|d| d.reason));
        self.push_spans(decision.map(|d| d.spans));
        push_texts(&mut self.labels, decision.map(|d| d.labels));
        push_texts(&mut self.actions, decision.map(|d| d.actions));
        self.rules.append_option(decision.map(|d| d.rules));
        self.at.append_option(decision.map(|d| d.at.0));
        decision.map_or(0, |d| d.rule.len() + d.owner.len() + d.queue.len() + d.reason.len())
    }

    fn push_spans(&mut self, spans: Option<&[Span]>) {
        for span in spans.unwrap_or_default() {
            let fields = self.spans.values();
            // A body is cut long before 2^31 characters.
            field::<Int32Builder>(fields, 0).append_value(span.start as i32);
            field::<Int32Builder>(fields, 1).append_value(span.end as i32);
            fields.append(true);
        }
        self.spans.append(spans.is_some());
    }

    /// In the order of the schema.
    pub fn finish(&mut self) -> [ArrayRef; 12] {
        [
            Arc::new(self.rule.finish()),
            Arc::new(self.owner.finish()),
            Arc::new(self.priority.finish()),
            Arc::new(self.queue.finish()),
            Arc::new(self.confidence.finish()),
            Arc::new(self.unsure.finish()),
            Arc::new(self.reason.finish()),
            Arc::new(self.spans.finish()),
            Arc::new(self.labels.finish()),
            Arc::new(self.actions.finish()),
            Arc::new(self.rules.finish()),
            Arc::new(self.at.finish()),
        ]
    }
}

fn push_texts(list: &mut ListBuilder<StringBuilder>, texts: Option<&[String]>) {
    for text in texts.unwrap_or_default() {
        list.values().append_value(text);
    }
    list.append(texts.is_some());
}
