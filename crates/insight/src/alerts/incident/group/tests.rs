use super::*;
use crate::alerts::{
    incident::tests::{Letters, any_spell, of, spell, within},
    series::{Metric, SeriesKey},
};
use proptest::prelude::*;

/// All records are shared, or none.
struct Sharing(bool);

impl Records for Sharing {
    fn people(&self, _: &SeriesKey, _: Span) -> u64 {
        10
    }

    fn overlap(&self, _: &SeriesKey, _: &SeriesKey, _: Span) -> f64 {
        f64::from(u8::from(self.0))
    }
}

const NOW: Hour = Hour(900);

fn grouped(spells: &[Spell], records: &impl Records) -> Vec<Incident> {
    group(spells, &LifeRules::default(), NOW, records)
}

fn sizes(spells: &[Spell]) -> Vec<usize> {
    grouped(spells, &Sharing(false)).iter().map(|incident| incident.spells.len()).collect()
}

fn negative(spell: &Spell) -> Spell {
    Spell { key: SeriesKey { metric: Metric::Negative, ..spell.key.clone() }, ..spell.clone() }
}

fn all(onset: i32, fired: i32, ended: Option<i32>) -> Spell {
    of(What::All, &spell("", onset, fired, ended, 40))
}

#[test]
fn what_shares_records_and_hours_is_one_incident() {
    let spells = [
        spell("access", 100, 110, None, 20),
        spell("apps", 120, 125, None, 30),
        spell("billing", 105, 112, None, 10),
        // Too long before, and over.
        spell("alarms", 10, 20, None, 5),
        spell("archive", 99, 101, Some(99), 5),
    ];
    let topics: Vec<String> =
        grouped(&spells, &Letters).iter().map(|incident| incident.topics().join("+")).collect();
    assert_eq!(topics, ["alarms", "archive", "access+apps", "billing"]);
}

#[test]
fn one_thing_is_one_incident_whenever_it_began() {
    let volume = spell("availability", 300, 310, None, 20);
    // Its share of negative ones had begun to rise a week before, by estimate, and was found two days later.
    let share = negative(&spell("availability", 130, 358, None, 54));
    let share = Spell { key: SeriesKey { source: Some("ticket".to_owned()), ..share.key.clone() }, ..share };
    assert_eq!(sizes(&[volume.clone(), share]), [2]);
    let (app, web) = (within("app", &volume), within("web", &spell("availability", 450, 460, None, 20)));
    assert_eq!(sizes(&[app.clone(), web.clone()]), [1, 1], "the one product has nothing of the other");
    assert_eq!(sizes(&[app.clone(), web.clone(), volume.clone()]), [3], "but for what is of both");
    let soon = within("web", &spell("availability", 340, 345, None, 20));
    assert_eq!(sizes(&[app.clone(), soon]), [2]);
    let (over, again) = (within("app", &spell("availability", 10, 20, Some(299), 20)), volume);
    assert_eq!(sizes(&[over, again]), [1, 1], "they never ran in the same hour");
}

#[test]
fn everything_together_brings_together_what_began_with_it() {
    let (access, billing) = (spell("access", 100, 110, None, 20), spell("billing", 105, 112, None, 10));
    let incidents = grouped(&[access.clone(), billing, all(104, 115, None)], &Letters);
    assert_eq!(incidents.len(), 1);
    let incident = &incidents[0];
    assert_eq!((incident.topics().join("+"), incident.people()), ("access+billing".to_owned(), 20));
    // The later one changes neither the name nor the id.
    assert_eq!((incident.lead(), incident.id()), (&access, Incident { spells: vec![access.clone()] }.id()));
    assert_eq!((incident.onset(), incident.ended()), (Hour(100), None));
}

#[test]
fn everything_together_binds_nothing_that_began_at_another_time() {
    let (access, billing) = (spell("access", 100, 110, None, 20), spell("billing", 500, 510, None, 10));
    let (volume, share) = (all(100, 111, None), negative(&all(501, 511, None)));
    let both = [access.clone(), volume.clone(), billing.clone(), share.clone()];
    assert_eq!(sizes(&both), [2, 2], "two outages of which both moved it");
    let alone = negative(&all(300, 310, None));
    assert_eq!(sizes(&[access.clone(), volume.clone(), alone.clone()]), [3], "no second alert of it");
    assert_eq!(sizes(&[volume.clone(), alone.clone()]), [2]);
    let earlier = all(10, 20, None);
    assert_eq!(sizes(&[earlier.clone(), billing, share]), [1, 2], "what was told before is left as it was");
    let (app, web) = (within("app", &all(10, 20, None)), within("web", &all(300, 310, None)));
    assert_eq!(sizes(&[app.clone(), web.clone()]), [1, 1]);
    assert_eq!(sizes(&[app, web, all(400, 410, None)]), [3]);
}

#[test]
fn a_case_joins_the_topic_that_it_is_a_part_of() {
    let case = of(What::Case("aa01".to_owned()), &spell("", 20, 30, None, 9));
    let login = |onset: i32| spell("login", onset, onset + 15, None, 25);
    let app = within("app", &spell("login", 110, 120, None, 15));
    let incidents = grouped(&[case.clone(), app, login(110)], &Sharing(true));
    assert_eq!(incidents.len(), 1, "four days apart");
    let incident = &incidents[0];
    assert_eq!((incident.lead(), incident.people()), (&login(110), 25), "of all products");
    // What was found first gives the id, for good.
    assert_eq!(incident.id(), Incident { spells: vec![case.clone()] }.id());
    let many = |spells: &[Spell]| grouped(spells, &Sharing(true)).len();
    assert_eq!(many(&[case.clone(), login(189)]), 2, "more than a week apart");
    assert_eq!(many(&[case.clone(), all(110, 120, None)]), 2, "of all feedback every case is a part");
    assert_eq!(grouped(&[case, login(110)], &Sharing(false)).len(), 2, "it is of another topic");
}

#[test]
fn the_order_of_spells_makes_no_difference() {
    let mut spells = vec![
        spell("access", 100, 110, None, 20),
        spell("apps", 120, 125, Some(130), 30),
        all(90, 200, None),
        spell("billing", 105, 112, None, 10),
        negative(&all(101, 111, Some(300))),
    ];
    let forth = grouped(&spells, &Letters);
    spells.reverse();
    assert_eq!(grouped(&spells, &Letters), forth);
}

proptest! {
    #[test]
    fn no_two_incidents_are_of_one_thing_at_the_same_time(
        spells in prop::collection::vec(any_spell(), 1..16),
    ) {
        let incidents = grouped(&spells, &Letters);
        prop_assert_eq!(incidents.iter().map(|of| of.spells.len()).sum::<usize>(), spells.len());
        for (at, one) in incidents.iter().enumerate() {
            for other in &incidents[..at] {
                for (a, b) in one.spells.iter().flat_map(|a| other.spells.iter().map(move |b| (a, b))) {
                    let (x, y) = (a.span(NOW), b.span(NOW));
                    let meet = x.from.max(y.from) < x.to.min(y.to);
                    if meet && a.key.what == b.key.what && a.key.is_nested_with(&b.key) {
                        prop_assert!(is_all(a) && !(one.is_all() && other.is_all()), "{:?} {:?}", a, b);
                    }
                }
            }
        }
    }
}
