//! How many records there are beside the period before.

use super::*;

/// The same, with all of the last four weeks once more.
fn doubled(facts: &[Fact]) -> Vec<Fact> {
    let last = facts.iter().filter(|fact| fact.day >= START.plus(56));
    let again = last.enumerate().map(|(at, fact)| Fact { id: 1_000_000 + at as u64, ..fact.clone() });
    facts.iter().cloned().chain(again).collect()
}

#[test]
fn as_many_as_before_are_noise_and_twice_as_many_are_real() {
    let facts = history(21, Plants::default());
    let even = last_four_of(&facts);
    let change = even.volume_change.unwrap();
    assert!(change.interval.contains(1.0) && change.verdict == Some(Verdict::Noise), "{change:?}");
    let twice = last_four_of(&doubled(&facts));
    let change = twice.volume_change.unwrap();
    assert!(change.interval.low > 1.5 && change.verdict == Some(Verdict::Real), "{change:?}");
    // Among all that is looked at and itself, and none of it.
    assert!((change.q.unwrap() - change.p * (twice.tests.count + 1) as f64).abs() < 1e-12);
}

#[test]
fn what_cannot_be_compared_is_not_judged() {
    let facts = history(21, Plants::default());
    let of = |from: i32, to: i32| {
        let scope = Scope::of_days(START.plus(from), START.plus(to));
        report(&inputs(&facts), &scope, START.plus(200).start(), &names()).unwrap().volume_change
    };
    assert!(of(49, 55).is_some(), "eight weeks are known");
    assert_eq!(of(42, 48), None, "seven");
    assert_eq!(of(74, 83), None, "other days of the week");
    assert_eq!(of(77, 90), None, "the records end before");
    assert_eq!(of(0, 55), None, "nothing before");
}
