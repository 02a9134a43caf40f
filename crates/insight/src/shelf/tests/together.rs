//! Topics of the same records, against counts by hand.

use super::*;

proptest! {
    #[test]
    fn pairs_are_counted_as_by_hand(seed in any::<u64>(), size in 0_usize..80, pieces in 1_usize..5) {
        let facts = all(seed, size);
        let shelf = shelf(&testing::facts, &facts, size / pieces);
        let query = Query::from(Filter { words: Some(Wording::With), ..Filter::default() });
        let mut expected = Vec::new();
        for (at, one) in TOPICS.iter().enumerate() {
            for other in &TOPICS[at + 1..] {
                let speaks = |fact: &&Fact| {
                    let has = |topic: &str| fact.topics.iter().any(|mention| mention.0 == topic);
                    (!fact.body.is_empty() || fact.title.is_some()) && has(one) && has(other)
                };
                let records = facts.iter().filter(speaks).count() as u64;
                if records > 0 {
                    expected.push(Together { one: (*one).to_owned(), other: (*other).to_owned(), records });
                }
            }
        }
        prop_assert_eq!(shelf.together(&query).unwrap(), expected);
    }
}

#[test]
fn a_record_is_found_on_its_day_alone() {
    let facts = all(3, 30);
    let shelf = shelf(&testing::facts, &facts, 10);
    for fact in &facts {
        let id = parse_id(&fact.record_id()).unwrap();
        assert_eq!(shelf.find_on(fact.day, id).map(|hit| hit.id()), Some(id));
        assert!(shelf.find_on(fact.day.plus(1), id).is_none());
    }
}
