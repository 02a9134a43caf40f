//! How a taxonomy stands: what its topics hold and share, what they miss, and what another one would change.
//!
//! Knows: records on the shelf, their topics, words and vectors. Must not: judge a text, read or write a taxonomy's file, put
//! a customer's words into one by itself.
//!
//! Invariants:
//! - The same records give the same statements, on any number of cores.
//! - Every count says which filter lists its records.
//! - Candidates are bounded: in the records that are looked at, in groups, in what is told.
//! - Quotes are extracted, never written, and read from the shelf when they are shown.

mod candidates;
mod difference;
mod distinct;
mod groups;
mod standing;
mod suggest;
#[cfg(test)]
mod tests;

pub use candidates::{Candidate, Candidates, Excerpt, Place, candidates};
pub use difference::{Agreement, Agrees, Difference, Fate, Named, Said, TopicDifference, difference};
pub use standing::{Overlap, Standing, Volume, standing};
pub use suggest::{Suggestion, block, suggestion};
