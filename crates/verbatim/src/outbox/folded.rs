//! The deliveries as far as their log was read.

use super::rows;
use deliver::{Entry, Event, Key, State};
use std::collections::HashMap;
use store::{DeliveryEvent, Mark, Quoted, Tail};

#[derive(Default)]
pub struct Folded {
    mark: Mark,
    /// In the order in which they were queued.
    entries: Vec<Entry>,
    places: HashMap<Key, usize>,
    /// The records that deliveries as a whole are about.
    records: HashMap<Key, Quoted>,
}

impl Folded {
    /// Behind the last event that was taken in.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn get(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(*self.places.get(key)?)
    }

    /// Takes in what was read.
    pub fn take(&mut self, tail: Tail<DeliveryEvent>) {
        if tail.anew {
            *self = Self::default();
        }
        self.mark = tail.mark;
        for row in tail.events {
            match rows::event(&row) {
                Some(event) => self.apply(&event, row.record),
                None => {
                    tracing::warn!(key = row.key, step = row.step, "an event of a delivery cannot be read")
                }
            }
        }
    }

    /// Takes in what this process appended right behind the mark.
    pub fn noted(&mut self, event: &Event, mark: Mark) {
        self.mark = mark;
        self.apply(event, None);
    }

    /// The row of an event, with what the rows of its delivery have in common.
    pub fn row(&self, event: &Event) -> Result<DeliveryEvent, serde_json::Error> {
        let target = self.get(&event.key).map(|entry| entry.target.as_str());
        rows::row(event, target, self.records.get(&event.key), &[])
    }

    fn apply(&mut self, event: &Event, record: Option<Quoted>) {
        let Some(place) = self.places.get(&event.key).copied() else {
            let Some(entry) = Entry::queued(event) else { return };
            self.places.insert(event.key.clone(), self.entries.len());
            self.entries.push(entry);
            self.records.extend(record.map(|record| (event.key.clone(), record)));
            return;
        };
        let Some(entry) = self.entries.get_mut(place) else { return };
        entry.apply(event);
        if matches!(entry.state, State::Delivered { .. }) {
            // It is never said again, and there are many: what it said stays in the log alone.
            entry.note.blocks = Vec::new();
            entry.note.links = Vec::new();
        }
    }
}
