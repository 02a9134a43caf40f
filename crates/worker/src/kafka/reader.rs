//! The reading thread: polls, fills batches, hands them on, and holds the group while the store is slow.

use super::Observer;
use super::assignment::{Assignment, Look, Past};
use super::config::WorkerConfig;
use super::context::{GroupContext, Key};
use super::troubles::Troubles;
use crate::backoff::Backoff;
use crate::pipeline::Pipeline;
use crate::pipeline::batch::Batch;
use crate::trouble::Trouble;
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, shutdown::Shutdown};
use feedback::time::Timestamp;
use rdkafka::Message as _;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, Headers as _};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Store;

/// How long reading waits for the store before it pauses the partitions and polls on for the group's sake.
/// Pausing throws away what was fetched ahead, so a short wait is cheaper.
const PATIENCE: Duration = Duration::from_secs(3);
const TICK: Duration = Duration::from_millis(50);
/// Things beside the messages are looked after once in so many of them, and at least so often.
const STRIDE: u32 = 64;
const STALE: Duration = Duration::from_millis(10);
/// With nothing from the broker for so long, a run up to the end asks whether it is there, and waits so long for that.
const SILENCE: Duration = Duration::from_secs(25);
const ANSWER: Duration = Duration::from_secs(5);

pub(super) struct Reader<'a> {
    pub config: &'a WorkerConfig,
    pub consumer: &'a BaseConsumer<GroupContext>,
    pub store: Store,
    pub runtime: tokio::runtime::Handle,
    pub pipeline: Pipeline,
    pub metrics: Arc<WorkerMetrics>,
    pub shutdown: Shutdown,
    pub observer: Arc<dyn Observer>,
    pub troubles: Troubles,
    pub taking_up: Trouble,
    pub state: State,
}

/// What changes while reading.
pub(super) struct State {
    pub partitions: Partitions,
    pub open: Option<Batch>,
    opened: Instant,
    pub paused: bool,
    now: Instant,
    wall: Timestamp,
    since_clock: u32,
    /// When the broker gave a message or an assignment, or was asked for a sign of life.
    pub heard: Instant,
    pub past: Past,
    pub sum: Outcomes,
}

pub(super) enum Partitions {
    /// Nothing was assigned yet.
    None,
    /// Assigned; the tables or the broker have not said yet where to begin.
    Waiting {
        keys: Vec<Key>,
        backoff: Backoff,
        again: Instant,
    },
    InHand(Assignment),
}

impl Default for State {
    fn default() -> Self {
        Self {
            partitions: Partitions::None,
            open: None,
            opened: Instant::now(),
            paused: false,
            now: Instant::now(),
            wall: wall_clock(),
            since_clock: 0,
            heard: Instant::now(),
            past: Past::default(),
            sum: Outcomes::default(),
        }
    }
}

pub(crate) fn wall_clock() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

