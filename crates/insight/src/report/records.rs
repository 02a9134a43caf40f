//! The records behind a figure.

mod narrow;

use super::{
    filter::{Answers, Band, Filter},
    people::{People, last_of_each},
    quotes::excerpt,
    scope::date,
};
use crate::{
    error::InsightError,
    frame::{Rows, as_wholes, explode_topics, of_topic},
    rollup::is_satisfied,
    stats::nps::Category,
};
use feedback::{
    insight::{NO_TOPIC, Scale},
    judgement::SentimentLabel,
    score::ScoreKind,
    span::Span,
    time::{Day, Timestamp},
};
use polars::prelude::*;
use serde::Serialize;
use std::collections::HashMap;

/// One record as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecordLine {
    pub record_id: String,
    #[serde(with = "date")]
    pub day: Day,
    /// The source kind, and the form, inbox or network within it.
    pub source: String,
    pub origin: String,
    pub native_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of the topic where the filter names one, else of the record.
    pub sentiment: String,
    pub kind: String,
    pub topics: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<RecordScore>,
    /// The redacted body; of a topic, the characters at `span`.
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    #[serde(skip)]
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RecordScore {
    #[serde(flatten)]
    pub scale: Scale,
    pub value: f64,
}

impl RecordLine {
    /// The words on the topic with what stands around them, or the beginning of the body.
    #[must_use]
    pub fn excerpt(&self) -> String {
        excerpt(&self.text, self.span.unwrap_or(Span::new(0, 0)))
    }
}

/// Lists what `filter` names, newest first. As many records as the figure that carries the filter says.
///
/// # Errors
/// Where a column is missing or of another type; where the filter asks for cases, and [`Filter::of_cases`] does not tell
/// what their log says.
pub fn records(facts: LazyFrame, filter: &Filter) -> Result<Vec<RecordLine>, InsightError> {
    let all = facts.clone();
    let Some(facts) = filter.left_by_cases(facts.filter(filter.predicate()))? else { return Ok(Vec::new()) };
    let topics = topics_of(&facts, filter)?;
    let chosen = match filter.topic.as_deref() {
        Some(topic) => of_topic(facts, topic),
        None => as_wholes(facts),
    };
    let mut lines = read(&Rows::collect(chosen)?, topics)?;
    narrow::narrow(&mut lines, filter);
    // What a figure counts once a person is chosen before what is asked of those answers.
    if filter.answers == Some(Answers::Last) {
        let people = People::read(&all)?;
        let last = last_of_each(&lines, |line| {
            let person = line.author.as_deref().map(|author| people.of(author));
            (person, line.at, line.record_id.as_str())
        });
        lines = last.into_iter().cloned().collect();
    }
    if let Some(sentiment) = filter.sentiment {
        lines.retain(|line| line.sentiment == sentiment.as_str());
    }
    if filter.judged {
        lines.retain(|line| line.sentiment != SentimentLabel::Unknown.as_str());
    }
    if let Some(value) = filter.value {
        lines.retain(|line| line.score.is_some_and(|score| score.value == value));
    }
    if let Some(band) = filter.band {
        lines.retain(|line| line.score.is_some_and(|score| in_band(band, score)));
    }
    lines.sort_by(|a, b| (b.at, &b.record_id).cmp(&(a.at, &a.record_id)));
    Ok(lines)
}

pub(crate) fn in_band(band: Band, score: RecordScore) -> bool {
    match band {
        Band::Promoters => Category::of(score.value) == Category::Promoter,
        Band::Passives => Category::of(score.value) == Category::Passive,
        Band::Detractors => Category::of(score.value) == Category::Detractor,
        Band::Top2 => is_satisfied(score.scale, score.value),
    }
}

/// The topics of every record, in their own order.
fn topics_of(facts: &LazyFrame, filter: &Filter) -> Result<HashMap<String, Vec<String>>, InsightError> {
    if filter.topic.as_deref() == Some(NO_TOPIC) {
        return Ok(HashMap::new());
    }
    let rows = Rows::collect(explode_topics(facts.clone()).select([col("record_id"), col("topic")]))?;
    let (records, topics) = (rows.text("record_id")?, rows.text("topic")?);
    let mut by_record: HashMap<String, Vec<String>> = HashMap::new();
    for (record, topic) in records.iter().zip(topics.iter()) {
        if let (Some(record), Some(topic)) = (record, topic) {
            by_record.entry(record.to_owned()).or_default().push(topic.to_owned());
        }
    }
    Ok(by_record)
}

fn read(rows: &Rows, mut topics: HashMap<String, Vec<String>>) -> Result<Vec<RecordLine>, InsightError> {
    let names = [
        "record_id",
        "source_kind",
        "source",
        "native_id",
        "author",
        "product",
        "platform",
        "app_version",
        "topic_sentiment",
        "kind",
        "score_kind",
        "body",
        "territory",
        "question",
        "title",
    ];
    let text = names.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
    let (days, times) = (rows.days("day")?, rows.times("occurred_at")?);
    let (value, min, max) = (rows.real("score_value")?, rows.real("score_min")?, rows.real("score_max")?);
    let (start, end) = (rows.real("topic_start")?, rows.real("topic_end")?);
    let mut line = |row: usize| {
        let get = |at: usize| text[at].get(row).map(str::to_owned);
        let record_id = get(0).unwrap_or_default();
        let score = || {
            let kind = ScoreKind::parse(text[10].get(row)?)?;
            Some(RecordScore { scale: Scale { kind, min: min[row]?, max: max[row]? }, value: value[row]? })
        };
        RecordLine {
            day: days[row],
            source: get(1).unwrap_or_default(),
            origin: get(2).unwrap_or_default(),
            native_id: get(3).unwrap_or_default(),
            author: get(4),
            product: get(5),
            platform: get(6),
            app_version: get(7),
            territory: get(12),
            question: get(13),
            title: get(14),
            sentiment: get(8).unwrap_or_else(|| "unknown".to_owned()),
            kind: get(9).unwrap_or_else(|| "unknown".to_owned()),
            topics: topics.remove(&record_id).unwrap_or_default(),
            score: score(),
            text: get(11).unwrap_or_default(),
            span: start[row].zip(end[row]).map(|(start, end)| Span::new(start as u32, end.max(start) as u32)),
            at: times[row],
            record_id,
        }
    };
    Ok((0..rows.len()).map(&mut line).collect())
}
