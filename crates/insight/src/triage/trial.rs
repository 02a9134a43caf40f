//! Rules held against stored history before they are switched on: what would go where, and what would change.

use super::{
    decide::{Decision, Scratch},
    file::Priority,
    rules::RuleSet,
    subject::Subject,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// Records named beside each count.
const SAMPLES: usize = 5;

/// A record of the past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Past<'a> {
    /// Its id.
    pub record: &'a str,
    pub subject: Subject<'a>,
    /// What was decided when it came; `None` before there were rules.
    pub stored: Option<Stored<'a>>,
}

/// A decision as the table has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored<'a> {
    pub owner: &'a str,
    pub priority: Priority,
    pub queue: &'a str,
}

/// What the rules make of a history.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Of the rules.
    pub version: String,
    pub records: u64,
    pub needs_person: Tally,
    /// In the order in which they are tried, the fallback last; those that took nothing too.
    pub rules: Vec<Tally>,
    /// The most frequent first, as the following.
    pub owners: Vec<Tally>,
    pub queues: Vec<Tally>,
    /// From P1 to P4.
    pub priorities: Vec<Tally>,
    pub changes: Changes,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tally {
    pub name: String,
    pub records: u64,
    /// Of all records; `None` where there are none.
    pub share: Option<f64>,
    /// Some of them, by their ids: the first few, which is as good as drawn, for ids are hashes.
    pub samples: Vec<String>,
}

/// Against the decisions that are stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    /// They would go where they went.
    pub same: u64,
    /// Without a stored decision.
    pub first: u64,
    /// The most frequent first.
    pub moved: Vec<Move>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    pub from: Place,
    pub to: Place,
    pub records: u64,
    pub samples: Vec<String>,
}

/// Where a record goes. By which rule is no matter: a rule that is renamed moves nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub owner: String,
    pub priority: Priority,
    pub queue: String,
}

/// Counts what the rules decide; the order of the history makes no difference.
pub fn trial<'a>(rules: &RuleSet, history: impl IntoIterator<Item = Past<'a>>) -> Trial {
    let mut trying = Trying::new(rules);
    trying.add(history);
    trying.done()
}

/// A trial of a history that comes in parts, so that no more than one of them has to be held.
pub struct Trying<'r> {
    rules: &'r RuleSet,
    counting: Counting,
    scratch: Scratch,
}

impl<'r> Trying<'r> {
    #[must_use]
    pub fn new(rules: &'r RuleSet) -> Self {
        Self { rules, counting: Counting::default(), scratch: Scratch::default() }
    }

    /// Each record comes once in all.
    pub fn add<'a>(&mut self, history: impl IntoIterator<Item = Past<'a>>) {
        for past in history {
            let decision = self.rules.decide(&past.subject, &mut self.scratch);
            self.counting.count(&past, &decision);
        }
    }

    #[must_use]
    pub fn done(self) -> Trial {
        self.counting.done(self.rules)
    }
}

#[derive(Debug, Default)]
struct Count {
    records: u64,
    samples: Vec<String>,
}

impl Count {
    fn add(&mut self, record: &str) {
        self.records += 1;
        let at = self.samples.partition_point(|kept| kept.as_str() < record);
        if at < SAMPLES {
            self.samples.insert(at, record.to_owned());
            self.samples.truncate(SAMPLES);
        }
    }
}

#[derive(Debug, Default)]
struct Counting {
    records: u64,
    needs_person: Count,
    rules: BTreeMap<String, Count>,
    owners: BTreeMap<String, Count>,
    queues: BTreeMap<String, Count>,
    priorities: BTreeMap<Priority, Count>,
    same: u64,
    first: u64,
    moved: BTreeMap<(Place, Place), Count>,
}

impl Counting {
    fn count(&mut self, past: &Past<'_>, decision: &Decision<'_>) {
        let record = past.record;
        self.records += 1;
        for (counts, name) in [
            (&mut self.rules, decision.rule),
            (&mut self.owners, decision.owner),
            (&mut self.queues, decision.queue),
        ] {
            counts.entry(name.to_owned()).or_default().add(record);
        }
        self.priorities.entry(decision.priority).or_default().add(record);
        if decision.needs_person() {
            self.needs_person.add(record);
        }
        let now = Stored { owner: decision.owner, priority: decision.priority, queue: decision.queue };
        match past.stored {
            None => self.first += 1,
            Some(stored) if stored == now => self.same += 1,
            Some(stored) => self.moved.entry((place(stored), place(now))).or_default().add(record),
        }
    }

    fn done(mut self, rules: &RuleSet) -> Trial {
        let all = self.records;
        let in_order = rules.names().map(|name| {
            let count = self.rules.remove(name).unwrap_or_default();
            tally(name.to_owned(), count, all)
        });
        let rules_told = in_order.collect();
        let mut moved: Vec<Move> = self
            .moved
            .into_iter()
            .map(|((from, to), Count { records, samples })| Move { from, to, records, samples })
            .collect();
        // Stable: those of one frequency stay in the order of the map.
        moved.sort_by_key(|moved| std::cmp::Reverse(moved.records));
        Trial {
            version: rules.version().to_owned(),
            records: all,
            needs_person: tally("needs a person".to_owned(), self.needs_person, all),
            rules: rules_told,
            owners: by_frequency(self.owners, all),
            queues: by_frequency(self.queues, all),
            priorities: self
                .priorities
                .into_iter()
                .map(|(of, count)| tally(of.to_string(), count, all))
                .collect(),
            changes: Changes { same: self.same, first: self.first, moved },
        }
    }
}

