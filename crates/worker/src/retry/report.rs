//! What a retry came to, and why what was left was left.

use super::{Sent, Wanted};
use serde::Serialize;

/// What a retry came to: `letters` is the sum of `recovered`, `refused`, `ignored`, `erased`, `known` and those gone;
/// and of those that it did not get to, where it was interrupted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RetryReport {
    /// Chosen by the filter.
    pub letters: usize,
    /// Their origin still had them, and they went through today's decoding.
    pub sent: usize,
    /// They gave facts.
    pub recovered: usize,
    /// Still refused.
    pub refused: usize,
    /// Why, by reason.
    pub still: Vec<Still>,
    /// Understood now, with nothing in them to count; they are noted so.
    pub ignored: usize,
    /// Their author has asked to be forgotten; they are noted so.
    pub erased: usize,
    /// The tables had them already: another retry or a replay was faster.
    pub known: usize,
    /// Their origin does not have them any more.
    pub gone: Vec<Gone>,
    /// Somebody asked for an end before it was through.
    pub interrupted: bool,
}

/// Letters that are refused for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Still {
    pub reason: String,
    pub letters: usize,
}

/// Letters that cannot be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gone {
    pub topic: String,
    pub partition: i32,
    pub letters: usize,
    pub why: String,
}

impl RetryReport {
    pub(super) fn add(&mut self, sent: Sent) {
        self.recovered += sent.recovered;
        self.ignored += sent.ignored;
        self.erased += sent.erased;
        for (reason, letters) in sent.refused {
            self.refused += letters;
            match self.still.iter_mut().find(|still| still.reason == reason) {
                Some(still) => still.letters += letters,
                None => self.still.push(Still { reason, letters }),
            }
        }
    }

    pub(super) fn gone(&mut self, wanted: &Wanted, letters: usize, why: Option<String>) {
        let why = why.unwrap_or_else(|| "the origin no longer has them".to_owned());
        let (topic, partition) = (wanted.topic.to_string(), wanted.partition);
        self.gone.push(Gone { topic, partition, letters, why });
    }
}
