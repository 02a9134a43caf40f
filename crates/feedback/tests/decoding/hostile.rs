//! Whatever comes in, one outcome comes out, and nothing of the payload in a refusal.

use crate::{fixtures::*, payloads::payload};
use feedback::{decode::Decoded, event::Headers, refusal::Reason};
use proptest::prelude::*;
use serde_json::{Value, json};

const MIB: usize = 1 << 20;

fn reason(payload: &[u8]) -> Option<Reason> {
    decode(payload).err().map(|refusal| refusal.reason)
}

fn sound() -> String {
    event("nps", "created", json!({"id": 7, "score": 9, "text": "Fine.", "more": [1, {"a": null}]}))
        .to_string()
}

fn binary<'a>(kind: &'a str) -> Headers<'a> {
    let pairs: [(&str, &[u8]); 5] = [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"e"),
        ("ce_source", b"s"),
        ("ce_type", kind.as_bytes()),
        ("ce_time", b"2026-11-20T10:00:00Z"),
    ];
    pairs.into_iter().collect()
}

proptest! {
    #[test]
    fn bytes_at_random_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
        let _ = decoder().decode(&bytes, binary("feedback.ticket.created"), at(NOW));
    }

    /// Sound events with a few bytes changed get much further in than noise does.
    #[test]
    fn damaged_events_never_panic(
        (kind, data) in payload(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
    ) {
        let mut bytes = event(kind, "created", data).to_string().into_bytes();
        for (index, byte, way) in damage {
            let at = index.index(bytes.len());
            match way {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
            prop_assume!(!bytes.is_empty());
        }
        match decode(&bytes) {
            Ok(Decoded::Item(item)) => prop_assert!(!item.native_id.trim().is_empty()),
            Ok(Decoded::Ignored(_)) => {}
            Err(refusal) => prop_assert!(!refusal.detail.is_empty()),
        }
    }

    /// Every string of the payload, keys included, carries a mark; no refusal repeats it.
    #[test]
    fn refusals_quote_nothing((kind, data) in payload(), at_field in any::<prop::sample::Index>(), wrong in 0..6_usize) {
        let mut event = event(kind, "created", mark(data));
        event["id"] = json!("CANARY event");
        let fields = event["data"].as_object_mut().unwrap();
        let name = fields.keys().nth(at_field.index(fields.len())).unwrap().clone();
        let long = "CANARY".repeat(20_000);
        fields[&name] = [
            json!("CANARY"), json!(["CANARY"]), json!({"CANARY": "CANARY"}), json!(-5e20), json!(true), json!(long),
        ][wrong].clone();
        let payload = event.to_string();
        if let Err(refusal) = decode(payload.as_bytes()) {
            prop_assert!(!refusal.detail.contains("CANARY"), "{}", refusal);
        }
    }

    #[test]
    fn a_truncated_event_is_invalid_json((kind, data) in payload(), cut in any::<prop::sample::Index>()) {
        let text = event(kind, "created", data).to_string();
        let mut end = cut.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        prop_assert_eq!(reason(&text.as_bytes()[..end]), Some(Reason::InvalidJson));
    }
}

fn mark(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(format!("CANARY{text}")),
        Value::Array(values) => values.into_iter().map(mark).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (format!("{name}CANARY"), mark(value))).collect()
        }
        other => other,
    }
}

#[test]
fn what_is_no_json_at_all() {
    for text in ["", " ", "{", "}", "{]", "nul", "{'a':1}", "{\"a\":1,}", "[1,]", "{\"a\" 1}", "{a:1}", "1 2"]
    {
        assert_eq!(reason(text.as_bytes()), Some(Reason::InvalidJson), "{text}");
    }
    for tail in ["x", "{}", "\0", ",", "]"] {
        assert_eq!(reason((sound() + tail).as_bytes()), Some(Reason::InvalidJson), "{tail:?}");
    }
    let raw_control = sound().replace("Fine.", "a\nb");
    assert_eq!(reason(raw_control.as_bytes()), Some(Reason::InvalidJson));
    for escape in [r"\x41", r"\u12", r"\u12g4", r"\"] {
        let text = sound().replace("Fine.", escape);
        assert_eq!(reason(text.as_bytes()), Some(Reason::InvalidJson), "{escape}");
    }
    for number in ["01", "1.", ".5", "+1", "-", "1e", "0x10", "Infinity"] {
        let text = sound().replace("9", number);
        assert_eq!(reason(text.as_bytes()), Some(Reason::InvalidJson), "{number}");
    }
}

#[test]
fn broken_syntax_is_called_that_whatever_else_is_wrong() {
    let kind = "feedback.pigeon.created";
    let text = br#"{"id": {}, "score": "x", "#;
    assert_eq!(decoder().decode(text, binary(kind), at(NOW)).unwrap_err().reason, Reason::InvalidJson);
}

