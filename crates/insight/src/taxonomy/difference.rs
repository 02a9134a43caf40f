//! What another taxonomy would say of the same records.

use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Records of a change that are shown.
const SHOWN: usize = 3;

/// A topic of a taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'t> {
    pub id: &'t str,
    pub name: &'t str,
}

/// What two taxonomies say of a record, by the places of their topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'r> {
    pub before: &'r [u16],
    pub after: &'r [u16],
    /// Ids of the topics that a person said are right; `None` where nobody said any.
    pub by_people: Option<&'r [&'r str]>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub records: u64,
    /// Those whose topics are others.
    pub changed: u64,
    /// Without any topic, before and after.
    pub unassigned: [u64; 2],
    /// Of either taxonomy, those with the most changes first.
    pub topics: Vec<TopicDifference>,
    /// `None` where nobody has corrected the topics of any of them.
    pub agreement: Option<Agreement>,
}

/// Whether a topic stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Kept,
    New,
    Removed,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TopicDifference {
    pub id: String,
    /// As it is called afterwards; of one that goes as it was.
    pub name: String,
    pub fate: Fate,
    /// Records that speak of it.
    pub before: u64,
    pub after: u64,
    /// Those that do only afterwards, and those that did only before.
    pub gained: u64,
    pub lost: u64,
    /// Places of the first of each.
    pub gains: Vec<usize>,
    pub losses: Vec<usize>,
}

/// How well each taxonomy says what people said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Whose topics people corrected.
    pub records: u64,
    pub before: Agrees,
    pub after: Agrees,
}

/// Over all topics of all these records together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Agrees {
    /// Topics that were said by both.
    pub right: u64,
    /// By the taxonomy, and by people.
    pub said: u64,
    pub meant: u64,
}

impl Agrees {
    /// Of what it says, the share that is right; `None` where it says nothing.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        (self.said > 0).then(|| self.right as f64 / self.said as f64)
    }

    /// Of what is right, the share that it says; `None` where nothing is.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        (self.meant > 0).then(|| self.right as f64 / self.meant as f64)
    }

    fn add(&mut self, said: &HashSet<&str>, meant: &HashSet<&str>) {
        self.right += said.intersection(meant).count() as u64;
        self.said += said.len() as u64;
        self.meant += meant.len() as u64;
    }
}

/// The topics of both are told, also those of which no record speaks. A place that a taxonomy does not have is left out.
#[must_use]
pub fn difference(before: &[Named<'_>], after: &[Named<'_>], records: &[Said<'_>]) -> Difference {
    let mut topics = listed(before, after);
    let places: HashMap<String, usize> =
        topics.iter().enumerate().map(|(at, topic)| (topic.id.clone(), at)).collect();
    let mut found = Difference {
        records: records.len() as u64,
        changed: 0,
        unassigned: [0; 2],
        topics: Vec::new(),
        agreement: None,
    };
    let mut agreement = Agreement { records: 0, before: Agrees::default(), after: Agrees::default() };
    for (at, said) in records.iter().enumerate() {
        let (old, new) = (ids(before, said.before), ids(after, said.after));
        found.changed += u64::from(old != new);
        found.unassigned[0] += u64::from(old.is_empty());
        found.unassigned[1] += u64::from(new.is_empty());
        for id in old.union(&new) {
            // All that are named are listed.
            let Some(place) = places.get(*id) else { continue };
            topics[*place].count(at, old.contains(id), new.contains(id));
        }
        if let Some(meant) = said.by_people {
            let meant: HashSet<&str> = meant.iter().copied().collect();
            agreement.records += 1;
            agreement.before.add(&old, &meant);
            agreement.after.add(&new, &meant);
        }
    }
    topics.sort_by_key(|topic| std::cmp::Reverse(topic.gained + topic.lost));
    found.topics = topics;
    found.agreement = (agreement.records > 0).then_some(agreement);
    found
}

fn ids<'t>(topics: &[Named<'t>], places: &[u16]) -> HashSet<&'t str> {
    places.iter().filter_map(|place| topics.get(usize::from(*place))).map(|topic| topic.id).collect()
}

