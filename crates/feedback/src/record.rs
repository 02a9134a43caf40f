//! A record: one customer's utterance with its context, decoded and within bounds, not yet redacted.
//!
//! A message carries one *item* (a survey response, a ticket, a score, a post) in one version.
//! An item gives one or more records, its *parts* (the answers of a survey; otherwise just one,
//! whose part is empty). Versions, updates and deletions are the item's: its current records are those of
//! its last message by (version, updated time, content hash), and a deletion has none.

use crate::{ids::Id, kind::SourceKind, score::Score, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

type Text<'a> = Cow<'a, str>;

/// What one message says: the item's identity and version, and the records of that version.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'a> {
    pub kind: SourceKind,
    /// The CloudEvents `source`: which form, inbox or network it came from.
    pub source: Text<'a>,
    /// The vendor's id of the response, ticket, score or post.
    pub native_id: Text<'a>,
    /// From 0 to [`Item::FINAL_VERSION`].
    pub version: i64,
    pub updated_at: Timestamp,
    /// When the item happened. For a deletion that carries only ids, `updated_at`.
    pub occurred_at: Timestamp,
    /// When the event was made by whoever collected it (CloudEvents `time`).
    pub collected_at: Timestamp,
    /// Of everything decoded but `collected_at`: independent of the event's id, its partition, file or request,
    /// of key order, white space and escapes. [`Item::DELETED_HASH`] for a deletion.
    pub content_hash: i64,
    pub change: Change<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change<'a> {
    /// At least one.
    Upsert(Vec<Record<'a>>),
    /// A tombstone: it carries ids and times only.
    Delete,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record<'a> {
    /// The answer's id within a survey response; empty otherwise.
    pub part: Text<'a>,
    pub conversation_id: Option<Text<'a>>,
    pub author: Author<'a>,
    /// The question asked; the answer's meaning depends on it.
    pub question: Option<Text<'a>>,
    pub title: Option<Text<'a>>,
    /// The customer's words; of a ticket, every message of the customer's, separated by a blank line.
    /// Empty where only a score was given.
    pub body: Text<'a>,
    /// What agents and bots said in the same conversation; never analyzed as the customer's.
    pub agent_text: Option<Text<'a>>,
    pub score: Option<Score>,
    pub context: Context<'a>,
    /// Other people named in the conversation, agents too: masked wherever they occur, like the author.
    pub names: Vec<Text<'a>>,
    /// Unknown extra fields by name, each once: the name and the value as canonical JSON.
    pub metadata: Vec<(Text<'a>, Text<'a>)>,
}

/// Beside more other names than this, a name (`anonymous`, a shared mailbox) is taken for one that many people share,
/// which joins nobody: not in an erasure, and not where people are counted. A person has a few addresses, and an id in a
/// few sources.
pub const MOST_NAMES_BESIDE: usize = 8;

/// Who said it, as the source names them. Never stored like this: see the pseudonym.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Author<'a> {
    pub id: Option<Text<'a>>,
    pub email: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub account: Option<Text<'a>>,
    pub segment: Option<Text<'a>>,
    /// Yearly revenue of the account, in the deployment's currency.
    pub revenue: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Context<'a> {
    pub product: Option<Text<'a>>,
    pub app_version: Option<Text<'a>>,
    /// web, ios, android …
    pub platform: Option<Text<'a>>,
    pub territory: Option<Text<'a>>,
    /// As the source says; the analysis decides by itself.
    pub language_hint: Option<Text<'a>>,
    pub permalink: Option<Text<'a>>,
    pub tags: Vec<Text<'a>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Customer,
    Agent,
    Bot,
}

impl Item<'_> {
    /// The version of a deletion that names none: above every version an event may name, so that it holds
    /// against them all. A source that can take a deletion back must send versions with its deletions.
    pub const FINAL_VERSION: i64 = crate::limits::Limits::VERSION + 1;
    /// The content hash of a deletion: above that of any content, so that it holds against an update of the same
    /// version and time.
    pub const DELETED_HASH: i64 = i64::MAX;

    /// The identity that versions, updates and deletions share.
    #[must_use]
    pub fn item_id(&self) -> Id {
        Id::of(&[self.kind.as_str(), &self.source, &self.native_id])
    }

    /// The identity of one part.
    #[must_use]
    pub fn record_id(&self, part: &str) -> Id {
        Id::of(&[self.kind.as_str(), &self.source, &self.native_id, part])
    }
}
