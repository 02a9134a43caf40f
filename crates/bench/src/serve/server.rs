//! `verbatim serve` on the tables: where it answers, from when on, and what it takes.

use super::client::{Client, Target};
use super::place::Place;
use super::running::Running;
use crate::process::{self, Usage};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LISTENS: Duration = Duration::from_secs(60);
/// What reading the tables for the first time may take, and the jobs their first turn.
const LOADS: Duration = Duration::from_secs(900);
const SETTLES: Duration = Duration::from_secs(1_800);
/// What the log says of the last job at the end of its turn: it has nowhere to write to.
const SETTLED: &str = "topics: nothing to do";
/// Whose words these are, and from which level on they are logged.
pub const SETTLED_LEVEL: &str = "verbatim::commands::serve=debug";
const LOOK: Duration = Duration::from_millis(50);

pub struct Server {
    running: Running,
    pub target: Arc<Target>,
    pub start: Start,
}

/// From nothing to answers about all records.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Start {
    /// Until it listened, and until all records were in memory.
    pub listens_seconds: f64,
    pub loaded_seconds: f64,
    /// As it tells by itself.
    pub records: u64,
    pub records_mib: f64,
    /// Then, and the most until then.
    pub resident_mib: f64,
    pub peak_mib: f64,
    /// Until its jobs had their first turn, which makes up for all that was missed; and the most memory until then.
    pub settled_seconds: f64,
    pub settled_peak_mib: f64,
}

impl Server {
    /// Starts it, and makes a token of an editor, who sees every page; `name` names its log. Returns when it is ready, and its jobs have had their first turn.
    pub async fn start(place: &Place, name: &str) -> Result<Self> {
        let token = place.said(&["token", "create", name, "--role", "editor"])?;
        let started = Instant::now();
        let mut running = Running::start(place, name, &["serve"])?;
        let address = wait_for(&mut running, LISTENS, "listen", told)?;
        let listens_seconds = started.elapsed().as_secs_f64();
        let target = Arc::new(Target { address, token });
        let loaded = loaded(&mut running, &target, started).await?;
        wait_for(&mut running, SETTLES, "have its jobs done", |line| line.contains(SETTLED).then_some(()))?;
        let start = Start {
            listens_seconds,
            settled_seconds: started.elapsed().as_secs_f64(),
            settled_peak_mib: running.usage().peak_mib,
            ..loaded
        };
        Ok(Self { running, target, start })
    }

    pub fn pid(&self) -> u32 {
        self.running.pid()
    }

    pub fn usage(&self) -> Usage {
        self.running.usage()
    }

    pub fn check(&mut self) -> Result<()> {
        self.running.check()
    }

    pub fn end(self) -> Result<()> {
        self.running.end()
    }
}

/// Waits until all records are in memory; what that took.
async fn loaded(running: &mut Running, target: &Arc<Target>, started: Instant) -> Result<Start> {
    let mut client = Client::new(target);
    while client.status("/readyz").await? != 200 {
        running.check()?;
        if started.elapsed() > LOADS {
            bail!("the server has not read its tables after {} s", LOADS.as_secs());
        }
        tokio::time::sleep(LOOK).await;
    }
    let loaded_seconds = started.elapsed().as_secs_f64();
    let metrics = client.read("/metrics").await?;
    Ok(Start {
        loaded_seconds,
        records: counter(&metrics, "verbatim_live_records") as u64,
        records_mib: counter(&metrics, "verbatim_live_bytes") / f64::from(1 << 20),
        resident_mib: process::resident_mib(running.pid()).unwrap_or(f64::NAN),
        peak_mib: running.usage().peak_mib,
        ..Start::default()
    })
}

/// What a line of the log tells, once one does.
fn wait_for<T>(
    running: &mut Running,
    patience: Duration,
    what: &str,
    told: impl Fn(&str) -> Option<T>,
) -> Result<T> {
    let started = Instant::now();
    loop {
        let log = std::fs::read_to_string(&running.log).unwrap_or_default();
        if let Some(found) = log.lines().find_map(&told) {
            return Ok(found);
        }
        running.check()?;
        if started.elapsed() > patience {
            bail!("the server does not {what}; {} says why", running.log.display());
        }
        std::thread::sleep(LOOK);
    }
}

fn told(line: &str) -> Option<SocketAddr> {
    serde_json::from_str::<Value>(line).ok()?.get("address")?.as_str()?.parse().ok()
}

/// Of Prometheus's text; not a number where it is not told.
fn counter(metrics: &str, name: &str) -> f64 {
    let value =
        metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok());
    value.unwrap_or(f64::NAN)
}

/// A worker of the group that reads what comes; returns when it has its partitions.
pub fn worker(place: &Place, name: &str, bootstrap: &str) -> Result<Running> {
    let mut running = Running::start(place, name, &["worker"])?;
    crate::group::joined(bootstrap, &mut [running.child()]).context("the worker does not start")?;
    Ok(running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_tells_is_found() {
        let line = r#"{"level":"info","message":"serving","address":"127.0.0.1:40123"}"#;
        assert_eq!(told(line), "127.0.0.1:40123".parse().ok());
        assert_eq!(told(r#"{"message":"serving","tables":"/x"}"#), None);
        let metrics =
            "# TYPE verbatim_live_records gauge\nverbatim_live_records_x 3\nverbatim_live_records 17\n";
        assert!((counter(metrics, "verbatim_live_records") - 17.0).abs() < 1e-9);
        assert!(counter(metrics, "verbatim_live").is_nan());
    }
}
