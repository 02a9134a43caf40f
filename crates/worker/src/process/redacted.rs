//! One record as it may be kept: nothing personal in it, and nothing judged yet.

use super::metadata;
use super::protect::{Labels, Protect};
use super::row::{Identity, known_strings, some};
use crate::failpoints;
use analyze::pseudonym::{Author, Pseudonym};
use analyze::redact::{Known, RedactionCounts};
use feedback::record::Record;
use feedback::score::Score;
use std::borrow::Cow;
use store::FactRow;

/// Room for the redacted texts of a record, kept from message to message.
#[derive(Default)]
pub(super) struct Texts {
    agent: String,
    metadata: String,
    labels: String,
    title: String,
    body: String,
    question: String,
}

pub(super) struct Redacted<'r> {
    pub author: Option<Author>,
    part: Cow<'r, str>,
    conversation: Option<Cow<'r, str>>,
    account: Option<Cow<'r, str>>,
    tags: Cow<'r, [Cow<'r, str>]>,
    labels: Labels<'r>,
    agent: &'r str,
    metadata: &'r str,
    pub title: Option<&'r str>,
    pub body: &'r str,
    pub question: Option<&'r str>,
    pub language_hint: Option<&'r str>,
    revenue: Option<f64>,
    score: Option<Score>,
    pub counts: RedactionCounts,
}

impl<'r> Redacted<'r> {
    pub fn of(
        record: &'r Record<'_>,
        author: Option<Author>,
        protect: &Protect<'_>,
        texts: &'r mut Texts,
    ) -> Self {
        failpoints::pass(failpoints::REDACTION);
        let named = metadata::names(&record.metadata);
        let mut told = known_strings(record);
        told.extend(named.iter().map(String::as_str));
        let products = record.context.product.as_deref().into_iter();
        let products = products.chain(metadata::products(&record.metadata));
        let known = Known::new(told.iter().copied()).with_products(products);
        let mut counts = RedactionCounts::default();
        let Texts { agent, metadata, labels, title, body, question } = texts;
        metadata.clear();
        metadata::write(&record.metadata, protect, &known, metadata, &mut counts);
        labels.clear();
        let labels = Labels::redact(record, protect.redactor, &known, labels, &mut counts);
        let tags = protect.tags(&record.context.tags, &known, &mut counts);
        let mut redact = |text: Option<&str>, out: &'r mut String| -> Option<&'r str> {
            out.clear();
            protect.redactor.redact_into(text?, &known, out, &mut counts);
            Some(out.as_str())
        };
        let agent = redact(record.agent_text.as_deref(), agent).unwrap_or_default();
        let title = redact(record.title.as_deref(), title);
        let body = redact(Some(&record.body), body).unwrap_or_default();
        let question = redact(record.question.as_deref(), question);
        Self {
            author,
            part: protect.id(&record.part),
            conversation: record.conversation_id.as_deref().map(|id| protect.label(id, &known, &told)),
            account: record.author.account.as_deref().map(|account| protect.label(account, &known, &told)),
            tags,
            labels,
            agent,
            metadata,
            title,
            body,
            question,
            language_hint: record.context.language_hint.as_deref(),
            revenue: record.author.revenue,
            score: record.score,
            counts,
        }
    }

    /// All of the row but its texts and what is judged of them.
    pub fn row<'s>(&'s self, identity: &'s Identity<'_>) -> FactRow<'s> {
        let Self { author, labels, .. } = self;
        FactRow {
            conversation_id: self.conversation.as_deref(),
            author: author.as_ref().map(|author| author.name.as_str()),
            author_alias: author.as_ref().and_then(|author| author.alias.as_ref()).map(Pseudonym::as_str),
            account: self.account.as_deref(),
            segment: labels.segment,
            revenue: self.revenue,
            product: labels.product,
            app_version: labels.app_version,
            platform: labels.platform,
            territory: labels.territory,
            tags: &self.tags,
            permalink: labels.permalink,
            agent_text: some(self.agent),
            score: self.score,
            metadata: some(self.metadata),
            ..identity.row(&self.part)
        }
    }
}
