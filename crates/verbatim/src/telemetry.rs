//! Logs: to stderr, as text for people or JSON for programs, and never with feedback text in them.

use crate::config::{Loaded, LogFormat, Origin};
use anyhow::Context as _;
use std::io::IsTerminal as _;
use tracing_subscriber::{EnvFilter, fmt, prelude::*};

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

pub fn init(loaded: &Loaded, manner: Manner, verbose: bool) -> anyhow::Result<()> {
    let filter = filter(loaded, manner, verbose)?;
    let json = match loaded.config.log.format {
        LogFormat::Auto => !std::io::stderr().is_terminal(),
        LogFormat::Json => true,
        LogFormat::Text => false,
    };
    let registry = tracing_subscriber::registry().with(filter);
    if json {
        let layer = fmt::layer().json().flatten_event(true).with_current_span(false).with_writer(std::io::stderr);
        registry.with(layer).init();
    } else {
        let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let layer = fmt::layer().compact().with_ansi(colour).with_writer(std::io::stderr);
        registry.with(layer).init();
    }
    log_panics();
    Ok(())
}

/// The filter in force; an error names the level that cannot be read.
pub fn filter(loaded: &Loaded, manner: Manner, verbose: bool) -> anyhow::Result<EnvFilter> {
    let level = &loaded.config.log.level;
    let configured = loaded.layers.origin(&["log".to_owned(), "level".to_owned()]) != Origin::Default;
    let directives = match (configured, verbose, manner) {
        (true, ..) => level,
        (false, true, _) => VERBOSE,
        (false, false, Manner::Service) => level,
        (false, false, Manner::Command) => "warn",
    };
    EnvFilter::try_new(directives).with_context(|| {
        format!("log.level = {directives:?} is no level: use error, warn, info, debug or trace")
    })
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
