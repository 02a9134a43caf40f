//! Logs: to stderr, as text for people or JSON for programs, and never with feedback text in them.

mod json;

use crate::config::{Loaded, LogFormat, Origin};
use anyhow::bail;
use std::io::IsTerminal as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::{fmt, prelude::*};

/// How talkative a command is where the configuration does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It runs for long, and its log is what one sees of it.
    Service,
    /// It answers and ends; only what goes wrong is worth a line.
    Command,
}

/// Ours talk at debug level with `-v`, others stay at info.
const VERBOSE: &str =
    "info,verbatim=debug,worker=debug,store=debug,insight=debug,analyze=debug,feedback=debug";

/// The Delta kernel logs an error with a backtrace on each level it passes; the command tells it once.
const COMMAND: &str = "warn,buoyant_kernel=off";

pub fn init(loaded: &Loaded, manner: Manner, verbose: bool) -> anyhow::Result<()> {
    let filter = filter(loaded, manner, verbose)?;
    let json = match loaded.config.log.format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Json => true,
        LogFormat::Text => false,
    };
    let registry = tracing_subscriber::registry().with(filter);
    if json {
        registry.with(fmt::layer().event_format(json::Json).with_writer(std::io::stderr)).init();
    } else {
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        registry.with(fmt::layer().compact().with_ansi(colour).with_writer(std::io::stderr)).init();
    }
    log_panics();
    Ok(())
}

/// The filter in force; an error names the level that cannot be read.
pub fn filter(loaded: &Loaded, manner: Manner, verbose: bool) -> anyhow::Result<Targets> {
    let level = loaded.config.log.level.as_str();
    let configured = loaded.layers.origin(&["log".to_owned(), "level".to_owned()]) != Origin::Default;
    parse(match (configured, verbose, manner) {
        (true, ..) | (false, false, Manner::Service) => level,
        (false, true, _) => VERBOSE,
        (false, false, Manner::Command) => COMMAND,
    })
}

/// Levels with commas between them: one for everything, `target=level` for a part.
pub fn parse(directives: &str) -> anyhow::Result<Targets> {
    let mut targets = Targets::new();
    for directive in directives.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
        let (target, level) = directive.split_once('=').map_or((None, directive), |(t, l)| (Some(t), l));
        let Ok(level) = level.parse::<LevelFilter>() else {
            bail!("{level:?} is no level: use off, error, warn, info, debug or trace");
        };
        targets = match target {
            Some(target) => targets.with_target(target, level),
            // The Delta kernel tells each step of each read at info, and Delta each commit without its table.
            None if level == LevelFilter::INFO => ["buoyant_kernel", "deltalake_core"]
                .iter()
                .fold(targets.with_default(level), |all, part| all.with_target(*part, LevelFilter::WARN)),
            None => targets.with_default(level),
        };
    }
    Ok(targets)
}

/// A panic's place is logged. Its message only where it is fixed text: a formatted one may quote feedback.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(withheld)");
        let thread = std::thread::current();
        tracing::error!(thread = thread.name().unwrap_or("unnamed"), place, message, "panicked");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn levels_are_read_for_everything_and_for_parts() {
        let targets = parse("warn, worker=debug").unwrap();
        assert!(targets.would_enable("worker::kafka", &Level::DEBUG));
        assert!(!targets.would_enable("store", &Level::INFO));
        let plain = parse("info").unwrap();
        assert!(plain.would_enable("worker", &Level::INFO));
        assert!(!plain.would_enable("buoyant_kernel::snapshot", &Level::INFO));
        assert!(!plain.would_enable("deltalake_core::kernel::transaction", &Level::INFO));
        assert!(parse("info,buoyant_kernel=info").unwrap().would_enable("buoyant_kernel", &Level::INFO));
        let command = parse(COMMAND).unwrap();
        assert!(command.would_enable("store", &Level::WARN));
        assert!(!command.would_enable("buoyant_kernel::error", &Level::ERROR));
        assert!(parse("trace").unwrap().would_enable("buoyant_kernel", &Level::TRACE));
        let error = parse("inof").unwrap_err().to_string();
        assert!(error.contains("\"inof\" is no level"), "{error}");
        assert!(parse("worker=loud").is_err());
    }
}
