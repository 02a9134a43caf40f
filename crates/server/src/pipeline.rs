//! How the way of feedback through this server stands: what is taken in, held, read and delivered, and by which models.

use crate::desk::{At, Date, DeliveriesFilter, DeliveryState, Known, Page};
use crate::health::{Check, Probe};
use crate::state::{App, now};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pipeline {
    /// Of this program.
    pub version: &'static str,
    /// Records that are held, and answered from.
    pub records: u64,
    /// When the tables were read last; null while they are read for the first time.
    #[schema(required = true)]
    pub as_of: Option<At>,
    /// Seconds since then.
    #[schema(required = true)]
    pub lag_seconds: Option<u64>,
    /// When the record was stored that was stored last.
    #[schema(required = true)]
    pub last_stored_at: Option<At>,
    /// The version of the table of facts that is held.
    #[schema(required = true)]
    pub facts_version: Option<i64>,
    /// Older records are left out: there are more than are held. Null where none is.
    #[schema(required = true)]
    pub held_since: Option<At>,
    /// Records are being read for the first time, the newest first.
    pub is_loading: bool,
    /// What keeps the records from being fresh.
    #[schema(required = true)]
    pub trouble: Option<String>,
    pub gateway: PipelineGateway,
    /// Null where that cannot be read at the moment.
    #[schema(required = true)]
    pub deliveries: Option<PipelineDeliveries>,
    /// Null while they are counted for the first time, and where they cannot be read.
    #[schema(required = true)]
    pub dead_letters: Option<PipelineDeadLetters>,
    /// What else was looked at, by name.
    pub checks: BTreeMap<String, PipelineCheck>,
    pub models: PipelineModels,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineGateway {
    /// Where what is taken in goes: `kafka` or `store`.
    pub into: &'static str,
    /// Received and not yet durable.
    pub waiting_bytes: u64,
    /// Names of the connections that webhooks come in by.
    pub connections: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineDeliveries {
    pub waiting: u64,
    /// Given up.
    pub failed: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineCheck {
    pub ok: bool,
    pub detail: String,
    /// Of a check of whoever follows a stream (`worker`): messages that are not through yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_messages: Option<u64>,
    /// For how long the oldest of them waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_seconds: Option<u64>,
}

impl From<Check> for PipelineCheck {
    fn from(Check { ok, detail, lag_messages, lag_seconds }: Check) -> Self {
        Self { ok, detail, lag_messages, lag_seconds }
    }
}

/// Messages that could not be read, and are kept for somebody to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineDeadLetters {
    /// The first of the days that are counted, today the last; `verbatim dead-letters --since` lists them.
    pub since: Date,
    pub messages: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PipelineModels {
    /// The space of the vectors that texts are compared in.
    pub vectors: String,
    /// The taxonomy in force.
    pub taxonomy: String,
    /// What judges texts, as `analyze.encoder` names it: `built-in`, `rust-bert` or `cascade`.
    #[schema(example = "built-in")]
    pub encoder: &'static str,
    /// Versions of the weights that do, as records name who judged them: the built-in encoder's, and the transformer's where
    /// that is asked.
    pub judges: Vec<String>,
}

impl Pipeline {
    /// As it stands now. What cannot be read is left out, and in the log.
    pub async fn read(app: &App) -> Self {
        let (live, shelf, now) = (app.live.status(), app.live.shelf(), now());
        let check = |probe: &Probe| (probe.name.to_owned(), PipelineCheck::from((probe.look)(now)));
        let (deliveries, dead_letters) = tokio::join!(deliveries(app), app.letters.counted(now));
        Self {
            version: env!("CARGO_PKG_VERSION"),
            records: live.records,
            as_of: live.as_of.map(At),
            // A clock that was set back makes it no older than now.
            lag_seconds: live.as_of.map(|at| u64::try_from((now.0 - at.0) / 1_000_000).unwrap_or(0)),
            last_stored_at: shelf.stored_last().map(At),
            facts_version: shelf.version(),
            held_since: live.since.map(At),
            is_loading: live.loading,
            trouble: live.trouble,
            gateway: PipelineGateway {
                into: app.gateway.intake(),
                waiting_bytes: app.gateway.waiting() as u64,
                connections: app.gateway.connections().map(|connection| connection.name.clone()).collect(),
            },
            deliveries: deliveries.map_err(crate::Problem::from).ok(),
            dead_letters,
            checks: app.probes.iter().map(check).collect(),
            models: PipelineModels {
                vectors: app.reading.version().to_owned(),
                taxonomy: app.topics.version().to_owned(),
                encoder: app.judging.encoder,
                judges: app.judging.judges.clone(),
            },
        }
    }
}

async fn deliveries(app: &App) -> Known<PipelineDeliveries> {
    let one = Page { limit: 1, behind: None };
    let of = |state| DeliveriesFilter { state: Some(state), ..DeliveriesFilter::default() };
    let (waiting, failed) = (of(DeliveryState::Waiting), of(DeliveryState::Failed));
    let (waiting, failed) =
        tokio::join!(app.desk.deliveries(&waiting, &one), app.desk.deliveries(&failed, &one));
    Ok(PipelineDeliveries { waiting: waiting?.total, failed: failed?.total })
}
