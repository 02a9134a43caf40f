//! One topic with all that is known of it.

use super::described::{FigureShown, IntervalShown, ShareShown};
use super::line::{Before, Counted, Frame, TopicLine, filter, name, share};
use crate::desk::{At, Date};
use crate::state::Topics;
use feedback::insight::NO_TOPIC;
use feedback::judgement::SentimentLabel;
use feedback::score::ScoreKind;
use feedback::time::{Day, Timestamp};
use insight::InsightError;
use insight::report::model::{Figure, Share};
use insight::report::{Filter, Period, Report, Scope};
use insight::shelf::{Answered, DayCount, Driver, Hit, Order, Page, Reach, Shelf, Tally};
use insight::stats::{Interval, SUPPRESSED};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Weeks of a history, whatever the period.
const WEEKS: (i32, i32) = (12, 26);
/// A period that ended so many days ago, or later, has a history up to now.
const LATELY: i32 = 7;
const MOST_RELATED: usize = 8;
const NEWEST: usize = 8;

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopicWhole {
    #[serde(flatten)]
    pub line: TopicLine,
    /// What belongs to it, and customers' words, as the taxonomy has them.
    pub description: String,
    pub examples: Vec<String>,
    /// Right below it.
    pub below: Vec<TopicName>,
    /// The complete days that count.
    pub from: Date,
    pub to: Date,
    /// The first day of the period before; null where not all of its records are known.
    #[schema(required = true)]
    pub previous_from: Option<Date>,
    /// Records that occurred before are not held, and not counted; null where all are.
    #[schema(required = true)]
    pub held_since: Option<At>,
    /// The figures are as the tables were then; null while those are read for the first time.
    #[schema(required = true)]
    pub as_of: Option<At>,
    /// Whether there is a report, whose verdicts on single days (`volume_verdict`, `negative_verdict`) stand beside the
    /// figures.
    pub is_judged: bool,
    /// All records of the period.
    #[schema(value_type = FigureShown)]
    pub records: Figure<u64>,
    /// 12 to 26 weeks, as far as records are known.
    pub history: Vec<HistoryWeek>,
    /// Who speaks more, or less, of it than of everything else: an association, which need not be a cause.
    #[schema(value_type = Vec<Object>)]
    pub drivers: Vec<Driver>,
    /// What is mentioned with it, most often first.
    pub related: Vec<Related>,
    /// NPS and CSAT of those who mention it.
    pub scores: Vec<TopicScore>,
}

impl TopicWhole {
    /// Takes over what the report says, where there is one.
    pub(super) fn judge(&mut self, report: Option<&Report>) {
        self.is_judged = report.is_some();
        self.line.judge(report);
    }
}

/// NPS or CSAT of those who mention a topic, of one kind of source on one scale.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TopicScore {
    /// `nps` or `csat`.
    #[schema(value_type = String)]
    pub kind: ScoreKind,
    pub min: f64,
    pub max: f64,
    pub source: String,
    /// The source asks several questions on the scale, and these are the answers to all of them.
    pub all_questions: bool,
    /// People, each with the last answer.
    pub n: u64,
    /// In points from -100 to 100, or as the share of the satisfied; null below 5.
    #[schema(required = true)]
    pub value: Option<f64>,
    #[schema(value_type = Option<IntervalShown>, required = true)]
    pub interval: Option<Interval>,
    /// Lists the answers that count.
    #[schema(value_type = Object)]
    pub filter: Filter,
    /// Of all who answered, whatever they mention.
    pub of_all: ScoreOfAll,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ScoreOfAll {
    pub n: u64,
    #[schema(required = true)]
    pub value: Option<f64>,
    #[schema(value_type = Object)]
    pub filter: Filter,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicName {
    pub topic: String,
    pub name: String,
}

/// An ISO week, which may be cut.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct HistoryWeek {
    pub from: Date,
    pub to: Date,
    /// It is not over yet.
    pub is_partial: bool,
    #[schema(value_type = FigureShown)]
    pub mentions: Figure<u64>,
    /// Of the mentions whose sentiment is known.
    #[schema(value_type = ShareShown)]
    pub negative: Share,
}

