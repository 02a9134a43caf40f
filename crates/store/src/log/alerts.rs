//! What became of each alert: it fired, it grew, it ended, somebody found it useful.

use super::columns::{Rows, texts};
use super::row::Row;
use super::{AT, PAYLOAD, QUOTED, Quoted, SEQUENCE, Theirs, left};
use crate::error::StoreError;
use crate::schema::{Column, DAY, Holds, Table, Type, optional, required};
use deltalake_core::arrow::array::ArrayRef;
use feedback::time::Timestamp;

pub(crate) const COLUMNS: &[Column] = &[
    required(DAY, Type::Date, Holds::Facts),
    SEQUENCE,
    AT,
    required("alert_id", Type::Text, Holds::TextOrPeople),
    required("step", Type::Text, Holds::Facts),
    optional("owner", Type::Text, Holds::TextOrPeople),
    optional("severity", Type::Text, Holds::Facts),
    optional("told_by", Type::Text, Holds::TextOrPeople),
    PAYLOAD,
    QUOTED,
];

/// Something that happened to an alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertEvent {
    pub at: Timestamp,
    /// Names the incident for good.
    pub alert: String,
    pub step: String,
    pub owner: Option<String>,
    pub severity: Option<String>,
    /// The person who said so, where one did.
    pub told_by: Option<String>,
    /// A JSON object.
    pub payload: Option<String>,
    /// Whose words stand in the payload.
    pub quoted: Vec<Quoted>,
}

impl Row for AlertEvent {
    const TABLE: Table = Table::Alerts;

    fn at(&self) -> Timestamp {
        self.at
    }

    fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    fn quoted(&self) -> Vec<&Quoted> {
        self.quoted.iter().collect()
    }

    fn own(events: &[&Self]) -> Vec<ArrayRef> {
        vec![
            texts(events, |event| Some(&event.alert)),
            texts(events, |event| Some(&event.step)),
            texts(events, |event| event.owner.as_deref()),
            texts(events, |event| event.severity.as_deref()),
            texts(events, |event| event.told_by.as_deref()),
        ]
    }

    fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError> {
        Ok(Self {
            at: rows.at(row)?,
            alert: rows.text("alert_id", row)?,
            step: rows.text("step", row)?,
            owner: rows.optional("owner", row)?,
            severity: rows.optional("severity", row)?,
            told_by: rows.optional("told_by", row)?,
            payload: rows.payload(row)?,
            quoted: rows.quoted(row)?,
        })
    }

    /// An alert is of many: it stays, without their words.
    fn without(self, theirs: &Theirs) -> Option<Self> {
        let (payload, quoted) = left(self.payload, self.quoted, None, theirs);
        Some(Self { payload, quoted, ..self })
    }
}
