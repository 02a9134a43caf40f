//! The life of an alert: a log of events that only grows, folded to what stands now.
//!
//! An alert is opened once, told again as it grows, and resolved when what it tells is over. The same thing never makes a
//! second one: within the cooldown it is reopened. What a silence or a budget holds back is in the log as well, and
//! was not told.

mod plan;
mod precision;

pub use plan::{Plan, Silence, plan};
pub use precision::{Precision, precision};

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
    /// It came back within the cooldown, and is told again.
    Reopened,
    /// Held back by a silence.
    Silenced,
    /// Held back by the owner's weekly budget; the digest tells it.
    OverBudget,
    /// Somebody said so.
    Useful,
    NotUseful,
}

impl Step {
    pub const ALL: [Self; 8] = [
        Self::Fired,
        Self::Updated,
        Self::Resolved,
        Self::Reopened,
        Self::Silenced,
        Self::OverBudget,
        Self::Useful,
        Self::NotUseful,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Updated => "updated",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
            Self::Silenced => "silenced",
            Self::OverBudget => "over_budget",
            Self::Useful => "useful",
            Self::NotUseful => "not_useful",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }

    #[must_use]
    pub fn is_mark(self) -> bool {
        matches!(self, Self::Useful | Self::NotUseful)
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
    pub owner: String,
    pub severity: Priority,
    /// As it stands; `None` for a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
    /// Who marked it, or why it was held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// An alert as its log leaves it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alert {
    pub id: String,
    pub owner: String,
    pub severity: Priority,
    pub opened_at: Timestamp,
    pub last_at: Timestamp,
    /// `None` while it runs.
    pub resolved_at: Option<Timestamp>,
    /// Whether anybody was told.
    pub is_told: bool,
    pub reopened: u32,
    /// Why it was last held back, if it was.
    pub held_back: Option<Step>,
    /// The last word of whoever said so.
    pub is_useful: Option<bool>,
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
            severity: event.severity,
            opened_at: event.at,
            last_at: event.at,
            resolved_at: None,
            is_told: false,
            reopened: 0,
            held_back: None,
            is_useful: None,
            incident,
        }
    }

    fn take(&mut self, event: &AlertEvent) {
        if let Some(incident) = &event.incident {
            self.incident = incident.clone();
            self.severity = event.severity;
            self.owner.clone_from(&event.owner);
        }
        self.last_at = self.last_at.max(event.at);
        self.is_told |= event.is_told;
        match event.step {
            Step::Fired | Step::Updated => self.held_back = None,
            Step::Resolved => self.resolved_at = Some(event.at),
            Step::Reopened => {
                self.resolved_at = None;
                self.reopened += 1;
            }
            Step::Silenced | Step::OverBudget => self.held_back = Some(event.step),
            Step::Useful => self.is_useful = Some(true),
            Step::NotUseful => self.is_useful = Some(false),
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
mod tests {
    use super::*;
    use crate::alerts::incident::tests::spell;

    fn event(id: &str, at: i64, step: Step, is_told: bool) -> AlertEvent {
        let incident = Incident { spells: vec![spell("access", 1, 2, None, at as u64)] };
        AlertEvent {
            id: id.to_owned(),
            at: Timestamp(at),
            step,
            is_told,
            owner: "mobile".to_owned(),
            severity: Priority::P3,
            incident: (!step.is_mark()).then_some(incident),
            by: None,
        }
    }

    #[test]
    fn an_alert_is_the_fold_of_its_log() {
        let log = [
            event("a", 1, Step::Fired, true),
            event("b", 2, Step::Silenced, false),
            event("a", 5, Step::Updated, true),
            event("a", 7, Step::Useful, false),
            event("a", 9, Step::Resolved, true),
            event("a", 12, Step::Reopened, true),
            event("c", 13, Step::NotUseful, false),
        ];
        let alerts = fold(&log);
        assert_eq!(alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        let (a, b) = (&alerts[0], &alerts[1]);
        assert!(a.is_open() && a.is_told && a.reopened == 1 && a.is_useful == Some(true));
        assert_eq!((a.opened_at, a.last_at, a.incident.people()), (Timestamp(1), Timestamp(12), 12));
        assert!(!b.is_told && b.held_back == Some(Step::Silenced));
        let resolved = fold(&log[..5]);
        assert_eq!(resolved[0].resolved_at, Some(Timestamp(9)));
        let mut turned = log.to_vec();
        turned.reverse();
        assert_eq!(fold(&turned), alerts);
    }

    #[test]
    fn events_go_through_json() {
        for step in Step::ALL {
            assert_eq!(Step::parse(step.as_str()), Some(step));
            let event = event("a", 3, step, true);
            let json = serde_json::to_string(&event).unwrap();
            assert!(json.contains(&format!("\"{step}\"")), "{json}");
            assert_eq!(serde_json::from_str::<AlertEvent>(&json).unwrap(), event);
        }
    }
}
