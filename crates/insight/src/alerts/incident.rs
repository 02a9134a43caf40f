//! Changes that belong together: one outage that moves eight topics is one incident that names them.

mod group;

pub use group::group;

use super::{
    hour::{Hour, Span},
    rules::SeverityRules,
    series::{SeriesKey, What},
    watch::Spell,
};
use crate::triage::Priority;
use feedback::ids::Id;
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};

/// What moved together, the first found first; never empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    pub spells: Vec<Spell>,
}

impl Incident {
    /// What names the whole: a topic or words before everything together, and that before a case, which is a part of
    /// either; of those the first that was found, and of several found in the same hour the one with the most people; of
    /// its parts by product and source the widest.
    #[must_use]
    pub fn lead(&self) -> &Spell {
        let named = |spell: &&Spell| {
            let rank = match &spell.key.what {
                What::Topic(_) | What::Words(_) => 0,
                What::All => 1,
                What::Case(_) => 2,
            };
            (rank, spell.fired, Reverse(spell.people))
        };
        // Of equals the first.
        let first = self.spells.iter().min_by_key(named).unwrap_or(&self.spells[0]);
        let same = |spell: &&Spell| spell.key.what == first.key.what && spell.key.metric == first.key.metric;
        self.spells.iter().filter(same).min_by_key(|spell| spell.key.narrowed()).unwrap_or(first)
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

    /// At least so many distinct people: the most of any of the series of what names it, which share people.
    #[must_use]
    pub fn people(&self) -> u64 {
        let what = &self.lead().key.what;
        let own = self.spells.iter().filter(|spell| spell.key.what == *what);
        own.map(|spell| spell.people).max().unwrap_or(0)
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

    /// Whether nothing moved but everything together.
    pub(super) fn is_all(&self) -> bool {
        self.keys().all(|key| key.what == What::All)
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

/// The order in which changes were found.
pub(super) fn by_found(a: &Spell, b: &Spell) -> Ordering {
    a.fired.cmp(&b.fired).then_with(|| a.key.cmp(&b.key))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        alerts::{
            series::Metric,
            watch::{Ending, Figures, Records},
        },
        stats::Interval,
    };
    use proptest::prelude::*;

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

    /// The same change of something else.
    pub fn of(what: What, spell: &Spell) -> Spell {
        Spell { key: SeriesKey { what, ..spell.key.clone() }, ..spell.clone() }
    }

    /// The same change in one product.
    pub fn within(product: &str, spell: &Spell) -> Spell {
        Spell { key: SeriesKey { product: Some(product.to_owned()), ..spell.key.clone() }, ..spell.clone() }
    }

    /// Any change that is found within 800 hours.
    pub fn any_spell() -> impl Strategy<Value = Spell> {
        let what = prop::sample::select(vec![
            What::All,
            What::Topic("a".to_owned()),
            What::Topic("ab".to_owned()),
            What::Topic("b".to_owned()),
            What::Words("rivals".to_owned()),
            What::Case("aa01".to_owned()),
        ]);
        let metric = prop::sample::select(vec![Metric::Volume, Metric::Negative]);
        let product = prop::sample::select(vec![None, Some("app"), Some("web")]);
        let source = prop::sample::select(vec![None, Some("nps")]);
        let hours = (0_i32..600, 0_i32..200, prop::option::of(0_i32..300));
        (metric, what, product, source, hours).prop_map(|(metric, what, product, source, hours)| {
            let (onset, until_found, until_over) = hours;
            let fired = onset + until_found;
            let spell = spell("", onset, fired, until_over.map(|hours| fired + hours), 9);
            let [product, source] = [product, source].map(|name| name.map(str::to_owned));
            Spell { key: SeriesKey { metric, what, product, source }, ..spell }
        })
    }

    fn incident(mut spells: Vec<Spell>) -> Incident {
        spells.sort_by(by_found);
        Incident { spells }
    }

    #[test]
    fn a_topic_leads_everything_together_and_that_a_case() {
        let case = of(What::Case("aa01".to_owned()), &spell("", 10, 20, None, 90));
        let all = of(What::All, &spell("", 10, 21, None, 300));
        let (few, many) = (spell("few", 12, 22, None, 8), spell("many", 12, 22, None, 30));
        let lead = |spells: &[&Spell]| {
            let spells = spells.iter().map(|spell| (*spell).clone()).collect();
            incident(spells).lead().key.what.clone()
        };
        assert_eq!(lead(&[&case]), case.key.what);
        assert_eq!(lead(&[&case, &all]), What::All);
        assert_eq!(lead(&[&case, &all, &few, &many]), many.key.what, "of one hour that with more people");
        let later = spell("later", 12, 23, None, 500);
        assert_eq!(lead(&[&later, &few]), few.key.what, "what was found first");
    }

    #[test]
    fn the_widest_place_leads_and_people_count_once() {
        let login = spell("login", 10, 30, None, 25);
        let app = within("app", &spell("login", 10, 20, None, 18));
        let all = of(What::All, &spell("", 10, 20, Some(35), 400));
        let whole = incident(vec![login.clone(), app.clone(), all]);
        assert_eq!((&whole.lead().key, whole.people()), (&login.key, 25), "not those of all feedback");
        assert_eq!((whole.onset(), whole.fired(), whole.ended()), (Hour(10), Hour(20), None));
        assert_eq!(whole.topics(), ["login"]);
        // What was found first gives the id, for good.
        assert_eq!(whole.id(), incident(vec![whole.spells[0].clone()]).id());
        assert!(!whole.is_all() && incident(vec![whole.spells[0].clone()]).is_all());
    }

    #[test]
    fn the_worst_gives_the_severity() {
        let severity = |spells| incident(spells).severity(&SeverityRules::default());
        assert_eq!(severity(vec![spell("a", 1, 2, None, 10), spell("b", 1, 2, None, 30)]), Priority::P2);
        assert_eq!(severity(vec![spell("a", 1, 2, None, 60), spell("b", 1, 2, None, 30)]), Priority::P1);
    }
}
