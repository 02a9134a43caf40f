//! One message in, rows or a note out: translate, decode, protect, redact, analyze, triage. Shared by whatever reads
//! feedback.
//!
//! This is the last place that sees what a person wrote: what leaves it is redacted, and its author a pseudonym.

mod ahead;
mod judges;
mod metadata;
mod protect;
mod redacted;
mod row;
#[cfg(test)]
mod tests;
mod triage;
mod vendor;

pub use triage::Triage;
pub use vendor::{VendorFormat, VendorTopics};

use crate::failpoints;
use crate::metrics::WorkerMetrics;
use crate::outcome::Outcome;
use analyze::pseudonym::{Author, PseudonymKey};
use analyze::redact::{RedactionCounts, Redactor};
use analyze::{Analysis, Analyzer, Input, Scratch};
use feedback::decode::{Decoded, Decoder};
use feedback::event::Headers;
use feedback::judgement::SentimentLabel;
use feedback::kind::{Contract, SourceKind};
use feedback::record::{Change, Item, Record};
use feedback::refusal::{IgnoreReason, Refusal};
use feedback::span::Span;
use feedback::time::Timestamp;
use judges::{InForce, Judges};
use protect::Protect;
use redacted::{Redacted, Texts};
use row::{Identity, note, redactions, sign, some};
use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use store::{FactColumns, FactRow, Note, Suppressions, TopicFact};
use vendor::Event;

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
    triage: insight::triage::Scratch,
    /// An analysis broke off and left the scratch in the middle of something.
    spoiled: bool,
    /// For each record of a message.
    texts: Vec<Texts>,
    /// Since the metrics were told.
    judged: Judged,
}

/// Texts that were judged, and those of them that another encoder than the built-in one judged.
#[derive(Debug, Default, Clone, Copy)]
struct Judged {
    texts: u64,
    sent_on: u64,
}

/// What the records of a message share: who judges them, and a desk.
struct Room<'d> {
    judges: &'d Judges,
    facts: &'d mut FactColumns,
    scratch: &'d mut Scratch,
    triage: &'d mut insight::triage::Scratch,
    spoiled: &'d mut bool,
    judged: &'d mut Judged,
}

/// For so many records of a message room is kept.
const MOST_TEXTS: usize = 8;

/// One message, ready to become rows.
struct Ready<'r> {
    source: Cow<'r, str>,
    native_id: Cow<'r, str>,
    records: Vec<Redacted<'r>>,
}

pub struct Processor {
    decoder: Decoder,
    judges: InForce,
    key: PseudonymKey,
    redactor: Redactor,
    vendors: VendorTopics,
    metrics: Arc<WorkerMetrics>,
}

/// Why a message gives nothing.
#[derive(Debug)]
struct Fault {
    reason: &'static str,
    /// Without any text of the message.
    detail: String,
}

impl From<Refusal> for Fault {
    fn from(Refusal { reason, detail }: Refusal) -> Self {
        Self { reason: reason.as_str(), detail }
    }
}

impl Processor {
    #[must_use]
    pub fn new(decoder: Decoder, analyzer: Analyzer, key: PseudonymKey, metrics: Arc<WorkerMetrics>) -> Self {
        let judges = InForce::new(Judges { analyzer: Arc::new(analyzer), triage: None });
        let vendors = VendorTopics::new();
        Self { decoder, judges, key, redactor: Redactor::new(), vendors, metrics }
    }

    /// Messages of these topics are payloads of vendors.
    #[must_use]
    pub fn with_vendors(self, vendors: VendorTopics) -> Self {
        Self { vendors, ..self }
    }

    /// Every record gets a decision from now on.
    #[must_use]
    pub fn with_triage(self, triage: Arc<dyn Triage>) -> Self {
        self.judges.switch(Judges { triage: Some(triage), ..self.judges.now() });
        self
    }

    /// From the next message on this one judges and these decide: both at once, so that a record's topics and its decision
    /// are of one taxonomy. Each row names the versions that it was judged by.
    pub fn switch(&self, analyzer: Analyzer, triage: Option<Arc<dyn Triage>>) {
        self.judges.switch(Judges { analyzer: Arc::new(analyzer), triage });
    }

    /// The one in force.
    #[must_use]
    pub fn analyzer(&self) -> Arc<Analyzer> {
        self.judges.now().analyzer
    }

    #[must_use]
    pub fn key(&self) -> &PseudonymKey {
        &self.key
    }

    fn contract(&self, kind: &SourceKind) -> Option<Contract> {
        self.decoder.registry().get(kind.as_str()).map(|(_, contract)| contract)
    }

