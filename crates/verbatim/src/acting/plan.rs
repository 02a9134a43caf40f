//! Which messages a pass makes of the records it found: of each record one while they are few, else one of all of a rule.

use super::note::{id_of_record, id_of_rule};
use deliver::Key;
use feedback::time::Timestamp;
use insight::triage::Decided;
use std::collections::{BTreeMap, BTreeSet};

/// Records of one rule that a target hears of one by one.
pub const FEW: usize = 5;

/// What a pass has to tell.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// Records, each with the targets that hear of it by itself, in the order in which they occurred.
    pub single: Vec<(&'a Decided, BTreeSet<&'a str>)>,
    pub many: Vec<Many<'a>>,
}

/// Records of one rule that one target hears of together.
#[derive(Debug)]
pub struct Many<'a> {
    pub rule: &'a str,
    pub target: &'a str,
    /// In the order in which they occurred; at least one.
    pub records: Vec<&'a Decided>,
    /// The version of the facts up to which they were looked at.
    pub to: i64,
}

impl Plan<'_> {
    /// How many records it tells of.
    pub fn records(&self) -> usize {
        let single = self.single.iter().map(|(one, _)| one.kept.record.as_str());
        let many = self.many.iter().flat_map(|many| &many.records).map(|one| one.kept.record.as_str());
        single.chain(many).collect::<BTreeSet<&str>>().len()
    }
}

/// The deliveries by which it may be told of these records, or was, in a pass up to version `to`.
pub fn keys(all: &[Decided], to: i64) -> BTreeSet<Key> {
    let of = |one: &Decided| {
        let notes = [id_of_record(one), id_of_rule(&one.kept.rule, to)];
        let of_target = |target: &String| notes.each_ref().map(|note| Key::of(note, target));
        one.kept.actions.iter().flat_map(of_target).collect::<Vec<Key>>()
    };
    all.iter().flat_map(of).collect()
}

/// Of the records of a pass up to version `to`, by those of their [`keys`] that were ever queued. A record that a target has heard of by itself, by
/// the same rule, is not told again, whatever was changed in it since. Of one that was told among many nothing is noted: it
/// is told again when a new version of it comes.
pub fn plan<'a>(all: &'a [Decided], to: i64, known: &BTreeSet<Key>) -> Plan<'a> {
    let mut by_rule: BTreeMap<(&str, &str), Vec<&Decided>> = BTreeMap::new();
    for one in all {
        for target in one.kept.actions.iter().map(String::as_str).collect::<BTreeSet<&str>>() {
            by_rule.entry((one.kept.rule.as_str(), target)).or_default().push(one);
        }
    }
    let mut single: BTreeMap<(Timestamp, &str), (&Decided, BTreeSet<&str>)> = BTreeMap::new();
    let mut plan = Plan::default();
    for ((rule, target), mut records) in by_rule {
        if known.contains(&Key::of(&id_of_rule(rule, to), target)) {
            continue;
        }
        records.retain(|one| !known.contains(&Key::of(&id_of_record(one), target)));
        if records.len() > FEW {
            plan.many.push(Many { rule, target, records, to });
            continue;
        }
        for one in records {
            let place = (one.kept.occurred_at, one.kept.record.as_str());
            single.entry(place).or_insert_with(|| (one, BTreeSet::new())).1.insert(target);
        }
    }
    plan.single = single.into_values().collect();
    plan
}

#[cfg(test)]
mod tests {
    use super::super::tests::invented;
    use super::*;

    fn told<'p>(plan: &'p Plan<'_>) -> Vec<(&'p str, Vec<&'p str>)> {
        let single = plan.single.iter();
        single.map(|(one, to)| (one.kept.record.as_str(), to.iter().copied().collect())).collect()
    }

    #[test]
    fn a_few_are_told_one_by_one_and_many_together() {
        let mut all: Vec<Decided> = (0..7).map(|number| invented(number, "outage", &["chat"])).collect();
        all[3].kept.actions.push("crm".to_owned());
        all.push(invented(7, "money", &["chat", "chat"]));
        let plan = plan(&all, 9, &BTreeSet::new());
        assert_eq!(told(&plan), [("r3", vec!["crm"]), ("r7", vec!["chat"])]);
        let many: Vec<_> =
            plan.many.iter().map(|many| (many.rule, many.target, many.records.len())).collect();
        assert_eq!(many, [("outage", "chat", 7)]);
        assert_eq!(plan.records(), 8);
    }

    #[test]
    fn what_was_told_is_left_out_before_they_are_counted() {
        let all: Vec<Decided> = (0..6).map(|number| invented(number, "outage", &["chat"])).collect();
        let one = BTreeSet::from([Key::of(&id_of_record(&all[2]), "chat")]);
        let few = plan(&all, 9, &one);
        assert_eq!((few.single.len(), few.many.len()), (5, 0));
        // As after a pass that was cut off behind it.
        let together = BTreeSet::from([Key::of(&id_of_rule("outage", 9), "chat")]);
        assert_eq!(plan(&all, 9, &together).records(), 0);
        assert_eq!(plan(&all, 10, &together).records(), 6, "another pass");
    }

    #[test]
    fn another_rule_is_other_news_of_a_record() {
        let before = invented(1, "login and accounts", &["chat"]);
        let known = BTreeSet::from([Key::of(&id_of_record(&before), "chat")]);
        let now = [invented(1, "locked out", &["chat"])];
        assert_eq!(plan(&now, 9, &known).records(), 1);
        assert_eq!(plan(&[before], 9, &known).records(), 0);
    }
}
