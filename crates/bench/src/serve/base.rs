//! Tables with many facts: made once the way a user's are made, and kept.
//!
//! Twelve weeks of the demo's company, larger: its people, accounts, languages, sources and stories, with versions,
//! deletions, repeats and broken messages. They go through Kafka and the worker, then through the commands that
//! bring the insights, the cases, the alerts and a digest up to them.

use super::feed::Kafka;
use super::options::Options;
use super::place::Place;
use super::{copied, oracle};
use anyhow::{Context, Result, ensure};
use demo::{Expect, History};
use feedback::time::Day;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// How the tables are made; another number makes them again.
const WAY: u32 = 1;
/// Written at the end: without it a folder is not whole.
const MADE: &str = "made.json";
/// Messages that are told for a fact that is asked for, at first: the number of facts is left to chance.
const SPARE: f64 = 1.03;

/// After the worker, in this order.
const STEPS: [&[&str]; 5] =
    [&["maintain"], &["rollup"], &["cases", "update"], &["alerts", "run"], &["digest", "--archive"]];

/// What was made, and how long that took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Made {
    pub facts: u64,
    /// On the broker.
    pub messages: u64,
    /// The profile of the program that made them, and what it took: each step with its seconds and its peak memory.
    pub profile: String,
    pub steps: Vec<Step>,
    of: Of,
}

impl Made {
    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.of.dimensions
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub name: String,
    pub seconds: f64,
    pub peak_mib: f64,
}

/// What must be the same for tables to be used again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Of {
    way: u32,
    facts: u64,
    seed: u64,
    /// Numbers of a vector.
    dimensions: usize,
    /// The Monday after the last week that is told.
    end: Day,
}

pub struct Base {
    place: Place,
    pub made: Made,
}

impl Base {
    /// Those that are there, where they were made for the same, else made now.
    pub fn obtain(options: &Options) -> Result<Self> {
        let end = crate::events::now()?.day().week_start();
        let (facts, seed, dimensions) = (options.facts(), options.seed, options.dimensions);
        let of = Of { way: WAY, facts, seed, dimensions, end };
        let folder = options.folder.join(format!("facts-{facts}-{seed}-{dimensions}"));
        let kept = read(&folder).filter(|made| made.of == of && !options.rebuild);
        if let Some(made) = kept {
            eprintln!("the tables of {} are there already: {} facts", folder.display(), made.facts);
            return Ok(Self { place: Place::at(&options.binary, folder)?, made });
        }
        let place = Place::fresh(&options.binary, folder)?;
        let made = make(&place, of, &options.profile)?;
        let text = serde_json::to_vec_pretty(&made).context("could not tell what was made")?;
        std::fs::write(place.file(MADE), text).context("could not tell what was made")?;
        Ok(Self { place, made })
    }

    /// A copy of them to work on, in a folder of its own.
    pub fn copied(&self, options: &Options, name: &str) -> Result<Place> {
        let copy = Place::fresh(&options.binary, options.folder.join(name))?;
        copied::tree(&self.place.tables(), &copy.tables())?;
        copied::file(&self.place.key(), &copy.key())?;
        Ok(copy)
    }
}

fn read(folder: &Path) -> Option<Made> {
    let text = std::fs::read(PathBuf::from(folder).join(MADE)).ok()?;
    serde_json::from_slice(&text).ok()
}

fn make(place: &Place, of: Of, profile: &str) -> Result<Made> {
    let kafka = Kafka::start("told")?;
    let expect = produce(&kafka, of)?;
    // What is told has come over months; it is rolled up at the end.
    place.settle(&format!("{}[worker]\nrollup_every = \"0s\"\n", kafka.settings()))?;
    let mut steps = vec![step(place, &["worker", "--stop-at-end"])?];
    let dimensions = oracle::dimensions(&place.tables())?;
    ensure!(
        dimensions == of.dimensions,
        "the program stores vectors of {dimensions} numbers, and {} were asked for: of 256 where it was built with the \
         feature wide-vectors",
        of.dimensions
    );
    for args in STEPS {
        steps.push(step(place, args)?);
    }
    let ledger = oracle::ledger(&place.tables())?;
    ensure!(
        ledger.consumed() == expect.consumed && ledger.facts == expect.facts,
        "the tables have {} facts of {} records, and the history {} of {}",
        ledger.facts,
        ledger.consumed(),
        expect.facts,
        expect.consumed
    );
    Ok(Made { facts: ledger.facts, messages: expect.messages, profile: profile.to_owned(), steps, of })
}

/// Tells a history with enough facts to the broker, and what has to come of it.
fn produce(kafka: &Kafka, of: Of) -> Result<Expect> {
    let started = Instant::now();
    let history = told(of);
    let (expect, feed) = (history.expect().clone(), kafka.feed()?);
    for event in history {
        feed.send(&kafka.renamed(event.topic), &event.key, &event.headers, &event.payload)?;
    }
    feed.finish()?;
    eprintln!(
        "told in {:.0} s: {} messages, {} facts",
        started.elapsed().as_secs_f64(),
        expect.messages,
        expect.facts
    );
    Ok(expect)
}

fn told(of: Of) -> History {
    let mut messages = of.facts as f64 * SPARE;
    loop {
        eprintln!("telling twelve weeks in about {messages:.0} messages");
        let events = messages as usize;
        let history = History::new(demo::Options { seed: of.seed, events, ..demo::Options::new(of.end) });
        if history.expect().facts >= of.facts {
            return history;
        }
        messages *= SPARE * of.facts as f64 / history.expect().facts.max(1) as f64;
    }
}

fn step(place: &Place, args: &[&str]) -> Result<Step> {
    let name = args.join(" ");
    eprint!("verbatim {name}");
    let (seconds, usage) = place.run(args)?;
    eprintln!(": {seconds:.1} s, {:.0} MiB", usage.peak_mib);
    Ok(Step { name, seconds, peak_mib: usage.peak_mib })
}
