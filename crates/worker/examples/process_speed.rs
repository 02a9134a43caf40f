//! Rows per second and core of each stage, on the benchmark's events: decode, process, encode to Parquet.
//! `cargo run -p worker --example process_speed -- [events]`

use analyze::pseudonym::PseudonymKey;
use analyze::taxonomy::Taxonomy;
use analyze::{Analyzer, Options};
use feedback::decode::Decoder;
use feedback::event::Headers;
use feedback::kind::Registry;
use feedback::limits::Limits;
use feedback::time::Timestamp;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;
use store::Suppressions;
use worker::process::{Desk, Message};
use worker::{Processor, WorkerMetrics};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(40_000), |count| count.parse())?;
    let end = Timestamp(1_790_000_000_000_000);
    let events: Vec<_> = (0..count).map(|i| demo::bench::event(i, end)).collect();
    let bytes: usize = events.iter().map(|event| event.payload.len()).sum();
    println!("{count} events of {} bytes", bytes / events.len().max(1));
    let decoder = Decoder::new(Registry::default(), Limits::default());
    let started = Instant::now();
    for event in &events {
        let _ = black_box(decoder.decode(&event.payload, Headers::default(), end));
    }
    report("decode", count, started);

    let analyzer = Analyzer::new(Taxonomy::standard()?, Options::default())?;
    let key = PseudonymKey::from_bytes(std::array::from_fn(|at| at as u8))?;
    let processor = Processor::new(decoder, analyzer, key, Arc::new(WorkerMetrics::new()));
    let mut desk = Desk::default();
    let suppressions = Suppressions::default();
    for round in ["process", "process, warm"] {
        let started = Instant::now();
        for (offset, event) in events.iter().enumerate() {
            let message = Message {
                payload: &event.payload,
                headers: Headers::default(),
                topic: event.topic,
                partition: 0,
                offset: offset as i64,
                ingested_at: end,
            };
            processor.process(&message, &suppressions, &mut desk);
        }
        report(round, count, started);
        let started = Instant::now();
        let files = desk.facts.encode()?;
        report("encode", count, started);
        println!("{} bytes of Parquet a row", files.bytes() / files.rows().max(1));
    }
    Ok(())
}

fn report(stage: &str, count: u64, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{stage:14} {:9.0} events/s, {:6.2} µs each",
        count as f64 / seconds,
        seconds * 1e6 / count as f64
    );
}
