//! The life of each case, and which record is in which.

use super::columns::{Rows, texts};
use super::row::Row;
use super::{AT, PAYLOAD, QUOTED, Quoted, SEQUENCE, Theirs, left};
use crate::error::StoreError;
use crate::schema::{Column, DAY, Holds, Table, Type, optional, required};
use deltalake_core::arrow::array::ArrayRef;
use feedback::time::Timestamp;
use std::collections::HashMap;

pub(crate) const COLUMNS: &[Column] = &[
    required(DAY, Type::Date, Holds::Facts),
    SEQUENCE,
    AT,
    required("case_id", Type::Text, Holds::TextOrPeople),
    required("step", Type::Text, Holds::Facts),
    optional("record_id", Type::Text, Holds::TextOrPeople),
    optional("told_by", Type::Text, Holds::TextOrPeople),
    optional("owner", Type::Text, Holds::TextOrPeople),
    optional("topic", Type::Text, Holds::Facts),
    optional("kind", Type::Text, Holds::Facts),
    optional("product", Type::Text, Holds::TextOrPeople),
    optional("vector", Type::Text, Holds::Facts),
    PAYLOAD,
    QUOTED,
];

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEvent {
    pub at: Timestamp,
    /// Names the case for good.
    pub case: String,
    /// [`CaseEvent::JOINED`], [`CaseEvent::ASSIGNED`], or a step of the case's life.
    pub step: String,
    /// The record that came to the case by this.
    pub record: Option<Quoted>,
    /// The person who said so, where one did.
    pub told_by: Option<String>,
    pub owner: Option<String>,
    /// What the reports of the case have in common, told where it opens: topic, kind, product, version of the vector.
    pub topic: Option<String>,
    pub kind: Option<String>,
    pub product: Option<String>,
    pub vector: Option<String>,
    /// A JSON object. No vectors: those are read from the facts.
    pub payload: Option<String>,
    /// Whose words stand in the payload, beside the record's.
    pub quoted: Vec<Quoted>,
}

impl CaseEvent {
    /// The step of a record that came to a case and did no more: an erasure of its author takes the row.
    pub const JOINED: &'static str = "joined";
    /// The step by which somebody gave the case to another owner, who is named in the row.
    pub const ASSIGNED: &'static str = "assigned";

    /// Of each record the case that it came to first: what was said once stays.
    #[must_use]
    pub fn members<'e>(events: impl IntoIterator<Item = &'e Self>) -> HashMap<&'e str, &'e str> {
        let mut members = HashMap::new();
        for event in events {
            if let Some(record) = &event.record {
                members.entry(record.record_id.as_str()).or_insert(event.case.as_str());
            }
        }
        members
    }
}

impl Row for CaseEvent {
    const TABLE: Table = Table::Cases;

    fn at(&self) -> Timestamp {
        self.at
    }

    fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    fn quoted(&self) -> Vec<&Quoted> {
        self.record.iter().chain(&self.quoted).collect()
    }

    fn own(events: &[&Self]) -> Vec<ArrayRef> {
        vec![
            texts(events, |event| Some(&event.case)),
            texts(events, |event| Some(&event.step)),
            texts(events, |event| event.record.as_ref().map(|record| record.record_id.as_str())),
            texts(events, |event| event.told_by.as_deref()),
            texts(events, |event| event.owner.as_deref()),
            texts(events, |event| event.topic.as_deref()),
            texts(events, |event| event.kind.as_deref()),
            texts(events, |event| event.product.as_deref()),
            texts(events, |event| event.vector.as_deref()),
        ]
    }

    fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError> {
        let (record, quoted) = rows.record_and_quoted("record_id", row)?;
        Ok(Self {
            at: rows.at(row)?,
            case: rows.text("case_id", row)?,
            step: rows.text("step", row)?,
            record,
            told_by: rows.optional("told_by", row)?,
            owner: rows.optional("owner", row)?,
            topic: rows.optional("topic", row)?,
            kind: rows.optional("kind", row)?,
            product: rows.optional("product", row)?,
            vector: rows.optional("vector", row)?,
            payload: rows.payload(row)?,
            quoted,
        })
    }

    /// That the case opened or came back stays, without a word of whose report that was.
    fn without(self, theirs: &Theirs) -> Option<Self> {
        let is_theirs = self.record.as_ref().is_some_and(|record| theirs.hold(record));
        if is_theirs && self.step == Self::JOINED {
            return None;
        }
        let (payload, quoted) = left(self.payload, self.quoted, self.record.as_ref(), theirs);
        let record = self.record.filter(|_| !is_theirs);
        Some(Self { record, payload, quoted, ..self })
    }
}
