//! `verbatim config`: what is in force, and whether it is right.

use crate::config::{Loaded, shown};
use crate::context::{self, Context};
use crate::{key, output, telemetry};
use clap::Subcommand;

/// Check the configuration, or show what is in force and where it came from
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find every mistake in the file and the variables
    Check,
    /// Print every setting, where it came from, and secrets as ***
    Show,
}

pub fn run(command: &Command, context: &Context) -> anyhow::Result<()> {
    let (loaded, json) = (&context.loaded, context.json);
    match command {
        Command::Check => check(loaded, json),
        Command::Show if json => output::json(&shown(&loaded.layers)),
        Command::Show => output::text(&listing(loaded)),
    }
}

/// The layers were checked when they were loaded; here follows what only use would find.
fn check(loaded: &Loaded, json: bool) -> anyhow::Result<()> {
    let config = &loaded.config;
    telemetry::filter(loaded, telemetry::Manner::Service, false)?;
    context::worker_config(config)?;
    context::storage(config)?;
    key::check(config)?;
    context::taxonomy(config)?;
    let changed = shown(&loaded.layers).into_iter().filter(|line| line.from.is_some()).count();
    if json {
        return output::json(&serde_json::json!({ "ok": true, "file": loaded.file, "changed": changed }));
    }
    let file = loaded.file.as_ref().map_or("no file".to_owned(), |file| file.display().to_string());
    output::text(&format!(
        "The configuration is right ({file}, {changed} settings differ from the defaults)."
    ))
}

fn listing(loaded: &Loaded) -> String {
    let lines = shown(&loaded.layers);
    let width = |text: &str| text.chars().count();
    let wide = lines.iter().map(|l| width(&l.name) + width(&l.value)).max().unwrap_or(0).min(60) + 5;
    let mut text = String::new();
    let mut section = None;
    for line in &lines {
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