fn place(stored: Stored<'_>) -> Place {
    let Stored { owner, priority, queue } = stored;
    Place { owner: owner.to_owned(), priority, queue: queue.to_owned() }
}

fn tally(name: String, Count { records, samples }: Count, all: u64) -> Tally {
    let share = (all > 0).then(|| records as f64 / all as f64);
    Tally { name, records, share, samples }
}

fn by_frequency(counts: BTreeMap<String, Count>, all: u64) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = counts.into_iter().map(|(name, count)| tally(name, count, all)).collect();
    tallies.sort_by_key(|tally| std::cmp::Reverse(tally.records));
    tallies
}

#[cfg(test)]
mod tests {
    use super::super::{
        file::When,
        testing::{Invented, invented, rules, some, when},
    };
    use super::*;
    use proptest::prelude::*;

    fn past<'a>(record: &'a str, source: &'a str, stored: Option<Stored<'a>>) -> Past<'a> {
        Past { record, subject: Subject::new(source, "inbox"), stored }
    }

    #[test]
    fn counts_samples_and_moves() {
        let tickets = When { source: some(&["ticket"]), ..When::default() };
        let never = When { source: some(&["chat"]), ..When::default() };
        let rules = rules(vec![("tickets", tickets), ("chats", never)]);
        let one = Some(Stored { owner: "one", priority: Priority::P2, queue: "one" });
        let other = Some(Stored { owner: "two", priority: Priority::P3, queue: "two" });
        let told = trial(
            &rules,
            [
                past("d", "ticket", one),
                past("c", "ticket", other),
                past("b", "nps", other),
                past("a", "nps", None),
            ],
        );
        let counts: Vec<_> = told.rules.iter().map(|tally| (tally.name.as_str(), tally.records)).collect();
        assert_eq!(counts, [("tickets", 2), ("chats", 0), ("fallback", 2)]);
        assert_eq!(
            (told.rules[0].samples.clone(), told.rules[0].share),
            (vec!["c".into(), "d".into()], Some(0.5))
        );
        assert_eq!((told.records, told.needs_person.records), (4, 0));
        assert_eq!((told.changes.same, told.changes.first, told.changes.moved.len()), (1, 1, 2));
        let moved = &told.changes.moved[0];
        assert_eq!((moved.from.owner.as_str(), moved.to.owner.as_str(), moved.records), ("two", "one", 1));
        let priorities: Vec<_> = told.priorities.iter().map(|tally| tally.name.as_str()).collect();
        assert_eq!(priorities, ["P2", "P4"]);

        let mut in_parts = Trying::new(&rules);
        in_parts.add([past("a", "nps", None), past("c", "ticket", other)]);
        in_parts.add([past("b", "nps", other)]);
        in_parts.add([past("d", "ticket", one)]);
        assert_eq!(in_parts.done(), told);
    }

    #[test]
    fn of_no_history_nothing_is_said() {
        let told = trial(&rules(vec![]), []);
        assert_eq!((told.records, told.needs_person.share, told.rules.len()), (0, None, 1));
        assert!(told.changes.moved.is_empty());
    }

    #[test]
    fn the_smallest_ids_are_kept() {
        let mut count = Count::default();
        ["7", "3", "9", "1", "5", "2", "8"].into_iter().for_each(|record| count.add(record));
        assert_eq!((count.records, count.samples.join("")), (7, "12357".to_owned()));
    }

    proptest! {
        #[test]
        fn the_order_of_the_history_makes_no_difference(
            conditions in prop::collection::vec(when(), 0..4),
            records in prop::collection::vec((invented(), any::<bool>()), 0..30),
            cut in 0usize..30,
        ) {
            let rules = rules(["a", "b", "c", "d"].into_iter().zip(conditions).collect());
            let ids: Vec<String> = (0..records.len()).map(|n| format!("{n:02}")).collect();
            let stored = Stored { owner: "one", priority: Priority::P2, queue: "one" };
            let past = |(id, (record, known)): (&'_ String, &'_ (Invented, bool))| (id.clone(), record.clone(), *known);
            let all: Vec<(String, Invented, bool)> = ids.iter().zip(&records).map(past).collect();
            let of = |all: &[(String, Invented, bool)]| {
                trial(&rules, all.iter().map(|(id, record, known)| Past {
                    record: id,
                    subject: record.subject(),
                    stored: known.then_some(stored),
                }))
            };
            let told = of(&all);
            let mut turned = all.clone();
            turned.rotate_left(cut.min(all.len()));
            prop_assert_eq!(&told, &of(&turned));
            let changes = &told.changes;
            let moved: u64 = changes.moved.iter().map(|moved| moved.records).sum();
            prop_assert_eq!(changes.same + changes.first + moved, told.records);
            prop_assert_eq!(told.rules.iter().map(|tally| tally.records).sum::<u64>(), told.records);
        }
    }
}
