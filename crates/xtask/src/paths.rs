//! Where things lie.

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    // crates/xtask is two levels below the root.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Cargo's target directory of this run.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// Downloaded tools; a cache that outlives builds of one checkout.
pub fn tools() -> PathBuf {
    target().join("tools")
}

/// As files say when they were made: 2026-11-26.
///
/// # Errors
/// Where the clock cannot be asked.
pub fn today() -> anyhow::Result<String> {
    let date = crate::run::run_quietly(std::process::Command::new("date").args(["--utc", "+%F"]))?;
    Ok(String::from_utf8_lossy(&date.stdout).trim().to_owned())
}
