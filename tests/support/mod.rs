//! What the tests share: brokers, the program as a process, and the oracle.

pub mod broker;
pub mod columns;
pub mod events;
pub mod history;
pub mod hook;
pub mod http;
pub mod oracle;
pub mod planted;
pub mod process;
pub mod served;

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Says that a test could not run here, and why. Under `CI=true` that is a failure.
pub fn skip(reason: &str) {
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{name} must not be skipped: {reason}");
    println!("skipped: {name}: {reason}");
    if let Some(file) = std::env::var_os("VERBATIM_TEST_SKIPS") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        writeln!(file, "{name}\t{reason}").unwrap();
    }
}

/// A tool that `cargo xtask test` brings, or the reason to skip.
pub fn tool(variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    if found.is_none() {
        skip(&format!("{variable} is not set; `cargo xtask test` sets it"));
    }
    found
}

/// Waits for a state of another process, looked at again and again.
pub fn wait_for<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < patience, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
