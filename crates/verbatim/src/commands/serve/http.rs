//! The server beside the jobs: where it listens, and what it answers from.

use super::Serving;
use crate::config::{Config, Loaded};
use crate::context;
use crate::desk::Rooms;
use crate::gateway::{By, Taking};
use crate::owners::Owners;
use crate::reading::Reader;
use crate::surroundings;
use crate::taxonomy::Keeper;
use crate::{encoders, gateway, tokens};
use analyze::Taxonomy;
use anyhow::{Context as _, Result};
use deliver::DeliverMetrics;
use feedback::decode::Decoder;
use server::ahead;
use server::auth::{Access, AccessOptions};
use server::gateway::Gateway;
use server::health::{Probe, Remembering};
use server::letters::Letters;
use server::live::Live;
use server::metrics::ServerMetrics;
use server::reports::Reports;
use server::serve::{Limits, Listener, listen, serve};
use server::state::{Judging, Topic, Topics};
use server::taxonomy::Workshop;
use server::topics::Counts;
use server::{App, Inner, Settings, app};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use worker::{Processor, Shutdown};

/// Where requests come in, before anything answers them.
pub struct Door {
    listener: Listener,
    address: SocketAddr,
}

impl Door {
    /// Opens it, so that whatever is wrong is told before anything else begins; `None` where nothing is to be answered.
    pub async fn open(loaded: &Loaded) -> Result<Option<Self>> {
        let Some(address) = loaded.config.server.address() else { return Ok(None) };
        surroundings::check_server(loaded)?;
        let listener = listen(address).await.map_err(|error| {
            let why = match error.kind() {
                ErrorKind::AddrInUse => "another program listens there: stop it, or name another address",
                ErrorKind::AddrNotAvailable => "this machine has no such address: name one that it has",
                ErrorKind::PermissionDenied => "this user may not listen there: name a port from 1024 on",
                _ => "it cannot be listened at",
            };
            anyhow::Error::new(error).context(format!("server.listen {address}: {why}"))
        })?;
        // Of port 0 the one that was free.
        let address = listener.local_addr().unwrap_or(address);
        if loaded.config.server.open_on_loopback {
            tracing::warn!("whoever asks from this machine is an admin (server.open_on_loopback)");
        }
        Ok(Some(Self { listener, address }))
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until somebody asks to stop.
    pub async fn answer(self, serving: Arc<Serving>, shutdown: Shutdown) -> Result<()> {
        let config = serving.context.config();
        tokens::note_made(&serving.store, &tokens::file(config)?).await?;
        let access = Access::new(access(config)?);
        let connections = config.server.connections as usize;
        let app = made(&serving, access).await?;
        let live = app.live.clone();
        tokio::spawn(until(async move { live.follow().await }, shutdown.clone()));
        tokio::spawn(until(ahead::keep_ready(app.clone()), shutdown.clone()));
        self.told(config)?;
        let limits = Limits { connections, ..Limits::default() };
        let (router, metrics) = (app::router(app.clone()), Arc::clone(&app.metrics));
        serve(self.listener, router, limits, metrics, shutdown.requested()).await;
        Ok(())
    }

    /// In the log: where it is, and how one gets in.
    fn told(&self, config: &Config) -> Result<()> {
        tracing::info!(address = %self.address, "serving");
        if !config.server.open_on_loopback && tokens::file(config)?.read()?.is_empty() {
            tracing::warn!(
                "nobody has a token yet: `verbatim token create NAME --role admin` makes one, to sign in with at \
                 http://{}/login",
                self.address
            );
        }
        Ok(())
    }
}

fn access(config: &Config) -> Result<AccessOptions> {
    Ok(AccessOptions {
        tokens: tokens::file(config)?,
        open_on_loopback: config.server.open_on_loopback,
        behind_proxy: config.server.behind_proxy,
        address: dashboard(config),
    })
}

/// Where people open it.
fn dashboard(config: &Config) -> Option<String> {
    let address = config.dashboard.address.trim().trim_end_matches('/');
    (!address.is_empty()).then(|| address.to_owned())
}

fn settings(config: &Config) -> Settings {
    Settings {
        address: dashboard(config),
        request_time: config.server.request_time.0,
        body: config.server.body.in_memory(),
        records: config.server.records as usize,
        report_weeks: i32::from(config.report.weeks),
        rollup_every: Some(config.worker.rollup_every.0).filter(|every| !every.is_zero()),
    }
}

async fn made(serving: &Arc<Serving>, access: Access) -> Result<App> {
    let (context, store) = (&serving.context, serving.store.clone());
    let (config, settings) = (context.config(), settings(context.config()));
    let Taking { intake, by } = gateway::taking(context, &store).await?;
    let intake = Remembering::new(intake);
    let mut probes = vec![intake.probe()];
    // The gateway's own answer comes before that of any request that takes too long.
    let limits = gateway::limits(config, settings.body, settings.request_time * 9 / 10);
    let decoder = Decoder::new(config.registry(), config.limits.limits());
    let gateway = Gateway::new(decoder, gateway::vendors(config)?, limits, Arc::new(intake))
        .context("[vendors] is wrong")?;
    let live = Live::new(store.clone(), settings.records);
    let metrics = counted(serving, &live);
    let (taken, asked) = (gateway.clone(), access.clone());
    metrics.join(Box::new(move || taken.counters()));
    metrics.join(Box::new(move || asked.counters()));
    let processor = read_by(by, &metrics, &mut probes);
    let rooms = Rooms::new(context, &store, &serving.logs, &live, &serving.alerting)?;
    let ahead = rooms.clone();
    tokio::spawn(async move { ahead.warm().await });
    let reports = Reports::new(store.clone(), live.clone(), context.topic_names()?);
    let reading = Reader::new(context)?;
    let taxonomy = context::taxonomy(config)?;
    let topics = Topics::new(taxonomy.version(), listed(&taxonomy, &serving.alerting.owners));
    if let Some(processor) = &processor {
        serving.taxonomy.tell_processor(config, processor)?;
    }
    follow_taxonomies(serving, &topics, &reports, &rooms);
    Ok(App::new(Inner {
        settings,
        metrics,
        live,
        reports,
        letters: Letters::new(store.clone()),
        desk: Arc::new(rooms),
        gateway,
        access,
        judging: judging(config, &reading),
        reading: Arc::new(reading),
        topics,
        counts: Counts::default(),
        taxonomy: workshop(serving, processor),
        probes,
        store,
    }))
}

/// Who judges texts, here or wherever workers run by the same configuration.
fn judging(config: &Config, reading: &Reader) -> Judging {
    let name = config.analyze.encoder;
    let judges = std::iter::once(reading.encoder().to_owned()).chain(encoders::network_version(name));
    Judging { encoder: name.as_str(), judges: judges.collect() }
}

/// What is counted of whoever reads what is taken; who judges it, where that is this process.
fn read_by(by: By, metrics: &ServerMetrics, probes: &mut Vec<Probe>) -> Option<Arc<Processor>> {
    match by {
        By::Workers(watch) => {
            probes.extend(watch.probes());
            metrics.join(watch.counters());
            tokio::spawn(watch.follow());
            None
        }
        By::Own { processor, metrics: own } => {
            metrics.join(Box::new(move || gateway::counted(&own)));
            Some(processor)
        }
    }
}

/// Does what goes on for ever, until somebody asks to stop.
async fn until(forever: impl Future<Output = ()>, shutdown: Shutdown) {
    tokio::select! {
        () = forever => {}
        () = shutdown.requested() => {}
    }
}

/// The server's own counters, with those of the jobs, the deliveries and the records in memory.
fn counted(serving: &Arc<Serving>, live: &Live) -> Arc<ServerMetrics> {
    let metrics = Arc::<ServerMetrics>::default();
    let (jobs, deliveries) = (Arc::clone(serving), Arc::clone(&serving.deliveries));
    metrics.join(Box::new(move || jobs.metrics.snapshot()));
    metrics.join(Box::new(move || delivered(&deliveries)));
    metrics.join(live.counters());
    metrics
}

fn delivered(deliveries: &DeliverMetrics) -> Vec<(String, u64)> {
    let counters = deliveries.snapshot().into_iter();
    counters.map(|(name, value)| (name.to_owned(), u64::try_from(value).unwrap_or(0))).collect()
}

/// What the dashboard shows of topics changes with the taxonomy in force.
fn follow_taxonomies(serving: &Arc<Serving>, topics: &Topics, reports: &Reports, rooms: &Rooms) {
    let own = Arc::downgrade(serving);
    let (shown, reports, rooms) = (topics.clone(), reports.clone(), rooms.clone());
    serving.taxonomy.tell("the dashboard", topics.version(), move |taxonomy| {
        if let Some(serving) = own.upgrade() {
            shown.switch(taxonomy.version(), listed(taxonomy, &serving.alerting.owners));
            reports.rename(shown.names());
            rooms.rename(&serving.alerting, shown.names());
        }
        Ok(())
    });
}

/// Where somebody changes it.
fn workshop(serving: &Arc<Serving>, processor: Option<Arc<Processor>>) -> Workshop {
    let (context, own) = (&serving.context, Arc::clone(serving));
    let make = move || own.context.analyzer();
    Workshop::new(Arc::new(Keeper::new(
        &serving.taxonomy,
        context.config(),
        context.threads(),
        processor,
        make,
    )))
}

/// The topics of a taxonomy, each with its owner.
fn listed(taxonomy: &Taxonomy, owners: &Owners) -> Vec<Topic> {
    let topic = |topic: &analyze::taxonomy::Topic| Topic {
        id: topic.id.clone(),
        name: topic.name.clone(),
        description: topic.description.clone(),
        examples: topic.examples.clone(),
        keywords: topic.keywords.clone(),
        parent: topic.parent.clone(),
        owner: owners.of_topic(&topic.id).map(str::to_owned),
    };
    taxonomy.topics().iter().map(topic).collect()
}

#[cfg(test)]
mod tests;
