//! A batch on its way: the bytes of many messages in one buffer, which is used again and again.

use crate::{kafka::cursor::Step, process::Message};
use crossbeam_channel::Receiver;
use feedback::{event::Headers, time::Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use store::Advance;

/// One partition that a batch may hold messages of.
#[derive(Debug)]
pub(crate) struct Slot {
    pub topic: Arc<str>,
    pub partition: i32,
    /// `<group>/<topic>/<partition>`: the app transaction that notes how far it is read.
    pub app_id: String,
    /// A file's name, for its dead letters: their position tells only what it holds.
    pub name: Option<String>,
    /// Where the app transaction [`again_id`] stands. The committer moves it.
    again: Mutex<Option<i64>>,
    /// What else each commit has to find as it was, and moves.
    guards: Mutex<Vec<Advance>>,
}

/// The app transaction that counts the commits which read a partition once more: a replay, a second import, a retry of
/// its dead letters, a group that takes over from another. Each asks the tables what they hold after it has asked for
/// this number, so that of two that read the same message again only one gets on. (Two groups never read at the same
/// time: `kafka/ownership.rs`.)
pub(crate) fn again_id(topic: &str, partition: i32) -> String {
    format!("{topic}/{partition}/again")
}

impl Slot {
    pub fn new(
        (topic, partition): (&str, i32),
        app_id: String,
        again: Option<i64>,
        guards: Vec<Advance>,
    ) -> Self {
        let (again, guards) = (Mutex::new(again), Mutex::new(guards));
        Self { topic: topic.into(), partition, app_id, name: None, again, guards }
    }

    pub fn again_id(&self) -> String {
        again_id(&self.topic, self.partition)
    }

    /// The next step of that counter.
    pub fn again_step(&self) -> Step {
        let from = *self.again.lock().unwrap_or_else(PoisonError::into_inner);
        Step { from, next: from.unwrap_or(0) + 1 }
    }

    pub fn read_again(&self, step: Step) {
        *self.again.lock().unwrap_or_else(PoisonError::into_inner) = Some(step.next);
    }

    pub fn guards(&self) -> Vec<Advance> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A commit has moved them; the next one finds them there.
    pub fn guarded(&self) {
        let mut guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        guards.iter_mut().for_each(|guard| guard.from = Some(guard.next));
    }
}

/// What is read under one assignment. A batch of an earlier assignment never commits.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    pub epoch: u64,
    pub slots: Vec<Slot>,
}

/// What a batch notes of one slot once it is committed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Move {
    pub slot: usize,
    pub step: Option<Step>,
    /// Some of its messages may have been read before.
    pub again: bool,
    /// The next offset to read; behind `step` in a replay.
    pub read_to: i64,
}

impl Move {
    /// From where the earlier one starts to where the later one ends.
    fn join(&mut self, later: Self) {
        match (&mut self.step, later.step) {
            (Some(earlier), Some(later)) => earlier.next = later.next,
            (earlier @ None, later) => *earlier = later,
            (_, None) => {}
        }
        self.again |= later.again;
        self.read_to = later.read_to;
    }
}

/// One move a slot of what comes one after the other.
pub(crate) fn join(moves: &mut Vec<Move>, later: Vec<Move>) {
    for later in later {
        match moves.iter_mut().find(|earlier| earlier.slot == later.slot) {
            Some(earlier) => earlier.join(later),
            None => moves.push(later),
        }
    }
}

/// How a message ended the last time it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// It was not read, as far as the tables know.
    Unread,
    /// It gave no fact: it was ignored, or belongs to somebody erased.
    Passed,
    /// It is a dead letter.
    Refused,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    slot: u32,
    offset: i64,
    arrived: Timestamp,
    /// Ends of this entry's payload and headers; they start where the one before ends.
    payload_end: usize,
    headers_end: usize,
    before: Before,
}

/// A header's name and value: ends within the batch's header bytes.
#[derive(Debug, Clone, Copy)]
struct HeaderEnds {
    name: usize,
    value: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub number: u64,
    pub origin: Arc<Origin>,
    pub moves: Vec<Move>,
    /// Messages that a replay passed over, as the tables hold them.
    pub known: u64,
    /// Of a batch that is open still, further parts of it, each with moves of its own: it is whole once nobody can send one
    /// any more.
    pub more: Option<Receiver<Self>>,
    payloads: Vec<u8>,
    header_bytes: Vec<u8>,
    headers: Vec<HeaderEnds>,
    entries: Vec<Entry>,
}