/// All topics: those of the later taxonomy in its order, then those that go.
fn listed(before: &[Named<'_>], after: &[Named<'_>]) -> Vec<TopicDifference> {
    let has = |all: &[Named<'_>], id: &str| all.iter().any(|topic| topic.id == id);
    let stays = after.iter().map(|topic| (topic, if has(before, topic.id) { Fate::Kept } else { Fate::New }));
    let goes = before.iter().filter(|topic| !has(after, topic.id)).map(|topic| (topic, Fate::Removed));
    let all = stays.chain(goes);
    all.map(|(topic, fate)| TopicDifference {
        id: topic.id.to_owned(),
        name: topic.name.to_owned(),
        fate,
        before: 0,
        after: 0,
        gained: 0,
        lost: 0,
        gains: Vec::new(),
        losses: Vec::new(),
    })
    .collect()
}

impl TopicDifference {
    /// A record that had it, or has it now.
    fn count(&mut self, at: usize, had: bool, has: bool) {
        self.before += u64::from(had);
        self.after += u64::from(has);
        let (number, places) = match (had, has) {
            (false, true) => (&mut self.gained, &mut self.gains),
            (true, false) => (&mut self.lost, &mut self.losses),
            _ => return,
        };
        *number += 1;
        if places.len() < SHOWN {
            places.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BEFORE: [Named<'static>; 3] =
        [Named { id: "a", name: "A" }, Named { id: "b", name: "B" }, Named { id: "c", name: "C" }];
    const AFTER: [Named<'static>; 3] =
        [Named { id: "c", name: "See" }, Named { id: "a", name: "A" }, Named { id: "d", name: "D" }];

    #[test]
    fn what_comes_and_goes_by_hand() {
        let (a, b, c) = (0, 1, 2);
        let records = [
            Said { before: &[a, b], after: &[1], by_people: Some(&["a", "d"]) },
            Said { before: &[c], after: &[0], by_people: None },
            Said { before: &[], after: &[2], by_people: None },
            Said { before: &[b], after: &[], by_people: Some(&[]) },
        ];
        let found = difference(&BEFORE, &AFTER, &records);
        assert_eq!((found.records, found.changed, found.unassigned), (4, 3, [1, 1]));
        let told: Vec<_> = found
            .topics
            .iter()
            .map(|t| (t.id.as_str(), t.fate, t.before, t.after, t.gained, t.lost))
            .collect();
        assert_eq!(
            told,
            [
                ("b", Fate::Removed, 2, 0, 0, 2),
                ("d", Fate::New, 0, 1, 1, 0),
                ("c", Fate::Kept, 1, 1, 0, 0),
                ("a", Fate::Kept, 1, 1, 0, 0),
            ]
        );
        assert_eq!(
            (found.topics[0].losses.as_slice(), found.topics[1].gains.as_slice()),
            (&[0, 3][..], &[2][..])
        );
        assert_eq!(found.topics[2].name, "See");
        let agreement = found.agreement.unwrap();
        assert_eq!(agreement.records, 2);
        assert_eq!(agreement.before, Agrees { right: 1, said: 3, meant: 2 });
        assert_eq!(agreement.after, Agrees { right: 1, said: 1, meant: 2 });
        assert_eq!((agreement.after.precision(), agreement.after.recall()), (Some(1.0), Some(0.5)));
        assert_eq!((Agrees::default().precision(), Agrees::default().recall()), (None, None));
    }

    #[test]
    fn of_nothing_there_is_nothing_to_tell() {
        let found = difference(&[], &[], &[]);
        assert!(found.topics.is_empty() && found.agreement.is_none() && found.records == 0);
        // A place that no topic has.
        let found = difference(&BEFORE, &[], &[Said { before: &[9], after: &[9], by_people: None }]);
        assert_eq!((found.changed, found.unassigned, found.topics.len()), (0, [1, 1], 3));
    }

    proptest! {
        #[test]
        fn counts_add_up(said in prop::collection::vec((prop::collection::vec(0_u16..3, 0..3), prop::collection::vec(0_u16..3, 0..3)), 0..30)) {
            let records: Vec<Said<'_>> = said.iter().map(|(before, after)| Said { before, after, by_people: None }).collect();
            let found = difference(&BEFORE, &AFTER, &records);
            for topic in &found.topics {
                prop_assert_eq!(topic.before + topic.gained, topic.after + topic.lost);
                prop_assert!(topic.gains.len() as u64 <= topic.gained && topic.losses.len() as u64 <= topic.lost);
            }
            prop_assert!(found.topics.is_sorted_by_key(|topic| std::cmp::Reverse(topic.gained + topic.lost)));
            let same = difference(&BEFORE, &BEFORE, &said.iter().map(|(before, _)| Said { before, after: before, by_people: None }).collect::<Vec<_>>());
            prop_assert_eq!(same.changed, 0);
        }
    }
}
