//! The partitions in hand: where each begins, how far it is read, and what a replay passes over.

use super::config::{Start, WorkerConfig};
use super::context::{Fetched, GroupContext, Key, list};
use super::cursor::Cursor;
use super::ownership::{self, Tenure};
use super::resume::{self, Extent, Gap};
use crate::WorkerError;
use crate::pipeline::batch::{Before, Move, Origin, Slot, again_id};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use store::{CommitError, Next, Offsets, Store, StoreError};

const BROKER_ANSWER: Duration = Duration::from_secs(10);

/// What to do with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Process(Before),
    /// The tables hold it, or it came already.
    Pass,
    Known,
}

/// One partition.
struct Hand {
    cursor: Cursor,
    /// What the tables had noted at the start; below it everything was read once.
    noted: Option<i64>,
    known: Option<Known>,
    /// The batch being read holds messages that others may read at the same time.
    again: bool,
    moved: bool,
    /// The end at the time of assignment.
    end: i64,
    committed: i64,
    at_end: bool,
}

/// What the tables hold of a partition that is read again.
struct Known {
    done: Offsets,
    refused: Offsets,
    /// Another group has read here.
    inherited: bool,
}

impl Known {
    async fn ask(slot: &Slot, inherited: bool, store: &Store) -> Result<Self, StoreError> {
        let done = store.positions(&slot.topic, slot.partition).await?;
        let refused = store.refused(&slot.topic, slot.partition).await?;
        Ok(Self { inherited: inherited || !done.is_empty(), done, refused })
    }
}

/// What this process did with partitions that may come back to it.
#[derive(Default)]
pub(super) struct Past {
    /// How far it has replayed each.
    pub replayed: HashMap<Key, i64>,
    pub held: HashSet<Key>,
}

pub(super) struct Assignment {
    pub origin: Arc<Origin>,
    hands: Vec<Hand>,
    /// Messages come in runs of one partition.
    last: usize,
}

