//! What the history hands out: messages as they would stand in Kafka, and what each is meant to say.

use feedback::{
    judgement::{FeedbackKind, SentimentLabel},
    time::Timestamp,
};

/// The four sources, each with a Kafka topic of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    Survey,
    Ticket,
    Nps,
    Social,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Survey, Self::Ticket, Self::Nps, Self::Social];

    /// The source kind.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Ticket => "ticket",
            Self::Nps => "nps",
            Self::Social => "social",
        }
    }

    /// The Kafka topic.
    #[must_use]
    pub fn topic(self) -> &'static str {
        match self {
            Self::Survey => "feedback.survey",
            Self::Ticket => "feedback.ticket",
            Self::Nps => "feedback.nps",
            Self::Social => "feedback.social",
        }
    }
}

/// One message.
#[derive(Debug, Clone)]
pub struct DemoEvent {
    /// `feedback.survey`, `feedback.ticket`, `feedback.nps` or `feedback.social`.
    pub topic: &'static str,
    /// The record key, and so what decides the partition.
    pub key: String,
    /// CloudEvents in binary mode; empty in structured mode.
    pub headers: Vec<(&'static str, String)>,
    pub payload: Vec<u8>,
    /// When it arrives; events come in this order.
    pub at: Timestamp,
    pub truth: Truth,
}

/// What a message is, known to whoever wrote it.
#[derive(Debug, Clone, PartialEq)]
pub enum Truth {
    Item(ItemTruth),
    /// An ignore reason's code.
    Ignored(&'static str),
    /// A refusal's reason code.
    DeadLetter(&'static str),
}

/// One version of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemTruth {
    /// Numbers the items of a history.
    pub item: u64,
    pub source: Source,
    pub occurred_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    /// Numbers the messages before they are repeated: repeats share it.
    pub content: u64,
    /// Empty for a deletion.
    pub records: Vec<RecordTruth>,
}

/// What one record was meant to say.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordTruth {
    pub part: &'static str,
    /// Topic ids; empty for what belongs to no topic.
    pub topics: Vec<&'static str>,
    /// `None` where opinions are mixed, or where nothing but a score was given.
    pub sentiment: Option<SentimentLabel>,
    /// `None` where there are several, or no words.
    pub kind: Option<FeedbackKind>,
    /// ISO 639-1; `None` without words.
    pub language: Option<&'static str>,
    pub platform: &'static str,
}
