//! Stored facts as rules see them, for a trial and for an explanation: as the models judged them, for that is what rules
//! decide by when a record comes, whatever people correct later.

use super::{
    file::Priority,
    subject::{Subject, SubjectTopic},
    trial::{Past, Stored},
};
use crate::{
    error::InsightError,
    frame::{Rows, TextColumn, as_judged, explode_topics},
};
use feedback::{
    judgement::{FeedbackKind, SentimentLabel, Urgency},
    score::{Score, ScoreKind},
    span::Span,
};
use polars::prelude::*;
use std::{borrow::Cow, collections::HashMap};

const TEXTS: [&str; 17] = [
    "record_id",
    "source_kind",
    "source",
    "account",
    "segment",
    "product",
    "app_version",
    "language",
    "kind",
    "sentiment",
    "urgency",
    "score_kind",
    "title",
    "body",
    "triage_owner",
    "triage_priority",
    "triage_queue",
];
const NUMBERS: [&str; 7] = [
    "revenue",
    "kind_confidence",
    "sentiment_confidence",
    "urgency_confidence",
    "score_value",
    "score_min",
    "score_max",
];

/// Current facts, read; hand over a day or a few at a time, for the texts are held.
pub struct History {
    texts: HashMap<&'static str, TextColumn>,
    numbers: HashMap<&'static str, Vec<Option<f64>>>,
    /// Of each row.
    topics: Vec<Vec<SubjectTopic<'static>>>,
}

impl History {
    /// # Errors
    /// Where the frame has not the columns of `feedback`, those of the decision included.
    pub fn read(facts: LazyFrame) -> Result<Self, InsightError> {
        let facts = as_judged(facts)?;
        let of_topics = ["record_id", "topic", "topic_confidence", "topic_start", "topic_end"];
        let hits = Rows::collect(explode_topics(facts.clone()).select(of_topics.map(col)))?;
        let columns: Vec<Expr> = TEXTS.iter().chain(&NUMBERS).map(|name| col(*name)).collect();
        let rows = Rows::collect(facts.select(columns))?;
        let mut texts = HashMap::new();
        for name in TEXTS {
            texts.insert(name, rows.text(name)?);
        }
        let mut numbers = HashMap::new();
        for name in NUMBERS {
            numbers.insert(name, rows.real(name)?);
        }
        let mut by_record = topics(&hits)?;
        let records = rows.text("record_id")?;
        let topics = records.iter().map(|record| by_record.remove(record?)).map(Option::unwrap_or_default);
        Ok(Self { topics: topics.collect(), texts, numbers })
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.topics.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.topics.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = Past<'_>> {
        (0..self.len()).map(move |row| self.past(row))
    }

    fn past(&self, row: usize) -> Past<'_> {
        Past {
            record: self.text("record_id", row).unwrap_or_default(),
            subject: self.subject(row),
            stored: self.stored(row),
        }
    }

    fn text(&self, name: &str, row: usize) -> Option<&str> {
        self.texts.get(name)?.get(row)
    }

    fn number(&self, name: &str, row: usize) -> Option<f64> {
        *self.numbers.get(name)?.get(row)?
    }

    fn subject(&self, row: usize) -> Subject<'_> {
        let text = |name| self.text(name, row).filter(|text| !text.is_empty());
        let sure = |name| self.number(name, row).unwrap_or(0.0) as f32;
        let kind = text("kind").and_then(FeedbackKind::parse);
        let sentiment = text("sentiment").and_then(SentimentLabel::parse);
        let urgency = text("urgency").and_then(Urgency::parse);
        Subject {
            account: text("account"),
            segment: text("segment"),
            revenue: self.number("revenue", row),
            product: text("product"),
            version: text("app_version"),
            language: text("language"),
            kind: kind.map(|label| (label, sure("kind_confidence"))),
            sentiment: sentiment.map(|label| (label, sure("sentiment_confidence"))),
            urgency: urgency.map(|label| (label, sure("urgency_confidence"))),
            score: self.score(row),
            topics: &self.topics[row],
            title: text("title"),
            body: text("body").unwrap_or_default(),
            ..Subject::new(text("source_kind").unwrap_or_default(), text("source").unwrap_or_default())
        }
    }

    fn score(&self, row: usize) -> Option<Score> {
        let kind = ScoreKind::parse(self.text("score_kind", row)?)?;
        let number = |name| self.number(name, row);
        Score::new(kind, number("score_value")?, number("score_min")?, number("score_max")?)
    }

    fn stored(&self, row: usize) -> Option<Stored<'_>> {
        Some(Stored {
            owner: self.text("triage_owner", row)?,
            priority: Priority::parse(self.text("triage_priority", row)?)?,
            queue: self.text("triage_queue", row)?,
        })
    }
}

