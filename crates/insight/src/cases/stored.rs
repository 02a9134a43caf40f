//! Stored facts as cases need them: what makes two reports alike, whose they are, and when they got how far.

use super::{common::apart, group::Report, reach::Touch};
use crate::{
    error::InsightError,
    frame::{Rows, TextColumn, explode_topics},
    report::{People, excerpt},
};
use feedback::{insight::NO_TOPIC, judgement::FeedbackKind, span::Span, time::Timestamp};
use polars::prelude::*;
use std::collections::HashMap;

const TEXTS: [&str; 14] = [
    "record_id",
    "source_kind",
    "source",
    "native_id",
    "author",
    "author_alias",
    "account",
    "product",
    "kind",
    "vector",
    "triage_owner",
    "triage_priority",
    "title",
    "body",
];

/// Words of a record without a topic from which it may be a report of something.
const LEAST_WORDS: usize = 4;

/// A current record that may belong to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredReport {
    pub record: String,
    /// The source kind, and the form, inbox or network within it.
    pub source: String,
    pub event_source: String,
    pub native_id: String,
    /// Pseudonyms.
    pub author: Option<String>,
    pub author_alias: Option<String>,
    pub account: Option<String>,
    pub revenue: Option<f64>,
    /// Empty where it names none.
    pub product: String,
    /// The surest, or `none`.
    pub topic: String,
    pub kind: FeedbackKind,
    /// The version of the vector.
    pub space: String,
    /// Without what is common in its space; empty where there is none, or where it was not asked for.
    pub vector: Vec<i8>,
    /// Of the decision on it; `None` where there is none.
    pub owner: Option<String>,
    pub priority: Option<String>,
    pub occurred_at: Timestamp,
    pub stored_at: Timestamp,
    pub triaged_at: Option<Timestamp>,
    /// What it says, extracted: its title, or the words on its topic with what stands around them.
    pub words: String,
}

/// Whether vectors are read: they are the largest part of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vectors {
    Read,
    Leave,
}

impl StoredReport {
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report {
            record: &self.record,
            topic: &self.topic,
            kind: self.kind,
            product: &self.product,
            space: &self.space,
            vector: &self.vector,
            occurred_at: self.occurred_at,
            stored_at: self.stored_at,
        }
    }

    #[must_use]
    pub fn touch(&self) -> Touch<'_> {
        Touch {
            record: &self.record,
            source: &self.source,
            event_source: &self.event_source,
            native_id: &self.native_id,
            author: self.author.as_deref(),
            author_alias: self.author_alias.as_deref(),
            account: self.account.as_deref(),
            revenue: self.revenue,
            occurred_at: self.occurred_at,
        }
    }

    /// The name that stands for whoever it is of.
    #[must_use]
    pub fn person<'a>(&'a self, people: &'a People) -> Option<&'a str> {
        self.author.as_deref().or(self.author_alias.as_deref()).map(|name| people.of(name))
    }
}

/// Those with these ids that are still there, in the order in which they occurred.
///
/// # Errors
/// Where the frame has not the columns of `feedback`.
pub fn of_records(
    facts: LazyFrame,
    ids: &[&str],
    vectors: Vectors,
) -> Result<Vec<StoredReport>, InsightError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    read(facts.filter(named(ids)?), vectors)
}

/// Whether a record is one of these.
pub(super) fn named(ids: &[&str]) -> Result<Expr, InsightError> {
    let ids = Series::new("ids".into(), ids.to_vec()).implode()?.into_series();
    Ok(col("record_id").is_in(lit(ids), false))
}

