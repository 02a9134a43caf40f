//! Cases, kept: from the stored facts and the log of what happened to each case.
//!
//! Knows: the log of cases (what its steps and payloads mean), how new facts come into cases, what people did to them.
//! Must not: decide what is alike, or what a state allows (`insight::cases` does), or show anything.
//!
//! Invariants:
//! - Whoever appends says up to where it had read the log: of two updates at once the second places again, by what the
//!   first one wrote, and no record comes to two cases.
//! - In a payload a record stands as an object of its own that names it, and in `quoted` with its pseudonyms: an erasure
//!   takes it out.

mod book;
mod known;
mod note;
mod steps;
mod tell;
#[cfg(test)]
mod testing;
mod update;

pub use book::{Book, Report};
#[cfg(test)]
pub use known::tests::invented;
pub use known::{CaseLoop, KnownCase, all, known};
pub use steps::{Done, step};
pub use tell::tell_cases;
pub use update::update_cases;

use crate::config::Config;
use crate::owners;
use anyhow::Result;
use feedback::time::Timestamp;
use insight::cases::CaseRules;

/// What makes two reports one case: as the triage rules say, or the default where there are none.
pub fn rules(config: &Config) -> Result<CaseRules> {
    Ok(owners::triage_file(config)?.map(|file| file.cases).unwrap_or_default())
}

/// RFC 3339, to the second.
pub fn time(at: Timestamp) -> String {
    at.to_datetime().map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
