//! The figures of one run, for people and for programs.

use crate::{Options, encoders::Encoders, run::Run, stages::Stage};
use std::fmt;

#[derive(Debug, serde::Serialize)]
pub struct Figures {
    pub machine: String,
    pub binary: String,
    pub event_bytes: f64,
    pub stages: Vec<Stage>,
    pub worker: Option<Run>,
    pub peer: Option<Run>,
    /// The worker's events a second to the peer's.
    pub ratio: Option<f64>,
    pub encoders: Option<Encoders>,
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
            ratio: None,
            encoders: None,
        }
    }

    pub fn compare(&mut self) {
        let runs = self.worker.zip(self.peer);
        self.ratio = runs.map(|(worker, peer)| worker.events_per_second / peer.events_per_second);
    }
}

/// Its cores and their name.
#[must_use]
pub fn machine() -> String {
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
        if !self.stages.is_empty() {
            writeln!(
                f,
                "{:<34}{:>10}{:>14}{:>10}",
                "stage alone, on one thread", "rows", "rows/CPU s", "µs a row"
            )?;
        }
        for Stage { name, rows, rows_per_second } in &self.stages {
            let micros = 1e6 / rows_per_second;
            writeln!(f, "{name:<34}{rows:>10}{rows_per_second:>14.0}{micros:>10.2}")?;
        }
        if self.worker.is_some() {
            writeln!(
                f,
                "\n{:<34}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}",
                "Kafka to committed",
                "events",
                "joining",
                "seconds",
                "events/s",
                "peak MiB",
                "CPU s",
                "re-read"
            )?;
        }
        let worker = format!("verbatim worker ({:.0}-byte events)", self.event_bytes);
        let sides = [(worker.as_str(), self.worker), ("Python pair (VADER, deltalake)", self.peer)];
        for (name, run) in sides.into_iter().filter_map(|(name, run)| Some((name, run?))) {
            line(f, name, &run)?;
        }
        if let Some(ratio) = self.ratio {
            writeln!(f, "\nratio: {ratio:.1} times the Python pair's events a second")?;
        }
        let apart = if self.stages.is_empty() { "" } else { "\n" };
        self.encoders.as_ref().map_or(Ok(()), |encoders| write!(f, "{apart}{encoders}"))
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, run: &Run) -> fmt::Result {
    writeln!(
        f,
        "{name:<34}{:>10}{:>10.1}{:>10.1}{:>10.0}{:>10.0}{:>10.1}{:>10}",
        run.events,
        run.joining_seconds,
        run.seconds,
        run.events_per_second,
        run.usage.peak_mib,
        run.usage.cpu_seconds,
        run.read.saturating_sub(run.events)
    )
}