impl Reader<'_> {
    /// Until somebody asks for the end, the end of the partitions is reached, or nothing can go on.
    pub fn run(mut self) -> Result<Outcomes, WorkerError> {
        let result = self.read();
        if result.is_ok() {
            self.finish();
        }
        let sum = self.state.sum;
        result.map(|()| sum)
    }

    fn read(&mut self) -> Result<(), WorkerError> {
        while !self.shutdown.is_requested() {
            self.tick();
            self.hear_pipeline()?;
            self.take_up_partitions()?;
            if self.config.stop_at_end {
                if self.is_done() {
                    return Ok(());
                }
                self.give_up_on_silence()?;
            }
            if self.make_room() {
                self.fill()?;
            }
        }
        Ok(())
    }

    /// Polls into the open batch until it is due, or something else has to be looked after.
    fn fill(&mut self) -> Result<(), WorkerError> {
        let consumer = self.consumer;
        loop {
            match consumer.poll(self.poll_timeout()) {
                Some(Ok(message)) => self.message(&message),
                Some(Err(error)) => {
                    self.error(&error)?;
                    break;
                }
                None => {
                    self.tick();
                    self.nothing_waits();
                    break;
                }
            }
            self.state.since_clock += 1;
            if self.state.since_clock >= STRIDE || self.state.now.elapsed() >= STALE {
                self.tick();
                if self.is_due() || self.pipeline.has_news() || self.shutdown.is_requested() {
                    break;
                }
            }
            if self.state.open.is_none() {
                break;
            }
        }
        if self.is_due() {
            self.close_batch();
        }
        Ok(())
    }

    /// What was fetched before now is handed out.
    fn nothing_waits(&mut self) {
        if let Partitions::InHand(assignment) = &mut self.state.partitions
            && self.config.stop_at_end
            && !self.state.paused
        {
            assignment.fetched(&self.consumer.context().heard().fetched);
        }
    }

    /// A run up to the end is a task that somebody waits for: it does not wait for a broker for ever.
    fn give_up_on_silence(&mut self) -> Result<(), WorkerError> {
        if self.state.now.duration_since(self.state.heard) < SILENCE {
            return Ok(());
        }
        let topic = self.config.topics.first().map(String::as_str);
        if let Err(error) = self.consumer.fetch_metadata(topic, ANSWER) {
            let (brokers, waited) = (self.config.brokers.clone(), self.state.heard.elapsed().as_secs());
            return Err(WorkerError::Silence { brokers, waited, reason: error.to_string() });
        }
        self.state.heard = Instant::now();
        Ok(())
    }

    fn tick(&mut self) {
        self.state.now = Instant::now();
        self.state.wall = wall_clock();
        self.state.since_clock = 0;
    }

    fn poll_timeout(&self) -> Duration {
        let age = self.state.now.duration_since(self.state.opened);
        let holds = self.state.open.as_ref().is_some_and(|batch| batch.rows() > 0 || batch.known > 0);
        if holds { self.config.batch.age.saturating_sub(age).min(TICK) } else { TICK }
    }

    fn message(&mut self, message: &BorrowedMessage<'_>) {
        let State { partitions, open, opened, now, wall, heard, .. } = &mut self.state;
        // While partitions are being taken up, what still comes belongs to the time before.
        let Partitions::InHand(assignment) = partitions else { return };
        let Some(slot) = assignment.slot(message.topic(), message.partition()) else { return };
        let Some(batch) = open else {
            // It came in spite of the pause. It must not be passed over: all is read again from the tables.
            let epoch = assignment.origin.epoch;
            return self.start_over(epoch);
        };
        *heard = *now;
        if batch.rows() == 0 && batch.known == 0 {
            batch.origin = assignment.origin.clone();
            *opened = *now;
        }
        let payload = message.payload().unwrap_or_default();
        let before = match assignment.look(slot, message.offset()) {
            Look::Pass => return,
            Look::Known => {
                batch.known += 1;
                return;
            }
            Look::Process(before) => before,
        };
        let headers = message
            .headers()
            .into_iter()
            .flat_map(|headers| headers.iter())
            .filter_map(|header| Some((header.key, header.value?)));
        batch.push(slot, message.offset(), payload, headers, *wall, before);
        if batch.rows() >= self.config.batch.rows || batch.bytes() >= self.config.batch.bytes {
            self.close_batch();
        }
    }

    fn is_due(&self) -> bool {
        let Some(batch) = &self.state.open else { return false };
        let old = self.state.now.duration_since(self.state.opened) >= self.config.batch.age;
        (batch.rows() > 0 || batch.known > 0) && (old || self.at_end())
    }

    fn at_end(&self) -> bool {
        self.config.stop_at_end
            && matches!(&self.state.partitions, Partitions::InHand(assignment) if assignment.is_at_end())
    }

    /// Hands the open batch on; it stays open where it holds nothing.
    fn close_batch(&mut self) {
        let Partitions::InHand(assignment) = &mut self.state.partitions else { return };
        let Some(mut batch) = self.state.open.take_if(|batch| batch.rows() > 0 || batch.known > 0) else {
            return;
        };
        batch.moves = assignment.cut();
        WorkerMetrics::add(&self.metrics.messages_read, batch.rows() as u64);
        WorkerMetrics::add(&self.metrics.bytes_read, batch.bytes() as u64);
        self.pipeline.submit(batch);
    }

    /// Whether a batch is open. While there is none to be had, the partitions pause and polling goes on.
    fn make_room(&mut self) -> bool {
        if self.state.open.is_some() {
            return true;
        }
        let waited = Instant::now();
        while self.state.open.is_none() && !self.shutdown.is_requested() && !self.pipeline.has_news() {
            self.state.open = self.pipeline.empty_batch(TICK);
            if self.state.open.is_none() && (self.state.paused || waited.elapsed() >= PATIENCE) {
                self.pause(true);
                return true;
            }
        }
        let room = self.state.open.is_some();
        if room && self.state.paused {
            self.pause(false);
        }
        room
    }

    fn pause(&mut self, wanted: bool) {
        if self.state.paused == wanted {
            return;
        }
        let result = self.consumer.assignment().and_then(|partitions| {
            if wanted { self.consumer.pause(&partitions) } else { self.consumer.resume(&partitions) }
        });
        if let Err(error) = result {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                wanted,
                "partitions could not be paused or resumed"
            );
            return;
        }
        // Pausing throws away what was fetched ahead.
        self.consumer.context().heard().fetched.clear();
        if wanted {
            WorkerMetrics::add(&self.metrics.held_back, 1);
            let read = self.metrics.messages_read.load(std::sync::atomic::Ordering::Relaxed);
            let committed = self.state.sum.messages;
            tracing::info!(read, committed, "the store is slower than the topics; reading is held back");
        }
        self.state.paused = wanted;
    }

    fn is_done(&self) -> bool {
        let nothing_open = self.state.open.as_ref().is_none_or(|batch| batch.rows() == 0 && batch.known == 0);
        nothing_open && self.at_end() && self.pipeline.is_idle() && !self.pipeline.has_news()
    }

    /// Commits what is ready; the rest is read again by whoever comes next.
    fn finish(&mut self) {
        self.close_batch();
        let patience = self.config.grace.mul_f64(0.6);
        let whole = self.pipeline.drain(patience);
        if !whole {
            tracing::info!("letting go of what is not committed yet");
            self.pipeline.let_go(self.config.grace.mul_f64(0.1));
        }
        if let Err(error) = self.hear_pipeline() {
            tracing::warn!(error = &error as &dyn std::error::Error, "the last batch was not committed");
        }
    }
}
