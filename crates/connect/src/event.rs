//! The event that a payload becomes: the fields of our contracts, written as a structured CloudEvent.

use crate::vendor::Setting;
use serde::Serialize;
use serde_json::{Map, Value};

/// One version of one item. Times are what [`crate::time`] gives: RFC 3339, UTC.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// When the vendor made the event.
    pub time: Option<String>,
    pub item: Item,
    pub said: Said,
}

/// What all contracts have in common (`common.schema.json`).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Item {
    /// The vendor's id of the response, ticket or post.
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    #[serde(skip_serializing_if = "Author::is_empty")]
    pub author: Author,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permalink: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Sent to try the connection.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// What else is worth a filter: a status, a channel, an answer without words.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Author {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
}

impl Author {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What was said, by contract.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Said {
    Survey {
        answers: Vec<Answer>,
    },
    Ticket {
        messages: Vec<Message>,
        #[serde(skip_serializing_if = "Option::is_none")]
        score: Option<Score>,
        #[serde(skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        priority: Option<String>,
    },
    /// A score and a comment, or a post with stars.
    Words {
        #[serde(skip_serializing_if = "Option::is_none")]
        question: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        score: Option<Score>,
    },
    Deleted {},
}

#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Answer {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// A choice or a number: kept as metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Message {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// customer, agent or bot.
    pub role: &'static str,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Of whoever wrote it: masked wherever it occurs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Score {
    pub kind: &'static str,
    pub value: f64,
    pub min: f64,
    pub max: f64,
}

#[derive(Serialize)]
struct Envelope<'e> {
    specversion: &'static str,
    id: &'e str,
    source: &'e str,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<&'e str>,
    data: Data<'e>,
}

#[derive(Serialize)]
struct Data<'e> {
    #[serde(flatten)]
    item: &'e Item,
    #[serde(flatten)]
    said: &'e Said,
}

impl Event {
    pub fn into_json(mut self, setting: &Setting<'_>) -> Vec<u8> {
        if self.item.product.is_none() {
            self.item.product = setting.product.map(str::to_owned);
        }
        let action = if matches!(self.said, Said::Deleted {}) { "deleted" } else { "updated" };
        let envelope = Envelope {
            specversion: "1.0",
            id: &self.item.id,
            source: setting.source,
            kind: format!("feedback.{}.{action}", setting.kind),
            time: self.time.as_deref(),
            data: Data { item: &self.item, said: &self.said },
        };
        // Strings, finite numbers and maps by string: nothing of it can fail.
        serde_json::to_vec(&envelope).unwrap_or_default()
    }
}
