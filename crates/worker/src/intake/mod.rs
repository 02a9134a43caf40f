//! Durable acceptance without Kafka: what the gateway takes goes into the tables by the same exactly-once path, and is
//! answered once it is there.
//!
//! Messages of many callers go into one commit: those that came while the last one ran, which are read meanwhile, and those
//! that came just behind it. Each process has a partition of its own ([`session`]), and each message an offset in it that
//! it keeps, so that a commit is tried again as a batch of Kafka's is. What was not answered may be in the tables or not;
//! sent again it is the same item. A message that cannot be read is a dead letter at its position.

mod clerk;
mod door;
mod group;
mod line;
mod pace;
mod session;
#[cfg(test)]
mod tests;

pub use door::{Door, Room};
pub use session::TOPIC;

use crate::kafka::wall_clock;
use crate::process::VendorFormat;
use crate::{WorkerError, metrics::WorkerMetrics, process::Processor, shutdown::Shutdown};
use bytes::Bytes;
use clerk::Clerk;
use crossbeam_channel::Sender;
use feedback::time::Timestamp;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Store;
use tokio::sync::{oneshot, watch};

/// Bytes that a message takes beside its payload, about.
const OVERHEAD: usize = 256;

/// One message, as the gateway has it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// A structured event, or a vendor's payload as it came.
    pub payload: Bytes,
    pub vendor: Option<VendorFormat>,
}

#[derive(Debug, Clone)]
pub struct IntakeOptions {
    /// Bytes accepted and not yet durable, of all callers together; one that alone has more comes in alone.
    pub waiting: usize,
    /// Of one batch; several may go into one commit.
    pub rows: usize,
    pub bytes: usize,
    /// How long a caller waits for the tables.
    pub patience: Duration,
    /// Analysis threads; as many as there are cores where `None`.
    pub threads: Option<usize>,
}

impl Default for IntakeOptions {
    fn default() -> Self {
        Self {
            waiting: 64 << 20,
            rows: 1_000,
            bytes: 8 << 20,
            patience: Duration::from_secs(20),
            threads: None,
        }
    }
}

/// Why nothing of a call may be counted on. Sending all of it again does no harm.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IntakeError {
    #[error("more is waiting for the tables than may wait")]
    Busy { retry_after: Duration },
    #[error("the tables do not take it")]
    Unavailable(#[source] Arc<WorkerError>),
    #[error("the tables have not taken it within {} s", .0.as_secs())]
    Slow(Duration),
    #[error("this process is about to end")]
    Closed,
}

/// Messages of one caller, on their way.
struct Request {
    messages: Vec<Arrival>,
    arrived: Timestamp,
    tell: oneshot::Sender<Result<(), IntakeError>>,
    /// Given back once it is answered.
    _room: Room,
}

/// Accepts from as many tasks as like to; cheap to share behind an `Arc`. Dropped, it finishes what waits, for a few
/// seconds at most.
pub struct StoreIntake {
    door: Arc<Door>,
    /// `None` once it is closed.
    requests: Mutex<Option<Sender<Request>>>,
    /// Its other end goes with the thread.
    ended: watch::Receiver<()>,
    patience: Duration,
    upkeep: tokio::task::AbortHandle,
}

impl StoreIntake {
    /// Starts the threads. Call it within a multi-threaded tokio runtime.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn start(
        options: &IntakeOptions,
        store: Store,
        processor: Arc<Processor>,
        metrics: Arc<WorkerMetrics>,
    ) -> Result<Self, WorkerError> {
        let upkeep = tokio::spawn(crate::kafka::keep_up(store.clone(), metrics.clone())).abort_handle();
        let (requests, waiting) = crossbeam_channel::unbounded();
        let (end, ended) = watch::channel(());
        let clerk = Clerk::new(options, store, processor, metrics, Shutdown::new(), waiting)?;
        let work = move || {
            let _end = end;
            clerk.run();
        };
        std::thread::Builder::new().name("intake".to_owned()).spawn(work).map_err(WorkerError::Thread)?;
        let (door, requests) = (Arc::new(Door::new(options.waiting)), Mutex::new(Some(requests)));
        Ok(Self { door, requests, ended, patience: options.patience, upkeep })
    }

    /// All of the messages are in the tables when it returns `Ok`: as facts, or noted as ignored, refused or erased.
    /// Those of a call that nobody waits for any more go in all the same.
    ///
    /// # Errors
    /// Then nothing of them may be counted on.
    pub async fn accept(&self, messages: Vec<Arrival>) -> Result<(), IntakeError> {
        if messages.is_empty() {
            return Ok(());
        }
        let bytes = messages.iter().map(|message| message.payload.len() + OVERHEAD).sum();
        let room = self.door.enter(bytes).map_err(|retry_after| IntakeError::Busy { retry_after })?;
        let (tell, answer) = oneshot::channel();
        self.hand_in(Request { messages, arrived: wall_clock(), tell, _room: room })?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(answer)) => answer,
            // The thread ended without an answer.
            Ok(Err(_)) => Err(IntakeError::Unavailable(Arc::new(WorkerError::Panicked))),
            Err(_) => Err(IntakeError::Slow(self.patience)),
        }
    }

    fn hand_in(&self, request: Request) -> Result<(), IntakeError> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = requests.as_ref().ok_or(IntakeError::Closed)?;
        // It goes only by a defect, after which every caller has been told.
        requests.send(request).map_err(|_| IntakeError::Unavailable(Arc::new(WorkerError::Panicked)))
    }

    /// Takes nothing more, and returns once what waits is through, or has been refused after a few seconds.
    pub async fn close(&self) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).take();
        // It never changes: the thread's end is what ends the wait.
        let _ = self.ended.clone().changed().await;
    }
}

impl Drop for StoreIntake {
    fn drop(&mut self) {
        // A compaction under way commits whole or not at all.
        self.upkeep.abort();
    }
}
