//! A shelf that follows the facts.

use super::*;
use polars::prelude::{Column, DataType, TimeUnit};

/// A fact, when it was stored, and when it was corrected.
type Stored = (Fact, i64, Option<i64>);

/// The facts as they were stored at these times, some corrected.
fn stored(facts: &[Stored]) -> LazyFrame {
    let plain: Vec<Fact> = facts.iter().map(|(fact, ..)| fact.clone()).collect();
    let time = DataType::Datetime(TimeUnit::Microseconds, None);
    let column = |name: &str, of: &dyn Fn(&Stored) -> Option<i64>| {
        Column::new(name.into(), facts.iter().map(of).collect::<Vec<Option<i64>>>()).cast(&time).unwrap()
    };
    let columns = [column("ingested_at", &|of| Some(of.1)), column("corrected_at", &|of| of.2)];
    testing::facts(&plain).collect().unwrap().hstack(&columns).unwrap().lazy()
}

/// Reads of the days that the facts have, or had, what changed; how many rows that were.
fn follow(shelf: &Shelf, facts: &[Stored], version: i64) -> (Shelf, usize) {
    let there = stamps(stored(facts)).unwrap();
    let days: BTreeSet<Day> = there.keys().copied().chain(shelf.days()).collect();
    let mut read = 0;
    let changed = days.into_iter().map(|day| {
        let due = due(day, shelf.parts(day), there.get(&day).map_or(&[], Vec::as_slice));
        let missing = parts(of_ids(stored(facts), due.missing()).unwrap()).unwrap();
        let missing: Vec<Part> = missing.into_iter().filter(|part| part.day() == day).collect();
        assert_eq!(missing.iter().map(Part::len).sum::<usize>(), due.missing().len());
        read += due.missing().len();
        due.filled(missing)
    });
    let changed: Vec<(Day, Vec<Arc<Part>>)> = changed.collect();
    (shelf.with(Some(version), changed), read)
}

fn same(shelf: &Shelf, facts: &[Stored]) -> bool {
    let plain = Shelf::default()
        .with(None, parts(stored(facts)).unwrap().into_iter().map(|part| (part.day(), vec![Arc::new(part)])));
    let rows = |shelf: &Shelf| -> Vec<String> {
        let hits = shelf.list(&Query::default(), &page(1_000)).unwrap().hits;
        hits.iter().map(|hit| format!("{:?}", hit.row())).collect()
    };
    rows(shelf) == rows(&plain)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever comes, goes, changes and is corrected: the shelf is as if it were made anew, and no more was read than that.
    #[test]
    fn only_what_changed_is_read(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut facts: Vec<Stored> =
            all(seed, 50).into_iter().map(|fact| (fact, 1, None)).collect();
        let (mut shelf, read) = follow(&Shelf::default(), &facts, 1);
        prop_assert_eq!((read, shelf.version()), (50, Some(1)));
        for turn in 2..6 {
            let mut changed = 0;
            facts.retain(|_| dice.below(12) > 0);
            for (fact, stored_at, corrected_at) in &mut facts {
                match dice.below(20) {
                    // A new version, perhaps of another day.
                    0 => (*fact, *stored_at, *corrected_at) = (super::fact(&mut dice, fact.id), turn, None),
                    1 => *corrected_at = Some(turn),
                    _ => continue,
                }
                changed += 1;
            }
            for _ in 0..dice.below(9) {
                let id = (turn as u64 * 1_000 + changed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                facts.push((super::fact(&mut dice, id), turn, None));
                changed += 1;
            }
            let (next, read) = follow(&shelf, &facts, turn);
            prop_assert_eq!(read, changed);
            prop_assert!(same(&next, &facts));
            let most = next.days().map(|day| next.parts(day).len()).max();
            prop_assert!(most.is_none_or(|most| most < 6), "a day stays in few parts: {:?}", most);
            shelf = next;
        }
    }

    #[test]
    fn the_oldest_are_left_out_where_there_are_too_many(seed in any::<u64>(), most in 0_usize..90) {
        let facts = all(seed, 64);
        let whole = shelf(&testing::facts, &facts, 20);
        let newest = ids(&whole.list(&Query::default(), &page(1_000)).unwrap().hits);
        let cut = whole.clone().cut(most);
        let left = ids(&cut.list(&Query::default(), &page(1_000)).unwrap().hits);
        prop_assert!(left.len() <= most.min(64) && (most == 0 || left.len() >= most.min(64) - most / 64));
        prop_assert_eq!(&left[..], &newest[..left.len()]);
        prop_assert_eq!(cut.since().is_some(), left.len() < 64);
        if let Some(since) = cut.since() {
            let hits = whole.list(&Query::default(), &page(1_000)).unwrap().hits;
            let held = hits.iter().filter(|hit| hit.row().at >= since).count();
            prop_assert!(held >= left.len());
        }
    }
}

#[test]
fn whoever_corrects_a_record_makes_another_number() {
    let mut facts: Vec<Stored> = all(4, 30).into_iter().map(|fact| (fact, 1, None)).collect();
    let plain = follow(&Shelf::default(), &facts, 1).0;
    let (mut shelf, mut seen) = (plain.clone(), vec![plain.corrected()]);
    for (at, corrected_at) in [(3, Some(5)), (3, Some(6)), (9, Some(6)), (3, None), (9, None)] {
        facts[at].2 = corrected_at;
        shelf = follow(&shelf, &facts, 1).0;
        let anew = follow(&Shelf::default(), &facts, 1).0;
        assert_eq!(shelf.corrected(), anew.corrected(), "however it came about");
        assert_ne!(seen.last(), Some(&shelf.corrected()));
        seen.push(shelf.corrected());
    }
    let distinct: BTreeSet<u64> = seen.iter().copied().collect();
    assert_eq!(distinct.len(), seen.len() - 1, "all was taken back at the end: {seen:?}");
    // What only comes, or goes, corrects nothing.
    facts.remove(20);
    facts.push((super::fact(&mut Dice::new(7), 77), 9, None));
    assert_eq!(follow(&shelf, &facts, 2).0.corrected(), plain.corrected());
}

#[test]
fn what_stays_is_shared_and_what_went_is_gone() {
    let facts = all(9, 60);
    let first = shelf(&testing::facts, &facts, 60);
    let days: Vec<Day> = first.days().collect();
    let next = first.with(Some(2), [(days[0], Vec::new())]);
    assert_eq!(next.days().collect::<Vec<_>>(), days[1..]);
    assert!(Arc::ptr_eq(&first.parts(days[1])[0], &next.parts(days[1])[0]));
    assert_eq!((first.version(), next.version()), (Some(1), Some(2)));
    assert_eq!(next.extent(), Some(days[1]..=days[days.len() - 1]));
    assert_eq!(Shelf::default().extent(), None);
}
