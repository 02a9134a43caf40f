//! One message in, rows or a note out: decode, protect, redact, analyze. Shared by whatever reads feedback.
//!
//! This is the last place that sees what a person wrote: what leaves it is redacted, and its author a pseudonym.

mod metadata;
mod protect;
mod row;
#[cfg(test)]
mod tests;

use crate::failpoints;
use crate::metrics::WorkerMetrics;
use crate::outcome::Outcome;
use analyze::pseudonym::{Author, Pseudonym, PseudonymKey};
use analyze::redact::{Known, RedactionCounts, Redactor};
use analyze::{Analysis, Analyzer, Input, Scratch};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::judgement::SentimentLabel;
use feedback::record::{Change, Item, Record};
use feedback::refusal::Refusal;
use feedback::span::Span;
use feedback::time::Timestamp;
use protect::{Labels, Protect};
use row::{Identity, known_strings, note, redactions, sign, some};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use store::{FactColumns, FactRow, Note, Suppressions, TopicFact};

/// The reason of a dead letter that is this program's fault.
pub const INTERNAL: &str = "internal";
/// The topics that a row has room for.
pub const MOST_TOPICS: usize = 16;

/// One message and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    pub payload: &'a [u8],
    pub headers: Headers<'a>,
    pub topic: &'a str,
    pub partition: i32,
    pub offset: i64,
    /// When it came to us: the bound for dates of the future, and the day of its dead letter.
    pub ingested_at: Timestamp,
}

/// What one thread works on, kept from message to message.
#[derive(Default)]
pub struct Desk {
    pub facts: FactColumns,
    pub notes: Vec<Note>,
    scratch: Scratch,
    /// An analysis broke off and left the scratch in the middle of something.
    spoiled: bool,
    texts: Texts,
}

/// Redacted texts that the analysis does not hold itself.
#[derive(Default)]
struct Texts {
    agent: String,
    metadata: String,
    labels: String,
    title: String,
    body: String,
    question: String,
}

impl Texts {
    fn clear(&mut self) {
        let Self { agent, metadata, labels, title, body, question } = self;
        [agent, metadata, labels, title, body, question].into_iter().for_each(String::clear);
    }
}

pub struct Processor {
    decoder: Decoder,
    analyzer: Analyzer,
    key: PseudonymKey,
    redactor: Redactor,
    metrics: Arc<WorkerMetrics>,
}

impl Processor {
    #[must_use]
    pub fn new(decoder: Decoder, analyzer: Analyzer, key: PseudonymKey, metrics: Arc<WorkerMetrics>) -> Self {
        Self { decoder, analyzer, key, redactor: Redactor::new(), metrics }
    }

    #[must_use]
    pub fn analyzer(&self) -> &Analyzer {
        &self.analyzer
    }

    #[must_use]
    pub fn key(&self) -> &PseudonymKey {
        &self.key
    }

    /// Never fails and never panics: what cannot be decoded becomes a dead letter.
    pub fn process(&self, message: &Message<'_>, suppressions: &Suppressions, desk: &mut Desk) -> Outcome {
        let decoded = catch_unwind(AssertUnwindSafe(|| {
            self.decoder.decode(message.payload, message.headers, message.ingested_at)
        }));
        match decoded {
            Ok(Ok(Decoded::Item(item))) => self.item(message, &item, suppressions, desk),
            Ok(Ok(Decoded::Ignored(reason))) => {
                desk.notes.push(note(message, store::Outcome::Ignored, reason.as_str()));
                Outcome::Ignored
            }
            Ok(Err(Refusal { reason, detail })) => {
                self.dead_letter(message, (reason.as_str(), &detail), suppressions, desk)
            }
            Err(_) => {
                let why = (INTERNAL, "the decoder failed; report this as a defect");
                self.dead_letter(message, why, suppressions, desk)
            }
        }
    }

