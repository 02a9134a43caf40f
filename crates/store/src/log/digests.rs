//! The archive of weekly digests.

use super::columns::{Rows, texts};
use super::row::Row;
use super::{AT, PAYLOAD, QUOTED, Quoted, SEQUENCE, Theirs, left};
use crate::error::StoreError;
use crate::schema::{Column, DAY, Holds, Table, Type, optional, required};
use deltalake_core::arrow::array::ArrayRef;
use feedback::time::Timestamp;
use std::collections::BTreeMap;

pub(crate) const COLUMNS: &[Column] = &[
    required(DAY, Type::Date, Holds::Facts),
    SEQUENCE,
    AT,
    required("week", Type::Text, Holds::Facts),
    required("owner", Type::Text, Holds::TextOrPeople),
    optional("markdown", Type::Text, Holds::TextOrPeople),
    optional("html", Type::Text, Holds::TextOrPeople),
    PAYLOAD,
    QUOTED,
];

/// A digest as it was made. The same week archived again stands behind the earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    pub made_at: Timestamp,
    /// `2026-W12`.
    pub week: String,
    /// Empty for everybody's.
    pub owner: String,
    /// As it was rendered; `None` where somebody who was quoted in it was erased since: it is rendered again from the
    /// payload.
    pub markdown: Option<String>,
    pub html: Option<String>,
    /// All that it says, a JSON object in no format of any receiver.
    pub payload: Option<String>,
    /// Whose words stand in it.
    pub quoted: Vec<Quoted>,
}

impl Digest {
    /// Of each week and owner the one that was archived last.
    #[must_use]
    pub fn newest(digests: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut newest: BTreeMap<(String, String), Self> = BTreeMap::new();
        for digest in digests {
            newest.insert((digest.week.clone(), digest.owner.clone()), digest);
        }
        newest.into_values().collect()
    }
}

impl Row for Digest {
    const TABLE: Table = Table::Digests;

    fn at(&self) -> Timestamp {
        self.made_at
    }

    fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    fn quoted(&self) -> Vec<&Quoted> {
        self.quoted.iter().collect()
    }

    fn own(events: &[&Self]) -> Vec<ArrayRef> {
        vec![
            texts(events, |digest| Some(&digest.week)),
            texts(events, |digest| Some(&digest.owner)),
            texts(events, |digest| digest.markdown.as_deref()),
            texts(events, |digest| digest.html.as_deref()),
        ]
    }

    fn read(rows: &Rows<'_>, row: usize) -> Result<Self, StoreError> {
        Ok(Self {
            made_at: rows.at(row)?,
            week: rows.text("week", row)?,
            owner: rows.text("owner", row)?,
            markdown: rows.optional("markdown", row)?,
            html: rows.optional("html", row)?,
            payload: rows.payload(row)?,
            quoted: rows.quoted(row)?,
        })
    }

    fn without(self, theirs: &Theirs) -> Option<Self> {
        let (payload, quoted) = left(self.payload, self.quoted, None, theirs);
        Some(Self { markdown: None, html: None, payload, quoted, ..self })
    }
}
