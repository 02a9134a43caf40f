//! Puts the report together.

use super::{
    filter::{Filter, Weekday},
    model::{
        ChangeOf, Comparison, DayOfWeek, Figure, Named, Partial, Report, RhythmRow, ScoreRow, SourceRow,
        Tests, TopicRow, Verdicts,
    },
    movers::{Judged, movers},
    people::People,
    read,
    scope::{Period, Scope},
    scores::{self, scores},
    volume::{self, Tally, by_source, by_week, kinds, of_scope, share},
};
use crate::{
    error::InsightError,
    frame::Rows,
    stats::SUPPRESSED,
    trends::{
        Metric, Study, Verdict,
        movers::test_topics,
        rhythm::{Rhythm, rhythm},
        verdict::{LEVEL, q_values},
    },
};
use feedback::{
    insight::{ALL_TOPICS, InsightRow, NO_TOPIC},
    judgement::SentimentLabel,
    time::Timestamp,
};
use polars::prelude::*;

/// History before the period that changes are measured against, in days.
const HISTORY: i32 = 84;
/// Of the Monte Carlo streams: the same data give the same report.
const SEED: u64 = 0x5eed_0f0f_ea1f_eed5;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The tables a report is made from; they may hold more than it needs.
#[derive(Clone)]
pub struct Inputs {
    pub insights: LazyFrame,
    /// Current facts: resolved, no tombstones.
    pub facts: LazyFrame,
}

/// Reports on `scope` as of `now`, which only says which days are over. `names` are the taxonomy's topics, id
/// and name; a topic without a name goes by its id.
pub fn report(
    inputs: &Inputs,
    scope: &Scope,
    now: Timestamp,
    names: &[(String, String)],
) -> Result<Report, InsightError> {
    let frame = Frame::read(inputs, scope, now)?;
    let people = People::read(&inputs.facts)?;
    let Frame { period, previous, comparison, .. } = frame;
    let name = |topic: &str| {
        let known = names.iter().find(|(id, _)| id == topic).map(|(_, name)| name.as_str());
        known.unwrap_or(if topic == NO_TOPIC { "Without a topic" } else { topic }).to_owned()
    };
    let everything = of_scope(&frame.rows, scope);
    let total =
        |period| Figure { value: Tally::of(&everything, period).records, filter: Filter::of(scope, period) };
    let mut sources = by_source(&everything, scope, period, previous, comparison);
    let mut scores = scores(&inputs.facts, &people, scope, period, comparison)?;
    let study = Study::new(&frame.rows, frame.study.from, period.from, period.to);
    let rhythm = rhythm(&totals(&everything, frame.study), frame.study.from);
    let asked = scope.topic.as_deref();
    let beside = match asked {
        Some(_) => Some(of_all_topics(inputs, &people, scope, &frame)?),
        None => None,
    };
    let judged = judge(&study, beside, &mut sources, &mut scores, rhythm.as_ref());
    let of_topics: Vec<Judged> =
        judged.topics.into_iter().filter(|j| asked.is_none_or(|asked| asked == j.test.topic)).collect();
    let movers = movers(inputs, &people, scope, frame.study, &of_topics, name)?;
    let rhythm = rhythm.map(|rhythm| rhythm_row(&rhythm, judged.rhythm, scope));
    let with = |verdict| with_verdict(verdict, &of_topics, &sources, &scores, rhythm.as_ref());
    let tests = Tests {
        count: judged.tests,
        level: LEVEL,
        real: with(Verdict::Real),
        unclear: with(Verdict::Unclear),
    };
    let records = total(period);
    Ok(Report {
        topics: topics(&frame.rows, scope, period, &of_topics, name),
        unassigned: asked.is_none().then(|| unassigned(&frame.rows, scope, period)),
        kinds: kinds(&everything, scope, period),
        languages: languages(&inputs.facts, scope, period)?,
        previous_records: previous.map(total),
        baseline: (frame.study.from < period.from)
            .then(|| Period { from: frame.study.from, to: period.from.plus(-1) }),
        scope: scope.clone(),
        partial: frame.partial,
        // A rhythm is nearly always there, and no news.
        notable: tests.real.total() > tests.real.rhythm,
        rhythm,
        tests,
        period,
        previous,
        comparison,
        records,
        sources,
        scores,
        movers,
    })
}

/// What the tables hold around the scope.
struct Frame {
    rows: Vec<InsightRow>,
    period: Period,
    partial: Option<Partial>,
    previous: Option<Period>,
    comparison: Option<Comparison>,
    /// The period with the history before it, as far as there are records.
    study: Period,
}

