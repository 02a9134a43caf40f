//! The figures of one run, for people and for programs.

use crate::{Options, peer::PeerRun, stages::Stage, worker_run::WorkerRun};
use std::fmt;

#[derive(Debug, serde::Serialize)]
pub struct Figures {
    pub machine: String,
    pub binary: String,
    pub event_bytes: f64,
    pub stages: Vec<Stage>,
    pub worker: Option<WorkerRun>,
    pub peer: Option<PeerRun>,
}

impl Figures {
    #[must_use]
    pub fn new(options: &Options) -> Self {
        Self {
            machine: machine(),
            binary: options.binary.display().to_string(),
            event_bytes: 0.0,
            stages: Vec::new(),
            worker: None,
            peer: None,
        }
    }

    fn ratio(&self) -> Option<f64> {
        Some(self.worker?.events_per_second / self.peer?.events_per_second)
    }
}

fn machine() -> String {
    let model = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        line.split_once(": ").map(|(_, name)| name.to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} cores, {}", model.unwrap_or_else(|| "unknown processor".to_owned()))
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.machine)?;
        writeln!(f, "{}\n", self.binary)?;
        writeln!(f, "{:<34}{:>14}{:>14}", "stage alone", "rows/CPU s", "µs a row")?;
        for stage in &self.stages {
            writeln!(
                f,
                "{:<34}{:>14.0}{:>14.2}",
                stage.name,
                stage.rows_per_second,
                1e6 / stage.rows_per_second
            )?;
        }
        if let Some(run) = &self.worker {
            writeln!(
                f,
                "\n{:<34}{:>14}{:>10}{:>10}{:>11}{:>10}",
                "Kafka to committed", "events", "seconds", "events/s", "peak MiB", "CPU s"
            )?;
            writeln!(
                f,
                "{:<34}{:>14}{:>10.1}{:>10.0}{:>11.0}{:>10.1}",
                format!("verbatim worker ({:.0}-byte events)", self.event_bytes),
                run.events,
                run.usage.seconds,
                run.events_per_second,
                run.usage.peak_mib,
                run.usage.cpu_seconds
            )?;
        }
        if let Some(run) = &self.peer {
            writeln!(
                f,
                "{:<34}{:>14}{:>10.1}{:>10.0}{:>11.0}{:>10}",
                "Python pair (VADER, deltalake)",
                run.events,
                run.seconds,
                run.events_per_second,
                run.peak_mib,
                "-"
            )?;
        }
        if let Some(ratio) = self.ratio() {
            writeln!(f, "\nratio: {ratio:.1} times the Python pair")?;
        }
        Ok(())
    }
}
