//! What the gateway of the server needs of this program: whom it takes webhooks from, and where what it takes goes.

use crate::config::{Config, Destination, Loaded, Origin, VendorSection};
use crate::context::Context;
use crate::kafka::intake::KafkaIntake;
use crate::kafka::lag::Watch;
use anyhow::{Context as _, Result};
use async_trait::async_trait;
use connect::signed;
use server::gateway::{Connection, Limits};
use server::intake::{Incoming, Intake, IntakeError, Taken};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use worker::intake::{Arrival, IntakeOptions, StoreIntake};
use worker::{Processor, VendorFormat, WorkerMetrics};

/// The connections of `[vendors]`, with their secrets.
pub fn vendors(config: &Config) -> Result<Vec<Connection>> {
    let connection = |(name, format): (&str, VendorFormat)| {
        let secret = config.vendors.get(name).map(secret).transpose();
        let secret = secret.with_context(|| format!("vendors.{name}.secret cannot be used"))?.flatten();
        let VendorFormat { vendor, source, kind, product } = format;
        anyhow::Ok(Connection { name: name.to_owned(), vendor, secret, source, kind, product })
    };
    config.connections().into_iter().map(connection).collect()
}

/// What a connection's requests are signed with; `None` where it says nothing of that.
pub fn secret(section: &VendorSection) -> Result<Option<signed::Secret>> {
    if !section.secret.is_set() {
        return Ok(None);
    }
    let revealed = section.secret.reveal()?;
    let secret = signed::Secret::new(&revealed);
    secret.map(Some).context("it is blank: anybody could sign with that")
}

/// The bounds of what is taken in. `body` and `time` are those of any request.
pub fn limits(config: &Config, body: usize, time: Duration) -> Limits {
    let gateway = &config.gateway;
    Limits {
        body,
        unpacked: gateway.unpacked.in_memory(),
        items: gateway.items as usize,
        waiting: gateway.waiting.in_memory(),
        time,
        ..Limits::default()
    }
}

/// Where what is taken goes.
pub struct Taking {
    pub intake: Arc<dyn Intake>,
    pub by: By,
}

/// Who reads it then.
pub enum By {
    /// Workers, from Kafka: how far they are is looked at.
    Workers(Arc<Watch>),
    /// This process: who judges it, and what that counts.
    Own { processor: Arc<Processor>, metrics: Arc<WorkerMetrics> },
}

/// Opens the way that what is taken goes. Call it within a multi-threaded runtime; `store` are the tables that are served.
pub async fn taking(context: &Context, store: &Store) -> Result<Taking> {
    let config = context.config();
    if destination(&context.loaded) == Destination::Kafka {
        let intake: Arc<dyn Intake> = Arc::new(KafkaIntake::new(config)?);
        return Ok(Taking { intake, by: By::Workers(Watch::new(config)) });
    }
    let metrics = Arc::new(WorkerMetrics::new());
    let processor = context.processor(&metrics)?;
    store.bind_key(processor.key().check_value()).await?;
    let options = IntakeOptions {
        waiting: config.gateway.waiting.in_memory(),
        threads: Some(context.threads()),
        ..IntakeOptions::default()
    };
    let intake = StoreIntake::start(&options, store.clone(), Arc::clone(&processor), Arc::clone(&metrics))?;
    let intake: Arc<dyn Intake> = Arc::new(IntoStore(intake));
    Ok(Taking { intake, by: By::Own { processor, metrics } })
}

/// What a worker counts, as it is exported; what it does not know yet is left out.
pub fn counted(metrics: &WorkerMetrics) -> Vec<(String, u64)> {
    let known = |(name, value): (&str, i64)| Some((name.to_owned(), u64::try_from(value).ok()?));
    metrics.snapshot().into_iter().filter_map(known).collect()
}

