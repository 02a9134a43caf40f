//! An alert as the weekly digest tells it.

use super::Alerting;
use crate::cases::Logged;
use insight::alerts::{Alert, Hour, Step, filter, headline};
use insight::digest::{AlertState, AlertTold};
use insight::report::Filter;

impl Alerting {
    /// `now` ends the span of what still fires, `case` finds a case by its id.
    pub fn in_digest<'c>(
        &self,
        alert: &Alert,
        now: Hour,
        case: impl Fn(&str) -> Option<&'c Logged>,
    ) -> AlertTold {
        let incident = &alert.incident;
        let lead = incident.lead();
        // What was over without being seen to end was over when that was noted.
        let end = alert.resolved_at.map_or(now, Hour::of);
        AlertTold {
            id: alert.id.clone(),
            title: headline(Step::Fired, incident, &|what| self.name(what, &case)),
            state: match (alert.is_open(), alert.is_told, alert.held_back) {
                (false, ..) => AlertState::Resolved,
                (true, false, Some(Step::Silenced)) => AlertState::Silenced,
                (true, ..) => AlertState::Firing,
            },
            topic: incident.topics().first().map(|topic| (*topic).to_owned()),
            product: lead.key.product.clone(),
            owner: Some(alert.owner.clone()).filter(|owner| !owner.is_empty()),
            owners: alert.owners.clone(),
            since: lead.onset.start(),
            until: alert.resolved_at,
            people: incident.people(),
            over_budget: !alert.is_told && alert.held_back == Some(Step::OverBudget),
            filter: filter(lead, end, &self.wordings).map(|filter| match lead.ended {
                // What still fires goes on: a page is the same at every hour of its day.
                None if alert.is_open() => Filter { before: None, ..filter },
                _ => filter,
            }),
        }
    }
}
