//! The outbox: what was to be said to whom, and each attempt at it.

use super::columns::{Rows, texts};
use super::row::Row;
use super::{AT, PAYLOAD, QUOTED, Quoted, SEQUENCE, Theirs, left};
use crate::error::StoreError;
use crate::schema::{Column, DAY, Holds, Table, Type, optional, required};
use deltalake_core::arrow::array::ArrayRef;
use feedback::time::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const COLUMNS: &[Column] = &[
    required(DAY, Type::Date, Holds::Facts),
    SEQUENCE,
    AT,
    required("delivery_key", Type::Text, Holds::TextOrPeople),
    required("step", Type::Text, Holds::Facts),
    optional("target", Type::Text, Holds::TextOrPeople),
    optional("record_id", Type::Text, Holds::TextOrPeople),
    PAYLOAD,
    QUOTED,
];

/// Something that happened to a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryEvent {
    pub at: Timestamp,
    /// Names the delivery for good.
    pub key: String,
    /// [`DeliveryEvent::DELIVERED`], or another step of it.
    pub step: String,
    /// Told where it is queued.
    pub target: Option<String>,
    /// The record that all of it is about, where it is about one: an erasure of its author takes the row.
    pub record: Option<Quoted>,
    /// A JSON object.
    pub payload: Option<String>,
    /// Whose words stand in the payload, beside the record's.
    pub quoted: Vec<Quoted>,
}

/// What had left when its author was erased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Delivered {
    pub key: String,
    pub target: String,
    pub at: Timestamp,
}

impl DeliveryEvent {
    /// The step by which a receiver has it.
    pub const DELIVERED: &'static str = "delivered";

    /// The deliveries that held something of theirs and have reached their target.
    pub(super) fn delivered(events: &[Self], theirs: &Theirs) -> BTreeSet<Delivered> {
        let mut targets: BTreeMap<&str, &str> = BTreeMap::new();
        for event in events {
            if event.quoted().into_iter().any(|quoted| theirs.hold(quoted)) {
                targets.insert(&event.key, event.target.as_deref().unwrap_or_default());
            }
        }
        let delivered = events.iter().filter(|event| event.step == Self::DELIVERED);
        let told = delivered.filter_map(|event| {
            let target = *targets.get(event.key.as_str())?;
            Some(Delivered { key: event.key.clone(), target: target.to_owned(), at: event.at })
        });
        told.collect()
    }
}

impl Row for DeliveryEvent {
    const TABLE: Table = Table::Deliveries;

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
            texts(events, |event| Some(&event.key)),
            texts(events, |event| Some(&event.step)),
            texts(events, |event| event.target.as_deref()),
            texts(events, |event| event.record.as_ref().map(|record| record.record_id.as_str())),
        ]
    }

    fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError> {
        let (record, quoted) = rows.record_and_quoted("record_id", row)?;
        Ok(Self {
            at: rows.at(row)?,
            key: rows.text("delivery_key", row)?,
            step: rows.text("step", row)?,
            target: rows.optional("target", row)?,
            record,
            payload: rows.payload(row)?,
            quoted,
        })
    }

    /// What is about them is never sent any more; what quotes them among others is, without their words.
    fn without(self, theirs: &Theirs) -> Option<Self> {
        if self.record.as_ref().is_some_and(|record| theirs.hold(record)) {
            return None;
        }
        let (payload, quoted) = left(self.payload, self.quoted, None, theirs);
        Some(Self { payload, quoted, ..self })
    }
}
