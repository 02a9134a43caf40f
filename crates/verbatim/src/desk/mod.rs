//! What the dashboard and the API ask of the rooms: `server::desk::Desk` over cases, alerts, digests, deliveries, targets and
//! triage.
//!
//! Knows: which room keeps what, and what of it is worth keeping between two requests. Must not: decide anything that a
//! command would not decide alike.
//!
//! Invariants:
//! - Logs are followed by their marks: who asks sees what was written before. What is counted from the facts is kept with the
//!   versions that it was counted from, and counted again beside ([`made::Made`]).
//! - How far cases reach is counted from the records in memory where all are there ([`figures`]).
//! - Words of a few records come from those in memory ([`held::Records`]); the tables are asked for what is not there.
//! - What was made before somebody was erased is shown to nobody.

mod alerts;
mod cases;
mod deliveries;
mod digests;
mod figures;
mod found;
mod held;
mod made;
mod named;
mod targets;
#[cfg(test)]
mod tests;
mod titles;
mod triage;

use crate::alerting::Alerting;
use crate::context::Context;
use crate::logs::{self, Logs};
use crate::outbox::StoreOutbox;
use crate::weekly::{self, Archive};
use anyhow::Result;
use async_trait::async_trait;
use chrono::Utc;
use deliver::Targets as Receivers;
use feedback::time::{Day, Timestamp};
use figures::Figures;
use held::Records;
use insight::alerts::Behind;
use insight::digest::Week;
use insight::report::{Filter, Period};
use insight::targets::Target;
use made::{Made, MadeOf, Stamp};
use named::failed;
use server::current::Current;
use server::desk::{
    AlertChange, AlertChanged, AlertWhole, Alerts, AlertsFilter, CaseChanged, CaseRow, CaseStep, CaseWhole,
    CasesFilter, DeliveriesFilter, DeliveryRow, Desk, DigestRow, Found, KeptDigest, Known, Listed, Owner,
    Page, Requeued, Targets, Thing, TriageLoad,
};
use server::live::Live;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, Table};
use titles::Titles;
use tokio::sync::Semaphore;

/// What a list waits for where nothing is there yet that it could show.
const SHORT: Duration = Duration::from_millis(100);
/// What somebody waits who wants the whole.
const LONG: Duration = Duration::from_secs(20);
/// What carries an alert, and three customers' words on it, is as it was by then for as long.
const BEHIND_RESTS: Duration = Duration::from_secs(600);
/// Of the alerts that run, the newest ones that are read ahead with what is behind them.
const AHEAD: usize = 8;

/// The rooms. Clones share everything.
#[derive(Clone)]
pub struct Rooms(Arc<Shared>);

struct Shared {
    store: Store,
    records: Records,
    alerting: Current<Arc<Alerting>>,
    /// Delivery targets, and those that hear of cases.
    receivers: Receivers,
    cases_to: Vec<String>,
    goals: Vec<Target>,
    owners: Current<Vec<Owner>>,
    /// Ids and names of the topics.
    names: Current<Vec<(String, String)>>,
    cases: Arc<logs::Cases>,
    alerts: Arc<logs::Alerts>,
    archive: Arc<Archive>,
    outbox: StoreOutbox,
    figures: Arc<Made<Figures>>,
    titles: Titles,
    /// Of alerts, by their ids and the moment of the event that tells of them.
    behind: MadeOf<(String, Timestamp), Behind>,
    standing: Arc<Made<Targets>>,
    load: MadeOf<(Day, Day), TriageLoad>,
    /// Of whoever reads all facts.
    turn: Arc<Semaphore>,
}

impl Rooms {
    /// Whatever is wrong with the configuration is told now. Nothing is read before somebody asks.
    pub fn new(
        context: &Context,
        store: &Store,
        logs: &Logs,
        live: &Live,
        alerting: &Arc<Alerting>,
    ) -> Result<Self> {
        let (config, logs) = (context.config(), logs.clone());
        let turn = Arc::new(Semaphore::new(1));
        Ok(Self(Arc::new(Shared {
            records: Records::new(live.clone()),
            alerting: Arc::clone(alerting).into(),
            receivers: context.targets()?,
            cases_to: config.cases.to.clone(),
            goals: weekly::targets(config)?,
            owners: owners(alerting).into(),
            names: context.topic_names()?.into(),
            cases: logs.cases,
            alerts: logs.alerts,
            archive: logs.archive,
            outbox: StoreOutbox::new(store.clone()),
            figures: Made::new(Arc::clone(&turn)),
            titles: Titles::default(),
            behind: MadeOf::new(Arc::clone(&turn)).resting(BEHIND_RESTS),
            standing: Made::new(Arc::clone(&turn)),
            load: MadeOf::new(Arc::clone(&turn)),
            turn,
            store: store.clone(),
        })))
    }

