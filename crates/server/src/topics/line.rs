//! One topic in figures.

use super::described::{FigureShown, IntervalShown, ShareShown};
use crate::desk::At;
use crate::state::Topics;
use feedback::insight::NO_TOPIC;
use feedback::judgement::SentimentLabel;
use feedback::time::Timestamp;
use insight::InsightError;
use insight::report::model::{Figure, Share};
use insight::report::{Filter, Period, Report, Scope};
use insight::shelf::{Reach, Shelf, Tally};
use insight::stats::proportion::Proportion;
use insight::stats::{Interval, SUPPRESSED};
use insight::trends::{self, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A topic in a table.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopicLine {
    /// Its id.
    pub topic: String,
    pub name: String,
    /// The id of the topic above.
    #[schema(required = true)]
    pub parent: Option<String>,
    /// Who acts on it.
    #[schema(required = true)]
    pub owner: Option<String>,
    /// Whether the taxonomy in force has it.
    pub is_current: bool,
    #[schema(value_type = FigureShown)]
    pub mentions: Figure<u64>,
    /// By ISO week of the period; the first and the last may be cut.
    #[schema(value_type = Vec<FigureShown>)]
    pub weeks: Vec<Figure<u64>>,
    /// Of all records of the period; null below 5 of them.
    #[schema(required = true)]
    pub share: Option<f64>,
    /// Of the mentions whose sentiment is known.
    #[schema(value_type = ShareShown)]
    pub negative: Share,
    pub neutral: u64,
    pub positive: u64,
    /// Of `share`, against the period before, with its verdict; null where that is not known, or nobody mentions it in either.
    #[schema(required = true)]
    pub change: Option<ShareMoved>,
    /// `real`, `unclear` or `noise`: whether some days of the period stand out from what is usual for the topic, by how
    /// often it is mentioned. It is no verdict on `change`. Null where there is too little to test, or no report.
    #[schema(value_type = Option<String>, required = true)]
    pub volume_verdict: Option<Verdict>,
    /// The same by how many of its mentions are negative.
    #[schema(value_type = Option<String>, required = true)]
    pub negative_verdict: Option<Verdict>,
    pub reach: TopicReach,
}

/// How a share of all records moved from one period to the next.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ShareMoved {
    pub before: f64,
    pub after: f64,
    /// Within kinds of sources, so that one that sends more than before moves no topic by that alone: `after` less `before`
    /// where each sent as large a part of all records. A fraction: 0.05 is five points.
    pub difference: f64,
    /// Of the difference; the scatter from day to day beyond chance counts against it.
    #[schema(value_type = IntervalShown)]
    pub interval: Interval,
    pub p: f64,
    /// Benjamini-Hochberg, among the topics of the period that can be judged; null where this one cannot: below 30 records in
    /// one of the two, or 30 mentions in both.
    #[schema(required = true)]
    pub q: Option<f64>,
    /// `real`, `unclear` or `noise`: whether the difference is beyond chance, and large enough to matter (a fifth of the
    /// share, within kinds of sources). It is `real` only where the interval excludes 0. Null where `q` is.
    #[schema(value_type = Option<String>, required = true)]
    pub verdict: Option<Verdict>,
    /// The mentions before.
    #[schema(value_type = FigureShown)]
    pub mentions_before: Figure<u64>,
}

/// People and accounts, not mentions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct TopicReach {
    /// Distinct people who are known; null below 5.
    #[schema(required = true)]
    pub people: Option<u64>,
    /// Mentions of nobody knows whom.
    pub anonymous: u64,
    /// Null below 5.
    #[schema(required = true)]
    pub accounts: Option<u64>,
    /// Yearly, of each account what was said last; null where it is known of fewer than 5.
    #[schema(required = true)]
    pub revenue: Option<f64>,
}

impl From<Reach> for TopicReach {
    fn from(reach: Reach) -> Self {
        let shown = |n: u64| Some(n).filter(|n| *n == 0 || *n >= SUPPRESSED);
        Self {
            people: shown(reach.people),
            anonymous: reach.anonymous,
            accounts: shown(reach.accounts),
            revenue: (reach.payers >= SUPPRESSED).then_some(reach.revenue),
        }
    }
}

impl TopicLine {
    /// Takes over what the report says.
    pub(super) fn judge(&mut self, report: Option<&Report>) {
        let row = report.and_then(|report| report.topics.iter().find(|row| row.topic == self.topic));
        self.volume_verdict = row.and_then(|row| row.volume_verdict);
        self.negative_verdict = row.and_then(|row| row.negative_verdict);
    }
}

/// Whether all records of the period before are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Before {
    /// The report says so: it knows the product and the source by themselves.
    Known,
    Unknown,
    /// There is no report: as far back as there are any.
    Held,
}

impl From<Option<&Report>> for Before {
    fn from(report: Option<&Report>) -> Self {
        match report.map(|report| report.previous.is_some()) {
            Some(true) => Self::Known,
            Some(false) => Self::Unknown,
            None => Self::Held,
        }
    }
}

