//! One record as the shelf has it: what a list and a record's page show.

use crate::report::RecordScore;
use feedback::{
    ids::Id,
    insight::Scale,
    judgement::SentimentLabel,
    score::ScoreKind,
    span::Span,
    time::{Day, Timestamp},
};

/// Columns of words that repeat; a row that tells none has the empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    SourceKind,
    /// The form, inbox or network.
    Source,
    Product,
    AppVersion,
    Platform,
    Territory,
    /// `unknown` where nobody knows it.
    Language,
    Segment,
    Account,
    /// Which answer of a response it is.
    Part,
    Question,
    ScoreKind,
    /// `unknown` where nobody knows it.
    Kind,
    Urgency,
    /// Who judged, by which taxonomy.
    Encoder,
    Taxonomy,
    /// The decision of the triage, how sure that is, and by which rules.
    Rule,
    Owner,
    Priority,
    Queue,
    Confidence,
    /// The judgement that was too unsure.
    Unsure,
    Rules,
}

impl Label {
    pub const ALL: [Self; 23] = [
        Self::SourceKind,
        Self::Source,
        Self::Product,
        Self::AppVersion,
        Self::Platform,
        Self::Territory,
        Self::Language,
        Self::Segment,
        Self::Account,
        Self::Part,
        Self::Question,
        Self::ScoreKind,
        Self::Kind,
        Self::Urgency,
        Self::Encoder,
        Self::Taxonomy,
        Self::Rule,
        Self::Owner,
        Self::Priority,
        Self::Queue,
        Self::Confidence,
        Self::Unsure,
        Self::Rules,
    ];

    /// As the table of facts names it.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::SourceKind => "source_kind",
            Self::Source => "source",
            Self::Product => "product",
            Self::AppVersion => "app_version",
            Self::Platform => "platform",
            Self::Territory => "territory",
            Self::Language => "language",
            Self::Segment => "segment",
            Self::Account => "account",
            Self::Part => "part",
            Self::Question => "question",
            Self::ScoreKind => "score_kind",
            Self::Kind => "kind",
            Self::Urgency => "urgency",
            Self::Encoder => "encoder",
            Self::Taxonomy => "taxonomy",
            Self::Rule => "triage_rule",
            Self::Owner => "triage_owner",
            Self::Priority => "triage_priority",
            Self::Queue => "triage_queue",
            Self::Confidence => "triage_confidence",
            Self::Unsure => "triage_unsure",
            Self::Rules => "triage_rules",
        }
    }

    /// What stands where the table has nothing.
    pub(super) fn missing(self) -> &'static str {
        if matches!(self, Self::Language | Self::Kind) { "unknown" } else { "" }
    }
}

/// Columns of texts of which hardly two are the same; empty where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    NativeId,
    Conversation,
    /// Pseudonyms, both of the same person.
    Author,
    AuthorAlias,
    Permalink,
    /// Redacted.
    Title,
    Body,
    /// Why the triage decided so.
    Reason,
}

impl Text {
    pub const ALL: [Self; 8] = [
        Self::NativeId,
        Self::Conversation,
        Self::Author,
        Self::AuthorAlias,
        Self::Permalink,
        Self::Title,
        Self::Body,
        Self::Reason,
    ];

    /// As the table of facts names it.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::NativeId => "native_id",
            Self::Conversation => "conversation_id",
            Self::Author => "author",
            Self::AuthorAlias => "author_alias",
            Self::Permalink => "permalink",
            Self::Title => "title",
            Self::Body => "body",
            Self::Reason => "triage_reason",
        }
    }
}

/// Probabilities and confidences, from 0 to 1, exact to a hundredth of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    Sentiment,
    Negative,
    Neutral,
    Positive,
    Kind,
    Urgency,
}

impl Sure {
    pub const ALL: [Self; 6] =
        [Self::Sentiment, Self::Negative, Self::Neutral, Self::Positive, Self::Kind, Self::Urgency];

    /// As the table of facts names it.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment_confidence",
            Self::Negative => "p_negative",
            Self::Neutral => "p_neutral",
            Self::Positive => "p_positive",
            Self::Kind => "kind_confidence",
            Self::Urgency => "urgency_confidence",
        }
    }
}

/// A topic of a record; the span counts characters of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention<T = String> {
    pub topic: T,
    pub sentiment: SentimentLabel,
    pub confidence: Option<f32>,
    pub span: Span,
}

/// What the model had said of a record that a person has corrected since, and who did that.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub by: String,
    pub at: Timestamp,
    /// Only of what was corrected.
    pub judged_sentiment: Option<SentimentLabel>,
    pub judged_kind: Option<String>,
    pub judged_topics: Option<Vec<Mention>>,
}

/// A record. Sentiment, kind and topics are those of the last correction, where there was one.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'p> {
    pub id: Id,
    pub day: Day,
    pub at: Timestamp,
    pub updated_at: Timestamp,
    pub stored_at: Timestamp,
    /// When the triage decided on it; `None` where it did not.
    pub triaged_at: Option<Timestamp>,
    /// Of the item, as its source counts.
    pub version: i64,
    pub labels: [&'p str; Label::ALL.len()],
    pub texts: [&'p str; Text::ALL.len()],
    pub sure: [Option<f32>; Sure::ALL.len()],
    pub sentiment: SentimentLabel,
    pub revenue: Option<f64>,
    pub score_value: Option<f64>,
    /// The ends of its scale.
    pub score_ends: Option<(f64, f64)>,
    pub topics: Vec<Mention<&'p str>>,
    pub tags: Vec<&'p str>,
    /// What the triage put on it, and where it sent it.
    pub triage_labels: Vec<&'p str>,
    pub triage_actions: Vec<&'p str>,
    /// What the triage decided by, in the body.
    pub triage_spans: Vec<Span>,
    /// With the version of its space; of eight bits a number.
    pub vector: Option<(&'p str, &'p [i8])>,
    pub correction: Option<&'p Correction>,
}

impl<'p> Row<'p> {
    /// `None` where the record tells none.
    #[must_use]
    pub fn label(&self, label: Label) -> Option<&'p str> {
        Some(self.labels[label as usize]).filter(|word| !word.is_empty())
    }

    /// `None` where the record has none.
    #[must_use]
    pub fn text(&self, text: Text) -> Option<&'p str> {
        Some(self.texts[text as usize]).filter(|text| !text.is_empty())
    }

    #[must_use]
    pub fn sure(&self, of: Sure) -> Option<f32> {
        self.sure[of as usize]
    }

    /// `None` where there is none, or of a kind that this version does not know.
    #[must_use]
    pub fn score(&self) -> Option<RecordScore> {
        let kind = ScoreKind::parse(self.labels[Label::ScoreKind as usize])?;
        let (min, max) = self.score_ends?;
        Some(RecordScore { scale: Scale { kind, min, max }, value: self.score_value? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_stands_at_its_own_place() {
        assert!(Label::ALL.iter().enumerate().all(|(at, label)| *label as usize == at));
        assert!(Text::ALL.iter().enumerate().all(|(at, text)| *text as usize == at));
        assert!(Sure::ALL.iter().enumerate().all(|(at, sure)| *sure as usize == at));
    }
}
