//! `verbatim serve`: everything that has its time, until it is told to stop.

mod digests;
mod http;
mod job;
mod metrics;
mod pace;

use super::worker::until_told;
use crate::alerting::Alerting;
use crate::cases;
use crate::context::{self, Context};
use crate::key;
use crate::logs::Logs;
use crate::outbox::{self, StoreOutbox};
use crate::owners::{Owners, triage_file};
use crate::taxonomy::{InForce, note_found};
use crate::weekly::{self, Schedule};
use analyze::Taxonomy;
use anyhow::{Context as _, Result};
use chrono::Utc;
use deliver::{DeliverMetrics, Runner, Targets};
use feedback::time::Timestamp;
use http::Door;
use insight::cases::CaseRules;
use insight::digest::Week;
use insight::triage::RuleSet;
use job::Job;
use metrics::ServeMetrics;
use pace::Paces;
use server::current::Current;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI32, AtomicI64};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::Store;
use worker::Shutdown;

/// Jobs that are asked whether their time has come, at least so often.
const LOOK_EVERY: Duration = Duration::from_secs(20);
/// What a job may take to end by itself after somebody asked to stop; it is cut off then, which costs nothing but its work.
const GRACE: Duration = Duration::from_secs(8);

/// Answer the dashboard, the API and webhooks, and keep doing what has its time
///
/// Listens at server.listen (http://127.0.0.1:8080 where nothing else is said): the dashboard for browsers, the
/// API below /v1, and the gateway that takes feedback in (POST /v1/events, /v1/hooks/NAME). `verbatim token`
/// makes what one signs in with.
///
/// Beside that it tells of what was triaged, as the actions of the triage rules say, brings the insights up to
/// the facts (worker.rollup_every) and new reports to their cases, escalates those that nobody acknowledges,
/// evaluates the alerts as often as their rules say, makes the digest each week ([digest]), and sends what is
/// queued (deliver.file). What was missed while it was down is made up for once. A job that fails is logged, counted and
/// tried again; the others go on. Runs beside workers; of two at once each thing is done once, but for messages of
/// triage.topic and cases.topic: they may be there twice, with the same idempotency-key. SIGTERM and Ctrl-C end it.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim serve --config verbatim.toml\n  \
        VERBATIM__SERVER__LISTEN=127.0.0.1:9000 verbatim serve\n  \
        VERBATIM__DIGEST__ZONE=Europe/Berlin verbatim serve"
)]
pub struct Args {}

/// What all jobs share. Nothing here decides whether a job was done: the tables do.
struct Serving {
    context: Context,
    store: Store,
    /// What of the tables is followed and not read anew; the dashboard follows the same.
    logs: Logs,
    outbox: Arc<StoreOutbox>,
    /// Who acts on which topics, and what those are called, may be others' by the next look.
    alerting: Current<Arc<Alerting>>,
    taxonomy: Arc<InForce>,
    /// `None` where nothing is triaged.
    rules: Option<Arc<RuleSet>>,
    cases: CaseRules,
    /// What was read to bring reports to their cases.
    updates: tokio::sync::Mutex<cases::Updates>,
    schedule: Schedule,
    targets: Targets,
    runner: Runner,
    metrics: ServeMetrics,
    deliveries: Arc<DeliverMetrics>,
    hints: Hints,
}

/// What was found done already, so that the tables need not be read for it again: a job that is done stays so.
struct Hints {
    /// The version of the facts whose reports have come to their cases.
    cases: AtomicI64,
    /// The end of the last hour that alerts were evaluated for.
    alerts: AtomicI32,
    digest: Mutex<Option<Week>>,
}

impl Default for Hints {
    fn default() -> Self {
        Self { cases: AtomicI64::new(-1), alerts: AtomicI32::new(i32::MIN), digest: Mutex::default() }
    }
}

pub fn run(_: &Args, context: Context) -> Result<()> {
    serve(context, |_| Ok(()))
}

/// Does all of it until somebody asks to stop. `opened` hears where requests come in, if they do, before any is answered.
pub fn serve(context: Context, opened: impl FnOnce(Option<SocketAddr>) -> Result<()>) -> Result<()> {
    let runtime = context::runtime()?;
    let done = runtime.block_on(async {
        let door = Door::open(&context.loaded).await?;
        let serving = Arc::new(Serving::new(context).await?);
        opened(door.as_ref().map(Door::address))?;
        let shutdown = Shutdown::new();
        tokio::spawn(until_told(shutdown.clone()));
        serving.hear_of_taxonomies()?;
        tokio::spawn(Arc::clone(&serving.taxonomy).follow(shutdown.clone()));
        let (taxonomy, store) = (Arc::clone(&serving.taxonomy), serving.store.clone());
        tokio::spawn(note_found(taxonomy, store, shutdown.clone()));
        let deliveries = tokio::spawn(deliver(Arc::clone(&serving), shutdown.clone()));
        let answers = tokio::spawn(answer(door, Arc::clone(&serving), shutdown.clone()));
        let jobs = async {
            serving.go_on(&shutdown).await;
            shutdown.request();
            anyhow::Ok(())
        };
        // What is being sent is waited for, so that it is noted. Where nothing can be sent any more all of it ends.
        let deliveries =
            async { deliveries.await.context("the deliveries ended by a defect of this program") };
        let answers = async { answers.await.context("the server ended by a defect of this program")? };
        tokio::try_join!(jobs, deliveries, answers)?;
        serving.metrics.log(&serving.deliveries);
        anyhow::Ok(())
    });
    // What was cut off commits whole or not at all.
    runtime.shutdown_background();
    done
}

