//! How fast histories and bench events are made: `cargo run -p demo --example speed`.

use demo::{History, Options, bench};
use feedback::time::Day;
use std::time::Instant;

fn main() {
    let started = Instant::now();
    let history = History::new(Options::new(Day(20_779)));
    let bytes: usize = history.events().iter().map(|event| event.payload.len()).sum();
    println!("{} events, {bytes} bytes in {:?}", history.events().len(), started.elapsed());
    println!("{:#?}", history.expect());
    let end = Day(20_779).start();
    let _ = bench::event(0, end);
    let started = Instant::now();
    let bytes: usize = (0..200_000).map(|i| bench::event(i, end).payload.len()).sum();
    println!("200,000 bench events, {} bytes each, in {:?}", bytes / 200_000, started.elapsed());
}
