//! The server under load: pages, the API and search by meaning over many facts while a worker takes events, the
//! export of all of them, and webhooks.
//!
//! The tables are made by the real path and kept ([`base`]); each run works on a copy. Every process is the real program:
//! the server, a worker on a real Kafka, and this one, which asks. All of them share the cores of the machine, and the
//! figures say what each took of them. The server is asked once its jobs have had their first turn; they go on, with an
//! evaluation of the alerts where an hour ends meanwhile.
//!
//! Invariants:
//! - Addresses come from seeds and from what the server itself told: what exists is asked for, the usual mostly.
//! - Of an open loop a time runs from the moment when the request was due: a server that stalls delays what follows,
//!   and that counts (no coordinated omission). Of a closed loop it runs from sending.
//! - What was called durable is looked for in the tables themselves. One that is lost, doubled or invented is an error; no
//!   time is.

mod base;
mod client;
mod copied;
mod feed;
mod figures;
mod hooks;
mod ids;
mod known;
mod latency;
mod load;
mod measure;
mod options;
mod oracle;
mod place;
mod posting;
mod running;
mod said;
mod server;
mod stream;
mod table;
mod visits;

use anyhow::{Context, Result, ensure};
use base::Base;
use feed::Kafka;
use figures::{Figures, Pages};
use hooks::Hooks;
pub use options::Options;
use place::Place;
use server::SETTLED_LEVEL;

/// Measures, and prints the figures.
///
/// # Errors
/// Where something does not start or ends early, or where something was lost, doubled or invented.
pub fn run(options: &Options) -> Result<()> {
    let base = Base::obtain(options)?;
    if options.tables_only {
        return Ok(());
    }
    let place = base.copied(options, "run")?;
    let before = oracle::ledger(&place.tables())?;
    let (pages, mut hooks) = with_kafka(options, &place)?;
    if !options.no_hooks {
        place.settle(&settings(options, "[gateway]\ninto = \"store\"\n"))?;
        hooks.push(posting::into_the_tables(options, &place)?);
    }
    let after = oracle::ledger(&place.tables())?;
    let figures = Figures {
        machine: crate::report::machine(),
        date: demo::rfc3339(crate::events::now()?),
        profile: options.profile.clone(),
        binary: options.binary.display().to_string(),
        tables: base.made,
        pages,
        hooks,
        repeats: after.duplicates.saturating_sub(before.duplicates),
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&figures).context("could not print the figures")?);
    } else {
        print!("{figures}");
    }
    check(&figures)
}

/// Its broker ends with it.
fn with_kafka(options: &Options, place: &Place) -> Result<(Option<Pages>, Vec<Hooks>)> {
    let kafka = Kafka::start(&ids::of_run("live"))?;
    place.settle(&settings(options, &format!("{}[gateway]\ninto = \"kafka\"\n", kafka.settings())))?;
    let (pages, hooks) = measure::with_kafka(options, place, &kafka)?;
    Ok((pages, hooks.into_iter().collect()))
}

fn settings(options: &Options, gateway: &str) -> String {
    let answers = if options.log_answers { ",server=debug" } else { "" };
    // Of the section that the settings begin with.
    format!(
        "level = \"info,{SETTLED_LEVEL}{answers}\"\n[server]\nlisten = \"127.0.0.1:0\"\n{gateway}{}",
        hooks::settings()
    )
}

/// Nothing may be lost, doubled or invented.
fn check(figures: &Figures) -> Result<()> {
    let stream = figures.pages.iter().filter_map(|pages| Some(pages.stream?.tally));
    for tally in stream.chain(figures.hooks.iter().map(|hooks| hooks.tally)) {
        ensure!(tally.is_sound(), "not all is in the tables once: {tally}");
    }
    ensure!(figures.repeats == 0, "the tables noted {} repeats, and none was sent", figures.repeats);
    Ok(())
}
