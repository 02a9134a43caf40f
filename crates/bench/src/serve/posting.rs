//! Webhooks into Kafka, with a worker that reads them, and into the tables, without any.

use super::figures::Spent;
use super::hooks::{Hooks, Ready, is_taken, statuses};
use super::latency::Times;
use super::load::Done;
use super::measure::{self, Meter, Stage};
use super::options::Options;
use super::oracle::{self, Tally};
use super::place::Place;
use super::server::Server;
use anyhow::Result;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The worker has to have read them all, too.
pub fn into_kafka(stage: &mut Stage<'_>) -> Result<Hooks> {
    let ready = ready(stage.options, "hook")?;
    let posted = Posted::post(stage.options, &stage.runtime, &stage.server, &ready)?;
    stage.wait_until_read()?;
    posted.hooks("kafka", stage.options, stage.place, &ready)
}

/// What is called durable is in the tables already.
pub fn into_the_tables(options: &Options, place: &Place) -> Result<Hooks> {
    let ready = ready(options, "hook-store")?;
    let runtime = measure::runtime()?;
    let server = runtime.block_on(Server::start(place, "serve-store"))?;
    let posted = Posted::post(options, &runtime, &server, &ready)?;
    let hooks = posted.hooks("the tables", options, place, &ready)?;
    server.end()?;
    Ok(hooks)
}

fn ready(options: &Options, kind: &str) -> Result<Ready> {
    let count = u64::from(options.posts_per_second) * options.seconds();
    eprintln!("posting {count} webhooks: {kind}");
    Ready::new(kind, count, options.seed)
}

struct Posted {
    done: Vec<Done<usize>>,
    seconds: f64,
    spent: Spent,
}

impl Posted {
    fn post(options: &Options, runtime: &Runtime, server: &Server, ready: &Ready) -> Result<Self> {
        let meter = Meter::begin(server);
        let (done, seconds) = runtime.block_on(ready.send(&server.target, options.posts_per_second))?;
        Ok(Self { done, seconds, spent: meter.end(server) })
    }

    /// With what the tables have of them.
    fn hooks(self, into: &'static str, options: &Options, place: &Place, ready: &Ready) -> Result<Hooks> {
        let took: Vec<Duration> = self.done.iter().filter(|one| is_taken(one)).map(|one| one.took).collect();
        let in_tables = oracle::items(&place.tables(), &ready.run)?;
        Ok(Hooks {
            into,
            asked_per_second: options.posts_per_second,
            taken_per_second: took.len() as f64 / self.seconds,
            seconds: self.seconds,
            times: Times::of(&took),
            statuses: statuses(&self.done),
            tally: Tally::of(&ready.run, &ready.taken(&self.done), &in_tables),
            server_mib: self.spent.server_mib,
            server_cpu_seconds: self.spent.server_cpu_seconds,
            sender_cpu_seconds: self.spent.client_cpu_seconds,
        })
    }
}
