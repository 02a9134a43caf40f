//! `cargo xtask bench-alerts`: measures the alerts on invented streams, beside the common rule, and prints tables in
//! Markdown.

use crate::run;
use anyhow::Result;

/// Of crates/insight: this crate stays free of polars.
const EXAMPLE: &str = "bench_alerts";

#[derive(clap::Args)]
pub struct Options {
    /// Fewer seeds: half a minute instead of a few.
    #[arg(long)]
    quick: bool,
    /// The profile to run in.
    #[arg(long, default_value = "dev")]
    profile: String,
}

/// # Errors
/// Where it does not build or run.
pub fn run(options: &Options) -> Result<()> {
    let mut cargo = run::cargo();
    cargo.args([
        "run",
        "--quiet",
        "--package=insight",
        "--example",
        EXAMPLE,
        "--profile",
        &options.profile,
        "--",
    ]);
    if options.quick {
        cargo.arg("--quick");
    }
    run::run(&mut cargo)
}
