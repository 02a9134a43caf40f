//! The same job in Python: two processes in one group, as fair use of two cores.

use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/pair.py");

#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct PeerRun {
    /// Read by both; a rebalance may read some twice.
    pub events: u64,
    pub seconds: f64,
    pub peak_mib: f64,
    pub events_per_second: f64,
}

/// What one process says at its end.
#[derive(serde::Deserialize)]
struct Said {
    records: u64,
    peak_mib: f64,
}

pub fn measure(bootstrap: &str, events: u64) -> Result<PeerRun> {
    let python = xtask::python::environment("readers", xtask::python::READERS)?.join("python");
    let folder = tempfile::tempdir().context("could not make a folder for the peer's table")?;
    let table = folder.path().join("table");
    let started = Instant::now();
    let start = || {
        Command::new(&python)
            .args([SCRIPT, bootstrap, "peer"])
            .arg(&table)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the peer")
    };
    let (mut first, mut second) = (start()?, start()?);
    let said = [line(&mut first)?, line(&mut second)?];
    let seconds = started.elapsed().as_secs_f64();
    end(first)?;
    end(second)?;
    let records: u64 = said.iter().map(|said| said.records).sum();
    ensure!(records >= events, "the peer read {records} of {events} events");
    Ok(PeerRun {
        events: records,
        seconds,
        peak_mib: said.iter().map(|said| said.peak_mib).sum(),
        events_per_second: records as f64 / seconds,
    })
}

fn line(child: &mut Child) -> Result<Said> {
    let output = child.stdout.as_mut().context("the peer has no output")?;
    let mut text = String::new();
    BufReader::new(output).read_line(&mut text).context("could not read what the peer says")?;
    serde_json::from_str(&text).with_context(|| format!("the peer said {text:?}"))
}

/// Closing its input lets it leave the group.
fn end(mut child: Child) -> Result<()> {
    drop(child.stdin.take());
    child.wait().context("the peer did not end")?;
    Ok(())
}
