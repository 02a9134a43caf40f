//! `verbatim worker`: from Kafka to the tables, until it is told to stop.

use crate::context::{self, Context};
use crate::encoders::EncoderArg;
use crate::taxonomy::{InForce, note_found};
use crate::{output, surroundings};
use anyhow::{Context as _, Result};
use feedback::time::Timestamp;
use std::sync::Arc;
use worker::{Shutdown, Start, WorkerMetrics};

/// Consume feedback from Kafka into the tables
///
/// Runs as a member of the consumer group kafka.group; start as many as you like. Rows and the offsets they
/// came from are one commit, so nothing is lost or doubled, whenever a worker is stopped or killed. SIGTERM
/// and Ctrl-C commit what is ready and leave the group within ten seconds.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim worker --config verbatim.toml\n  \
        VERBATIM__KAFKA__BOOTSTRAP=broker:9092 verbatim worker --stop-at-end\n  \
        verbatim worker --from-time 2026-03-01"
)]
pub struct Args {
    #[command(flatten)]
    pub encoder: EncoderArg,
    /// End once all is committed up to the end that the topics had at the start, or no broker answers for 30 s
    #[arg(long)]
    stop_at_end: bool,
    /// Read everything the broker has again; what the tables hold already is not doubled
    #[arg(long, conflicts_with = "from_time")]
    from_beginning: bool,
    /// Read again from this time on: a date, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = feedback::rfc3339::read)]
    from_time: Option<Timestamp>,
    /// By hand and once: take over partitions that another consumer group writes to these tables; its workers end then
    #[arg(long)]
    take_over: bool,
}

pub fn run(args: &Args, context: &Context) -> Result<()> {
    surroundings::check(&context.loaded)?;
    let mut config = context::worker_config(context.config())?;
    config.stop_at_end = args.stop_at_end;
    config.take_over = args.take_over;
    config.start = match (args.from_beginning, args.from_time) {
        (true, _) => Start::Beginning,
        (false, Some(time)) => Start::Time(time),
        (false, None) => Start::Noted,
    };
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = context.processor(&metrics)?;
    let in_force = InForce::new(context.config())?;
    in_force.tell_processor(context.config(), &processor)?;
    let rollup_every = context.config().worker.rollup_every.0;
    let runtime = context::runtime()?;
    let outcomes = runtime.block_on(async {
        let store = context.keyed_store(processor.key()).await?;
        let shutdown = Shutdown::new();
        tokio::spawn(until_told(shutdown.clone()));
        tokio::spawn(note_found(Arc::clone(&in_force), store.clone(), shutdown.clone()));
        tokio::spawn(in_force.follow(shutdown.clone()));
        tracing::info!(brokers = config.brokers, group = config.group, topics = ?config.topics, "starting");
        if !rollup_every.is_zero() {
            let age = config.batch.age;
            tokio::spawn(worker::rollup::run_every(store.clone(), rollup_every, age, shutdown.clone()));
        }
        let consumed = worker::kafka::run(
            config,
            store.clone(),
            processor,
            metrics.clone(),
            shutdown.clone(),
            Arc::new(()),
        );
        let outcomes = consumed.await.context("the worker stopped")?;
        let stopped = shutdown.is_requested();
        if args.stop_at_end && !stopped && !rollup_every.is_zero() {
            worker::rollup::rollup_now(&store).await.context("the rollup failed")?;
        }
        shutdown.request();
        metrics.log(if stopped { "stopped" } else { "done" });
        anyhow::Ok(outcomes)
    });
    // A rollup under way commits whole or not at all: nothing is lost by not waiting for it.
    runtime.shutdown_background();
    let outcomes = outcomes?;
    if context.json { output::json(&outcomes) } else { Ok(()) }
}

/// SIGTERM and Ctrl-C ask for an orderly end.
pub async fn until_told(shutdown: Shutdown) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return tracing::error!("SIGTERM cannot be caught; the worker will end by it without a goodbye");
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    tracing::info!("asked to stop; committing what is ready");
    shutdown.request();
}
