//! The single runs: each side reads the texts several times, in turns.

use super::child;
use super::side::{Side, Start, Task, Told, one_processor};
use super::texts::{self, Lengths};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Where a network reads, one text of so many.
const FEWER: usize = 10;

/// The texts on disk, and the cores of the machine.
pub struct Place {
    folder: TempDir,
    pub words: Lengths,
    texts: usize,
    pub cores: usize,
}

impl Place {
    pub fn prepare(count: usize) -> Result<Self> {
        let folder = tempfile::tempdir().context("could not make a folder for the texts")?;
        let all = texts::english(count)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let place = Self { folder, words: Lengths::words(&all), texts: all.len(), cores };
        texts::write(all.iter(), &place.file(false))?;
        texts::write(all.iter().step_by(FEWER), &place.file(true))?;
        Ok(place)
    }

    /// How many texts there are; `fewer` for networks.
    pub fn texts(&self, fewer: bool) -> usize {
        if fewer { self.texts.div_ceil(FEWER) } else { self.texts }
    }

    fn file(&self, fewer: bool) -> PathBuf {
        self.folder.path().join(if fewer { "fewer.jsonl" } else { "texts.jsonl" })
    }

    /// What a program prints, from a folder without anybody's configuration.
    fn run<T: serde::de::DeserializeOwned>(&self, mut command: Command) -> Result<(T, f64)> {
        command.current_dir(self.folder.path());
        child::run(command, &self.folder.path().join("said.json"))
    }
}

/// What one side did.
pub struct Runs {
    pub side: Side,
    /// What starts it, or why it is not measured.
    pub start: Result<Start, String>,
    /// Texts a second on one thread, run by run.
    pub one_thread: Vec<f64>,
    /// Texts a second a core, with all cores at work.
    pub all_cores: Vec<f64>,
    /// The most of all runs on one thread.
    pub peak_mib: f64,
}

impl Runs {
    pub fn new(side: Side, start: Result<Start, String>) -> Self {
        Self { side, start, one_thread: Vec::new(), all_cores: Vec::new(), peak_mib: 0.0 }
    }

    /// One more run on one thread, and for an encoder of ours one on all cores.
    ///
    /// # Errors
    /// Where our own program fails; a peer that fails is left out from then on.
    pub fn add(&mut self, place: &Place) -> Result<()> {
        let Ok(start) = self.start.clone() else { return Ok(()) };
        match self.measure(&start, place) {
            Err(error) if !self.side.is_ours() => {
                self.start = Err(format!("{error:#}"));
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn measure(&mut self, start: &Start, place: &Place) -> Result<()> {
        let file = place.file(self.side.has_network());
        let side = self.side;
        let run = |threads: usize| -> Result<(f64, f64)> {
            let task = Task { texts: &file, threads };
            let (told, peak_mib) = place.run::<Told>(side.command(start, task))?;
            Ok((side.speed(told)?, peak_mib))
        };
        let (speed, peak_mib) = run(1)?;
        self.one_thread.push(speed);
        self.peak_mib = self.peak_mib.max(peak_mib);
        if side.is_ours() && place.cores > 1 {
            let (speed, _) = run(place.cores)?;
            self.all_cores.push(speed / place.cores as f64);
        }
        Ok(())
    }
}

/// What the example `transformer_speed` prints: texts a second on one thread.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct NetworkRun {
    /// Those that the network reads.
    pub texts: usize,
    /// Tokens of a row.
    pub tokens: Lengths,
    /// The network alone, on batches made before.
    pub forward: f64,
    /// Tokens, batches, and the network.
    pub read: f64,
    /// The whole analysis.
    pub whole: f64,
}

/// One run of the network by itself; `program` is the example.
pub fn network(program: &Path, model: &Path, place: &Place) -> Result<NetworkRun> {
    let mut command = Command::new(program);
    command.arg(model).arg(place.file(true));
    // Unlike the program, an example does not remember where libtorch lay when it was built.
    command.env("LD_LIBRARY_PATH", xtask::libtorch::bring()?.join("lib"));
    one_processor(&mut command);
    let (run, _) = place.run(command)?;
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_read_a_tenth_of_the_texts() {
        let place = Place::prepare(95).unwrap();
        let lines = |fewer| std::fs::read_to_string(place.file(fewer)).unwrap().lines().count();
        assert_eq!((lines(false), lines(true)), (95, 10));
        assert_eq!((place.texts(false), place.texts(true)), (95, 10));
    }

    #[test]
    fn a_peer_that_fails_is_left_out_and_our_own_program_stops_it() {
        let place = Place::prepare(10).unwrap();
        let start = || Ok(Start { program: "false".into(), model: None });
        let mut peer = Runs::new(Side::Vader, start());
        peer.add(&place).unwrap();
        assert!(peer.start.unwrap_err().contains("false ended with"));
        assert!(Runs::new(Side::BuiltIn, start()).add(&place).is_err());
    }

    #[test]
    fn what_the_example_prints_is_read() {
        let told = r#"{"texts": 1990, "tokens": {"tenth": 13, "median": 27, "nine_tenths": 52},
            "forward": 200.5, "read": 196.0, "whole": 195.25}"#;
        let run: NetworkRun = serde_json::from_str(told).unwrap();
        assert_eq!((run.tokens.median, run.whole), (27, 195.25));
    }
}
