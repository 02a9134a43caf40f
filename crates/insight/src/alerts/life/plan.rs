//! What is to be said now: what is seen against what was told.

use super::{Alert, AlertEvent, Step};
use crate::{
    alerts::{
        hour::Hour,
        incident::Incident,
        rules::{LifeRules, SeverityRules},
        series::{SeriesKey, What},
    },
    triage::Priority,
};
use feedback::time::{Day, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Nothing of this is told until the day is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub topic: Option<String>,
    pub product: Option<String>,
    pub source: Option<String>,
    /// The last day of it, UTC; `None` until it is taken out of the file.
    pub until: Option<Day>,
    pub reason: String,
}

impl Silence {
    /// Whether it covers a series. A silence of one source does not cover the series of all sources.
    #[must_use]
    pub fn covers(&self, key: &SeriesKey, now: Hour) -> bool {
        let is = |wanted: &Option<String>, of: Option<&str>| wanted.as_deref().is_none_or(|w| of == Some(w));
        let topic = match &key.what {
            What::Topic(id) => Some(id.as_str()),
            _ => None,
        };
        self.until.is_none_or(|until| now.day() <= until)
            && is(&self.topic, topic)
            && is(&self.product, key.product.as_deref())
            && is(&self.source, key.source.as_deref())
    }
}

/// What a plan is made by.
pub struct Plan<'a> {
    pub life: LifeRules,
    pub severity: SeverityRules,
    pub silences: &'a [Silence],
    /// Weekly budgets of owners that have one of their own.
    pub budgets: &'a BTreeMap<String, u32>,
    /// Who is told of a series.
    pub owner: &'a dyn Fn(&SeriesKey) -> String,
    /// The end of the last hour that was seen.
    pub now: Hour,
    /// Up to where the run before this one had seen: what was found and was over since then is told as well. `None` for a
    /// first run, which tells only what still runs.
    pub seen: Option<Hour>,
}

/// The events that the incidents add to the log at the time `plan.now`: those of alerts that are there, in their order,
/// then new ones, in the order of the incidents.
#[must_use]
pub fn plan(incidents: &[Incident], alerts: &[Alert], plan: &Plan<'_>) -> Vec<AlertEvent> {
    let mut known: BTreeMap<&str, Vec<&Incident>> = BTreeMap::new();
    let mut new = Vec::new();
    for incident in incidents {
        match same(incident, alerts, plan) {
            Some(alert) => known.entry(&alert.id).or_default().push(incident),
            None => new.push(incident),
        }
    }
    let mut budgets = Budgets::spent(alerts, plan);
    let mut events = Vec::new();
    for alert in alerts {
        match known.get(alert.id.as_str()) {
            Some(incidents) => events.extend(goes_on(&as_one(incidents), alert, plan, &mut budgets)),
            // Late records or an erasure have changed the counts, or it has grown together with another.
            None if alert.is_open() => {
                let gone = Some("it is no longer seen by itself in the counts".to_owned());
                let event = plan.event(&alert.id, Step::Resolved, alert.is_told, &alert.incident);
                events.push(AlertEvent { by: gone, ..event });
            }
            None => {}
        }
    }
    events.extend(new.into_iter().filter_map(|incident| begins(incident, plan, &mut budgets)));
    events
}

/// Several incidents that one alert tells: those that run, or the last one.
fn as_one(incidents: &[&Incident]) -> Incident {
    let running: Vec<&&Incident> = incidents.iter().filter(|incident| incident.ended().is_none()).collect();
    let mut spells: Vec<_> = running.iter().flat_map(|incident| incident.spells.iter().cloned()).collect();
    spells.sort_by(|a, b| a.fired.cmp(&b.fired).then_with(|| a.key.cmp(&b.key)));
    if spells.is_empty() {
        let last = incidents.iter().max_by_key(|incident| incident.ended());
        spells = last.map(|incident| incident.spells.clone()).unwrap_or_default();
    }
    Incident { spells }
}

/// The alert that tells of the same thing: it shares a series, and the hours, or it ended within the cooldown. An open
/// one comes before one that is over, and of those the last; of open ones the first.
fn same<'a>(incident: &Incident, alerts: &'a [Alert], plan: &Plan<'_>) -> Option<&'a Alert> {
    let span = incident.span(plan.now);
    let cooldown = 24 * plan.life.cooldown_days as i32;
    let together = plan.life.together_hours as i32;
    let is_same = |alert: &&Alert| {
        let of = alert.span(plan.now);
        let meets = span.from < of.to.plus(cooldown) && of.from < span.to.plus(together);
        meets && incident.keys().any(|key| alert.incident.keys().any(|other| other == key))
    };
    // They come in the order in which they were opened.
    let all = || alerts.iter().filter(is_same);
    all().find(|alert| alert.is_open()).or_else(|| all().next_back())
}

