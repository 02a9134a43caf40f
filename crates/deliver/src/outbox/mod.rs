//! The outbox: what is still to be said, what became of the rest. State and rules only, all of them pure; the events
//! are kept by somebody else, who appends and never changes one.

mod entry;
mod memory;
mod policy;

pub use entry::{Entry, Event, Key, State, What};
pub use memory::Memory;
pub use policy::{Outcome, Policy};

use async_trait::async_trait;
use feedback::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

/// Where the events are kept.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// The entries to be attempted now, at most so many of each target, in the order of [`due`].
    ///
    /// # Errors
    /// [`OutboxError`].
    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<Entry>, OutboxError>;

    /// Keeps an event for good. One that begins an attempt is refused where the entry stands otherwise meanwhile.
    ///
    /// # Errors
    /// [`OutboxError::Taken`] for such an event, else [`OutboxError::Store`].
    async fn append(&self, event: &Event) -> Result<(), OutboxError>;

    /// What a receiver called the thing that an earlier delivery of the group made, in the words of [`reference`].
    ///
    /// # Errors
    /// [`OutboxError`].
    async fn reference(&self, target: &str, group: &str) -> Result<Option<String>, OutboxError>;
}

/// The outbox could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error("another process attempts the delivery {key}")]
    Taken { key: Key },
    #[error("the outbox cannot be read or written")]
    Store {
        /// Whether the same call may succeed later.
        retryable: bool,
        source: Box<dyn Error + Send + Sync>,
    },
}

impl OutboxError {
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Store { retryable: true, .. })
    }
}

/// The entries that events tell of, in the order in which they were queued. An entry queued twice is one; an event of an
/// entry that was never queued is of no use.
#[must_use]
pub fn fold<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    for event in events {
        match places.get(&event.key) {
            Some(place) => {
                if let Some(entry) = entries.get_mut(*place) {
                    entry.apply(event);
                }
            }
            None => {
                if let Some(entry) = Entry::queued(event) {
                    places.insert(event.key.clone(), entries.len());
                    entries.push(entry);
                }
            }
        }
    }
    entries
}

/// Whom to attempt now: of each target and group the first that has not ended, where its time has come; at most so many of
/// each target, so that one that is slow keeps nobody else waiting. `entries` are in the order in which they were queued.
#[must_use]
pub fn due<'e>(entries: impl IntoIterator<Item = &'e Entry>, now: Timestamp, most: usize) -> Vec<&'e Entry> {
    let mut heads = BTreeSet::new();
    let mut by_target: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in entries.into_iter().filter(|entry| !entry.has_ended()) {
        let alone = entry.note.group.is_empty();
        let head = alone || heads.insert((entry.target.as_str(), entry.note.group.as_str()));
        if head && entry.is_due(now) {
            let of_target = by_target.entry(&entry.target).or_default();
            if *of_target < most {
                *of_target += 1;
                found.push(entry);
            }
        }
    }
    found
}

/// The last reference that a delivery of this group at this target ended with.
#[must_use]
pub fn reference<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    target: &str,
    group: &str,
) -> Option<&'e str> {
    let of_group = entries.into_iter().filter(|entry| entry.target == target && entry.note.group == group);
    of_group.filter_map(|entry| entry.reference.as_deref()).last()
}

#[cfg(test)]
mod tests;
