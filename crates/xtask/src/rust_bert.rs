//! `cargo xtask rust-bert`: the program with the transformer: brings what it needs, builds it, and tells where it lies
//! and what to take along to another machine.

use crate::{base_model, libtorch, paths, run};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// How the program is called.
pub const PROGRAM: &str = "verbatim-rust-bert";

#[derive(clap::Args)]
pub struct Options {
    /// As it is installed: slower to build, and faster.
    #[arg(long)]
    release: bool,
}

/// The program, and what it needs at its side.
pub struct Built {
    pub program: PathBuf,
    pub libtorch: PathBuf,
    /// The folder of the public weights.
    pub model: PathBuf,
}

/// # Errors
/// Where something cannot be brought or does not build.
pub fn run(options: &Options) -> Result<()> {
    let Built { program, libtorch, model } = build(options.release, &[], PROGRAM)?;
    // Not on stdout, which is for the path alone.
    eprintln!(
        "On another machine take along the program, {} as lib/ beside it (the program looks there), and {} for \
         analyze.model.",
        libtorch.join("lib").display(),
        model.display()
    );
    println!("{}", program.display());
    Ok(())
}

/// A copy of its own: the next build of the program without it takes back the name `verbatim`.
///
/// # Errors
/// As [`run`].
pub fn build(release: bool, features: &[&str], name: &str) -> Result<Built> {
    let libtorch = libtorch::bring()?;
    let model = base_model::bring()?;
    let features = [&["verbatim/rust-bert"], features].concat().join(",");
    let mut cargo = run::cargo();
    cargo.args(["build", "--package=verbatim", "--features", &features]);
    cargo.args(release.then_some("--release")).envs(libtorch::environment(&libtorch));
    run::run(&mut cargo)?;
    let folder = paths::target().join(if release { "release" } else { "debug" });
    let program = folder.join(name);
    // What runs may not be written over; what is moved may.
    let new = folder.join(format!("{name}.new"));
    std::fs::copy(folder.join("verbatim"), &new)
        .and_then(|_| std::fs::rename(&new, &program))
        .with_context(|| format!("could not write {}", program.display()))?;
    Ok(Built { program, libtorch, model })
}
