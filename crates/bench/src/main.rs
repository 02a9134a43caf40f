//! The benchmark: events on a real Kafka to committed facts, stage by stage, and the encoders by themselves, beside the same
//! jobs in Python; and the server under load ([`serve`]).
//!
//! Knows: how to preload a broker, run a program to its end and watch it, and print figures and ratios of one
//! run on one machine. Must not: assert a time; be needed by a user.
//!
//! Invariant: what is compared is alike. Both sides read the same events, from a broker of their own on the same
//! cores; for both the clock runs from the moment when their group has its partitions, and each event counts once. All
//! encoders read the same texts, those with a network every tenth.

use anyhow::{Context, Result};
use clap::Parser;

mod encoders;
mod events;
mod group;
mod peer;
mod process;
mod report;
mod run;
mod serve;
mod stages;
mod worker_run;

#[derive(Parser)]
#[command(
    name = "bench",
    bin_name = "cargo xtask bench",
    about = "Measure the worker, its stages and the encoders, beside peers in Python",
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
struct Cli {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    worker: Option<Options>,
}

#[derive(clap::Subcommand)]
enum Other {
    /// Measure the server under load, over many facts: `cargo xtask bench-serve`.
    Serve(serve::Options),
}

#[derive(clap::Args)]
pub struct Options {
    /// Events on the broker, split over the four topics; the worker and the Python pair read as many.
    #[arg(long, default_value_t = 500_000)]
    events: u64,
    /// Partitions a topic.
    #[arg(long, default_value_t = 6)]
    partitions: i32,
    /// Events for the stages that are measured alone.
    #[arg(long, default_value_t = 100_000)]
    stage_events: u64,
    /// Leave out what runs in Python.
    #[arg(long)]
    no_peer: bool,
    /// Only the stages, without a broker.
    #[arg(long)]
    stages_only: bool,
    /// Only the encoders, without a broker.
    #[arg(long, conflicts_with_all = ["stages_only", "no_encoders"])]
    encoders_only: bool,
    /// Leave the encoders out.
    #[arg(long)]
    no_encoders: bool,
    /// The worker's binary.
    #[arg(long)]
    binary: std::path::PathBuf,
    #[command(flatten)]
    encoders: encoders::EncoderOptions,
    /// For programs.
    #[arg(long)]
    json: bool,
}

fn main() -> Result<()> {
    match Cli::parse() {
        Cli { other: Some(Other::Serve(options)), .. } => serve::run(&options),
        Cli { worker: Some(options), .. } => measure_worker(&options),
        // The binary's path is asked for.
        Cli { .. } => anyhow::bail!("nothing was asked for; --help lists what there is"),
    }
}

fn measure_worker(options: &Options) -> Result<()> {
    let mut figures = report::Figures::new(options);
    if !options.encoders_only {
        eprintln!("measuring the stages over {} events", options.stage_events);
        figures.stages = stages::measure(options.stage_events)?;
    }
    if !options.stages_only && !options.encoders_only {
        measure_with_broker(options, &mut figures)?;
    }
    if !options.stages_only && !options.no_encoders {
        figures.encoders = Some(encoders::measure(&options.encoders, &options.binary, !options.no_peer)?);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&figures).context("could not print the figures")?);
    } else {
        print!("{figures}");
    }
    Ok(())
}

/// One broker for the worker, then a fresh one for the peer, each on the same cores as what it feeds.
fn measure_with_broker(options: &Options, figures: &mut report::Figures) -> Result<()> {
    let libs = xtask::kafka::bring()?;
    // Whoever starts within three seconds is in the group from its beginning: no rebalance reads anything twice.
    let delay = ("group.initial.rebalance.delay.ms".to_owned(), "3000".to_owned());
    let setup = xtask::broker::Setup { properties: vec![delay], ..Default::default() };
    {
        let broker = xtask::broker::Broker::start_with(&libs, &setup)?;
        eprintln!("producing {} events", options.events);
        figures.event_bytes = events::preload(&broker.address(), options.events, options.partitions)?;
        eprintln!("the worker reads them");
        figures.worker = Some(worker_run::measure(&broker.address(), &options.binary, options.events)?);
    }
    if !options.no_peer {
        let broker = xtask::broker::Broker::start_with(&libs, &setup)?;
        eprintln!("producing {} events for the Python pair", options.events);
        events::preload(&broker.address(), options.events, options.partitions)?;
        eprintln!("the Python pair reads them");
        figures.peer = Some(peer::measure(&broker.address(), options.events)?);
    }
    figures.compare();
    Ok(())
}
