//! Changes that belong together: one outage that moves eight topics is one incident that names them.

use super::{
    hour::{Hour, Span},
    rules::{LifeRules, SeverityRules},
    series::{SeriesKey, What},
    watch::{Records, Spell},
};
use crate::triage::Priority;
use feedback::ids::Id;
use serde::{Deserialize, Serialize};

/// What moved together, the first found first; never empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    pub spells: Vec<Spell>,
}

impl Incident {
    /// What names the whole: the first that was found, and of several found in the same hour the one with the most
    /// people.
    #[must_use]
    pub fn lead(&self) -> &Spell {
        let first = &self.spells[0];
        let same_hour = self.spells.iter().filter(|spell| spell.fired == first.fired);
        // Of equals the first.
        same_hour.fold(first, |lead, spell| if spell.people > lead.people { spell } else { lead })
    }

    #[must_use]
    pub fn onset(&self) -> Hour {
        self.spells.iter().map(|spell| spell.onset).min().unwrap_or(Hour(0))
    }

    #[must_use]
    pub fn fired(&self) -> Hour {
        self.spells[0].fired
    }

    /// The last hour of the last of them; `None` while one runs.
    #[must_use]
    pub fn ended(&self) -> Option<Hour> {
        let ends: Option<Vec<Hour>> = self.spells.iter().map(|spell| Some(spell.ended?.0)).collect();
        ends?.into_iter().max()
    }

    #[must_use]
    pub fn span(&self, now: Hour) -> Span {
        Span { from: self.onset(), to: self.ended().map_or(now, |at| at.plus(1)) }
    }

    /// At least so many distinct people: the most of any of the series, which share people.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.spells.iter().map(|spell| spell.people).max().unwrap_or(0)
    }

    /// That of the worst.
    #[must_use]
    pub fn severity(&self, rules: &SeverityRules) -> Priority {
        let of = |spell: &Spell| rules.of(&spell.figures, spell.people);
        self.spells.iter().map(of).min().unwrap_or(Priority::P4)
    }

    /// The topics that moved, each once, in the order they were found.
    #[must_use]
    pub fn topics(&self) -> Vec<&str> {
        let mut topics = Vec::new();
        for spell in &self.spells {
            if let What::Topic(id) = &spell.key.what
                && !topics.contains(&id.as_str())
            {
                topics.push(id.as_str());
            }
        }
        topics
    }

    pub fn keys(&self) -> impl Iterator<Item = &SeriesKey> {
        self.spells.iter().map(|spell| &spell.key)
    }

    /// Follows from the first series and its onset: 16 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> String {
        let first = &self.spells[0];
        let onset = first.onset.0.to_string();
        let mut parts = first.key.parts();
        parts.push(&onset);
        format!("{:016x}", (Id::of(&parts).0 >> 64) as u64)
    }
}

/// Brings together what began in the same hours and shares records.
#[must_use]
pub fn group(spells: &[Spell], rules: &LifeRules, now: Hour, records: &impl Records) -> Vec<Incident> {
    let mut order: Vec<&Spell> = spells.iter().collect();
    order.sort_by(|a, b| a.fired.cmp(&b.fired).then_with(|| a.key.cmp(&b.key)));
    let mut incidents: Vec<Incident> = Vec::new();
    for spell in order {
        let joins = |incident: &Incident| {
            incident.spells.iter().any(|other| is_together(spell, other, rules, now, records))
        };
        // Whoever belongs to several brings them together.
        let (mine, others): (Vec<Incident>, Vec<Incident>) = incidents.into_iter().partition(joins);
        incidents = others;
        let mut spells: Vec<Spell> = mine.into_iter().flat_map(|incident| incident.spells).collect();
        spells.push(spell.clone());
        spells.sort_by(|a, b| a.fired.cmp(&b.fired).then_with(|| a.key.cmp(&b.key)));
        incidents.push(Incident { spells });
    }
    incidents.sort_by(|a, b| a.fired().cmp(&b.fired()).then_with(|| a.spells[0].key.cmp(&b.spells[0].key)));
    incidents
}

fn is_together(one: &Spell, other: &Spell, rules: &LifeRules, now: Hour, records: &impl Records) -> bool {
    let (a, b) = (one.span(now), other.span(now));
    let both = Span { from: a.from.max(b.from), to: a.to.min(b.to) };
    let apart = (one.onset.0 - other.onset.0).unsigned_abs();
    if both.hours() == 0 || apart > rules.together_hours {
        return false;
    }
    one.key.is_nested_with(&other.key) || records.overlap(&one.key, &other.key, both) >= rules.shared
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        alerts::{
            series::Metric,
            watch::{Ending, Figures},
        },
        stats::Interval,
    };

    /// Topics that begin with the same letter share half of their records.
    pub struct Letters;

    impl Records for Letters {
        fn people(&self, _: &SeriesKey, _: Span) -> u64 {
            10
        }

        fn overlap(&self, one: &SeriesKey, other: &SeriesKey, _: Span) -> f64 {
            let letter = |key: &SeriesKey| match &key.what {
                What::Topic(id) => id.chars().next(),
                _ => None,
            };
            if letter(one) == letter(other) { 0.5 } else { 0.1 }
        }
    }

    pub fn spell(topic: &str, onset: i32, fired: i32, ended: Option<i32>, people: u64) -> Spell {
        Spell {
            key: SeriesKey {
                metric: Metric::Volume,
                what: What::Topic(topic.to_owned()),
                product: None,
                source: None,
            },
            onset: Hour(onset),
            fired: Hour(fired),
            ended: ended.map(|at| (Hour(at), Ending::Recovered)),
            figures: Figures::Volume {
                seen: 2 * people,
                expected: people as f64,
                range: Interval::new(0.0, 1.5 * people as f64),
                times: 2.0,
            },
            people,
        }
    }

    fn topics(spells: &[Spell]) -> Vec<String> {
        let incidents = group(spells, &LifeRules::default(), Hour(200), &Letters);
        incidents.iter().map(|incident| incident.topics().join("+")).collect()
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
        assert_eq!(topics(&spells), ["alarms", "archive", "access+apps", "billing"]);
    }

    #[test]
    fn one_that_belongs_to_two_brings_them_together() {
        let mut spells = vec![spell("access", 100, 110, None, 20), spell("billing", 105, 112, None, 10)];
        let everything = |fired| {
            let all = spell("", 104, fired, None, 40);
            Spell { key: SeriesKey { what: What::All, ..all.key.clone() }, ..all }
        };
        spells.push(everything(115));
        let incidents = group(&spells, &LifeRules::default(), Hour(200), &Letters);
        assert_eq!(incidents.len(), 1);
        let incident = &incidents[0];
        assert_eq!((incident.topics().join("+"), incident.people()), ("access+billing".to_owned(), 40));
        // The later one changes neither the name nor the id.
        assert_eq!(incident.lead().people, 20);
        assert_eq!(incident.id(), Incident { spells: vec![spells[0].clone()] }.id());
        assert_eq!((incident.onset(), incident.ended()), (Hour(100), None));
    }

    #[test]
    fn the_order_of_spells_makes_no_difference() {
        let mut spells = vec![
            spell("access", 100, 110, None, 20),
            spell("apps", 120, 125, Some(130), 30),
            spell("billing", 105, 112, None, 10),
        ];
        let forth = group(&spells, &LifeRules::default(), Hour(200), &Letters);
        spells.reverse();
        assert_eq!(group(&spells, &LifeRules::default(), Hour(200), &Letters), forth);
        assert_eq!(forth[0].severity(&SeverityRules::default()), Priority::P2);
    }
}