/// The days that count, and what is known of them.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f> {
    pub shelf: &'f Shelf,
    pub topics: &'f Topics,
    pub scope: &'f Scope,
    /// The complete days of the scope.
    pub period: Period,
    /// The period of the same length before, where all of its records are held.
    pub previous: Option<Period>,
}

/// The records of a scope on some days, whatever their topic.
pub(super) fn filter(scope: &Scope, days: Period) -> Filter {
    Filter { topic: None, ..Filter::of(scope, days) }
}

/// What was counted of a topic.
pub(super) struct Counted {
    /// By week of the period.
    pub weeks: Vec<Tally>,
    /// From the previous period.
    pub moved: Option<trends::ShareMoved>,
    pub reach: Reach,
}

impl<'f> Frame<'f> {
    pub fn new(
        shelf: &'f Shelf,
        topics: &'f Topics,
        scope: &'f Scope,
        before: Before,
        now: Timestamp,
    ) -> Self {
        let Period { from, to } = scope.period;
        let period = Period { from, to: to.min(now.day().plus(-1)) };
        let earlier = period.before();
        let is_known = match before {
            Before::Known => true,
            Before::Unknown => false,
            Before::Held => shelf.extent().is_some_and(|days| *days.start() <= earlier.from),
        };
        let is_held = shelf.since().is_none_or(|since| since <= earlier.from.start());
        let previous = Some(earlier).filter(|_| period.days() > 0 && is_known && is_held);
        Self { shelf, topics, scope, period, previous }
    }

    pub fn filter(&self, days: Period) -> Filter {
        filter(self.scope, days)
    }

    /// Records that occurred before are not held, and not counted.
    pub fn held_since(&self) -> Option<At> {
        self.shelf.since().filter(|since| *since > self.period.from.start()).map(At)
    }

    /// How the shares of all topics moved from the previous period, judged among each other.
    pub fn moved(&self) -> Result<BTreeMap<String, trends::ShareMoved>, InsightError> {
        match self.previous {
            Some(_) => self.shelf.shares_moved(&self.filter(self.period), self.period),
            None => Ok(BTreeMap::new()),
        }
    }

    /// Of the period with so many records.
    pub fn line(&self, topic: &str, counted: Counted, records: u64) -> TopicLine {
        let mut tally = Tally::default();
        counted.weeks.iter().for_each(|week| tally += *week);
        let filter = self.filter(self.period).topic(topic);
        let judged = Figure {
            value: tally.negative + tally.neutral + tally.positive,
            filter: filter.clone().judged(),
        };
        let known = self.topics.get(topic);
        TopicLine {
            topic: topic.to_owned(),
            name: name(self.topics, topic).to_owned(),
            parent: known.and_then(|topic| topic.parent.clone()),
            owner: known.and_then(|topic| topic.owner.clone()),
            is_current: known.is_some(),
            weeks: self.weeks(topic, &counted.weeks),
            share: (records >= SUPPRESSED).then(|| tally.records as f64 / records as f64),
            negative: share(tally.negative, judged, filter.clone().sentiment(SentimentLabel::Negative)),
            neutral: tally.neutral,
            positive: tally.positive,
            change: counted.moved.and_then(|moved| self.change(topic, moved)),
            volume_verdict: None,
            negative_verdict: None,
            reach: counted.reach.into(),
            mentions: Figure { value: tally.records, filter },
        }
    }

    fn weeks(&self, topic: &str, tallies: &[Tally]) -> Vec<Figure<u64>> {
        let week = |(week, tally): (Period, &Tally)| Figure {
            value: tally.records,
            filter: self.filter(week).topic(topic),
        };
        self.period.weeks().into_iter().zip(tallies).map(week).collect()
    }

    fn change(&self, topic: &str, moved: trends::ShareMoved) -> Option<ShareMoved> {
        let ([before, after], [mentions, _]) = (moved.shares(), moved.mentions);
        let filter = self.filter(self.previous?).topic(topic);
        Some(ShareMoved {
            before,
            after,
            difference: moved.difference,
            interval: moved.interval,
            p: moved.p,
            q: moved.q,
            verdict: moved.verdict,
            mentions_before: Figure { value: mentions, filter },
        })
    }
}

/// As people know it.
pub(super) fn name<'n>(topics: &'n Topics, topic: &'n str) -> &'n str {
    if topic == NO_TOPIC { "Without a topic" } else { topics.name(topic) }
}

pub(super) fn share(hits: u64, of: Figure<u64>, filter: Filter) -> Share {
    let n = of.value;
    let part = Proportion::new(hits.min(n), n);
    let is_shown = n >= SUPPRESSED;
    Share {
        hits,
        n,
        share: is_shown.then(|| part.share()),
        interval: is_shown.then(|| part.wilson()),
        filter,
        of,
    }
}
