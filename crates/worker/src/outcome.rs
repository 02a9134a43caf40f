//! What became of messages: the worker's side of the ledger.

use serde::Serialize;
use std::ops::AddAssign;

/// What one message came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// So many records became rows; a deletion is one.
    Facts {
        records: u32,
        deletion: bool,
    },
    Ignored,
    DeadLetter,
    /// The author asked to be forgotten: nothing but the position is kept.
    Erased {
        records: u32,
    },
    /// The tables hold it already.
    Known,
    /// Refused before, read again, and refused again.
    StillRefused,
}

/// Counts over messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    pub messages: u64,
    /// Records that became rows, deletions not among them.
    pub records: u64,
    /// Deletions.
    pub tombstones: u64,
    pub ignored: u64,
    pub dead_letters: u64,
    pub erased: u64,
    /// The messages that gave those that are erased.
    pub erased_messages: u64,
    /// Read again by a replay and found in the tables: not consumed a second time.
    pub known: u64,
    /// Of `known`: refused before, and still.
    pub still_refused: u64,
}

impl Outcomes {
    /// Records decoded and messages that gave none: the left side of the ledger.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.records + self.tombstones + self.ignored + self.dead_letters + self.erased
    }

    pub fn count(&mut self, outcome: Outcome) {
        self.messages += 1;
        match outcome {
            Outcome::Facts { deletion: true, .. } => self.tombstones += 1,
            Outcome::Facts { records, deletion: false } => self.records += u64::from(records),
            Outcome::Ignored => self.ignored += 1,
            Outcome::DeadLetter => self.dead_letters += 1,
            Outcome::Erased { records } => {
                self.erased += u64::from(records);
                self.erased_messages += 1;
            }
            Outcome::Known => self.known += 1,
            Outcome::StillRefused => {
                self.known += 1;
                self.still_refused += 1;
            }
        }
    }
}

impl AddAssign for Outcomes {
    fn add_assign(&mut self, other: Self) {
        self.messages += other.messages;
        self.records += other.records;
        self.tombstones += other.tombstones;
        self.ignored += other.ignored;
        self.dead_letters += other.dead_letters;
        self.erased += other.erased;
        self.erased_messages += other.erased_messages;
        self.known += other.known;
        self.still_refused += other.still_refused;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_counts_once() {
        let mut sum = Outcomes::default();
        for outcome in [
            Outcome::Facts { records: 3, deletion: false },
            Outcome::Facts { records: 1, deletion: true },
            Outcome::Ignored,
            Outcome::DeadLetter,
            Outcome::Erased { records: 2 },
            Outcome::Known,
            Outcome::StillRefused,
        ] {
            sum.count(outcome);
        }
        assert_eq!((sum.messages, sum.consumed(), sum.known, sum.still_refused), (7, 8, 2, 1));
    }
}
