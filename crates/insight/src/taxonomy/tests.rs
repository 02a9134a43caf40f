//! On small shelves, against counts by hand.

use super::*;
use crate::{
    report::Period,
    shelf::{Part, Shelf, parse_id, parts},
    testing::{self, Fact},
};
use feedback::{ids::Id, time::Day};
use polars::prelude::{Column, IntoLazy};
use std::{collections::BTreeMap, sync::Arc};

/// A Monday.
const START: Day = Day(20_514);
const WEEK: Period = Period { from: START, to: Day(START.0 + 6) };

/// With vectors of a space, where a fact has one.
fn shelf(facts: &[Fact], vector: impl Fn(&Fact) -> Option<Vec<i8>>) -> Shelf {
    let vectors: Vec<Option<Vec<u8>>> = facts
        .iter()
        .map(|fact| vector(fact).map(|numbers| numbers.into_iter().map(|number| number as u8).collect()))
        .collect();
    let bytes: Vec<Option<&[u8]>> = vectors.iter().map(Option::as_deref).collect();
    let spaces: Vec<Option<&str>> = vectors.iter().map(|vector| vector.as_ref().map(|_| "v1")).collect();
    let columns = [Column::new("embedding".into(), bytes), Column::new("vector".into(), spaces)];
    let frame = testing::facts(facts).collect().unwrap().hstack(&columns).unwrap().lazy();
    let mut days: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
    for part in parts(frame).unwrap() {
        days.entry(part.day()).or_default().push(Arc::new(part));
    }
    Shelf::default().with(Some(1), days)
}

