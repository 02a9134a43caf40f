//! Room for what was received and is not durable yet, over all requests: a number of bytes, taken before they are read.

use super::trouble::Trouble;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests last a fraction of a second: then there is room again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Room {
    free: Arc<Semaphore>,
    bytes: usize,
}

impl Room {
    /// At most about four billion bytes, which is what one request can ask for at once.
    pub fn new(bytes: usize) -> Self {
        let bytes = bytes.min(u32::MAX as usize).min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(bytes)), bytes }
    }

    /// Bytes that are taken now.
    pub fn taken(&self) -> usize {
        self.bytes - self.free.available_permits()
    }

    /// Nothing yet; it grows with what is read.
    pub fn slot(&self) -> Slot {
        Slot { free: Arc::clone(&self.free), of: self.bytes, bytes: 0, held: None }
    }
}

/// One request's part of it, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    free: Arc<Semaphore>,
    of: usize,
    bytes: usize,
    held: Option<OwnedSemaphorePermit>,
}

impl Slot {
    /// Takes so many bytes more, now or not at all.
    ///
    /// # Errors
    /// Over capacity; or too large, where it would not fit if the server had nothing else to do.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Trouble> {
        let all = self.bytes.saturating_add(bytes);
        if all > self.of {
            return Err(Trouble::TooLarge { most: self.of });
        }
        // It is at most `of`, which fits.
        let permits = u32::try_from(bytes).unwrap_or(u32::MAX);
        let over = |_| Trouble::OverCapacity { retry_after: RETRY_AFTER };
        let more = Arc::clone(&self.free).try_acquire_many_owned(permits).map_err(over)?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        self.bytes = all;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_given_back() {
        let room = Room::new(100);
        let mut first = room.slot();
        first.grow(60).unwrap();
        first.grow(20).unwrap();
        assert_eq!(room.taken(), 80);
        let mut second = room.slot();
        assert!(matches!(second.grow(21), Err(Trouble::OverCapacity { .. })));
        second.grow(20).unwrap();
        assert_eq!(room.taken(), 100);
        drop(first);
        assert_eq!(room.taken(), 20);
        drop(second);
        assert_eq!(room.taken(), 0);
    }

    #[test]
    fn what_never_fits_is_not_told_to_come_again() {
        let room = Room::new(100);
        let mut slot = room.slot();
        assert!(matches!(slot.grow(101), Err(Trouble::TooLarge { most: 100 })));
        slot.grow(50).unwrap();
        assert!(matches!(slot.grow(51), Err(Trouble::TooLarge { most: 100 })));
        assert!(matches!(slot.grow(usize::MAX), Err(Trouble::TooLarge { .. })));
        assert_eq!(room.taken(), 50);
    }
}
