//! What carries a mover: the product, platform, version or territory that its mentions share more than usual.

use super::{
    filter::Filter,
    model::Carrier,
    read,
    scope::{Period, Scope},
};
use crate::{
    error::InsightError,
    frame::{Rows, explode_topics},
    stats::proportion::{Proportion, newcombe},
    trends::Metric,
};
use feedback::time::Day;
use polars::prelude::*;
use std::collections::BTreeMap;

/// The dimensions, and pairs of them that belong together.
const DIMENSIONS: [&[&str]; 5] =
    [&["product"], &["platform"], &["app_version"], &["territory"], &["platform", "app_version"]];
const COLUMNS: [&str; 4] = ["product", "platform", "app_version", "territory"];
/// A carrier has at least this much more of the mentions than usual, and this many times as much.
const LEAST_EXTRA: f64 = 0.15;
const LEAST_TIMES: f64 = 1.3;
/// Fewer mentions than this say nothing of what they share.
const LEAST_MENTIONS: u64 = 10;
const MOST: usize = 2;

/// Mentions of some topics over the study, counted by what they have in common.
pub struct Mentions(Vec<Cell>);

struct Cell {
    topic: String,
    day: Day,
    sentiment: String,
    /// In the order of [`COLUMNS`]; empty where unknown.
    values: [String; 4],
    n: u64,
}

impl Mentions {
    pub fn read(
        facts: &LazyFrame,
        scope: &Scope,
        study: Period,
        topics: &[String],
    ) -> Result<Self, InsightError> {
        let wanted = topics.iter().map(|topic| col("topic").eq(lit(topic.clone())));
        let Some(wanted) = wanted.reduce(Expr::or) else { return Ok(Self(Vec::new())) };
        let everything = Scope { topic: None, ..scope.clone() };
        let keys: Vec<Expr> =
            ["topic", "day", "topic_sentiment"].into_iter().chain(COLUMNS).map(col).collect();
        let counted = explode_topics(read::facts(facts, &everything, study))
            .filter(wanted)
            .group_by(keys)
            .agg([len().alias("n")]);
        let rows = Rows::collect(counted)?;
        let (topics, days) = (rows.text("topic")?, rows.days("day")?);
        let (sentiments, n) = (rows.text("topic_sentiment")?, rows.whole("n")?);
        let values = COLUMNS.iter().map(|name| rows.text(name)).collect::<Result<Vec<_>, _>>()?;
        let cell = |row: usize| Cell {
            topic: topics.get(row).unwrap_or_default().to_owned(),
            day: days[row],
            sentiment: sentiments.get(row).unwrap_or_default().to_owned(),
            values: std::array::from_fn(|at| values[at].get(row).unwrap_or_default().to_owned()),
            n: n[row].max(0) as u64,
        };
        Ok(Self((0..rows.len()).map(cell).collect()))
    }

    /// What the mentions of `topic` (those the metric counts) have in common on `days`, against
    /// the other days of the study; the strongest first.
    pub fn carriers(&self, topic: &str, metric: Metric, days: Period, filter: &Filter) -> Vec<Carrier> {
        let wanted = match metric {
            Metric::Volume => None,
            Metric::Negative => Some("negative"),
            Metric::Positive => Some("positive"),
        };
        let counts = |c: &&Cell| c.topic == topic && wanted.is_none_or(|wanted| c.sentiment == wanted);
        let cells: Vec<&Cell> = self.0.iter().filter(counts).collect();
        let mut found: Vec<Carrier> =
            DIMENSIONS.iter().flat_map(|names| along(&cells, names, days, filter)).collect();
        let extra = |c: &Carrier| c.inside - c.outside;
        found.sort_by(|a, b| extra(b).total_cmp(&extra(a)).then_with(|| a.what.cmp(&b.what)));
        // A pair that covers nearly the same mentions as one of its halves says more than the half.
        let pairs: Vec<Carrier> = found.iter().filter(|c| c.what.len() > 1).cloned().collect();
        found.retain(|one| {
            let told = |pair: &Carrier| pair.what.contains(&one.what[0]) && pair.inside >= 0.85 * one.inside;
            one.what.len() > 1 || !pairs.iter().any(told)
        });
        // A pair that only repeats a half with other mentions beside it is told by the half.
        let halves: Vec<Carrier> = found.iter().filter(|c| c.what.len() == 1).cloned().collect();
        found.retain(|pair| {
            pair.what.len() == 1 || !halves.iter().any(|half| pair.what.contains(&half.what[0]))
        });
        found.truncate(MOST);
        found
    }
}

fn along(cells: &[&Cell], names: &[&str], days: Period, filter: &Filter) -> Vec<Carrier> {
    let at: Vec<usize> = names.iter().filter_map(|name| COLUMNS.iter().position(|c| c == name)).collect();
    let mut groups: BTreeMap<Vec<&str>, [u64; 2]> = BTreeMap::new();
    let mut totals = [0; 2];
    for cell in cells {
        let side = usize::from(!days.contains(cell.day));
        totals[side] += cell.n;
        let values: Vec<&str> = at.iter().map(|at| cell.values[*at].as_str()).collect();
        if values.iter().all(|value| !value.is_empty()) {
            groups.entry(values).or_default()[side] += cell.n;
        }
    }
    if totals[0] < LEAST_MENTIONS {
        return Vec::new();
    }
    groups.into_iter().filter_map(|(values, n)| carrier(names, &values, n, totals, filter)).collect()
}

fn carrier(
    names: &[&str],
    values: &[&str],
    n: [u64; 2],
    totals: [u64; 2],
    filter: &Filter,
) -> Option<Carrier> {
    let (inside, outside) = (Proportion::new(n[0], totals[0]), Proportion::new(n[1], totals[1]));
    let difference = newcombe(inside, outside);
    let more = difference.value >= LEAST_EXTRA
        && inside.share() >= LEAST_TIMES * outside.share()
        && difference.interval.low > 0.05;
    let mut filter = filter.clone();
    for (name, value) in names.iter().zip(values) {
        let field = match *name {
            "product" => &mut filter.product,
            "platform" => &mut filter.platform,
            "app_version" => &mut filter.app_version,
            _ => &mut filter.territory,
        };
        *field = Some((*value).to_owned());
    }
    more.then(|| Carrier {
        what: names.iter().zip(values).map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        inside: inside.share(),
        outside: outside.share(),
        difference: difference.interval,
        mentions: n[0],
        filter,
    })
}
