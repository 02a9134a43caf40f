//! An alert as the weekly digest tells it.

use super::Alerting;
use insight::alerts::{Alert, Hour, Step, filter, headline};
use insight::digest::{AlertState, AlertTold};

impl Alerting {
    /// `now` ends the span of what still fires.
    pub fn in_digest(&self, alert: &Alert, now: Hour) -> AlertTold {
        let incident = &alert.incident;
        let key = &incident.lead().key;
        AlertTold {
            id: alert.id.clone(),
            title: headline(Step::Fired, incident, &|what| self.name(what)),
            state: match (alert.is_open(), alert.is_told, alert.held_back) {
                (false, ..) => AlertState::Resolved,
                (true, false, Some(Step::Silenced)) => AlertState::Silenced,
                (true, ..) => AlertState::Firing,
            },
            topic: incident.topics().first().map(|topic| (*topic).to_owned()),
            product: key.product.clone(),
            owner: Some(alert.owner.clone()).filter(|owner| !owner.is_empty()),
            since: incident.onset().start(),
            until: alert.resolved_at,
            people: incident.people(),
            over_budget: !alert.is_told && alert.held_back == Some(Step::OverBudget),
            filter: filter(key, incident, now),
        }
    }
}
