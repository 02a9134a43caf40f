//! How shares moved, beside a count over the facts themselves.

use super::*;
use crate::{report::Period, trends::Verdict};

const DAYS: Period = Period { from: Day(START.0 + 28), to: Day(START.0 + 55) };

/// Eight weeks of 40 records a day from two sources, of which so many in a hundred are on the topic on a day.
fn stream(speaks: impl Fn(i32) -> usize) -> Vec<Fact> {
    let mut dice = Dice::new(5);
    let fact = |id: u64| {
        let day = (id / 40) as i32;
        let mut fact = Fact::new(id, START.plus(day), dice.one_of(&["ticket", "nps"]));
        if dice.below(100) < speaks(day) {
            fact.topics.push(("billing", "negative", (0, 1)));
        }
        if dice.below(100) < 10 {
            fact.topics.push(("search", "neutral", (0, 1)));
        }
        fact
    };
    (0..56 * 40).map(fact).collect()
}

#[test]
fn what_is_said_more_is_told_and_nothing_else() {
    let facts = stream(|day| if day < 28 { 10 } else { 20 });
    let shelf = shelf(&testing::facts, &facts, 300);
    let moved = shelf.shares_moved(&Filter::default(), DAYS).unwrap();
    assert_eq!(moved.keys().collect::<Vec<_>>(), ["billing", "search"]);
    assert_eq!(moved["billing"].verdict, Some(Verdict::Real));
    assert!(moved["billing"].interval.low > 0.03, "{moved:?}");
    assert_ne!(moved["search"].verdict, Some(Verdict::Real));
    // Of days that nothing lies before there is nothing to compare.
    let first = Period { from: START, to: START.plus(27) };
    assert!(shelf.shares_moved(&Filter::default(), first).unwrap().is_empty());
    assert!(Shelf::default().shares_moved(&Filter::default(), DAYS).unwrap().is_empty());
}

#[test]
fn mentions_and_records_are_those_of_the_facts() {
    let facts = stream(|day| if day % 3 == 0 { 4 } else { 9 });
    let shelf = shelf(&testing::facts, &facts, 700);
    let filter = Filter { source: Some("nps".to_owned()), ..Filter::default() };
    let told = shelf.shares_moved(&filter, DAYS).unwrap();
    let count = |days: Period, fits: &dyn Fn(&Fact) -> bool| {
        let of_nps = facts.iter().filter(|fact| fact.source == "nps" && days.contains(fact.day));
        of_nps.filter(|fact| fits(fact)).count() as u64
    };
    for (topic, moved) in &told {
        let speaks = |fact: &Fact| fact.topics.iter().any(|mention| mention.0 == topic);
        assert_eq!(moved.mentions, [DAYS.before(), DAYS].map(|days| count(days, &speaks)), "{topic}");
        assert_eq!(moved.records, [DAYS.before(), DAYS].map(|days| count(days, &|_| true)), "{topic}");
    }
    assert_eq!(told.len(), 2);
}
