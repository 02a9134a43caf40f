//! Weeks in which nothing happens: how often does a report call something real all the same?

use crate::support::history::{processor, report};
use ::demo::{History, Options};
use feedback::time::Day;

/// A Thursday, fixed so that the seeds tell the same histories for ever.
const END: Day = Day(20_776);
const SEEDS: u64 = 24;
const EVENTS: usize = 8_000;
/// Of 24 reports at a level of 5%, more than 5 call something real with a chance of 0.1% (binomial).
const MOST: usize = 5;

#[test]
fn reports_of_nothing_call_little_real() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let processor = processor();
    let mut loud = Vec::new();
    for seed in 1..=SEEDS {
        let dir = tempfile::tempdir().unwrap();
        let history = History::new(Options { events: EVENTS, ..Options::null(seed, END) });
        let report = runtime.block_on(report(dir.path(), &history, &processor));
        assert!(report.records.value > EVENTS as u64 / 2, "seed {seed} gave hardly any record");
        assert!(report.tests.count > 20, "seed {seed} tested hardly anything");
        if report.notable {
            let real: Vec<String> =
                report.movers.iter().map(|m| format!("{} {:?}", m.topic, m.verdict)).collect();
            loud.push(format!("seed {seed}: {}", real.join(", ")));
        }
    }
    assert!(
        loud.len() <= MOST,
        "{} of {SEEDS} reports call something real:\n{}",
        loud.len(),
        loud.join("\n")
    );
}