#[test]
fn invalid_utf8() {
    let payload = sound();
    let at = payload.find("Fine").unwrap();
    for bad in [b"\xff" as &[u8], b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\x80"] {
        let bytes = [&payload.as_bytes()[..at], bad, &payload.as_bytes()[at..]].concat();
        let refusal = decode(&bytes).unwrap_err();
        assert_eq!(refusal.reason, Reason::InvalidUtf8);
        assert!(refusal.detail.ends_with(&format!("byte {at}")), "{refusal}");
    }
}

#[test]
fn a_mebibyte_and_no_more() {
    let mut payload = sound();
    payload.push_str(&" ".repeat(MIB - payload.len()));
    assert_eq!((payload.len(), reason(payload.as_bytes())), (MIB, None));
    payload.push(' ');
    assert_eq!(reason(payload.as_bytes()), Some(Reason::TooLarge));
    assert_eq!(reason(&vec![0xff; MIB + 1]), Some(Reason::TooLarge));
}

#[test]
fn nesting_bombs() {
    let nested = |depth: usize| {
        let value = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        sound().replace("[1,{\"a\":null}]", &value)
    };
    // The message and its data are two levels of the 32.
    assert_eq!(reason(nested(30).as_bytes()), None);
    assert_eq!(reason(nested(31).as_bytes()), Some(Reason::TooDeep));
    assert_eq!(reason("[".repeat(MIB).as_bytes()), Some(Reason::TooDeep));
    assert_eq!(reason(r#"{"a":"#.repeat(MIB / 5).as_bytes()), Some(Reason::TooDeep));
    let data = format!("{{\"id\":1,\"score\":1,\"x\":{}1{}}}", "[".repeat(31), "]".repeat(31));
    let kind = "feedback.nps.created";
    assert_eq!(decoder().decode(data.as_bytes(), binary(kind), at(NOW)).unwrap_err().reason, Reason::TooDeep);
    // Brackets in a string nest nothing.
    let text = sound().replace("Fine.", &"[{".repeat(1_000));
    assert_eq!(reason(text.as_bytes()), None);
}

#[test]
fn lengths_are_counted_in_characters() {
    let nps = |text: String| event("nps", "created", json!({"id": 1, "text": text})).to_string();
    assert_eq!(reason(nps("é".repeat(100_000)).as_bytes()), None);
    assert_eq!(reason(nps("é".repeat(100_001)).as_bytes()), Some(Reason::TextTooLong));
    let said = json!({"role": "customer", "text": "a".repeat(60_000)});
    assert_refused(
        "ticket",
        json!({"id": 1, "messages": [said, said]}),
        Reason::TextTooLong,
        "data.messages",
    );
    for (name, most) in [("title", 10_000), ("permalink", 4_096), ("product", 512), ("conversation_id", 512)]
    {
        let mut data = json!({"id": 1, "text": "x"});
        data[name] = json!("é".repeat(most));
        with("social", data.clone(), |decoded| assert!(decoded.is_ok(), "{name}"));
        data[name] = json!("é".repeat(most + 1));
        assert_refused("social", data, Reason::TextTooLong, &format!("data.{name}"));
    }
}

#[test]
fn counts_are_bounded() {
    let numbers = |n: usize| (0..n).map(|at| at.to_string()).collect::<Vec<_>>();
    let social = |name: &str, value: Value| {
        let mut data = json!({"id": 1, "text": "x"});
        data[name] = value;
        data
    };
    with("social", social("tags", json!(numbers(200))), |decoded| assert!(decoded.is_ok()));
    assert_refused("social", social("tags", json!(numbers(201))), Reason::TooMany, "data.tags");
    assert_refused("social", social("tags", json!(numbers(201).join(","))), Reason::TooMany, "data.tags");
    let fields: Value =
        numbers(501).into_iter().map(|name| (name, json!(1))).collect::<serde_json::Map<_, _>>().into();
    assert_refused("social", social("metadata", fields), Reason::TooMany, "data.metadata");
    let long = json!({"a": "x".repeat(70_000)});
    assert_refused("social", social("metadata", long), Reason::TooMany, "data.metadata");
    let answers: Vec<_> = numbers(201).into_iter().map(|id| json!({"id": id, "text": "x"})).collect();
    assert_refused("survey", json!({"id": 1, "answers": answers}), Reason::TooMany, "data.answers");
    let messages = vec![json!({"role": "customer", "text": "x"}); 1_001];
    assert_refused("ticket", json!({"id": 1, "messages": messages}), Reason::TooMany, "data.messages");
}
