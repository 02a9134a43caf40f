//! What comes in by HTTP: events, vendors' webhooks, polled exports.
//!
//! Knows: bodies within bounds, content types, connections and their signatures, replays, answers for each item. Must not:
//! write anywhere by itself (the intake does), redact or analyze.
//!
//! Invariants:
//! - Nothing of a request is handed on before all of it was read and checked. What is sound goes to the intake in one call,
//!   and 202 means that all of it that is called accepted is durable; any other answer means that nothing of it may be
//!   counted on.
//! - What all requests together hold of what was sent, from the first byte read until it is durable, is bounded by one
//!   number. What a look at it makes besides (values in trees, many times their bytes) is gone when the look ends: that is one
//!   message at a time for each core, and small ones.
//! - For the length that an unknown sender tells no room is kept.
//! - Of a webhook nothing but its size is looked at before its signature.
//! - What a vendor sends within bounds and under a good signature is never lost: what cannot be read becomes a dead letter,
//!   of several events in one delivery each by itself.
//! - A webhook's id is known as taken only when what it brought is durable; until then another of the same id waits. Of several
//!   events those that are too large for what stands behind are refused at every try: the others being durable is enough, for
//!   else each try would bring their dead letters once more.

mod answer;
mod binary;
mod body;
mod check;
mod connection;
mod described;
mod events;
mod hook;
mod import;
mod limits;
mod metrics;
mod replays;
mod room;
mod routes;
mod split;
#[cfg(test)]
mod tests;
mod trouble;

pub use answer::{HookOutcome, ItemAnswer, ItemOutcome, ItemStatus, NothingTaken, Receipt};
pub use connection::{BadConnection, Connection};
pub use described::CloudEvent;
pub use import::ImportQuery;
pub use limits::Limits;
pub use routes::{HookReady, routes};

use crate::intake::{Incoming, Intake, Taken};
use axum::body::Body;
use axum::http::HeaderMap;
use feedback::decode::Decoder;
use feedback::kind::Registry;
use feedback::time::Timestamp;
use import::Said;
use metrics::{Metrics, Route};
use replays::Replays;
use room::{Room, Slot};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use trouble::Trouble;

/// Work on so many bytes is over in a moment: it stays where it is.
const MOMENT: usize = 64 << 10;

/// Clones share everything.
#[derive(Clone)]
pub struct Gateway(Arc<Shared>);

struct Shared {
    decoder: Decoder,
    connections: BTreeMap<String, Arc<Connection>>,
    limits: Limits,
    room: Room,
    /// Looks that may be under way beside: one for each core.
    looks: Arc<Semaphore>,
    replays: Replays,
    intake: Arc<dyn Intake>,
    metrics: Metrics,
}

impl Gateway {
    /// `decoder` is the deployment's, so that what is accepted here is read the same way later.
    ///
    /// # Errors
    /// A connection without a proper name, or whose kind its vendor's payloads cannot be.
    pub fn new(
        decoder: Decoder,
        connections: Vec<Connection>,
        limits: Limits,
        intake: Arc<dyn Intake>,
    ) -> Result<Self, BadConnection> {
        let mut named = BTreeMap::new();
        for connection in connections {
            connection.check(decoder.registry())?;
            match named.entry(connection.name.clone()) {
                Entry::Occupied(entry) => return Err(BadConnection::Twice(entry.key().clone())),
                Entry::Vacant(entry) => entry.insert(Arc::new(connection)),
            };
        }
        let room = Room::new(limits.waiting);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let looks = Arc::new(Semaphore::new(cores));
        let replays = Replays::new(limits.replay_window, limits.replays);
        let metrics = Metrics::default();
        let connections = named;
        let shared = Shared { decoder, connections, limits, room, looks, replays, intake, metrics };
        Ok(Self(Arc::new(shared)))
    }

