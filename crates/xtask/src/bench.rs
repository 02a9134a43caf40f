//! `cargo xtask bench`: builds the binary as it is installed, without and with the transformer, and measures both.

use crate::rust_bert::{self, Built};
use crate::{base_model, libtorch, paths, run};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Of crates/analyze: measures the transformer's network alone.
const NETWORK: &str = "transformer_speed";

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
/// Where something does not build, or a run loses or doubles an event. Where the transformer cannot be brought or built,
/// the rest is measured and tells why.
pub fn run(options: &Options) -> Result<()> {
    let profile = ["--profile", options.profile.as_str()];
    let folder = if options.profile == "dev" { "debug" } else { options.profile.as_str() };
    let built = paths::target().join(folder);
    let mut bench = Command::new(built.join("bench"));
    bench.arg("--binary").arg(built.join("verbatim"));
    // Before the program without it, which takes its place.
    if asks_for_encoders(&options.arguments) {
        add_transformer(&mut bench, profile, &built);
    }
    // One invocation, so that both share one set of features and one build.
    run::run(run::cargo().args(["build", "--package", "verbatim", "--package", "bench"]).args(profile))?;
    run::run(bench.args(&options.arguments))
}

/// Whether the transformer is worth building.
fn asks_for_encoders(arguments: &[String]) -> bool {
    !arguments.iter().any(|one| ["--stages-only", "--no-encoders", "--help", "-h"].contains(&one.as_str()))
}

/// Tells the bench where the transformer lies, or why it does not.
fn add_transformer(bench: &mut Command, profile: [&str; 2], built: &Path) {
    if let Ok(model) = base_model::bring() {
        bench.arg("--model").arg(model);
    }
    match transformer(profile, built) {
        Ok((program, network)) => {
            bench.arg("--rust-bert-binary").arg(program).arg("--network-binary").arg(network);
        }
        Err(error) => {
            eprintln!("the transformer is left out: {error:#}");
            bench.arg("--no-rust-bert").arg(format!("{error:#}"));
        }
    }
}

/// The program with the transformer, and what measures its network alone.
fn transformer(profile: [&str; 2], built: &Path) -> Result<(PathBuf, PathBuf)> {
    let Built { program, libtorch, .. } = rust_bert::build(profile[1] != "dev", &[], rust_bert::PROGRAM)?;
    let mut cargo = run::cargo();
    cargo.args(["build", "--package=analyze", "--features=analyze/rust-bert", "--example", NETWORK]);
    cargo.args(profile).envs(libtorch::environment(&libtorch));
    run::run(&mut cargo)?;
    Ok((program, built.join("examples").join(NETWORK)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transformer_is_built_where_it_is_measured() {
        let asks = |arguments: &[&str]| {
            asks_for_encoders(&arguments.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>())
        };
        assert!(asks(&[]) && asks(&["--encoders-only", "--json"]));
        assert!(!asks(&["--stages-only"]) && !asks(&["--json", "--no-encoders"]) && !asks(&["--help"]));
    }
}
