//! What the tables say of decisions and of cases, column by column and event by event: to hold against what programs were
//! told of them.

use super::oracle::Tables;
use feedback::time::Timestamp;
use polars::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{CaseEvent, Mark};

/// Columns with one text, and what messages call them.
const TEXTS: [(&str, &str); 12] = [
    ("record_id", "record"),
    ("source_kind", "source"),
    ("source", "event_source"),
    ("native_id", "native_id"),
    ("triage_rule", "rule"),
    ("triage_owner", "owner"),
    ("triage_priority", "priority"),
    ("triage_queue", "queue"),
    ("triage_confidence", "confidence"),
    ("triage_unsure", "unsure"),
    ("triage_reason", "reason"),
    ("triage_rules", "rules"),
];
const TIMES: [(&str, &str); 3] =
    [("occurred_at", "occurred_at"), ("ingested_at", "stored_at"), ("triaged_at", "triaged_at")];
const LISTS: [(&str, &str); 2] = [("triage_labels", "labels"), ("triage_actions", "actions")];
const SPANS: (&str, &str) = ("triage_spans", "spans");

/// A record with the decision on it.
pub struct Decided {
    /// As a message has to tell it, and nothing beside.
    pub told: Value,
    /// What it was decided on; no message has that.
    pub body: String,
}

impl Tables {
    /// The decision on each current record, by the record's id.
    pub fn decided(&self) -> BTreeMap<String, Decided> {
        let named = TEXTS.iter().chain(&TIMES).chain(&LISTS).chain([&SPANS]).map(|(column, _)| *column);
        let columns: Vec<Expr> = named.chain(["body"]).map(col).collect();
        let query = async {
            let rows = self.store.current_facts().await?;
            self.store.collect(rows.select(columns)).await
        };
        let rows = self.runtime.block_on(query).unwrap();
        (0..rows.height()).map(|row| decided(&rows, row)).collect()
    }

    /// The current records that people corrected, by id: what they have now, and what the models said.
    pub fn corrected(&self) -> Vec<Value> {
        let texts = ["record_id", "sentiment", "judged_sentiment", "kind", "judged_kind", "corrected_by"];
        let lists = ["topics", "judged_topics"];
        let query = async {
            let rows = self.store.current_facts().await?.filter(col("corrected_at").is_not_null());
            let rows = rows.select(texts.iter().chain(&lists).map(|name| col(*name)).collect::<Vec<Expr>>());
            self.store.collect(rows.sort(["record_id"], Default::default())).await
        };
        let rows = self.runtime.block_on(query).unwrap();
        let told = |row: usize| {
            let mut told = serde_json::Map::new();
            for name in texts {
                let text = rows.column(name).unwrap().str().unwrap().get(row);
                told.insert(name.to_owned(), json!(text));
            }
            for name in lists {
                let list = rows.column(name).unwrap().list().unwrap().get_as_series(row);
                told.insert(name.to_owned(), list.map_or(Value::Null, |list| topics(&list)));
            }
            Value::Object(told)
        };
        (0..rows.height()).map(told).collect()
    }

    /// Everything that ever happened to cases, in its order, as a message has to tell it.
    pub fn changes(&self) -> Vec<Value> {
        let log = self.runtime.block_on(self.store.tail::<CaseEvent>(Mark::default())).unwrap();
        log.events.iter().map(change).collect()
    }
}

fn decided(rows: &DataFrame, row: usize) -> (String, Decided) {
    let text = |name: &str| rows.column(name).unwrap().str().unwrap().get(row).map(str::to_owned);
    let list = |name: &str| rows.column(name).unwrap().list().unwrap().get_as_series(row).unwrap();
    let mut told = serde_json::Map::new();
    for (column, name) in TEXTS {
        told.insert(name.to_owned(), json!(text(column)));
    }
    for (column, name) in TIMES {
        let micros = rows.column(column).unwrap().cast(&DataType::Int64).unwrap();
        let at = Timestamp(micros.i64().unwrap().get(row).unwrap());
        told.insert(name.to_owned(), json!(second(at)));
    }
    for (column, name) in LISTS {
        let texts: Vec<Value> = list(column).str().unwrap().iter().map(|text| json!(text)).collect();
        told.insert(name.to_owned(), json!(texts));
    }
    told.insert(SPANS.1.to_owned(), spans(&list(SPANS.0)));
    (text("record_id").unwrap(), Decided { told: Value::Object(told), body: text("body").unwrap() })
}

fn spans(list: &Series) -> Value {
    let ends = |name: &str| -> Vec<i64> {
        let ends = list.struct_().unwrap().field_by_name(name).unwrap().cast(&DataType::Int64).unwrap();
        ends.i64().unwrap().iter().map(Option::unwrap).collect()
    };
    let spans = ends("start").into_iter().zip(ends("end"));
    spans.map(|(start, end)| json!({ "start": start, "end": end })).collect()
}

fn topics(list: &Series) -> Value {
    let field = |name: &str| list.struct_().unwrap().field_by_name(name).unwrap();
    let (topics, sentiments, confidences) = (field("topic"), field("sentiment"), field("confidence"));
    let (starts, ends) = (field("start"), field("end"));
    let hit = |row: usize| {
        json!({
            "topic": topics.str().unwrap().get(row),
            "confidence": confidences.f32().unwrap().get(row).map(f64::from),
            "sentiment": sentiments.str().unwrap().get(row),
            "start": starts.i32().unwrap().get(row),
            "end": ends.i32().unwrap().get(row),
        })
    };
    (0..list.len()).map(hit).collect()
}

fn change(event: &CaseEvent) -> Value {
    let payload: Option<Value> = event.payload.as_deref().map(|text| serde_json::from_str(text).unwrap());
    json!({
        "case": event.case,
        "step": event.step,
        "at": second(event.at),
        "record": event.record.as_ref().map(|quoted| &quoted.record_id),
        "by": event.told_by,
        "owner": event.owner,
        "topic": event.topic,
        "kind": event.kind,
        "product": event.product,
        "tell": payload.as_ref().and_then(|payload| payload.get("tell")),
    })
}

/// Messages tell times to the second.
fn second(at: Timestamp) -> String {
    at.to_datetime().unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
