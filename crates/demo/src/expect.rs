//! What a pipeline must count, worked out from what was written.

use crate::event::{DemoEvent, ItemTruth, Truth};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The ledger of a history. It balances: consumed = facts + superseded + duplicates + ignored + dead letters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expect {
    /// Messages in Kafka.
    pub messages: u64,
    /// Records of all messages (a deletion counts as one), and the messages that give none.
    pub consumed: u64,
    /// Current records.
    pub facts: u64,
    /// Records of older versions or of deleted items, and deletions.
    pub superseded: u64,
    /// Records seen before.
    pub duplicates: u64,
    pub ignored: u64,
    pub dead_letters: u64,
    /// Items whose last version is a deletion.
    pub deleted_items: u64,
    pub facts_by_source: BTreeMap<&'static str, u64>,
    pub ignored_by_reason: BTreeMap<&'static str, u64>,
    pub dead_letters_by_reason: BTreeMap<&'static str, u64>,
}

impl Expect {
    /// Of any part of a history too, as of a whole one.
    #[must_use]
    pub fn of(events: &[DemoEvent]) -> Self {
        let mut expect = Self { messages: events.len() as u64, ..Self::default() };
        let mut items: HashMap<u64, Vec<&ItemTruth>> = HashMap::new();
        for event in events {
            match &event.truth {
                Truth::Ignored(reason) => *expect.ignored_by_reason.entry(reason).or_default() += 1,
                Truth::DeadLetter(reason) => *expect.dead_letters_by_reason.entry(reason).or_default() += 1,
                Truth::Item(truth) => items.entry(truth.item).or_default().push(truth),
            }
        }
        expect.ignored = expect.ignored_by_reason.values().sum();
        expect.dead_letters = expect.dead_letters_by_reason.values().sum();
        items.values().for_each(|messages| expect.count(messages));
        expect.consumed =
            expect.facts + expect.superseded + expect.duplicates + expect.ignored + expect.dead_letters;
        expect
    }

    fn count(&mut self, messages: &[&ItemTruth]) {
        let Some(current) = messages.iter().max_by_key(|m| rank(m)) else { return };
        let mut seen = HashSet::new();
        for message in messages {
            let records = message.records.len().max(1) as u64;
            if !seen.insert(message.content) {
                self.duplicates += records;
            } else if message.content == current.content && !message.records.is_empty() {
                self.facts += records;
                *self.facts_by_source.entry(message.source.kind()).or_default() += records;
            } else {
                self.superseded += records;
            }
        }
        self.deleted_items += u64::from(current.records.is_empty());
    }
}

/// The last message of an item wins; a deletion wins a tie.
fn rank(message: &ItemTruth) -> (i64, i64, bool) {
    (message.version, message.updated_at.0, message.records.is_empty())
}
