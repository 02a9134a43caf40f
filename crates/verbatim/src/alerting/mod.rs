//! Alerts over the tables: reads what is watched, has it judged, keeps what was told.
//!
//! Knows: the store, `alerts.toml`, owners and names of topics. Must not: judge by itself whether something has moved.
//!
//! Invariants:
//! - A run appends to the log only where it still stands as the run has read it: of two at once one adds, and the other
//!   reads again and finds nothing to add.
//! - What goes out is queued behind the log, under an id that follows from the event: a run that was cut off between the
//!   two is made up for by the next one, and nothing is said twice.

mod digest;
pub mod journal;
mod message;
mod seen;

pub use message::{carried, few, left_out, note};
pub use seen::{Seen, behind, hours_behind};

use crate::blocking::blocking;
use crate::cases::{Book, Logged};
use crate::config::Config;
use crate::context::Context;
use crate::owners::Owners;
use anyhow::{Context as _, Result};
use feedback::time::Timestamp;
use insight::alerts::{
    Alert, AlertEvent, AlertTold, AlertsFile, Behind, Coverage, Found, Hour, SeriesKey, Setting, What,
    Wordings, fold, tell,
};
use insight::digest::Base;
use journal::Log;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use store::{Next, Store};

/// Days that a run reads: what is usual is learned from the eight weeks before the last one, and something may have stayed
/// changed for four.
pub const DAYS: i32 = 120;
/// So often another process may come first.
const TRIES: u32 = 8;
/// Hours within which an event is looked at again, whether it was queued.
const MADE_UP_FOR: i32 = 3 * 24;

/// Digits of a case's id that tell it apart.
const SHORT: usize = 8;

/// What alerts are made by.
pub struct Alerting {
    pub rules: AlertsFile,
    wordings: Wordings,
    pub owners: Owners,
    names: HashMap<String, String>,
    pub base: Option<Base>,
}

/// What a run did.
pub struct Ran {
    /// Up to where it saw.
    pub now: Hour,
    /// Of what it could say anything.
    pub coverage: Coverage,
    /// Added to the log by it.
    pub events: Vec<AlertEvent>,
    /// All there are now.
    pub alerts: Vec<Alert>,
    /// What goes out, of what it added and of the days before: to be queued where that has not been done.
    pub told: Vec<(AlertEvent, AlertTold)>,
}

impl Ran {
    /// What goes out of what it added.
    pub fn added(&self) -> impl Iterator<Item = &(AlertEvent, AlertTold)> {
        self.told.iter().filter(|(event, _)| self.events.contains(event))
    }
}

impl Alerting {
    /// By the configuration; `file` in place of the rules that it names.
    pub fn new(context: &Context, file: Option<&Path>) -> Result<Arc<Self>> {
        let config = context.config();
        let rules = rules(config, file)?;
        Ok(Arc::new(Self {
            wordings: Wordings::new(&rules.words),
            rules,
            owners: Owners::in_force(config)?,
            names: context.topic_names()?.into_iter().collect(),
            base: base(config)?,
        }))
    }

    /// The same where topics are others', and called otherwise.
    pub fn called(&self, owners: Owners, names: Vec<(String, String)>) -> Arc<Self> {
        Arc::new(Self {
            rules: self.rules.clone(),
            wordings: self.wordings.clone(),
            owners,
            names: names.into_iter().collect(),
            base: self.base.clone(),
        })
    }

    /// As readers know it. Of a case its topic and kind: its title is a customer's words, which an alert has among its
    /// quotes alone.
    pub fn name<'c>(&self, what: &What, case: impl Fn(&str) -> Option<&'c Logged>) -> String {
        let topic = |id: &str| self.names.get(id).map_or(id, String::as_str).to_owned();
        match what {
            What::All => "All feedback".to_owned(),
            What::Topic(id) => topic(id),
            What::Words(name) => format!("The words \"{name}\""),
            What::Case(id) => {
                let short: String = id.chars().take(SHORT).collect();
                let about =
                    case(id).map(|case| format!(": {}, {}", case.kind.replace('_', " "), topic(&case.topic)));
                format!("Case {short}{}", about.unwrap_or_default())
            }
        }
    }

    /// Empty where nobody has it.
    fn owner(&self, key: &SeriesKey, cases: &Book) -> String {
        let owner = match &key.what {
            What::Topic(id) => self.owners.of_topic(id),
            What::Case(id) => cases.cases.get(id).map(|case| case.owner.as_str()),
            What::All | What::Words(_) => None,
        };
        owner.unwrap_or_default().to_owned()
    }

    /// Does something that needs to know how alerts are made.
    pub fn with<T>(&self, cases: &Book, work: impl FnOnce(&Setting<'_>) -> T) -> T {
        let owner = |key: &SeriesKey| self.owner(key, cases);
        let case = |id: &str| cases.cases.get(id).map(|case| (case.topic.clone(), case.product.clone()));
        work(&Setting {
            watch: &self.rules.watch,
            life: self.rules.life,
            severity: self.rules.severity,
            silences: &self.rules.silences,
            budgets: &self.rules.budgets,
            owner: &owner,
            case: &case,
        })
    }

    /// An event in words, with what the records add.
    pub fn told(&self, event: &AlertEvent, seen: &Seen) -> Result<Option<AlertTold>> {
        Ok(self.told_of(event, seen.behind(event)?, |id| seen.cases.cases.get(id)))
    }

    /// The same with what somebody has read; `case` finds a case by its id.
    pub fn told_of<'c>(
        &self,
        event: &AlertEvent,
        behind: Behind,
        case: impl Fn(&str) -> Option<&'c Logged>,
    ) -> Option<AlertTold> {
        let name = |what: &What| self.name(what, &case);
        tell(event, behind, &name, &self.wordings)
    }
}

