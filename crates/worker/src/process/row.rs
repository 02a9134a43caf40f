//! The parts of a row that do not come from the analysis, and notes in place of rows.

use super::Message;
use analyze::pseudonym::{Author, Pseudonym};
use analyze::redact::{Class, Known, RedactionCounts};
use feedback::ids::Id;
use feedback::position::Position;
use feedback::record::{Item, Record};
use store::{FactRow, Note};

/// What all rows of one message share.
pub(super) struct Identity<'a> {
    pub item: &'a Item<'a>,
    /// These two without personal data; the ids are made from them.
    pub source: &'a str,
    pub native_id: &'a str,
    pub message: &'a Message<'a>,
}

impl Identity<'_> {
    pub fn row<'r>(&'r self, part: &'r str) -> FactRow<'r> {
        let Self { item, source, native_id, message } = self;
        let kind = item.kind.as_str();
        FactRow {
            record_id: Id::of(&[kind, source, native_id, part]),
            item_id: Id::of(&[kind, source, native_id]),
            source_kind: kind,
            source,
            native_id,
            part,
            version: item.version,
            content_hash: item.content_hash,
            occurred_at: item.occurred_at,
            updated_at: item.updated_at,
            collected_at: Some(item.collected_at),
            ingested_at: message.ingested_at,
            position_topic: message.topic,
            position_partition: message.partition,
            position_offset: message.offset,
            ..FactRow::default()
        }
    }
}

pub(super) fn note(message: &Message<'_>, outcome: store::Outcome, reason: &str) -> Note {
    Note {
        outcome,
        reason: reason.to_owned(),
        detail: String::new(),
        payload: None,
        source_kind: None,
        author: None,
        author_alias: None,
        records: 1,
        ingested_at: message.ingested_at,
        position: Position {
            topic: message.topic.into(),
            partition: message.partition,
            offset: message.offset,
        },
    }
}

pub(super) fn sign(note: &mut Note, author: Option<Author>) {
    let text = |name: Pseudonym| name.as_str().to_owned();
    note.author = author.map(|author| text(author.name));
    note.author_alias = author.and_then(|author| author.alias).map(text);
}

/// What must not stand in any text of this record.
pub(super) fn known_strings<'r>(record: &'r Record<'_>) -> Vec<&'r str> {
    let author = &record.author;
    let handle = author.id.as_deref().filter(|id| Known::is_handle(id));
    [author.name.as_deref(), author.email.as_deref(), handle]
        .into_iter()
        .flatten()
        .chain(record.names.iter().map(|name| &**name))
        .collect()
}

pub(super) fn redactions(counts: &RedactionCounts) -> ([(&'static str, i32); Class::ALL.len()], usize) {
    let mut list = [("", 0); Class::ALL.len()];
    let mut found = 0;
    for (slot, (class, count)) in list.iter_mut().zip(counts.iter()) {
        *slot = (class, i32::try_from(count).unwrap_or(i32::MAX));
        found += 1;
    }
    (list, found)
}

pub(super) fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
