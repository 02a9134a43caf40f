//! `verbatim demo`: twelve weeks of an invented company through the whole of Verbatim, on an embedded broker.

mod again;
mod broker;
mod place;
mod settings;

use super::serve;
use crate::context::{self, Context};
use crate::encoders::EncoderArg;
use crate::progress::Progress;
use crate::{key, output, reporting};
use ::demo::{DemoEvent, History, Options};
use anyhow::{Context as _, Result, ensure};
use broker::{Broker, Message};
use insight::report::{Report, Scope};
use place::Place;
use serde::Serialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Ledger, Store};
use worker::{Outcomes, Shutdown, WorkerConfig, WorkerMetrics};

/// Rows of one commit: enough commits that the bar moves.
const BATCH_ROWS: usize = 4_000;

/// Show everything: an embedded Kafka broker, twelve weeks of invented feedback, the worker, the report
///
/// Starts a broker that speaks Kafka's protocol in this process, produces the history of an invented company,
/// consumes it with the real worker into Delta tables, rolls up and prints the report. Needs nothing, touches
/// only its own directory, and ends by itself; with --serve it then opens the dashboard on all of it, for this machine
/// alone and without a token, until Ctrl-C.
#[derive(Debug, clap::Args)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  verbatim demo\n  verbatim demo --serve\n  verbatim demo --events 5000 --seed 3 --dir /tmp/demo --json"
)]
pub struct Args {
    /// About this many events
    #[arg(long, default_value_t = 30_000, value_name = "N", value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    events: u32,
    /// Another seed tells the same stories in other words
    #[arg(long, default_value_t = 7, value_name = "S")]
    seed: u64,
    #[command(flatten)]
    pub encoder: EncoderArg,
    /// Where the tables are written; wiped first if an earlier demo made it
    #[arg(long, default_value = "verbatim-demo", value_name = "DIR")]
    dir: PathBuf,
    /// Twelve weeks in which nothing happens: the report should find nothing
    #[arg(long)]
    no_plants: bool,
    /// Then serve the dashboard until Ctrl-C, at server.listen or, where that is taken, at any free port of this machine
    #[arg(long)]
    serve: bool,
}

/// What a program wants to know of a demo.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    /// Messages in Kafka.
    messages: u64,
    /// Records, and messages that gave none, as the worker counted them.
    consumed: u64,
    facts: u64,
    superseded: u64,
    duplicates: u64,
    ignored: u64,
    dead_letters: u64,
    /// Rows of the insights.
    insights: usize,
    elapsed_seconds: f64,
    /// Messages a second through the worker, joining the group included.
    messages_per_second: f64,
    tables: &'a Path,
    duckdb: String,
    /// Where the dashboard is, with `--serve`.
    #[serde(skip_serializing_if = "Option::is_none")]
    dashboard: Option<String>,
    report: &'a Report,
}

/// What is left when the worker has finished.
struct Done {
    outcomes: Outcomes,
    consuming: Duration,
    ledger: Ledger,
    insights: usize,
    report: Report,
}

pub fn run(args: &Args, mut context: Context) -> Result<()> {
    let started = Instant::now();
    let place = Place::prepare(&args.dir)?;
    settings::settle(&mut context.loaded.config, &place);
    // A key of the demo's own, without the advice that goes with a real one.
    key::make(&place.key())?;
    let done = make(args, &context)?;
    let (json, elapsed, tables) = (context.json, started.elapsed(), place.tables());
    if args.serve {
        return serve::serve(context, |address| show(json, &done, elapsed, &tables, address));
    }
    show(json, &done, elapsed, &tables, None)
}

/// From nothing to the report. What was told is forgotten then.
fn make(args: &Args, context: &Context) -> Result<Done> {
    let history = tell(args);
    let broker = Broker::start()?;
    publish(&broker, history.events())?;
    let done = consume(context, &broker, &history)?;
    check(&done, &history)?;
    Ok(done)
}

fn show(
    json: bool,
    done: &Done,
    elapsed: Duration,
    tables: &Path,
    dashboard: Option<SocketAddr>,
) -> Result<()> {
    let views = reporting::write_views(tables)?;
    let dashboard = dashboard.map(|address| format!("http://{address}/"));
    if json {
        return output::json(&summary(done, elapsed, tables, &views, dashboard));
    }
    output::text(&reporting::shown(&done.report, tables))?;
    let again = again::report(tables, done.report.period);
    let before = again::before_its_commands(tables);
    let account = account(done, elapsed);
    output::text(&format!(
        "Again    {again}\nBefore the commands above, type once\n         {before}\n{account}"
    ))?;
    match dashboard {
        Some(address) => output::text(&format!("\nDashboard  {address}  (Ctrl-C ends it)")),
        None => Ok(()),
    }
}