fn begins(incident: &Incident, plan: &Plan<'_>, budgets: &mut Budgets) -> Option<AlertEvent> {
    let is_news = incident.ended().is_none() || plan.seen.is_some_and(|seen| incident.fired() >= seen);
    is_news.then(|| plan.speak(&incident.id(), Step::Fired, incident, budgets))
}

fn goes_on(incident: &Incident, alert: &Alert, plan: &Plan<'_>, budgets: &mut Budgets) -> Option<AlertEvent> {
    match (alert.is_open(), incident.ended()) {
        (true, Some(_)) => Some(plan.event(&alert.id, Step::Resolved, alert.is_told, incident)),
        (true, None) if !alert.is_told => {
            // Held back so far: told as soon as nothing holds it, noted once a reason.
            let event = plan.speak(&alert.id, Step::Fired, incident, budgets);
            (event.is_told || alert.held_back != Some(event.step)).then_some(event)
        }
        (true, None) => has_grown(incident, alert, plan)
            .then(|| plan.event(&alert.id, Step::Updated, plan.silence(incident).is_none(), incident))
            .filter(|event| event.is_told),
        (false, None) => {
            let is_told = alert.is_told && plan.silence(incident).is_none();
            Some(plan.event(&alert.id, Step::Reopened, is_told, incident))
        }
        (false, Some(_)) => None,
    }
}

/// It reaches so many times as many people as when it was last told, or names something new, or is worse.
fn has_grown(incident: &Incident, alert: &Alert, plan: &Plan<'_>) -> bool {
    let times = incident.people() as f64 / (alert.incident.people() as f64).max(1.0);
    let names_more = incident.topics().iter().any(|topic| !alert.incident.topics().contains(topic));
    times >= plan.life.update_times || names_more || incident.severity(&plan.severity) < alert.severity
}

impl Plan<'_> {
    /// Says it, unless a silence or the owner's budget holds it back.
    fn speak(&self, id: &str, step: Step, incident: &Incident, budgets: &mut Budgets) -> AlertEvent {
        let event = self.event(id, step, true, incident);
        let held = |step, by: String| AlertEvent { step, is_told: false, by: Some(by), ..event.clone() };
        if let Some(silence) = self.silence(incident) {
            return held(Step::Silenced, silence.reason.clone());
        }
        let is_urgent = event.severity == Priority::P1;
        if !budgets.take(&event.owner, self) && !is_urgent {
            let why = format!("{} has had this week's alerts; the digest tells it", event.owner);
            return held(Step::OverBudget, why);
        }
        event
    }

    fn event(&self, id: &str, step: Step, is_told: bool, incident: &Incident) -> AlertEvent {
        AlertEvent {
            id: id.to_owned(),
            at: self.now.start(),
            step,
            is_told,
            owner: (self.owner)(&incident.lead().key),
            severity: incident.severity(&self.severity),
            incident: Some(incident.clone()),
            by: None,
        }
    }

    /// The silence that covers all that moved, if one does.
    fn silence(&self, incident: &Incident) -> Option<&Silence> {
        self.silences.iter().find(|silence| incident.keys().all(|key| silence.covers(key, self.now)))
    }
}

/// New alerts of this ISO week by owner.
struct Budgets(BTreeMap<String, u32>);

impl Budgets {
    fn spent(alerts: &[Alert], plan: &Plan<'_>) -> Self {
        let week: Timestamp = plan.now.day().week_start().start();
        let mut spent = BTreeMap::new();
        for alert in alerts.iter().filter(|alert| alert.is_told && alert.opened_at >= week) {
            *spent.entry(alert.owner.clone()).or_insert(0) += 1;
        }
        Self(spent)
    }

    /// Takes one of the owner's, if there is one left.
    fn take(&mut self, owner: &str, plan: &Plan<'_>) -> bool {
        let budget = plan.budgets.get(owner).copied().unwrap_or(plan.life.budget);
        let spent = self.0.entry(owner.to_owned()).or_insert(0);
        let is_left = *spent < budget;
        *spent += u32::from(is_left);
        is_left
    }
}

#[cfg(test)]
mod tests;
