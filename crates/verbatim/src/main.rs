//! Verbatim, the program: configuration, commands, wiring, the demo.
//!
//! Knows: the command line, the configuration, how the rooms are put together, how results are shown.
//! Must not: hold logic. What a command does lies in the room below; here stands only how one asks for it.
//!
//! Invariants:
//! - Secrets leave the configuration only towards the library that needs them; nothing here prints one.
//! - Results go to stdout and nothing else does; progress, logs and errors go to stderr.
//! - Whoever stops reading stdout early ends the program without an error.

mod cli;
mod commands;
mod config;
mod context;
mod kafka;
mod key;
mod lines;
mod ordered;
mod output;
mod progress;
mod reporting;
mod surroundings;
mod telemetry;

use clap::Parser as _;
use cli::{Cli, Command};
use context::Context;
use std::process::ExitCode;
use telemetry::Manner;

fn main() -> ExitCode {
    worker::failpoints::set_up_from_environment();
    let cli = Cli::parse();
    match run(&cli) {
        Ok(code) => code,
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, cli.global.verbose);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    if let Command::Config(commands::config::Command::Check) = &cli.command {
        return commands::config::check(cli.global.config.as_deref(), cli.global.json);
    }
    let loaded = config::load(cli.global.config.as_deref())?;
    let manner = if matches!(cli.command, Command::Worker(_)) { Manner::Service } else { Manner::Command };
    telemetry::init(&loaded, manner, cli.global.verbose)?;
    let context = Context { loaded, json: cli.global.json };
    match &cli.command {
        Command::Demo(args) => commands::demo::run(args, context)?,
        Command::Worker(args) => commands::worker::run(args, &context)?,
        Command::Import(args) => commands::import::run(args, &context)?,
        Command::Classify(args) => commands::classify::run(args, &context)?,
        Command::Report(args) => commands::report::run(args, &context)?,
        Command::Rollup(args) => commands::rollup::run(args, &context)?,
        Command::Eval(args) => commands::eval::run(args, &context)?,
        Command::DeadLetters(args) => commands::dead_letters::run(args, &context)?,
        Command::Erase(args) => commands::erase::run(args, &context)?,
        Command::Maintain(args) => commands::maintain::run(args, &context)?,
        Command::Doctor(args) => return commands::doctor::run(args, &context),
        Command::Config(_) => commands::config::show(&context)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One sentence with the deepest cause; the whole chain where it was asked for.
fn report(error: &anyhow::Error, verbose: bool) {
    let causes: Vec<String> = error.chain().skip(1).map(ToString::to_string).collect();
    if verbose {
        eprintln!("verbatim: {error}");
        for cause in &causes {
            eprintln!("  because: {cause}");
        }
        return;
    }
    match causes.last().filter(|root| !error.to_string().contains(*root)) {
        Some(root) => eprintln!("verbatim: {error}: {root}"),
        None => eprintln!("verbatim: {error}"),
    }
    if causes.len() > 1 {
        eprintln!("(-v shows every cause)");
    }
}
