//! A process that runs beside the measurement, and ends with it.

use super::place::Place;
use crate::process::{self, Usage};
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What a process may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Running {
    name: String,
    child: Child,
    pub log: PathBuf,
}

impl Running {
    /// Starts a command of the program; `name` names its log, too.
    pub fn start(place: &Place, name: &str, args: &[&str]) -> Result<Self> {
        let log = place.file(&format!("{name}.log"));
        let file = File::create(&log).with_context(|| format!("could not write {}", log.display()))?;
        let child = place.command(args).stdout(Stdio::null()).stderr(file).spawn();
        let child = child.with_context(|| format!("could not start {name}"))?;
        Ok(Self { name: name.to_owned(), child, log })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// So far; read it before the end.
    pub fn usage(&self) -> Usage {
        process::usage(self.pid()).unwrap_or_default()
    }

    /// An error where it has ended.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait().context("could not look at a process")? {
            Some(status) => bail!("{} ended with {status}; {} says why", self.name, self.log.display()),
            None => Ok(()),
        }
    }

    /// SIGTERM, and waits until it has ended in order.
    pub fn end(mut self) -> Result<()> {
        self.check()?;
        let pid = self.pid().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().context("could not start kill")?;
        let status = if asked.success() { self.wait()? } else { None };
        match status {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!("{} ended with {status}; {} says why", self.name, self.log.display()),
            None => bail!("{} does not end", self.name),
        }
    }

    fn wait(&mut self) -> Result<Option<ExitStatus>> {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().context("could not wait for a process")? {
                return Ok(Some(status));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(None)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Of one that has ended there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The most memory that a process held while it was watched: its own high-water mark never falls.
pub struct Watched {
    over: Arc<AtomicBool>,
    thread: JoinHandle<f64>,
}

impl Watched {
    pub fn begin(pid: u32) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&over);
        let thread = std::thread::spawn(move || {
            let mut most = 0.0_f64;
            while !told.load(Ordering::Relaxed) {
                most = most.max(process::resident_mib(pid).unwrap_or_default());
                std::thread::sleep(Duration::from_millis(50));
            }
            most
        });
        Self { over, thread }
    }

    /// In MiB.
    pub fn end(self) -> f64 {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or(f64::NAN)
    }
}
