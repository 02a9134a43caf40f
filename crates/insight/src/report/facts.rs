//! What a report asks of the current facts, wherever they are held.

use super::scope::{Period, Scope};
use crate::{
    error::InsightError,
    texts::{Text, Texts},
};
use feedback::{
    ids::Id,
    insight::{InsightRow, Scale},
    judgement::SentimentLabel,
    score::ScoreKind,
    span::Span,
    time::{Day, Timestamp},
};
use std::{collections::HashMap, sync::Arc};

/// The current facts: of the tables ([`super::tables`]) or of the shelf, which give the same answers. Days are of the scope's
/// product and sources; where it names a topic a record counts as often as it mentions that.
pub(crate) trait Facts {
    /// Days, products, sources and topics counted, as the table of insights has them.
    fn rolled_up(&self, scope: &Scope, days: Period) -> Result<Vec<InsightRow>, InsightError>;

    /// The first and the last day of all with records of the scope's product and sources.
    fn reach(&self, scope: &Scope) -> Result<Option<Period>, InsightError>;

    /// The records by what is known of their words, each kind once or several times.
    fn worded(&self, scope: &Scope, days: Period) -> Result<Vec<(Worded, u64)>, InsightError>;

    /// In any order.
    fn answers(&self, scope: &Scope, days: Period) -> Result<Vec<Answer>, InsightError>;

    /// Mentions of these topics and all records, whatever topic the scope names.
    fn cells(&self, scope: &Scope, days: Period, topics: &[String]) -> Result<Cells, InsightError>;

    /// Mentions of a topic in records with a body, whatever topic the scope names, with this sentiment where there is one:
    /// the `most` that were surest, to a hundredth of a percent, and of equals those with the first ids.
    fn surest(
        &self,
        scope: &Scope,
        days: Period,
        of: (&str, Option<SentimentLabel>),
        most: usize,
    ) -> Result<Vec<Sure>, InsightError>;

    /// The bodies of records of some days.
    fn bodies(&self, records: &[(Day, Id)]) -> Result<HashMap<Id, String>, InsightError>;
}

/// What is known of a record's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Worded {
    pub source: String,
    /// `unknown` where nobody knows it.
    pub kind: String,
    /// `unknown` where nobody knows it.
    pub language: String,
    pub has_words: bool,
    /// Its sentiment, or that of what it says on the scope's topic, is not known.
    pub is_unknown: bool,
    /// It has no topic.
    pub is_untold: bool,
}

/// Stands for one person; of the same facts the same ones are the same.
pub(crate) type Person = u128;

/// One answer with a score.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub scale: Scale,
    pub source: Arc<str>,
    pub part: Arc<str>,
    pub question: Arc<str>,
    pub person: Option<Person>,
    pub at: Timestamp,
    pub day: Day,
    pub record: Id,
    pub value: f64,
}

/// A question: the part of the response that answers it, or its wording where the response has no parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked<'a> {
    pub part: &'a str,
    pub question: &'a str,
}

impl Answer {
    pub fn asked(&self) -> Asked<'_> {
        // NPS is one question, whatever its wording.
        let part = if self.scale.kind == ScoreKind::Nps { "" } else { &*self.part };
        let is_told = self.scale.kind != ScoreKind::Nps && part.is_empty();
        Asked { part, question: if is_told { &self.question } else { "" } }
    }
}

/// What mentions may have in common.
pub(crate) const CARRIERS: [&str; 4] = ["product", "platform", "app_version", "territory"];

/// Mentions of some topics, and all records, counted by what they have in common; the same may stand there several times.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    pub texts: Texts,
    pub mentions: Vec<Cell>,
    pub records: Vec<Cell>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// The empty text where all records are counted.
    pub topic: Text,
    /// Unknown where all records are counted.
    pub sentiment: SentimentLabel,
    pub day: Day,
    /// In the order of [`CARRIERS`]; empty where unknown.
    pub values: [Text; CARRIERS.len()],
    pub n: u64,
}

/// A mention that may be quoted.
#[derive(Debug, Clone)]
pub(crate) struct Sure {
    pub record: Id,
    pub day: Day,
    pub source: String,
    pub person: Option<Person>,
    /// From 0 to 1.
    pub confidence: f64,
    pub span: Span,
}
