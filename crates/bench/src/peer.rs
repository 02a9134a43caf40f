//! The same job in Python: two processes in one group, as fair use of two cores.

use crate::group::{self, GROUP};
use crate::process::Usage;
use crate::run::Run;
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const PAIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/pair.py");
const COUNT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/count.py");

/// What one process says at its end.
#[derive(serde::Deserialize)]
struct Said {
    records: u64,
    peak_mib: f64,
    cpu_seconds: f64,
}

/// Up to the moment when both have read and committed everything.
pub fn measure(bootstrap: &str, events: u64) -> Result<Run> {
    let python = xtask::python::environment("readers", xtask::python::READERS)?.join("python");
    let folder = tempfile::tempdir().context("could not make a folder for the peer's table")?;
    let table = folder.path().join("table");
    let started = Instant::now();
    let start = || {
        Command::new(&python)
            .args([PAIR, bootstrap, GROUP])
            .arg(&table)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the peer")
    };
    let (mut first, mut second) = (start()?, start()?);
    let joined = group::joined(bootstrap, &mut [&mut first, &mut second])?;
    let said = [line(&mut first)?, line(&mut second)?];
    let work = joined.elapsed();
    end(first)?;
    end(second)?;
    let distinct = distinct(&python, &table)?;
    ensure!(distinct == events, "the peer's table holds {distinct} of {events} events");
    let usage = Usage {
        peak_mib: said.iter().map(|said| said.peak_mib).sum(),
        cpu_seconds: said.iter().map(|said| said.cpu_seconds).sum(),
    };
    let read = said.iter().map(|said| said.records).sum();
    Ok(Run::new(events, read, usage, joined - started, work))
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

fn distinct(python: &Path, table: &Path) -> Result<u64> {
    let counted = Command::new(python).arg(COUNT).arg(table).stderr(Stdio::inherit()).output();
    let text = String::from_utf8(counted.context("could not count the peer's rows")?.stdout)?;
    text.trim().parse().with_context(|| format!("the peer's rows were counted as {text:?}"))
}
