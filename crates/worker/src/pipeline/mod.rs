//! From a batch of messages to a commit: analysis threads, then one committer, in the order of reading.
//!
//! The number of batches is fixed: whoever reads has to wait for an empty one, and so memory is bounded and a
//! slow store holds back the reading.

mod analyst;
pub(crate) mod batch;
mod committer;
pub(crate) mod gate;
#[cfg(test)]
mod testing;

use crate::trouble::Trouble;
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, process::Processor, shutdown::Shutdown};
use batch::{Batch, Move, Origin};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, unbounded};
use gate::Gate;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{EncodedFiles, Note, Store, Suppressions};

/// Batches beyond those in the hands of the analysts: one being read, one being committed.
const SPARE: usize = 2;

/// What the reader hears back.
pub(crate) enum Event {
    /// These messages are in the tables.
    Committed {
        origin: Arc<Origin>,
        moves: Vec<Move>,
        outcomes: Outcomes,
    },
    /// Nothing of this epoch will commit any more: somebody else moved on, or an author was erased meanwhile.
    /// Read again from what the tables note.
    Overtaken {
        epoch: u64,
    },
    Failed(WorkerError),
}

/// A batch after analysis.
struct Analyzed {
    batch: Batch,
    /// `None` where its epoch had ended before.
    result: Option<Result<Prepared, WorkerError>>,
}

#[derive(Default)]
struct Prepared {
    facts: EncodedFiles,
    notes: Vec<Note>,
    /// Notes that take the place of those there are.
    replacing: Vec<Note>,
    outcomes: Outcomes,
    suppressions: Suppressions,
}

/// What the threads share.
struct Shared {
    processor: Arc<Processor>,
    store: Store,
    runtime: tokio::runtime::Handle,
    gate: Arc<Gate>,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    /// Batches handed in and not yet through.
    under_way: AtomicU64,
    reading: Trouble,
    writing: Trouble,
}

impl Shared {
    /// A wait that a shutdown cuts short; what then still does not go in is let go of by the reader.
    fn pause(&self, wait: Duration) {
        self.runtime.block_on(async {
            if self.shutdown.is_requested() {
                tokio::time::sleep(wait.min(Duration::from_millis(200))).await;
            } else {
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = self.shutdown.requested() => {}
                }
            }
        });
    }
}

pub(crate) struct Pipeline {
    shared: Arc<Shared>,
    empty: Receiver<Batch>,
    work: Option<Sender<Batch>>,
    events: Receiver<Event>,
    next_number: u64,
    committer: Option<std::thread::JoinHandle<()>>,
}

impl Pipeline {
    /// Starts `threads` analysts and the committer. Call it within a tokio runtime.
    pub fn start(
        processor: Arc<Processor>,
        store: Store,
        runtime: tokio::runtime::Handle,
        threads: usize,
        metrics: Arc<WorkerMetrics>,
        shutdown: Shutdown,
    ) -> Result<Self, WorkerError> {
        let shared = Arc::new(Shared {
            processor,
            store,
            runtime,
            gate: Arc::default(),
            metrics,
            shutdown,
            under_way: AtomicU64::new(0),
            reading: Trouble::new("reading the tables"),
            writing: Trouble::new("writing to the tables"),
        });
        let (give_back, empty) = unbounded();
        for _ in 0..threads + SPARE {
            // Both ends are in this function's hands.
            let _ = give_back.send(Batch::default());
        }
        let (work, jobs) = unbounded();
        let (analyzed, results) = unbounded();
        let (tell, events) = unbounded();
        for number in 0..threads {
            let (shared, jobs, analyzed) = (shared.clone(), jobs.clone(), analyzed.clone());
            spawn(&format!("analyst-{number}"), move || analyst::run(&shared, &jobs, &analyzed))?;
        }
        let committer = {
            let shared = shared.clone();
            spawn("committer", move || committer::run(&shared, &results, &give_back, &tell))?
        };
        Ok(Self { shared, empty, work: Some(work), events, next_number: 0, committer: Some(committer) })
    }

    /// What happened since the last call, if anything.
    ///
    /// # Errors
    /// Where the committer died of a defect.
    pub fn hear(&self) -> Result<Option<Event>, WorkerError> {
        match self.events.try_recv() {
            Ok(event) => Ok(Some(event)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => Err(WorkerError::Panicked),
        }
    }

    /// What [`Pipeline::hear`] hears of, for whoever waits for something else as well.
    pub fn news(&self) -> &Receiver<Event> {
        &self.events
    }

    /// Whether [`Pipeline::hear`] has something to say.
    pub fn has_news(&self) -> bool {
        !self.events.is_empty()
    }

    /// An empty batch, once there is one; `None` after `patience`.
    pub fn empty_batch(&self, patience: Duration) -> Option<Batch> {
        match self.empty.recv_timeout(patience) {
            Ok(batch) => Some(batch),
            Err(RecvTimeoutError::Timeout) => None,
            // Only after the committer died, which `events` tells.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(patience);
                None
            }
        }
    }

    /// Batches are committed in the order in which they are handed in.
    pub fn submit(&mut self, mut batch: Batch) {
        batch.number = self.next_number;
        self.next_number += 1;
        self.shared.under_way.fetch_add(1, Ordering::AcqRel);
        if let Some(work) = &self.work {
            // Fails only after every analyst died of a panic of its own; then nothing commits, and nothing is lost.
            let _ = work.send(batch);
        }
    }

    /// For whoever learns first that the partitions are gone.
    pub fn gate(&self) -> Arc<Gate> {
        self.shared.gate.clone()
    }

    pub fn epoch(&self) -> u64 {
        self.shared.gate.epoch()
    }

    /// Lets go of everything not committed; waits for the commit under way, bounded by `patience`.
    pub fn let_go(&self, patience: Duration) -> bool {
        self.shared.gate.close(patience)
    }

    /// Whether everything handed in is through.
    pub fn is_idle(&self) -> bool {
        self.shared.under_way.load(Ordering::Acquire) == 0
    }

    /// Waits until everything handed in is through, or `patience` is over. Events pile up meanwhile.
    pub fn drain(&self, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        while !self.is_idle() {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        // What is still under way must not commit after its reader has gone.
        self.shared.gate.close(Duration::ZERO);
        self.work = None;
        if std::thread::panicking() {
            return;
        }
        if let Some(committer) = self.committer.take()
            && self.is_idle()
        {
            let _ = committer.join();
        }
    }
}

fn spawn(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> Result<std::thread::JoinHandle<()>, WorkerError> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body).map_err(WorkerError::Thread)
}
