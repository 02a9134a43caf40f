//! An outbox that forgets with the process: for tests, and for whoever sends once and looks.

use super::{Entry, Event, Outbox, OutboxError, What, due, fold, reference};
use async_trait::async_trait;
use feedback::time::Timestamp;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
pub struct Memory {
    events: Mutex<Vec<Event>>,
}

impl Memory {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All that happened.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.locked().clone()
    }

    /// As it stands now.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        fold(self.locked().iter())
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Event>> {
        // Events are pushed whole: whoever panicked left none half done.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Outbox for Memory {
    async fn due(&self, now: Timestamp, most: usize) -> Result<Vec<Entry>, OutboxError> {
        Ok(due(&self.entries(), now, most).into_iter().cloned().collect())
    }

    async fn append(&self, event: &Event) -> Result<(), OutboxError> {
        let mut events = self.locked();
        if matches!(event.what, What::Sending { .. }) {
            let entries = fold(events.iter());
            let entry = entries.iter().find(|entry| entry.key == event.key);
            if !entry.is_some_and(|entry| entry.is_due(event.at)) {
                return Err(OutboxError::Taken { key: event.key.clone() });
            }
        }
        events.push(event.clone());
        Ok(())
    }

    async fn reference(&self, target: &str, group: &str) -> Result<Option<String>, OutboxError> {
        Ok(reference(&self.entries(), target, group).map(str::to_owned))
    }
}
