//! `cargo xtask bench-serve`: builds the program and has crates/bench measure its server under load.

use crate::{paths, run};
use anyhow::Result;
use std::process::Command;

/// Below the target directory: the tables are made once and kept there.
const FOLDER: &str = "bench-serve";

#[derive(clap::Args)]
pub struct Options {
    /// The profile to measure: `dev` is what `cargo run` gives, `release` is what is installed.
    #[arg(long, default_value = "dev")]
    profile: String,
    /// To try it: 20,000 facts and 5 seconds of each load, where nothing else is said.
    #[arg(long)]
    quick: bool,
    /// Facts in the tables before anything is measured [default: 1000000].
    #[arg(long, value_name = "N")]
    facts: Option<u64>,
    /// Numbers of a stored vector: 64 are what the built-in encoder gives, 256 the same vectors widened by the feature
    /// `wide-vectors`, for the costs of longer ones.
    #[arg(long, default_value = "256", value_parser = ["64", "256"], value_name = "N")]
    dimensions: String,
    /// Passed on; `-- --help` lists what there is.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// # Errors
/// Where something does not build or start, or something was lost, doubled or invented.
pub fn run(options: &Options) -> Result<()> {
    let profile = options.profile.as_str();
    let built = paths::target().join(if profile == "dev" { "debug" } else { profile });
    // One invocation, so that both share one set of features and one build.
    let mut cargo = run::cargo();
    cargo.args(["build", "--package", "verbatim", "--package", "bench", "--profile", profile]);
    if options.dimensions == "256" {
        cargo.args(["--features", "verbatim/wide-vectors"]);
    }
    run::run(&mut cargo)?;
    let mut bench = Command::new(built.join("bench"));
    bench.args(["serve", "--profile", profile, "--binary"]).arg(built.join("verbatim"));
    bench.arg("--folder").arg(paths::target().join(FOLDER));
    bench.args(["--dimensions", &options.dimensions]);
    if options.quick {
        bench.arg("--quick");
    }
    if let Some(facts) = options.facts {
        bench.args(["--facts", &facts.to_string()]);
    }
    run::run(bench.args(&options.arguments))
}