    /// A payload as it would be stored in a dead letter, and why it gives no records, if so. Writes nothing.
    pub(crate) fn preview(
        &self,
        payload: &[u8],
        headers: Headers<'_>,
        now: Timestamp,
    ) -> (String, Option<String>) {
        let redacted = self.redactor.redact_payload(payload, headers.source(), &self.key).text;
        let refused = match self.decoder.decode(payload, headers, now) {
            Ok(Decoded::Item(_)) => None,
            Ok(Decoded::Ignored(reason)) => Some(format!("ignored: {}", reason.as_str())),
            Err(refusal) => Some(format!("{}: {}", refusal.reason.as_str(), refusal.detail)),
        };
        (redacted, refused)
    }

    fn dead_letter(
        &self,
        message: &Message<'_>,
        (reason, detail): (&str, &str),
        suppressions: &Suppressions,
        desk: &mut Desk,
    ) -> Outcome {
        let mut letter = note(message, store::Outcome::DeadLetter, reason);
        detail.clone_into(&mut letter.detail);
        let source = message.headers.source();
        // Where even that fails the letter goes without its payload: better than with personal data.
        if let Ok(redacted) = catch_unwind(AssertUnwindSafe(|| {
            self.redactor.redact_payload(message.payload, source, &self.key)
        })) {
            if let Some(author) = redacted.author.filter(|author| is_suppressed(suppressions, author)) {
                return erase(message, author, 1, desk);
            }
            letter.payload = Some(redacted.text);
            sign(&mut letter, redacted.author);
        }
        desk.notes.push(letter);
        Outcome::DeadLetter
    }

    fn item(
        &self,
        message: &Message<'_>,
        item: &Item<'_>,
        suppressions: &Suppressions,
        desk: &mut Desk,
    ) -> Outcome {
        let protect = Protect::new(self.redactor, &self.key);
        let source = protect.id(&item.source);
        let native_id = protect.id(&item.native_id);
        let identity = Identity { item, source: &source, native_id: &native_id, message };
        let records = match &item.change {
            Change::Delete => {
                desk.facts.push(&FactRow { deleted: true, ..identity.row("") });
                return Outcome::Facts { records: 1, deletion: true };
            }
            Change::Upsert(records) => records,
        };
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        if !suppressions.is_empty() {
            // One message is one person's: of several answers all go, or none.
            let mut authors = records.iter().filter_map(|record| self.author(item, record));
            if let Some(author) = authors.find(|author| is_suppressed(suppressions, author)) {
                return erase(message, author, count, desk);
            }
        }
        for record in records {
            let author = self.author(item, record);
            self.record(&identity, record, author, &protect, desk);
        }
        Outcome::Facts { records: count, deletion: false }
    }

    fn author(&self, item: &Item<'_>, record: &Record<'_>) -> Option<Author> {
        self.key.author(&item.source, record.author.id.as_deref(), record.author.email.as_deref())
    }