fn read(facts: LazyFrame, vectors: Vectors) -> Result<Vec<StoredReport>, InsightError> {
    let mut topics = topics(&facts)?;
    let mut columns: Vec<Expr> = TEXTS.map(col).to_vec();
    columns.extend(["revenue", "occurred_at", "ingested_at", "triaged_at"].map(col));
    columns.extend((vectors == Vectors::Read).then(|| col("embedding")));
    let rows = Rows::collect(facts.select(columns))?;
    let mut texts: HashMap<&str, TextColumn> = HashMap::new();
    for name in TEXTS {
        texts.insert(name, rows.text(name)?);
    }
    let mut embeddings = match vectors {
        Vectors::Read => rows.vectors("embedding")?,
        Vectors::Leave => vec![Vec::new(); rows.len()],
    };
    let (occurred, stored) = (rows.times("occurred_at")?, rows.times("ingested_at")?);
    let (triaged, revenue) = (rows.maybe_times("triaged_at")?, rows.real("revenue")?);
    let mut reports = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let text = |name: &str| texts.get(name).and_then(|texts| texts.get(row));
        let own = |name: &str| text(name).unwrap_or_default().to_owned();
        let some = |name: &str| text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let record = own("record_id");
        let (topic, span) = topics.remove(&record).unwrap_or((NO_TOPIC.to_owned(), Span::new(0, 0)));
        let both = [text("title"), text("body")];
        let (space, vector) = (own("vector"), std::mem::take(&mut embeddings[row]));
        reports.push(StoredReport {
            source: own("source_kind"),
            event_source: own("source"),
            native_id: own("native_id"),
            author: some("author"),
            author_alias: some("author_alias"),
            account: some("account"),
            revenue: revenue[row],
            product: own("product"),
            kind: text("kind").and_then(FeedbackKind::parse).unwrap_or(FeedbackKind::Unknown),
            vector: compared(&space, vector, &topic, both),
            topic,
            space,
            owner: some("triage_owner"),
            priority: some("triage_priority"),
            occurred_at: occurred[row],
            stored_at: stored[row],
            triaged_at: triaged[row],
            words: said(both, span),
            record,
        });
    }
    reports.sort_by(|a, b| (a.occurred_at, &a.record).cmp(&(b.occurred_at, &b.record)));
    Ok(reports)
}

/// What is said, by its title and its body: the title, or the words on the topic with what stands around them.
pub(super) fn said([title, body]: [Option<&str>; 2], topic: Span) -> String {
    match title.filter(|title| !title.trim().is_empty()) {
        Some(title) => excerpt(title, Span::new(0, 0)),
        None => excerpt(body.unwrap_or_default(), topic),
    }
}

/// What it is compared by, of its vector; nothing where it says too little.
pub(super) fn compared(space: &str, vector: Vec<i8>, topic: &str, texts: [Option<&str>; 2]) -> Vec<i8> {
    if topic == NO_TOPIC && says_little(texts) { Vec::new() } else { apart(space, vector) }
}

/// Of each record its surest topic and where that stands; of two as sure the one that comes first.
fn topics(facts: &LazyFrame) -> Result<HashMap<String, (String, Span)>, InsightError> {
    let names = ["record_id", "topic", "topic_confidence", "topic_start", "topic_end"];
    let rows = Rows::collect(explode_topics(facts.clone()).select(names.map(col)))?;
    let (records, topics) = (rows.text("record_id")?, rows.text("topic")?);
    let confidences = rows.real("topic_confidence")?;
    let (starts, ends) = (rows.whole("topic_start")?, rows.whole("topic_end")?);
    let mut surest: HashMap<String, (f64, String, Span)> = HashMap::new();
    for row in 0..rows.len() {
        let (Some(record), Some(topic)) = (records.get(row), topics.get(row)) else { continue };
        let confidence = confidences[row].unwrap_or(0.0);
        if surest.get(record).is_some_and(|(sure, ..)| *sure >= confidence) {
            continue;
        }
        let place = |at: i64| u32::try_from(at).unwrap_or(0);
        let start = place(starts[row]);
        let span = Span::new(start, place(ends[row]).max(start));
        surest.insert(record.to_owned(), (confidence, topic.to_owned(), span));
    }
    Ok(surest.into_iter().map(|(record, (_, topic, span))| (record, (topic, span))).collect())
}

