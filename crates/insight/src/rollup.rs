//! Facts to insights: one row for each day, product, source, topic and scale.
//!
//! A pure function of the current facts of the days handed over, whatever the order they arrived in:
//! polars counts by score value, and the sums over values are taken in the order of the values.

use crate::{
    error::InsightError,
    frame::{Rows, explode_topics},
    stats::nps::Category,
};
use feedback::{
    insight::{ALL_TOPICS, InsightCounts, InsightKey, InsightRow, NO_TOPIC, Scale},
    judgement::{FeedbackKind, SentimentLabel},
    score::ScoreKind,
};
use polars::prelude::*;
use std::{cmp::Ordering, collections::HashMap};

/// The counts that are sums of "is this label" over records: column, label, counted field.
const LABELS: [(&str, &str, &str); 11] = [
    ("sentiment", "negative", "negative"),
    ("sentiment", "neutral", "neutral"),
    ("sentiment", "positive", "positive"),
    ("kind", "bug", "bug"),
    ("kind", "feature_request", "feature_request"),
    ("kind", "complaint", "complaint"),
    ("kind", "praise", "praise"),
    ("kind", "question", "question"),
    ("kind", "cancellation", "cancellation"),
    ("kind", "other", "other"),
    ("urgency", "high", "urgent"),
];

const KEYS: [&str; 8] =
    ["day", "product", "source_kind", "topic", "score_kind", "score_min", "score_max", "score_value"];

/// Counts `facts`, the resolved current rows of the days to recompute; a topic stands at most once in a
/// record's list. On the rows of a topic the sentiment is that of what is said about the topic; on the rows of
/// all records and of those without a topic it is the record's.
///
/// Sorted by day, product, source kind, topic and scale.
pub fn rollup(facts: LazyFrame) -> Result<Vec<InsightRow>, InsightError> {
    let facts = facts.select([
        col("day"),
        col("product").fill_null(lit("")),
        col("source_kind"),
        col("score_kind").fill_null(lit("")),
        col("score_min"),
        col("score_max"),
        col("score_value"),
        col("sentiment").fill_null(lit("unknown")),
        col("kind").fill_null(lit("unknown")),
        col("urgency").fill_null(lit("normal")),
        col("topics"),
    ]);
    let counted: Vec<Expr> =
        KEYS.iter().map(|key| col(*key)).chain(["sentiment", "kind", "urgency"].map(col)).collect();
    let with_topic = |frame: LazyFrame, topic: &str| {
        frame.with_column(lit(topic.to_owned()).alias("topic")).select(counted.clone())
    };
    let untold = col("topics").list().len().fill_null(lit(0)).eq(lit(0));
    let mentions = explode_topics(facts.clone())
        .with_column(col("topic_sentiment").alias("sentiment"))
        .select(counted.clone());
    let all = concat(
        [with_topic(facts.clone(), ALL_TOPICS), with_topic(facts.filter(untold), NO_TOPIC), mentions],
        UnionArgs::default(),
    )?;
    let sums = LABELS.map(|(column, label, field)| {
        col(column).eq(lit(label)).cast(DataType::Int64).sum().alias(format!("n_{field}"))
    });
    let records = len().cast(DataType::Int64).alias("n_records");
    let grouped = all.group_by(KEYS.map(col)).agg([vec![records], sums.to_vec()].concat());
    fold(&Rows::collect(grouped)?)
}

/// One count for each key and score value, to one row for each key.
fn fold(rows: &Rows) -> Result<Vec<InsightRow>, InsightError> {
    let (days, products, sources) = (rows.days("day")?, rows.text("product")?, rows.text("source_kind")?);
    let (topics, kinds) = (rows.text("topic")?, rows.text("score_kind")?);
    let (min, max, value) = (rows.real("score_min")?, rows.real("score_max")?, rows.real("score_value")?);
    let records = rows.whole("n_records")?;
    let labels: Vec<Vec<i64>> =
        LABELS.iter().map(|(_, _, field)| rows.whole(&format!("n_{field}"))).collect::<Result<_, _>>()?;
    let mut parts = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let scale = scale(kinds.get(row), min[row], max[row]);
        let key = InsightKey {
            day: days[row],
            product: products.get(row).unwrap_or_default().to_owned(),
            source_kind: sources.get(row).unwrap_or_default().to_owned(),
            topic: topics.get(row).unwrap_or_default().to_owned(),
            scale,
        };
        let mut counts = counts(records[row], &labels, row);
        if let (Some(scale), Some(value)) = (scale, value[row]) {
            score(&mut counts, scale, value, records[row]);
        }
        parts.push((value[row], InsightRow { key, counts }));
    }
    Ok(folded(parts))
}

/// Rows that each count one value of a score, to one row for each key.
pub(crate) fn folded(mut parts: Vec<(Option<f64>, InsightRow)>) -> Vec<InsightRow> {
    // Within a key by value, so that floating-point sums never depend on the order of arrival.
    parts.sort_by(|(a, left), (b, right)| by_key(&left.key, &right.key).then(by_value(*a, *b)));
    let mut result: Vec<InsightRow> = Vec::new();
    for (_, part) in parts {
        match result.last_mut() {
            Some(last) if by_key(&last.key, &part.key) == Ordering::Equal => {
                add(&mut last.counts, &part.counts)
            }
            _ => result.push(part),
        }
    }
    result
}

