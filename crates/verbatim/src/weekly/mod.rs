//! The weekly digest over the tables: what it is told from, the message it becomes, the archive.
//!
//! Knows: where each thing that a digest tells is kept. Must not: judge what is worth telling (`insight::digest` does).
//!
//! Invariants:
//! - A week is told the same for everybody: one reading of the tables serves all owners.
//! - Customers' words leave this room only beside the record that they are of: an erasure goes by that.

mod archive;
mod message;
mod schedule;

pub use archive::{Archived, archive, archived};
pub use message::note;
pub use schedule::{Due, Schedule};

use crate::alerting::{self, Alerting, journal::Log};
use crate::blocking::blocking;
use crate::cases::{self, CaseLoop, KnownCase};
use crate::config::Config;
use crate::context::{self, Context};
use crate::owners::Owners;
use anyhow::{Context as _, Result};
use feedback::time::Timestamp;
use insight::alerts::{Hour, fold};
use insight::cases::Loop;
use insight::digest::{AlertTold, Asked, Base, CaseTold, Digest, Given, Page, Week, digest, page};
use insight::report::Inputs;
use insight::targets::{OwnerTopics, Target, TargetsFile};
use std::collections::HashMap;
use std::sync::Arc;
use store::Store;

/// Everything that a digest is told from, as it stands now.
pub struct Known {
    now: Timestamp,
    tables: Inputs,
    names: Vec<(String, String)>,
    pub owners: Vec<OwnerTopics>,
    cases: Vec<CaseTold>,
    /// Case to the record that its title is cut from.
    titled: HashMap<String, String>,
    alerts: Vec<AlertTold>,
    loops: Vec<CaseLoop>,
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
    pub async fn read(store: &Store, context: &Context, now: Timestamp) -> Result<Arc<Self>> {
        let config = context.config();
        let alerting = Alerting::new(context, None)?;
        let tables = Inputs { insights: store.insights().await?, facts: store.current_facts().await? };
        let cases = cases::all(store).await?;
        let log = Log::read(store).await?;
        let alerts = fold(&log.events);
        Ok(Arc::new(Self {
            now,
            tables,
            names: context.topic_names()?,
            owners: alerting.owners.topics(),
            titled: cases.iter().filter_map(titled).collect(),
            loops: cases.iter().filter_map(KnownCase::in_loop).collect(),
            cases: cases.iter().map(KnownCase::told).collect(),
            alerts: alerts.iter().map(|alert| alerting.in_digest(alert, Hour::of(now))).collect(),
            targets: targets(config)?,
            base: alerting::base(config)?,
        }))
    }

    /// Tells a week. Statistics over many days take a while: not on a thread that others wait for.
    pub async fn tell(self: &Arc<Self>, view: View) -> Result<Told> {
        let known = Arc::clone(self);
        blocking("the digest broke off", move || known.told(&view)).await?
    }

    fn told(&self, view: &View) -> Result<Told> {
        let loops: Vec<Loop<'_>> = self.loops.iter().map(CaseLoop::borrowed).collect();
        let given = Given {
            tables: &self.tables,
            names: &self.names,
            owners: &self.owners,
            cases: &self.cases,
            alerts: &self.alerts,
            loops: &loops,
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
        let titled = cases.filter_map(|case| Some((case.id.clone(), self.titled.get(&case.id)?.clone())));
        let titled = titled.collect();
        Ok(Told { digest, page, titled })
    }
}

/// The record that a case's title is cut from.
fn titled(case: &KnownCase) -> Option<(String, String)> {
    let report = case.reports.iter().find(|report| !report.words.is_empty())?;
    Some((case.case.id.clone(), report.record.clone()))
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