impl Batch {
    /// Empty again, with the memory kept.
    pub fn clear(&mut self) {
        self.origin = Arc::default();
        self.moves.clear();
        self.known = 0;
        self.more = None;
        self.payloads.clear();
        self.header_bytes.clear();
        self.headers.clear();
        self.entries.clear();
    }

    pub fn rows(&self) -> usize {
        self.entries.len()
    }

    pub fn bytes(&self) -> usize {
        self.payloads.len() + self.header_bytes.len()
    }

    pub fn push<'h>(
        &mut self,
        slot: usize,
        offset: i64,
        payload: &[u8],
        headers: impl Iterator<Item = (&'h str, &'h [u8])>,
        arrived: Timestamp,
        before: Before,
    ) {
        self.payloads.extend_from_slice(payload);
        // Only what makes a binary event is kept: other headers belong to the transport.
        for (name, value) in headers.filter(|(name, _)| name.starts_with("ce_") || *name == "content-type") {
            self.header_bytes.extend_from_slice(name.as_bytes());
            let name = self.header_bytes.len();
            self.header_bytes.extend_from_slice(value);
            self.headers.push(HeaderEnds { name, value: self.header_bytes.len() });
        }
        self.entries.push(Entry {
            slot: slot as u32,
            offset,
            arrived,
            payload_end: self.payloads.len(),
            headers_end: self.headers.len(),
            before,
        });
    }

    /// Every message with how it ended before.
    pub fn messages(&self) -> impl Iterator<Item = (Message<'_>, Before)> {
        let mut payload_start = 0;
        let mut headers_start = 0;
        self.entries.iter().map(move |entry| {
            let slot = &self.origin.slots[entry.slot as usize];
            let message = Message {
                payload: &self.payloads[payload_start..entry.payload_end],
                headers: self.headers(headers_start, entry.headers_end),
                topic: &slot.topic,
                partition: slot.partition,
                offset: entry.offset,
                ingested_at: entry.arrived,
            };
            payload_start = entry.payload_end;
            headers_start = entry.headers_end;
            (message, entry.before)
        })
    }

    fn headers(&self, start: usize, end: usize) -> Headers<'_> {
        let mut at = start.checked_sub(1).map_or(0, |before| self.headers[before].value);
        self.headers[start..end]
            .iter()
            .filter_map(|ends| {
                let name = std::str::from_utf8(&self.header_bytes[at..ends.name]).ok();
                let value = &self.header_bytes[ends.name..ends.value];
                at = ends.value;
                name.map(|name| (name, value))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_as_they_went_in() {
        let slot = |topic: &str| Slot::new((topic, 3), String::new(), None, Vec::new());
        let mut batch = Batch::default();
        for _ in 0..2 {
            batch.clear();
            batch.origin = Arc::new(Origin { epoch: 1, slots: vec![slot("a"), slot("b")] });
            let binary = [("ce_specversion", &b"1.0"[..]), ("trace", b"x"), ("ce_id", b"7")];
            batch.push(1, 5, b"one", binary.into_iter(), Timestamp(1), Before::Unread);
            batch.push(0, 9, b"", std::iter::empty(), Timestamp(2), Before::Refused);
            let bare = [("ce_specversion", &b"1.0"[..])];
            batch.push(1, 6, b"three", bare.into_iter(), Timestamp(3), Before::Unread);
            let seen: Vec<_> = batch
                .messages()
                .map(|(m, before)| {
                    (m.topic.to_owned(), m.offset, m.payload.to_vec(), m.headers.is_binary(), before)
                })
                .collect();
            let expected = [
                ("b", 5, &b"one"[..], true, Before::Unread),
                ("a", 9, b"", false, Before::Refused),
                ("b", 6, b"three", true, Before::Unread),
            ]
            .map(|(topic, offset, payload, binary, before)| {
                (topic.to_owned(), offset, payload.to_vec(), binary, before)
            });
            assert_eq!(seen, expected);
            assert_eq!(batch.rows(), 3);
        }
    }
}