/// The facts whose record's id begins so.
pub fn of_record(facts: LazyFrame, beginning: &str) -> LazyFrame {
    facts.filter(col("record_id").str().starts_with(lit(beginning.to_owned())))
}

/// By record, in the order of each record's list.
fn topics(hits: &Rows) -> Result<HashMap<String, Vec<SubjectTopic<'static>>>, InsightError> {
    let (records, ids) = (hits.text("record_id")?, hits.text("topic")?);
    let confidences = hits.real("topic_confidence")?;
    let (starts, ends) = (hits.whole("topic_start")?, hits.whole("topic_end")?);
    let mut by_record: HashMap<String, Vec<SubjectTopic<'static>>> = HashMap::new();
    for (row, (record, id)) in records.iter().zip(ids.iter()).enumerate() {
        let (Some(record), Some(id)) = (record, id) else { continue };
        let place = |at: i64| u32::try_from(at).unwrap_or(0);
        let start = place(starts[row]);
        by_record.entry(record.to_owned()).or_default().push(SubjectTopic {
            id: Cow::Owned(id.to_owned()),
            confidence: confidences[row].unwrap_or(0.0) as f32,
            span: Span::new(start, place(ends[row]).max(start)),
        });
    }
    Ok(by_record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fact, facts, nps};
    use feedback::time::Day;

    fn null(name: &str, kind: DataType) -> Expr {
        lit(NULL).cast(kind).alias(name.to_owned())
    }

    #[test]
    fn stored_facts_are_read_as_they_were_judged() {
        let fact = Fact {
            product: Some("app"),
            kind: "bug",
            sentiment: "negative",
            score: nps(3.0),
            body: "the invoice is wrong".to_owned(),
            topics: vec![("billing", "negative", (4, 11)), ("search", "neutral", (0, 3))],
            ..Fact::new(7, Day(20_514), "nps")
        };
        let plain = Fact::new(8, Day(20_514), "ticket");
        let sure = |name: &str| lit(0.7_f32).alias(name.to_owned());
        let rows = facts(&[fact.clone(), plain]).with_columns([
            null("account", DataType::String),
            lit("enterprise").alias("segment"),
            null("revenue", DataType::Float64),
            sure("kind_confidence"),
            sure("sentiment_confidence"),
            sure("urgency_confidence"),
            lit("one").alias("triage_owner"),
            lit("P2").alias("triage_priority"),
            null("triage_queue", DataType::String),
            // Somebody has called it a bug since.
            lit("complaint").alias("judged_kind"),
        ]);
        let history = History::read(rows).unwrap();
        let all: Vec<Past<'_>> = history.iter().collect();
        assert_eq!((history.len(), history.is_empty()), (2, false));
        let Past { record, subject, stored } = all[0];
        assert_eq!(
            (record, stored),
            (fact.record_id().as_str(), None),
            "without a queue nothing was decided"
        );
        assert_eq!((subject.source, subject.event_source), ("nps", "nps-inbox"));
        assert_eq!((subject.product, subject.segment), (Some("app"), Some("enterprise")));
        assert_eq!((subject.account, subject.revenue, subject.score), (None, None, nps(3.0)));
        assert_eq!(subject.kind, Some((FeedbackKind::Complaint, 0.7)));
        assert_eq!(subject.sentiment, Some((SentimentLabel::Negative, 0.7)));
        let topics = [
            SubjectTopic::new("billing", 0.9, Span::new(4, 11)),
            SubjectTopic::new("search", 0.9, Span::new(0, 3)),
        ];
        assert_eq!(subject.topics, topics);
        assert_eq!(subject.topics[0].span.of(subject.body), "invoice");
        assert_eq!((all[1].subject.source, all[1].subject.topics.len()), ("ticket", 0));
    }
}
