//! The batch that is being filled: what is read of it already, while the one before is committed.

use crate::pipeline::batch::Batch;
use crossbeam_channel::{Sender, unbounded};

/// Where further parts of an open batch go. Dropped, the batch is whole.
pub(super) struct Group {
    parts: Sender<Batch>,
    /// In it by now.
    pub rows: usize,
    pub bytes: usize,
}

impl Group {
    /// Opens a batch: it begins with what is in it.
    pub fn open(batch: &mut Batch) -> Self {
        let (parts, more) = unbounded();
        batch.more = Some(more);
        Self { parts, rows: batch.rows(), bytes: batch.bytes() }
    }

    pub fn add(&mut self, part: Batch) {
        self.rows += part.rows();
        self.bytes += part.bytes();
        // Where nobody reads it any more the batch has failed, and an event says so.
        let _ = self.parts.send(part);
    }
}
