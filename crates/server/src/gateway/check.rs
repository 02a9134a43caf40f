//! Items looked at one by one, before any of them is taken.

use super::answer::{ItemOutcome, ItemStatus, Receipt};
use crate::intake::{Incoming, Taken};
use bytes::Bytes;
use connect::{Setting, Translated, Vendor};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::ids::Id;
use feedback::record::Item;
use feedback::refusal::{IgnoreReason, Reason, Refusal};
use feedback::size::Size;
use feedback::time::Timestamp;
use std::collections::HashSet;

/// What one structured event is.
pub(super) enum Read {
    Sound { message: Incoming, version: Version },
    Ignored(IgnoreReason),
}

/// What two events share that say the same: readers of the tables keep one of them, whichever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Version {
    item: Id,
    version: i64,
    updated_at: Timestamp,
    content_hash: i64,
}

/// Reads an event as whoever consumes it will.
pub(super) fn read(decoder: &Decoder, event: Bytes, now: Timestamp) -> Result<Read, Refusal> {
    let item = match decoder.decode(&event, Headers::default(), now)? {
        Decoded::Ignored(reason) => return Ok(Read::Ignored(reason)),
        Decoded::Item(item) => item,
    };
    let version = Version::of(&item);
    let message = Incoming {
        kind: item.kind.as_str().to_owned(),
        source: item.source.clone().into_owned(),
        product: None,
        // The same bytes, counted once more.
        payload: event.clone(),
        vendor: None,
        key: item.native_id.as_bytes().to_vec(),
    };
    Ok(Read::Sound { message, version })
}

/// Reads a vendor's payload as the event that it becomes.
pub(super) fn translated(
    decoder: &Decoder,
    vendor: Vendor,
    payload: &[u8],
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<Read, Refusal> {
    let most = decoder.limits().message_bytes;
    if payload.len() > most {
        // Not looked at: as a tree of values it takes many times its bytes.
        return Err(Refusal::new(Reason::TooLarge, format!("the message: expected at most {}", Size(most))));
    }
    match connect::translate(vendor, payload, setting)? {
        Translated::Event(event) => read(decoder, event.into(), now),
        Translated::Ignored(reason) => Ok(Read::Ignored(reason)),
    }
}

impl Read {
    /// Bytes of what was made anew to be handed over.
    pub fn made(read: &Result<Self, Refusal>) -> usize {
        match read {
            Ok(Self::Sound { message, .. }) => message.payload.len(),
            _ => 0,
        }
    }
}

impl Version {
    fn of(item: &Item<'_>) -> Self {
        let Item { version, updated_at, content_hash, .. } = *item;
        Self { item: item.item_id(), version, updated_at, content_hash }
    }
}

/// What a request brought: what is to be taken, and the answer if it is.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub messages: Vec<Incoming>,
    pub answer: Answer,
    seen: HashSet<Version>,
}

/// What is told of a request once its messages are taken.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub receipt: Receipt,
    /// Of each message, which item it was.
    items: Vec<usize>,
}

impl Answer {
    /// But for what could not be taken.
    pub fn of(mut self, taken: &Taken) -> Receipt {
        for item in taken.too_large.iter().filter_map(|place| self.items.get(*place)) {
            self.receipt.change(*item, too_large());
        }
        self.receipt
    }
}

/// Of a message that is larger than what takes it.
fn too_large() -> ItemOutcome {
    let detail = "the message: what stands behind this server takes none of this size; send a smaller one, or have whoever \
                  runs it raise max.message.bytes of the topic";
    ItemOutcome::unread(ItemStatus::Refused, Refusal::new(Reason::TooLarge, detail))
}

impl Checked {
    /// One item of which nothing is to be taken.
    pub fn settled(outcome: ItemOutcome) -> Self {
        let mut checked = Self::default();
        checked.answer.receipt.push(outcome);
        checked
    }

    /// An item that cannot be read, and is to be taken as it came.
    pub fn keep(&mut self, letter: Incoming, refusal: Refusal) {
        self.take(letter);
        self.answer.receipt.push(ItemOutcome::unread(ItemStatus::DeadLetter, refusal));
    }

    pub fn push(&mut self, read: Result<Read, Refusal>) {
        let outcome = match read {
            Ok(Read::Sound { message, version }) => {
                if self.seen.insert(version) {
                    self.take(message);
                    ItemOutcome::of(ItemStatus::Accepted)
                } else {
                    ItemOutcome::of(ItemStatus::Duplicate)
                }
            }
            Ok(Read::Ignored(reason)) => ItemOutcome::ignored(reason),
            Err(refusal) => ItemOutcome::unread(ItemStatus::Refused, refusal),
        };
        self.answer.receipt.push(outcome);
    }

    /// The message of the next item.
    fn take(&mut self, message: Incoming) {
        self.answer.items.push(self.answer.receipt.items.len());
        self.messages.push(message);
    }
}
