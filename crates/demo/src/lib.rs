//! Twelve weeks in the life of an invented company: what its customers say, as messages for Kafka.
//!
//! Knows: how people talk, who they are, what happened in the company (the plants), and the payload contracts.
//! Must not: do I/O, read the clock, or classify anything; what a text was meant to say is known from writing it.
//!
//! Invariants:
//! - A history is a pure function of its options: the same messages on every machine.
//! - Without plants nothing changes from week to week: volumes are Poisson at constant rates (by day of the week
//!   where a rhythm is asked for), topics and moods are drawn independently at constant shares. With the same
//!   seed it is the same history, told without its stories.
//! - [`Expect`] follows from what was written, not from any decoder.
//! - No text comes from a data set, no person, number or address is real.

pub mod bench;
mod broken;
mod calendar;
pub mod canary;
pub mod company;
mod compose;
mod delivery;
mod envelope;
pub mod event;
mod expect;
mod grammar;
mod history;
mod opinion;
pub mod people;
pub mod pii;
pub mod plants;
mod register;
pub mod rng;
mod sources;
mod teller;
mod texts;
mod typos;

pub use calendar::{DAYS, Period, WEEKS, rfc3339};
pub use event::{DemoEvent, ItemTruth, RecordTruth, Source, Truth};
pub use expect::Expect;
pub use history::{History, Options};
pub use plants::{Direction, Measure, Plant, Story};