/// What one record, or one mention, is counted by.
pub(crate) struct Said<'a> {
    pub sentiment: SentimentLabel,
    pub kind: &'a str,
    pub is_urgent: bool,
}

impl Said<'_> {
    /// Counts it; its score is [`score`]'s.
    pub fn add_to(&self, counts: &mut InsightCounts) {
        counts.records += 1;
        counts.urgent += i64::from(self.is_urgent);
        *match self.sentiment {
            SentimentLabel::Negative => &mut counts.negative,
            SentimentLabel::Neutral => &mut counts.neutral,
            SentimentLabel::Positive => &mut counts.positive,
            SentimentLabel::Unknown => &mut counts.sentiment_unknown,
        } += 1;
        *match FeedbackKind::parse(self.kind).unwrap_or(FeedbackKind::Unknown) {
            FeedbackKind::Bug => &mut counts.bug,
            FeedbackKind::FeatureRequest => &mut counts.feature_request,
            FeedbackKind::Complaint => &mut counts.complaint,
            FeedbackKind::Praise => &mut counts.praise,
            FeedbackKind::Question => &mut counts.question,
            FeedbackKind::Cancellation => &mut counts.cancellation,
            FeedbackKind::Other => &mut counts.other,
            FeedbackKind::Unknown => &mut counts.kind_unknown,
        } += 1;
    }
}

fn scale(kind: Option<&str>, min: Option<f64>, max: Option<f64>) -> Option<Scale> {
    Some(Scale { kind: ScoreKind::parse(kind?)?, min: min?, max: max? })
}

fn counts(records: i64, labels: &[Vec<i64>], row: usize) -> InsightCounts {
    let n: HashMap<&str, i64> =
        LABELS.iter().zip(labels).map(|((_, _, field), of)| (*field, of[row])).collect();
    let known = n["negative"] + n["neutral"] + n["positive"];
    let kinds = ["bug", "feature_request", "complaint", "praise", "question", "cancellation", "other"];
    InsightCounts {
        records,
        negative: n["negative"],
        neutral: n["neutral"],
        positive: n["positive"],
        sentiment_unknown: records - known,
        bug: n["bug"],
        feature_request: n["feature_request"],
        complaint: n["complaint"],
        praise: n["praise"],
        question: n["question"],
        cancellation: n["cancellation"],
        other: n["other"],
        kind_unknown: records - kinds.iter().map(|kind| n[kind]).sum::<i64>(),
        urgent: n["urgent"],
        ..InsightCounts::default()
    }
}

/// `n` answers of one value on one scale.
pub(crate) fn score(counts: &mut InsightCounts, scale: Scale, value: f64, n: i64) {
    counts.score_n = n;
    counts.score_sum = value * n as f64;
    counts.score_sum_sq = value * value * n as f64;
    if scale.kind == ScoreKind::Nps {
        let category = match Category::of(value) {
            Category::Promoter => &mut counts.promoters,
            Category::Passive => &mut counts.passives,
            Category::Detractor => &mut counts.detractors,
        };
        *category = n;
    }
    if is_satisfied(scale, value) {
        counts.top2 = n;
    }
}

/// Whether an answer lies in the satisfied boxes of its scale. What they are is a matter of the scale:
///
/// - up to three boxes (thumbs as 0 to 1, faces as 1 to 3): the best one, since a second would take in who
///   is undecided or unhappy (vendors count thumbs as good over all, as Zendesk does);
/// - up to eleven: the two best, 4 and 5 of 1 to 5 (Morgan and Rego 2006, "The value of different customer
///   satisfaction and loyalty metrics", Marketing Science 25:426);
/// - wider ones (0 to 100): the best fifth.
///
/// A score always has a scale: where a payload names none, decoding gives it that of its kind.
#[must_use]
pub fn is_satisfied(scale: Scale, value: f64) -> bool {
    let below_best = match scale.max - scale.min {
        length if length < 3.0 => 0.0,
        length if length < 11.0 => 1.0,
        length => length / 5.0,
    };
    value >= scale.max - below_best
}

fn by_value(a: Option<f64>, b: Option<f64>) -> Ordering {
    let number = |value: Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
    number(a).total_cmp(&number(b))
}

fn by_key(a: &InsightKey, b: &InsightKey) -> Ordering {
    fn names(key: &InsightKey) -> (i32, &str, &str, &str) {
        (key.day.0, &key.product, &key.source_kind, &key.topic)
    }
    names(a).cmp(&names(b)).then_with(|| match (a.scale, b.scale) {
        (Some(a), Some(b)) => a.kind.cmp(&b.kind).then(a.min.total_cmp(&b.min)).then(a.max.total_cmp(&b.max)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    })
}

fn add(to: &mut InsightCounts, more: &InsightCounts) {
    to.records += more.records;
    to.negative += more.negative;
    to.neutral += more.neutral;
    to.positive += more.positive;
    to.sentiment_unknown += more.sentiment_unknown;
    to.bug += more.bug;
    to.feature_request += more.feature_request;
    to.complaint += more.complaint;
    to.praise += more.praise;
    to.question += more.question;
    to.cancellation += more.cancellation;
    to.other += more.other;
    to.kind_unknown += more.kind_unknown;
    to.urgent += more.urgent;
    to.score_n += more.score_n;
    to.score_sum += more.score_sum;
    to.score_sum_sq += more.score_sum_sq;
    to.promoters += more.promoters;
    to.passives += more.passives;
    to.detractors += more.detractors;
    to.top2 += more.top2;
}

#[cfg(test)]
mod tests;
