//! The reader's other half: what it hears of the pipeline, the group and the broker, and what it does then.

use super::assignment::Assignment;
use super::context::{Change, Key, list};
use super::reader::{Partitions, Reader};
use super::{Progress, troubles::Then};
use crate::backoff::Backoff;
use crate::pipeline::Event;
use crate::pipeline::batch::{Move, Origin};
use crate::{WorkerError, failpoints, metrics::WorkerMetrics, outcome::Outcomes};
use rdkafka::TopicPartitionList;
use rdkafka::consumer::{CommitMode, Consumer};
use rdkafka::error::KafkaError;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

impl Reader<'_> {
    pub(super) fn hear_pipeline(&mut self) -> Result<(), WorkerError> {
        while let Some(event) = self.pipeline.hear()? {
            match event {
                Event::Committed { origin, moves, outcomes } => self.committed(&origin, &moves, outcomes),
                Event::Overtaken { epoch } => self.overtaken(epoch),
                Event::Failed(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn committed(&mut self, origin: &Arc<Origin>, moves: &[Move], outcomes: Outcomes) {
        self.state.sum += outcomes;
        for step in moves.iter().filter(|step| step.again || outcomes.known > 0) {
            let slot = &origin.slots[step.slot];
            self.state.past.replayed.insert((slot.topic.to_string(), slot.partition), step.read_to);
        }
        if let Partitions::InHand(assignment) = &mut self.state.partitions
            && assignment.origin.epoch == origin.epoch
        {
            assignment.committed(moves);
            let lag = assignment.lag(&self.consumer.context().heard().ends);
            self.metrics.lag_messages.store(lag, Ordering::Relaxed);
        }
        failpoints::pass(failpoints::BEFORE_KAFKA_COMMIT);
        self.advise_kafka(origin, moves);
        let lag = u64::try_from(self.metrics.lag_messages.load(Ordering::Relaxed)).ok();
        self.observer.progress(&Progress { outcomes: self.state.sum, lag });
    }

    /// For lag tools; the tables decide.
    fn advise_kafka(&self, origin: &Origin, moves: &[Move]) {
        let steps = moves.iter().filter_map(|step| {
            let slot = &origin.slots[step.slot];
            Some((&*slot.topic, slot.partition, step.step?.next))
        });
        let result = list(steps).and_then(|offsets| {
            if offsets.count() == 0 { Ok(()) } else { self.consumer.commit(&offsets, CommitMode::Async) }
        });
        if let Err(error) = result {
            WorkerMetrics::add(&self.metrics.offset_commit_errors, 1);
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "kafka's own offsets could not be noted"
            );
        }
    }

    /// Reads again from what the tables note, unless the partitions have gone meanwhile.
    fn overtaken(&mut self, epoch: u64) {
        if let Partitions::InHand(assignment) = &self.state.partitions
            && assignment.origin.epoch == epoch
        {
            let keys =
                assignment.origin.slots.iter().map(|slot| (slot.topic.to_string(), slot.partition)).collect();
            if let Err(error) = self.consumer.assign(&TopicPartitionList::new()) {
                tracing::warn!(error = &error as &dyn std::error::Error, "fetching could not be stopped");
            }
            self.wait_for(keys);
        }
    }

    fn wait_for(&mut self, keys: Vec<Key>) {
        self.drop_open();
        // A pause does not outlive its assignment.
        self.state.paused = false;
        self.state.partitions =
            Partitions::Waiting { keys, backoff: Backoff::default(), again: Instant::now() };
    }

    fn drop_open(&mut self) {
        if let Some(batch) = &mut self.state.open {
            batch.clear();
        }
    }

    /// Follows the group, and begins where the tables say.
    pub(super) fn take_up_partitions(&mut self) -> Result<(), WorkerError> {
        let change = self.consumer.context().heard().change.take();
        match change {
            Some(Change::Assigned(keys)) => self.wait_for(keys),
            Some(Change::Revoked) => {
                self.drop_open();
                self.state.partitions = Partitions::None;
            }
            None => {}
        }
        let Partitions::Waiting { keys, backoff, again } = &mut self.state.partitions else { return Ok(()) };
        if Instant::now() < *again {
            return Ok(());
        }
        let taken = Assignment::take_up(
            keys,
            self.pipeline.epoch(),
            self.config,
            self.consumer,
            &self.store,
            &self.runtime,
            &self.state.past,
        )
        .and_then(|assignment| {
            self.consumer.assign(&assignment.starts()?)?;
            Ok(assignment)
        });
        match taken {
            Ok(assignment) => {
                self.troubles.connected();
                self.taking_up.over();
                self.state.heard = Instant::now();
                self.consumer.context().heard().fetched.clear();
                self.state.past.held.extend(keys.drain(..));
                self.state.partitions = Partitions::InHand(assignment);
            }
            Err(error) => match error.into_fatal() {
                Ok(fatal) => return Err(fatal),
                Err(passing) => {
                    *again = Instant::now() + backoff.next_wait();
                    self.taking_up.failed(&passing);
                }
            },
        }
        Ok(())
    }

    pub(super) fn error(&mut self, error: &KafkaError) -> Result<(), WorkerError> {
        if let KafkaError::PartitionEOF(partition) = error {
            if let Partitions::InHand(assignment) = &mut self.state.partitions {
                assignment.reached_end(*partition);
            }
            return Ok(());
        }
        WorkerMetrics::add(&self.metrics.broker_errors, 1);
        let reason = self.consumer.context().heard().error.take();
        if self.troubles.judge(error, reason, self.config)? == Then::AskAgain
            && let Partitions::InHand(assignment) = &self.state.partitions
        {
            // The broker does not have what was asked for: the tables are asked again, and a gap is found there.
            self.start_over(assignment.origin.epoch);
        }
        Ok(())
    }

    pub(super) fn start_over(&mut self, epoch: u64) {
        self.pipeline.let_go(self.config.grace / 2);
        self.overtaken(epoch);
    }
}