/// A topic that records mention with another.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = RelatedTopic)]
pub struct Related {
    pub topic: String,
    pub name: String,
    #[schema(value_type = FigureShown)]
    pub together: Figure<u64>,
    /// Of the mentions.
    pub share: f64,
}

/// Which days a topic is shown on, beside the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weeks {
    /// From a Monday to the last day that is shown: today, or the end of a period that is long over.
    pub days: Period,
    today: Day,
}

impl Weeks {
    #[must_use]
    pub fn of(scope: &Scope, now: Timestamp) -> Self {
        let today = now.day();
        let to = if scope.period.to >= today.plus(-LATELY) { today } else { scope.period.to };
        let weeks = ((scope.period.days() + 6) / 7).clamp(WEEKS.0, WEEKS.1);
        Self { days: Period { from: to.week_start().plus(-7 * (weeks - 1)), to }, today }
    }
}

/// Counts a topic. Its change is told by the [table](super::table) of all topics, among which it is judged. What the report judges
/// is not judged yet, and whoever knows says as of when it is. It takes the processor.
///
/// # Errors
/// None that a scope leads to.
pub fn whole(
    shelf: &Shelf,
    topics: &Topics,
    topic: &str,
    scope: &Scope,
    before: Before,
    now: Timestamp,
) -> Result<TopicWhole, InsightError> {
    let frame = Frame::new(shelf, topics, scope, before, now);
    let weeks = Weeks::of(scope, now);
    let all = frame.filter(frame.period);
    let (tally, _) = shelf.counts(&all.clone().into(), &[])?;
    let records = Figure { value: tally.records, filter: all.clone() };
    let days = shelf.series(&frame.filter(reaching(&frame, weeks)).topic(topic).into())?;
    let mut reach = shelf.reach(&all.clone().topic(topic).into())?;
    let counted = Counted {
        weeks: frame.period.weeks().into_iter().map(|week| sum(&days, week)).collect(),
        moved: None,
        reach: reach.remove(topic).unwrap_or_default(),
    };
    let line = frame.line(topic, counted, records.value);
    let known = topics.get(topic);
    Ok(TopicWhole {
        description: known.map(|topic| topic.description.clone()).unwrap_or_default(),
        examples: known.map(|topic| topic.examples.clone()).unwrap_or_default(),
        below: topics
            .below(topic)
            .map(|below| TopicName { topic: below.id.clone(), name: below.name.clone() })
            .collect(),
        from: Date(frame.period.from),
        to: Date(frame.period.to),
        previous_from: frame.previous.map(|days| Date(days.from)),
        held_since: frame.held_since(),
        as_of: None,
        is_judged: false,
        history: history(&frame, weeks, topic, &days),
        drivers: shelf.drivers(topic, &all)?,
        related: related(&frame, &line.mentions, &reach),
        scores: scores(shelf, topic, &all)?,
        records,
        line,
    })
}

/// The newest records of a topic, from the period on. It takes the processor.
///
/// # Errors
/// None that a scope leads to.
pub fn newest(shelf: &Shelf, topic: &str, scope: &Scope, now: Timestamp) -> Result<Vec<Hit>, InsightError> {
    let days = Period { from: scope.period.from, to: Weeks::of(scope, now).days.to };
    let page = Page { order: Order::Newest, after: None, limit: NEWEST, count: false };
    Ok(shelf.list(&filter(scope, days).topic(topic).into(), &page)?.hits)
}

fn scores(shelf: &Shelf, topic: &str, all: &Filter) -> Result<Vec<TopicScore>, InsightError> {
    let own = shelf.answered(&all.clone().topic(topic))?;
    let others = if own.is_empty() { Vec::new() } else { shelf.answered(all)? };
    let beside = |own: Answered| {
        let is_same = |other: &&Answered| other.scale == own.scale && other.source == own.source;
        let Answered { n, value, filter, .. } = others.iter().find(is_same)?.clone();
        Some(TopicScore {
            kind: own.scale.kind,
            min: own.scale.min,
            max: own.scale.max,
            source: own.source,
            all_questions: own.all_questions,
            n: own.n,
            value: own.value,
            interval: own.interval,
            filter: own.filter,
            of_all: ScoreOfAll { n, value, filter },
        })
    };
    Ok(own.into_iter().filter_map(beside).collect())
}

