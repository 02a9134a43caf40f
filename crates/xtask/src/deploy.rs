//! The checks of what lies in `deploy/`, by the linters of each format. `tests/deploy.rs` starts the program with it.

use crate::{paths, python, run};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

const IMAGE: &str = "Dockerfile";
const COMPOSE: [&str; 2] = ["compose.yaml", "compose.web.yaml"];
const PROXY: &str = "Caddyfile";
const UNITS: [&str; 2] = ["verbatim-worker.service", "verbatim-serve.service"];
const USERS: &str = "verbatim.sysusers";
/// How far a unit is open at most, by systemd's own measure from 0 to 100.
const MOST_EXPOSED: u32 = 20;

pub enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

type Outcomes = Vec<(String, Outcome)>;

/// Runs every check; none stops the others.
#[must_use]
pub fn lint() -> Outcomes {
    let mut outcomes = match python::environment("linters", python::LINTERS) {
        Ok(bin) => linted(&bin),
        Err(error) => vec![("linters".to_owned(), Outcome::Skipped(format!("{error:#}")))],
    };
    outcomes.extend(systemd());
    outcomes.push(("every_file_has_its_check".to_owned(), judged(nothing_else())));
    outcomes
}

/// By the linters that are brought.
fn linted(bin: &Path) -> Outcomes {
    let tool = |name: &str, arguments: &[&str], file: &str| {
        let mut command = Command::new(bin.join(name));
        judged(run::run_quietly(command.args(arguments).arg(lies(file))).map(drop))
    };
    let mut outcomes = vec![(IMAGE.to_owned(), tool("hadolint", &[], IMAGE))];
    for file in COMPOSE {
        outcomes.push((format!("{file}_format"), tool("yamllint", &["--strict"], file)));
        outcomes.push((format!("{file}_safety"), tool("compose-lint", &[], file)));
    }
    outcomes.push((format!("{PROXY}_format"), tool("caddy", &["fmt", "--diff"], PROXY)));
    outcomes.push((PROXY.to_owned(), judged(proxy(&bin.join("caddy")))));
    outcomes
}

/// As Caddy itself reads it, with a name where that of a deployment is to be; what Caddy keeps stays below the target.
fn proxy(caddy: &Path) -> Result<()> {
    let home = folder()?;
    let mut command = Command::new(caddy);
    command.args(["validate", "--adapter", "caddyfile", "--config"]).arg(lies(PROXY));
    command.env("DOMAIN", "feedback.example.com");
    command.env("XDG_DATA_HOME", &home).env("XDG_CONFIG_HOME", &home);
    run::run_quietly(&mut command).map(drop)
}

fn systemd() -> Outcomes {
    let mut outcomes = Vec::new();
    for unit in UNITS {
        outcomes.push((unit.to_owned(), with("systemd-analyze", || verify(unit))));
        outcomes.push((format!("{unit}_exposure"), with("systemd-analyze", || exposure(unit))));
    }
    let users = || run::run_quietly(Command::new("systemd-sysusers").arg("--dry-run").arg(lies(USERS)));
    outcomes.push((USERS.to_owned(), with("systemd-sysusers", || users().map(drop))));
    outcomes
}

/// Checks where the system has this program.
fn with(program: &str, check: impl FnOnce() -> Result<()>) -> Outcome {
    if run::exists(program) {
        return judged(check());
    }
    Outcome::Skipped(format!("{program} is not here; `apt-get install systemd` brings it"))
}

fn verify(unit: &str) -> Result<()> {
    let output =
        run::run_quietly(Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(startable(unit)?))?;
    let said = String::from_utf8_lossy(&output.stderr);
    // Other units of the machine may be faulty; only ours counts.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains(unit)).collect();
    anyhow::ensure!(ours.is_empty(), "{}", ours.join("\n"));
    Ok(())
}

/// It fails where a unit is open further than it may be, and says by what.
fn exposure(unit: &str) -> Result<()> {
    let most = format!("--threshold={MOST_EXPOSED}");
    let mut analyze = Command::new("systemd-analyze");
    analyze.args(["security", "--no-pager", "--offline=true", &most]).arg(startable(unit)?);
    run::run_quietly(&mut analyze).map(drop)
}

/// A copy of a unit whose `ExecStart` names a program that exists, which is what `systemd-analyze` wants.
fn startable(unit: &str) -> Result<PathBuf> {
    let text =
        std::fs::read_to_string(lies(unit)).with_context(|| format!("could not read deploy/{unit}"))?;
    let copy = folder()?.join(unit);
    std::fs::write(&copy, text.replace("/usr/local/bin/verbatim", "/bin/true"))
        .with_context(|| format!("could not write {}", copy.display()))?;
    Ok(copy)
}

/// Whoever adds a file says above what checks it.
fn nothing_else() -> Result<()> {
    let known: Vec<&str> = [IMAGE, PROXY, USERS].into_iter().chain(COMPOSE).chain(UNITS).collect();
    for entry in std::fs::read_dir(lies("")).context("could not list deploy/")? {
        let name = entry.context("could not list deploy/")?.file_name();
        // Settings of whoever runs it here, which git does not know.
        let is_own = Path::new(&name).extension().is_some_and(|ending| ending == "env");
        let is_known = known.iter().any(|known| name == *known);
        anyhow::ensure!(is_known || is_own, "nothing checks deploy/{}", name.to_string_lossy());
    }
    Ok(())
}

fn lies(file: &str) -> PathBuf {
    paths::root().join("deploy").join(file)
}

/// For what a check writes.
fn folder() -> Result<PathBuf> {
    let folder = paths::target().join("lint");
    std::fs::create_dir_all(&folder).context("could not make the folder of the lint")?;
    Ok(folder)
}

fn judged(result: Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Passed,
        Err(error) => Outcome::Failed(format!("{error:#}")),
    }
}
