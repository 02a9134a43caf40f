//! The thread between callers and tables: fills batches with what waits, and answers once they are in.
//!
//! A message that comes alone goes in at once; what comes meanwhile is gathered into the next commit, and read while the one
//! before is under way.

use super::group::Group;
use super::line::Line;
use super::pace::Pace;
use super::session::{Held, Session, TOPIC};
use super::{IntakeError, IntakeOptions, Request};
use crate::backoff::Backoff;
use crate::kafka::cursor::Cursor;
use crate::pipeline::batch::{Batch, Before, Move, Origin, Slot};
use crate::pipeline::{Event, Pipeline};
use crate::trouble::Trouble;
use crate::{WorkerError, metrics::WorkerMetrics, process::Processor, shutdown::Shutdown};
use crossbeam_channel::{Receiver, never, select};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{CommitError, Next, Store};

/// While a commit is under way so many messages are worth being read at once.
const PART: usize = 32;
/// What waits after the end was asked for is given up after so long.
const GRACE: Duration = Duration::from_secs(5);
/// Between looks for a batch that comes back.
const TICK: Duration = Duration::from_millis(5);
/// Where nothing is to be done.
const LONG: Duration = Duration::from_secs(3_600);

pub(super) struct Clerk {
    rows: usize,
    bytes: usize,
    store: Store,
    runtime: tokio::runtime::Handle,
    pipeline: Pipeline,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    requests: Receiver<Request>,
    /// When nobody can hand in anything more, until when that is waited for.
    closing: Option<Instant>,
    line: Line,
    session: Option<Session>,
    /// `None` where the tables have to be asked first how far the session is.
    hand: Option<Hand>,
    backoff: Backoff,
    /// Not before this time are they asked again.
    ask_at: Instant,
    asking: Trouble,
    pace: Pace,
    /// The batch that is being filled, where part of it is handed on.
    group: Option<Group>,
    /// All offsets below are in batches that were closed.
    closed_to: i64,
}

/// The session as it is written now.
struct Hand {
    origin: Arc<Origin>,
    cursor: Cursor,
    held: Held,
}

enum Heard {
    Request(Request),
    NoMoreRequests,
    Event(Event),
    Defect,
    Nothing,
}

