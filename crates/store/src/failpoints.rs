//! Points within a commit where a test may stop the process, or where the disk may fail.
//!
//! Compiled to nothing without the feature `failpoints`. With it, `FAILPOINTS` (the crate `fail`) chooses, e.g.
//! `FAILPOINTS=store_files_put=return(/path/mark)`.

use std::io;

/// Notes are in `dead_letters`, nothing of the batch is in `feedback`.
pub const BETWEEN_TABLES: &str = "store_between_tables";
/// The batch's Parquet files lie beside `feedback`, no commit names them.
pub const FILES_PUT: &str = "store_files_put";
/// The commit is in the log of `feedback`, this process has not taken note of it.
pub const LOGGED: &str = "store_logged";
/// The edges within a commit, in the order in which a batch passes them.
pub const EDGES: [&str; 3] = [BETWEEN_TABLES, FILES_PUT, LOGGED];

/// Whenever a local file is written: `return(full)` and `return(away)` fail as the operating system does; with
/// `2*off->1*return(full)` the third write alone does, as on a disk that has room for the small files only.
pub const WRITE: &str = "store_write";
/// Whenever the suppressions are asked for: as [`WRITE`].
pub const SUPPRESSIONS: &str = "store_suppressions";

/// Beside what the crate `fail` can do, `return(FILE)` makes the thread write `FILE` and stop here: a test learns so
/// that it may kill the process. Or it lets the thread go on by removing the file.
pub fn pass(name: &'static str) {
    fail::fail_point!(name, stop);
    let _ = name;
}

#[cfg(feature = "failpoints")]
fn stop(mark: Option<String>) {
    let Some(mark) = mark.map(std::path::PathBuf::from) else { return };
    // A test that does not see the file says so.
    let _ = std::fs::write(&mark, "");
    while mark.exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// # Errors
/// What a test asked for.
pub(crate) fn fault(name: &'static str) -> io::Result<()> {
    fail::fail_point!(name, |kind| Err(match kind.as_deref() {
        Some("full") => io::ErrorKind::StorageFull.into(),
        _ => io::ErrorKind::TimedOut.into(),
    }));
    let _ = name;
    Ok(())
}
