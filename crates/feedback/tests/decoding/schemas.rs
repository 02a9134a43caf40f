//! The JSON Schemas and the decoder say the same.

use crate::{fixtures::*, payloads::payload};
use feedback::refusal::{Reason, Refusal};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

macro_rules! schemas {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!("../../schemas/", $name, ".schema.json")))),+]
    };
}

const SCHEMAS: [(&str, &str); 6] = schemas!["common", "event", "survey", "ticket", "nps", "social"];

fn parsed() -> Vec<(&'static str, Value)> {
    SCHEMAS.map(|(name, text)| (name, serde_json::from_str(text).unwrap())).into()
}

/// Of whole events, so that `data` is checked against its kind's schema.
static EVENT: LazyLock<Validator> = LazyLock::new(|| {
    let mut registry = jsonschema::Registry::new();
    let schemas = parsed();
    for (_, schema) in &schemas {
        registry = registry.add(schema["$id"].as_str().unwrap(), schema.clone()).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let event = &schemas.iter().find(|(name, _)| *name == "event").unwrap().1;
    jsonschema::options().should_validate_formats(true).with_registry(&registry).build(event).unwrap()
});

fn decodes(event: &Value) -> bool {
    decode(event.to_string().as_bytes()).is_ok()
}

#[test]
fn the_schemas_are_draft_2020_12_and_describe_their_fields() {
    for (name, schema) in parsed() {
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(schema["description"].is_string(), "{name}");
    }
}

proptest! {
    #[test]
    fn what_the_schema_allows_decodes((kind, data) in payload()) {
        let event = event(kind, "created", data);
        let errors: Vec<_> = EVENT.iter_errors(&event).map(|error| error.to_string()).collect();
        prop_assert!(errors.is_empty(), "{event}: {errors:?}");
        let outcome = decode(event.to_string().as_bytes()).map(|_| ());
        prop_assert!(outcome.is_ok(), "{event}: {outcome:?}");
    }

    /// One value put in the place of another, anywhere: what the schema still allows must still decode.
    #[test]
    fn what_the_schema_allows_decodes_after_a_change(
        (kind, data) in payload(),
        (from, to) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let mut event = event(kind, "created", data);
        let places = places(&event);
        let values = odd_values();
        *event.pointer_mut(&places[from.index(places.len())]).unwrap() = values[to.index(values.len())].clone();
        if EVENT.is_valid(&event) {
            let refusal = decode(event.to_string().as_bytes()).err();
            prop_assert!(refusal.as_ref().is_none_or(is_beyond_schemas), "{event}: {refusal:?}");
        }
    }
}

/// A pointer to each value inside of `value`.
fn places(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => {
            let escape = |name: &String| name.replace('~', "~0").replace('/', "~1");
            fields.iter().map(|(name, value)| (escape(name), value)).collect()
        }
        Value::Array(values) => {
            values.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => vec![],
    };
    let below = |(name, value): (String, &Value)| {
        let here = format!("/{name}");
        let inside: Vec<_> = places(value).into_iter().map(|place| here.clone() + &place).collect();
        [vec![here], inside].concat()
    };
    inner.into_iter().flat_map(below).collect()
}

fn odd_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(3),
        json!("3"),
        json!(4.5),
        json!(11),
        json!("11"),
        json!(1e12),
        json!(1_700_000_000),
        json!(1_700_000_000_000_i64),
        json!(""),
        json!("  "),
        json!("word"),
        json!("2026-11-01T10:00:00+02:00"),
        json!("2026-11-01 10:00:00"),
        json!("9".repeat(600)),
        json!("w".repeat(11_000)),
        json!([]),
        json!([null]),
        json!(["word", 3]),
        json!([{}]),
        json!([{"id": "x", "role": "agent", "text": "word"}]),
        json!({}),
        json!({"value": 3}),
        json!({"kind": "csat", "value": 3}),
        json!({"kind": "nps", "value": 11}),
        json!({"kind": "joy", "value": 3}),
    ]
}

