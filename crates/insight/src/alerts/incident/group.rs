//! Which changes belong together.
//!
//! Invariants:
//! - Two series of one thing (a topic, words, a case) that run in the same hours, in places of which one may hold the other,
//!   are in one incident, whenever they began: of a beginning there is an estimate alone.
//! - Everything together is in whatever moves, so it binds what began when it did, and nothing else. No incident is of it
//!   alone that runs in the hours of another such one.

use super::{Incident, by_found};
use crate::alerts::{
    hour::{Hour, Span},
    rules::LifeRules,
    series::What,
    watch::{Records, Spell},
};

/// Hours between the beginnings of a case and of the topic that it is a part of: it has few records, and when it began is
/// known to days.
const CASE_TOGETHER: u32 = 7 * 24;

/// Brings together what is of one thing, and what began in the same hours and shares records; the first found first.
#[must_use]
pub fn group(spells: &[Spell], rules: &LifeRules, now: Hour, records: &impl Records) -> Vec<Incident> {
    let mut order: Vec<&Spell> = spells.iter().collect();
    order.sort_by(|a, b| by_found(a, b));
    let (whole, named): (Vec<&Spell>, Vec<&Spell>) = order.into_iter().partition(|spell| is_all(spell));
    let belongs = |spell: &Spell, other: &Spell| is_together(spell, other, rules, now, records);
    let mut incidents = Vec::new();
    for spell in named {
        bring_together(&mut incidents, spell, |of| of.spells.iter().any(|other| belongs(spell, other)));
    }
    let began_with = |spell: &Spell, incident: &Incident| {
        incident.spells.iter().any(|other| !is_all(other) && belongs(spell, other))
    };
    let (with_others, alone): (Vec<&Spell>, Vec<&Spell>) =
        whole.into_iter().partition(|spell| incidents.iter().any(|incident| began_with(spell, incident)));
    for spell in with_others {
        bring_together(&mut incidents, spell, |incident| began_with(spell, incident));
    }
    for spell in alone {
        add_alone(&mut incidents, spell, &belongs);
    }
    incidents.sort_by(|a, b| by_found(&a.spells[0], &b.spells[0]));
    incidents
}

fn is_all(spell: &Spell) -> bool {
    spell.key.what == What::All
}

/// Puts a change into the incidents that it belongs to, which are one from then on; where there is none it is one by itself.
fn bring_together(incidents: &mut Vec<Incident>, spell: &Spell, belongs: impl Fn(&Incident) -> bool) {
    let (mine, others): (Vec<Incident>, Vec<Incident>) =
        std::mem::take(incidents).into_iter().partition(|incident| belongs(incident));
    *incidents = others;
    let mut spells: Vec<Spell> = mine.into_iter().flat_map(|incident| incident.spells).collect();
    spells.push(spell.clone());
    spells.sort_by(by_found);
    incidents.push(Incident { spells });
}

/// A change of everything together with which nothing else began: it belongs to what is of nothing else, or to whatever it
/// was a part of before.
fn add_alone(incidents: &mut Vec<Incident>, spell: &Spell, belongs: &impl Fn(&Spell, &Spell) -> bool) {
    let alike = |other: &Spell| is_all(other) && belongs(spell, other);
    let is_alike = |incident: &Incident| incident.is_all() && incident.spells.iter().any(alike);
    let is_part =
        |incident: &Incident| incident.spells.iter().any(|other| other.fired <= spell.fired && alike(other));
    let is_of_its_own = incidents.iter().any(is_alike);
    let first = incidents.iter_mut().filter(|incident| is_part(incident)).min_by_key(|of| of.fired());
    match first {
        Some(first) if !is_of_its_own => {
            first.spells.push(spell.clone());
            first.spells.sort_by(by_found);
        }
        _ => bring_together(incidents, spell, is_alike),
    }
}

fn is_together(one: &Spell, other: &Spell, rules: &LifeRules, now: Hour, records: &impl Records) -> bool {
    let (a, b) = (one.span(now), other.span(now));
    let both = Span { from: a.from.max(b.from), to: a.to.min(b.to) };
    let is_one_thing = one.key.what == other.key.what;
    let is_nested = one.key.is_nested_with(&other.key);
    if both.hours() == 0 {
        return false;
    }
    // The same topic in two products may have moved twice; where the places meet it is the same records.
    if is_one_thing && is_nested {
        return true;
    }
    let apart = (one.onset.0 - other.onset.0).unsigned_abs();
    apart <= near(&one.key.what, &other.key.what, rules)
        && (is_one_thing || is_nested || records.overlap(&one.key, &other.key, both) >= rules.shared)
}

/// Hours between two beginnings that are one.
fn near(one: &What, other: &What, rules: &LifeRules) -> u32 {
    let is_named = |what: &What| matches!(what, What::Topic(_) | What::Words(_));
    match (one, other) {
        (What::Case(_), what) | (what, What::Case(_)) if is_named(what) => {
            rules.together_hours.max(CASE_TOGETHER)
        }
        _ => rules.together_hours,
    }
}

#[cfg(test)]
mod tests;