/// Kafka or the store: "auto" is Kafka where somebody has said which.
pub fn destination(loaded: &Loaded) -> Destination {
    match loaded.config.gateway.into {
        Destination::Auto => {
            let bootstrap = ["kafka", "bootstrap"].map(str::to_owned);
            let is_set = loaded.layers.origin(&bootstrap) != Origin::Default;
            if is_set { Destination::Kafka } else { Destination::Store }
        }
        said => said,
    }
}

/// How a payload is read that the gateway could not read itself; `None` of an event by our contracts.
pub fn format(message: &Incoming) -> Option<VendorFormat> {
    let Incoming { kind, source, product, vendor, .. } = message;
    vendor.map(|vendor| VendorFormat {
        vendor,
        source: source.clone(),
        kind: kind.clone(),
        product: product.clone(),
    })
}

/// Into the tables, without Kafka.
struct IntoStore(StoreIntake);

#[async_trait]
impl Intake for IntoStore {
    async fn accept(&self, messages: Vec<Incoming>) -> Result<Taken, IntakeError> {
        let arrival = |message: Incoming| Arrival { vendor: format(&message), payload: message.payload };
        let taken = self.0.accept(messages.into_iter().map(arrival).collect()).await;
        taken.map(|()| Taken::default()).map_err(|error| match error {
            worker::intake::IntakeError::Busy { retry_after } => IntakeError::Busy { retry_after },
            error => IntakeError::Unavailable(Box::new(error)),
        })
    }

    fn name(&self) -> &'static str {
        "store"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::assemble;
    use std::path::Path;

    fn loaded(file: &str) -> Loaded {
        assemble(Some((Path::new("my.toml"), file)), std::iter::empty()).unwrap()
    }

    #[test]
    fn kafka_is_meant_where_somebody_has_said_which() {
        assert_eq!(destination(&loaded("")), Destination::Store);
        assert_eq!(destination(&loaded("[kafka]\nbootstrap = \"localhost:9092\"\n")), Destination::Kafka);
        let both = "[kafka]\nbootstrap = \"localhost:9092\"\n[gateway]\ninto = \"store\"\n";
        assert_eq!(destination(&loaded(both)), Destination::Store);
        assert_eq!(destination(&loaded("[gateway]\ninto = \"kafka\"\n")), Destination::Kafka);
    }

    #[test]
    fn what_a_worker_does_not_know_is_not_exported() {
        let metrics = WorkerMetrics::new();
        let names = || counted(&metrics).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert!(names().contains(&"verbatim_worker_commits_total".to_owned()), "{:?}", names());
        assert!(!names().contains(&"verbatim_worker_lag_messages".to_owned()));
        metrics.lag_messages.store(7, std::sync::atomic::Ordering::Relaxed);
        assert!(counted(&metrics).contains(&("verbatim_worker_lag_messages".to_owned(), 7)));
    }

    #[test]
    fn connections_have_their_secrets_and_those_alone_are_hidden() {
        let file = "[vendors.zendesk]\nsecret = \"hunter2\"\n[vendors.freshdesk]\nkind = \"ticket\"\n";
        let connections = vendors(&loaded(file).config).unwrap();
        let told = format!("{connections:?}");
        assert!(!told.contains("hunter2"), "{told}");
        let has: Vec<_> = connections.iter().map(|c| (c.name.as_str(), c.secret.is_some())).collect();
        assert_eq!(has, [("freshdesk", false), ("zendesk", true)]);

        let missing = loaded("[vendors.zendesk]\nsecret = \"env:VERBATIM_TEST_NOT_SET\"\n").config;
        let error = format!("{:#}", vendors(&missing).unwrap_err());
        assert!(
            error.contains("vendors.zendesk.secret") && error.contains("VERBATIM_TEST_NOT_SET"),
            "{error}"
        );
        let blank = loaded("[vendors.zendesk]\nsecret = \" \"\n").config;
        assert!(format!("{:#}", vendors(&blank).unwrap_err()).contains("it is blank"));
    }
}
