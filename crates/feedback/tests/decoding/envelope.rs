//! CloudEvents in both modes.

use crate::fixtures::*;
use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    kind::{Contract, Registry, SourceKind},
    limits::Limits,
    record::{Change, Item},
    refusal::{IgnoreReason, Reason},
};
use serde_json::{Value, json};

const HEADERS: &[(&str, &str)] = &[
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ("ce_specversion", "1.0"),
    ("ce_id", "e-1"),
    ("ce_source", "test/source"),
    ("ce_type", "feedback.nps.created"),
    ("ce_time", "2026-11-20T10:00:00Z"),
    ("content-type", "application/json; charset=utf-8"),
];

fn headers<'a>(pairs: &'a [(&'a str, &'a str)]) -> Headers<'a> {
    pairs.iter().map(|(name, value)| (*name, value.as_bytes())).collect()
}

#[test]
fn both_modes_give_the_same_item() {
    let data = json!({"id": 7, "score": 9, "text": "Fine.", "extra": {"b": 1, "a": 2}});
    let structured = event("nps", "created", data.clone()).to_string();
    let data = data.to_string();
    let binary = decoder().decode(data.as_bytes(), headers(HEADERS), at(NOW));
    assert!(matches!(binary, Ok(Decoded::Item(_))));
    assert_eq!(binary, decode(structured.as_bytes()));
}

#[test]
fn binary_attributes_are_required_and_checked() {
    let data = br#"{"id": 7, "score": 9}"#;
    let cases: &[(&str, Option<&str>, Reason)] = &[
        ("ce_id", None, Reason::MissingField),
        ("ce_source", Some("  "), Reason::MissingField),
        ("ce_type", None, Reason::MissingField),
        ("ce_type", Some("feedback.pigeon.created"), Reason::UnknownKind),
        ("ce_specversion", Some("0.3"), Reason::UnsupportedVersion),
        ("ce_time", Some("soon"), Reason::BadTime),
        ("content-type", Some("application/avro"), Reason::UnsupportedContent),
    ];
    for (name, value, reason) in cases {
        let pairs: Vec<_> = HEADERS
            .iter()
            .filter_map(|pair| if pair.0 == *name { value.map(|value| (*name, value)) } else { Some(*pair) })
            .collect();
        let refusal = decoder().decode(data, headers(&pairs), at(NOW)).unwrap_err();
        assert_eq!(refusal.reason, *reason, "{name} {value:?}: {refusal}");
    }
    let bad: Headers<'_> = [("ce_specversion", b"1.0" as &[u8]), ("ce_id", b"\xff")].into_iter().collect();
    assert_eq!(decoder().decode(data, bad, at(NOW)).unwrap_err().reason, Reason::InvalidUtf8);
}

#[test]
fn structured_attributes_are_required_and_checked() {
    let cases = [
        ("specversion", json!(null), Reason::MissingField),
        ("specversion", json!("0.3"), Reason::UnsupportedVersion),
        ("id", json!(" "), Reason::MissingField),
        ("id", json!({}), Reason::BadType),
        ("id", json!("x".repeat(513)), Reason::TextTooLong),
        ("source", json!(null), Reason::MissingField),
        ("type", json!(null), Reason::MissingField),
        ("type", json!("com.example.made"), Reason::UnknownType),
        ("type", json!("feedback.nps"), Reason::UnknownType),
        ("type", json!("feedback.nps.archived"), Reason::UnknownType),
        ("type", json!("feedback.review.created"), Reason::UnknownKind),
        ("time", json!("2026-13-01T00:00:00Z"), Reason::BadTime),
        ("time", json!(true), Reason::BadType),
        ("datacontenttype", json!("text/xml"), Reason::UnsupportedContent),
        ("data", json!(null), Reason::MissingField),
        ("data", json!([1]), Reason::BadType),
        ("data", json!("{}"), Reason::BadType),
        ("data_base64", json!("e30="), Reason::UnsupportedContent),
    ];
    for (name, value, reason) in cases {
        let mut event = event("nps", "created", json!({"id": 7, "score": 9}));
        event[name] = value;
        let payload = event.to_string();
        let refusal = decode(payload.as_bytes()).unwrap_err();
        assert_eq!(refusal.reason, reason, "{event}: {refusal}");
        assert!(refusal.detail.starts_with(name), "{refusal}");
    }
    assert_eq!(decode(b"[]").unwrap_err().reason, Reason::BadType);
    assert_eq!(decode(b"null").unwrap_err().reason, Reason::BadType);
}

#[test]
fn extension_attributes_and_a_byte_order_mark_are_passed_over() {
    let mut event = event("nps", "created", json!({"id": 7, "score": 9}));
    let plain = event.to_string();
    event["partitionkey"] = json!("k");
    event["datacontenttype"] = json!("application/vnd.example+json");
    let extended = format!("\u{feff}{event}");
    assert_eq!(decode(plain.as_bytes()), decode(extended.as_bytes()));
}

#[test]
fn a_row_that_its_reader_could_not_split_is_refused_for_that() {
    let note = b"line 3: 9 fields where the header has 8";
    let refused = |code| {
        let pairs = [HEADERS, &[("ce_refused_row", code)]].concat();
        decoder().decode(note, headers(&pairs), at(NOW)).unwrap_err()
    };
    assert_eq!(refused("surplus_fields").reason, Reason::SurplusFields);
    assert_eq!(refused("unclosed_quote").reason, Reason::UnclosedQuote);
    assert!(!refused("surplus_fields").detail.contains('9'), "nothing of what it was handed");
    // Whoever sends a message has no other reason to choose.
    assert_eq!(refused("empty").reason, Reason::InvalidJson);
}

