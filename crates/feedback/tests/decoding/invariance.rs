//! What does not matter: how a message is spelled, which event carried it, how often it came.

use crate::{fixtures::*, payloads::payload};
use dice::Dice;
use feedback::{decode::Decoded, record::Item};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write;

/// A few bits at a time from one seed that proptest can shrink.
mod dice {
    pub struct Dice(pub u64);

    impl Dice {
        /// SplitMix64.
        pub fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((mixed ^ mixed >> 31) % sides as u64) as usize
        }
    }
}

fn space(dice: &mut Dice, out: &mut String) {
    for _ in 0..dice.roll(3) {
        out.push([' ', '\n', '\t', '\r'][dice.roll(4)]);
    }
}

fn quote(text: &str, dice: &mut Dice, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if dice.roll(8) == 0 || character < ' ' || matches!(character, '"' | '\\') {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04X}").unwrap();
            }
        } else {
            out.push(character);
        }
    }
    out.push('"');
}

/// The same JSON with its keys in another order, white space anywhere and escapes where none are needed.
fn spell(value: &Value, dice: &mut Dice, out: &mut String) {
    space(dice, out);
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            for last in (1..fields.len()).rev() {
                fields.swap(last, dice.roll(last + 1));
            }
            out.push('{');
            for (index, (name, value)) in fields.into_iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                space(dice, out);
                quote(name, dice, out);
                space(dice, out);
                out.push(':');
                spell(value, dice, out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                spell(value, dice, out);
            }
            out.push(']');
        }
        Value::String(text) => quote(text, dice, out),
        other => write!(out, "{other}").unwrap(),
    }
    space(dice, out);
}

fn hash(event: &Value) -> i64 {
    match decode(event.to_string().as_bytes()) {
        Ok(Decoded::Item(item)) => item.content_hash,
        other => panic!("{event}: {other:?}"),
    }
}

proptest! {
    /// All of the outcome: ids, texts, metadata and hash.
    #[test]
    fn spelling_does_not_matter((kind, data) in payload(), seed in any::<u64>()) {
        let event = event(kind, "created", data);
        let mut other = String::new();
        spell(&event, &mut Dice(seed), &mut other);
        let plain = event.to_string();
        prop_assert_eq!(decode(plain.as_bytes()), decode(other.as_bytes()));
    }

    #[test]
    fn the_envelope_does_not_enter_the_hash((kind, mut data) in payload(), id in "[a-z]{1,8}") {
        data["occurred_at"] = json!("2026-10-01T00:00:00Z");
        data["messages"] = json!([{"role": "customer", "text": "in any case an item"}]);
        let first = event(kind, "created", data.clone());
        let mut second = event(kind, "updated", data);
        second["id"] = id.into();
        second["time"] = json!("2026-10-30T00:00:00Z");
        prop_assert_eq!(hash(&first), hash(&second));
    }
}

#[test]
fn every_field_enters_the_hash() {
    let ticket = json!({
        "id": 1, "version": 1, "occurred_at": "2026-10-01", "updated_at": "2026-10-02", "conversation_id": "c",
        "title": "t", "product": "p", "app_version": "1", "platform": "ios", "territory": "DE", "language": "de",
        "permalink": "https://example.com", "tags": ["a", "b"], "score": 3, "status": "open",
        "author": {"id": "i", "email": "e", "name": "n", "account": "a", "segment": "s", "revenue": 1},
        "messages": [{"role": "customer", "text": "x"}, {"role": "agent", "text": "y", "name": "z"}],
    });
    let base = event("ticket", "created", ticket);
    let mut seen = std::collections::HashMap::from([(hash(&base), "nothing".to_owned())]);
    for (pointer, value) in [
        ("/source", json!("other")),
        ("/data/id", json!(2)),
        ("/data/version", json!(2)),
        ("/data/occurred_at", json!("2026-10-01T00:00:01Z")),
        ("/data/updated_at", json!("2026-10-03")),
        ("/data/conversation_id", json!("d")),
        ("/data/title", json!(null)),
        ("/data/product", json!("q")),
        ("/data/app_version", json!("2")),
        ("/data/platform", json!("web")),
        ("/data/territory", json!("AT")),
        ("/data/language", json!("en")),
        ("/data/permalink", json!("https://example.org")),
        ("/data/tags", json!(["ab"])),
        ("/data/tags", json!(["b", "a"])),
        ("/data/score", json!(4)),
        ("/data/score", json!({"value": 3, "max": 10})),
        ("/data/score", json!({"value": 3, "kind": "stars"})),
        ("/data/status", json!("closed")),
        ("/data/author/id", json!("j")),
        ("/data/author/email", json!("f")),
        ("/data/author/name", json!("m")),
        ("/data/author/account", json!("b")),
        ("/data/author/segment", json!("r")),
        ("/data/author/revenue", json!(2)),
        ("/data/messages/0/text", json!("xy")),
        ("/data/messages/1/text", json!("yz")),
        ("/data/messages/1/role", json!("customer")),
        ("/data/messages/1/name", json!("zz")),
    ] {
        let mut changed = base.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        if let Some(other) = seen.insert(hash(&changed), pointer.to_owned()) {
            panic!("{pointer} hashes as {other} does");
        }
    }
}

/// The hash decides between versions in tables that outlive this build, so its value is pinned.
#[test]
fn the_hash_is_the_same_on_every_machine() {
    let data = json!({"id": "n-1", "score": 9, "text": "Schön.", "occurred_at": 1_760_000_000, "x": {"b": 1, "a": [2]}});
    assert_eq!(hash(&event("nps", "created", data)), PINNED);
}

const PINNED: i64 = -8_812_418_341_927_421_807;

#[test]
fn a_deletion_wins_a_tie() {
    let payload = event("nps", "deleted", json!({"id": 1})).to_string();
    let Ok(Decoded::Item(item)) = decode(payload.as_bytes()) else { panic!("no item") };
    assert_eq!(item.content_hash, Item::DELETED_HASH);
}
