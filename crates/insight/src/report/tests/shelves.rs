//! A report of the facts in memory is the one of the tables.

use super::*;
use crate::shelf::{Part, Shelf, parts};
use feedback::insight::NO_TOPIC;
use std::{collections::BTreeMap, sync::Arc};

/// People go by two names, some records come from another form, and a few mention two topics.
fn facts() -> Vec<Fact> {
    let of_two_forms = |fact: &Fact| fact.id.is_multiple_of(3).then_some("web-nps");
    let change = |fact: Fact| {
        let mut topics = fact.topics.clone();
        if fact.id.is_multiple_of(5) && topics.first().is_none_or(|first| first.0 != "support") {
            topics.push(("support", "neutral", (0, 11)));
        }
        Fact {
            origin: of_two_forms(&fact),
            author_alias: (fact.id.is_multiple_of(4)).then(|| format!("b_{}", fact.id % 900)),
            product: [None, Some("app"), Some("web")][fact.id as usize % 3],
            part: ["", "product", "support"][fact.id as usize % 3],
            question: [None, Some("How was it?")][fact.id as usize % 2],
            title: fact.id.is_multiple_of(7).then_some("Hello"),
            body: if fact.id.is_multiple_of(11) { String::new() } else { fact.body.clone() },
            topics,
            ..fact
        }
    };
    history(7, all()).into_iter().map(change).collect()
}

fn shelf(facts: &[Fact]) -> Shelf {
    let mut days: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
    // As they come: a day lies in several parts.
    for some in facts.chunks(37) {
        for part in parts(testing::facts(some)).unwrap() {
            days.entry(part.day()).or_default().push(Arc::new(part));
        }
    }
    Shelf::default().with(Some(1), days)
}

#[test]
fn a_report_of_the_shelf_is_the_one_of_the_tables() {
    let facts = facts();
    let (inputs, shelf, (scope, now)) = (inputs(&facts), shelf(&facts), last_four());
    let topic = |topic: &str| Scope { topic: Some(topic.to_owned()), ..scope.clone() };
    let sent_by = Scope { event_source: vec!["web-nps".to_owned()], ..scope.clone() };
    let scopes = [
        scope.clone(),
        Scope::of_days(START, START.plus(83)),
        Scope { product: Some("app".to_owned()), ..scope.clone() },
        Scope { source: Some("nps".to_owned()), ..scope.clone() },
        topic("login_access"),
        topic(NO_TOPIC),
        topic("nobody speaks of it"),
        sent_by.clone(),
        Scope { topic: Some("performance".to_owned()), ..sent_by },
        Scope { event_source: vec!["elsewhere".to_owned()], ..scope.clone() },
    ];
    for scope in scopes {
        let of_tables = report(&inputs, &scope, now, &names()).unwrap();
        let of_shelf = report_of(&shelf, &inputs.insights, &scope, now, &names()).unwrap();
        let [one, other] =
            [&of_tables, &of_shelf].map(|report| serde_json::to_string_pretty(report).unwrap());
        assert!(
            of_tables.movers.iter().any(|mover| !mover.quotes.is_empty())
                || scope.topic.is_some()
                || !scope.event_source.is_empty()
        );
        for (one, other) in one.lines().zip(other.lines()) {
            assert_eq!(one, other, "{scope:?}");
        }
        assert_eq!(one, other, "{scope:?}");
    }
}
