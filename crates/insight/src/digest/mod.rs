//! The week on one page: what changed and is real, the cases, the alerts, the targets, the loops, the new words.
//!
//! Knows: the report of the week, cases, alerts and loops as they are handed over, targets. Must not: do I/O, read the
//! clock, judge anything that another room judges already.
//!
//! Invariants:
//! - The same inputs give the same bytes in every format. A week that is over is told as it stood at its end: what came
//!   later to a case, a loop or a target changes nothing.
//! - A change is told only with the verdict "real"; where there is none, one sentence says how much was looked at.
//! - A page holds a fixed number of points; the rest is counted, with the command that tells it. JSON holds all.
//! - Quotes are extracted, never written; texts of customers are data in every format.

mod build;
mod cases;
mod changes;
mod given;
mod link;
mod loops;
mod model;
mod page;
pub(crate) mod quotes;
pub mod render;
mod sentences;
mod series;
pub(crate) mod tokens;
mod week;
pub(crate) mod words;

pub use build::{Asked, Given, digest};
pub use given::{AlertState, AlertTold, Began, CaseReport, CaseTold};
pub use link::{Base, BaseError, Open};
pub use model::{AlertQuoted, Change, Digest, Growing, GrowthOf, NewCases, State, Weekly, WeeklyOf, What};
pub use page::{Page, Point, Said, Section, Spark, Tone, page};
pub use week::{Week, WeekError};
pub use words::{Emerging, EmergingWords};

#[cfg(test)]
mod tests;
