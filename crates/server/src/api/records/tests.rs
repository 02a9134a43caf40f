use super::*;
use crate::query::testing::{record, shelf};
use insight::report::Filter;
use insight::shelf::{Order, Page, Query};
use serde_json::{Value, json};

fn listed() -> Vec<Value> {
    let page = Page { order: Order::Oldest, after: None, limit: 10, count: true };
    let hits = shelf().list(&Query::from(Filter::default()), &page).unwrap().hits;
    hits.iter().map(|hit| serde_json::to_value(Record::of(hit)).unwrap()).collect()
}

#[test]
fn a_record_is_told_as_reports_tell_it() {
    let listed = listed();
    assert_eq!(
        listed[1],
        json!({
            "record_id": record(2).to_string(), "day": "2026-03-02", "at": "2026-03-02T00:00:02Z",
            "source": "nps", "origin": "web form", "native_id": "n2", "product": "app", "language": "unknown",
            "text": "north", "sentiment": "positive", "kind": "unknown", "topics": [],
        })
    );
    assert_eq!(listed[0]["corrected"], json!({ "by": "ada", "at": "2026-03-02T00:00:00Z" }));
    assert_eq!((&listed[0]["owner"], &listed[0]["priority"]), (&json!("identity"), &json!("P1")));
}

#[test]
fn every_column_of_a_file_is_a_field_of_a_record() {
    let document = serde_json::to_value(crate::app::document()).unwrap();
    let schemas = &document["components"]["schemas"];
    let has = |schema: &str, field: &str| schemas[schema]["properties"].get(field).is_some();
    for (name, place) in item::COLUMNS {
        let mut fields = place.split('/').skip(1);
        let first = fields.next().unwrap();
        assert!(has("Record", first), "{name}");
        if let Some(second) = fields.next() {
            let schema = if first == "score" { "Score" } else { "Corrected" };
            assert!(has(schema, second), "{name}");
        }
    }
}

/// What can be asked for is what is told of it.
#[test]
fn the_document_names_every_field() {
    let document = serde_json::to_value(crate::app::document()).unwrap();
    for path in ["/v1/records", "/v1/records.csv", "/v1/records.jsonl"] {
        let told = document["paths"][path]["get"]["parameters"].as_array().unwrap();
        let mut told: Vec<&str> = told.iter().filter_map(|one| one["name"].as_str()).collect();
        let mut known: Vec<&str> =
            Filter::FIELDS.into_iter().chain(["q", "meaning", "like", "order", "cursor", "limit"]).collect();
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known, "{path}");
    }
}
