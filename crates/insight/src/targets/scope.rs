//! Which records a target is about, and over how many days.

use crate::{
    error::InsightError,
    frame::{Rows, as_wholes, between, explode_topics, of_topic},
    report::{Filter, Period},
};
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

    /// Lists its records; `None` where no filter lists just these (of a segment, or of an owner's topics).
    #[must_use]
    pub fn filter(&self, period: Period) -> Option<Filter> {
        let listed = self.segment.is_none() && self.owner.is_none();
        listed.then(|| Filter {
            from: Some(period.from),
            to: Some(period.to),
            product: self.product.clone(),
            source: self.source.clone(),
            topic: self.topic.clone(),
            part: self.part.clone(),
            question: self.question.clone(),
            ..Filter::default()
        })
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

/// How many records there are, and how many of those whose sentiment is known are negative and positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub records: u64,
    pub known: u64,
    pub negative: u64,
    pub positive: u64,
}

/// Each record once, however many of the topics it speaks of: it is negative where it speaks ill of one of them.
pub(crate) fn tally_of(narrowed: LazyFrame) -> Result<Tally, InsightError> {
    let is = |label: &str| col("topic_sentiment").eq(lit(label.to_owned())).cast(DataType::Int64);
    let known = col("topic_sentiment").neq(lit("unknown")).cast(DataType::Int64);
    let columns = [
        col("record_id"),
        is("negative").alias("negative"),
        is("positive").alias("positive"),
        known.alias("known"),
    ];
    let most = ["negative", "positive", "known"].map(|name| col(name).max());
    let sums = ["negative", "positive", "known"].map(|name| col(name).sum());
    let records = narrowed.select(columns).group_by([col("record_id")]).agg(most);
    let rows = Rows::collect(records.select([vec![len().alias("records")], sums.to_vec()].concat()))?;
    let one =
        |name: &str| Ok::<u64, InsightError>(rows.whole(name)?.first().map_or(0, |n| (*n).max(0) as u64));
    Ok(Tally {
        records: one("records")?,
        known: one("known")?,
        negative: one("negative")?,
        positive: one("positive")?,
    })
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
}
