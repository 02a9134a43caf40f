//! Who changed what, by the API, the dashboard or a shell.
//!
//! It is of those who work here and of nobody who wrote to them: an object is named by its id, and a detail says what
//! was done and quotes nobody. So an erasure leaves it as it is: that somebody corrected a record stays, by an id that
//! leads to nothing any more.

use super::columns::{Rows, texts};
use super::row::Row;
use super::{AT, PAYLOAD, QUOTED, Quoted, SEQUENCE, Theirs};
use crate::error::StoreError;
use crate::schema::{Column, DAY, Holds, Table, Type, required};
use deltalake_core::arrow::array::ArrayRef;
use feedback::time::Timestamp;

pub(crate) const COLUMNS: &[Column] = &[
    required(DAY, Type::Date, Holds::Facts),
    SEQUENCE,
    AT,
    required("audit_id", Type::Text, Holds::Facts),
    required("told_by", Type::Text, Holds::TextOrPeople),
    required("role", Type::Text, Holds::Facts),
    required("action", Type::Text, Holds::Facts),
    required("object", Type::Text, Holds::TextOrPeople),
    required("detail", Type::Text, Holds::TextOrPeople),
    PAYLOAD,
    QUOTED,
];

/// A change that somebody made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Names the row for good.
    pub id: String,
    pub at: Timestamp,
    /// The name of a token or of a login.
    pub by: String,
    pub role: String,
    pub action: String,
    /// The id of what was changed: never a customer's name or words.
    pub object: String,
    /// How it was changed: never a customer's name or words.
    pub detail: String,
}

impl Row for AuditEvent {
    const TABLE: Table = Table::Audit;

    fn at(&self) -> Timestamp {
        self.at
    }

    fn payload(&self) -> Option<&str> {
        None
    }

    fn quoted(&self) -> Vec<&Quoted> {
        Vec::new()
    }

    fn own(events: &[&Self]) -> Vec<ArrayRef> {
        vec![
            texts(events, |event| Some(&event.id)),
            texts(events, |event| Some(&event.by)),
            texts(events, |event| Some(&event.role)),
            texts(events, |event| Some(&event.action)),
            texts(events, |event| Some(&event.object)),
            texts(events, |event| Some(&event.detail)),
        ]
    }

    fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError> {
        Ok(Self {
            id: rows.text("audit_id", row)?,
            at: rows.at(row)?,
            by: rows.text("told_by", row)?,
            role: rows.text("role", row)?,
            action: rows.text("action", row)?,
            object: rows.text("object", row)?,
            detail: rows.text("detail", row)?,
        })
    }

    fn without(self, _: &Theirs) -> Option<Self> {
        Some(self)
    }
}
