//! How long decoding takes: `cargo run --release -p feedback --example decode_speed`.
//!
//! Prints, for an event of each contract in both modes, its size and the time of one decode on one core: the mean
//! of the best of many short batches, so that what else runs on the machine matters little.

use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    kind::Registry,
    limits::Limits,
    time::Timestamp,
};
use std::{hint::black_box, time::Instant};

const BATCHES: u32 = 60;
const ROUNDS: u32 = 2_000;

const HEAD: &str = r#""id":"0b6f6f0e-5f3c-4c0e-9f57-6c1a1f0e4d11","source":"typeform/exit-survey","time":"2026-11-20T08:15:30.123Z""#;

const COMMON: &str = r#""id":"r-184467","version":2,"occurred_at":"2026-11-20T08:15:29Z","author":{"id":"u-5521","email":"kim@example.com","account":"Northwind","segment":"enterprise","revenue":48000},"product":"web","app_version":"5.12.1","platform":"ios","territory":"DE","tags":["beta","renewal"]"#;

const EVENTS: &[(&str, &str)] = &[
    (
        "survey",
        r#""answers":[{"id":"q1","question":"What could we improve?","text":"The export to our warehouse takes an hour and then fails without a message."},{"id":"q2","score":{"kind":"csat","value":3}}]"#,
    ),
    (
        "ticket",
        r#""title":"Export fails","status":"open","messages":[{"role":"customer","text":"Since Monday the nightly export ends with error 504, \"gateway\"."},{"role":"agent","name":"Ines","text":"Could you send us the log?"},{"role":"customer","text":"Attached."}]"#,
    ),
    (
        "nps",
        r#""score":9,"question":"How likely are you to recommend us?","text":"Fast and simple, and the new dashboards are a joy; only the phone app still logs me out each morning.","channel":"in_app""#,
    ),
    (
        "social",
        r#""title":"Good, with one wish","score":{"kind":"stars","value":4},"language":"en","permalink":"https://example.com/reviews/184467","network":"appstore","text":"Does what it says. I would pay for offline maps at once.""#,
    ),
];

fn main() {
    let decoder = Decoder::new(Registry::default(), Limits::default());
    println!("{:<20} {:>6} {:>8}", "event", "bytes", "ns");
    for (kind, own) in EVENTS {
        let data = format!("{{{COMMON},{own}}}");
        let kind_header = format!("feedback.{kind}.created");
        let structured = format!(r#"{{"specversion":"1.0",{HEAD},"type":"{kind_header}","data":{data}}}"#);
        measure(&format!("{kind}, structured"), &decoder, &structured, Headers::default());
        let headers = [
            ("ce_specversion", "1.0"),
            ("ce_id", "0b6f6f0e"),
            ("ce_source", "typeform/exit-survey"),
            ("ce_type", &*kind_header),
            ("ce_time", "2026-11-20T08:15:30.123Z"),
        ];
        let headers = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        measure(&format!("{kind}, binary"), &decoder, &data, headers);
    }
}

fn measure(name: &str, decoder: &Decoder, payload: &str, headers: Headers<'_>) {
    let now = Timestamp(1_796_000_000_000_000);
    let decoded = decoder.decode(payload.as_bytes(), headers, now);
    assert!(matches!(decoded, Ok(Decoded::Item(_))), "{name}: {decoded:?}");
    let batch = || {
        let start = Instant::now();
        for _ in 0..ROUNDS {
            let _ = black_box(decoder.decode(black_box(payload.as_bytes()), headers, now));
        }
        start.elapsed().as_nanos() / u128::from(ROUNDS)
    };
    let best = (0..BATCHES).map(|_| batch()).min().unwrap_or_default();
    println!("{name:<20} {:>6} {best:>8}", payload.len());
}
