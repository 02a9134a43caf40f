//! Reading insights back, within a scope.

use super::{
    facts::Facts,
    filter::Filter,
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    frame::{Rows, between, of_topic},
};
use feedback::{
    insight::{InsightCounts, InsightKey, InsightRow, Scale},
    score::ScoreKind,
};
use polars::prelude::*;

/// The rows of some days, of the scope's product and sources. The table knows kinds of sources alone: what some
/// sources of events sent is counted anew from its facts.
pub(super) fn insights(
    insights: &LazyFrame,
    facts: &impl Facts,
    scope: &Scope,
    days: Period,
) -> Result<Vec<InsightRow>, InsightError> {
    if !scope.event_source.is_empty() {
        return facts.rolled_up(scope, days);
    }
    rows(&Rows::collect(of_scope(insights, scope).filter(between(days.from, days.to)))?)
}

/// The first and the last day of all that have records of the scope's product and sources.
pub(super) fn reach(
    insights: &LazyFrame,
    facts: &impl Facts,
    scope: &Scope,
) -> Result<Option<Period>, InsightError> {
    if scope.event_source.is_empty() { ends(of_scope(insights, scope)) } else { facts.reach(scope) }
}

/// The first and the last day.
pub(super) fn ends(frame: LazyFrame) -> Result<Option<Period>, InsightError> {
    let ends = [col("day").min().alias("first"), col("day").max().alias("last")];
    let ends = Rows::collect(frame.select(ends).drop_nulls(None))?;
    let (first, last) = (ends.days("first")?, ends.days("last")?);
    Ok(first.first().zip(last.first()).map(|(from, to)| Period { from: *from, to: *to }))
}

fn of_scope(insights: &LazyFrame, scope: &Scope) -> LazyFrame {
    let mut frame = insights.clone();
    if let Some(product) = &scope.product {
        frame = frame.filter(col("product").eq(lit(product.clone())));
    }
    if let Some(source) = &scope.source {
        frame = frame.filter(col("source_kind").eq(lit(source.clone())));
    }
    frame
}

/// The current facts of some days within the whole scope.
pub(super) fn facts(frame: &LazyFrame, scope: &Scope, days: Period) -> LazyFrame {
    let frame = frame.clone().filter(Filter::of(scope, days).predicate());
    match &scope.topic {
        Some(topic) => of_topic(frame, topic),
        None => frame,
    }
}

fn rows(rows: &Rows) -> Result<Vec<InsightRow>, InsightError> {
    let days = rows.days("day")?;
    let [products, sources, topics, kinds] =
        ["product", "source_kind", "topic", "score_kind"].map(|name| rows.text(name));
    let (products, sources, topics, kinds) = (products?, sources?, topics?, kinds?);
    let (min, max) = (rows.real("score_min")?, rows.real("score_max")?);
    let (sum, sum_sq) = (rows.real("score_sum")?, rows.real("score_sum_sq")?);
    let counts = Counts::read(rows)?;
    let mut result = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let scale = match kinds.get(row).unwrap_or_default() {
            "" => None,
            name => {
                let unknown = || InsightError::UnknownRow {
                    day: days[row].to_string(),
                    what: format!("the score kind {name:?}"),
                };
                let kind = ScoreKind::parse(name).ok_or_else(unknown)?;
                Some(Scale { kind, min: min[row].unwrap_or(0.0), max: max[row].unwrap_or(0.0) })
            }
        };
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let key = InsightKey {
            day: days[row],
            product: text(products.get(row)),
            source_kind: text(sources.get(row)),
            topic: text(topics.get(row)),
            scale,
        };
        let sums = (sum[row].unwrap_or(0.0), sum_sq[row].unwrap_or(0.0));
        result.push(InsightRow { key, counts: counts.of(row, sums) });
    }
    Ok(result)
}

/// The whole-number columns, in the order of [`Counts::NAMES`].
struct Counts(Vec<Vec<i64>>);

impl Counts {
    const NAMES: [&str; 19] = [
        "records",
        "negative",
        "neutral",
        "positive",
        "sentiment_unknown",
        "bug",
        "feature_request",
        "complaint",
        "praise",
        "question",
        "cancellation",
        "other",
        "kind_unknown",
        "urgent",
        "score_n",
        "promoters",
        "passives",
        "detractors",
        "top2",
    ];

    fn read(rows: &Rows) -> Result<Self, InsightError> {
        Ok(Self(Self::NAMES.iter().map(|name| rows.whole(name)).collect::<Result<_, _>>()?))
    }

    fn of(&self, row: usize, (score_sum, score_sum_sq): (f64, f64)) -> InsightCounts {
        let n: [i64; 19] = std::array::from_fn(|column| self.0[column][row]);
        InsightCounts {
            records: n[0],
            negative: n[1],
            neutral: n[2],
            positive: n[3],
            sentiment_unknown: n[4],
            bug: n[5],
            feature_request: n[6],
            complaint: n[7],
            praise: n[8],
            question: n[9],
            cancellation: n[10],
            other: n[11],
            kind_unknown: n[12],
            urgent: n[13],
            score_n: n[14],
            score_sum,
            score_sum_sq,
            promoters: n[15],
            passives: n[16],
            detractors: n[17],
            top2: n[18],
        }
    }
}
