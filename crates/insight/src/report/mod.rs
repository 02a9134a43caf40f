//! The insight report: what a period's feedback says, with the uncertainty of every change.

mod build;
mod carriers;
pub(crate) mod facts;
pub mod filter;
mod judge;
mod known;
pub mod model;
mod movers;
mod people;
mod quotes;
mod read;
mod records;
pub mod render;
pub mod sample;
pub mod scope;
mod scores;
mod tables;
pub mod told;
mod topics;
mod volume;
mod words;

pub use build::{Inputs, report, report_of};
pub use filter::Filter;
pub use known::{Known, accounts, extent, known};
pub use model::Report;
pub use people::People;
pub(crate) use people::last_of_each;
pub(crate) use quotes::excerpt;
pub(crate) use records::in_band;
pub use records::{RecordLine, RecordScore, records};
pub use render::{count, printable, render, shell_word, wrap};
pub use scope::{Period, Scope};

#[cfg(test)]
mod tests;
