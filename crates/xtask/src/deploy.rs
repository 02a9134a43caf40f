//! The checks of what lies in `deploy/`: by the linters of each format, and against the configuration.

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
    outcomes.push(("variables_are_the_configurations", judged(variables(&deploy))));
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

/// Every `VERBATIM__…` name in `deploy/` is a key of the default configuration.
fn variables(deploy: &Path) -> Result<()> {
    let defaults = std::fs::read_to_string(paths::root().join("config/verbatim.toml"))
        .context("could not read config/verbatim.toml")?;
    let defaults: toml::Table = defaults.parse().context("config/verbatim.toml is not TOML")?;
    let mut found = 0;
    for entry in std::fs::read_dir(deploy).context("could not list deploy/")? {
        let path = entry.context("could not list deploy/")?.path();
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
        for name in names(&text) {
            anyhow::ensure!(
                is_key(&defaults, name),
                "{}: {name} is no key of the configuration",
                path.display()
            );
            found += 1;
        }
    }
    anyhow::ensure!(found > 0, "deploy/ sets no variable of the configuration at all");
    Ok(())
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("VERBATIM__").map(|(at, _)| {
        let rest = &text[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

fn is_key(defaults: &toml::Table, name: &str) -> bool {
    let path: Vec<String> = name.split("__").skip(1).map(str::to_lowercase).collect();
    let Some((last, sections)) = path.split_last() else { return false };
    let mut table = defaults;
    for section in sections {
        match table.get(section) {
            Some(toml::Value::Table(inner)) => table = inner,
            _ => return false,
        }
    }
    table.contains_key(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_looked_up_by_section() {
        let defaults: toml::Table = "[kafka]\nbootstrap = 'x'".parse().unwrap();
        assert!(is_key(&defaults, "VERBATIM__KAFKA__BOOTSTRAP"));
        assert!(!is_key(&defaults, "VERBATIM__KAFKA__BOOTSTRAPS"));
        assert_eq!(
            names("a VERBATIM__A__B=1, VERBATIM__C: 2").collect::<Vec<_>>(),
            ["VERBATIM__A__B", "VERBATIM__C"]
        );
    }
}