/// The rules in force, or those of a file.
pub fn rules(config: &Config, file: Option<&Path>) -> Result<AlertsFile> {
    let named = Path::new(&config.alerts.rules);
    let file = match file {
        None if config.alerts.rules == "built-in" => {
            return AlertsFile::standard().context("the built-in alert rules are broken");
        }
        None => named,
        Some(file) => file,
    };
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the alert rules {} cannot be read", file.display()))?;
    AlertsFile::parse(&text).with_context(|| format!("the alert rules {} cannot be used", file.display()))
}

/// Where the dashboard is, if there is one.
pub fn base(config: &Config) -> Result<Option<Base>> {
    let address = config.dashboard.address.trim();
    if address.is_empty() {
        return Ok(None);
    }
    Base::parse(address).map(Some).context("dashboard.address cannot be used")
}

/// One evaluation up to the hour that `now` lies in. Whoever runs it at the same time adds nothing twice.
pub async fn run(store: &Store, alerting: &Arc<Alerting>, now: Timestamp) -> Result<Ran> {
    let to = Hour::of(now);
    let seen = Arc::new(Seen::read(store, alerting, (to.plus(-24 * DAYS), to)).await?);
    for _ in 0..TRIES {
        let log = Log::read(store).await?;
        let Found { events: planned, coverage } = plan(alerting, &seen, &log).await?;
        let mut rows = planned.iter().map(journal::row).collect::<Result<Vec<_>>>()?;
        if log.looked.is_none_or(|looked| looked < to) {
            rows.push(journal::looked_with(to, coverage)?);
        }
        if !rows.is_empty() {
            match store.append(&rows, Some(log.mark)).await {
                Ok(_) => {}
                // Somebody else was there, or nobody knows: the log tells.
                Err(error) if error.next() != Next::Stop => continue,
                Err(error) => return Err(error).context("the alerts cannot be noted; nothing was sent"),
            }
        }
        tell_silences_over(&alerting.rules, log.looked, to);
        let mut events = log.events;
        events.extend(planned.iter().cloned());
        let (alerts, told) = tell_all(alerting, &seen, events, to).await?;
        return Ok(Ran { now: to, coverage, events: planned, alerts, told });
    }
    anyhow::bail!("other processes keep writing to the log of alerts: run it again")
}

/// Of the silences that were over by the last look somebody has heard.
fn tell_silences_over(rules: &AlertsFile, looked: Option<Hour>, now: Hour) {
    for (silence, last) in rules.silences_over(looked.map(Hour::day), now.day()) {
        tracing::warn!(%silence, last_day = %last, "a silence is over: take it out of the alert rules");
    }
}

async fn plan(alerting: &Arc<Alerting>, seen: &Arc<Seen>, log: &Log) -> Result<Found> {
    let (alerting, seen, log) = (Arc::clone(alerting), Arc::clone(seen), log.clone());
    let work = move || {
        alerting.with(&seen.cases, |setting| {
            insight::alerts::run(&seen.history, setting, &log.events, log.looked, &seen.stored)
        })
    };
    blocking("the evaluation broke off", work).await
}

/// The alerts as they stand, and in words what went out lately.
async fn tell_all(
    alerting: &Arc<Alerting>,
    seen: &Arc<Seen>,
    events: Vec<AlertEvent>,
    now: Hour,
) -> Result<(Vec<Alert>, Vec<(AlertEvent, AlertTold)>)> {
    let (alerting, seen) = (Arc::clone(alerting), Arc::clone(seen));
    let work = move || {
        let since = now.plus(-MADE_UP_FOR).start();
        let mut told = Vec::new();
        for event in events.iter().filter(|event| event.is_told && event.at >= since) {
            told.extend(alerting.told(event, &seen)?.map(|told| (event.clone(), told)));
        }
        Ok((fold(&events), told))
    };
    blocking("the alerts could not be told", work).await?
}
