//! Verbatim, the program: configuration, commands, wiring, the demo.
//!
//! Knows: the command line, the configuration, how the rooms are put together, how results are shown.
//! Must not: hold logic. What a command does lies in the room below; here stands only how one asks for it.
//!
//! Invariants:
//! - Secrets leave the configuration only towards the library that needs them; nothing here prints one.
//! - Results go to stdout and nothing else does; progress, logs and errors go to stderr.
//! - Whoever stops reading stdout early ends the program without an error.

mod acting;
mod alerting;
mod audited;
mod blocking;
mod cases;
mod cli;
mod commands;
mod config;
mod context;
mod desk;
mod encoders;
mod gateway;
mod kafka;
mod key;
mod lines;
mod logs;
mod ordered;
mod outbox;
mod output;
mod owners;
mod progress;
mod reading;
mod reporting;
mod surroundings;
mod taxonomy;
mod telemetry;
mod telling;
mod tokens;
mod topics;
mod usage;
mod weekly;

use clap::Parser as _;
use cli::{Cli, Command};
use context::Context;
use std::process::ExitCode;
use store::StoreError;
use telemetry::Manner;
use usage::{WRONG_USAGE, WrongUsage};

#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What is free goes back to the system after a second, not after ten: a job of `serve` that reads for a while takes hundreds of
/// MiB, over and over. Whoever measures may set it otherwise by `_RJEM_MALLOC_CONF`.
// SAFETY: jemalloc reads this name as a C string, which begins where the reference points and ends with a zero.
#[cfg(target_os = "linux")]
#[unsafe(export_name = "_rjem_malloc_conf")]
pub static MALLOC_CONF: &[u8; 37] = b"dirty_decay_ms:1000,muzzy_decay_ms:0\0";

fn main() -> ExitCode {
    worker::failpoints::set_up_from_environment();
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, cli.global.verbose);
            if error.is::<WrongUsage>() { ExitCode::from(WRONG_USAGE) } else { ExitCode::FAILURE }
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    if let Command::Config(commands::config::Command::Check) = &cli.command {
        return commands::config::check(cli.global.config.as_deref(), cli.global.json);
    }
    let loaded = config::load(cli.global.config.as_deref())?;
    let serves = matches!(cli.command, Command::Worker(_) | Command::Serve(_));
    let manner = if serves { Manner::Service } else { Manner::Command };
    telemetry::init(&loaded, manner, cli.global.verbose)?;
    let mut context = Context { loaded, json: cli.global.json };
    match &cli.command {
        Command::Demo(args) => args.encoder.settle(&mut context),
        Command::Worker(args) => args.encoder.settle(&mut context),
        Command::Classify(args) => args.encoder.settle(&mut context),
        _ => {}
    }
    match &cli.command {
        Command::Demo(args) => commands::demo::run(args, context)?,
        Command::Worker(args) => commands::worker::run(args, &context)?,
        Command::Import(args) => commands::import::run(args, &context)?,
        Command::Classify(args) => commands::classify::run(args, &context)?,
        Command::Report(args) => commands::report::run(args, &context)?,
        Command::Search(args) => commands::search::run(args, &context)?,
        Command::Rollup(args) => commands::rollup::run(args, &context)?,
        Command::Eval(args) => commands::eval::run(args, &context)?,
        Command::Sample(args) => commands::sample::run(args, &context)?,
        Command::Correct(args) => commands::correct::run(args, &context)?,
        Command::DeadLetters(args) => commands::dead_letters::run(args, &context)?,
        Command::Alerts(command) => commands::alerts::run(command, &context)?,
        Command::Digest(args) => commands::digest::run(args, &context)?,
        Command::Serve(args) => commands::serve::run(args, context)?,
        Command::Deliver(args) => return commands::deliver::run(args, &context),
        Command::Triage(args) => commands::triage::run(args, &context)?,
        Command::Cases(command) => commands::cases::run(command, &context)?,
        Command::Erase(args) => return commands::erase::run(args, &context),
        Command::Maintain(args) => commands::maintain::run(args, &context)?,
        Command::Token(command) => commands::token::run(command, &context)?,
        Command::Doctor(args) => return commands::doctor::run(args, &context),
        Command::Config(_) => commands::config::show(&context)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One sentence with what a table's error says, or else with the deepest cause; the whole chain where it was asked for.
fn report(error: &anyhow::Error, verbose: bool) {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    if verbose {
        eprintln!("verbatim: {error}");
        for cause in &causes {
            eprintln!("  because: {cause}");
        }
        return;
    }
    eprintln!("verbatim: {}", sentence(error));
    if causes.len() > 1 {
        eprintln!("(-v shows every cause)");
    }
}

fn sentence(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    let mut add = |cause: &str| {
        if !told.contains(cause) {
            told += ": ";
            told += cause;
        }
    };
    let table = StoreError::behind(error.as_ref());
    if let Some(table) = table {
        add(&table.to_string());
    }
    // These say it all, and what to do; below them is only the system's word for it.
    if !matches!(
        table,
        Some(StoreError::DiskFull { .. } | StoreError::Denied { .. } | StoreError::Torn { .. })
    ) {
        add(&error.root_cause().to_string());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;
    use worker::WorkerError;

    #[test]
    fn what_helps_is_told_and_not_only_the_deepest_cause() {
        let denied = || StoreError::Denied {
            path: "/tables/feedback".to_owned(),
            source: std::io::Error::from(std::io::ErrorKind::PermissionDenied).into(),
        };
        let commit = anyhow::Error::new(WorkerError::Commit(denied().into())).context("the import stopped");
        let told = sentence(&commit);
        assert!(
            told.starts_with("the import stopped: no permission to read or write /tables/feedback"),
            "{told}"
        );
        assert!(told.ends_with("name another directory"), "{told}");
        assert_eq!(sentence(&denied().into()), denied().to_string());
        let storage = StoreError::Storage { path: "/tables".to_owned(), source: "it timed out".into() };
        let told = sentence(&anyhow::Error::new(WorkerError::Store(storage)));
        assert_eq!(told, "the tables cannot be used: reading or writing /tables failed: it timed out");
        let other = Err::<(), _>(std::io::Error::other("no such thing")).context("no").context("not done");
        assert_eq!(sentence(&other.unwrap_err()), "not done: no such thing");
        assert_eq!(sentence(&anyhow::anyhow!("alone")), "alone");
    }
}
