//! The real binary as a worker, from an empty store to the end of all topics.

use crate::group::{self, GROUP};
use crate::process;
use crate::run::Run;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Up to the end of the process: the last rollup and leaving the group are counted.
pub fn measure(bootstrap: &str, binary: &Path, events: u64) -> Result<Run> {
    let folder = tempfile::tempdir().context("could not make a folder for the tables")?;
    let store = folder.path().join("store");
    let started = Instant::now();
    let mut child = Command::new(binary)
        .args(["worker", "--stop-at-end"])
        .env("VERBATIM__KAFKA__BOOTSTRAP", bootstrap)
        .env("VERBATIM__KAFKA__GROUP", GROUP)
        .env("VERBATIM__STORE__PATH", &store)
        .env("VERBATIM__LOG__LEVEL", "warn")
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start {}", binary.display()))?;
    let joined = group::joined(bootstrap, &mut [&mut child])?;
    let (status, usage) = process::watch(child)?;
    let work = joined.elapsed();
    ensure!(status.success(), "the worker ended with {status}");
    let ledger = ledger(&store)?;
    ensure!(ledger.facts == events, "{events} events gave {} facts", ledger.facts);
    Ok(Run::new(events, ledger.consumed(), usage, joined - started, work))
}

fn ledger(path: &Path) -> Result<store::Ledger> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = store::Store::open(&path.to_string_lossy(), store::StoreOptions::default()).await?;
        Ok(store.ledger().await?)
    })
}
