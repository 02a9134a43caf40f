//! What a digest tells, in full, and the plain things that are handed over for it.

use super::{link::Base, week::Week, words::EmergingWords};
use crate::{
    cases::{Life, LoopRow, Reach},
    report::{
        Filter, Period,
        model::{Figure, Mover, Partial, Quote, ScoreRow, SourceRow},
    },
    targets::Outcome,
};
use feedback::time::Timestamp;
use serde::Serialize;

/// A case as it is handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseTold {
    pub id: String,
    /// What it is about, in a customer's extracted words.
    pub title: String,
    /// A topic id, or `none`.
    pub topic: String,
    /// Empty where it names none.
    pub product: String,
    pub owner: String,
    pub life: Life,
    /// Of all its reports.
    pub reach: Reach,
    /// All of them.
    pub reports: Vec<CaseReport>,
}

/// A report of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseReport {
    /// The record's id.
    pub record: String,
    /// The name that stands for the person.
    pub person: Option<String>,
    pub occurred_at: Timestamp,
}

/// An alert as it is handed over.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertTold {
    pub id: String,
    pub title: String,
    pub state: AlertState,
    pub topic: Option<String>,
    pub product: Option<String>,
    pub owner: Option<String>,
    pub since: Timestamp,
    /// When it was resolved.
    pub until: Option<Timestamp>,
    pub people: u64,
    /// It was not sent, for its owner had had as many that week as they agreed to.
    pub over_budget: bool,
    /// Lists what it is about.
    pub filter: Option<Filter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    Firing,
    Resolved,
    Silenced,
}

impl AlertState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
            Self::Silenced => "silenced",
        }
    }
}

/// A week, told. Every list is whole: what a page has no room for is here too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Digest {
    pub week: Week,
    /// The days of the week that count: those that are over.
    pub period: Period,
    pub state: State,
    pub product: Option<String>,
    /// Whose topics it is about; all where nobody is named.
    pub owner: Option<String>,
    /// Their ids.
    pub topics: Vec<String>,
    /// The days of the week that are not over.
    pub partial: Option<Partial>,
    /// Something below is worth reading: a change, a case, an alert, a word, a goal that was missed.
    pub notable: bool,
    pub records: u64,
    /// Lists them; `None` where no filter does (of an owner's topics).
    pub records_filter: Option<Filter>,
    /// Of the week before, where there are records of all of it.
    pub previous: Option<Figure<u64>>,
    /// By week.
    pub weeks: Option<Weekly>,
    /// How many changes were looked at, and how many of those that this is about may be chance.
    pub tests: usize,
    pub unclear: usize,
    /// Real ones, the surest first.
    pub changes: Vec<Change>,
    /// New and growing ones, those with the most people in the week first.
    pub cases: Vec<Growing>,
    /// Cases with reports of the week that are neither: how many, and how many reports.
    pub other_cases: u64,
    pub other_reports: u64,
    pub resolved: Vec<Growing>,
    pub alerts: Vec<AlertTold>,
    pub targets: Vec<Outcome>,
    /// Of what occurred in the four weeks up to the end of this one.
    pub loops: Vec<LoopRow>,
    pub words: EmergingWords,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It has not begun.
    Future,
    /// No day of it is over.
    Begun,
    /// There are no records of any time.
    NoRecords,
    Told,
}

/// A change with the verdict "real".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    #[serde(flatten)]
    pub what: What,
    pub p: f64,
    pub q: f64,
    pub weeks: Weekly,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "changed", rename_all = "snake_case")]
pub enum What {
    /// All measures of one topic; the surest leads.
    Topic {
        id: String,
        movers: Vec<Mover>,
    },
    /// The negative share of a source.
    Source {
        row: Box<SourceRow>,
    },
    Score {
        row: Box<ScoreRow>,
    },
}

/// A figure by week.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weekly {
    pub of: WeeklyOf,
    pub first: Week,
    /// `None` where there is nothing to count yet, or too little to show. Shares are fractions.
    pub values: Vec<Option<f64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WeeklyOf {
    Records,
    Negative,
    Positive,
    Score,
    /// The share of those who say a word.
    Word,
}

/// A case with what the week brought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Growing {
    pub id: String,
    pub title: String,
    pub topic: String,
    pub product: String,
    pub owner: String,
    pub growth: GrowthOf,
    pub life: Life,
    pub reach: Reach,
    /// Of the week: reports, and the least number of people they can be of.
    pub reports: u64,
    pub people: u64,
    /// By week.
    pub weeks: Weekly,
    pub quotes: Vec<Quote>,
}

/// Why a case is told of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum GrowthOf {
    /// It began in the week.
    New,
    /// It was resolved, and came back in the week.
    Back,
    /// More reports than its weeks before had.
    Faster {
        /// Reports a week before.
        before: f64,
        p: f64,
        q: f64,
    },
    /// It was resolved in the week.
    Resolved,
}
