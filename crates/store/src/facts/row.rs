//! One row of the table `feedback`, borrowed from wherever its values lie.

use super::triage::TriageFact;
use feedback::ids::Id;
use feedback::judgement::{KindJudgement, Sentiment, SentimentLabel, Urgency};
use feedback::score::Score;
use feedback::span::Span;
use feedback::time::Timestamp;
use std::borrow::Cow;

/// A field for each column; texts are redacted, people are pseudonyms before they come here.
///
/// A tombstone fills the identity, the times, the version and the position, sets `deleted` and leaves
/// the rest as [`Default`] has it.
#[derive(Debug, Clone)]
pub struct FactRow<'a> {
    /// Of the part: source kind, source, native id, part.
    pub record_id: Id,
    /// Of the item, which versions and deletions share.
    pub item_id: Id,
    pub source_kind: &'a str,
    pub source: &'a str,
    pub native_id: &'a str,
    pub part: &'a str,
    pub conversation_id: Option<&'a str>,
    pub version: i64,
    pub deleted: bool,
    pub content_hash: i64,
    /// Its day is the row's partition.
    pub occurred_at: Timestamp,
    pub updated_at: Timestamp,
    pub collected_at: Option<Timestamp>,
    pub ingested_at: Timestamp,
    pub author: Option<&'a str>,
    /// Another pseudonym of the same person.
    pub author_alias: Option<&'a str>,
    pub account: Option<&'a str>,
    pub segment: Option<&'a str>,
    pub revenue: Option<f64>,
    pub product: Option<&'a str>,
    pub app_version: Option<&'a str>,
    pub platform: Option<&'a str>,
    pub territory: Option<&'a str>,
    pub tags: &'a [Cow<'a, str>],
    pub permalink: Option<&'a str>,
    pub question: Option<&'a str>,
    pub title: Option<&'a str>,
    pub body: Option<&'a str>,
    pub agent_text: Option<&'a str>,
    pub score: Option<Score>,
    pub language: Option<&'a str>,
    pub sentiment: Option<Sentiment>,
    pub kind: Option<KindJudgement>,
    /// With its confidence.
    pub urgency: Option<(Urgency, f32)>,
    pub topics: &'a [TopicFact<'a>],
    /// Class (email, phone …) and how often it was replaced.
    pub redactions: &'a [(&'a str, i32)],
    /// A JSON object.
    pub metadata: Option<&'a str>,
    /// Empty where the record has no words.
    pub embedding: &'a [i8],
    pub encoder: Option<&'a str>,
    pub vector: Option<&'a str>,
    /// Of a transformer that reads every text; empty without one.
    pub network_embedding: &'a [i8],
    pub network_vector: Option<&'a str>,
    pub taxonomy: Option<&'a str>,
    /// `None` where no rules are set.
    pub triage: Option<TriageFact<'a>>,
    pub position_topic: &'a str,
    pub position_partition: i32,
    pub position_offset: i64,
}

/// A topic of the row; the span counts characters of `body`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TopicFact<'a> {
    pub topic: &'a str,
    pub confidence: f32,
    pub sentiment: SentimentLabel,
    pub span: Span,
}

impl Default for FactRow<'_> {
    fn default() -> Self {
        Self {
            record_id: Id(0),
            item_id: Id(0),
            source_kind: "",
            source: "",
            native_id: "",
            part: "",
            conversation_id: None,
            version: 1,
            deleted: false,
            content_hash: 0,
            occurred_at: Timestamp(0),
            updated_at: Timestamp(0),
            collected_at: None,
            ingested_at: Timestamp(0),
            author: None,
            author_alias: None,
            account: None,
            segment: None,
            revenue: None,
            product: None,
            app_version: None,
            platform: None,
            territory: None,
            tags: &[],
            permalink: None,
            question: None,
            title: None,
            body: None,
            agent_text: None,
            score: None,
            language: None,
            sentiment: None,
            kind: None,
            urgency: None,
            topics: &[],
            redactions: &[],
            metadata: None,
            embedding: &[],
            encoder: None,
            vector: None,
            network_embedding: &[],
            network_vector: None,
            taxonomy: None,
            triage: None,
            position_topic: "",
            position_partition: 0,
            position_offset: 0,
        }
    }
}