impl Frame {
    fn read(inputs: &Inputs, scope: &Scope, now: Timestamp) -> Result<Self, InsightError> {
        let asked = scope.period;
        let today = now.day();
        let period = Period { from: asked.from, to: asked.to.min(today.plus(-1)) };
        let earliest = asked.from.plus(-HISTORY).min(period.before().from);
        let mut rows = read::insights(&inputs.insights, scope, Period { from: earliest, to: asked.to })?;
        let open = Period { from: asked.from.max(today), to: asked.to };
        let partial = (open.days() > 0).then(|| Partial {
            days: open,
            records: Tally::of(&of_scope(&rows, scope), open).records,
            filter: Filter::of(scope, open),
        });
        rows.retain(|row| row.key.day <= period.to);
        let first = rows.iter().map(|row| row.key.day).min().unwrap_or(period.from);
        let since = read::first_day(&inputs.insights, scope)?.unwrap_or(period.from);
        let previous = Some(period.before()).filter(|previous| period.days() > 0 && since <= previous.from);
        let known = Period { from: first.max(period.from), to: period.to };
        let told = |days: &Period| rows.iter().any(|row| days.contains(row.key.day));
        let comparison = match previous.filter(told) {
            Some(against) => Some(Comparison { of: period, against }),
            None => Comparison::halves(known),
        };
        let study = Period { from: first.max(period.from.plus(-HISTORY)), to: period.to };
        Ok(Self { rows, period, partial, previous, comparison, study })
    }
}

fn totals(rows: &[&InsightRow], study: Period) -> Vec<u64> {
    let mut days = vec![0; study.days() as usize];
    for row in rows.iter().filter(|row| study.contains(row.key.day)) {
        days[(row.key.day.0 - study.from.0) as usize] += row.counts.records.max(0) as u64;
    }
    days
}

struct Outcome {
    topics: Vec<Judged>,
    /// The rhythm's q-value; 1 where there is none.
    rhythm: f64,
    tests: usize,
}

/// The p-values of what a report on all topics judges beside them: sentiment by source, and scores.
fn of_all_topics(
    inputs: &Inputs,
    people: &People,
    scope: &Scope,
    frame: &Frame,
) -> Result<Vec<f64>, InsightError> {
    let scope = Scope { topic: None, ..scope.clone() };
    let Frame { period, previous, comparison, .. } = *frame;
    let mut sources = by_source(&of_scope(&frame.rows, &scope), &scope, period, previous, comparison);
    let mut scores = scores(&inputs.facts, people, &scope, period, comparison)?;
    Ok(changes(&mut sources, &mut scores).map(|change| change.p).collect())
}

/// Those that are judged.
fn changes<'a>(
    sources: &'a mut [SourceRow],
    scores: &'a mut [ScoreRow],
) -> impl Iterator<Item = &'a mut ChangeOf> {
    let of_sources = sources.iter_mut().filter_map(|row| row.change.as_mut());
    let of_scores = scores.iter_mut().filter_map(|row| row.change.as_mut());
    of_sources.chain(of_scores).filter(|change| change.q.is_some())
}

/// All tests of the report in one family: topics, then sentiment by source, then scores; the rhythm beside.
///
/// A report on one topic looks no closer than one on all: every topic is tested, and those that were not asked
/// for are left out only after the q-values are known. `beside` has the p-values of what the report on all
/// topics judges beside them, so that a topic's verdict is the same in both; the changes of the topic's own
/// sources and scores are judged among the tests of all topics too. A product or a source does not narrow
/// the family, it is another set of records, about which everything is asked anew (as of any other
/// batch): its report holds the level by itself.
fn judge(
    study: &Study,
    beside: Option<Vec<f64>>,
    sources: &mut [SourceRow],
    scores: &mut [ScoreRow],
    rhythm: Option<&Rhythm>,
) -> Outcome {
    let tested: Vec<_> = test_topics(study, SEED)
        .into_iter()
        .filter_map(|mut test| test.change.take().map(|change| (test, change)))
        .collect();
    let of_topics: Vec<f64> = tested.iter().map(|(_, change)| change.p).collect();
    let own: Vec<f64> = changes(sources, scores).map(|change| change.p).collect();
    let expected: Vec<f64> = rhythm.iter().map(|rhythm| rhythm.p).collect();
    let among = |others: &[f64]| q_values(&[&of_topics, others].concat(), &expected);
    let (q, of_rhythm) = among(&own);
    for (change, q) in changes(sources, scores).zip(q.iter().skip(of_topics.len())) {
        change.q = Some(*q);
    }
    for change in sources.iter_mut().filter_map(|row| row.change.as_mut()) {
        change.verdict = change.q.map(|q| Verdict::new(change.p, q, volume::is_large_enough(change)));
    }
    for row in scores {
        let Some(mut change) = row.change.take() else { continue };
        change.verdict = change.q.map(|q| Verdict::new(change.p, q, scores::is_large_enough(row, &change)));
        row.change = Some(change);
    }
    let q_of_topics = beside.map_or(q, |beside| among(&beside).0);
    let topics = tested.into_iter().zip(q_of_topics).map(|((test, change), q)| Judged::new(test, change, q));
    Outcome {
        topics: topics.collect(),
        rhythm: of_rhythm.first().copied().unwrap_or(1.0),
        tests: of_topics.len() + own.len() + expected.len(),
    }
}

