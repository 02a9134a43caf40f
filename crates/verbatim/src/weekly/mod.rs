//! The weekly digest over the tables: what it is told from, the message it becomes, the archive.
//!
//! Knows: where each thing that a digest tells is kept. Must not: judge what is worth telling (`insight::digest` does).
//!
//! Invariants:
//! - A week is told the same for everybody: one reading of the tables serves all owners.
//! - A week that is over is told from what was known at its end, as far as the logs say when that was.
//! - Customers' words leave this room only beside the record that they are of: an erasure goes by that.

mod archive;
mod followed;
mod kept;
mod message;
mod schedule;

pub use archive::{Archived, archive, archived};
pub use followed::{Archive, Key};
pub use kept::Kept;
pub use message::note;
pub use schedule::{Due, Schedule};

use crate::alerting::{self, Alerting, journal::Log};
use crate::blocking::blocking;
use crate::cases::{self, KnownCase, Logged};
use crate::config::Config;
use crate::context::{self, Context};
use crate::logs;
use crate::owners::Owners;
use anyhow::{Context as _, Result};
use feedback::time::Timestamp;
use insight::alerts::{Alert, AlertEvent, Hour, What, fold};
use insight::digest::{AlertTold, Asked, Base, CaseTold, Digest, Given, Page, Week, digest, page};
use insight::report::Inputs;
use insight::targets::{OwnerTopics, Target, TargetsFile};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::Store;

/// Everything that a digest is told from, as it stands now.
pub struct Known {
    now: Timestamp,
    tables: Inputs,
    names: Vec<(String, String)>,
    pub owners: Vec<OwnerTopics>,
    cases: Vec<CaseTold>,
    alerting: Arc<Alerting>,
    /// What happened to alerts, and up to when anybody looked for them.
    log: Arc<Log>,
    /// The cases that alerts are of, by their ids.
    watched: HashMap<String, Logged>,
    targets: Vec<Target>,
    base: Option<Base>,
}

/// Whose week, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub week: Week,
    pub owner: Option<String>,
    pub product: Option<String>,
}

/// A week, told.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub digest: Digest,
    pub page: Page,
    /// Of the cases in it: case to the record that its title is cut from.
    pub titled: HashMap<String, String>,
}

impl Known {
    /// Reads it. The insights have to be up to the facts.
    pub async fn read(
        store: &Store,
        alerts: &logs::Alerts,
        context: &Context,
        now: Timestamp,
    ) -> Result<Arc<Self>> {
        let config = context.config();
        let alerting = Alerting::new(context, None)?;
        let tables = Inputs { insights: store.insights().await?, facts: store.current_facts().await? };
        let cases = cases::all(store).await?;
        let log = alerts.follow().await?.log;
        let told = cases.iter().map(KnownCase::told).collect();
        let of_alerts = cases_of(&log.events);
        let cases = cases.into_iter().map(|known| known.case);
        let watched = cases.filter(|case| of_alerts.contains(&case.id));
        Ok(Arc::new(Self {
            now,
            tables,
            names: context.topic_names()?,
            owners: alerting.owners.topics(),
            cases: told,
            watched: watched.map(|case| (case.id.clone(), case)).collect(),
            log,
            targets: targets(config)?,
            base: alerting::base(config)?,
            alerting,
        }))
    }

    /// Tells a week. Statistics over many days take a while: not on a thread that others wait for.
    pub async fn tell(self: &Arc<Self>, view: View) -> Result<Told> {
        let known = Arc::clone(self);
        blocking("the digest broke off", move || known.told(&view)).await?
    }

    fn told(&self, view: &View) -> Result<Told> {
        let end = self.now.min(view.week.end());
        let alerts = self.alerts(end);
        let given = Given {
            tables: &self.tables,
            names: &self.names,
            owners: &self.owners,
            cases: &self.cases,
            alerts: &alerts,
            looked: self.log.looks.iter().copied().filter(|at| *at <= end).max(),
            targets: &self.targets,
        };
        let asked = Asked {
            week: view.week,
            now: self.now,
            product: view.product.as_deref(),
            owner: view.owner.as_deref(),
            base: self.base.as_ref(),
        };
        let digest = digest(&given, &asked).context("the digest cannot be made from these tables")?;
        let page = page(&digest);
        let cases = digest.cases.iter().chain(&digest.resolved);
        let titled = cases.filter_map(|case| Some((case.id.clone(), case.record.clone()?))).collect();
        Ok(Told { digest, page, titled })
    }

    fn alerts(&self, end: Timestamp) -> Vec<AlertTold> {
        let alerts = stood(&self.log.events, end);
        // What another one tells is in the digest with that.
        let alerts = alerts.iter().filter(|alert| alert.told_with.is_none());
        let case = |id: &str| self.watched.get(id);
        alerts.map(|alert| self.alerting.in_digest(alert, Hour::of(end), case)).collect()
    }
}

/// The alerts as they stood at a moment, by what was seen up to it.
fn stood(log: &[AlertEvent], end: Timestamp) -> Vec<Alert> {
    let events: Vec<AlertEvent> = log.iter().filter(|event| event.at <= end).cloned().collect();
    fold(&events)
}

/// The cases that alerts are of.
fn cases_of(log: &[AlertEvent]) -> HashSet<String> {
    let spells = log.iter().filter_map(|event| event.incident.as_ref()).flat_map(|incident| &incident.spells);
    let case = |what: &What| match what {
        What::Case(id) => Some(id.clone()),
        What::All | What::Topic(_) | What::Words(_) => None,
    };
    spells.filter_map(|spell| case(&spell.key.what)).collect()
}

/// The goals that a team set itself; none where no file is named.
pub fn targets(config: &Config) -> Result<Vec<Target>> {
    let name = &config.digest.targets;
    if context::is_unset(name) {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(name).with_context(|| format!("the targets {name} cannot be read"))?;
    let file = TargetsFile::parse(&text).with_context(|| format!("the targets {name} cannot be used"))?;
    Ok(file.targets)
}

/// Who may be asked for: everybody with topics by the triage rules or the taxonomy.
pub fn owner_names(config: &Config) -> Result<Vec<String>> {
    Ok(Owners::in_force(config)?.topics().into_iter().map(|owner| owner.name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerting::journal::tests::fired;
    use insight::alerts::Step;

    #[test]
    fn an_alert_stood_as_its_log_said_by_then() {
        let first = fired("login_access");
        let over = Timestamp(first.at.0 + 86_400_000_000);
        let last = AlertEvent { at: over, step: Step::Resolved, ..first.clone() };
        let log = [first.clone(), last];
        assert!(stood(&log, Timestamp(first.at.0 - 1)).is_empty());
        let open = |end: Timestamp| stood(&log, end).iter().map(Alert::is_open).collect::<Vec<bool>>();
        assert_eq!([open(first.at), open(Timestamp(over.0 - 1)), open(over)], [[true], [true], [false]]);
    }

    #[test]
    fn the_cases_of_alerts_are_known() {
        let mut of_case = fired("login_access");
        assert!(cases_of(std::slice::from_ref(&of_case)).is_empty());
        let spells = of_case.incident.iter_mut().flat_map(|incident| &mut incident.spells);
        spells.for_each(|spell| spell.key.what = What::Case("aa01".to_owned()));
        assert_eq!(cases_of(&[of_case]), HashSet::from(["aa01".to_owned()]));
    }
}
