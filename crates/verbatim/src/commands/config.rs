//! `verbatim config`: what is in force, and whether it is right.

use crate::config::{self, ConfigError, Loaded, Problem, Shown, shown};
use crate::context::Context;
use crate::{output, surroundings, taxonomy};
use clap::Subcommand;
use std::path::Path;
use std::process::ExitCode;

/// Check the configuration, or show what is in force and where it came from
#[derive(Debug, Subcommand)]
#[command(
    verbatim_doc_comment,
    after_help = "Examples:\n  \
        verbatim config check --config verbatim.toml\n  \
        verbatim config show --json | jq '.[] | select(.from)'"
)]
pub enum Command {
    /// Find every mistake in the file and the variables, and in what they point to
    ///
    /// Nothing is connected to: `verbatim doctor` does that. The exit code is 1 if anything is wrong. A variable that
    /// begins with VERBATIM_ and is no setting is warned of.
    #[command(verbatim_doc_comment)]
    Check,
    /// Print every setting, where it came from, and secrets as ***
    Show,
}

/// All that is wrong at once, what only use would find included.
pub fn check(file: Option<&Path>, json: bool) -> anyhow::Result<ExitCode> {
    let (loaded, problems) = match config::attempt(file) {
        Ok((mut loaded, mut problems)) => {
            // Who asks whether all is right hears of a map before its import does.
            let maps = loaded.config.wrong_maps(&loaded.layers);
            loaded.warnings.retain(|warning| !maps.contains(warning));
            problems.extend(maps);
            let found = surroundings::all(&loaded);
            problems.extend(found.problems);
            loaded.warnings.extend(found.warnings);
            (Some(loaded), problems)
        }
        Err(ConfigError::Wrong(problems)) => (None, problems),
        Err(error) => return Err(error.into()),
    };
    let warnings: &[Problem] = loaded.as_ref().map_or(&[], |loaded| &loaded.warnings);
    let warned: String = warnings.iter().map(|w| format!("warning: {}: {}\n", w.at, w.message)).collect();
    let warnings = serde_json::to_value(warnings)?;
    let changed = loaded
        .as_ref()
        .map_or(0, |loaded| shown(&loaded.layers).into_iter().filter(|line| line.from.is_some()).count());
    let place = loaded.as_ref().map(|loaded| taxonomy::place(&loaded.config));
    let switched_on = place.as_ref().and_then(taxonomy::Place::switched_on);
    let file = loaded.and_then(|loaded| loaded.file).or_else(|| file.map(Path::to_owned));
    if json {
        let ok = problems.is_empty();
        output::json(&serde_json::json!({
            "ok": ok, "file": file, "changed": changed, "problems": problems, "warnings": warnings,
            "taxonomy_switched_on": switched_on,
        }))?;
        return Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    if !problems.is_empty() {
        eprint!("{warned}");
        return Err(ConfigError::Wrong(problems).into());
    }
    let file = file.map_or("no file".to_owned(), |file| file.display().to_string());
    let differ = if changed == 1 { "differs from its default" } else { "differ from the defaults" };
    let changed = output::counted(changed as u64, "setting");
    let instead = switched_on.map_or_else(String::new, |file| {
        format!(
            "\nThe taxonomy in {}, which was switched on, stands in the place of the built-in one.",
            file.display()
        )
    });
    output::text(&format!("{warned}The configuration is right ({file}; {changed} {differ}).{instead}"))?;
    Ok(ExitCode::SUCCESS)
}

pub fn show(context: &Context) -> anyhow::Result<()> {
    let lines = in_force(&context.loaded);
    if context.json { output::json(&lines) } else { output::text(&listing(&lines)) }
}

/// Every setting; a file that stands in the place of the built-in taxonomy is told with it.
fn in_force(loaded: &Loaded) -> Vec<Shown> {
    let mut lines = shown(&loaded.layers);
    if let Some(file) = taxonomy::place(&loaded.config).switched_on()
        && let Some(line) = lines.iter_mut().find(|line| line.key == "analyze.taxonomy")
    {
        line.from = Some(format!("switched on: {} stands in its place", file.display()));
    }
    lines
}

fn listing(lines: &[Shown]) -> String {
    let width = |text: &str| text.chars().count();
    let wide = lines.iter().map(|l| width(&l.name) + width(&l.value)).max().unwrap_or(0).min(60) + 5;
    let mut text = String::new();
    let mut section = None;
    for line in lines {
        if section != Some(&line.section) {
            text += &format!("{}[{}]\n", if section.is_some() { "\n" } else { "" }, line.section);
            section = Some(&line.section);
        }
        let setting = format!("{} = {}", line.name, line.value);
        match &line.from {
            Some(from) => text += &format!("{setting:<wide$}# {from}\n"),
            None => text += &format!("{setting}\n"),
        }
    }
    text
}
