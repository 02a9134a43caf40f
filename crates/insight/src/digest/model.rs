//! What a digest tells, in full.

use super::{given::AlertTold, link::Base, week::Week, words::EmergingWords};
use crate::{
    cases::{Life, LoopRow, Reach},
    report::{
        Filter, Period,
        model::{Figure, Mover, Partial, Quote, ScoreRow, SourceRow},
        scope::date,
    },
    targets::Outcome,
};
use feedback::time::{Day, Timestamp};
use serde::Serialize;

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
    /// The first day of all with records.
    #[serde(with = "date::option")]
    pub records_begin: Option<Day>,
    /// Something below is worth reading: a change, a case, an alert, a word, a goal that was missed.
    pub notable: bool,
    pub records: u64,
    /// Lists them; `None` of an owner without topics.
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
    pub new_cases: NewCases,
    pub resolved: Vec<Growing>,
    pub alerts: Vec<AlertQuoted>,
    /// Up to when alerts were evaluated, at most to the end of the week; `None` where nobody ever looked by then.
    pub alerts_until: Option<Timestamp>,
    pub targets: Vec<Outcome>,
    /// Of what began in the four weeks up to the end of this one.
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
    /// The first record is of a later week.
    NoRecordsYet,
    Told,
}

/// What new cases were compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct NewCases {
    /// How many began in the week, of any size, and in the weeks before.
    pub looked_at: u64,
    pub earlier: u64,
    /// Set where those are too few to tell what is usual: a new one is told from so many people on.
    pub from_people: Option<u64>,
}

/// An alert, with customers' words on it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertQuoted {
    #[serde(flatten)]
    pub alert: AlertTold,
    pub quotes: Vec<Quote>,
}

/// A change with the verdict "real".
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    #[serde(flatten)]
    pub what: What,
    pub p: f64,
    pub q: f64,
    pub weeks: Weekly,
    /// Of a source or a score, of those who speak as it moved; a topic's movers have their own.
    pub quotes: Vec<Quote>,
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

/// A case with what the week brought, as it stood at the end of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Growing {
    pub id: String,
    /// The words of the report that says best what it is about, and that record; `None` where nobody's words are left.
    pub title: String,
    pub record: Option<String>,
    pub topic: String,
    pub product: String,
    pub owner: String,
    pub growth: GrowthOf,
    pub life: Life,
    pub reach: Reach,
    /// Of the week: reports, and the least number of people they can be of.
    pub reports: u64,
    pub people: u64,
    /// Lists those reports.
    pub filter: Filter,
    /// By week.
    pub weeks: Weekly,
    pub quotes: Vec<Quote>,
}

/// Why a case is told of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum GrowthOf {
    /// It began in the week.
    New {
        /// How many cases that began in the weeks before had as many people in their first week, of how many.
        reached: u64,
        of: u64,
        /// `None` where these are too few to tell what is usual.
        p: Option<f64>,
        q: Option<f64>,
    },
    /// It was resolved, and came back in the week.
    Back,
    /// More people than in its weeks before.
    Faster {
        /// People a week before.
        before: f64,
        p: f64,
        q: f64,
    },
    /// It was resolved in the week.
    Resolved,
}