    /// Tells the metrics what was judged at this desk.
    pub fn count(&self, desk: &mut Desk) {
        let Judged { texts, sent_on } = std::mem::take(&mut desk.judged);
        WorkerMetrics::add(&self.metrics.texts, texts);
        WorkerMetrics::add(&self.metrics.sent_on, sent_on);
        // Several threads tell it: the number never goes back.
        let failures = self.analyzer().failures();
        self.metrics.encoder_failures.fetch_max(failures, std::sync::atomic::Ordering::Relaxed);
    }

    /// Never fails and never panics: what cannot be decoded becomes a dead letter, and so does what cannot be redacted.
    pub fn process(&self, message: &Message<'_>, suppressions: &Suppressions, desk: &mut Desk) -> Outcome {
        let event = match self.open(message) {
            Ok(event) => event,
            Err(fault) => return self.dead_letter(message, None, &fault, suppressions, desk),
        };
        match self.decode(&event, message.ingested_at) {
            Ok(Decoded::Item(item)) => self.item(message, &item, suppressions, desk),
            Ok(Decoded::Ignored(reason)) => {
                desk.notes.push(note(message, store::Outcome::Ignored, reason.as_str()));
                Outcome::Ignored
            }
            Err(fault) => self.dead_letter(message, event.translated(), &fault, suppressions, desk),
        }
    }

    /// A payload as it would be stored in a dead letter, and why it gives no records, if so. Writes nothing.
    pub(crate) fn preview(
        &self,
        payload: &[u8],
        headers: Headers<'_>,
        now: Timestamp,
    ) -> (String, Option<String>) {
        let message = Message { payload, headers, topic: "", partition: 0, offset: 0, ingested_at: now };
        let source = self.source_of(message.topic, headers);
        let redacted = self.redactor.redact_payload(payload, source, &self.key).text;
        let refused = match self.open(&message).and_then(|event| self.verdict(&event, now)) {
            Ok(None) => None,
            Ok(Some(reason)) => Some(format!("ignored: {}", reason.as_str())),
            Err(Fault { reason, detail }) => Some(format!("{reason}: {detail}")),
        };
        (redacted, refused)
    }

    /// Why an event gives no records although nothing is wrong with it, if so.
    fn verdict(&self, event: &Event<'_>, now: Timestamp) -> Result<Option<IgnoreReason>, Fault> {
        Ok(match self.decode(event, now)? {
            Decoded::Item(_) => None,
            Decoded::Ignored(reason) => Some(reason),
        })
    }

