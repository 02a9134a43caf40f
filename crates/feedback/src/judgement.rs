//! What the analysis says of a text, as every later room names it.

use crate::{labels::labels, span::Span};

labels! {
    /// `Unknown` is said below the confidence threshold and in a language the model does not know.
    SentimentLabel { Negative = "negative", Neutral = "neutral", Positive = "positive", Unknown = "unknown" }
}

labels! {
    /// What the customer wants: one word for the whole record.
    FeedbackKind {
        Bug = "bug",
        FeatureRequest = "feature_request",
        Complaint = "complaint",
        Praise = "praise",
        Question = "question",
        Cancellation = "cancellation",
        Other = "other",
        Unknown = "unknown",
    }
}

labels! {
    /// How soon somebody should look.
    Urgency { Low = "low", Normal = "normal", High = "high" }
}

/// Probabilities over negative, neutral and positive; they sum to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sentiment {
    pub label: SentimentLabel,
    /// Calibrated probability of the likeliest class, also when the label is `Unknown`.
    pub confidence: f32,
    /// In the order negative, neutral, positive.
    pub probabilities: [f32; 3],
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KindJudgement {
    pub label: FeedbackKind,
    pub confidence: f32,
}

/// One topic of a record, with the segment that carries it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicHit {
    /// Index into the taxonomy that judged it.
    pub topic: u16,
    pub confidence: f32,
    /// From the topic's own segments only.
    pub sentiment: SentimentLabel,
    /// Into the redacted body, in characters.
    pub span: Span,
}
