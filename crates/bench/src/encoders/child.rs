//! A program that measures itself: run to its end, with what it says and the memory that it took.

use crate::process;
use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// What it printed, which is JSON, and its peak memory in MiB. `said` is a file for what it prints: a pipe could fill while
/// the program is watched.
///
/// # Errors
/// Where it does not start, fails, or says something else.
pub fn run<T: DeserializeOwned>(mut command: Command, said: &Path) -> Result<(T, f64)> {
    let name = command.get_program().to_string_lossy().into_owned();
    let out = File::create(said).with_context(|| format!("could not write {}", said.display()))?;
    let child = command
        .stdin(Stdio::null())
        .stdout(out)
        .spawn()
        .with_context(|| format!("could not start {name}"))?;
    let (status, usage) = process::watch(child)?;
    ensure!(status.success(), "{name} ended with {status}; what stands above says why");
    let text = std::fs::read_to_string(said).with_context(|| format!("could not read {}", said.display()))?;
    let figures = serde_json::from_str(&text).with_context(|| format!("{name} told no figures"))?;
    Ok((figures, usage.peak_mib))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(script: &str) -> Result<(Vec<u8>, f64)> {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        run(command, &folder.path().join("said"))
    }

    #[test]
    fn what_a_program_says_and_takes_is_told() {
        let (figures, peak_mib) = told("sleep 0.2; echo '[1, 2]'").unwrap();
        assert_eq!(figures, [1, 2]);
        assert!(peak_mib > 0.0);
    }

    #[test]
    fn one_that_fails_or_says_something_else_gives_none() {
        assert!(told("exit 3").unwrap_err().to_string().contains("sh ended with exit status: 3"));
        assert_eq!(told("echo hello").unwrap_err().to_string(), "sh told no figures");
    }
}
