//! The Kafka loop: a member of a consumer group that writes to the tables, exactly once.
//!
//! One thread reads; it owns the consumer. The pipeline's threads analyze and commit. Offsets come from the
//! tables at every assignment; Kafka's own follow the commits as advice.

mod assignment;
pub mod config;
pub(crate) mod context;
pub(crate) mod cursor;
mod follow;
mod ownership;
mod reader;
pub mod reasons;
pub mod resume;
mod troubles;

pub use config::{BatchLimits, Start, WorkerConfig};
pub use resume::{Gap, OnGap};

use crate::trouble::Trouble;
use crate::{WorkerError, metrics::WorkerMetrics, outcome::Outcomes, process::Processor, shutdown::Shutdown};
use context::GroupContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
pub(crate) use reader::wall_clock;
use reader::{Reader, State};
use std::sync::Arc;
use store::Store;

const UPKEEP_EVERY: std::time::Duration = std::time::Duration::from_secs(10);
/// Counters are logged once in so many rounds of upkeep.
const METRICS_ROUNDS: u32 = 6;

/// How far the worker is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Of everything committed by this process.
    pub outcomes: Outcomes,
    /// Messages between what is committed and the ends of this worker's partitions, where known.
    pub lag: Option<u64>,
}

/// Hears of every commit; called on the reading thread, so it must be quick.
pub trait Observer: Send + Sync {
    fn progress(&self, progress: &Progress);
}

/// For whoever does not want to know.
impl Observer for () {
    fn progress(&self, _: &Progress) {}
}

impl<F: Fn(&Progress) + Send + Sync> Observer for F {
    fn progress(&self, progress: &Progress) {
        self(progress);
    }
}

/// Runs until `shutdown` is requested, or until the end of the partitions with [`WorkerConfig::stop_at_end`].
///
/// Call it on a multi-threaded tokio runtime. An orderly end takes no longer than [`WorkerConfig::grace`].
///
/// # Errors
/// Only what waiting and trying again cannot mend; the error says what to do.
pub async fn run(
    config: WorkerConfig,
    store: Store,
    processor: Arc<Processor>,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    observer: Arc<dyn Observer>,
) -> Result<Outcomes, WorkerError> {
    config.check()?;
    let runtime = tokio::runtime::Handle::current();
    let grace = config.grace;
    let (upkeep_store, upkeep_metrics) = (store.clone(), metrics.clone());
    let (tell, ended) = tokio::sync::oneshot::channel();
    let thread_shutdown = shutdown.clone();
    std::thread::Builder::new()
        .name("reader".to_owned())
        .spawn(move || {
            let result = read(&config, store, processor, metrics, thread_shutdown, observer, runtime);
            // Nobody listens where the grace is over.
            let _ = tell.send(result);
        })
        .map_err(WorkerError::Thread)?;
    let upkeep = tokio::spawn(keep_up(upkeep_store, upkeep_metrics));
    let overdue = async {
        shutdown.requested().await;
        tokio::time::sleep(grace).await;
    };
    let result = tokio::select! {
        // The thread sends before it ends, unless it panicked.
        result = ended => result.unwrap_or(Err(WorkerError::Panicked)),
        () = overdue => {
            tracing::warn!("the broker does not let go; leaving without a goodbye, which the group notices by itself");
            Ok(Outcomes::default())
        }
    };
    // A compaction under way commits whole or not at all.
    upkeep.abort();
    result
}

/// Compacts and checkpoints the tables as they grow, beside the commits, and tells the log how it goes.
pub(crate) async fn keep_up(store: Store, metrics: Arc<WorkerMetrics>) {
    let trouble = Trouble::new("maintenance of the tables");
    for round in 1_u32.. {
        tokio::time::sleep(UPKEEP_EVERY).await;
        match store.maintain_if_needed().await {
            Ok(report) => {
                trouble.over();
                if let Some(report) = report {
                    tracing::info!(?report, "tables maintained");
                }
            }
            Err(error) => {
                trouble.failed(&error);
            }
        }
        if round.is_multiple_of(METRICS_ROUNDS) {
            metrics.log("so far");
        }
    }
}

fn read(
    config: &WorkerConfig,
    store: Store,
    processor: Arc<Processor>,
    metrics: Arc<WorkerMetrics>,
    shutdown: Shutdown,
    observer: Arc<dyn Observer>,
    runtime: tokio::runtime::Handle,
) -> Result<Outcomes, WorkerError> {
    let threads = config.threads.unwrap_or_else(cores).max(1);
    let pipeline = crate::pipeline::Pipeline::start(
        processor,
        store.clone(),
        runtime.clone(),
        threads,
        metrics.clone(),
        shutdown.clone(),
    )?;
    let context = GroupContext::new(pipeline.gate(), metrics.clone(), config.grace / 2, shutdown.clone());
    let consumer: BaseConsumer<GroupContext> = config
        .client()
        .create_with_context(context)
        .map_err(|error| WorkerError::Client { reason: error.to_string() })?;
    let topics: Vec<&str> = config.topics.iter().map(String::as_str).collect();
    consumer.subscribe(&topics).map_err(|error| WorkerError::Client { reason: error.to_string() })?;
    let reader = Reader {
        config,
        consumer: &consumer,
        store,
        runtime,
        pipeline,
        metrics,
        shutdown,
        observer,
        troubles: troubles::Troubles::default(),
        taking_up: Trouble::new("taking up the partitions"),
        state: State::default(),
    };
    // The consumer is dropped after the pipeline: with it the worker leaves the group.
    reader.run()
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
