//! The command line: what a person meets first.

use crate::commands;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(
    name = "verbatim",
    version,
    about = "Turns what customers say into what a product team does next.",
    long_about = "Turns what customers say into what a product team does next.\n\n\
        Events from surveys, tickets, NPS and social media come in from Kafka or files; redacted, judged\n\
        facts and daily insights go out to open Delta tables; the report says what changed, how sure that\n\
        is, and which words it was counted from. All of it runs on this machine.",
    after_help = "Start with `verbatim demo`: it needs nothing and shows everything in a minute.\n\n\
        Exit codes: 0 fine, also where nothing was found; 1 failed, and stderr says why and what to do;\n\
        2 wrong usage; 3 nothing to erase.",
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes stands apart from what only one does.
const COMMON: &str = "Common options";

#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration, laid over the defaults [default: ./verbatim.toml if there is one]
    #[arg(
        long,
        global = true,
        env = "VERBATIM_CONFIG",
        hide_env = true,
        value_name = "FILE",
        help_heading = COMMON
    )]
    pub config: Option<PathBuf>,
    /// More logs, and the whole chain of causes behind an error
    #[arg(short, long, global = true, help_heading = COMMON)]
    pub verbose: bool,
    /// Print JSON for programs in place of tables for people
    #[arg(long, global = true, help_heading = COMMON)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(commands::demo::Args),
    Worker(commands::worker::Args),
    Import(commands::import::Args),
    Classify(commands::classify::Args),
    // Far larger than the others.
    Report(Box<commands::report::Args>),
    // As large.
    Search(Box<commands::search::Args>),
    Rollup(commands::rollup::Args),
    Eval(commands::eval::Args),
    Sample(commands::sample::Args),
    Correct(commands::correct::Args),
    DeadLetters(commands::dead_letters::Args),
    Triage(commands::triage::Args),
    #[command(subcommand)]
    Cases(commands::cases::Command),
    #[command(subcommand)]
    Alerts(commands::alerts::Command),
    Digest(commands::digest::Args),
    Serve(commands::serve::Args),
    Deliver(commands::deliver::Args),
    Erase(commands::erase::Args),
    Maintain(commands::maintain::Args),
    #[command(subcommand)]
    Token(commands::token::Command),
    Doctor(commands::doctor::Args),
    #[command(subcommand)]
    Config(commands::config::Command),
}
