//! A child process, watched: how much memory, how much processor time.

use anyhow::{Context, Result};
use std::process::Child;
use std::time::Duration;

#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Usage {
    pub peak_mib: f64,
    pub cpu_seconds: f64,
}

/// Waits until the child ends, looking at its `/proc` entry twenty times a second.
pub fn watch(mut child: Child) -> Result<(std::process::ExitStatus, Usage)> {
    let (pid, mut most) = (child.id(), Usage::default());
    loop {
        if let Some(now) = usage(pid) {
            most.peak_mib = most.peak_mib.max(now.peak_mib);
            most.cpu_seconds = most.cpu_seconds.max(now.cpu_seconds);
        }
        if let Some(status) = child.try_wait().context("could not wait for the child")? {
            return Ok((status, most));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What a process has used so far; `None` where there is none, or no `/proc`.
#[must_use]
pub fn usage(pid: u32) -> Option<Usage> {
    Some(Usage { peak_mib: peak_mib(pid)?, cpu_seconds: cpu_seconds(pid)? })
}

/// The high-water mark of resident memory.
fn peak_mib(pid: u32) -> Option<f64> {
    memory_mib(pid, "VmHWM:")
}

/// Resident memory now.
#[must_use]
pub fn resident_mib(pid: u32) -> Option<f64> {
    memory_mib(pid, "VmRSS:")
}

fn memory_mib(pid: u32, name: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// What this process has used so far; not a number without `/proc`.
#[must_use]
pub fn own_cpu_seconds() -> f64 {
    cpu_seconds(std::process::id()).unwrap_or(f64::NAN)
}

/// User and system time, in clock ticks of a hundredth of a second, as Linux reports them to everyone.
fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after_name = &stat[stat.rfind(')')? + 2..];
    let ticks = |field: usize| after_name.split(' ').nth(field)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}
