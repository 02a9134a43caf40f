//! Logs: to stderr, as text for people or JSON for programs, and never with feedback text in them.

mod json;
mod text;

use crate::config::{Loaded, LogFormat, Origin};
use anyhow::bail;
use std::io::IsTerminal as _;
use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, fmt, prelude::*};

/// How talkative a command is where the configuration does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It runs for long, and its log is what one sees of it.
    Service,
    /// It answers and ends; only what goes wrong is worth a line.
    Command,
}

/// Ours talk at debug level with `-v`, others stay at info.
const VERBOSE: &str = "info,verbatim=debug,server=debug,worker=debug,store=debug,deliver=debug,insight=debug,\
                       analyze=debug,feedback=debug";

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
        registry.with(for_programs(std::io::stderr)).init();
    } else {
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        registry.with(for_people(colour, std::io::stderr)).init();
    }
    log_panics();
    Ok(())
}

/// One JSON object a line.
fn for_programs<S, W>(writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fmt::layer::<S>().event_format(json::Json).with_writer(writer)
}

/// A message a line, with what belongs to it.
fn for_people<S, W>(colour: bool, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fmt::layer::<S>().compact().fmt_fields(text::Text).with_ansi(colour).with_writer(writer)
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
    use serde_json::Value;
    use std::sync::{Arc, Mutex};
    use tracing::Level;

    #[test]
    fn a_command_that_ends_only_warns_and_a_worker_says_how_it_goes() {
        let loaded = |variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            crate::config::assemble(None, variables).unwrap()
        };
        let default = loaded(&[]);
        let set = loaded(&[("VERBATIM__LOG__LEVEL", "error")]);
        let most = |loaded: &Loaded, manner, verbose| {
            let filter = filter(loaded, manner, verbose).unwrap();
            let levels = [Level::DEBUG, Level::INFO, Level::WARN, Level::ERROR];
            levels.into_iter().find(|level| filter.would_enable("worker::kafka", level)).unwrap()
        };
        assert_eq!(most(&default, Manner::Command, false), Level::WARN);
        assert_eq!(most(&default, Manner::Service, false), Level::INFO);
        for manner in [Manner::Command, Manner::Service] {
            assert_eq!(most(&default, manner, true), Level::DEBUG);
            assert_eq!(most(&set, manner, true), Level::ERROR, "who sets a level means it");
        }
    }

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn counters_are_a_sentence_for_people_and_fields_for_programs() {
        let say = || {
            tracing::info!(verbatim_worker_records_total = 3_u64, version = 57, "stopped: 3 records stored");
        };
        let (people, programs) = (Lines::default(), Lines::default());
        let writer = |lines: &Lines| {
            let lines = lines.clone();
            move || lines.clone()
        };
        let registry = tracing_subscriber::registry;
        tracing::subscriber::with_default(registry().with(for_people(false, writer(&people))), say);
        tracing::subscriber::with_default(registry().with(for_programs(writer(&programs))), say);
        let read = |lines: &Lines| String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let line = read(&people);
        assert!(line.ends_with("stopped: 3 records stored version=57\n"), "{line}");
        let line: Value = serde_json::from_str(&read(&programs)).unwrap();
        assert_eq!(line["message"], "stopped: 3 records stored");
        assert_eq!(line["verbatim_worker_records_total"], 3);
        assert_eq!(line["version"], 57);
    }

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
