//! The edges of an attempt, where a test may stop the process.
//!
//! Compiled to nothing without the feature `failpoints`. With it, `FAILPOINTS` (the crate `fail`) chooses, e.g.
//! `FAILPOINTS=deliver_sent=return(/path/mark)`.

use std::path::PathBuf;
use std::time::Duration;

/// That the attempt begins is noted, nothing is sent.
pub const NOTED: &str = "deliver_noted";
/// It was sent, and answered; nothing of that is noted.
pub const SENT: &str = "deliver_sent";
/// The edges of an attempt, in the order in which it passes them.
pub const EDGES: [&str; 2] = [NOTED, SENT];

/// Beside what the crate `fail` can do, `return(FILE)` makes the thread write `FILE` and stop here, as the points of the
/// store do: a test learns so that it may kill the process. Or it lets the thread go on by removing the file.
pub(crate) fn pass(name: &'static str) {
    fail::fail_point!(name, stop);
    let _ = name;
}

// Here in any case: the macro asks whether `fail` has its feature, which another crate of the same build may have given it.
#[cfg_attr(not(feature = "failpoints"), allow(dead_code))]
fn stop(mark: Option<String>) {
    let Some(mark) = mark.map(PathBuf::from) else { return };
    // A test that does not see the file says so.
    let _ = std::fs::write(&mark, "");
    while mark.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
}