fn with_verdict(
    verdict: Verdict,
    topics: &[Judged],
    sources: &[SourceRow],
    scores: &[ScoreRow],
    rhythm: Option<&RhythmRow>,
) -> Verdicts {
    let of = |change: &Option<ChangeOf>| change.as_ref().is_some_and(|c| c.verdict == Some(verdict));
    Verdicts {
        topics: topics.iter().filter(|judged| judged.verdict == verdict).count(),
        sources: sources.iter().filter(|row| of(&row.change)).count(),
        scores: scores.iter().filter(|row| of(&row.change)).count(),
        rhythm: usize::from(rhythm.is_some_and(|rhythm| rhythm.verdict == verdict)),
    }
}

fn rhythm_row(rhythm: &Rhythm, q: f64, scope: &Scope) -> RhythmRow {
    let (busiest, quietest) = rhythm.extremes();
    let weeks = Period { from: rhythm.from, to: rhythm.from.plus(7 * rhythm.weeks as i32 - 1) };
    let day = |at: usize| DayOfWeek {
        day: WEEKDAYS[at],
        ratio: rhythm.profile[at].0,
        interval: rhythm.profile[at].1,
        records: rhythm.records[at],
        filter: Filter { weekday: Some(Weekday::ALL[at]), ..Filter::of(scope, weeks) },
    };
    RhythmRow {
        weeks: rhythm.weeks,
        verdict: Verdict::new(rhythm.p, q, rhythm.is_large_enough()),
        p: rhythm.p,
        q,
        busiest: day(busiest),
        quietest: day(quietest),
        profile: (0..7).map(day).collect(),
    }
}

fn topics(
    rows: &[InsightRow],
    scope: &Scope,
    period: Period,
    judged: &[Judged],
    name: impl Fn(&str) -> String,
) -> Vec<TopicRow> {
    let everything: Vec<&InsightRow> = rows.iter().filter(|row| row.key.topic == ALL_TOPICS).collect();
    let records = Tally::of(&everything, period).records;
    let everyone = Scope { topic: None, ..scope.clone() };
    // The records without a topic are a row only where they are asked for.
    let asked = |topic: &str| scope.topic.as_deref().map_or(topic != NO_TOPIC, |asked| asked == topic);
    let within = rows.iter().filter(|row| period.contains(row.key.day));
    let mut by_topic: std::collections::BTreeMap<&str, Vec<&InsightRow>> = Default::default();
    for row in within.filter(|row| row.key.topic != ALL_TOPICS) {
        by_topic.entry(&row.key.topic).or_default().push(row);
    }
    let verdict = |topic: &str, metric: Metric| {
        judged.iter().find(|j| j.test.topic == topic && j.test.metric == metric).map(|j| j.verdict)
    };
    let row = |(topic, rows): (&str, Vec<&InsightRow>)| {
        let tally = Tally::of(&rows, period);
        let filter = Filter::of(scope, period).topic(topic);
        TopicRow {
            name: name(topic),
            share: (records >= SUPPRESSED).then(|| tally.records as f64 / records as f64),
            of: Figure { value: records, filter: Filter::of(&everyone, period) },
            weeks: by_week(&rows, period, &filter),
            negative: share(
                tally.negative,
                Figure { value: tally.known(), filter: filter.clone().judged() },
                filter.clone().sentiment(SentimentLabel::Negative),
            ),
            volume_verdict: verdict(topic, Metric::Volume),
            negative_verdict: verdict(topic, Metric::Negative),
            positive_verdict: verdict(topic, Metric::Positive),
            mentions: Figure { value: tally.records, filter },
            topic: topic.to_owned(),
        }
    };
    let mut result: Vec<TopicRow> = by_topic.into_iter().filter(|(t, _)| asked(t)).map(row).collect();
    result.sort_by(|a, b| b.mentions.value.cmp(&a.mentions.value).then_with(|| a.topic.cmp(&b.topic)));
    result
}

fn unassigned(rows: &[InsightRow], scope: &Scope, period: Period) -> super::model::Share {
    let count = |topic: &str| {
        let rows: Vec<&InsightRow> = rows.iter().filter(|row| row.key.topic == topic).collect();
        Tally::of(&rows, period).records
    };
    let all = Figure { value: count(ALL_TOPICS), filter: Filter::of(scope, period) };
    share(count(NO_TOPIC), all, Filter::of(scope, period).topic(NO_TOPIC))
}

fn languages(facts: &LazyFrame, scope: &Scope, period: Period) -> Result<Vec<Named<u64>>, InsightError> {
    let language = col("language").fill_null(lit("unknown")).alias("language");
    let counted = read::facts(facts, scope, period)
        .select([language])
        .group_by([col("language")])
        .agg([len().alias("n")]);
    let rows = Rows::collect(counted)?;
    let (names, n) = (rows.text("language")?, rows.whole("n")?);
    let named = |(name, n): (Option<&str>, &i64)| {
        let name = name.unwrap_or_default().to_owned();
        let filter = Filter { language: Some(name.clone()), ..Filter::of(scope, period) };
        Named { name, value: (*n).max(0) as u64, filter }
    };
    let mut languages: Vec<Named<u64>> = names.iter().zip(&n).map(named).collect();
    languages.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    Ok(languages)
}
