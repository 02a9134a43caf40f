//! An insight: one aggregated row of a day. It holds only what adds up, so that any period is an exact sum.

use crate::{score::ScoreKind, time::Day};
use serde::{Deserialize, Serialize};

/// The topic of the rows that count every record once.
pub const ALL_TOPICS: &str = "*";
/// The topic of the rows that count the records without any topic.
pub const NO_TOPIC: &str = "none";

/// What an insight counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InsightKey {
    pub day: Day,
    /// Empty where the record names none.
    pub product: String,
    pub source_kind: String,
    /// A topic id, [`ALL_TOPICS`] or [`NO_TOPIC`].
    pub topic: String,
    /// `None` for the records without a score.
    pub scale: Option<Scale>,
}

/// A score kind on one scale; scales are never pooled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    pub kind: ScoreKind,
    pub min: f64,
    pub max: f64,
}

/// Counts of current records; every field adds up over days, products and sources.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct InsightCounts {
    pub records: i64,
    pub negative: i64,
    pub neutral: i64,
    pub positive: i64,
    pub sentiment_unknown: i64,
    pub bug: i64,
    pub feature_request: i64,
    pub complaint: i64,
    pub praise: i64,
    pub question: i64,
    pub cancellation: i64,
    pub other: i64,
    pub kind_unknown: i64,
    pub urgent: i64,
    pub score_n: i64,
    pub score_sum: f64,
    pub score_sum_sq: f64,
    /// NPS only: 9 and 10; 7 and 8; 0 to 6.
    pub promoters: i64,
    pub passives: i64,
    pub detractors: i64,
    /// Satisfied answers: on scales of up to three boxes the best one, up to eleven the two best, on wider ones
    /// the best fifth.
    pub top2: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InsightRow {
    #[serde(flatten)]
    pub key: InsightKey,
    #[serde(flatten)]
    pub counts: InsightCounts,
}