/// All days that mentions are counted on one by one.
fn reaching(frame: &Frame<'_>, weeks: Weeks) -> Period {
    Period { from: frame.period.from.min(weeks.days.from), to: weeks.days.to.max(frame.period.to) }
}

fn sum(days: &[DayCount], of: Period) -> Tally {
    let mut sum = Tally::default();
    days.iter().filter(|count| of.contains(count.day)).for_each(|count| sum += count.tally);
    sum
}

/// As far back as all records are known.
fn history(frame: &Frame<'_>, weeks: Weeks, topic: &str, days: &[DayCount]) -> Vec<HistoryWeek> {
    let Some(extent) = frame.shelf.extent() else { return Vec::new() };
    // Of the day on which what is held begins it may be a part.
    let held = frame.shelf.since().map_or(*extent.start(), |since| since.day().plus(1));
    let known = Period { from: weeks.days.from.max(*extent.start()).max(held), to: weeks.days.to };
    let week = |week: Period| {
        let (tally, filter) = (sum(days, week), frame.filter(week).topic(topic));
        let judged = Figure {
            value: tally.negative + tally.neutral + tally.positive,
            filter: filter.clone().judged(),
        };
        HistoryWeek {
            from: Date(week.from),
            to: Date(week.to),
            is_partial: week.to >= weeks.today,
            negative: share(tally.negative, judged, filter.clone().sentiment(SentimentLabel::Negative)),
            mentions: Figure { value: tally.records, filter },
        }
    };
    known.weeks().into_iter().map(week).collect()
}

fn related(frame: &Frame<'_>, mentions: &Figure<u64>, reach: &BTreeMap<String, Reach>) -> Vec<Related> {
    let others = reach.iter().filter(|(topic, reach)| *topic != NO_TOPIC && reach.records >= SUPPRESSED);
    let mut related: Vec<Related> = others
        .map(|(topic, reach)| Related {
            topic: topic.clone(),
            name: name(frame.topics, topic).to_owned(),
            together: Figure {
                value: reach.records,
                filter: Filter { any_topic: vec![topic.clone()], ..mentions.filter.clone() },
            },
            share: reach.records as f64 / mentions.value.max(1) as f64,
        })
        .collect();
    related.sort_by(|a, b| b.together.value.cmp(&a.together.value).then_with(|| a.name.cmp(&b.name)));
    related.truncate(MOST_RELATED);
    related
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::testing::topics;

    #[test]
    fn a_history_is_of_whole_weeks_up_to_now_or_to_a_period_that_is_over() {
        // A Wednesday.
        let now = Timestamp(Day(20_600).start().0 + 1);
        let weeks = |from, to| Weeks::of(&Scope::of_days(Day(from), Day(to)), now).days;
        let four = weeks(20_570, 20_597);
        assert_eq!((four.to, four.from.week_start(), four.weeks().len()), (Day(20_600), four.from, 12));
        assert_eq!(weeks(20_458, 20_597).weeks().len(), 20);
        assert_eq!(weeks(20_300, 20_597).weeks().len(), 26);
        let over = weeks(20_514, 20_541);
        assert_eq!((over.to, over.weeks().len()), (Day(20_541), 12));
    }

    #[test]
    fn a_topic_without_a_record_is_told_as_the_taxonomy_has_it() {
        let scope = Scope::of_days(Day(20_514), Day(20_541));
        let (shelf, now) = (Shelf::default(), Day(20_600).start());
        let told = whole(&shelf, &topics(), "search", &scope, Before::Held, now).unwrap();
        let newest = newest(&shelf, "search", &scope, now).unwrap();
        assert_eq!((told.line.mentions.value, newest.len(), told.history.len()), (0, 0, 0));
        assert_eq!(told.examples, ["my search is broken"]);
        assert_eq!(told.below, [TopicName { topic: "speed".to_owned(), name: "About speed".to_owned() }]);
        let json = serde_json::to_value(&told).unwrap();
        assert_eq!((&json["topic"], &json["mentions"]["value"]), (&"search".into(), &0.into()));
        assert_eq!(json["previous_from"], serde_json::Value::Null);
    }
}
