//! What the analysis says of a text, as every later room names it.

use crate::span::Span;
use serde::{Deserialize, Serialize};

macro_rules! labels {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// In the order of the model's outputs.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

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
