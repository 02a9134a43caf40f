//! What the weeks before were like: counts by week and topic, from the insights.

use super::{
    model::{Weekly, WeeklyOf},
    week::Week,
};
use crate::{
    error::InsightError,
    frame::{Rows, between},
    report::Period,
    stats::SUPPRESSED,
};
use feedback::insight::ALL_TOPICS;
use polars::prelude::*;
use std::collections::BTreeMap;

/// Weeks of a chart, the one that is told of included.
pub(super) const WEEKS: usize = 12;

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    records: i64,
    known: i64,
    negative: i64,
    positive: i64,
}

/// Counts of [`WEEKS`] weeks, by topic and source.
pub(super) struct Series {
    first: Week,
    /// Weeks at the beginning of which there are no records yet.
    untold: usize,
    /// The last week is not over: what it counts so far is no figure beside whole weeks.
    is_cut: bool,
    by: BTreeMap<(String, String), [Counts; WEEKS]>,
}

/// The first and the last day of all with records, of a product or of all.
pub(super) fn reach(insights: &LazyFrame, product: Option<&str>) -> Result<Option<Period>, InsightError> {
    let ends = [col("day").min().alias("first"), col("day").max().alias("last")];
    let rows = Rows::collect(of_product(insights, product).select(ends).drop_nulls(None))?;
    let (first, last) = (rows.days("first")?, rows.days("last")?);
    Ok(first.first().zip(last.first()).map(|(from, to)| Period { from: *from, to: *to }))
}

fn of_product(insights: &LazyFrame, product: Option<&str>) -> LazyFrame {
    match product {
        Some(product) => insights.clone().filter(col("product").eq(lit(product.to_owned()))),
        None => insights.clone(),
    }
}

impl Series {
    /// Of the weeks up to `last`, whose days after `end` do not count; `reach` is that of all records.
    pub fn read(
        insights: &LazyFrame,
        product: Option<&str>,
        last: Week,
        end: Period,
        reach: Period,
    ) -> Result<Self, InsightError> {
        let first = last.plus(1 - WEEKS as i32);
        let from = first.period().from;
        let names = ["records", "sentiment_unknown", "negative", "positive"];
        let sums = names.map(|name| col(name).sum());
        let by = ["day", "topic", "source_kind"].map(col);
        let days = of_product(insights, product).filter(between(from, end.to));
        let rows = Rows::collect(days.group_by(by).agg(sums))?;
        let (days, topics, sources) = (rows.days("day")?, rows.text("topic")?, rows.text("source_kind")?);
        let [records, unknown, negative, positive] = names.map(|name| rows.whole(name));
        let (records, unknown, negative, positive) = (records?, unknown?, negative?, positive?);
        let mut by: BTreeMap<(String, String), [Counts; WEEKS]> = BTreeMap::new();
        for row in 0..rows.len() {
            let text = |of: Option<&str>| of.unwrap_or_default().to_owned();
            let cells = by.entry((text(topics.get(row)), text(sources.get(row)))).or_default();
            let Some(cell) = cells.get_mut(((days[row].0 - from.0) / 7) as usize) else { continue };
            cell.records += records[row];
            cell.known += records[row] - unknown[row];
            cell.negative += negative[row];
            cell.positive += positive[row];
        }
        let untold = (0..WEEKS).take_while(|week| first.plus(*week as i32).period().to < reach.from).count();
        Ok(Self { first, untold, is_cut: end.to < last.period().to, by })
    }

    /// Of a topic over all sources.
    pub fn of_topic(&self, topic: &str, of: WeeklyOf) -> Weekly {
        self.weekly(of, |key| key.0 == topic)
    }

    /// Of a source, or of all of them, over all topics.
    pub fn of_source(&self, source: Option<&str>, of: WeeklyOf) -> Weekly {
        self.weekly(of, |key| key.0 == ALL_TOPICS && source.is_none_or(|source| key.1 == source))
    }

    fn weekly(&self, of: WeeklyOf, fits: impl Fn(&(String, String)) -> bool) -> Weekly {
        let mut sums = [Counts::default(); WEEKS];
        for (_, cells) in self.by.iter().filter(|(key, _)| fits(key)) {
            for (sum, cell) in sums.iter_mut().zip(cells) {
                sum.records += cell.records;
                sum.known += cell.known;
                sum.negative += cell.negative;
                sum.positive += cell.positive;
            }
        }
        let share = |hits: i64, n: i64| (n >= SUPPRESSED as i64).then(|| hits as f64 / n as f64);
        let value = |(at, sum): (usize, &Counts)| match of {
            _ if at < self.untold => None,
            WeeklyOf::Records if self.is_cut && at + 1 == WEEKS => None,
            WeeklyOf::Negative => share(sum.negative, sum.known),
            WeeklyOf::Positive => share(sum.positive, sum.known),
            WeeklyOf::Records | WeeklyOf::Score | WeeklyOf::Word => Some(sum.records as f64),
        };
        Weekly { of, first: self.first, values: sums.iter().enumerate().map(value).collect() }
    }
}
