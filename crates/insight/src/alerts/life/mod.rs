//! The life of an alert: a log of events that only grows, folded to what stands now.
//!
//! An alert is opened once, told again as it grows, and resolved when what it tells is over. The same thing never makes a
//! second one: within the cooldown it is reopened, and where two turn out to be one, one of them tells it on. What a
//! silence or a budget holds back is in the log as well, and was not told. Whoever has heard of an alert hears how it goes
//! on.

mod change;
mod plan;
mod precision;
mod same;
mod silence;
mod state;

pub use change::{Change, Refused};
pub use plan::{Plan, plan};
pub use precision::{Precision, precision};
pub use silence::Silence;
pub use state::{Mute, Muted, Said, State};

use super::{
    hour::{Hour, Span},
    incident::Incident,
};
use crate::triage::Priority;
use feedback::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Told for the first time.
    Fired,
    /// Told again: it has grown.
    Updated,
    /// It is over.
    Resolved,
    /// Another alert tells it from now on; nobody hears of that.
    Merged,
    /// It came back within the cooldown, and is told again.
    Reopened,
    /// Held back by a silence.
    Silenced,
    /// Held back by the owner's weekly budget; the digest tells it.
    OverBudget,
    /// Somebody said so.
    Useful,
    NotUseful,
    /// Somebody has taken it up.
    Acknowledged,
    /// Somebody wants to hear no more of it for a while, and does again.
    Muted,
    Unmuted,
}

impl Step {
    pub const ALL: [Self; 12] = [
        Self::Fired,
        Self::Updated,
        Self::Resolved,
        Self::Merged,
        Self::Reopened,
        Self::Silenced,
        Self::OverBudget,
        Self::Useful,
        Self::NotUseful,
        Self::Acknowledged,
        Self::Muted,
        Self::Unmuted,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Updated => "updated",
            Self::Resolved => "resolved",
            Self::Merged => "merged",
            Self::Reopened => "reopened",
            Self::Silenced => "silenced",
            Self::OverBudget => "over_budget",
            Self::Useful => "useful",
            Self::NotUseful => "not_useful",
            Self::Acknowledged => "acknowledged",
            Self::Muted => "muted",
            Self::Unmuted => "unmuted",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }

    /// Whether a person said so, and no look at the counts.
    #[must_use]
    pub fn is_mark(self) -> bool {
        matches!(self, Self::Useful | Self::NotUseful | Self::Acknowledged | Self::Muted | Self::Unmuted)
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertEvent {
    /// Of the alert, for good.
    pub id: String,
    pub at: Timestamp,
    pub step: Step,
    /// Whether it goes out: a step of an alert that nobody was told of does not.
    pub is_told: bool,
    /// Who has to act on it; empty where nobody owns any of it.
    pub owner: String,
    /// Who is told of it, the owner first: whoever owns a part of it, or has heard of it before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    pub severity: Priority,
    /// As it stands; `None` for a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
    /// Who marked it, why it was held back or is over, or the id of the alert that tells it from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Of [`Step::Muted`]: until when, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mute: Option<Mute>,
}

/// An alert as its log leaves it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alert {
    pub id: String,
    pub owner: String,
    /// The owner first.
    pub owners: Vec<String>,
    pub severity: Priority,
    pub opened_at: Timestamp,
    pub last_at: Timestamp,
    /// `None` while it runs.
    pub resolved_at: Option<Timestamp>,
    /// Whether anybody was told.
    pub is_told: bool,
    /// When somebody was told first: a week's budget counts by that.
    pub told_at: Option<Timestamp>,
    /// The id of the alert that tells it since this one is closed.
    pub told_with: Option<String>,
    pub reopened: u32,
    /// What it was last held back by, if it is.
    pub held_back: Option<Step>,
    /// The reason for that, or why it is over where its end does not say so.
    pub why: Option<String>,
    /// The last word of whoever said so.
    pub is_useful: Option<bool>,
    /// Who took it up last, since it came back.
    pub acknowledged: Option<Said>,
    /// By whom, until when; that may be over.
    pub muted: Option<Muted>,
    /// As it was last told or noted.
    pub incident: Incident,
}

impl Alert {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.resolved_at.is_none()
    }

    /// The hours it takes up: while it runs up to `now`.
    #[must_use]
    pub fn span(&self, now: Hour) -> Span {
        let to = self.resolved_at.map_or(now, Hour::of);
        Span { from: self.incident.onset(), to: to.max(self.incident.onset().plus(1)) }
    }

    fn opened(event: &AlertEvent, incident: Incident) -> Self {
        Self {
            id: event.id.clone(),
            owner: event.owner.clone(),
            owners: event.owners.clone(),
            severity: event.severity,
            opened_at: event.at,
            last_at: event.at,
            resolved_at: None,
            is_told: false,
            told_at: None,
            told_with: None,
            reopened: 0,
            held_back: None,
            why: None,
            is_useful: None,
            acknowledged: None,
            muted: None,
            incident,
        }
    }

    fn take(&mut self, event: &AlertEvent) {
        if let Some(incident) = &event.incident {
            self.incident = incident.clone();
            self.severity = event.severity;
            self.owner.clone_from(&event.owner);
            self.owners.clone_from(&event.owners);
        }
        self.last_at = self.last_at.max(event.at);
        if event.is_told {
            self.is_told = true;
            self.told_at = self.told_at.or(Some(event.at));
        }
        if !event.step.is_mark() {
            self.why = None;
        }
        match event.step {
            Step::Fired | Step::Updated => self.held_back = None,
            Step::Resolved => {
                self.resolved_at = Some(event.at);
                self.why.clone_from(&event.by);
            }
            Step::Merged => {
                self.resolved_at = Some(event.at);
                self.told_with.clone_from(&event.by);
            }
            Step::Reopened => {
                (self.resolved_at, self.told_with, self.acknowledged) = (None, None, None);
                self.reopened += 1;
            }
            Step::Silenced | Step::OverBudget => {
                self.held_back = Some(event.step);
                self.why.clone_from(&event.by);
            }
            Step::Useful => self.is_useful = Some(true),
            Step::NotUseful => self.is_useful = Some(false),
            Step::Acknowledged => self.acknowledged = Some(Said::of(event)),
            Step::Muted => {
                let mute = event.mute.clone().unwrap_or_default();
                self.muted = Some(Muted { said: Said::of(event), mute });
            }
            Step::Unmuted => self.muted = None,
        }
    }
}

/// The alerts of a log, the first opened first. An event of an alert without a beginning is passed over: it was marked
/// before it was known here.
#[must_use]
pub fn fold(events: &[AlertEvent]) -> Vec<Alert> {
    let mut order: Vec<&AlertEvent> = events.iter().collect();
    // Stable: of one moment in the order of the log.
    order.sort_by_key(|event| event.at);
    let mut alerts: BTreeMap<&str, Alert> = BTreeMap::new();
    for event in order {
        if !alerts.contains_key(event.id.as_str()) {
            let Some(incident) = event.incident.clone() else { continue };
            alerts.insert(&event.id, Alert::opened(event, incident));
        }
        if let Some(alert) = alerts.get_mut(event.id.as_str()) {
            alert.take(event);
        }
    }
    let mut alerts: Vec<Alert> = alerts.into_values().collect();
    alerts.sort_by(|a, b| a.opened_at.cmp(&b.opened_at).then_with(|| a.id.cmp(&b.id)));
    alerts
}

#[cfg(test)]
mod tests;
