//! What a digest counts is what its commands list.

use super::*;
use crate::report::{filter::OfCases, records};
use std::{collections::HashSet, ops::Range};

fn of(facts: &[Fact], days: Range<i32>) -> impl Iterator<Item = &Fact> {
    facts
        .iter()
        .filter(move |fact| fact.topics[0].0 == "login_access" && days.contains(&(fact.day.0 - MONDAY.0)))
}

fn case_of(id: &str, reports: &[&Fact]) -> CaseTold {
    let report = |fact: &&Fact| CaseReport {
        record: fact.record_id(),
        person: fact.author.clone(),
        occurred_at: fact.day.start(),
    };
    CaseTold { reports: reports.iter().map(report).collect(), ..case(id, "login_access", "identity", 0) }
}

fn listed(facts: &[Fact], filter: &Filter) -> u64 {
    records(testing::facts(facts), filter).unwrap().len() as u64
}

#[test]
fn a_case_opens_its_reports_of_the_week() {
    let facts = history(true);
    let new: Vec<&Fact> = of(&facts, 1..4).step_by(3).collect();
    let grown: Vec<&Fact> = of(&facts, -20..-18).take(1).chain(of(&facts, 0..5).step_by(3)).collect();
    let cases = vec![case_of("new", &new), case_of("grown", &grown)];
    let digest = World { cases: cases.clone(), ..World::full() }.told(&facts);
    assert_eq!(digest.cases.len(), 2, "{:?}", digest.cases);
    for case in &digest.cases {
        let own = cases.iter().find(|own| own.id == case.id).unwrap();
        let members = own.reports.iter().map(|report| report.record.clone()).collect();
        let of_cases = Some(OfCases { members, resolved: HashSet::new() });
        let filter = Filter { of_cases, ..case.filter.clone() };
        assert_eq!(listed(&facts, &filter), case.reports, "{}", case.id);
        assert!(case.reports < own.reports.len() as u64 || case.id == "new");
        assert!(filter.args().join(" ").ends_with(&format!("--case {}", case.id)));
    }
    let page = page(&digest);
    let point = page.sections.iter().find(|section| section.title == "New and growing cases").unwrap();
    let open = point.points[0].open.as_ref().unwrap();
    assert!(open.command.ends_with(&format!(" --case {}", digest.cases[0].id)), "{}", open.command);
    assert_eq!(open.link.as_deref(), Some(&*format!("https://v.example/cases/{}", digest.cases[0].id)));
}

#[test]
fn a_new_word_opens_the_records_of_those_who_say_it() {
    let facts = history(true);
    for owner in [None, Some("identity"), Some("both")] {
        let digest = World { owner, ..World::default() }.told(&facts);
        assert!(!digest.words.words.is_empty(), "{owner:?}");
        for word in &digest.words.words {
            // In this history everybody writes once.
            assert_eq!(listed(&facts, &word.filter), word.people, "{owner:?}: {}", word.word);
        }
        let point = sentences::word(&digest.words.words[0], None);
        assert!(point.open.unwrap().command.contains("--phrase"), "{owner:?}");
    }
}

#[test]
fn the_records_of_an_owners_topics_are_listed() {
    let facts = history(true);
    let told = |owner| World { owner: Some(owner), ..World::default() }.told(&facts);
    for (owner, records) in [("finance", 84), ("both", 168)] {
        let digest = told(owner);
        assert_eq!(digest.records, records);
        assert_eq!(listed(&facts, digest.records_filter.as_ref().unwrap()), records, "{owner}");
    }
    assert_eq!(told("nobody").records_filter, None);
}