    /// `translated` is what became of a vendor's payload: its author stands where ours do.
    fn dead_letter(
        &self,
        message: &Message<'_>,
        translated: Option<&[u8]>,
        fault: &Fault,
        suppressions: &Suppressions,
        desk: &mut Desk,
    ) -> Outcome {
        let mut letter = note(message, store::Outcome::DeadLetter, fault.reason);
        letter.detail.clone_from(&fault.detail);
        let source = self.source_of(message.topic, message.headers);
        // Where even that fails the letter goes without its payload: better than with personal data.
        if let Ok((text, author)) = catch_unwind(AssertUnwindSafe(|| {
            let redacted = self.redactor.redact_payload(message.payload, source, &self.key);
            let author = translated.map(|event| self.redactor.redact_payload(event, None, &self.key).author);
            (redacted.text, author.flatten().or(redacted.author))
        })) {
            if let Some(author) = author.filter(|author| is_suppressed(suppressions, author)) {
                return erase(message, author, 1, &mut desk.notes);
            }
            letter.payload = Some(text);
            sign(&mut letter, author);
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
        let Desk { facts, notes, scratch, triage, spoiled, texts, judged } = desk;
        // Of a message with more of them before.
        texts.truncate(MOST_TEXTS);
        // Before the first row: of one message all records become rows, or none.
        let ready = catch_unwind(AssertUnwindSafe(move || {
            let texts = texts;
            self.ready(item, texts)
        }));
        let Ok(Ready { source, native_id, records }) = ready else {
            notes.push(unkept(message));
            return Outcome::DeadLetter;
        };
        let identity = Identity { item, source: &source, native_id: &native_id, message };
        if matches!(item.change, Change::Delete) {
            facts.push(&FactRow { deleted: true, ..identity.row("") });
            return Outcome::Facts { records: 1, deletion: true };
        }
        let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
        // One message is one person's: of several answers all go, or none.
        let mut authors = records.iter().filter_map(|record| record.author);
        if let Some(author) = authors.find(|author| is_suppressed(suppressions, author)) {
            return erase(message, author, count, notes);
        }
        let judges = &self.judges.now();
        for record in &records {
            let room = Room { judges, facts, scratch, triage, spoiled, judged };
            self.record(&identity, record, room);
        }
        Outcome::Facts { records: count, deletion: false }
    }

    /// Everything that becomes rows, redacted.
    fn ready<'r>(&self, item: &'r Item<'_>, texts: &'r mut Vec<Texts>) -> Ready<'r> {
        let protect = Protect::new(self.redactor, &self.key);
        let records: &[Record<'_>] = match &item.change {
            Change::Delete => &[],
            Change::Upsert(records) => records,
        };
        if texts.len() < records.len() {
            texts.resize_with(records.len(), Texts::default);
        }
        Ready {
            source: protect.id(&item.source),
            native_id: protect.id(&item.native_id),
            records: records
                .iter()
                .zip(texts)
                .map(|(record, texts)| Redacted::of(record, self.author(item, record), &protect, texts))
                .collect(),
        }
    }

    fn author(&self, item: &Item<'_>, record: &Record<'_>) -> Option<Author> {
        self.key.author(&item.source, record.author.id.as_deref(), record.author.email.as_deref())
    }

    fn record(
        &self,
        identity: &Identity<'_>,
        record: &Redacted<'_>,
        Room { judges, facts, scratch, triage, spoiled, judged }: Room<'_>,
    ) {
        if std::mem::take(spoiled) {
            *scratch = Scratch::default();
        }
        let Redacted { title, body, question, language_hint, counts, .. } = *record;
        let row = record.row(identity);
        let contract = self.contract(&identity.item.kind);
        let input = Input { title, body, question, language_hint, contract, ..Input::default() };
        if let Ok(analysis) = try_to_analyze(&judges.analyzer, &input, scratch) {
            judged.texts += 1;
            judged.sent_on += u64::from(analysis.judge > 0);
            return self.push(judges, facts, row, &analysis, &counts, triage);
        }
        // The words are kept, without a judgement on them.
        *spoiled = true;
        WorkerMetrics::add(&self.metrics.unclassified, 1);
        tracing::error!(
            "the analysis of a text failed; its row is kept unclassified. Report this as a defect"
        );
        let (redactions, found) = redactions(&counts);
        let redactions = &redactions[..found];
        let (title, question) = (title.and_then(some), question.and_then(some));
        self.keep(judges, facts, FactRow { title, body: some(body), question, redactions, ..row }, triage);
    }

    fn push(
        &self,
        judges: &Judges,
        facts: &mut FactColumns,
        row: FactRow<'_>,
        analysis: &Analysis<'_>,
        counts: &RedactionCounts,
        triage: &mut insight::triage::Scratch,
    ) {
        let (redactions, found) = redactions(counts);
        let taxonomy = judges.analyzer.taxonomy();
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
        let versions = judges.analyzer.versions();
        let row = FactRow {
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
            encoder: Some(analysis.encoder),
            vector: Some(versions.vector),
            network_embedding: analysis.network_vector,
            network_vector: versions.network_vector.filter(|_| !analysis.network_vector.is_empty()),
            taxonomy: Some(versions.taxonomy),
            ..row
        };
        self.keep(judges, facts, row, triage);
    }
}

fn try_to_analyze<'s>(
    analyzer: &'s Analyzer,
    input: &Input<'_>,
    scratch: &'s mut Scratch,
) -> std::thread::Result<Analysis<'s>> {
    catch_unwind(AssertUnwindSafe(move || {
        failpoints::pass(failpoints::ANALYSIS);
        let scratch = scratch;
        analyzer.analyze_redacted(input, scratch)
    }))
}

/// By whatever name.
fn is_suppressed(suppressions: &Suppressions, author: &Author) -> bool {
    !suppressions.is_empty() && author.names().any(|name| suppressions.contains(name.as_str()))
}

/// A message that our own fault stopped before anything of it was redacted: nothing is kept but its position.
fn unkept(message: &Message<'_>) -> Note {
    let mut letter = note(message, store::Outcome::DeadLetter, INTERNAL);
    letter.detail =
        "the redaction failed, so nothing of the message is kept; report this as a defect".to_owned();
    letter
}

/// Keeps nothing of the message but its position; the note tells the commit every name of its author.
fn erase(message: &Message<'_>, author: Author, records: u32, notes: &mut Vec<Note>) -> Outcome {
    let mut erased = note(message, store::Outcome::Erased, "suppressed");
    erased.records = i32::try_from(records).unwrap_or(i32::MAX);
    sign(&mut erased, Some(author));
    notes.push(erased);
    Outcome::Erased { records }
}
