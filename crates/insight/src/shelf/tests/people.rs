//! Who is one person, on shelves that follow each other, beside the report's people.

use super::*;
use crate::report::People as Reported;

/// Facts of a day by a few people with several names, one of which many have.
fn facts_of(dice: &mut Dice, day: Day, first: u64) -> Vec<Fact> {
    let mut facts = Vec::new();
    for id in first..first + 1 + dice.below(12) as u64 {
        // Now and then the one that many have.
        let most = 1 + dice.below(30);
        let author = (dice.below(4) > 0).then(|| format!("a_{}", dice.below(30)));
        let author_alias = (dice.below(3) > 0).then(|| format!("a_{}", dice.below(most)));
        facts.push(Fact { author, author_alias, ..Fact::new(id, day, "ticket") });
    }
    facts
}

fn parts_of(facts: &[Fact], day: Day) -> Vec<Arc<Part>> {
    let of_day: Vec<Fact> = facts.iter().filter(|fact| fact.day == day).cloned().collect();
    if of_day.is_empty() {
        return Vec::new();
    }
    // In two, so that some of a day stays as it is.
    let halves = of_day.chunks(of_day.len().div_ceil(2));
    halves.flat_map(|facts| parts(testing::facts(facts)).unwrap()).map(Arc::new).collect()
}

/// Each row's person, by the number and by the report's name, in the order of the days.
fn persons(shelf: &Shelf, reported: &Reported) -> Vec<(Option<u32>, Option<String>)> {
    let rows = shelf.days.values().flatten().flat_map(|part| (0..part.len()).map(move |row| (part, row)));
    let person = |(part, row): (&Arc<Part>, usize)| {
        let names = [Text::Author, Text::AuthorAlias].map(|text| part.text(row, text));
        let name = names.into_iter().find(|name| !name.is_empty());
        (shelf.people().of(part).person(row), name.map(|name| reported.of(name).to_owned()))
    };
    rows.map(person).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn they_are_those_of_the_report_whatever_was_known_before(
        seed in any::<u64>(),
        asked in prop::collection::vec(any::<bool>(), 1..7),
    ) {
        let mut dice = Dice::new(seed);
        let (mut facts, mut shelf): (Vec<Fact>, Shelf) = Default::default();
        for (turn, is_asked) in (0_u64..).zip(asked) {
            let days: Vec<Day> = (0..2).map(|_| START.plus(dice.below(5) as i32)).collect();
            facts.retain(|fact| !days.contains(&fact.day) || dice.below(5) > 0);
            for (at, day) in (0_u64..).zip(&days) {
                facts.extend(facts_of(&mut dice, *day, 1_000 * turn + 100 * at));
            }
            let changed: Vec<(Day, Vec<Arc<Part>>)> = days.iter().map(|day| (*day, parts_of(&facts, *day))).collect();
            shelf = shelf.with(Some(1), changed);
            if !is_asked || facts.is_empty() {
                continue;
            }
            let persons = persons(&shelf, &Reported::read(&testing::facts(&facts)).unwrap());
            let (mut names, mut numbers) = (BTreeMap::new(), BTreeMap::new());
            for (number, name) in &persons {
                prop_assert_eq!(*names.entry(number).or_insert(name), name);
                prop_assert_eq!(*numbers.entry(name).or_insert(number), number);
            }
            let anew = Shelf::default().with(Some(1), shelf.days.clone());
            prop_assert_eq!(anew.people().count(), shelf.people().count(), "nothing is left of whom nothing tells");
            for part in shelf.days.values().flatten() {
                let [told, again] = [&shelf, &anew].map(|shelf| {
                    let (people, told) = (shelf.people(), shelf.people().of(part));
                    (0..part.len()).map(|row| told.author(row).map(|number| people.name(number))).collect::<Vec<_>>()
                });
                prop_assert_eq!(told, again);
            }
        }
    }
}

#[test]
fn what_brings_nothing_new_is_known_already() {
    let written = |id: u64, author: &str, alias: Option<&str>| Fact {
        author: Some(author.to_owned()),
        author_alias: alias.map(str::to_owned),
        ..Fact::new(id, START, "ticket")
    };
    let on = |facts: &[Fact]| parts_of(facts, START);
    let known = [written(1, "a_1", Some("a_2")), written(2, "a_3", None)];
    let first = Shelf::default().with(Some(1), [(START, on(&known))]);
    first.people();
    let next = first.with(Some(2), []);
    assert!(std::ptr::eq(first.people(), next.people()), "nothing changed");
    let mut more = known.to_vec();
    more.extend([written(3, "a_1", Some("a_2")), written(4, "a_2", None)]);
    let same = first.with(Some(2), [(START, on(&more))]);
    assert!(same.people().shares_with(first.people()));
    // Nobody asks the next one; what it was told of is known all the same.
    let later = same.with(Some(3), [(START, on(&more[..3]))]).with(Some(4), [(START, on(&more))]);
    assert!(later.people().shares_with(first.people()));
    more.push(written(5, "a_3", Some("a_2")));
    assert!(!later.with(Some(5), [(START, on(&more))]).people().shares_with(first.people()), "a new pair");
    assert!(
        !later.with(Some(5), [(START, on(&known[..1]))]).people().shares_with(first.people()),
        "one is gone"
    );
}

#[test]
fn a_name_that_many_come_to_share_joins_nobody_any_more() {
    let both = |id: u64| Fact {
        author: Some(format!("a_{id}")),
        author_alias: Some("anonymous".to_owned()),
        ..Fact::new(id, START.plus(id as i32), "ticket")
    };
    let facts: Vec<Fact> = (0..9).map(both).collect();
    let day = |fact: &Fact| (fact.day, parts_of(std::slice::from_ref(fact), fact.day));
    let persons = |shelf: &Shelf| {
        let people = shelf.people();
        let all = shelf.days.values().flatten().map(|part| people.of(part).author(0));
        all.collect::<BTreeSet<_>>().len()
    };
    let few = Shelf::default().with(Some(1), facts[..8].iter().map(day));
    assert_eq!(persons(&few), 1);
    let many = few.with(Some(2), facts[8..].iter().map(day));
    assert_eq!(persons(&many), 9);
    assert_eq!(persons(&many.with(Some(3), [(facts[0].day, Vec::new())])), 1, "until it is few again");
}