fn fact(id: u64, body: &str, topics: &[&'static str]) -> Fact {
    Fact {
        body: body.to_owned(),
        author: Some(format!("a_{id}")),
        topics: topics.iter().map(|topic| (*topic, "neutral", (0, 0))).collect(),
        ..Fact::new(id, START.plus((id % 7) as i32), "ticket")
    }
}

fn id(number: u64) -> Id {
    parse_id(&format!("{number:032x}")).unwrap()
}

#[test]
fn what_topics_hold_and_share() {
    let mut facts = Vec::new();
    let mut add = |count: u64, topics: &[&'static str]| {
        (0..count).for_each(|_| facts.push(fact(facts.len() as u64, "words", topics)));
    };
    add(30, &["billing", "refunds"]);
    add(10, &["billing"]);
    add(20, &["login", "security"]);
    add(20, &["login"]);
    add(9, &["rare", "login"]);
    add(11, &[]);
    // Without words nobody can tell a topic, and what is older is not meant.
    facts.push(fact(900, "", &[]));
    facts.push(Fact { day: START.plus(-1), ..fact(901, "words", &["billing"]) });
    let held = shelf(&facts, |_| None);
    let told = standing(&held, WEEK, |above, below| (above, below) == ("login", "security")).unwrap();
    assert_eq!((told.records, told.unassigned), (100, 11));
    let volumes: Vec<_> = told.topics.iter().map(|v| (v.topic.as_str(), v.tally.records)).collect();
    assert_eq!(volumes, [("login", 49), ("billing", 40), ("refunds", 30), ("security", 20), ("rare", 9)]);
    let [pair] = told.overlaps.as_slice() else { panic!("{:?}", told.overlaps) };
    assert_eq!((pair.one.as_str(), pair.other.as_str(), pair.both), ("billing", "refunds", 30));
    assert_eq!((pair.of_first(), pair.of_second(), pair.jaccard()), (0.75, 1.0, 0.75));
    assert_eq!(told.volume("rare"), 9);
    assert_eq!(told.share(told.unassigned), 0.11);
    // What a count opens is what was counted.
    let listed = |filter| held.counts(&crate::shelf::Query::from(filter), &[]).unwrap().0.records;
    assert_eq!(listed(told.of_both(pair)), 30);
    assert_eq!(listed(told.of_topic("login")), 49);
    assert_eq!(listed(told.of_topic("none")), 11);
    assert_eq!(listed(told.filter()), 100);
}

#[test]
fn an_empty_shelf_has_nothing_to_tell() {
    let told = standing(&Shelf::default(), WEEK, |_, _| false).unwrap();
    assert_eq!((told.records, told.unassigned, told.share(0)), (0, 0, 0.0));
    assert!(told.topics.is_empty() && told.overlaps.is_empty());
    let found = candidates(&Shelf::default(), WEEK, |_| true).unwrap();
    assert_eq!((found.looked_at, found.more, found.candidates.len()), (0, false, 0));
}

/// 40 records without a topic on captchas, 20 on nothing, 40 that have one.
fn missing_captchas() -> Vec<Fact> {
    let captcha = |at| fact(at, &format!("The captcha loop number {at} never ends for <b>me</b>"), &[]);
    let nothing = |at| fact(at, &format!("Some remark of mine with number {at}"), &[]);
    let known = |at| fact(at, &format!("The invoice with number {at} never came to me"), &["billing"]);
    (0..40).map(captcha).chain((40..60).map(nothing)).chain((60..100).map(known)).collect()
}

fn towards(fact: &Fact) -> Option<Vec<i8>> {
    Some(match fact.id {
        0..40 => vec![120, (fact.id % 20) as i8, 30, 0],
        // Each another way.
        id => (0..4).map(|at| if (id >> at) % 2 == 0 { 63 } else { -63 }).collect(),
    })
}

#[test]
fn what_many_say_without_a_topic_is_a_candidate() {
    let facts = missing_captchas();
    let found = candidates(&shelf(&facts, towards), WEEK, |_| true).unwrap();
    assert_eq!((found.looked_at, found.more), (60, false));
    let one = &found.candidates[0];
    assert!(one.records >= 40 && one.people == one.records, "{one:?}");
    assert!(one.words.iter().any(|word| word.contains("captcha")), "{:?}", one.words);
    assert_eq!(one.nearest.len(), 3);
    assert!((one.first, one.last) < (one.last, one.first));
    let held = shelf(&facts, towards);
    let excerpt = one.nearest[0].read(&held).unwrap();
    assert!(excerpt.text.starts_with("The captcha loop") && excerpt.text.contains("<b>"), "{excerpt:?}");
    // What is gone from the facts is quoted no more.
    let rest: Vec<Fact> = facts.into_iter().filter(|fact| id(fact.id) != excerpt.id).collect();
    assert_eq!(one.nearest[0].read(&shelf(&rest, towards)), None);
}

#[test]
fn one_person_is_no_candidate() {
    let mut facts = missing_captchas();
    facts.iter_mut().for_each(|fact| fact.author = Some(format!("a_{}", fact.id % 2)));
    assert_eq!(candidates(&shelf(&facts, towards), WEEK, |_| true).unwrap().candidates, []);
    // Nor is what has no vector.
    let of_nobody = candidates(&shelf(&missing_captchas(), |_| None), WEEK, |_| true).unwrap();
    assert_eq!(of_nobody.candidates, []);
}

#[test]
fn what_nobody_reads_is_no_candidate_and_is_counted() {
    let mut facts = missing_captchas();
    // All of the captchas, half of what says nothing, and some of what has a topic.
    facts.iter_mut().for_each(|fact| match fact.id {
        0..40 => fact.language = "de",
        40..50 | 60..70 => fact.language = "fr",
        50..55 => fact.language = "unknown",
        _ => {}
    });
    let found = candidates(&shelf(&facts, towards), WEEK, |code| ["en", "unknown"].contains(&code)).unwrap();
    assert_eq!((found.looked_at, found.more), (10, false));
    assert_eq!(found.left_out, [("de".to_owned(), 40), ("fr".to_owned(), 10)]);
    assert!(found.candidates.iter().all(|one| one.records < 40), "{:?}", found.candidates);
    let all = candidates(&shelf(&facts, towards), WEEK, |_| true).unwrap();
    assert_eq!((all.looked_at, all.left_out.len()), (60, 0));
}