/// Why an assignment could not be taken up.
#[derive(Debug, thiserror::Error)]
pub(super) enum AssignError {
    #[error("the broker did not answer")]
    Broker(#[from] KafkaError),
    #[error("the tables could not be asked")]
    Store(#[from] StoreError),
    #[error("topic {topic}, partition {partition}")]
    Gap { topic: String, partition: i32, source: Gap },
    #[error("topic {topic}, partition {partition}, belongs to another group than {group}")]
    OtherGroup { topic: String, partition: i32, group: String },
    #[error("the partitions could not be taken over")]
    TakeOver(#[source] CommitError),
}

impl AssignError {
    pub fn into_fatal(self) -> Result<WorkerError, Self> {
        match self {
            Self::Gap { topic, partition, source } => Ok(WorkerError::Gap { topic, partition, source }),
            Self::OtherGroup { topic, partition, group } => {
                Ok(WorkerError::OtherGroup { topic, partition, group })
            }
            Self::Store(error) if !error.is_retryable() => Ok(WorkerError::Store(error)),
            Self::TakeOver(error) if error.next() == Next::Stop => Ok(WorkerError::Commit(error)),
            other => Err(other),
        }
    }
}

impl Assignment {
    /// Asks the tables and the broker.
    pub fn take_up(
        keys: &[Key],
        epoch: u64,
        config: &WorkerConfig,
        consumer: &BaseConsumer<GroupContext>,
        store: &Store,
        runtime: &tokio::runtime::Handle,
        past: &Past,
    ) -> Result<Self, AssignError> {
        // Before anything else is asked: whom this fences writes nothing afterwards.
        let tenures = runtime.block_on(ownership::settle(keys, config, store, &past.held))?;
        let app_ids: Vec<String> =
            keys.iter().map(|(topic, partition)| format!("{}/{topic}/{partition}", config.group)).collect();
        let noted = runtime.block_on(store.resume(&app_ids))?;
        let again_ids: Vec<String> =
            keys.iter().map(|(topic, partition)| again_id(topic, *partition)).collect();
        let again = runtime.block_on(store.resume(&again_ids))?;
        let inherited: Vec<bool> = tenures.iter().map(|tenure| tenure.inherited).collect();
        let slots: Vec<Slot> = keys
            .iter()
            .zip(app_ids.into_iter().zip(again).zip(tenures))
            .map(|((topic, partition), ((app_id, again), Tenure { guards, .. }))| {
                Slot::new((topic.as_str(), *partition), app_id, again, guards)
            })
            .collect();
        let extents = extents(keys, consumer)?;
        let wanted = replay_starts(keys, config.start, consumer)?;
        let mut hands = Vec::with_capacity(keys.len());
        for (at, slot) in slots.iter().enumerate() {
            let key = &keys[at];
            let extent = extents[at];
            let wanted =
                wanted[at].map(|offset| offset.max(past.replayed.get(key).copied().unwrap_or(i64::MIN)));
            let plan = resume::plan(noted[at], extent, wanted, config.on_gap).map_err(|source| {
                AssignError::Gap { topic: slot.topic.to_string(), partition: slot.partition, source }
            })?;
            if let Some(skipped) = &plan.skipped {
                tracing::error!(
                    topic = &*slot.topic,
                    partition = slot.partition,
                    from = skipped.start,
                    to = skipped.end,
                    "retention removed messages that were never read; going on without them, as configured"
                );
            }
            let replays_some = noted[at].is_none_or(|noted| plan.start < noted);
            let known = if replays_some {
                Some(runtime.block_on(Known::ask(slot, inherited[at], store))?)
            } else {
                None
            };
            hands.push(Hand {
                cursor: Cursor::new(noted[at], plan.start),
                noted: noted[at],
                known,
                again: false,
                moved: false,
                end: extent.high,
                committed: plan.start,
                at_end: false,
            });
        }
        Ok(Self { origin: Arc::new(Origin { epoch, slots }), hands, last: 0 })
    }

    /// Where the consumer is to fetch from.
    pub fn starts(&self) -> Result<TopicPartitionList, KafkaError> {
        list(self.slots().map(|(slot, hand)| (&*slot.topic, slot.partition, hand.cursor.next())))
    }

    fn slots(&self) -> impl Iterator<Item = (&Slot, &Hand)> {
        self.origin.slots.iter().zip(&self.hands)
    }

    /// `None` for a partition that is not in hand.
    pub fn slot(&mut self, topic: &str, partition: i32) -> Option<usize> {
        let is = |slot: &Slot| slot.partition == partition && *slot.topic == *topic;
        if !self.origin.slots.get(self.last).is_some_and(is) {
            self.last = self.origin.slots.iter().position(is)?;
        }
        Some(self.last)
    }

    /// Takes note of a message, and says what to do with it.
    pub fn look(&mut self, slot: usize, offset: i64) -> Look {
        let hand = &mut self.hands[slot];
        if !hand.cursor.take(offset) {
            return Look::Pass;
        }
        hand.moved = true;
        let Some(known) = &hand.known else { return Look::Process(Before::Unread) };
        if known.done.contains(offset) {
            return Look::Known;
        }
        let refused = known.refused.contains(offset);
        let passed = hand.noted.is_some_and(|noted| offset < noted);
        // What another group has read may be read again by a retry at the same time.
        hand.again |= refused || passed || known.inherited;
        Look::Process(match (refused, passed) {
            (true, _) => Before::Refused,
            (false, true) => Before::Passed,
            (false, false) => Before::Unread,
        })
    }

    /// Ends a batch: what it moves.
    pub fn cut(&mut self) -> Vec<Move> {
        let mut moves = Vec::new();
        for (slot, hand) in self.hands.iter_mut().enumerate() {
            if !std::mem::take(&mut hand.moved) {
                continue;
            }
            let again = std::mem::take(&mut hand.again);
            moves.push(Move { slot, step: hand.cursor.cut(), again, read_to: hand.cursor.next() });
        }
        moves
    }

    pub fn committed(&mut self, moves: &[Move]) {
        for step in moves {
            self.hands[step.slot].committed = step.read_to;
        }
    }

    /// All partitions read up to the end they had when they were assigned.
    pub fn is_at_end(&self) -> bool {
        self.hands.iter().all(|hand| hand.at_end || hand.cursor.next() >= hand.end)
    }

    /// The broker said that there is nothing more for now; it does not say of which topic. Only a partition that
    /// is the only one of its number can be told by it; the others wait for [`Self::fetched`].
    pub fn reached_end(&mut self, partition: i32) {
        let mut slots = self.origin.slots.iter().enumerate().filter(|(_, slot)| slot.partition == partition);
        if let (Some((slot, _)), None) = (slots.next(), slots.next()) {
            self.hands[slot].at_end = true;
        }
    }

    /// Everything before these offsets was handed out. A partition may end with a transaction's mark, which nobody is
    /// handed, so the messages alone do not say that the end is reached.
    pub fn fetched(&mut self, offsets: &HashMap<Key, Fetched>) {
        for (slot, hand) in self.origin.slots.iter().zip(&mut self.hands) {
            if hand.at_end || hand.cursor.next() >= hand.end {
                continue;
            }
            let fetched = offsets.get(&(slot.topic.to_string(), slot.partition));
            hand.at_end = fetched.is_some_and(|fetched| fetched.twice && fetched.to >= hand.end);
        }
    }

    /// Messages not committed yet, by the newest ends heard of.
    pub fn lag(&self, ends: &HashMap<Key, i64>) -> i64 {
        self.slots()
            .map(|(slot, hand)| {
                let heard = ends.get(&(slot.topic.to_string(), slot.partition)).copied().unwrap_or(hand.end);
                (heard.max(hand.end) - hand.committed).max(0)
            })
            .sum()
    }
}

/// What the broker has of each partition; two questions for all of them.
fn extents(keys: &[Key], consumer: &BaseConsumer<GroupContext>) -> Result<Vec<Extent>, KafkaError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let ask = |edge: Offset| -> Result<Vec<i64>, KafkaError> {
        let mut partitions = TopicPartitionList::new();
        for (topic, partition) in keys {
            partitions.add_partition_offset(topic, *partition, edge)?;
        }
        let found = consumer.offsets_for_times(partitions, BROKER_ANSWER)?;
        let offset = |(topic, partition): &Key| {
            let missing = || KafkaError::OffsetFetch(RDKafkaErrorCode::NoOffset);
            let found = found.find_partition(topic, *partition).ok_or_else(missing)?;
            found.error()?;
            match found.offset() {
                Offset::Offset(offset) => Ok(offset),
                _ => Err(missing()),
            }
        };
        keys.iter().map(offset).collect()
    };
    let (lows, highs) = (ask(Offset::Beginning)?, ask(Offset::End)?);
    Ok(lows.into_iter().zip(highs).map(|(low, high)| Extent { low, high }).collect())
}

/// The offsets from which the operator wants to read again; none where only the tables decide.
fn replay_starts(
    keys: &[Key],
    start: Start,
    consumer: &BaseConsumer<GroupContext>,
) -> Result<Vec<Option<i64>>, KafkaError> {
    match start {
        Start::Noted => Ok(vec![None; keys.len()]),
        // Clamped to what the broker has.
        Start::Beginning => Ok(vec![Some(0); keys.len()]),
        Start::Time(at) => {
            let times = list(
                keys.iter().map(|(topic, partition)| (topic.as_str(), *partition, at.0.div_euclid(1000))),
            )?;
            let found = consumer.offsets_for_times(times, BROKER_ANSWER)?;
            Ok(keys
                .iter()
                .map(|(topic, partition)| {
                    match found.find_partition(topic, *partition).map(|found| found.offset()) {
                        Some(Offset::Offset(offset)) => Some(offset),
                        // Nothing is as young as that: the end.
                        _ => Some(i64::MAX),
                    }
                })
                .collect())
        }
    }
}
