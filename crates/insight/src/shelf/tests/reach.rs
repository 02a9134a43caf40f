//! How far topics reach, beside a count over the facts themselves.

use super::*;
use crate::{
    cases::{self, Touch},
    report::People,
    shelf::Reach,
};
use polars::prelude::Column;

/// The facts with what their people pay; whole numbers, so that a sum has no rounding.
fn paying(facts: &[Fact], revenues: &[Option<f64>]) -> LazyFrame {
    let revenue = Column::new("revenue".into(), revenues.to_vec());
    testing::facts(facts).collect().unwrap().hstack(&[revenue]).unwrap().lazy()
}

/// As the reports of a case are counted.
fn counted(facts: &[Fact], revenues: &[Option<f64>], is_on: impl Fn(&Fact) -> bool) -> cases::Reach {
    let people = People::read(&testing::facts(facts)).unwrap();
    let ids: Vec<[String; 3]> = facts
        .iter()
        .map(|fact| {
            let source = fact.origin.map_or_else(|| format!("{}-inbox", fact.source), str::to_owned);
            [fact.record_id(), source, format!("n-{}", fact.id)]
        })
        .collect();
    let on = facts.iter().zip(revenues).zip(&ids).filter(|((fact, _), _)| is_on(fact));
    let touches: Vec<Touch<'_>> = on
        .map(|((fact, revenue), [record, source, native_id])| Touch {
            record,
            source: fact.source,
            event_source: source,
            native_id,
            author: fact.author.as_deref(),
            author_alias: fact.author_alias.as_deref(),
            account: fact.account,
            revenue: *revenue,
            occurred_at: Timestamp(fact.day.start().0 + 1_000_000 * (fact.id % 86_000) as i64),
        })
        .collect();
    cases::reach(&touches, |name| people.of(name))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_topic_reaches_whom_the_reports_of_a_case_would(seed in any::<u64>(), pieces in 1_usize..4) {
        let facts = all(seed, 90);
        let mut dice = Dice::new(seed ^ 5);
        let revenues: Vec<Option<f64>> =
            facts.iter().map(|_| dice.one_of(&[None, Some(100.0), Some(250.0), Some(f64::NAN)])).collect();
        let mut days: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
        let size = 90 / pieces;
        for (facts, revenues) in facts.chunks(size).zip(revenues.chunks(size)) {
            for part in parts(paying(facts, revenues)).unwrap() {
                days.entry(part.day()).or_default().push(Arc::new(part));
            }
        }
        let shelf = Shelf::default().with(Some(1), days);
        let filter = Filter { source: some(&mut dice, &["nps", "ticket"]), ..Filter::default() };
        let reached = shelf.reach(&filter.clone().into()).unwrap();
        let fits = |fact: &Fact| filter.source.as_deref().is_none_or(|source| source == fact.source);
        for topic in TOPICS {
            let told = reached.get(topic).copied().unwrap_or_default();
            let expected = counted(&facts, &revenues, |fact| fits(fact) && fact.topics.iter().any(|t| t.0 == topic));
            prop_assert_eq!(
                (told.records, told.people, told.anonymous, told.accounts, told.revenue),
                (expected.reports, expected.people, expected.anonymous, expected.accounts, expected.revenue),
                "{}", topic
            );
            prop_assert!(told.payers <= told.records && (told.payers > 0 || told.revenue == 0.0));
        }
        let none = reached.get("none").map_or(0, |reach| reach.records);
        prop_assert_eq!(none as usize, facts.iter().filter(|fact| fits(fact) && fact.topics.is_empty()).count());
    }
}

#[test]
fn an_account_pays_once_and_by_what_it_said_last() {
    let on = |id: u64, author: Option<&str>, account: Option<&'static str>| Fact {
        author: author.map(str::to_owned),
        account,
        topics: vec![("billing", "negative", (0, 1))],
        ..Fact::new(id, START, "ticket")
    };
    let facts = [
        on(1, Some("a_1"), Some("ACME")),
        on(2, Some("a_2"), Some("ACME")),
        // Of the same person, who named the account before.
        on(3, Some("a_1"), None),
        on(4, None, None),
    ];
    let revenues = [Some(1_000.0), Some(1_200.0), Some(1_500.0), None];
    let part = parts(paying(&facts, &revenues)).unwrap().into_iter().map(Arc::new).collect();
    let reached = Shelf::default().with(Some(1), [(START, part)]).reach(&Query::default()).unwrap();
    let expected = Reach { records: 4, people: 2, anonymous: 1, accounts: 1, payers: 1, revenue: 1_500.0 };
    assert_eq!(reached["billing"], expected);
}
