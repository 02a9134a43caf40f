//! The real binary as a worker, from an empty store to the end of all topics.

use crate::process::{self, Usage};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct WorkerRun {
    pub events: u64,
    /// Facts in the table afterwards; a run that lost or doubled one would be no measurement.
    pub facts: u64,
    #[serde(flatten)]
    pub usage: Usage,
    /// From the start of the process to its end: joining the group and the last rollup included.
    pub events_per_second: f64,
}

pub fn measure(bootstrap: &str, binary: &Path, events: u64) -> Result<WorkerRun> {
    let folder = tempfile::tempdir().context("could not make a folder for the tables")?;
    let store = folder.path().join("store");
    let started = Instant::now();
    let child = Command::new(binary)
        .args(["worker", "--stop-at-end"])
        .env("VERBATIM__KAFKA__BOOTSTRAP", bootstrap)
        .env("VERBATIM__STORE__PATH", &store)
        .env("VERBATIM__LOG__LEVEL", "warn")
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start {}", binary.display()))?;
    let (status, usage) = process::watch(child, started)?;
    ensure!(status.success(), "the worker ended with {status}");
    let facts = facts(&store)?;
    ensure!(facts == events, "{events} events gave {facts} facts");
    Ok(WorkerRun { events, facts, usage, events_per_second: events as f64 / usage.seconds })
}

fn facts(path: &Path) -> Result<u64> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ledger = runtime.block_on(async {
        let store = store::Store::open(&path.to_string_lossy(), store::StoreOptions::default()).await?;
        store.ledger().await
    })?;
    Ok(ledger.facts)
}
