//! Readers for several threads: as many as there are threads, so that one is always free.

use super::reader::{Asked, ReadError, Reader, Reading};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

pub struct Pool {
    /// Never empty.
    readers: Vec<Mutex<Reader>>,
    next: AtomicUsize,
}

impl Pool {
    pub fn new(readers: Vec<Reader>) -> Self {
        Self { readers: readers.into_iter().map(Mutex::new).collect(), next: AtomicUsize::new(0) }
    }

    pub fn read(&self, asked: &[Asked<'_>]) -> Result<Vec<Option<Reading>>, ReadError> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        self.free().read(asked)
    }

    /// The first that nobody uses; where all are busy, the turn goes round.
    fn free(&self) -> MutexGuard<'_, Reader> {
        for reader in &self.readers {
            match reader.try_lock() {
                Ok(reader) => return reader,
                // A reader keeps nothing between two readings that could be left half done.
                Err(TryLockError::Poisoned(left)) => return left.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.readers.len();
        self.readers[turn].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
