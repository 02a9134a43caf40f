//! A few records in memory, for tests.

use feedback::ids::Id;
use feedback::time::Day;
use insight::shelf::{Part, Shelf, parts};
use polars::prelude::{Column, DataFrame, DataType, IntoLazy as _, TimeUnit};
use std::sync::Arc;

pub const DAY: Day = Day(20_514);

/// The id of a record.
pub fn record(number: u8) -> Id {
    Id(u128::from(number))
}

/// Three records of one day, in the order of their numbers from 1: with words, vectors and a product.
pub fn shelf() -> Shelf {
    let vectors: [Option<&[u8]>; 3] = [Some(&[127, 0]), Some(&[0, 127]), Some(&[80, 98])];
    Shelf::default().with(Some(1), [(DAY, parts_of(facts(["east", "north", "north-east"], vectors)))])
}

/// The same, of which the first has no words, and the second none that the encoder knows.
pub fn speechless() -> Shelf {
    let vectors: [Option<&[u8]>; 3] = [None, None, Some(&[80, 98])];
    Shelf::default().with(Some(1), [(DAY, parts_of(facts(["", "hmpf", "north-east"], vectors)))])
}

fn parts_of(facts: DataFrame) -> Vec<Arc<Part>> {
    parts(facts.lazy()).unwrap().into_iter().map(Arc::new).collect()
}

fn facts(bodies: [&str; 3], vectors: [Option<&[u8]>; 3]) -> DataFrame {
    let times: Vec<i64> = (1..4).map(|number| DAY.start().0 + 1_000_000 * number).collect();
    let ids: Vec<String> = (1..4).map(|number| record(number).to_string()).collect();
    let time = DataType::Datetime(TimeUnit::Microseconds, None);
    let columns = vec![
        Column::new("day".into(), vec![DAY.0; 3]).cast(&DataType::Date).unwrap(),
        Column::new("occurred_at".into(), times).cast(&time).unwrap(),
        Column::new("record_id".into(), ids),
        Column::new("source_kind".into(), ["survey", "nps", "nps"]),
        Column::new("source".into(), ["web form"; 3]),
        Column::new("native_id".into(), ["n1", "n2", "n3"]),
        Column::new("product".into(), ["app"; 3]),
        Column::new("body".into(), bodies),
        Column::new("sentiment".into(), [Some("negative"), Some("positive"), None]),
        Column::new("p_negative".into(), [Some(0.75_f32), None, None]),
        Column::new("kind".into(), [Some("bug"), None, None]),
        Column::new("encoder".into(), ["e1"; 3]),
        Column::new("triage_rule".into(), [Some("outage"), None, None]),
        Column::new("triage_owner".into(), [Some("identity"), None, None]),
        Column::new("triage_priority".into(), [Some("P1"), None, None]),
        Column::new("corrected_by".into(), [Some("ada"), None, None]),
        Column::new("corrected_at".into(), [Some(DAY.start().0), None, None]).cast(&time).unwrap(),
        Column::new("judged_sentiment".into(), [Some("positive"), None, None]),
        Column::new("embedding".into(), vectors),
        Column::new("vector".into(), vectors.map(|vector| vector.map(|_| "v1"))),
    ];
    DataFrame::new(3, columns).unwrap()
}
