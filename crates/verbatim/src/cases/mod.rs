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
//! - What is kept from one update to the next ([`Updates`]) is what whoever knows nothing would read: it decides nothing.
//!
//! What is kept takes about 170 bytes a report and 1.5 KB a case, of which 256 bytes are the sum of its vectors: a million
//! reports of the last weeks in 300,000 cases are 0.6 GB. Of cases that nothing can join any more 110 bytes a report and
//! 1 KB a case stay, as anybody needs who reads the log. To place a report takes a look at each case of its topic, kind
//! and product in its days (`insight::cases::group`).

mod book;
mod days;
mod escalate;
mod known;
mod near;
mod note;
mod steps;
mod tell;
#[cfg(test)]
mod testing;
mod update;
mod written;

pub use book::{Assigned, Book, Logged, Report};
pub use escalate::{Escalation, escalate};
#[cfg(test)]
pub use known::tests::invented;
pub use known::{KnownCase, all, known, known_held, known_within};
pub use steps::{Done, assign, assign_event, called, refusal, step, step_event};
pub use tell::{tell_cases, topic_name};
pub use update::{Updates, update_cases};

use crate::config::Config;
use crate::owners;
use anyhow::Result;
use feedback::time::Timestamp;
use insight::cases::CaseRules;

/// What makes two reports one case: as the triage rules say, or the default where there are none.
pub fn rules(config: &Config) -> Result<CaseRules> {
    Ok(owners::triage_file(config)?.map(|file| file.cases).unwrap_or_default())
}

#[cfg(test)]
mod space;

/// RFC 3339, to the second.
pub fn time(at: Timestamp) -> String {
    at.to_datetime().map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