/// One event of each contract with every field in it.
fn full_events() -> Vec<Value> {
    let score = json!({"kind": "csat", "value": 3, "min": 1, "max": 5});
    let own = [
        (
            "survey",
            json!({"answers": [{"id": "q", "question": "Why?", "text": "So.", "score": score}], "question": "Why?", "text": "So.", "score": score}),
        ),
        (
            "ticket",
            json!({"messages": [{"id": "m", "role": "customer", "text": "So.", "at": "2026-11-01T00:00:00Z", "name": "N"}], "status": "open", "priority": 2, "score": 3}),
        ),
        ("nps", json!({"score": 3, "question": "Why?", "text": "So."})),
        ("social", json!({"text": "So.", "score": 3, "network": "x", "metrics": {"likes": 1}})),
    ];
    let common = json!({
        "id": "1", "version": 2, "occurred_at": "2026-11-01T00:00:00Z", "updated_at": 1_790_000_000,
        "author": {"id": "a", "email": "e", "name": "n", "account": "c", "segment": "s", "revenue": 5},
        "conversation_id": "c", "title": "t", "product": "p", "app_version": "v", "platform": "ios",
        "territory": "DE", "language": "de", "permalink": "https://example.com", "tags": ["t"], "test": false,
        "metadata": {"k": 1},
    });
    own.map(|(kind, own)| {
        let mut data = common.clone();
        data.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        event(kind, "created", data)
    })
    .into()
}

/// What the decoder reads although the schema, which says what to send, does not offer it: a time without its zone.
fn is_leniency(place: &str, value: &Value) -> bool {
    let name = place.rsplit('/').next().unwrap_or_default();
    matches!(name, "time" | "occurred_at" | "updated_at" | "at") && *value == json!("2026-11-01 10:00:00")
}

/// What no schema can say: that a score's value lies between two other values of the same object.
fn is_beyond_schemas(refusal: &Refusal) -> bool {
    refusal.reason == Reason::OutOfRange && refusal.detail.contains("score: expected a value from")
}

/// Every field of every contract with every odd value in its place: both take it or both refuse it.
#[test]
fn schema_and_decoder_agree_on_every_field() {
    let mut disagreements = Vec::new();
    for base in full_events() {
        assert!(EVENT.is_valid(&base) && decodes(&base), "{base}");
        for place in places(&base) {
            for value in odd_values() {
                let mut changed = base.clone();
                *changed.pointer_mut(&place).unwrap() = value.clone();
                let (schema, decoder) = (EVENT.is_valid(&changed), decodes(&changed));
                let refusal = decode(changed.to_string().as_bytes()).err();
                let excused = match &refusal {
                    None => is_leniency(&place, &value),
                    Some(refusal) => is_beyond_schemas(refusal),
                };
                if schema != decoder && !excused {
                    let shown: String = value.to_string().chars().take(60).collect();
                    let kind = &base["type"];
                    disagreements.push(format!("{kind} {place} = {shown}: schema {schema}, {refusal:?}"));
                }
            }
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}

/// Each thing left out.
#[test]
fn schema_and_decoder_agree_on_what_is_required() {
    for base in full_events() {
        for place in places(&base) {
            let (parent, name) = place.rsplit_once('/').unwrap();
            let mut changed = base.clone();
            match changed.pointer_mut(parent).unwrap() {
                Value::Object(fields) => drop(fields.remove(name)),
                Value::Array(values) => drop(values.remove(name.parse().unwrap())),
                _ => unreachable!("a parent"),
            }
            assert_eq!(EVENT.is_valid(&changed), decodes(&changed), "{place} left out of {base}");
        }
    }
}

#[test]
fn schema_and_decoder_agree_on_deletions_and_types() {
    for (action, data, fine) in [
        ("deleted", json!({"id": 1}), true),
        ("deleted", json!({"id": 1, "version": 3, "score": "nonsense"}), true),
        ("deleted", json!({"version": 3}), false),
        ("deleted", json!({"id": 1, "version": -3}), false),
        ("archived", json!({"id": 1, "score": 3}), false),
    ] {
        let event = event("nps", action, data);
        assert_eq!((EVENT.is_valid(&event), decodes(&event)), (fine, fine), "{event}");
    }
}
