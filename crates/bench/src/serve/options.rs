//! What the measurement of the server can be told.

use std::path::PathBuf;

#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The program.
    #[arg(long, value_name = "FILE")]
    pub binary: PathBuf,
    /// The profile that it was built with, told with the figures.
    #[arg(long, default_value = "unknown", value_name = "NAME")]
    pub profile: String,
    /// Where the tables are made, and kept for the next time.
    #[arg(long, value_name = "FOLDER")]
    pub folder: PathBuf,
    /// To try it: 20,000 facts and 5 seconds of each load, where nothing else is said.
    #[arg(long)]
    quick: bool,
    /// Facts in the tables before anything is measured, at least [default: 1000000].
    #[arg(long, value_name = "N")]
    facts: Option<u64>,
    /// Numbers of a stored vector: 256 of a program that was built with the feature `wide-vectors`, 64 of any other.
    #[arg(long, default_value_t = 256, value_name = "N")]
    pub dimensions: usize,
    /// Seconds of each load [default: 60].
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Events a second that the worker takes meanwhile; 0 for none.
    #[arg(long, default_value_t = 500, value_name = "N")]
    pub events_per_second: u32,
    /// Clients that ask one thing after the other.
    #[arg(long, default_value_t = 4, value_name = "N")]
    pub clients: usize,
    /// Requests a second of those who do not wait for each other.
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub requests_per_second: u32,
    /// Webhooks a second.
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    pub posts_per_second: u32,
    /// Other seeds tell other stories, and ask other questions.
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub seed: u64,
    /// Make the tables again.
    #[arg(long)]
    pub rebuild: bool,
    /// Only make the tables.
    #[arg(long)]
    pub tables_only: bool,
    /// Leave out pages, API, search and export.
    #[arg(long)]
    pub no_pages: bool,
    /// Leave out the webhooks.
    #[arg(long)]
    pub no_hooks: bool,
    /// Have the server log each answer, into run/serve-*.log in the folder.
    #[arg(long)]
    pub log_answers: bool,
    /// For programs.
    #[arg(long)]
    pub json: bool,
}

impl Options {
    pub fn facts(&self) -> u64 {
        self.facts.unwrap_or(if self.quick { 20_000 } else { 1_000_000 })
    }

    pub fn seconds(&self) -> u64 {
        self.seconds.unwrap_or(if self.quick { 5 } else { 60 })
    }
}