    fn record(
        &self,
        identity: &Identity<'_>,
        record: &Record<'_>,
        author: Option<Author>,
        protect: &Protect<'_>,
        desk: &mut Desk,
    ) {
        let told = metadata::names(&record.metadata);
        let known = Known::new(known_strings(record).into_iter().chain(told.iter().map(String::as_str)));
        let mut counts = RedactionCounts::default();
        let Desk { facts, scratch, texts, spoiled, .. } = desk;
        if std::mem::take(spoiled) {
            *scratch = Scratch::default();
        }
        texts.clear();
        let Texts { agent, metadata, labels, title, body, question } = texts;
        if let Some(text) = &record.agent_text {
            self.redactor.redact_into(text, &known, agent, &mut counts);
        }
        metadata::write(&record.metadata, self.redactor, &known, metadata, &mut counts);
        let labels = Labels::redact(record, self.redactor, &known, labels, &mut counts);
        let tags = protect.tags(&record.context.tags, &known, &mut counts);
        let part = protect.id(&record.part);
        let conversation = record.conversation_id.as_deref().map(|id| protect.id(id));
        let account = record.author.account.as_deref().map(|account| protect.id(account));
        let row = FactRow {
            conversation_id: conversation.as_deref(),
            author: author.as_ref().map(|author| author.name.as_str()),
            author_alias: author.as_ref().and_then(|author| author.alias.as_ref()).map(Pseudonym::as_str),
            account: account.as_deref(),
            segment: labels.segment,
            revenue: record.author.revenue,
            product: labels.product,
            app_version: labels.app_version,
            platform: labels.platform,
            territory: labels.territory,
            tags: &tags,
            permalink: labels.permalink,
            agent_text: some(agent),
            score: record.score,
            metadata: some(metadata),
            ..identity.row(&part)
        };
        let input = Input {
            source_kind: identity.item.kind.as_str(),
            title: record.title.as_deref(),
            body: &record.body,
            question: record.question.as_deref(),
            language_hint: record.context.language_hint.as_deref(),
            known: &known,
        };
        if let Ok(analysis) = self.try_to_analyze(&input, scratch) {
            return self.push(facts, row, &analysis, counts);
        }
        // The words are kept, without a judgement on them.
        *spoiled = true;
        WorkerMetrics::add(&self.metrics.unclassified, 1);
        tracing::error!(
            "the analysis of a text failed; its row is kept unclassified. Report this as a defect"
        );
        for (text, out) in
            [(input.title, &mut *title), (Some(input.body), &mut *body), (input.question, &mut *question)]
        {
            self.redactor.redact_into(text.unwrap_or_default(), &known, out, &mut counts);
        }
        let (redactions, found) = redactions(&counts);
        let redactions = &redactions[..found];
        facts.push(&FactRow {
            title: some(title),
            body: some(body),
            question: some(question),
            redactions,
            ..row
        });
    }

    fn try_to_analyze<'s>(
        &self,
        input: &Input<'_>,
        scratch: &'s mut Scratch,
    ) -> std::thread::Result<Analysis<'s>> {
        catch_unwind(AssertUnwindSafe(move || {
            failpoints::pass(failpoints::ANALYSIS);
            let scratch = scratch;
            self.analyzer.analyze(input, scratch)
        }))
    }

    fn push(
        &self,
        facts: &mut FactColumns,
        row: FactRow<'_>,
        analysis: &Analysis<'_>,
        mut counts: RedactionCounts,
    ) {
        counts += analysis.redactions;
        let (redactions, found) = redactions(&counts);
        let taxonomy = self.analyzer.taxonomy();
        let mut topics = [TopicFact {
            topic: "",
            confidence: 0.0,
            sentiment: SentimentLabel::Unknown,
            span: Span { start: 0, end: 0 },
        }; MOST_TOPICS];
        let mut hits = 0;
        let named = analysis.topics.iter().filter_map(|hit| Some((hit, taxonomy.get(hit.topic)?)));
        for (slot, (hit, topic)) in topics.iter_mut().zip(named) {
            *slot = TopicFact {
                topic: &topic.id,
                confidence: hit.confidence,
                sentiment: hit.sentiment,
                span: hit.span,
            };
            hits += 1;
        }
        let versions = self.analyzer.versions();
        facts.push(&FactRow {
            question: analysis.question,
            title: analysis.title,
            body: some(analysis.body),
            language: Some(analysis.language.as_str()),
            sentiment: Some(analysis.sentiment),
            kind: Some(analysis.kind),
            urgency: Some((analysis.urgency, analysis.urgency_confidence)),
            topics: &topics[..hits],
            redactions: &redactions[..found],
            embedding: analysis.vector,
            encoder: Some(versions.encoder),
            vector: Some(versions.vector),
            taxonomy: Some(versions.taxonomy),
            ..row
        });
    }
}

/// By whatever name.
fn is_suppressed(suppressions: &Suppressions, author: &Author) -> bool {
    !suppressions.is_empty() && author.names().any(|name| suppressions.contains(name.as_str()))
}

/// Keeps nothing of the message but its position; the note tells the commit every name of its author.
fn erase(message: &Message<'_>, author: Author, records: u32, desk: &mut Desk) -> Outcome {
    let mut erased = note(message, store::Outcome::Erased, "suppressed");
    erased.records = i32::try_from(records).unwrap_or(i32::MAX);
    sign(&mut erased, Some(author));
    desk.notes.push(erased);
    Outcome::Erased { records }
}
