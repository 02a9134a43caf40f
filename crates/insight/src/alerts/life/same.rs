//! Which alert tells of an incident already.
//!
//! Invariant: of no two open alerts the log says that a series of one thing (a topic, words, a case) runs, in places of which
//! one may hold the other. An incident that several of them tell of makes them one.

use super::{Alert, Plan};
use crate::alerts::{
    hour::{Hour, Span},
    incident::Incident,
    series::What,
    watch::Spell,
};

/// The incidents by the alerts that tell of them.
pub(super) struct Known<'a> {
    /// Of each alert, by its place.
    pub of: Vec<Vec<&'a Incident>>,
    /// Of each open alert that another one tells from now on, the place of that one.
    pub merged: Vec<Option<usize>>,
    /// What no alert tells of.
    pub new: Vec<&'a Incident>,
}

/// The alerts come in the order in which they were opened.
pub(super) fn known<'a>(incidents: &'a [Incident], alerts: &[Alert], plan: &Plan<'_>) -> Known<'a> {
    let found: Vec<(&Incident, Vec<usize>)> =
        incidents.iter().map(|incident| (incident, places(incident, alerts, plan))).collect();
    // Of each alert the one that tells what it told: itself, until an incident brings it together with another.
    let mut by: Vec<usize> = (0..alerts.len()).collect();
    // What is over brings nothing together any more.
    for (_, places) in found.iter().filter(|(incident, _)| incident.ended().is_none()) {
        let roots: Vec<usize> = places.iter().map(|place| root(&by, *place)).collect();
        // One that somebody has heard of, and of those the first.
        let first = roots.iter().copied().min_by_key(|place| (!alerts[*place].is_told, *place));
        for place in roots {
            by[place] = first.unwrap_or(place);
        }
    }
    let merged = (0..alerts.len()).map(|place| Some(root(&by, place)).filter(|other| *other != place));
    let mut known = Known { of: vec![Vec::new(); alerts.len()], merged: merged.collect(), new: Vec::new() };
    for (incident, places) in found {
        let mut roots: Vec<usize> = places.into_iter().map(|place| root(&by, place)).collect();
        roots.sort_unstable();
        roots.dedup();
        if roots.is_empty() {
            known.new.push(incident);
        }
        for place in roots {
            known.of[place].push(incident);
        }
    }
    known
}

fn root(by: &[usize], mut place: usize) -> usize {
    while by[place] != place {
        place = by[place];
    }
    place
}

/// By what an alert tells of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Like {
    /// One thing moved in both; of everything together the same series, from the same time on.
    Same,
    /// Nothing moved but everything together, of which the alert tells too.
    Everything,
}

/// The places of the alerts that tell of it: all open ones, or the one that was over last, within the cooldown.
fn places(incident: &Incident, alerts: &[Alert], plan: &Plan<'_>) -> Vec<usize> {
    let id = incident.id();
    let all = |is_open: bool, like: Like| -> Vec<usize> {
        let is_it =
            |alert: &Alert| (like == Like::Same && alert.id == id) || tells(alert, incident, like, plan);
        let fits = |place: &usize| alerts[*place].is_open() == is_open && is_it(&alerts[*place]);
        (0..alerts.len()).filter(fits).collect()
    };
    let open = all(true, Like::Same);
    if !open.is_empty() {
        return open;
    }
    if let Some(first) = all(true, Like::Everything).first() {
        return vec![*first];
    }
    let over = [Like::Same, Like::Everything].map(|like| all(false, like));
    let last = over
        .iter()
        .find_map(|places| places.iter().copied().max_by_key(|place| (alerts[*place].resolved_at, *place)));
    last.into_iter().collect()
}

fn tells(alert: &Alert, incident: &Incident, like: Like, plan: &Plan<'_>) -> bool {
    let (now, together) = (plan.now, plan.life.together_hours);
    // A quick look first: there are many of both, and hardly any meet.
    if !meets(alert.span(now), incident.span(now), plan) || (like == Like::Everything && !incident.is_all()) {
        return false;
    }
    let end = alert.resolved_at.map_or(now, Hour::of);
    let is_like = |known: &Spell, spell: &Spell| {
        let is_all = known.key.what == What::All;
        let apart = (known.onset.0 - spell.onset.0).unsigned_abs();
        let told = Span { from: known.onset, to: known.ended.map_or(end, |(at, _)| at.plus(1)) };
        let is_one = match like {
            Like::Same if is_all => known.key == spell.key && apart <= together,
            Like::Same => known.key.what == spell.key.what && known.key.is_nested_with(&spell.key),
            Like::Everything => is_all && known.key.is_nested_with(&spell.key),
        };
        is_one && meets(told, spell.span(now), plan)
    };
    let known = &alert.incident.spells;
    incident.spells.iter().any(|spell| known.iter().any(|known| is_like(known, spell)))
}

/// Whether what is seen lies in the hours of what was told, or within the cooldown after them.
fn meets(told: Span, seen: Span, plan: &Plan<'_>) -> bool {
    let (cooldown, together) = (24 * plan.life.cooldown_days as i32, plan.life.together_hours as i32);
    seen.from < told.to.plus(cooldown) && told.from < seen.to.plus(together)
}

#[cfg(test)]
mod tests;
