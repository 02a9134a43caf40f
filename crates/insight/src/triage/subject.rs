//! What a rule sees of a record, borrowed from wherever it lies.

use feedback::{
    judgement::{FeedbackKind, SentimentLabel, Urgency},
    score::Score,
    span::Span,
};
use std::borrow::Cow;

/// A field for each thing that a rule may ask for; texts are redacted. What is not known stays as [`Default`] has it:
/// `Subject { product: Some("app"), ..Subject::new("ticket", "help-desk") }`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Subject<'a> {
    /// The source kind.
    pub source: &'a str,
    /// The form, inbox or network within it.
    pub event_source: &'a str,
    pub account: Option<&'a str>,
    pub segment: Option<&'a str>,
    /// Yearly, in the deployment's currency.
    pub revenue: Option<f64>,
    pub product: Option<&'a str>,
    /// Of the app.
    pub version: Option<&'a str>,
    pub language: Option<&'a str>,
    /// A label with its confidence; `None` counts as unknown.
    pub kind: Option<(FeedbackKind, f32)>,
    pub sentiment: Option<(SentimentLabel, f32)>,
    pub urgency: Option<(Urgency, f32)>,
    pub score: Option<Score>,
    pub topics: &'a [SubjectTopic<'a>],
    pub title: Option<&'a str>,
    pub body: &'a str,
}

/// A topic of the record; the span counts characters of the body, and is empty where the title names the topic.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectTopic<'a> {
    pub id: Cow<'a, str>,
    pub confidence: f32,
    pub span: Span,
}

impl<'a> Subject<'a> {
    #[must_use]
    pub fn new(source: &'a str, event_source: &'a str) -> Self {
        Self { source, event_source, ..Self::default() }
    }
}

impl<'a> SubjectTopic<'a> {
    #[must_use]
    pub fn new(id: &'a str, confidence: f32, span: Span) -> Self {
        Self { id: Cow::Borrowed(id), confidence, span }
    }
}
