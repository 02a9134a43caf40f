//! Which days were touched, and replacing their insights once.

use crate::resolution::{messages, run, split};
use crate::rows::*;
use feedback::insight::{ALL_TOPICS, InsightCounts, InsightKey, InsightRow, Scale};
use feedback::score::ScoreKind;
use feedback::time::Day;
use proptest::prelude::*;
use std::collections::BTreeSet;
use store::{EraseOptions, MaintainOptions, Rollup, RollupError, Seen, Store};

/// Days on which an item of `new` has a row, among all rows that ever were.
fn brute_force(all: &[Row], new: &[Row]) -> BTreeSet<Day> {
    let items: BTreeSet<u32> = new.iter().map(|row| row.item).collect();
    all.iter().filter(|row| items.contains(&row.item)).map(|row| Day(row.day)).collect()
}

/// The facts up to a version, and no correction.
pub fn seen(version: i64) -> Seen {
    Seen { version, corrections: 0 }
}

fn compact() -> MaintainOptions {
    MaintainOptions { vacuum: None, ..MaintainOptions::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn touched_days_are_those_of_all_versions(
        rows in messages(), cut in 0_usize..24, compact_first: bool, compact_last: bool,
    ) {
        run(async {
            let (_root, store) = fresh().await;
            let (old, new) = split(&rows, cut);
            append(&store, old).await;
            let since = store.version().await.unwrap();
            if compact_first {
                store.maintain(&compact()).await.unwrap();
            }
            let unchanged = store.touched_since(Some(seen(store.version().await.unwrap()))).await.unwrap();
            assert!(unchanged.days.is_empty() && !unchanged.everything);
            if !new.is_empty() {
                append(&store, new).await;
            }
            if compact_last {
                store.maintain(&compact()).await.unwrap();
            }
            let touched = store.touched_since(Some(seen(since))).await.unwrap();
            assert!(!touched.everything);
            assert_eq!(touched.version, store.version().await.unwrap());
            assert_eq!(touched.days, brute_force(&rows, new));
        });
    }
}

#[tokio::test]
async fn a_compaction_touches_nothing_and_an_erasure_its_days() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0).by("a_1"), Row::new(1, 1).version(2).day(20_001).by("a_1")]).await;
    append(&store, &[Row::new(2, 2).day(20_002).by("a_2")]).await;
    let since = store.version().await.unwrap();
    store.maintain(&compact()).await.unwrap();
    assert!(store.version().await.unwrap() > since);
    assert_eq!(store.touched_since(Some(seen(since))).await.unwrap().days, BTreeSet::new());
    store.erase("a_2", &EraseOptions::default()).await.unwrap();
    assert_eq!(store.touched_since(Some(seen(since))).await.unwrap().days, BTreeSet::from([Day(20_002)]));
}

#[tokio::test]
async fn without_a_version_or_its_log_everything_is_touched() {
    let (root, store) = fresh().await;
    for offset in 0..3 {
        append(&store, &[Row::new(offset, i64::from(offset)).day(20_000 + offset as i32)]).await;
    }
    let stale = insight(20_009, 1);
    let rollup = Rollup { from: None, to: seen(0) };
    store.replace_insights(&BTreeSet::from([Day(20_009)]), &[stale], rollup).await.unwrap();
    let all = BTreeSet::from([Day(20_000), Day(20_001), Day(20_002), Day(20_009)]);
    let touched = store.touched_since(None).await.unwrap();
    assert!(touched.everything);
    assert_eq!(touched.days, all, "a day that has only insights is among them");
    // The log is cleaned up behind a checkpoint.
    store.maintain(&compact()).await.unwrap();
    std::fs::remove_file(root.path().join("feedback/_delta_log/00000000000000000001.json")).unwrap();
    let touched = store.touched_since(Some(seen(0))).await.unwrap();
    assert!(touched.everything);
    assert_eq!(touched.days, all);
}

fn insight(day: i32, records: i64) -> InsightRow {
    InsightRow {
        key: InsightKey {
            day: Day(day),
            product: "Atlas".to_owned(),
            source_kind: "nps".to_owned(),
            topic: ALL_TOPICS.to_owned(),
            scale: Some(Scale { kind: ScoreKind::Nps, min: 0.0, max: 10.0 }),
        },
        counts: InsightCounts { records, score_n: records, score_sum: 9.5, ..InsightCounts::default() },
    }
}

async fn counted(store: &Store) -> Vec<(Option<i64>, Option<i64>)> {
    let rows = store.collect(store.insights().await.unwrap()).await.unwrap();
    let mut all: Vec<_> = numbers(&rows, "day").into_iter().zip(numbers(&rows, "records")).collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn days_are_replaced_and_the_others_stay() {
    let (_root, store) = fresh().await;
    assert_eq!(store.rolled_up_to().await.unwrap(), None);
    let days = BTreeSet::from([Day(1), Day(2), Day(3)]);
    let rows: Vec<InsightRow> = (1..4).map(|day| insight(day, 10)).collect();
    store.replace_insights(&days, &rows, Rollup { from: None, to: seen(5) }).await.unwrap();
    assert_eq!(store.rolled_up_to().await.unwrap(), Some(seen(5)));
    // Day 2 changes, day 3 has nothing left.
    let days = BTreeSet::from([Day(2), Day(3)]);
    store
        .replace_insights(&days, &[insight(2, 4)], Rollup { from: Some(seen(5)), to: seen(9) })
        .await
        .unwrap();
    assert_eq!(counted(&store).await, [(Some(1), Some(10)), (Some(2), Some(4))]);
    assert_eq!(store.rolled_up_to().await.unwrap(), Some(seen(9)));
}

#[tokio::test]
async fn of_two_rollups_one_counts() {
    let (root, store) = fresh().await;
    let days = BTreeSet::from([Day(1)]);
    let slow = open(&root).await;
    assert_eq!(slow.rolled_up_to().await.unwrap(), None);
    store.replace_insights(&days, &[insight(1, 10)], Rollup { from: None, to: seen(5) }).await.unwrap();
    let error = slow
        .replace_insights(&days, &[insight(1, 99)], Rollup { from: None, to: seen(4) })
        .await
        .unwrap_err();
    assert!(matches!(error, RollupError::Superseded { found } if found == Some(seen(5))), "{error:?}");
    assert_eq!(counted(&slow).await, [(Some(1), Some(10))]);
}
