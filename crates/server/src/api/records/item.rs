//! A record as lists have it.

use crate::desk::{At, Date};
use insight::shelf::{Hit, Label, Text};
use serde::Serialize;
use utoipa::ToSchema;

/// A record. Texts are redacted, authors pseudonyms; what it tells nothing of is left out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Record {
    pub record_id: String,
    pub day: Date,
    pub at: At,
    /// The source kind, and the form, inbox or network within it.
    pub source: String,
    pub origin: String,
    pub native_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    pub language: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The body.
    pub text: String,
    /// Of the topic where one is asked for, else of the record.
    pub sentiment: String,
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<String>,
    /// Ids.
    pub topics: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Where the text speaks of the topic that is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// By the triage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    /// Who last said something of it in place of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Corrected>,
    /// How alike it is in meaning to what was asked for: a cosine, 1 for the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likeness: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Score {
    /// `nps`, `csat`, `ces` or `stars`.
    #[schema(value_type = String)]
    pub kind: &'static str,
    pub min: f64,
    pub max: f64,
    pub value: f64,
}

/// Characters (Unicode scalar values) of the body; the end is not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl From<feedback::span::Span> for Span {
    fn from(span: feedback::span::Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Corrected {
    pub by: String,
    pub at: At,
}

/// Of the export: the name of each column, and where it stands in a [`Record`].
pub(super) const COLUMNS: &[(&str, &str)] = &[
    ("record_id", "/record_id"),
    ("day", "/day"),
    ("at", "/at"),
    ("source", "/source"),
    ("origin", "/origin"),
    ("native_id", "/native_id"),
    ("author", "/author"),
    ("account", "/account"),
    ("segment", "/segment"),
    ("product", "/product"),
    ("platform", "/platform"),
    ("app_version", "/app_version"),
    ("territory", "/territory"),
    ("language", "/language"),
    ("question", "/question"),
    ("title", "/title"),
    ("text", "/text"),
    ("sentiment", "/sentiment"),
    ("kind", "/kind"),
    ("urgency", "/urgency"),
    ("topics", "/topics"),
    ("score_kind", "/score/kind"),
    ("score_value", "/score/value"),
    ("score_min", "/score/min"),
    ("score_max", "/score/max"),
    ("owner", "/owner"),
    ("priority", "/priority"),
    ("queue", "/queue"),
    ("reason", "/reason"),
    ("tags", "/tags"),
    ("permalink", "/permalink"),
    ("corrected_by", "/corrected/by"),
    ("corrected_at", "/corrected/at"),
    ("likeness", "/likeness"),
];

impl Record {
    #[must_use]
    pub fn of(hit: &Hit) -> Self {
        let row = hit.row();
        let label = |label| row.label(label).map(str::to_owned);
        let text = |text| row.text(text).map(str::to_owned);
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            record_id: row.id.to_string(),
            day: Date(row.day),
            at: At(row.at),
            source: label(Label::SourceKind).unwrap_or_default(),
            origin: label(Label::Source).unwrap_or_default(),
            native_id: text(Text::NativeId).unwrap_or_default(),
            author: text(Text::Author),
            account: label(Label::Account),
            segment: label(Label::Segment),
            product: label(Label::Product),
            platform: label(Label::Platform),
            app_version: label(Label::AppVersion),
            territory: label(Label::Territory),
            language: label(Label::Language).unwrap_or_default(),
            question: label(Label::Question),
            title: text(Text::Title),
            text: text(Text::Body).unwrap_or_default(),
            sentiment: hit.sentiment.as_str().to_owned(),
            kind: label(Label::Kind).unwrap_or_default(),
            urgency: label(Label::Urgency),
            topics: row.topics.iter().map(|mention| mention.topic.to_owned()).collect(),
            score: row.score().map(|score| Score {
                kind: score.scale.kind.as_str(),
                min: score.scale.min,
                max: score.scale.max,
                value: score.value,
            }),
            span: hit.span.map(Span::from),
            owner: label(Label::Owner),
            priority: label(Label::Priority),
            queue: label(Label::Queue),
            reason: text(Text::Reason),
            tags: owned(&row.tags),
            permalink: text(Text::Permalink),
            corrected: row.correction.map(|said| Corrected { by: said.by.clone(), at: At(said.at) }),
            likeness: hit.likeness,
        }
    }
}
