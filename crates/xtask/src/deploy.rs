//! The checks of what lies in `deploy/`, by the linters of each format. `tests/deploy.rs` starts the program with it.

use crate::{paths, python, run};
use anyhow::{Context, Result};
use std::path::Path;
use std::process::Command;

pub enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// Runs every check; none stops the others.
#[must_use]
pub fn lint() -> Vec<(&'static str, Outcome)> {
    let deploy = paths::root().join("deploy");
    let mut outcomes = match python::environment("linters", python::LINTERS) {
        Ok(bin) => vec![
            ("dockerfile", judged(tool(&bin.join("hadolint"), &[], &deploy.join("Dockerfile")))),
            (
                "compose_yaml",
                judged(tool(&bin.join("yamllint"), &["--strict"], &deploy.join("compose.yaml"))),
            ),
            ("compose_safety", judged(tool(&bin.join("compose-lint"), &[], &deploy.join("compose.yaml")))),
        ],
        Err(error) => vec![("linters", Outcome::Skipped(format!("{error:#}")))],
    };
    outcomes.push(("systemd_unit", systemd(&deploy.join("verbatim-worker.service"))));
    outcomes
}

fn judged(result: Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}

fn tool(program: &Path, arguments: &[&str], file: &Path) -> Result<()> {
    run::run_quietly(Command::new(program).args(arguments).arg(file)).map(drop)
}

/// `systemd-analyze verify` wants the program of `ExecStart` to exist, so it reads a copy that names one that does.
fn systemd(unit: &Path) -> Outcome {
    if !run::exists("systemd-analyze") {
        return Outcome::Skipped("systemd-analyze is not here; `apt-get install systemd` brings it".into());
    }
    judged(verify(unit))
}

fn verify(unit: &Path) -> Result<()> {
    let text = std::fs::read_to_string(unit).with_context(|| format!("could not read {}", unit.display()))?;
    let folder = paths::target().join("lint");
    std::fs::create_dir_all(&folder).context("could not make the folder of the lint")?;
    let copy = folder.join("verbatim-worker.service");
    std::fs::write(&copy, text.replace("/usr/local/bin/verbatim", "/bin/true"))
        .with_context(|| format!("could not write {}", copy.display()))?;
    let output = run::run_quietly(Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&copy))?;
    let said = String::from_utf8_lossy(&output.stderr);
    // Other units of the machine may be faulty; only ours counts.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("verbatim-worker")).collect();
    anyhow::ensure!(ours.is_empty(), "{}", ours.join("\n"));
    Ok(())
}
