use crate::alerts::{
    hour::Hour,
    incident::{
        Incident, group,
        tests::{Letters, any_spell},
    },
    life::{Alert, AlertEvent, Plan, Step, fold, plan},
    rules::{LifeRules, SeverityRules},
    series::What,
    watch::Spell,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Hours between two looks, and how many there are.
const BETWEEN: i32 = 12;
const LOOKS: usize = 80;
/// Hours that late records move an onset by, at the most.
const MOST_LATE: i32 = 6;

/// Without those that run beside themselves: a series moves once at a time.
fn once_at_a_time(all: Vec<Spell>) -> Vec<Spell> {
    let mut kept: Vec<Spell> = Vec::new();
    let is_after =
        |one: &Spell, other: &Spell| one.ended.is_some_and(|(at, _)| at.plus(MOST_LATE) < other.onset);
    for spell in all {
        let is_other = |known: &Spell| known.key != spell.key;
        let fits = |known: &Spell| is_other(known) || is_after(known, &spell) || is_after(&spell, known);
        if kept.iter().all(fits) {
            kept.push(spell);
        }
    }
    kept
}

/// What a look sees: the onsets are estimates, which late records move.
fn seen(spells: &[Spell], now: Hour, late: i32) -> Vec<Spell> {
    let known = spells.iter().filter(|spell| spell.fired < now);
    let as_seen = known.map(|spell| Spell {
        onset: spell.onset.plus(-late),
        ended: spell.ended.filter(|(at, _)| *at < now),
        ..spell.clone()
    });
    as_seen.collect()
}

/// Two series of one thing that run, in places that meet, of two alerts.
fn twice<'a>(one: &'a Incident, other: &'a Incident) -> Option<(&'a Spell, &'a Spell)> {
    let running = |of: &'a Incident| of.spells.iter().filter(|spell| spell.ended.is_none());
    let mut pairs = running(one).flat_map(|a| running(other).map(move |b| (a, b)));
    pairs.find(|(a, b)| {
        let is_it = a.key.what != What::All || (one.is_all() && other.is_all());
        is_it && a.key.what == b.key.what && a.key.is_nested_with(&b.key)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn no_two_open_alerts_tell_of_one_thing(
        spells in prop::collection::vec(any_spell(), 1..12),
        late in prop::collection::vec(0..=MOST_LATE, LOOKS),
    ) {
        let spells = once_at_a_time(spells);
        let (life, budgets) = (LifeRules::default(), BTreeMap::new());
        let mut log: Vec<AlertEvent> = Vec::new();
        for (look, late) in late.iter().enumerate() {
            let now = Hour(BETWEEN * (look as i32 + 1));
            let incidents = group(&seen(&spells, now, *late), &life, now, &Letters);
            let setting = Plan {
                life,
                severity: SeverityRules::default(),
                silences: &[],
                budgets: &budgets,
                owner: &|key| key.product.clone().unwrap_or_default(),
                case: &|_| None,
                now,
                seen: Some(now.plus(-BETWEEN)),
            };
            log.extend(plan(&incidents, &fold(&log), &setting));
            let open: Vec<Alert> = fold(&log).into_iter().filter(Alert::is_open).collect();
            for (at, one) in open.iter().enumerate() {
                for other in &open[..at] {
                    prop_assert_eq!(twice(&one.incident, &other.incident), None, "at {}", now);
                }
            }
        }
        for alert in fold(&log) {
            let fired = log.iter().filter(|event| {
                event.id == alert.id && event.is_told && event.step == Step::Fired
            });
            prop_assert!(fired.count() <= 1, "{} was told anew", alert.id);
        }
    }
}
