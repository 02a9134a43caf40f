//! The thread between callers and tables: fills batches with what waits, and answers once they are in.
//!
//! A message that comes alone goes in at once; what comes meanwhile is gathered into the next commit.

use super::line::Line;
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

/// Commits are at least so far apart, unless a batch is full: each leaves a file, which a compaction has to read again.
const PACE: Duration = Duration::from_millis(50);
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
    handed_on: Instant,
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
            handed_on: now.checked_sub(PACE).unwrap_or(now),
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
        let (now, paced, full) = (Instant::now(), self.handed_on + PACE, self.is_full());
        let until = |at: Instant| at.saturating_duration_since(now);
        let next = match &self.hand {
            _ if self.line.rows() == 0 => LONG,
            None if full => until(self.ask_at),
            None => until(self.ask_at.max(paced)),
            Some(_) if full => TICK,
            Some(_) if self.line.is_idle() => until(paced),
            Some(_) => LONG,
        };
        self.closing.map_or(next, |at| next.min(until(at)))
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Committed { moves, .. } => {
                // There is one slot, and its offsets belong to the same messages whatever the epoch.
                moves.iter().for_each(|moved| self.line.committed(moved.read_to));
            }
            // A commit stood that was told as failed, or somebody was erased meanwhile.
            Event::Overtaken { epoch } => {
                self.hand.take_if(|hand| hand.origin.epoch == epoch);
                if self.hand.is_none() {
                    self.line.again();
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
            }
        }
    }

    fn is_full(&self) -> bool {
        self.line.rows() >= self.rows || self.line.bytes() >= self.bytes
    }

    /// Hands on what may go: whole batches at once, and the rest where nothing is under way.
    fn hand_on(&mut self) {
        while self.line.rows() > 0 {
            let may = self.line.is_idle() && self.handed_on.elapsed() >= PACE;
            if !(may || self.is_full()) || !self.take_up() {
                return;
            }
            // The tables may have had all of it already.
            if self.line.rows() == 0 {
                return;
            }
            let Some(batch) = self.pipeline.empty_batch(Duration::ZERO) else { return };
            self.submit(batch);
        }
    }

    fn submit(&mut self, mut batch: Batch) {
        let Some(Hand { origin, cursor, held }) = &mut self.hand else { return };
        batch.clear();
        batch.origin = origin.clone();
        while batch.rows() < self.rows
            && batch.bytes() < self.bytes
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
        self.pipeline.submit(batch);
        self.handed_on = Instant::now();
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
                self.line.again();
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
mod tests {
    use super::super::Door;
    use super::super::tests::{processor, sound};
    use super::*;
    use crate::kafka::wall_clock;
    use store::{Ledger, StoreOptions};
    use tokio::sync::oneshot;

    type Answer = oneshot::Receiver<Result<(), IntakeError>>;

    async fn clerk(dir: &std::path::Path) -> (Clerk, crossbeam_channel::Sender<Request>) {
        let store = Store::open(dir.to_str().unwrap(), StoreOptions::default()).await.unwrap();
        let metrics = Arc::new(WorkerMetrics::new());
        let (hand_in, requests) = crossbeam_channel::unbounded();
        let options = IntakeOptions { threads: Some(1), rows: 2, ..IntakeOptions::default() };
        let (processor, shutdown) = (processor(&metrics), Shutdown::new());
        (Clerk::new(&options, store, processor, metrics, shutdown, requests).unwrap(), hand_in)
    }

    fn request(from: usize, to: usize) -> (Request, Answer) {
        let (tell, answer) = oneshot::channel();
        let room = Arc::new(Door::new(usize::MAX)).enter(1).unwrap();
        let messages = (from..to).map(sound).collect();
        (Request { messages, arrived: wall_clock(), tell, _room: room }, answer)
    }

    /// What is told as lost goes on; what is told as failed is given up, and the next request is taken.
    #[test]
    fn batches_that_were_dropped_are_handed_on_again() {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (mut clerk, hand_in) = runtime.block_on(clerk(dir.path()));
        let store = clerk.store.clone();
        let answered = |clerk: &mut Clerk, answer: &mut Answer| loop {
            clerk.listen().unwrap();
            clerk.hand_on();
            if let Ok(answer) = answer.try_recv() {
                break answer;
            }
        };
        let (first, mut answer) = request(0, 5);
        hand_in.send(first).unwrap();
        answered(&mut clerk, &mut answer).unwrap();
        // As if somebody had been erased meanwhile.
        let epoch = clerk.pipeline.epoch();
        let (second, mut answer) = request(5, 9);
        clerk.line.push(second);
        clerk.pipeline.gate().expire(epoch);
        clerk.event(Event::Overtaken { epoch });
        assert!(clerk.hand.is_none());
        answered(&mut clerk, &mut answer).unwrap();
        let (third, mut answer) = request(9, 10);
        clerk.line.push(third);
        clerk.event(Event::Failed(WorkerError::Panicked));
        assert!(matches!(answer.try_recv(), Ok(Err(IntakeError::Unavailable(_)))));
        let (fourth, mut answer) = request(10, 12);
        hand_in.send(fourth).unwrap();
        answered(&mut clerk, &mut answer).unwrap();
        let ledger = runtime.block_on(store.ledger()).unwrap();
        assert_eq!(ledger, Ledger { facts: 11, ..Ledger::default() });
    }
}
