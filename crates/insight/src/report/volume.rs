//! Volume and sentiment by source, from insights.

use super::{
    filter::{Filter, Wording},
    model::{ChangeOf, Comparison, Figure, Share, SourceRow},
    scope::{Period, Scope},
    words::Words,
};
use crate::{
    stats::{
        FEW, SUPPRESSED,
        proportion::{Proportion, dispersion, newcombe, two_proportions},
    },
    trends::movers::LEAST_POINTS,
};
use feedback::{
    insight::{ALL_TOPICS, InsightRow},
    judgement::SentimentLabel,
};
use std::collections::BTreeMap;

/// The rows that count every record of the scope once.
pub fn of_scope<'a>(rows: &'a [InsightRow], scope: &Scope) -> Vec<&'a InsightRow> {
    let topic = scope.topic.as_deref().unwrap_or(ALL_TOPICS);
    rows.iter().filter(|row| row.key.topic == topic).collect()
}

pub fn share(hits: u64, of: Figure<u64>, filter: Filter) -> Share {
    let n = of.value;
    let proportion = Proportion::new(hits.min(n), n);
    let shown = n >= SUPPRESSED;
    Share {
        hits,
        n,
        share: shown.then(|| proportion.share()),
        interval: shown.then(|| proportion.wilson()),
        filter,
        of,
    }
}

/// Records by ISO week of `period`; `filter` lists those of all its weeks.
pub fn by_week(rows: &[&InsightRow], period: Period, filter: &Filter) -> Vec<Figure<u64>> {
    let week = |week: Period| Figure {
        value: Tally::of(rows, week).records,
        filter: Filter { from: Some(week.from), to: Some(week.to), ..filter.clone() },
    };
    period.weeks().into_iter().map(week).collect()
}

pub fn by_source(
    rows: &[&InsightRow],
    words: &Words,
    scope: &Scope,
    period: Period,
    previous: Option<Period>,
    comparison: Option<Comparison>,
) -> Vec<SourceRow> {
    let mut sources: BTreeMap<&str, Vec<&InsightRow>> = BTreeMap::new();
    for row in rows {
        let known = period.contains(row.key.day) || previous.is_some_and(|p| p.contains(row.key.day));
        if known {
            sources.entry(&row.key.source_kind).or_default().push(row);
        }
    }
    sources
        .into_iter()
        .map(|(source, rows)| {
            let change = comparison.and_then(|comparison| negative_change(source, &rows, scope, comparison));
            SourceRow { change, ..source_row(source, &rows, words, scope, period, previous) }
        })
        .collect()
}

fn source_row(
    source: &str,
    rows: &[&InsightRow],
    words: &Words,
    scope: &Scope,
    period: Period,
    previous: Option<Period>,
) -> SourceRow {
    let filter = Filter::of(scope, period).source(source);
    let now = Tally::of(rows, period);
    let records = Figure { value: now.records, filter: filter.clone() };
    let known = Figure { value: now.known(), filter: filter.clone().judged() };
    let with_words = Figure { value: words.of(source).with, filter: filter.clone().words(Wording::With) };
    let unknown = with_words.filter.clone().sentiment(SentimentLabel::Unknown);
    let of_known = |hits: u64, label| share(hits, known.clone(), filter.clone().sentiment(label));
    SourceRow {
        source: source.to_owned(),
        previous: previous.map(|previous| Figure {
            value: Tally::of(rows, previous).records,
            filter: Filter::of(scope, previous).source(source),
        }),
        weeks: by_week(rows, period, &filter),
        negative: of_known(now.negative, SentimentLabel::Negative),
        neutral: of_known(now.neutral, SentimentLabel::Neutral),
        positive: of_known(now.positive, SentimentLabel::Positive),
        unknown: share(words.of(source).unknown, with_words, unknown),
        records,
        change: None,
    }
}

/// Of the negative share; the scatter from day to day beyond chance counts against it.
fn negative_change(
    source: &str,
    rows: &[&InsightRow],
    scope: &Scope,
    comparison: Comparison,
) -> Option<ChangeOf> {
    let Comparison { of: period, against: previous } = comparison;
    let (now, then) = (Tally::of(rows, period), Tally::of(rows, previous));
    if now.known() < SUPPRESSED || then.known() < SUPPRESSED {
        return None;
    }
    let phi = dispersion(&daily(rows, period)).max(dispersion(&daily(rows, previous)));
    let of = |tally: &Tally| Proportion::new(tally.negative, tally.known()).deflated(phi);
    let difference = newcombe(of(&now), of(&then));
    let all = |period| Filter::of(scope, period).source(source);
    let negative = |tally: &Tally, period| Figure {
        value: tally.negative,
        filter: all(period).sentiment(SentimentLabel::Negative),
    };
    let judged = |tally: &Tally, period| Figure { value: tally.known(), filter: all(period).judged() };
    let before = negative(&then, previous);
    Some(ChangeOf {
        before: of(&then).share(),
        after: of(&now).share(),
        difference: difference.value,
        interval: difference.interval,
        p: two_proportions(of(&now), of(&then)),
        q: (now.known() >= FEW && then.known() >= FEW).then_some(1.0),
        verdict: None,
        records: before.value,
        filter: before.filter,
        after_records: negative(&now, period),
        before_of: Some(judged(&then, previous)),
        after_of: Some(judged(&now, period)),
    })
}

/// A negative share counts as moved from here on.
pub fn is_large_enough(change: &ChangeOf) -> bool {
    change.difference.abs() >= LEAST_POINTS
}

fn daily(rows: &[&InsightRow], period: Period) -> Vec<(u64, u64)> {
    let mut days = vec![(0, 0); period.days() as usize];
    for row in rows.iter().filter(|row| period.contains(row.key.day)) {
        let day = &mut days[(row.key.day.0 - period.from.0) as usize];
        day.0 += row.counts.negative.max(0) as u64;
        day.1 += (row.counts.records - row.counts.sentiment_unknown).max(0) as u64;
    }
    days
}

#[derive(Default)]
pub struct Tally {
    pub records: u64,
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
}

impl Tally {
    pub fn of(rows: &[&InsightRow], period: Period) -> Self {
        let mut tally = Self::default();
        for row in rows.iter().filter(|row| period.contains(row.key.day)) {
            let count = |n: i64| n.max(0) as u64;
            tally.records += count(row.counts.records);
            tally.negative += count(row.counts.negative);
            tally.neutral += count(row.counts.neutral);
            tally.positive += count(row.counts.positive);
        }
        tally
    }

    pub fn known(&self) -> u64 {
        self.negative + self.neutral + self.positive
    }
}
