//! Records and a keeper of taxonomies for tests.

use super::{Both, KeepError, Keeping, Kept, Lies, Naming, tag};
use analyze::Taxonomy;
use feedback::ids::Id;
use feedback::time::Day;
use insight::report::Period;
use insight::shelf::{Hit, Part, Shelf, Text, parts};
use polars::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// A Monday.
pub const START: Day = Day(20_514);
pub const WEEK: Period = Period { from: START, to: Day(START.0 + 6) };

/// A record of the week.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    pub number: u64,
    pub body: &'static str,
    pub topics: &'static [&'static str],
    /// Whether a person said so.
    pub is_corrected: bool,
}

pub fn record(number: u64, body: &'static str, topics: &'static [&'static str]) -> Record {
    Record { number, body, topics, is_corrected: false }
}

pub fn id(number: u64) -> Id {
    Id(u128::from(number))
}

pub fn shelf(records: &[Record]) -> Shelf {
    let mut days: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
    if !records.is_empty() {
        for part in parts(facts(records).lazy()).unwrap() {
            days.entry(part.day()).or_default().push(Arc::new(part));
        }
    }
    Shelf::default().with(Some(1), days)
}

fn facts(records: &[Record]) -> DataFrame {
    let day = |record: &Record| START.plus((record.number % 7) as i32);
    let days: Vec<i32> = records.iter().map(|record| day(record).0).collect();
    let at = |record: &Record| day(record).start().0 + 1_000 * record.number as i64;
    let times: Vec<i64> = records.iter().map(at).collect();
    let time = DataType::Datetime(TimeUnit::Microseconds, None);
    let corrected = |record: &Record| record.is_corrected.then_some("ada");
    let corrected_at: Vec<Option<i64>> =
        records.iter().map(|record| record.is_corrected.then(|| at(record))).collect();
    let columns = vec![
        Column::new("day".into(), days).cast(&DataType::Date).unwrap(),
        Column::new("occurred_at".into(), times).cast(&time).unwrap(),
        Column::new("record_id".into(), records.iter().map(|r| id(r.number).to_string()).collect::<Vec<_>>()),
        Column::new("source_kind".into(), vec!["survey"; records.len()]),
        Column::new("author".into(), records.iter().map(|r| format!("a_{}", r.number)).collect::<Vec<_>>()),
        Column::new("body".into(), records.iter().map(|record| record.body).collect::<Vec<_>>()),
        topics(records),
        Column::new("corrected_by".into(), records.iter().map(corrected).collect::<Vec<_>>()),
        Column::new("corrected_at".into(), corrected_at).cast(&time).unwrap(),
    ];
    let judged = when(col("corrected_at").is_not_null()).then(col("topics")).otherwise(lit(NULL));
    let frame = DataFrame::new(records.len(), columns).unwrap().lazy();
    frame.with_column(judged.alias("judged_topics")).collect().unwrap()
}

fn topics(records: &[Record]) -> Column {
    // A first row that is cut off again tells polars the type of the lists.
    let lists: Vec<Series> = std::iter::once(&["typed"][..])
        .chain(records.iter().map(|record| record.topics))
        .map(|topics| {
            let fields = [
                Series::new("topic".into(), topics.to_vec()),
                Series::new("confidence".into(), vec![0.9_f32; topics.len()]),
                Series::new("sentiment".into(), vec!["neutral"; topics.len()]),
                Series::new("start".into(), vec![0_i32; topics.len()]),
                Series::new("end".into(), vec![0_i32; topics.len()]),
            ];
            StructChunked::from_series("".into(), topics.len(), fields.iter()).unwrap().into_series()
        })
        .collect();
    Column::new("topics".into(), lists).slice(1, records.len())
}

/// A text with topics by their ids, each called as it is.
pub fn text(ids: &[&str]) -> String {
    let topic = |id: &&str| format!("[[topic]]\nid = \"{id}\"\nname = \"About {id}\"\ndescription = \"D\"\n");
    format!("version = \"1\"\n{}", ids.iter().map(topic).collect::<String>())
}

/// Keeps a taxonomy in memory. A record has the topics whose ids its body holds.
pub struct Pretending {
    text: Mutex<String>,
    /// Records that are judged before the time is over.
    pub most: usize,
}

impl Pretending {
    pub fn new(text: String) -> Self {
        Self { text: Mutex::new(text), most: usize::MAX }
    }
}

fn said(taxonomy: &Taxonomy, body: &str) -> Vec<u16> {
    let topics = taxonomy.topics().iter().enumerate();
    topics.filter(|(_, topic)| body.contains(&topic.id)).map(|(at, _)| at as u16).collect()
}

impl Keeping for Pretending {
    fn read(&self) -> Result<Kept, KeepError> {
        let text = self.text.lock().unwrap().clone();
        let in_force = Arc::new(Taxonomy::parse(&text).unwrap());
        Ok(Kept { text, in_force, lies: Lies::BuiltIn(Some("/srv/data.taxonomy.toml".into())) })
    }

    fn judge(
        &self,
        before: &Taxonomy,
        after: &Taxonomy,
        records: &[Hit],
        _: Instant,
    ) -> Result<Vec<Both>, KeepError> {
        let both = |hit: &Hit| {
            let body = hit.row().text(Text::Body).unwrap_or_default().to_owned();
            Both { before: said(before, &body), after: said(after, &body) }
        };
        Ok(records.iter().take(self.most).map(both).collect())
    }

    fn naming(&self) -> Vec<Naming> {
        vec![Naming { topic: "billing".to_owned(), by: "the triage rule \"money\"".to_owned() }]
    }

    fn switch(&self, text: &str, base: &str) -> Result<Kept, KeepError> {
        let mut held = self.text.lock().unwrap();
        if tag(&held) != base {
            return Err(KeepError::Conflict("it is another one by now".to_owned()));
        }
        text.clone_into(&mut held);
        drop(held);
        self.read()
    }
}
