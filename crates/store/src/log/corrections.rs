//! What people said of records in place of the models.

use super::columns::{Rows, text_lists, texts};
use super::row::Row;
use super::{AT, PAYLOAD, QUOTED, Quoted, SEQUENCE, Theirs};
use crate::error::StoreError;
use crate::schema::{Column, DAY, Holds, Table, Type, optional, required};
use deltalake_core::arrow::array::{ArrayRef, Date32Array, Int32Array, Int64Array};
use feedback::correction::Said;
use feedback::time::{Day, Timestamp};
use std::sync::Arc;

pub(crate) const COLUMNS: &[Column] = &[
    required(DAY, Type::Date, Holds::Facts),
    SEQUENCE,
    AT,
    required("correction_id", Type::Text, Holds::Facts),
    required("told_by", Type::Text, Holds::TextOrPeople),
    required("record_id", Type::Text, Holds::TextOrPeople),
    required("item_id", Type::Text, Holds::TextOrPeople),
    required("item_day", Type::Date, Holds::Facts),
    required("content_hash", Type::Long, Holds::TextOrPeople),
    required("body_chars", Type::Int, Holds::TextOrPeople),
    required("field", Type::Text, Holds::Facts),
    optional("value", Type::Text, Holds::Facts),
    optional("topics", Type::Texts, Holds::Facts),
    optional("note", Type::Text, Holds::TextOrPeople),
    PAYLOAD,
    QUOTED,
];

/// Something that a person said of a record. It holds for the record while the item's content is the one that it was said
/// of, and until something later is said of the same ([`crate::Store::current_facts`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Names the row for good.
    pub id: String,
    pub at: Timestamp,
    /// The name of a token or of a login.
    pub by: String,
    /// An erasure of its author takes the row.
    pub record: Quoted,
    pub item_id: String,
    /// The day on which the record occurred, as it was when this was said.
    pub item_day: Day,
    /// Of the item's content then.
    pub content_hash: i64,
    /// Characters of the redacted body then: where a topic is named that the model did not find, all of them are its span.
    pub body_chars: u32,
    /// As [`Said`] writes it.
    pub field: String,
    pub value: Option<String>,
    pub topics: Option<Vec<String>>,
    pub note: Option<String>,
}

impl Correction {
    /// `None` for what a later version wrote: it corrects nothing here.
    #[must_use]
    pub fn said(&self) -> Option<Said> {
        Said::parse(&self.field, self.value.as_deref(), self.topics.as_deref())
    }
}

impl Row for Correction {
    const TABLE: Table = Table::Corrections;

    fn at(&self) -> Timestamp {
        self.at
    }

    fn payload(&self) -> Option<&str> {
        None
    }

    fn quoted(&self) -> Vec<&Quoted> {
        vec![&self.record]
    }

    fn own(events: &[&Self]) -> Vec<ArrayRef> {
        let days = events.iter().map(|event| event.item_day.0);
        let contents = events.iter().map(|event| event.content_hash);
        // A body is cut long before 2^31 characters.
        let chars = events.iter().map(|event| event.body_chars as i32);
        vec![
            texts(events, |event| Some(&event.id)),
            texts(events, |event| Some(&event.by)),
            texts(events, |event| Some(&event.record.record_id)),
            texts(events, |event| Some(&event.item_id)),
            Arc::new(Date32Array::from_iter_values(days)),
            Arc::new(Int64Array::from_iter_values(contents)),
            Arc::new(Int32Array::from_iter_values(chars)),
            texts(events, |event| Some(&event.field)),
            texts(events, |event| event.value.as_deref()),
            text_lists(events, |event| event.topics.as_deref()),
            texts(events, |event| event.note.as_deref()),
        ]
    }

    fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError> {
        let (record, _) = rows.record_and_quoted("record_id", row)?;
        let nameless = || {
            let record_id = rows.text("record_id", row)?;
            Ok::<_, StoreError>(Quoted { record_id, author: None, author_alias: None })
        };
        Ok(Self {
            id: rows.text("correction_id", row)?,
            at: rows.at(row)?,
            by: rows.text("told_by", row)?,
            record: record.map_or_else(nameless, Ok)?,
            item_id: rows.text("item_id", row)?,
            item_day: rows.day("item_day", row)?,
            content_hash: rows.long("content_hash", row)?,
            body_chars: u32::try_from(rows.int("body_chars", row)?).unwrap_or(0),
            field: rows.text("field", row)?,
            value: rows.optional("value", row)?,
            topics: rows.texts("topics", row)?,
            note: rows.optional("note", row)?,
        })
    }

    /// Only asked of rows of theirs.
    fn without(self, _: &Theirs) -> Option<Self> {
        None
    }
}
