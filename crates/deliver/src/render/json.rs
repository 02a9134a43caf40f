//! The body of the generic webhook and of the Kafka topic. Its names are a contract: new ones may come, none goes.

use crate::note::{Block, Link, Note};
use crate::outbox::Key;
use chrono::SecondsFormat;
use serde::Serialize;

/// Raised where a receiver has to be changed.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Body<'n> {
    version: u32,
    /// What the header `idempotency-key` says.
    key: &'n Key,
    id: &'n str,
    kind: &'static str,
    severity: &'static str,
    step: &'n crate::note::Step,
    group: &'n str,
    /// RFC 3339.
    occurred_at: String,
    title: &'n str,
    summary: &'n str,
    blocks: &'n [Block],
    links: &'n [Link],
}

/// JSON on one line. Strings are as they are in the note: whoever shows them escapes them.
#[must_use]
pub fn body(note: &Note, key: &Key) -> String {
    let occurred = note.occurred.to_datetime();
    let body = Body {
        version: VERSION,
        key,
        id: &note.id,
        kind: note.kind.name(),
        severity: note.severity.name(),
        step: &note.step,
        group: &note.group,
        occurred_at: occurred.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default(),
        title: &note.title,
        summary: &note.summary,
        blocks: &note.blocks,
        links: &note.links,
    };
    // Strings, numbers and lists of them: there is nothing that JSON cannot say.
    serde_json::to_string(&body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::samples;
    use serde_json::{Value, json};

    #[test]
    fn a_receiver_finds_what_it_needs() {
        let key = Key::of("alert-7", "crm");
        let body: Value = serde_json::from_str(&body(&samples::alert(), &key)).unwrap();
        for (field, value) in [
            ("version", json!(1)),
            ("key", json!(key.as_str())),
            ("id", json!("alert-7")),
            ("kind", json!("alert")),
            ("severity", json!("critical")),
            ("step", json!("opens")),
            ("group", json!("incident-7")),
            ("occurred_at", json!("2025-11-27T08:00:00Z")),
        ] {
            assert_eq!(body[field], value, "{field}");
        }
        assert_eq!(body["blocks"][0], json!({"block": "heading", "text": "What moved"}));
        assert_eq!(body["blocks"][5]["rows"][1], json!({"cells": ["login", "8%"], "bar": 0.25}));
        assert_eq!(body["links"][0]["url"], "https://v.example/alerts/7");
    }
}