/// Answers by HTTP, beside all jobs, where there is a door.
async fn answer(door: Option<Door>, serving: Arc<Serving>, shutdown: Shutdown) -> Result<()> {
    match door {
        Some(door) => door.answer(serving, shutdown).await,
        None => Ok(()),
    }
}

/// Sends what is due, beside all jobs.
async fn deliver(serving: Arc<Serving>, shutdown: Shutdown) {
    if !serving.targets.is_empty() {
        serving.runner.run(shutdown.requested()).await;
    }
}

impl Serving {
    /// Whatever is wrong with the configuration is told now and not at the first digest.
    async fn new(context: Context) -> Result<Self> {
        let config = context.config();
        let taxonomy = InForce::new(config)?;
        let alerting = Alerting::new(&context, None)?.into();
        let rules = context.rules()?;
        let (cases, schedule) = (cases::rules(config)?, Schedule::of(&config.digest)?);
        weekly::targets(config)?;
        let targets = context.targets()?;
        let store = tables(&context).await?;
        let deliveries = Arc::new(DeliverMetrics::default());
        let (logs, outbox) = (Logs::new(&store), Arc::new(StoreOutbox::new(store.clone())));
        let runner = outbox::runner(&context, Arc::clone(&outbox), &targets, Arc::clone(&deliveries));
        let (metrics, hints) = (ServeMetrics::default(), Hints::default());
        tracing::info!(tables = store.root(), targets = targets.iter().count(), "serving");
        Ok(Self {
            context,
            store,
            logs,
            outbox,
            alerting,
            taxonomy,
            rules,
            cases,
            updates: tokio::sync::Mutex::default(),
            schedule,
            targets,
            runner,
            metrics,
            deliveries,
            hints,
        })
    }

    /// The jobs go on with the owners and names of another taxonomy where that is put in force.
    fn hear_of_taxonomies(self: &Arc<Self>) -> Result<()> {
        let (rules, own) = (triage_file(self.context.config())?, Arc::downgrade(self));
        let take = move |taxonomy: &Taxonomy| {
            if let Some(serving) = own.upgrade() {
                let owners = Owners::of(rules.as_ref(), taxonomy, &serving.targets);
                serving.alerting.switch(serving.alerting.called(owners, context::topic_names(taxonomy)));
            }
            Ok(())
        };
        self.taxonomy.tell("the jobs", self.taxonomy.taxonomy().version(), take);
        Ok(())
    }

    /// One job after the other, whenever its time has come.
    async fn go_on(self: &Arc<Self>, shutdown: &Shutdown) {
        let mut paces = Paces::new(self.context.config().worker.rollup_every.0);
        while !shutdown.is_requested() {
            for job in Job::ALL {
                if paces.may(job, Instant::now()) && !shutdown.is_requested() {
                    let fine = self.attempt(job, shutdown).await;
                    paces.done(job, Instant::now(), fine);
                }
            }
            tokio::select! {
                () = tokio::time::sleep(paces.wait(Instant::now()).min(LOOK_EVERY)) => {}
                () = shutdown.requested() => {}
            }
        }
    }

    /// Does a job if it is due; whether it did not fail. In a task of its own, so that a defect of one ends no other.
    async fn attempt(self: &Arc<Self>, job: Job, shutdown: &Shutdown) -> bool {
        let (serving, started) = (Arc::clone(self), Instant::now());
        let mut task = tokio::spawn(async move { serving.perform(job, now()).await });
        let ended = tokio::select! {
            ended = &mut task => ended,
            () = asked_and_waited(shutdown) => {
                task.abort();
                tracing::info!(job = job.name(), "cut off; it is done again after the next start");
                return true;
            }
        };
        let result = match ended {
            Ok(result) => result,
            Err(defect) => Err(defect).context("it ended by a defect of this program"),
        };
        match result {
            Ok(None) => {
                tracing::debug!("{}: nothing to do", job.name());
                true
            }
            Ok(Some(said)) => {
                self.metrics.ran(job);
                let took_ms = started.elapsed().as_millis() as u64;
                tracing::info!(job = job.name(), took_ms, "{said}");
                // Something may have been queued.
                self.runner.nudge();
                true
            }
            Err(error) => {
                let failures = self.metrics.failed(job);
                let why = crate::surroundings::chain(&error);
                tracing::error!(
                    job = job.name(),
                    verbatim_serve_job_failures_total = failures,
                    "{} failed, and is tried again; the others go on: {why}",
                    job.told()
                );
                false
            }
        }
    }
}

/// Where there are none yet they are made with their key, as a worker makes them that starts later.
async fn tables(context: &Context) -> Result<Store> {
    if context.has_tables() {
        return context.store().await;
    }
    context.keyed_store(&key::obtain(context.config())?).await
}

async fn asked_and_waited(shutdown: &Shutdown) {
    shutdown.requested().await;
    tokio::time::sleep(GRACE).await;
}

fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

#[cfg(test)]
mod tests;
