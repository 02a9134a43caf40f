//! Messages that cannot be understood, as real systems send them, each with the reason it should be refused for.

use crate::{
    envelope::{Envelope, Headers, bytes},
    event::Source,
    rng::Rng,
};
use feedback::time::Timestamp;
use serde_json::{Map, Value, json};

pub(crate) struct Broken {
    pub reason: &'static str,
    pub headers: Headers,
    pub payload: Vec<u8>,
}

type Break = fn(&mut Rng, &Envelope, &mut Map<String, Value>) -> (Headers, Vec<u8>);

/// Every way a message is broken, with its reason code. One above the bound of a whole message is not among them:
/// Kafka itself refuses that, unless it is told otherwise.
const WAYS: &[(&str, Break)] = &[
    ("invalid_utf8", invalid_utf8),
    ("invalid_json", truncated),
    ("invalid_json", not_json),
    ("missing_field", without_id),
    ("missing_field", without_event_id),
    ("unknown_kind", unknown_kind),
    ("unknown_type", unknown_type),
    ("unsupported_version", old_specversion),
    ("out_of_range", score_11),
    ("out_of_range", far_future),
    ("out_of_range", year_zero),
    ("bad_time", no_time_at_all),
    ("bad_type", text_is_a_list),
    ("too_deep", nested),
    ("text_too_long", oversized_text),
    ("empty", nothing_in_it),
];

/// The `n`-th way, around sound data of the source's shape.
pub(crate) fn break_it(rng: &mut Rng, n: usize, number: u64, at: Timestamp) -> (Source, Broken) {
    let (reason, way) = WAYS[n % WAYS.len()];
    let source = if matches!(reason, "out_of_range" | "empty") {
        Source::Nps
    } else {
        *rng.pick(&[Source::Nps, Source::Social])
    };
    let envelope = Envelope::new(rng, source, "https://broken.larchdeck.example/relay", "created", at, false);
    let mut data = Map::new();
    data.insert("id".into(), format!("broken-{number}").into());
    data.insert("occurred_at".into(), crate::calendar::rfc3339(at).into());
    data.insert(
        "author".into(),
        json!({ "id": format!("u{number}"), "email": format!("someone{number}@relay.example") }),
    );
    data.insert("text".into(), "this message was cut on its way, call 415-555-0123".into());
    if source == Source::Nps {
        data.insert("score".into(), rng.range(0, 10).into());
    }
    let (headers, payload) = way(rng, &envelope, &mut data);
    (source, Broken { reason, headers, payload })
}

fn invalid_utf8(rng: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    let (headers, mut payload) = envelope.wrap(data);
    let middle = payload.len() / 2 + rng.below(20);
    payload[middle] = 0xff;
    (headers, payload)
}

fn truncated(rng: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    let (headers, mut payload) = envelope.wrap(data);
    payload.truncate(payload.len() * rng.range(30, 95) as usize / 100);
    (headers, payload)
}

fn not_json(_: &mut Rng, _: &Envelope, _: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    (Vec::new(), b"id;score;comment\n17;9;all good, mail me at lee.oakes@relay.example".to_vec())
}

fn without_id(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.remove("id");
    envelope.wrap(data)
}

/// The event's own id is missing, in one of the two modes.
fn without_event_id(rng: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    if rng.chance(0.5) {
        let (mut headers, payload) = Envelope { binary: true, ..envelope.clone() }.wrap(data);
        headers.retain(|(name, _)| *name != "ce_id");
        return (headers, payload);
    }
    retouch(envelope, data, |event| {
        event.remove("id");
    })
}

fn unknown_kind(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    Envelope { kind: "feedback.telegram.created".into(), ..envelope.clone() }.wrap(data)
}

fn unknown_type(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    Envelope { kind: "order.shipped".into(), ..envelope.clone() }.wrap(data)
}

fn old_specversion(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    retouch(envelope, data, |event| {
        event.insert("specversion".into(), "0.3".into());
    })
}

fn score_11(rng: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("score".into(), if rng.chance(0.5) { 11.into() } else { "11".into() });
    envelope.wrap(data)
}

fn far_future(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("occurred_at".into(), "2999-01-01T00:00:00Z".into());
    envelope.wrap(data)
}

fn year_zero(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("occurred_at".into(), "0000-01-01T00:00:00Z".into());
    envelope.wrap(data)
}

fn no_time_at_all(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("occurred_at".into(), "the day before yesterday".into());
    envelope.wrap(data)
}

fn text_is_a_list(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("text".into(), json!(["one", "two"]));
    envelope.wrap(data)
}

/// Two hundred arrays within each other.
fn nested(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("custom".into(), "NESTED".into());
    let (headers, payload) = envelope.wrap(data);
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = String::from_utf8_lossy(&payload).replace("\"NESTED\"", &deep);
    (headers, text.into_bytes())
}

fn oversized_text(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.insert("text".into(), "log line pasted again and again. ".repeat(3_600).into());
    envelope.wrap(data)
}

fn nothing_in_it(_: &mut Rng, envelope: &Envelope, data: &mut Map<String, Value>) -> (Headers, Vec<u8>) {
    data.remove("text");
    data.remove("score");
    envelope.wrap(data)
}

/// The structured event with its envelope changed.
fn retouch(
    envelope: &Envelope,
    data: &Map<String, Value>,
    change: impl FnOnce(&mut Map<String, Value>),
) -> (Headers, Vec<u8>) {
    let (headers, payload) = envelope.wrap(data);
    let Ok(Value::Object(mut event)) = serde_json::from_slice(&payload) else { return (headers, payload) };
    change(&mut event);
    (headers, bytes(&Value::Object(event)))
}
