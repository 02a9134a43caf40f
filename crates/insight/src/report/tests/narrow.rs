//! Filters on what is in no report: words, hours, whose a record is, who acts on it, and its case.

use super::*;
use crate::{
    InsightError,
    report::filter::{Moment, OfCases},
    testing::Decided,
    triage::{Load, Priority, load},
};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet};

fn ids(facts: &[Fact], filter: &Filter) -> Vec<u64> {
    let lines = records(testing::facts(facts), filter).unwrap();
    let id = |line: RecordLine| u64::from_str_radix(&line.record_id, 16).unwrap();
    // The newest first, which is turned to the order of the ids.
    lines.into_iter().rev().map(id).collect()
}

#[test]
fn words_are_found_as_triage_and_alerts_find_them() {
    let said = |id, title, body: &str| Fact { title, body: body.to_owned(), ..Fact::new(id, START, "nps") };
    let facts = [
        said(0, None, "We SWITCH  to another tool"),
        said(1, Some("Acme"), "is cheaper"),
        said(2, None, "acmes and switches"),
        said(3, Some("switch"), "to what?"),
        said(4, None, "switch to Acme"),
    ];
    let of = |phrases: &[&str]| {
        let phrase = phrases.iter().map(|phrase| (*phrase).to_owned()).collect();
        ids(&facts, &Filter { phrase, ..Filter::default() })
    };
    assert_eq!(of(&["switch to"]), [0, 4]);
    assert_eq!(of(&["acme", "switch to"]), [0, 1, 4], "one of them is enough, and each record comes once");
    assert_eq!(of(&["?!"]), [0; 0], "nothing fits what has no word");
    assert_eq!(of(&[]).len(), 5);
}

/// Of a person who answered several times the last answer is chosen among those that fit.
#[test]
fn words_are_asked_before_a_persons_last_answer_is_chosen() {
    let said = |id, body: &str| Fact {
        author: Some("a_1".to_owned()),
        body: body.to_owned(),
        ..Fact::new(id, START, "nps")
    };
    let facts = [said(0, "refund"), said(1, "thanks")];
    let last = Filter { answers: Some(filter::Answers::Last), ..Filter::default() };
    assert_eq!(ids(&facts, &last), [1]);
    assert_eq!(ids(&facts, &last.phrase("refund")), [0]);
}

#[test]
fn hours_are_cut_to_the_moment() {
    // A second each, from midnight on.
    let facts: Vec<Fact> = (0..10).map(|id| Fact::new(id, START, "nps")).collect();
    let at = |seconds: i64| Some(Moment(Timestamp(START.start().0 + 1_000_000 * seconds)));
    let of = |since, before| ids(&facts, &Filter { since, before, ..Filter::default() });
    assert_eq!(of(at(3), at(6)), [3, 4, 5], "the first is in, the last is not");
    assert_eq!(of(at(8), None), [8, 9]);
    assert_eq!(of(None, at(2)), [0, 1]);
    assert_eq!(of(at(-86_400), at(86_400)).len(), 10);
    assert_eq!(of(at(6), at(3)), [0; 0]);
    let other_day = Filter { from: Some(START.plus(1)), since: at(3), ..Filter::default() };
    assert_eq!(ids(&facts, &other_day), [0; 0]);
    assert_eq!(extent(testing::facts(&facts), &other_day).unwrap().unwrap().from, START, "of any time");
}

#[test]
fn a_record_with_several_topics_comes_once() {
    let about = |id, topics: &[&'static str]| Fact {
        topics: topics.iter().map(|topic| (*topic, "neutral", (0, 1))).collect(),
        ..Fact::new(id, START, "nps")
    };
    let facts =
        [about(0, &["billing", "search"]), about(1, &["support"]), about(2, &["search"]), about(3, &[])];
    let any_topic = vec!["billing".to_owned(), "search".to_owned()];
    assert_eq!(ids(&facts, &Filter { any_topic, ..Filter::default() }), [0, 2]);
}

/// Records of two customers, decided or not.
fn decided() -> Vec<Fact> {
    let fact = |id: u64| {
        let decided = Decided {
            owner: ["identity", "finance"][(id / 2 % 2) as usize],
            priority: ["P1", "P3", "P4"][(id % 3) as usize],
            queue: if id.is_multiple_of(5) { "review" } else { "desk" },
            unsure: id.is_multiple_of(5).then_some("topics"),
        };
        Fact {
            account: Some(["ACME", "Globex"][(id % 2) as usize]),
            segment: (id % 4 < 3).then_some("pro"),
            decided: (id < 50).then_some(decided),
            ..Fact::new(id, START.plus((id % 3) as i32), "ticket")
        }
    };
    (0..60).map(fact).collect()
}