impl Clerk {
    pub fn new(
        options: &IntakeOptions,
        store: Store,
        processor: Arc<Processor>,
        metrics: Arc<WorkerMetrics>,
        shutdown: Shutdown,
        requests: Receiver<Request>,
    ) -> Result<Self, WorkerError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (threads, runtime) = (options.threads.unwrap_or(cores).max(1), tokio::runtime::Handle::current());
        let pipeline = Pipeline::start(
            processor,
            store.clone(),
            runtime.clone(),
            threads,
            metrics.clone(),
            shutdown.clone(),
        )?;
        let now = Instant::now();
        Ok(Self {
            rows: options.rows.max(1),
            bytes: options.bytes.max(1),
            store,
            runtime,
            pipeline,
            metrics,
            shutdown,
            requests,
            closing: None,
            line: Line::default(),
            session: None,
            hand: None,
            backoff: Backoff::default(),
            ask_at: now,
            asking: Trouble::new("taking up the gateway's partition"),
            pace: Pace::new(now),
            group: None,
            closed_to: 0,
        })
    }

    /// Until all callers are gone and what they left is through.
    pub fn run(mut self) {
        let refusal = loop {
            if self.is_done() {
                break IntakeError::Closed;
            }
            if let Err(defect) = self.listen() {
                tracing::error!("the intake ended by a defect of this program; start it again");
                break unavailable(defect);
            }
            self.hand_on();
        };
        self.line.refuse(&refusal);
        for request in self.requests.try_iter() {
            // Whoever has stopped waiting is told nothing.
            let _ = request.tell.send(Err(refusal.clone()));
        }
    }

    fn is_done(&self) -> bool {
        self.closing.is_some_and(|until| self.line.is_empty() || Instant::now() >= until)
    }

    /// Waits until something happens, or is due, and takes note of all that has happened by then.
    fn listen(&mut self) -> Result<(), WorkerError> {
        let (news, nothing, due) = (self.pipeline.news(), never(), self.due());
        let requests = if self.closing.is_none() { &self.requests } else { &nothing };
        let heard = select! {
            recv(requests) -> request => request.map_or(Heard::NoMoreRequests, Heard::Request),
            recv(news) -> event => event.map_or(Heard::Defect, Heard::Event),
            default(due) => Heard::Nothing,
        };
        match heard {
            Heard::Request(request) => self.line.push(request),
            Heard::NoMoreRequests => {
                self.closing = Some(Instant::now() + GRACE);
                // The waits between tries are short from now on.
                self.shutdown.request();
            }
            Heard::Event(event) => self.event(event),
            Heard::Defect => return Err(WorkerError::Panicked),
            Heard::Nothing => {}
        }
        while let Ok(request) = self.requests.try_recv() {
            self.line.push(request);
        }
        while let Some(event) = self.pipeline.hear()? {
            self.event(event);
        }
        Ok(())
    }

    /// How long there is nothing to do, unless something happens.
    fn due(&self) -> Duration {
        let (now, may_at) = (Instant::now(), self.pace.may_at());
        let until = |at: Instant| at.saturating_duration_since(now);
        let next = match &self.hand {
            _ if !self.has_more() => LONG,
            None if self.is_full() => until(self.ask_at),
            None => until(self.ask_at.max(may_at)),
            // Only for want of an empty batch is it not handed on.
            Some(_) if self.is_full() || self.line.rows() >= PART => TICK,
            Some(_) if self.is_free() && may_at <= now => TICK,
            Some(_) if self.is_free() => until(may_at),
            Some(_) => LONG,
        };
        self.closing.map_or(next, |at| next.min(until(at)))
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Committed { moves, .. } => {
                // There is one slot, and its offsets belong to the same messages whatever the epoch.
                let answered: usize = moves.iter().map(|moved| self.line.committed(moved.read_to)).sum();
                if self.is_free() {
                    self.pace.committed(Instant::now(), answered);
                }
            }
            // A commit stood that was told as failed, or somebody was erased meanwhile.
            Event::Overtaken { epoch } => {
                self.hand.take_if(|hand| hand.origin.epoch == epoch);
                if self.hand.is_none() {
                    self.start_over();
                }
            }
            // A person has to help; who asks later may find it done.
            Event::Failed(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "what the gateway took could not be written; its senders are told so"
                );
                self.hand = None;
                self.line.refuse(&unavailable(error));
                self.start_over();
            }
        }
    }

    /// What is not through is handed on once more; what was handed on never commits.
    fn start_over(&mut self) {
        self.group = None;
        self.line.again();
        self.closed_to = self.line.through();
    }

    /// Whether anything is to be closed.
    fn has_more(&self) -> bool {
        self.line.rows() > 0 || self.group.is_some()
    }

    /// Whether all that was closed is through.
    fn is_free(&self) -> bool {
        self.line.through() >= self.closed_to
    }

    fn is_full(&self) -> bool {
        let (rows, bytes) = self.group.as_ref().map_or((0, 0), |group| (group.rows, group.bytes));
        rows + self.line.rows() >= self.rows || bytes + self.line.bytes() >= self.bytes
    }

    /// Closes what may go: whole batches at once, and the rest where nothing is under way. What has to wait is read meanwhile.
    fn hand_on(&mut self) {
        while self.has_more() {
            let may = self.is_free() && self.pace.may_at() <= Instant::now();
            let closes = may || self.is_full();
            if !(closes || self.line.rows() >= PART) || !self.take_up() {
                return;
            }
            // The tables may have had all of it already.
            if !self.has_more() || !self.fill(closes) {
                return;
            }
        }
    }

    /// Hands on what fits into the batch that is being filled, and ends it where it `closes`. Whether there was one.
    fn fill(&mut self, closes: bool) -> bool {
        let Some(mut group) = self.group.take() else {
            let Some(mut batch) = self.pipeline.empty_batch(Duration::ZERO) else { return false };
            batch.clear();
            self.put_into(&mut batch, (0, 0));
            self.group = (!closes).then(|| Group::open(&mut batch));
            self.pipeline.submit(batch);
            self.filled(closes);
            return true;
        };
        if self.line.rows() > 0 {
            let mut part = Batch::default();
            self.put_into(&mut part, (group.rows, group.bytes));
            group.add(part);
        }
        self.group = Some(group).filter(|_| !closes);
        self.filled(closes);
        true
    }

    fn filled(&mut self, closes: bool) {
        if let Some(hand) = self.hand.as_ref().filter(|_| closes) {
            self.closed_to = hand.cursor.next();
            self.pace.closed(Instant::now());
        }
    }

    /// What waits, as far as there is room beside so many rows and bytes.
    fn put_into(&mut self, batch: &mut Batch, (rows, bytes): (usize, usize)) {
        let Some(Hand { origin, cursor, held }) = &mut self.hand else { return };
        batch.origin = origin.clone();
        while rows + batch.rows() < self.rows
            && bytes + batch.bytes() < self.bytes
            && let Some((offset, arrived, message)) = self.line.next_message()
        {
            // They come in order, each once.
            let _ = cursor.take(offset);
            if held.done.contains(offset) {
                batch.known += 1;
                continue;
            }
            let before = if held.refused.contains(offset) { Before::Refused } else { Before::Unread };
            let headers = message.vendor.iter().flat_map(|vendor| vendor.headers());
            batch.push(0, offset, &message.payload, headers, arrived, before);
        }
        batch.moves = vec![Move { slot: 0, step: cursor.cut(), again: false, read_to: cursor.next() }];
        WorkerMetrics::add(&self.metrics.messages_read, batch.rows() as u64);
        WorkerMetrics::add(&self.metrics.bytes_read, batch.bytes() as u64);
    }

    /// Whether the session is in hand. Where the tables cannot be asked for a while, what waits goes on waiting.
    fn take_up(&mut self) -> bool {
        if self.hand.is_some() {
            return true;
        }
        if Instant::now() < self.ask_at {
            return false;
        }
        match self.runtime.clone().block_on(self.asked()) {
            Ok((session, held)) => {
                self.asking.over();
                self.backoff.reset();
                self.line.committed(held.noted.unwrap_or(0));
                self.start_over();
                self.hand = Some(self.begin(&session, held));
                true
            }
            Err(error) if error.next() == Next::SendAgain => {
                self.ask_at = Instant::now() + self.backoff.next_wait();
                self.asking.failed(&error);
                false
            }
            Err(error) => {
                self.asking.failed(&error);
                let error = match error {
                    CommitError::Store(error) => WorkerError::Store(error),
                    error => WorkerError::Commit(error),
                };
                self.line.refuse(&unavailable(error));
                false
            }
        }
    }

    async fn asked(&mut self) -> Result<(Session, Held), CommitError> {
        let session = match &self.session {
            Some(session) => session.clone(),
            None => self.session.insert(Session::begin(&self.store).await?).clone(),
        };
        let held = session.held(&self.store).await?;
        Ok((session, held))
    }

    fn begin(&self, session: &Session, held: Held) -> Hand {
        let slot = Slot::new((TOPIC, session.partition), session.app_id.clone(), None, Vec::new());
        let origin = Arc::new(Origin { epoch: self.pipeline.epoch(), slots: vec![slot] });
        Hand { origin, cursor: Cursor::new(held.noted, self.line.through()), held }
    }
}

fn unavailable(error: WorkerError) -> IntakeError {
    IntakeError::Unavailable(Arc::new(error))
}

#[cfg(test)]
mod tests;
