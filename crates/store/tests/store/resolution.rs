//! What is current, against a model that does it the plain way.

use crate::rows::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The rule by nested loops: positions of the current rows, and counts of superseded and duplicates.
pub fn model(rows: &[Row]) -> (Vec<(i32, i64)>, u64, u64) {
    let mut items: BTreeMap<u32, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| items.entry(row.item).or_default().push(row));
    let (mut current, mut superseded, mut duplicates) = (Vec::new(), 0, 0);
    for rows in items.values() {
        let key = |row: &Row| (row.version, row.updated, row.hash);
        let winner = rows.iter().map(|row| key(row)).max().unwrap();
        let gone = rows.iter().any(|row| key(row) == winner && row.deleted);
        type Twins<'a> = BTreeMap<((i64, i64, i64), &'a str), Vec<&'a Row>>;
        let mut twins = Twins::new();
        rows.iter().for_each(|row| twins.entry((key(row), &row.part)).or_default().push(row));
        for ((key, _), twins) in twins {
            duplicates += twins.len() as u64 - 1;
            let first = twins.iter().min_by_key(|row| (row.offset, row.partition)).unwrap();
            if key == winner && !gone {
                current.push((first.partition, first.offset));
            } else {
                superseded += 1;
            }
        }
    }
    current.sort_unstable();
    (current, superseded, duplicates)
}

/// Messages of few items and versions, so that they collide; all parts of a message share its position.
pub fn messages() -> impl Strategy<Value = Vec<Row>> {
    let message = (0_u32..5, 1_i64..4, 0_i64..2, 0_i64..2, prop::bool::weighted(0.2), 0_i32..2);
    prop::collection::vec(message, 1..24).prop_map(|messages| {
        let mut rows = Vec::new();
        for (offset, (item, version, updated, content, deleted, partition)) in
            messages.into_iter().enumerate()
        {
            // The same content has the same number of parts and the same day, as decoding gives it.
            let parts = if deleted { 1 } else { 1 + content as usize };
            for part in 0..parts {
                rows.push(Row {
                    item,
                    part: if parts == 1 { String::new() } else { format!("q{part}") },
                    version,
                    updated,
                    hash: content * 2 + i64::from(deleted),
                    deleted,
                    day: 20_000 + version as i32 + content as i32,
                    topic: TOPIC,
                    partition,
                    offset: offset as i64,
                    author: Some(format!("a_{}", item % 3)),
                    alias: None,
                    body: format!("{item} {content}"),
                });
            }
        }
        rows
    })
}

/// Cuts between two messages: the rows of one come together.
pub fn split(rows: &[Row], cut: usize) -> (&[Row], &[Row]) {
    let mut cut = cut.min(rows.len());
    while 0 < cut && cut < rows.len() && rows[cut - 1].offset == rows[cut].offset {
        cut += 1;
    }
    rows.split_at(cut)
}

/// A runtime for one case of a property.
pub fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(case);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_what_the_model_gives(rows in messages(), cut in 0_usize..24, seed in any::<u64>()) {
        let mut shuffled = rows.clone();
        // Any order of arrival: sorted by a hash of the position and the seed.
        shuffled.sort_by_key(|row| (row.offset as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        run(async {
            let (_root, store) = fresh().await;
            let (early, late) = split(&shuffled, cut);
            append(&store, early).await;
            append(&store, late).await;
            let (wanted, superseded, duplicates) = model(&rows);
            assert_eq!(current(&store).await, wanted);
            let ledger = store.ledger().await.unwrap();
            assert_eq!((ledger.facts, ledger.superseded, ledger.duplicates),
                (wanted.len() as u64, superseded, duplicates));
            assert_eq!(ledger.consumed(), rows.len() as u64);
        });
    }
}

#[tokio::test]
async fn the_current_rows_of_some_days_know_the_other_days() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).day(20_000), Row::new(2, 1).day(20_000)]).await;
    append(&store, &[Row::new(1, 2).version(2).day(20_005)]).await;
    let days = BTreeSet::from([feedback::time::Day(20_000)]);
    let (version, facts) = store.current_facts_of(&days).await.unwrap();
    assert_eq!(version, store.version().await.unwrap());
    let facts = store.collect(facts).await.unwrap();
    assert_eq!(numbers(&facts, "position_offset"), [Some(1)], "item 1 has moved to another day");
    assert_eq!(numbers(&facts, "day"), [Some(20_000)]);
}

#[tokio::test]
async fn parts_are_whole_days_and_together_everything() {
    let (_root, store) = fresh().await;
    let rows: Vec<Row> = (0..12).map(|n| Row::new(n, i64::from(n)).day(20_000 + n as i32 / 3)).collect();
    append(&store, &rows).await;
    append(&store, &[Row::new(0, 20).version(2).day(20_000)]).await;
    let days = (20_000..20_003).map(feedback::time::Day).collect::<BTreeSet<_>>();
    let mut parts = Vec::new();
    for part in store.current_facts_in_parts(&days, 7).await.unwrap() {
        let mut days = numbers(&store.collect(part).await.unwrap(), "day");
        days.sort_unstable();
        parts.push(days);
    }
    // Four rows and three of the first two days, one of them superseded; the third has no room left.
    let day = |day: i64, rows: usize| vec![Some(20_000 + day); rows];
    assert_eq!(parts, [[day(0, 3), day(1, 3)].concat(), day(2, 3)]);
}

/// A retry beside a replay, or two groups on the same tables, may both write what stands at one position.
#[tokio::test]
async fn a_position_written_twice_counts_once_and_is_not_lost() {
    let (_root, store) = fresh().await;
    let twice = [Row::new(1, 0), Row::new(2, 1).part("a"), Row::new(2, 1).part("b")];
    append(&store, &twice).await;
    append(&store, &twice).await;
    append(&store, &[Row::new(3, 2)]).await;
    assert_eq!(current(&store).await, [(0, 0), (0, 1), (0, 1), (0, 2)]);
    let ledger = store.ledger().await.unwrap();
    assert_eq!((ledger.facts, ledger.consumed()), (4, 4), "a message is consumed once");

    // Superseded, both go; and they are one message still, before a compaction and after it.
    append(&store, &[Row::new(1, 3).version(2)]).await;
    for _ in 0..2 {
        assert_eq!(current(&store).await, [(0, 1), (0, 1), (0, 2), (0, 3)]);
        let ledger = store.ledger().await.unwrap();
        assert_eq!((ledger.facts, ledger.superseded, ledger.consumed()), (4, 1, 5), "{ledger:?}");
        store.maintain(&store::MaintainOptions::default()).await.unwrap();
    }
}
