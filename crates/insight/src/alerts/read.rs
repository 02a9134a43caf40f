//! The records of the table, as series and as the people behind them.
//!
//! A series' records are found by what it is about, not by a look at all of them: there are very many records, and of every
//! two changes it is asked what they share.

mod asked;
mod behind;
mod carriers;
mod members;
mod reading;
mod reported;

pub use reading::{Facts, days, read};

use super::{hour::Hour, series::What};
use crate::texts::{Text, Texts};
use feedback::{score::Score, time::Timestamp};
use std::collections::HashMap;

/// Fields that a change may be carried by.
const CARRIERS: [&str; 7] =
    ["segment", "product", "platform", "app_version", "territory", "language", "source_kind"];
const PRODUCT: usize = 1;
const SOURCE: usize = 6;

/// Current records, the first first.
#[derive(Debug)]
pub struct Stored {
    /// The first hour that was read, and the first one that was not.
    from: Hour,
    to: Hour,
    records: Vec<Record>,
    /// What each thing is said in, in the order of the records; all of them under [`What::All`].
    whats: HashMap<What, Vec<Mention>>,
    /// Cases that are not among them, for they have too few reports to be watched.
    small_cases: usize,
    texts: Texts,
}

#[derive(Debug)]
struct Record {
    id: Box<str>,
    at: Hour,
    occurred: Timestamp,
    /// The name that stands for the person; `None` where nobody knows who it was.
    person: Option<Text>,
    answer: Option<Answer>,
    /// Of the customer.
    has_words: bool,
    /// In the order of [`CARRIERS`]; empty where unknown.
    carriers: [Text; CARRIERS.len()],
}

/// A score, and to which question it is the answer: [`super::series::Question`], which is either its part or its wording.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Answer {
    score: Score,
    part: Text,
    wording: Text,
}

/// That a record is about something.
#[derive(Debug, Clone, Copy)]
struct Mention {
    /// The record's place.
    row: u32,
    /// Whether what it says of that is negative; `None` where it is not judged.
    is_negative: Option<bool>,
}

impl Record {
    /// Empty where none is told.
    fn product(&self) -> Text {
        self.carriers[PRODUCT]
    }

    fn source(&self) -> Text {
        self.carriers[SOURCE]
    }
}

#[cfg(test)]
pub(super) mod tests;