    /// By name.
    pub fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.0.connections.values().map(Arc::as_ref)
    }

    /// The kinds of sources that this deployment knows.
    #[must_use]
    pub fn kinds(&self) -> &Registry {
        self.0.decoder.registry()
    }

    /// Where what is taken goes: "kafka" or "store".
    #[must_use]
    pub fn intake(&self) -> &'static str {
        self.0.intake.name()
    }

    /// Bytes received and not yet durable.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.room.taken()
    }

    /// Its counters by name and labels, for [`crate::metrics::ServerMetrics::join`].
    #[must_use]
    pub fn counters(&self) -> Vec<(String, u64)> {
        self.0.metrics.told(self.waiting())
    }

    /// `POST /v1/events`.
    async fn events(&self, headers: &HeaderMap, body: Body, now: Timestamp) -> Result<Receipt, Trouble> {
        self.counted(Route::Events, events::take(self, headers, body, now).await)
    }

    /// `POST /v1/import/{vendor}`.
    async fn import(
        &self,
        name: &str,
        query: ImportQuery,
        headers: &HeaderMap,
        body: Body,
        now: Timestamp,
    ) -> Result<Receipt, Trouble> {
        let taken = match Said::of(&self.0, name, query) {
            Ok(said) => import::take(self, said, headers, body, now).await,
            Err(trouble) => Err(trouble),
        };
        self.counted(Route::Import, taken)
    }

    /// `POST /v1/hooks/{connection}`, whose sender is known where the connection has no secret.
    async fn hook(
        &self,
        connection: Arc<Connection>,
        headers: HeaderMap,
        body: Body,
        now: Timestamp,
    ) -> Result<HookOutcome, Trouble> {
        let taken = hook::take(self, connection, headers, body, now).await;
        match &taken {
            Ok(HookOutcome::One(outcome)) => self.0.metrics.outcome(Route::Hooks, outcome),
            Ok(HookOutcome::Several(receipt)) => self.0.metrics.receipt(Route::Hooks, receipt),
            Err(trouble) => self.0.metrics.refused(trouble),
        }
        taken
    }

    fn connection(&self, name: &str) -> Result<Arc<Connection>, Trouble> {
        let found = self.0.connections.get(name).cloned().ok_or(Trouble::NoConnection);
        found.inspect_err(|trouble| self.0.metrics.refused(trouble))
    }

    fn counted(&self, route: Route, taken: Result<Receipt, Trouble>) -> Result<Receipt, Trouble> {
        match &taken {
            Ok(receipt) => self.0.metrics.receipt(route, receipt),
            Err(trouble) => self.0.metrics.refused(trouble),
        }
        taken
    }

    /// By then a request that begins now has its answer.
    fn deadline(&self) -> Instant {
        Instant::now() + self.0.limits.time
    }

    /// Does work on so many bytes beside the threads that wait for sockets, when its turn comes, unless it is little.
    async fn beside<T: Send + 'static>(
        &self,
        bytes: usize,
        deadline: Instant,
        work: impl FnOnce(&Shared) -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        if bytes <= MOMENT {
            return Ok(work(&self.0));
        }
        let turn = timeout_at(deadline, Arc::clone(&self.0.looks).acquire_owned());
        // It is never closed.
        let turn = turn.await.map_err(|_| Trouble::NotInTime)?;
        let shared = Arc::clone(&self.0);
        let work = move || {
            // To the end of the work, whoever goes away meanwhile.
            let _turn = turn;
            work(&shared)
        };
        tokio::task::spawn_blocking(work).await.map_err(Trouble::Broken)
    }

    /// Returns when messages are durable and `then` was called; without messages at once. Where all of them are too large
    /// `then` is dropped.
    ///
    /// It goes on to its end where nobody waits any more, and holds the room of what it hands over until then.
    async fn hand_over(
        &self,
        messages: Vec<Incoming>,
        slot: Slot,
        deadline: Instant,
        then: impl FnOnce() + Send + 'static,
    ) -> Result<Taken, Trouble> {
        if messages.is_empty() {
            return Ok(Taken::default());
        }
        let (intake, handed_over) = (Arc::clone(&self.0.intake), messages.len());
        let handed = tokio::spawn(async move {
            let taken = intake.accept(messages).await;
            if taken.as_ref().is_ok_and(|taken| taken.too_large.len() < handed_over) {
                then();
            }
            drop(slot);
            taken
        });
        let taken = timeout_at(deadline, handed).await.map_err(|_| Trouble::NotInTime)?;
        Ok(taken.map_err(Trouble::Broken)??)
    }
}