fn summary<'a>(
    done: &'a Done,
    elapsed: Duration,
    tables: &'a Path,
    views: &Path,
    dashboard: Option<String>,
) -> Summary<'a> {
    let Ledger { facts, superseded, duplicates, ignored, dead_letters, .. } = done.ledger;
    Summary {
        messages: done.outcomes.messages,
        consumed: done.outcomes.consumed(),
        facts,
        superseded,
        duplicates,
        ignored,
        dead_letters,
        insights: done.insights,
        elapsed_seconds: elapsed.as_secs_f64(),
        messages_per_second: done.outcomes.messages as f64 / done.consuming.as_secs_f64(),
        tables,
        duckdb: reporting::duckdb(views),
        dashboard,
        report: &done.report,
    }
}

fn tell(args: &Args) -> History {
    let end = reporting::today();
    let events = args.events as usize;
    History::new(if args.no_plants {
        Options { events, ..Options::null(args.seed, end) }
    } else {
        Options { events, seed: args.seed, ..Options::new(end) }
    })
}

fn publish(broker: &Broker, events: &[DemoEvent]) -> Result<()> {
    broker.create_topics(events.iter().map(message))?;
    let bar = Progress::new("producing", events.len() as u64);
    broker.produce(events.iter().map(message), |sent| bar.set(sent))?;
    bar.done();
    Ok(())
}

fn message(event: &DemoEvent) -> Message<'_> {
    Message { topic: event.topic, key: &event.key, headers: &event.headers, payload: &event.payload }
}

fn consume(context: &Context, broker: &Broker, history: &History) -> Result<Done> {
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = context.processor(&metrics)?;
    let config = group(context, broker, history.events());
    let bar = Arc::new(Progress::new("consuming", history.events().len() as u64));
    let watching = Arc::clone(&bar);
    let topics = context.topic_names()?;
    let period = history.period();
    context::runtime()?.block_on(async {
        let store = context.keyed_store(processor.key()).await?;
        let started = Instant::now();
        let shutdown = Shutdown::new();
        tokio::spawn(super::worker::until_told(shutdown.clone()));
        let observer = move |progress: &worker::Progress| watching.set(progress.outcomes.messages);
        let outcomes = worker::kafka::run(
            config,
            store.clone(),
            processor,
            metrics,
            shutdown.clone(),
            Arc::new(observer),
        )
        .await
        .context("the demo's worker stopped")?;
        bar.done();
        ensure!(!shutdown.is_requested(), "the demo was interrupted; start it again");
        let consuming = started.elapsed();
        let insights = worker::rollup::rollup_now(&store).await.context("the rollup failed")?.insights;
        let scope = Scope::of_days(period.start, period.end.plus(-1));
        let report = reporting::make(&store, scope, topics).await?;
        Ok(Done { outcomes, consuming, ledger: ledger(&store).await?, insights, report })
    })
}

async fn ledger(store: &Store) -> Result<Ledger> {
    store.ledger().await.context("the tables cannot be counted")
}

fn group(context: &Context, broker: &Broker, events: &[DemoEvent]) -> WorkerConfig {
    let topics: std::collections::BTreeSet<&str> = events.iter().map(|event| event.topic).collect();
    let topics = topics.into_iter().map(str::to_owned).collect();
    let mut config = WorkerConfig::new(broker.address(), "verbatim-demo", topics);
    config.batch.rows = BATCH_ROWS;
    config.batch.age = Duration::from_secs(1);
    config.threads = Some(context.threads());
    config.stop_at_end = true;
    config
}

/// The worker's count, the tables' count and what was produced have to agree.
fn check(done: &Done, history: &History) -> Result<()> {
    let produced = history.events().len() as u64;
    let (counted, held) = (done.outcomes.consumed(), done.ledger.consumed());
    ensure!(
        done.outcomes.messages == produced && counted == held,
        "the demo does not add up: {produced} messages were produced and {} consumed; the worker counted {counted} \
         records, the tables hold {held}. This is a defect of this program",
        done.outcomes.messages
    );
    Ok(())
}

fn account(done: &Done, elapsed: Duration) -> String {
    let Ledger { facts, superseded, duplicates, ignored, dead_letters, .. } = done.ledger;
    let messages = output::counted(done.outcomes.messages, "message");
    let [consumed, facts, superseded, duplicates, ignored] =
        [done.outcomes.consumed(), facts, superseded, duplicates, ignored].map(output::grouped);
    let letters = output::counted(dead_letters, "dead letter");
    let text = format!(
        "{messages} held {consumed} records (one without a record counts as one): {facts} current facts + {superseded} \
         superseded + {duplicates} duplicates + {ignored} ignored + {letters}. All of it took {:.0} seconds, the \
         worker's part {:.1} seconds: {} messages a second.",
        elapsed.as_secs_f64(),
        done.consuming.as_secs_f64(),
        output::grouped((done.outcomes.messages as f64 / done.consuming.as_secs_f64()) as u64)
    );
    format!("\n{}", output::wrapped(&text, 0, usize::MAX))
}
