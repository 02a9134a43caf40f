//! What is to be said now: what is seen against what was told.

use super::{
    Alert, AlertEvent, Step,
    same::{Known, known},
    silence::{Silence, left},
};
use crate::{
    alerts::{
        hour::Hour,
        incident::{Incident, by_found},
        rules::{LifeRules, SeverityRules},
        series::{SeriesKey, What},
        watch::Spell,
    },
    triage::Priority,
};
use feedback::time::Timestamp;
use std::{cmp::Reverse, collections::BTreeMap};

/// What a plan is made by.
pub struct Plan<'a> {
    pub life: LifeRules,
    pub severity: SeverityRules,
    pub silences: &'a [Silence],
    /// Weekly budgets of owners that have one of their own.
    pub budgets: &'a BTreeMap<String, u32>,
    /// Who owns a series; empty where nobody does.
    pub owner: &'a dyn Fn(&SeriesKey) -> String,
    /// The topic and the product of a case, by its id; the product is empty where its reports name none.
    pub case: &'a dyn Fn(&str) -> Option<(String, String)>,
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
    let Known { of, merged, new } = known(incidents, alerts, plan);
    let mut budgets = Budgets::spent(alerts, plan);
    let mut events = Vec::new();
    for (place, alert) in alerts.iter().enumerate() {
        if let Some(other) = merged[place] {
            events.push(plan.told_with(alert, &alerts[other]));
        } else if let Some(incident) = as_one(&of[place]) {
            let into_it = alerts.iter().zip(&merged).filter(|(_, other)| **other == Some(place));
            let others: Vec<&Alert> = into_it.map(|(other, _)| other).collect();
            events.extend(goes_on(&incident, alert, &others, plan, &mut budgets));
        } else if alert.is_open() {
            // Late records or an erasure have changed the counts, or somebody the rules.
            let gone = Some("it is no longer seen in the counts".to_owned());
            let event = plan.event(&alert.id, Step::Resolved, alert.is_told, &alert.incident, &[alert]);
            events.push(AlertEvent { by: gone, ..event });
        }
    }
    events.extend(new.into_iter().filter_map(|incident| begins(incident, plan, &mut budgets)));
    events
}

/// Several incidents that one alert tells: those that run, or the one that was over last; `None` of none.
fn as_one(incidents: &[&Incident]) -> Option<Incident> {
    let running = incidents.iter().filter(|incident| incident.ended().is_none());
    let mut spells: Vec<Spell> = running.flat_map(|incident| incident.spells.iter().cloned()).collect();
    spells.sort_by(by_found);
    if spells.is_empty() {
        return incidents.iter().max_by_key(|incident| incident.ended()).map(|incident| (*incident).clone());
    }
    Some(Incident { spells })
}

fn begins(incident: &Incident, plan: &Plan<'_>, budgets: &mut Budgets) -> Option<AlertEvent> {
    let heard = plan.heard(incident);
    let of = heard.as_ref().unwrap_or(incident);
    let is_news = of.ended().is_none() || plan.seen.is_some_and(|seen| of.fired() >= seen);
    let event = || plan.event(&incident.id(), Step::Fired, true, of, &[]);
    is_news.then(|| plan.speak(event(), heard.as_ref().err().map(String::as_str), budgets))
}

/// What becomes of an alert; `others` are those that it tells from now on.
fn goes_on(
    incident: &Incident,
    alert: &Alert,
    others: &[&Alert],
    plan: &Plan<'_>,
    budgets: &mut Budgets,
) -> Option<AlertEvent> {
    let heard = plan.heard(incident);
    let of = heard.as_ref().unwrap_or(incident);
    // Whoever silenced the alert itself wants to hear of none of it.
    let muted = alert.muted_on(plan.now.day()).map(|muted| muted.mute.reason.as_str());
    let silenced = heard.as_ref().err().map(String::as_str).or(muted);
    let before: Vec<&Alert> = std::iter::once(alert).chain(others.iter().copied()).collect();
    let ids: Vec<&str> = others.iter().map(|other| other.id.as_str()).collect();
    let takes_in = !ids.is_empty();
    let event = |step: Step, is_told: bool| AlertEvent {
        by: takes_in.then(|| format!("it tells of {} from now on", ids.join(" and "))),
        ..plan.event(&alert.id, step, is_told, of, &before)
    };
    match (alert.is_open(), of.ended()) {
        (true, Some(_)) => Some(event(Step::Resolved, alert.is_told)),
        (true, None) if !alert.is_told => {
            // Held back so far: told as soon as nothing holds it, noted once a reason.
            let said = plan.speak(event(Step::Fired, true), silenced, budgets);
            (said.is_told || takes_in || alert.held_back != Some(said.step)).then_some(said)
        }
        (true, None) => {
            let is_told = silenced.is_none() && has_grown(of, alert, plan);
            (is_told || takes_in).then(|| event(Step::Updated, is_told))
        }
        // While it is silenced it stays as it is.
        (false, None) => silenced.is_none().then(|| event(Step::Reopened, alert.is_told)),
        (false, Some(_)) => None,
    }
}

