//! A few records, read by their ids: the same as all facts have them.

use crate::logs::at;
use crate::resolution::{messages, run, split};
use crate::rows::*;
use feedback::correction::Said;
use feedback::ids::Id;
use feedback::judgement::SentimentLabel;
use feedback::time::Day;
use polars::prelude::{DataFrame, LazyFrame, col, lit};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashSet};
use store::{Correcting, EraseOptions, MaintainOptions, Store};

const VICTIM: &str = "a_00c0ffee00c0ffee00c0ffee00c0ffee";

async fn read(store: &Store, facts: LazyFrame) -> DataFrame {
    store.collect(facts.sort(["record_id"], Default::default())).await.unwrap()
}

/// Every record that ever was, and every day that any was on.
async fn ever(store: &Store) -> (HashSet<String>, BTreeSet<Day>) {
    let rows = store.collect(store.feedback().await.unwrap()).await.unwrap();
    let days = numbers(&rows, "day").into_iter().flatten();
    let records = texts(&rows, "record_id").into_iter().flatten().collect();
    (records, days.map(|day| Day(i32::try_from(day).unwrap())).collect())
}

/// One by one, day by day, and all together.
async fn compare(store: &Store) {
    let (records, days) = ever(store).await;
    let few = async |records: HashSet<String>, days: &BTreeSet<Day>| {
        read(store, store.current_facts_of_records(days, records).await.unwrap()).await
    };
    let all = read(store, store.current_facts().await.unwrap()).await;
    assert!(few(records.clone(), &days).await.equals_missing(&all));
    for record in &records {
        let named = col("record_id").eq(lit(record.clone()));
        let expected = read(store, store.current_facts().await.unwrap().filter(named)).await;
        let found = few(HashSet::from([record.clone()]), &days).await;
        assert!(found.equals_missing(&expected), "{record}: {found} {expected}");
    }
    for day in days {
        let day = BTreeSet::from([day]);
        let expected = read(store, store.current_facts_of(&day).await.unwrap().1).await;
        let found = few(records.clone(), &day).await;
        assert!(found.equals_missing(&expected), "{day:?}: {found} {expected}");
    }
}

/// Says something of every second record that is current.
async fn correct(store: &Store, minute: i64) {
    let (records, days) = ever(store).await;
    let mut records: Vec<String> = records.into_iter().collect();
    records.sort();
    for record in records.iter().step_by(2) {
        let mut found = Vec::new();
        for day in &days {
            found.extend(store.locate(record, Some(*day)).await.unwrap());
        }
        // By the whole id on its day as by how it begins on any.
        assert_eq!(found, store.locate(record, None).await.unwrap());
        let said = Said::Sentiment(SentimentLabel::Negative);
        for of in &found {
            let correcting = Correcting { of, said: &said, by: "maria", note: None, at: at(minute) };
            store.correct(&correcting).await.unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn they_are_the_same_whatever_came_in_whatever_order(rows in messages(), cut in 0_usize..24) {
        run(async {
            let (_root, store) = fresh().await;
            let (early, late) = split(&rows, cut);
            append(&store, early).await;
            correct(&store, 1).await;
            append(&store, late).await;
            compare(&store).await;
            correct(&store, 2).await;
            compare(&store).await;
        });
    }
}

#[tokio::test]
async fn they_are_the_same_after_repeats_an_erasure_and_a_compaction() {
    let (_root, store) = fresh().await;
    let theirs = |offset: i64| Row::new(7, offset).by(VICTIM);
    append(&store, &[theirs(0), Row::new(8, 1), Row::new(9, 2).day(20_001)]).await;
    // Of a message that two have processed at the same time, and one that is sent again.
    append(&store, &[Row::new(8, 1), Row::new(9, 3).day(20_001)]).await;
    append(&store, &[theirs(4).version(2).day(20_002), Row::new(9, 5).version(2).deleted().day(20_003)])
        .await;
    correct(&store, 1).await;
    compare(&store).await;
    store.erase(VICTIM, &EraseOptions { purge: true }).await.unwrap();
    compare(&store).await;
    let (records, days) = ever(&store).await;
    let gone = Id::of(&["survey", "form", "7", ""]).to_string();
    assert!(!records.contains(&gone));
    let gone = store.current_facts_of_records(&days, HashSet::from([gone])).await.unwrap();
    assert_eq!(read(&store, gone).await.height(), 0);
    store.maintain(&MaintainOptions::default()).await.unwrap();
    compare(&store).await;
}

#[tokio::test]
async fn nothing_is_found_of_no_records_on_no_days_or_on_other_days() {
    let (_root, store) = fresh().await;
    append(&store, &[Row::new(1, 0)]).await;
    let (records, days) = ever(&store).await;
    let (none, other) = (BTreeSet::new(), BTreeSet::from([Day(20_001)]));
    let strange = HashSet::from(["0".repeat(32), "no id".to_owned()]);
    let asked = [(&days, HashSet::new()), (&none, records.clone()), (&other, records), (&days, strange)];
    let all = read(&store, store.current_facts().await.unwrap()).await;
    for (days, records) in asked {
        let found = read(&store, store.current_facts_of_records(days, records).await.unwrap()).await;
        assert_eq!((found.height(), found.get_column_names()), (0, all.get_column_names()));
    }
}

#[tokio::test]
async fn what_was_said_of_a_record_is_read_by_how_its_id_begins() {
    let (root, store) = fresh().await;
    append(&store, &[Row::new(1, 0), Row::new(2, 1)]).await;
    correct(&store, 1).await;
    let all = store.corrections().await.unwrap();
    let record = all[0].record.record_id.clone();
    assert_eq!((all.len(), store.corrections_of(&record[..9]).await.unwrap()), (1, all.clone()));
    // What another one writes is read on.
    let other = open(&root).await;
    let (of, said) = (other.locate(&record, None).await.unwrap(), Said::Sentiment(SentimentLabel::Positive));
    let again = Correcting { of: &of[0], said: &said, by: "jo", note: None, at: at(2) };
    let again = other.correct(&again).await.unwrap();
    assert_eq!(store.corrections_of(&record).await.unwrap(), [all, vec![again]].concat());
    assert!(store.corrections_of("no id").await.unwrap().is_empty());
}
