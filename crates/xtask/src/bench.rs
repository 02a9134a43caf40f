//! `cargo xtask bench`: builds the binary as it is installed, and measures it.

use crate::{paths, run};
use anyhow::Result;
use std::process::Command;

#[derive(clap::Args)]
pub struct Options {
    /// The profile to measure: `release` is what is installed; `dev` is what the demo and the tests run.
    #[arg(long, default_value = "release")]
    profile: String,
    /// Passed on; `-- --help` lists what there is.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// # Errors
/// Where something does not build, or a run loses or doubles an event.
pub fn run(options: &Options) -> Result<()> {
    let profile = ["--profile", options.profile.as_str()];
    // One invocation, so that both share one set of features and one build.
    run::run(run::cargo().args(["build", "--package", "verbatim", "--package", "bench"]).args(profile))?;
    let folder = if options.profile == "dev" { "debug" } else { options.profile.as_str() };
    let built = paths::target().join(folder);
    run::run(
        Command::new(built.join("bench"))
            .arg("--binary")
            .arg(built.join("verbatim"))
            .args(&options.arguments),
    )
}
