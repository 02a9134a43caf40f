//! Payloads that nobody documents: the golden ones with anything in place of anything.

use super::{decode, files, setting};
use connect::{Translated, Vendor, elements, translate};
use feedback::refusal::Refusal;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// Values that may be put anywhere; no refusal may repeat them.
const WORD: &str = "canary-5f2c";
const NUMBER: f64 = 918_273.645;

static GOLDEN: LazyLock<Vec<(Vendor, Value)>> = LazyLock::new(|| {
    let mut golden = Vec::new();
    for vendor in Vendor::ALL {
        let values = files::of(*vendor).into_iter().map(|payload| serde_json::from_slice(&payload.bytes));
        golden.extend(values.flatten().map(|value| (*vendor, value)));
    }
    golden
});

#[derive(Debug, Clone)]
enum Change {
    Put(Value),
    Remove,
    /// Takes what stands there twice.
    Double,
    /// Puts it into a list or an object.
    Wrap,
}

/// A change, and the turns on the way to its place.
fn changes() -> impl Strategy<Value = Vec<(Vec<prop::sample::Index>, Change)>> {
    let values = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(3),
        json!(NUMBER),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!(" "),
        json!(WORD),
        json!("9"),
        json!("inf"),
        json!("2026-03-02T09:30:00Z"),
        json!(format!("<p>{WORD}</p><blockquote>{WORD}")),
        json!("\u{0}\u{202e}<\u{ad}b>"),
        json!(WORD.repeat(60)),
        json!([]),
        json!({}),
        json!([[WORD]]),
        json!({"id": WORD, "text": [NUMBER]}),
        json!("customer"),
        json!(1_772_443_800_000_i64),
    ];
    let change = prop_oneof![
        6 => prop::sample::select(values).prop_map(Change::Put),
        2 => Just(Change::Remove),
        1 => Just(Change::Double),
        1 => Just(Change::Wrap),
    ];
    prop::collection::vec((prop::collection::vec(any::<prop::sample::Index>(), 0..7), change), 1..5)
}

fn apply(value: &mut Value, turns: &[prop::sample::Index], change: &Change) {
    let below = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if let (Some((turn, rest)), true) = (turns.split_first(), below > 0) {
        let at = turn.index(below);
        let last = rest.is_empty();
        match value {
            Value::Array(items) if last && matches!(change, Change::Remove) => drop(items.remove(at)),
            Value::Array(items) if last && matches!(change, Change::Double) => items.push(items[at].clone()),
            Value::Array(items) => apply(&mut items[at], rest, change),
            Value::Object(fields) => {
                let name = fields.keys().nth(at).cloned().unwrap();
                if last && matches!(change, Change::Remove) {
                    fields.remove(&name);
                } else {
                    apply(&mut fields[&name], rest, change);
                }
            }
            _ => {}
        }
        return;
    }
    match change {
        Change::Put(new) => *value = new.clone(),
        Change::Remove => *value = Value::Null,
        Change::Double => *value = json!([value.clone(), value.clone()]),
        Change::Wrap => *value = json!({ "value": value.clone() }),
    }
}

/// Whether a refusal holds anything that was in the payload.
fn tells(refusal: &Refusal) -> bool {
    refusal.detail.contains("canary") || refusal.detail.contains("918273") || refusal.detail.contains('<')
}

/// Each answer gets a copy of its question and of its question's id; that makes no message large out of a small one.
#[test]
fn a_small_payload_becomes_no_large_event() {
    let long = "x".repeat(400_000);
    let many = |answer: Value| Value::Array(vec![answer; 900]);
    let typeform = json!({"event_type": "form_response", "form_response": {
        "token": "1", "submitted_at": "2026-03-02T09:30:00Z", "definition": {"fields": [{"id": "f", "title": long}]},
        "answers": many(json!({"type": "text", "text": "x", "field": {"id": "f"}})),
    }});
    let monkey = |question: Value| json!({"id": "1", "date_created": "2026-03-02T09:30:00Z", "pages": [{"questions": [question]}]});
    let answers = || many(json!({"text": "x", "row_id": 1}));
    for (vendor, payload) in [
        (Vendor::Typeform, typeform),
        (Vendor::SurveyMonkey, monkey(json!({"id": "q", "heading": long, "answers": answers()}))),
        (Vendor::SurveyMonkey, monkey(json!({"id": long, "answers": answers()}))),
    ] {
        let bytes = serde_json::to_vec(&payload).unwrap();
        if let Ok(Translated::Event(event)) = translate(vendor, &bytes, &setting(vendor)) {
            assert!(event.len() < 4 * bytes.len(), "{vendor}: {} of {}", event.len(), bytes.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn anything_in_place_of_anything_ends(which in any::<prop::sample::Index>(), changes in changes()) {
        let (vendor, mut payload) = which.get(&GOLDEN).clone();
        changes.iter().for_each(|(turns, change)| apply(&mut payload, turns, change));
        let bytes = serde_json::to_vec(&payload).unwrap();
        let translated = translate(vendor, &bytes, &setting(vendor));
        prop_assert_eq!(&translated, &translate(vendor, &bytes, &setting(vendor)));
        match translated {
            Err(refusal) => prop_assert!(!tells(&refusal), "{}", refusal),
            Ok(Translated::Event(event)) => {
                let refused = decode(&event).err();
                prop_assert!(!refused.as_ref().is_some_and(tells), "{:?}", refused);
            }
            Ok(Translated::Ignored(_)) => {}
        }
        if let Ok(elements) = elements(vendor, &bytes, usize::MAX) {
            elements.for_each(|element| drop(translate(vendor, element.payload, &setting(vendor))));
        }
    }

    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
        for vendor in Vendor::ALL {
            let _ = translate(*vendor, &bytes, &setting(*vendor));
        }
        let (vendor, payload) = cut.get(&GOLDEN);
        let text = serde_json::to_vec(payload).unwrap();
        let piece = &text[..cut.index(text.len())];
        let refused = translate(*vendor, piece, &setting(*vendor)).is_err();
        prop_assert!(refused || piece.len() < 3, "a piece is no payload");
    }
}
