//! The goals that a team set itself, and whether they are met: by the interval of the figure, never by the figure alone.
//!
//! Knows: `targets.toml`, current facts, the times of the loops. Must not: do I/O, read the clock.
//!
//! Invariants:
//! - Met and missed are said only where the whole interval of 95% lies on one side of the goal.
//! - Below five answers nothing is shown, below thirty there is the count and the interval and no verdict.
//! - Scales are never pooled, and neither are the questions that a source asks on one scale.
//! - What still waits counts in the times: as having taken at least so long.
//! - Nothing is met or missed by days before the first record, or by the topics of an owner who has none.

mod answers;
mod check;
mod file;
mod goal;
mod kpi;
mod measure;
mod outcome;
mod scope;
mod standing;
mod times;

pub use answers::{Answer, summary};
pub use check::{KnownNames, check};
pub use file::{Target, TargetsError, TargetsFile};
pub use goal::{Goal, Side};
pub use kpi::{Kpi, Unit, between, duration};
pub use measure::{Data, OwnerTopics, evaluate};
pub use outcome::{Outcome, Standing};
pub use scope::{Span, TargetScope};
pub use standing::standing;

pub(crate) use answers::answers;
pub(crate) use scope::{narrowed, records_of};

#[cfg(test)]
mod tests;
