//! The way from a figure to the records it was counted from.

mod choices;
mod fields;
mod of_cases;
mod options;
mod predicate;
mod written;

use super::scope::{Period, Scope, date};
use crate::triage::Priority;
pub use choices::{Answers, Band, Weekday, Wording};
use feedback::{insight::Scale, judgement::SentimentLabel, time::Day};
pub use fields::BadField;
pub use of_cases::OfCases;
pub(super) use predicate::has_words;
use serde::{Deserialize, Serialize};
pub use written::{Moment, is_phrase, parse_days, parse_scale, scale_name};

/// Lists records: those that fit every field that is set. As JSON it holds just those; [`Filter::args`] writes the
/// same as arguments of `verbatim report --records`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    /// Days to leave out between those two, both ends included: what is usual outside a change.
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub except_from: Option<Day>,
    #[serde(with = "date::option", skip_serializing_if = "Option::is_none")]
    pub except_to: Option<Day>,
    /// More days to leave out, as `2026-02-01/2026-02-03`, with commas between: what stood out by itself is not
    /// usual either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also_except: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// A source kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What sent the events, any of these: a form, an inbox, a network, an imported file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub event_source: Vec<String>,
    /// A topic id, or `none` for the records without a topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Of what is said about the topic where one is named, else of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<SentimentLabel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<Wording>,
    /// Only what is judged: whose sentiment, as above, is known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub judged: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Which answer of a response a record is; empty where it is not one of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The question a record answers; empty where it tells none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// How the record's id begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// A score kind: nps, csat, ces, stars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// The scale the score stands on, as `0-10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<String>,
    /// Exactly this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
    /// The first moment, and the one that it is before: of what is counted by hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Moment>,
    /// Topic ids, any of these: records as wholes, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any_topic: Vec<String>,
    /// Whole words in any case, any of these, in the title or the body: as triage and alerts look for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phrase: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// Of the decision that was stored with the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Only what waits for a person, for a judgement was too unsure to decide by.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
    /// The reports of a case, by how its id begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// But for the reports of cases that are resolved.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unresolved: bool,
    /// What the log of cases says of these two.
    #[serde(skip)]
    pub of_cases: Option<OfCases>,
}

impl Filter {
    /// The records of a scope, in another period.
    #[must_use]
    pub fn of(scope: &Scope, period: Period) -> Self {
        Self {
            from: Some(period.from),
            to: Some(period.to),
            product: scope.product.clone(),
            source: scope.source.clone(),
            event_source: scope.event_source.clone(),
            topic: scope.topic.clone(),
            ..Self::default()
        }
    }

    /// All days of the filter but these.
    #[must_use]
    pub fn except(self, days: Period) -> Self {
        Self { except_from: Some(days.from), except_to: Some(days.to), ..self }
    }

    /// And these.
    #[must_use]
    pub fn also_except(self, days: &[Period]) -> Self {
        let names: Vec<String> = days.iter().map(|days| format!("{}/{}", days.from, days.to)).collect();
        Self { also_except: (!names.is_empty()).then(|| names.join(",")), ..self }
    }

    #[must_use]
    pub fn words(self, words: Wording) -> Self {
        Self { words: Some(words), ..self }
    }

    #[must_use]
    pub fn source(self, source: &str) -> Self {
        Self { source: Some(source.to_owned()), ..self }
    }

    #[must_use]
    pub fn topic(self, topic: &str) -> Self {
        Self { topic: Some(topic.to_owned()), ..self }
    }

    #[must_use]
    pub fn sentiment(self, sentiment: SentimentLabel) -> Self {
        Self { sentiment: Some(sentiment), ..self }
    }

    #[must_use]
    pub fn judged(self) -> Self {
        Self { judged: true, ..self }
    }

    #[must_use]
    pub fn scale(self, scale: Scale) -> Self {
        Self { score: Some(scale.kind.as_str().to_owned()), scale: Some(scale_name(scale)), ..self }
    }

    #[must_use]
    pub fn phrase(self, phrase: &str) -> Self {
        Self { phrase: vec![phrase.to_owned()], ..self }
    }

    #[must_use]
    pub fn case(self, id: &str) -> Self {
        Self { case: Some(id.to_owned()), ..self }
    }

    /// Without any bound on when it occurred.
    #[must_use]
    pub fn of_any_time(self) -> Self {
        Self {
            from: None,
            to: None,
            except_from: None,
            except_to: None,
            also_except: None,
            weekday: None,
            since: None,
            before: None,
            ..self
        }
    }
}