/// It reaches so many times as many people as when it was last told, or names something new, or is worse.
fn has_grown(incident: &Incident, alert: &Alert, plan: &Plan<'_>) -> bool {
    let times = incident.people() as f64 / (alert.incident.people() as f64).max(1.0);
    let is_new = |key: &SeriesKey| {
        matches!(key.what, What::Topic(_) | What::Words(_))
            && !alert.incident.keys().any(|known| known.what == key.what)
    };
    times >= plan.life.update_times
        || incident.keys().any(is_new)
        || incident.severity(&plan.severity) < alert.severity
}

impl Plan<'_> {
    /// What the silences leave of it, else their reasons.
    fn heard(&self, incident: &Incident) -> Result<Incident, String> {
        left(incident, self.silences, self.now, self.case)
    }

    /// Says it, unless a silence or the owner's budget holds it back.
    fn speak(&self, event: AlertEvent, silenced: Option<&str>, budgets: &mut Budgets) -> AlertEvent {
        let held = |event: AlertEvent, step: Step, by: String| AlertEvent {
            step,
            is_told: false,
            by: Some(by),
            ..event
        };
        if let Some(reason) = silenced {
            return held(event, Step::Silenced, reason.to_owned());
        }
        let is_urgent = event.severity == Priority::P1;
        if !budgets.take(&event.owner, self) && !is_urgent {
            let whose = if event.owner.is_empty() { "what nobody owns" } else { &event.owner };
            let why = format!("{whose} has had this week's alerts; the digest tells it");
            return held(event, Step::OverBudget, why);
        }
        event
    }

    /// `before` are the alerts that told of it: whoever has heard of them hears how it goes on.
    fn event(
        &self,
        id: &str,
        step: Step,
        is_told: bool,
        incident: &Incident,
        before: &[&Alert],
    ) -> AlertEvent {
        let heard = || before.iter().filter(|alert| alert.is_told);
        let own = self.owners(incident);
        // It stays with its owner as long as a part of it is theirs.
        let mut known = heard().map(|alert| &alert.owner).filter(|owner| !owner.is_empty());
        let kept = known.find(|owner| own.is_empty() || own.contains(owner));
        let owner = kept.or(own.first()).cloned().unwrap_or_default();
        let mut owners: Vec<String> = Vec::new();
        for name in std::iter::once(&owner).chain(&own).chain(heard().flat_map(|alert| &alert.owners)) {
            if !name.is_empty() && !owners.contains(name) {
                owners.push(name.clone());
            }
        }
        AlertEvent {
            id: id.to_owned(),
            at: self.now.start(),
            step,
            is_told,
            owner,
            owners,
            severity: incident.severity(&self.severity),
            incident: Some(incident.clone()),
            by: None,
            mute: None,
        }
    }

    /// Of an alert that another one tells from now on: nobody hears of its end, for it has none.
    fn told_with(&self, alert: &Alert, other: &Alert) -> AlertEvent {
        let event = self.event(&alert.id, Step::Merged, false, &alert.incident, &[alert]);
        AlertEvent { by: Some(other.id.clone()), ..event }
    }

    /// Whoever owns a part of it, each once: of a topic or case with the most people first, of everything together last.
    fn owners(&self, incident: &Incident) -> Vec<String> {
        let mut spells: Vec<&Spell> = incident.spells.iter().collect();
        // Of equals the first found.
        spells.sort_by_key(|spell| (spell.key.what == What::All, Reverse(spell.people)));
        let mut owners = Vec::new();
        for owner in spells.into_iter().map(|spell| (self.owner)(&spell.key)) {
            if !owner.is_empty() && !owners.contains(&owner) {
                owners.push(owner);
            }
        }
        owners
    }
}

/// Alerts that were told first in this ISO week, by owner.
struct Budgets(BTreeMap<String, u32>);

impl Budgets {
    fn spent(alerts: &[Alert], plan: &Plan<'_>) -> Self {
        let week: Timestamp = plan.now.day().week_start().start();
        let mut spent = BTreeMap::new();
        for alert in alerts.iter().filter(|alert| alert.told_at.is_some_and(|at| at >= week)) {
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
