//! One server that passes on to Kafka: asked in each way while a worker takes events, then posted to.

use super::client::Client;
use super::feed::Kafka;
use super::figures::{Export, Load, Pages, Spent, Streamed};
use super::hooks::Hooks;
use super::known::{self, Known};
use super::load::{self, arrivals};
use super::options::Options;
use super::oracle::{self, Tally};
use super::place::Place;
use super::running::{Running, Watched};
use super::server::{self, Server};
use super::stream::Stream;
use super::visits::{self, Visitor};
use super::{ids, posting};
use crate::process;
use anyhow::{Result, ensure};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// Connections of those who do not wait for each other.
const LINES: u32 = 256;
const EXPORTS: [&str; 2] = ["/v1/records.csv", "/v1/records.jsonl"];

/// What is at work.
pub struct Stage<'s> {
    pub options: &'s Options,
    pub place: &'s Place,
    pub kafka: &'s Kafka,
    pub runtime: Runtime,
    pub server: Server,
    pub worker: Running,
}

pub fn with_kafka(options: &Options, place: &Place, kafka: &Kafka) -> Result<(Option<Pages>, Option<Hooks>)> {
    let runtime = runtime()?;
    eprintln!("starting the server");
    let server = runtime.block_on(Server::start(place, "serve-kafka"))?;
    let worker = server::worker(place, "worker", &kafka.address())?;
    let mut stage = Stage { options, place, kafka, runtime, server, worker };
    let pages = if options.no_pages { None } else { Some(stage.pages()?) };
    let hooks = if options.no_hooks { None } else { Some(posting::into_kafka(&mut stage)?) };
    stage.worker.end()?;
    stage.server.end()?;
    Ok((pages, hooks))
}

/// On one thread: the cores are for those who are measured.
pub fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

impl Stage<'_> {
    fn pages(&mut self) -> Result<Pages> {
        let Options { events_per_second, seed, .. } = *self.options;
        let run = ids::of_run("live");
        let known = Arc::new(self.runtime.block_on(Known::look(&self.server.target, seed))?);
        let wanted = events_per_second > 0;
        let stream = wanted.then(|| Stream::begin(self.kafka, &run, events_per_second, seed)).transpose()?;
        let lasts = Duration::from_secs(self.options.seconds());
        let loads = vec![
            self.closed("Warming up", lasts / 3, &known)?,
            self.closed("Clients that wait for each answer, and think", lasts, &known)?,
            self.open(lasts, &known)?,
        ];
        let exports = EXPORTS.into_iter().map(|path| self.export(path)).collect::<Result<_>>()?;
        let stream = stream.map(|stream| self.streamed(stream, &run)).transpose()?;
        let peak_mib = self.server.usage().peak_mib;
        Ok(Pages { start: self.server.start, stream, loads, exports, unasked: self.unasked()?, peak_mib })
    }

    fn unasked(&self) -> Result<Vec<String>> {
        let mut client = Client::new(&self.server.target);
        let document = self.runtime.block_on(known::json(&mut client, "/v1/openapi.json"))?;
        let mut unasked = visits::unasked(&document);
        unasked.retain(|path| !EXPORTS.contains(&path.as_str()));
        Ok(unasked)
    }

    fn closed(&mut self, name: &str, lasts: Duration, known: &Arc<Known>) -> Result<Load> {
        let clients = self.options.clients;
        eprintln!("{name}: {clients} for {} s", lasts.as_secs());
        let visitor = |number| Visitor::new(self.options.seed, &format!("{name} {number}"), known);
        let visitors = (0..clients).map(visitor).collect();
        let meter = Meter::begin(&self.server);
        let done = self.runtime.block_on(load::closed(&self.server.target, visitors, lasts))?;
        let load = Load::new(format!("{name} ({clients})"), &done, meter.end(&self.server));
        self.check()?;
        Ok(load)
    }

    fn open(&mut self, lasts: Duration, known: &Arc<Known>) -> Result<Load> {
        let rate = self.options.requests_per_second;
        let name = format!("Requests that do not wait for each other ({rate} a second)");
        eprintln!("{name} for {} s", lasts.as_secs());
        let mut visitor = Visitor::new(self.options.seed, "open", known);
        let due = arrivals(&mut visitor, f64::from(rate), lasts);
        let target = &self.server.target;
        let plan = due.into_iter().map(|due| {
            let visit = visitor.next();
            let asking = target.get(&visit.address)?;
            Ok((due, visit, asking))
        });
        let meter = Meter::begin(&self.server);
        let done = self.runtime.block_on(load::open(target, LINES, plan))?;
        let load = Load::new(name, &done, meter.end(&self.server));
        self.check()?;
        Ok(load)
    }

    fn export(&mut self, path: &'static str) -> Result<Export> {
        eprintln!("exporting {path}");
        let before_mib = process::resident_mib(self.server.pid()).unwrap_or(f64::NAN);
        let (watched, began) = (Watched::begin(self.server.pid()), Instant::now());
        let mut client = Client::new(&self.server.target);
        let (status, bytes) = self.runtime.block_on(client.drain(path))?;
        ensure!(status == 200, "{path} was answered with {status}");
        let seconds = began.elapsed().as_secs_f64();
        let mib = bytes as f64 / f64::from(1 << 20);
        Ok(Export { path, mib, seconds, server_mib: watched.end(), before_mib })
    }

    /// Ends the events, and looks for each of them in the tables.
    fn streamed(&mut self, stream: Stream, run: &str) -> Result<Streamed> {
        let sent = stream.end()?;
        let (lag, worker) = (self.kafka.lag()?, self.worker.usage());
        self.wait_until_read()?;
        let in_tables = oracle::items(&self.place.tables(), run)?;
        let tally = Tally::of(run, &vec![true; sent.events as usize], &in_tables);
        Ok(Streamed {
            events_per_second: sent.events as f64 / sent.seconds,
            seconds: sent.seconds,
            lag,
            worker_peak_mib: worker.peak_mib,
            worker_cpu_seconds: worker.cpu_seconds,
            tally,
        })
    }

    pub fn wait_until_read(&mut self) -> Result<()> {
        let worker = &mut self.worker;
        self.kafka.wait_until_read(|| worker.check())
    }

    /// Both are still there.
    fn check(&mut self) -> Result<()> {
        self.server.check()?;
        self.worker.check()
    }
}

/// What the server and this process take from now on.
pub struct Meter {
    began: Instant,
    watched: Watched,
    server: f64,
    own: f64,
}

impl Meter {
    pub fn begin(server: &Server) -> Self {
        let watched = Watched::begin(server.pid());
        let (server, own) = (server.usage().cpu_seconds, process::own_cpu_seconds());
        Self { began: Instant::now(), watched, server, own }
    }

    pub fn end(self, server: &Server) -> Spent {
        Spent {
            seconds: self.began.elapsed().as_secs_f64(),
            server_mib: self.watched.end(),
            server_cpu_seconds: server.usage().cpu_seconds - self.server,
            client_cpu_seconds: process::own_cpu_seconds() - self.own,
        }
    }
}