#[test]
fn whose_a_record_is_is_a_filter() {
    let facts = decided();
    let text = |text: &str| Some(text.to_owned());
    let acme = Filter { account: text("ACME"), ..Filter::default() };
    assert_eq!(ids(&facts, &acme).len(), 30);
    let pro = Filter { segment: text("pro"), ..acme.clone() };
    assert_eq!(ids(&facts, &pro).len(), 30, "of ACME's all");
    assert_eq!(
        ids(&facts, &Filter { segment: text(""), ..Filter::default() }).len(),
        15,
        "of nobody knows which"
    );
    assert_eq!(
        ids(&facts, &Filter { account: text("acme"), ..Filter::default() }),
        [0; 0],
        "as the record names it"
    );
    let known = known(testing::facts(&facts)).unwrap();
    assert_eq!(known.segments, ["pro"]);
    assert_eq!(
        (known.owners, known.queues),
        (vec!["finance".to_owned(), "identity".to_owned()], vec!["desk".to_owned(), "review".to_owned()])
    );
    assert_eq!(accounts(testing::facts(&facts)).unwrap(), ["ACME", "Globex"]);
}

/// Every number of the load opens as many records: by owner and queue, by priority, what waits for a person, and all.
#[test]
fn every_count_of_the_load_opens_its_records() {
    let facts = decided();
    // Every seventh belongs to a case that is done with.
    let done: HashSet<String> =
        facts.iter().filter(|fact| fact.id.is_multiple_of(7)).map(Fact::record_id).collect();
    let Load { records: all, resolved, undecided, rows, waiting } =
        load(testing::facts(&facts), &done).unwrap();
    assert!(resolved > 0 && undecided == 10 && rows.len() == 4 && !waiting.is_empty());
    let of_cases = Some(OfCases { members: HashSet::new(), resolved: done });
    let whole = Filter {
        from: Some(START),
        to: Some(START.plus(2)),
        unresolved: true,
        of_cases,
        ..Filter::default()
    };
    let listed = |filter: Filter| ids(&facts, &filter).len() as u64;
    let mut sum = 0;
    for row in &rows {
        let own = Filter { owner: Some(row.owner.clone()), queue: Some(row.queue.clone()), ..whole.clone() };
        assert_eq!(listed(own.clone()), row.records, "{row:?}");
        for (priority, count) in Priority::ALL.into_iter().zip(row.priorities) {
            assert_eq!(
                listed(Filter { priority: Some(priority), ..own.clone() }),
                count,
                "{row:?} {priority}"
            );
        }
        assert_eq!(listed(Filter { unsure: true, ..own }), row.for_a_person, "{row:?}");
        sum += row.records;
    }
    assert_eq!(sum, all);
    assert_eq!(listed(Filter { unsure: true, ..whole }), waiting.len() as u64);
}

#[test]
fn a_case_is_refused_where_its_log_was_not_asked() {
    let facts = testing::facts(&decided());
    for filter in [Filter::default().case("aa01"), Filter { unresolved: true, ..Filter::default() }] {
        assert!(filter.asks_for_cases());
        assert!(matches!(records(facts.clone(), &filter), Err(InsightError::CasesNotAsked)));
        assert!(extent(facts.clone(), &filter).is_err(), "rather than the days of everything");
        let asked = Filter { of_cases: Some(OfCases::default()), ..filter.clone() };
        let expected = if filter.case.is_some() { 0 } else { 60 };
        assert_eq!(
            records(facts.clone(), &asked).unwrap().len(),
            expected,
            "a case without reports lists none"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_case_lists_its_reports_that_are_left(
        members in prop::collection::hash_set(0_u64..80, 0..30),
        resolved in prop::collection::hash_set(0_u64..80, 0..30),
        unresolved in any::<bool>(),
    ) {
        let facts = decided();
        let names = |of: &HashSet<u64>| of.iter().map(|id| format!("{id:032x}")).collect::<HashSet<String>>();
        let of_cases = OfCases { members: names(&members), resolved: names(&resolved) };
        let filter = Filter { unresolved, of_cases: Some(of_cases), ..Filter::default() }.case("aa01");
        let expected: BTreeSet<u64> =
            members.iter().copied().filter(|id| *id < 60 && !(unresolved && resolved.contains(id))).collect();
        let listed: BTreeSet<u64> = ids(&facts, &filter).into_iter().collect();
        prop_assert_eq!(listed, expected);
    }
}