    /// Topics are others' from now on, and called otherwise.
    pub fn rename(&self, alerting: &Arc<Alerting>, names: Vec<(String, String)>) {
        self.0.alerting.switch(Arc::clone(alerting));
        self.0.owners.switch(owners(alerting));
        self.0.names.switch(names);
    }

    /// Reads what the first pages show, so that nobody waits for it: to be done beside, after a start.
    pub async fn warm(&self) {
        let (first, filter) = (Page::default(), CasesFilter::default());
        // The first waits until the cases are counted, so that the second finds their order.
        let counted = self.0.counted_cases(LONG).await;
        let listed = self.0.list_cases(&filter, &first).await;
        let alerts = self.0.list_alerts(&AlertsFilter::default(), &first).await;
        let digests = self.0.list_digests(None, &first).await;
        let targets = self.0.standing_targets(LONG).await;
        let mut errors = vec![counted.err(), listed.err(), digests.err(), targets.err()];
        match alerts {
            Ok(alerts) => {
                let running = alerts.list.items.into_iter().filter(|alert| alert.state.is_open());
                for alert in running.take(AHEAD) {
                    errors.push(self.0.show_alert(&alert.id, LONG).await.err());
                }
            }
            Err(error) => errors.push(Some(error)),
        }
        for error in errors.into_iter().flatten() {
            tracing::warn!(why = %error, "what the dashboard shows could not be read ahead");
        }
    }
}

/// Everybody who may own something.
fn owners(alerting: &Alerting) -> Vec<Owner> {
    let all = alerting.owners.topics().into_iter();
    all.map(|owner| Owner { name: owner.name, topics: owner.topics }).collect()
}

impl Shared {
    /// What is made now from the facts and the cases is made from this. The log of cases is followed before.
    async fn stamp(&self, other: i64) -> Known<Stamp> {
        let facts = self.store.version().await.map_err(failed)?;
        Ok(Stamp { facts, erasures: self.erasures().await?, others: [self.cases.version(), other] })
    }

    /// Moves with everybody who is erased.
    async fn erasures(&self) -> Known<i64> {
        self.store.table_version(Table::Suppressions).await.map_err(failed)
    }
}

fn now() -> Timestamp {
    Timestamp::from_datetime(Utc::now())
}

#[async_trait]
impl Desk for Rooms {
    fn owners(&self) -> &[Owner] {
        &self.0.owners
    }

    async fn find(&self, thing: Thing<'_>, beginning: &str) -> Known<Found> {
        self.0.find(thing, beginning).await
    }

    async fn cases(&self, wanted: &CasesFilter, page: &Page) -> Known<Listed<CaseRow>> {
        self.0.list_cases(wanted, page).await
    }

    async fn case(&self, beginning: &str) -> Known<CaseWhole> {
        self.0.show_case(beginning).await
    }

    async fn take_step(&self, beginning: &str, step: CaseStep, by: &str) -> Known<CaseChanged> {
        self.0.take_step(beginning, step, by).await
    }

    async fn assign(&self, beginning: &str, owner: &str, by: &str) -> Known<CaseChanged> {
        self.0.assign_case(beginning, owner, by).await
    }

    async fn of_cases(&self, filter: Filter) -> Known<Filter> {
        self.0.of_cases(filter).await
    }

    async fn case_of(&self, record: &str) -> Known<Option<String>> {
        self.0.cases.follow().await.map_err(failed)?;
        Ok(self.0.cases.book().case_of(record).map(str::to_owned))
    }

    async fn alerts(&self, wanted: &AlertsFilter, page: &Page) -> Known<Alerts> {
        self.0.list_alerts(wanted, page).await
    }

    async fn alert(&self, beginning: &str, whole: bool) -> Known<AlertWhole> {
        self.0.show_alert(beginning, if whole { LONG } else { SHORT }).await
    }

    async fn change_alert(&self, beginning: &str, change: &AlertChange, by: &str) -> Known<AlertChanged> {
        self.0.change_alert(beginning, change, by).await
    }

    async fn digests(&self, owner: Option<&str>, page: &Page) -> Known<Listed<DigestRow>> {
        self.0.list_digests(owner, page).await
    }

    async fn digest(&self, week: Week, owner: Option<&str>) -> Known<KeptDigest> {
        self.0.show_digest(week, owner.unwrap_or_default()).await
    }

    async fn targets(&self, whole: bool) -> Known<Option<Targets>> {
        self.0.standing_targets(if whole { LONG } else { SHORT }).await
    }

    async fn deliveries(&self, wanted: &DeliveriesFilter, page: &Page) -> Known<Listed<DeliveryRow>> {
        self.0.list_deliveries(wanted, page).await
    }

    async fn requeue(&self, beginning: &str) -> Known<Requeued> {
        self.0.requeue(beginning).await
    }

    async fn triage(&self, days: Period) -> Known<Option<TriageLoad>> {
        self.0.triage_load(days).await
    }
}