/// "n/a" and "nothing really": alike, and no report of anything.
fn says_little(texts: [Option<&str>; 2]) -> bool {
    texts.into_iter().flatten().flat_map(str::split_whitespace).take(LEAST_WORDS).count() < LEAST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fact, facts};
    use feedback::time::Day;

    fn frame(all: &[Fact]) -> LazyFrame {
        let null = |name: &str, kind: DataType| lit(NULL).cast(kind).alias(name.to_owned());
        facts(all).with_columns([
            lit("Acme").alias("account"),
            lit(1_200.0).alias("revenue"),
            lit("v1").alias("vector"),
            lit("identity").alias("triage_owner"),
            null("triage_priority", DataType::String),
            null("triaged_at", DataType::Int64),
            lit(7_i64).alias("ingested_at"),
            lit(&[127_u8, 129][..]).alias("embedding"),
        ])
    }

    #[test]
    fn what_says_nothing_is_no_report() {
        let of = |id: u64, body: &str, topics: Vec<(&'static str, &'static str, (u32, u32))>| Fact {
            kind: "complaint",
            body: body.to_owned(),
            topics,
            ..Fact::new(id, Day(20_514), "nps")
        };
        let login = vec![("login_access", "negative", (0, 5))];
        let all = [of(1, "nothing really", vec![]), of(2, "it lost my work", vec![]), of(3, "login", login)];
        let ids: Vec<String> = all.iter().map(Fact::record_id).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let read = of_records(frame(&all), &ids, Vectors::Read).unwrap();
        let compared: Vec<(&str, bool)> =
            read.iter().map(|report| (report.record.as_str(), !report.vector.is_empty())).collect();
        assert_eq!(compared, [(ids[0], false), (ids[1], true), (ids[2], true)]);
    }

    #[test]
    fn a_report_is_read_with_its_surest_topic_and_its_words() {
        let bug = Fact {
            kind: "bug",
            body: "the login page is blank".to_owned(),
            author: Some("a_1".to_owned()),
            topics: vec![("login_access", "negative", (4, 14)), ("usability", "negative", (0, 3))],
            ..Fact::new(2, Day(20_514), "ticket")
        };
        let titled = Fact {
            kind: "question",
            title: Some("How do\n I export?"),
            ..Fact::new(1, Day(20_515), "ticket")
        };
        let praise = Fact { kind: "praise", ..Fact::new(3, Day(20_514), "nps") };
        let all = frame(&[titled.clone(), bug.clone(), praise.clone()]);
        let ids = [titled.record_id(), bug.record_id()];
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let read = of_records(all.clone(), &ids, Vectors::Read).unwrap();
        let ids: Vec<&str> = read.iter().map(|report| report.record.as_str()).collect();
        assert_eq!(ids, [bug.record_id(), titled.record_id()], "as they occurred");
        let first = &read[0];
        assert_eq!((first.topic.as_str(), first.words.as_str()), ("login_access", "the login page is blank"));
        assert_eq!((first.vector.as_slice(), first.space.as_str()), (&[127_i8, -127][..], "v1"));
        assert_eq!((first.owner.as_deref(), first.priority.as_deref()), (Some("identity"), None));
        assert_eq!((first.stored_at, first.triaged_at), (Timestamp(7), None));
        assert_eq!((first.account.as_deref(), first.revenue), (Some("Acme"), Some(1_200.0)));
        assert_eq!((first.touch().author, first.report().kind), (Some("a_1"), FeedbackKind::Bug));
        assert_eq!((read[1].topic.as_str(), read[1].words.as_str()), (NO_TOPIC, "How do I export?"));

        let ids = [praise.record_id()];
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let read = of_records(all.clone(), &ids, Vectors::Leave).unwrap();
        assert_eq!((read.len(), read[0].vector.len()), (1, 0));
        assert!(of_records(all, &[], Vectors::Read).unwrap().is_empty());
    }
}
