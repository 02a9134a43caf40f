//! From bytes to an [`Item`], to a reason to ignore them, or to one [`Refusal`]. Pure; see the crate's invariants.
//!
//! What the contracts share, whatever the kind:
//! - `null`, a blank string and an absent field mean the same.
//! - A string that holds a number is read as that number; an integer where an id or a label belongs is read as
//!   its digits.
//! - Of equal keys in one object the last one counts, as in JavaScript and Python, but each must be sound.
//! - A field the contract does not name is kept as metadata under its name (`author.plan`, `messages.0.via`,
//!   `score.comment` inside of others), its value as canonical JSON.
//! - A deletion is read for its id, version and times; nothing else in it is looked at.

mod common;
mod content_hash;
pub(crate) mod fields;
mod metadata;
pub(crate) mod names;
mod nps;
mod path;
pub(crate) mod read;
#[cfg(test)]
mod schema_fields;
mod score;
mod social;
mod survey;
mod ticket;

pub(crate) use path::Path;

use crate::{
    event::{self, Action, Envelope, Headers},
    json::Reader,
    kind::{Contract, Registry},
    limits::Limits,
    record::{Change, Item, Record},
    refusal::{IgnoreReason, Reason, Refusal},
    size::Size,
    time::Timestamp,
};
use common::{Common, Deletion};

/// Reads messages; shared by all threads.
#[derive(Debug, Clone)]
pub struct Decoder {
    registry: Registry,
    limits: Limits,
}

/// What a sound message is.
#[derive(Debug, Clone, PartialEq)]
pub enum Decoded<'a> {
    Item(Item<'a>),
    Ignored(IgnoreReason),
}

/// What holds while one message is read.
pub(crate) struct Scope<'s> {
    pub limits: &'s Limits,
    /// The last moment that the message may speak of.
    pub latest: Timestamp,
}

/// A contract's own reading of a payload: its records, or why there are none.
enum Content<'a> {
    Records(Vec<Record<'a>>),
    Ignored(IgnoreReason),
}

impl Decoder {
    #[must_use]
    pub fn new(registry: Registry, limits: Limits) -> Self {
        Self { registry, limits }
    }

    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads one message, borrowing its texts from the payload and the headers.
    ///
    /// `now` is the time of arrival; it bounds how far ahead a message may be dated and enters nothing else.
    ///
    /// # Errors
    /// One [`Refusal`] for the first thing that is wrong. The same message is refused again, always; only one
    /// dated too far ahead is taken later.
    pub fn decode<'a>(
        &self,
        payload: &'a [u8],
        headers: Headers<'a>,
        now: Timestamp,
    ) -> Result<Decoded<'a>, Refusal> {
        let scope = Scope { limits: &self.limits, latest: self.limits.latest(now) };
        let text = text_of(payload, &self.limits)?;
        let envelope = event::open(text, headers, &self.registry, &scope)?;
        if !envelope.data.starts_with('{') {
            return Err(Path::Root.key("data").refuse(Reason::BadType, "an object"));
        }
        match envelope.action {
            Action::Delete => delete(envelope, &scope).map(Decoded::Item),
            Action::Upsert => upsert(envelope, &scope),
        }
    }
}

/// Whether the contract names this field of a payload's top level.
pub(crate) fn names_field(contract: Contract, name: &str) -> bool {
    let own = match contract {
        Contract::Survey => survey::SurveyField::parse(name).is_some(),
        Contract::Ticket => ticket::TicketField::parse(name).is_some(),
        Contract::Nps => nps::NpsField::parse(name).is_some(),
        Contract::Social => social::SocialField::parse(name).is_some(),
    };
    own || common::CommonField::parse(name).is_some()
}

fn text_of<'a>(payload: &'a [u8], limits: &Limits) -> Result<&'a str, Refusal> {
    if payload.len() > limits.message_bytes {
        let detail = format!("the message: expected at most {}", Size(limits.message_bytes));
        return Err(Refusal::new(Reason::TooLarge, detail));
    }
    let text = std::str::from_utf8(payload).map_err(|error| {
        let detail = format!("the message: expected UTF-8 at byte {}", error.valid_up_to());
        Refusal::new(Reason::InvalidUtf8, detail)
    })?;
    // Tools on Windows put a byte order mark before a file's first line.
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn upsert<'a>(envelope: Envelope<'a>, scope: &Scope<'_>) -> Result<Decoded<'a>, Refusal> {
    let mut reader = Reader::new(envelope.data, 1, scope.limits.depth);
    let mut common = Common::default();
    let content = match envelope.contract {
        Contract::Survey => survey::read(&mut reader, &mut common, scope),
        Contract::Ticket => ticket::read(&mut reader, &mut common, scope),
        Contract::Nps => nps::read(&mut reader, &mut common, scope),
        Contract::Social => social::read(&mut reader, &mut common, scope),
    }?;
    let missing = |name| Path::Root.key("data").key(name).refuse(Reason::MissingField, "a value");
    let native_id = common.id.ok_or_else(|| missing("id"))?;
    let occurred_at = common.occurred_at.or(envelope.time).or(common.updated_at);
    let occurred_at = occurred_at.ok_or_else(|| missing("occurred_at"))?;
    let updated_at = common.updated_at.unwrap_or(occurred_at);
    let records = match content {
        _ if common.test => return Ok(Decoded::Ignored(IgnoreReason::TestEvent)),
        Content::Ignored(reason) => return Ok(Decoded::Ignored(reason)),
        Content::Records(records) => records,
    };
    let mut item = Item {
        kind: envelope.kind,
        source: envelope.source,
        native_id,
        version: common.version.unwrap_or(1),
        updated_at,
        occurred_at,
        collected_at: envelope.time.unwrap_or(updated_at),
        content_hash: 0,
        change: Change::Upsert(records),
    };
    item.content_hash = content_hash::of(&item);
    Ok(Decoded::Item(item))
}

fn delete<'a>(envelope: Envelope<'a>, scope: &Scope<'_>) -> Result<Item<'a>, Refusal> {
    let mut reader = Reader::new(envelope.data, 1, scope.limits.depth);
    let deletion = Deletion::read(&mut reader, scope)?;
    let missing = |name| Path::Root.key("data").key(name).refuse(Reason::MissingField, "a value");
    let native_id = deletion.id.ok_or_else(|| missing("id"))?;
    let updated_at = deletion.updated_at.or(envelope.time).or(deletion.occurred_at);
    let updated_at = updated_at.ok_or_else(|| missing("updated_at"))?;
    let mut item = Item {
        kind: envelope.kind,
        source: envelope.source,
        native_id,
        version: deletion.version.unwrap_or(Item::FINAL_VERSION),
        updated_at,
        occurred_at: deletion.occurred_at.unwrap_or(updated_at),
        collected_at: envelope.time.unwrap_or(updated_at),
        content_hash: 0,
        change: Change::Delete,
    };
    item.content_hash = content_hash::of(&item);
    Ok(item)
}
