//! Events to decode, and shorter ways to say what is expected of them.

use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    kind::Registry,
    limits::Limits,
    record::{Change, Item, Record},
    refusal::{IgnoreReason, Reason, Refusal},
    rfc3339,
    time::Timestamp,
};
use serde_json::{Value, json};

/// When every message of these tests arrives.
pub const NOW: &str = "2026-11-22T12:00:00Z";

pub fn at(text: &str) -> Timestamp {
    rfc3339::parse(text).unwrap()
}

pub fn decoder() -> Decoder {
    Decoder::new(Registry::default(), Limits::default())
}

/// A structured event around `data`.
pub fn event(kind: &str, action: &str, data: Value) -> Value {
    json!({
        "specversion": "1.0",
        "id": "e-1",
        "source": "test/source",
        "type": format!("feedback.{kind}.{action}"),
        "time": "2026-11-20T10:00:00Z",
        "data": data,
    })
}

pub fn decode(payload: &[u8]) -> Result<Decoded<'_>, Refusal> {
    decoder().decode(payload, Headers::default(), at(NOW))
}

/// Decodes `data` as a created item of `kind` and hands what came of it to `check`.
pub fn with<T>(kind: &str, data: Value, check: impl FnOnce(Result<Decoded<'_>, Refusal>) -> T) -> T {
    check(decode(event(kind, "created", data).to_string().as_bytes()))
}

pub fn with_item<T>(kind: &str, data: Value, check: impl FnOnce(Item<'_>) -> T) -> T {
    with(kind, data.clone(), |decoded| match decoded {
        Ok(Decoded::Item(item)) => check(item),
        other => panic!("{kind} {data}: {other:?}"),
    })
}

pub fn records<'i, 'a>(item: &'i Item<'a>) -> &'i [Record<'a>] {
    match &item.change {
        Change::Upsert(records) => records,
        Change::Delete => panic!("a deletion"),
    }
}

pub fn with_record<T>(kind: &str, data: Value, check: impl FnOnce(&Record<'_>) -> T) -> T {
    with_item(kind, data, |item| match records(&item) {
        [record] => check(record),
        others => panic!("{} records", others.len()),
    })
}

pub fn refused(kind: &str, data: Value) -> Refusal {
    with(kind, data.clone(), |decoded| match decoded {
        Err(refusal) => refusal,
        other => panic!("{kind} {data}: {other:?}"),
    })
}

#[track_caller]
pub fn assert_refused(kind: &str, data: Value, reason: Reason, path: &str) {
    let refusal = refused(kind, data);
    assert_eq!(refusal.reason, reason, "{refusal}");
    let start = format!("{path}: expected ");
    assert!(refusal.detail.starts_with(&start), "{:?} does not start with {start:?}", refusal.detail);
}

#[track_caller]
pub fn assert_ignored(kind: &str, data: Value, reason: IgnoreReason) {
    with(kind, data, |decoded| assert_eq!(decoded, Ok(Decoded::Ignored(reason))));
}
