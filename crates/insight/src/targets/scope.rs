//! Which records a target is about, and over how many days.

use crate::{
    error::InsightError,
    frame::{Rows, as_wholes, between, explode_topics, of_topic},
    report::{Filter, Period},
};
use feedback::{judgement::SentimentLabel, time::Day};
use polars::prelude::*;
use serde::{Deserialize, Serialize};

/// Records that fit all that is set; all records where nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetScope {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// A topic id, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// A source kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
    /// What is said of the topics that the owner has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Which answer of a response, where a source asks several questions on one scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The question, where its answers have no part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// Days of a target; they end with the week that is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    pub days: i32,
}

/// Two years: a longer goal says nothing of a week.
const MOST_DAYS: i32 = 728;

impl Span {
    /// `week`, `4 weeks`, `day`, `10 days`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (first, second) = (words.next()?, words.next());
        let (number, unit) = match second {
            Some(unit) => (first.parse::<i32>().ok()?, unit),
            None => (1, first),
        };
        let length = match unit {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            _ => return None,
        };
        let days = number.checked_mul(length).filter(|days| (1..=MOST_DAYS).contains(days))?;
        words.next().is_none().then_some(Self { days })
    }

    #[must_use]
    pub fn tell(self) -> String {
        match self.days {
            7 => "the week".to_owned(),
            days if days % 7 == 0 => format!("{} weeks", days / 7),
            1 => "the last day".to_owned(),
            days => format!("{days} days"),
        }
    }
}

impl TargetScope {
    /// `billing, enterprise`; empty where it is everything.
    #[must_use]
    pub fn tell(&self) -> String {
        let parts = [
            &self.product,
            &self.topic,
            &self.source,
            &self.segment,
            &self.owner,
            &self.part,
            &self.question,
        ];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Lists its records, of these topics where any are named: those of an owner. `None` where the owner has none.
    #[must_use]
    pub fn filter(&self, period: Period, topics: Option<&[String]>) -> Option<Filter> {
        let all = Filter {
            from: Some(period.from),
            to: Some(period.to),
            product: self.product.clone(),
            source: self.source.clone(),
            segment: self.segment.clone(),
            part: self.part.clone(),
            question: self.question.clone(),
            ..Filter::default()
        };
        match topics {
            None => Some(all),
            Some([]) => None,
            Some([one]) => Some(all.topic(one)),
            Some(several) => Some(Filter { any_topic: several.to_vec(), ..all }),
        }
    }
}

/// The facts of some days within a scope, with `topic_sentiment`: of what is said of the topics, where there are any, with
/// a row for each of them that a record speaks of; else of the record.
pub(crate) fn narrowed(
    facts: &LazyFrame,
    scope: &TargetScope,
    topics: Option<&[String]>,
    period: Period,
) -> LazyFrame {
    let mut frame = facts.clone().filter(between(period.from, period.to));
    let equal = [
        ("product", &scope.product),
        ("source_kind", &scope.source),
        ("segment", &scope.segment),
        ("part", &scope.part),
        ("question", &scope.question),
    ];
    for (name, value) in equal {
        if let Some(value) = value {
            frame = frame.filter(col(name).fill_null(lit("")).eq(lit(value.clone())));
        }
    }
    match topics {
        None => as_wholes(frame),
        Some([one]) => of_topic(frame, one),
        Some(several) => {
            let any = several.iter().map(|topic| col("topic").eq(lit(topic.clone()))).reduce(Expr::or);
            explode_topics(frame).filter(any.unwrap_or(lit(false)))
        }
    }
}

/// How many records there are: each once, however many of the topics it speaks of.
pub(crate) fn records_of(narrowed: LazyFrame) -> Result<u64, InsightError> {
    let records = narrowed.select([col("record_id")]).group_by([col("record_id")]).agg([len().alias("rows")]);
    Ok(Rows::collect(records)?.len() as u64)
}

/// By day that has any: how many records have this sentiment, and of how many it is known. Each record counts once: it is
/// negative where it speaks ill of one of the topics.
pub(crate) fn daily_of(narrowed: LazyFrame, label: SentimentLabel) -> Result<Vec<(u64, u64)>, InsightError> {
    let is = col("topic_sentiment").eq(lit(label.as_str())).cast(DataType::Int64);
    let known = col("topic_sentiment").neq(lit("unknown")).cast(DataType::Int64);
    let records = narrowed
        .select([col("record_id"), col("day"), is.alias("hits"), known.alias("known")])
        .group_by([col("record_id")])
        .agg([col("day").min(), col("hits").max(), col("known").max()]);
    let sums = [col("hits").sum(), col("known").sum()];
    let rows = Rows::collect(records.group_by([col("day")]).agg(sums))?;
    let (days, hits, known) = (rows.days("day")?, rows.whole("hits")?, rows.whole("known")?);
    let count = |n: i64| n.max(0) as u64;
    let mut daily: Vec<(Day, u64, u64)> = (0..rows.len())
        .map(|row| (days[row], count(hits[row]).min(count(known[row])), count(known[row])))
        .collect();
    // In one order, so that sums of broken numbers are the same to the last bit.
    daily.sort_unstable();
    Ok(daily.into_iter().map(|(_, hits, known)| (hits, known)).collect())
}

/// The first day of all with records of a scope's product and source: what a topic or a segment has none of may be its own
/// news.
pub(crate) fn first_day(facts: &LazyFrame, scope: &TargetScope) -> Result<Option<Day>, InsightError> {
    let mut frame = facts.clone();
    for (name, value) in [("product", &scope.product), ("source_kind", &scope.source)] {
        if let Some(value) = value {
            frame = frame.filter(col(name).fill_null(lit("")).eq(lit(value.clone())));
        }
    }
    let first = Rows::collect(frame.select([col("day").min().alias("first")]).drop_nulls(None))?;
    Ok(first.days("first")?.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read() {
        let days = |text: &str| Span::parse(text).map(|span| span.days);
        assert_eq!([days("week"), days("4 weeks"), days("day")], [Some(7), Some(28), Some(1)]);
        assert_eq!([days("10 days"), days("1 week")], [Some(10), Some(7)]);
        for wrong in
            ["", "month", "0 weeks", "-1 weeks", "9999 weeks", "4 weeks ago", "weeks 4", "999999999999 days"]
        {
            assert_eq!(days(wrong), None, "{wrong}");
        }
        assert_eq!(Span { days: 28 }.tell(), "4 weeks");
    }

    #[test]
    fn the_records_of_a_scope_are_listed() {
        let period = Period { from: Day(20_514), to: Day(20_520) };
        let of = |scope: TargetScope, topics: Option<&[&str]>| {
            let topics: Option<Vec<String>> =
                topics.map(|topics| topics.iter().map(|topic| (*topic).to_owned()).collect());
            scope.filter(period, topics.as_deref()).map(|filter| filter.args().join(" "))
        };
        let segment = TargetScope { segment: Some("pro".to_owned()), ..TargetScope::default() };
        assert_eq!(of(segment, None).as_deref(), Some("--from 2026-03-02 --to 2026-03-08 --segment pro"));
        let owner = || TargetScope { owner: Some("identity".to_owned()), ..TargetScope::default() };
        let days = "--from 2026-03-02 --to 2026-03-08";
        assert_eq!(of(owner(), Some(&["billing"])), Some(format!("{days} --topic billing")));
        assert_eq!(
            of(owner(), Some(&["billing", "payments"])),
            Some(format!("{days} --any-topic billing --any-topic payments"))
        );
        assert_eq!(of(owner(), Some(&[])), None);
    }
}
