//! Without records of the whole period, or of anything, nothing is decided.

use super::*;

#[test]
fn nothing_is_decided_by_days_before_the_first_record() {
    let share = "metric = \"negative_share\"\nunder = \"20%\"\nperiod = \"4 weeks\"";
    let records = |goal: &str| target(&format!("metric = \"records\"\n{goal}\nperiod = \"4 weeks\""));
    // Three days of a feed.
    let facts: Vec<Fact> = (0..90).map(|at| Fact::new(at, LAST.plus(-(at as i32 % 3)), "ticket")).collect();
    let young = one(&target(share), &facts, &[]);
    assert_eq!((young.standing, young.n, young.value), (Standing::Open, 90, Some(0.0)));
    assert_eq!(
        young.note.as_deref(),
        Some("its period begins on 2026-02-09, and there is nothing before 2026-03-06")
    );
    assert_eq!(one(&records("at_least = 100"), &facts, &[]).standing, Standing::Open);
    assert_eq!(one(&records("at_least = 90"), &facts, &[]).standing, Standing::Met, "there may be more");
    assert_eq!(one(&records("at_most = 80"), &facts, &[]).standing, Standing::Missed);
    assert_eq!(one(&records("at_most = 100"), &facts, &[]).standing, Standing::Open);
    // Another source has been there for long; this one has not.
    let all = [facts.clone(), vec![Fact::new(999, LAST.plus(-60), "nps")]].concat();
    assert_eq!(one(&target(share), &all, &[]).standing, Standing::Met);
    assert_eq!(
        one(&target(&format!("{share}\nscope = {{ source = \"ticket\" }}")), &all, &[]).standing,
        Standing::Open
    );

    let later: Vec<Fact> = facts.iter().map(|fact| Fact { day: fact.day.plus(10), ..fact.clone() }).collect();
    let before = one(&records("at_least = 1"), &later, &[]);
    assert_eq!((before.standing, before.value), (Standing::NoData, None));
    assert!(before.note.unwrap().ends_with("before the first record, of 2026-03-16"));
    assert_eq!(one(&records("at_most = 1"), &[], &[]).standing, Standing::NoData);
}

#[test]
fn an_owner_without_topics_has_no_figures() {
    let facts: Vec<Fact> =
        [old()].into_iter().chain((0..90).map(|at| Fact::new(at, LAST, "ticket"))).collect();
    for metric in ["records\"\nat_most = 5", "negative_share\"\nunder = \"20%\"", "nps\"\nat_least = -100"] {
        let text = target(&format!("metric = \"{metric}\nscope = {{ owner = \"idle\" }}"));
        let outcome = one(&text, &facts, &[]);
        assert_eq!((outcome.standing, outcome.value, outcome.n), (Standing::NoData, None, 0), "{metric}");
        assert!(outcome.note.unwrap().starts_with("the owner has no topics") && outcome.filter.is_none());
    }
}
