//! What the stages hand on: decoded records, and the same ones judged, with all that a row of the table has.

use analyze::pseudonym::{Author, Pseudonym, PseudonymKey};
use analyze::{Analysis, Analyzer, Input, Known, Language, RedactionCounts, Redactor, Scratch, Versions};
use feedback::ids::Id;
use feedback::judgement::{KindJudgement, Sentiment, Urgency};
use feedback::record::{Change, Item, Record};
use store::{FactRow, TopicFact};

/// A record as decoded.
pub struct Told<'a> {
    item: &'a Item<'a>,
    record: &'a Record<'a>,
}

impl<'a> Told<'a> {
    pub fn of(item: &'a Item<'a>) -> Vec<Self> {
        let Change::Upsert(records) = &item.change else { return Vec::new() };
        records.iter().map(|record| Self { item, record }).collect()
    }

    pub fn known(&self) -> Known<'a> {
        let author = &self.record.author;
        let names = [author.name.as_deref(), author.email.as_deref(), author.id.as_deref()];
        Known::new(names.into_iter().flatten().chain(self.record.names.iter().map(|name| &**name)))
    }

    /// What of it is redacted for the analysis.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        let Record { title, body, question, .. } = self.record;
        [title.as_deref(), Some(&**body), question.as_deref()].into_iter().flatten()
    }

    pub fn input<'k>(&self, known: &'k Known<'a>) -> Input<'k>
    where
        'a: 'k,
    {
        Input {
            title: self.record.title.as_deref(),
            body: &self.record.body,
            question: self.record.question.as_deref(),
            contract: None,
            language_hint: self.record.context.language_hint.as_deref(),
            known,
        }
    }
}

/// The words of a record as the encoder may see them.
pub struct Redacted<'a> {
    title: Option<String>,
    body: String,
    question: Option<String>,
    language_hint: Option<&'a str>,
}

impl<'a> Told<'a> {
    pub fn redacted(&self) -> Redacted<'a> {
        let (known, mut counts) = (self.known(), RedactionCounts::default());
        let mut redact = |text: &str| {
            let mut out = String::new();
            Redactor::new().redact_into(text, &known, &mut out, &mut counts);
            out
        };
        let record = self.record;
        Redacted {
            title: record.title.as_deref().map(&mut redact),
            body: redact(&record.body),
            question: record.question.as_deref().map(&mut redact),
            language_hint: record.context.language_hint.as_deref(),
        }
    }
}

impl Redacted<'_> {
    pub fn input(&self) -> Input<'_> {
        Input {
            title: self.title.as_deref(),
            body: &self.body,
            question: self.question.as_deref(),
            language_hint: self.language_hint,
            ..Input::default()
        }
    }
}

/// What the analysis says of a record, kept.
pub struct Judged<'t> {
    record_id: Id,
    item_id: Id,
    author: Option<Author>,
    title: Option<String>,
    body: String,
    question: Option<String>,
    redactions: Vec<(&'static str, i32)>,
    language: Language,
    sentiment: Sentiment,
    kind: KindJudgement,
    urgency: (Urgency, f32),
    topics: Vec<TopicFact<'t>>,
    vector: Vec<i8>,
}

pub fn judge<'t>(analyzer: &'t Analyzer, key: &PseudonymKey, told: &[Told<'_>]) -> Vec<Judged<'t>> {
    let mut scratch = Scratch::default();
    let mut judged = Vec::with_capacity(told.len());
    for told in told {
        let known = told.known();
        let analysis = analyzer.analyze(&told.input(&known), &mut scratch);
        judged.push(Judged::new(analyzer, key, told, &analysis));
    }
    judged
}

impl<'t> Judged<'t> {
    fn new(analyzer: &'t Analyzer, key: &PseudonymKey, told: &Told<'_>, analysis: &Analysis<'_>) -> Self {
        let Told { item, record } = told;
        let topics = analysis.topics.iter().filter_map(|hit| {
            let topic = &analyzer.taxonomy().get(hit.topic)?.id;
            Some(TopicFact { topic, confidence: hit.confidence, sentiment: hit.sentiment, span: hit.span })
        });
        let redactions = analysis.redactions.iter();
        Self {
            record_id: item.record_id(&record.part),
            item_id: item.item_id(),
            author: key.author(&item.source, record.author.id.as_deref(), record.author.email.as_deref()),
            title: analysis.title.map(str::to_owned),
            body: analysis.body.to_owned(),
            question: analysis.question.map(str::to_owned),
            redactions: redactions.map(|(class, n)| (class, i32::try_from(n).unwrap_or(i32::MAX))).collect(),
            language: analysis.language,
            sentiment: analysis.sentiment,
            kind: analysis.kind,
            urgency: (analysis.urgency, analysis.urgency_confidence),
            topics: topics.collect(),
            vector: analysis.vector.to_owned(),
        }
    }

    /// The row that the worker would write.
    pub fn row<'r>(&'r self, told: &'r Told<'_>, versions: Versions<'r>, offset: i64) -> FactRow<'r> {
        let Told { item, record } = told;
        FactRow {
            record_id: self.record_id,
            item_id: self.item_id,
            source_kind: item.kind.as_str(),
            source: &item.source,
            native_id: &item.native_id,
            part: &record.part,
            conversation_id: record.conversation_id.as_deref(),
            version: item.version,
            content_hash: item.content_hash,
            occurred_at: item.occurred_at,
            updated_at: item.updated_at,
            collected_at: Some(item.collected_at),
            ingested_at: item.collected_at,
            author: self.author.as_ref().map(|author| author.name.as_str()),
            author_alias: self
                .author
                .as_ref()
                .and_then(|author| author.alias.as_ref())
                .map(Pseudonym::as_str),
            account: record.author.account.as_deref(),
            segment: record.author.segment.as_deref(),
            revenue: record.author.revenue,
            product: record.context.product.as_deref(),
            app_version: record.context.app_version.as_deref(),
            platform: record.context.platform.as_deref(),
            territory: record.context.territory.as_deref(),
            tags: &record.context.tags,
            permalink: record.context.permalink.as_deref(),
            question: self.question.as_deref(),
            title: self.title.as_deref(),
            body: Some(&self.body),
            score: record.score,
            language: Some(self.language.as_str()),
            sentiment: Some(self.sentiment),
            kind: Some(self.kind),
            urgency: Some(self.urgency),
            topics: &self.topics,
            redactions: &self.redactions,
            embedding: &self.vector,
            encoder: Some(versions.encoder),
            vector: Some(versions.vector),
            taxonomy: Some(versions.taxonomy),
            position_topic: "bench",
            position_offset: offset,
            ..FactRow::default()
        }
    }
}