#[test]
fn what_is_no_time_is_told_with_what_is() {
    for (text, says) in [
        ("03/04/2026", "with slashes nobody can tell which is the month"),
        ("31.02.2026", "there is no such day"),
        ("soon", "a date (2026-03-31 or 31.03.2026), a time (2026-03-31T08:00:00Z) or a Unix time"),
    ] {
        with("nps", json!({"id": 7, "score": 9, "occurred_at": text}), |decoded| {
            let refusal = decoded.unwrap_err();
            assert_eq!(refusal.reason, Reason::BadTime, "{text}");
            assert!(refusal.detail.starts_with("data.occurred_at: expected "), "{refusal}");
            assert!(refusal.detail.contains(says) && !refusal.detail.contains(text), "{refusal}");
        });
    }
}

#[test]
fn times_default_from_one_to_the_next() {
    let times = |event: &Value| match decode(event.to_string().as_bytes()) {
        Ok(Decoded::Item(item)) => Ok([item.occurred_at, item.updated_at, item.collected_at]),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal),
    };
    let (first, second, time) =
        (at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"), at("2026-11-20T10:00:00Z"));
    let mut both = event(
        "nps",
        "created",
        json!({"id": 7, "score": 9, "occurred_at": 1_793_491_200, "updated_at": "1793577600000"}),
    );
    assert_eq!(times(&both), Ok([first, second, time]));
    both["data"]["updated_at"] = json!(null);
    assert_eq!(times(&both), Ok([first, first, time]));
    both["time"] = json!(null);
    assert_eq!(times(&both), Ok([first, first, first]));
    both["data"]["occurred_at"] = json!("");
    assert_eq!(times(&both).unwrap_err().reason, Reason::MissingField);
    both["time"] = json!("2026-11-20T10:00:00Z");
    assert_eq!(times(&both), Ok([time, time, time]));
}

#[test]
fn times_lie_between_2000_and_a_day_ahead() {
    let cases = [
        ("2026-11-23T12:00:00Z", None),
        ("2026-11-23T12:00:00.000001Z", Some(Reason::OutOfRange)),
        ("2000-01-01T00:00:00Z", None),
        ("1999-12-31T23:59:59Z", Some(Reason::OutOfRange)),
        ("0000-01-01T00:00:00Z", Some(Reason::OutOfRange)),
        ("9999-12-31T23:59:59Z", Some(Reason::OutOfRange)),
        ("12026-01-01T00:00:00Z", Some(Reason::BadTime)),
        ("1e300", Some(Reason::OutOfRange)),
        ("-1", Some(Reason::OutOfRange)),
        ("NaN", Some(Reason::BadTime)),
        ("0", Some(Reason::OutOfRange)),
    ];
    for (text, reason) in cases {
        let data = json!({"id": 7, "score": 9, "occurred_at": text});
        with("nps", data, |decoded| {
            assert_eq!(decoded.err().map(|refusal| refusal.reason), reason, "{text}")
        });
    }
}

#[test]
fn a_deletion_needs_only_an_id() {
    let payload = event("ticket", "deleted", json!({"id": 7, "messages": "whatever"})).to_string();
    let Ok(Decoded::Item(item)) = decode(payload.as_bytes()) else { panic!("no item") };
    assert_eq!(item.change, Change::Delete);
    assert_eq!((&*item.native_id, item.version), ("7", Item::FINAL_VERSION));
    assert_eq!((item.updated_at, item.content_hash), (at("2026-11-20T10:00:00Z"), Item::DELETED_HASH));
    with_item("ticket", json!({"id": "7", "title": "Help"}), |upsert| {
        assert_eq!(upsert.item_id(), item.item_id());
        assert!(upsert.version < item.version && upsert.content_hash < item.content_hash);
    });

    let payload = event("ticket", "deleted", json!({"id": 7, "version": "3", "updated_at": "2026-11-19"}));
    let payload = payload.to_string();
    let Ok(Decoded::Item(item)) = decode(payload.as_bytes()) else { panic!("no item") };
    assert_eq!((item.version, item.occurred_at), (3, at("2026-11-19")));

    let payload = event("ticket", "deleted", json!({"version": 3})).to_string();
    assert_eq!(decode(payload.as_bytes()).unwrap_err().reason, Reason::MissingField);
}

#[test]
fn configured_kinds_follow_their_contract() {
    let mut registry = Registry::default();
    let kinds = [
        ("review", Contract::Social, json!({"id": 1, "text": "Good.", "score": 4})),
        ("community", Contract::Social, json!({"id": 1, "text": "How do I export?"})),
        ("chat", Contract::Ticket, json!({"id": 1, "messages": [{"role": "customer", "text": "Hi"}]})),
        ("interview", Contract::Survey, json!({"id": 1, "answers": [{"id": "a", "text": "It depends."}]})),
    ];
    for (name, contract, _) in &kinds {
        registry.insert(SourceKind::new(name).unwrap(), *contract);
    }
    let decoder = Decoder::new(registry, Limits::default());
    for (name, _, data) in kinds {
        let payload = event(name, "updated", data).to_string();
        let decoded = decoder.decode(payload.as_bytes(), Headers::default(), at(NOW));
        let Ok(Decoded::Item(item)) = decoded else { panic!("{name}: {decoded:?}") };
        assert_eq!(item.kind.as_str(), name);
        assert!(!records(&item)[0].body.is_empty());
    }
    let payload = event("chat", "created", json!({"id": 1, "messages": [{"role": "bot", "text": "Hi"}]}));
    let payload = payload.to_string();
    let decoded = decoder.decode(payload.as_bytes(), Headers::default(), at(NOW));
    assert_eq!(decoded, Ok(Decoded::Ignored(IgnoreReason::AgentOnly)));
}
