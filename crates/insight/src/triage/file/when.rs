//! What a rule asks of a record, as the file has it. A list holds where one of its values fits; a key that is not there
//! asks nothing.

use crate::report::filter::parse_scale;
use feedback::{
    judgement::{FeedbackKind, SentimentLabel, Urgency},
    score::ScoreKind,
};
use serde::{Deserialize, Deserializer, de::Error as _};

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// Source kinds.
    pub source: Option<Vec<String>>,
    /// Forms, inboxes, networks, imported files.
    pub event_source: Option<Vec<String>>,
    pub account: Option<Vec<String>>,
    pub segment: Option<Vec<String>>,
    pub product: Option<Vec<String>>,
    /// Of the app: `7.3` takes in `7.3.1`, but not `7.30`.
    pub version: Option<Vec<String>>,
    pub language: Option<Vec<String>>,
    pub kind: Option<Vec<FeedbackKind>>,
    /// Of the record as a whole.
    pub sentiment: Option<Vec<SentimentLabel>>,
    pub urgency: Option<Vec<Urgency>>,
    pub score: Option<ScoreRange>,
    #[serde(deserialize_with = "number")]
    pub revenue_at_least: Option<f64>,
    #[serde(deserialize_with = "number")]
    pub revenue_at_most: Option<f64>,
    /// Topic ids, each with all below it; `none` are the records without a topic.
    pub topics_any: Option<Vec<String>>,
    pub topics_all: Option<Vec<String>>,
    /// Whole words or phrases of the title or the body, in any case.
    pub words: Option<Vec<String>>,
}

/// Answers on one scale, both ends included and in its own terms: `{ kind = "csat", scale = "1-5", at_most = 2 }`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRange {
    pub kind: ScoreKind,
    /// That of the kind where the file names none.
    #[serde(default, deserialize_with = "scale")]
    pub scale: Option<(f64, f64)>,
    #[serde(default, deserialize_with = "number")]
    pub at_least: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    pub at_most: Option<f64>,
}

fn scale<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<(f64, f64)>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (min, max) = parse_scale(&text)
        .filter(|(min, max)| min < max)
        .ok_or_else(|| D::Error::custom(format!("{text:?} is no scale: write its ends, as in \"0-10\"")))?;
    Ok(Some((min, max)))
}

/// TOML has `nan`, which lies in no range and outside of none.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = f64::deserialize(deserializer)?;
    if number.is_nan() {
        return Err(D::Error::custom("nan is no bound: write a number"));
    }
    Ok(Some(number))
}
