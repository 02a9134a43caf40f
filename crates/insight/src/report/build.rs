//! Puts the report together.

use super::{
    facts::Facts,
    filter::{Filter, Weekday},
    judge::{judge, of_all_topics, with_verdict},
    model::{Comparison, DayOfWeek, Figure, Partial, Report, RhythmRow, Tests, VolumeChange},
    movers::{Judged, movers},
    read,
    scope::{Period, Scope},
    scores::scores,
    tables::Tables,
    topics::{topics, unassigned},
    volume::{Tally, by_source, of_scope},
    words::Words,
};
use crate::{
    error::InsightError,
    shelf::Shelf,
    trends::{
        Study, Verdict, VolumeMoved,
        rhythm::{Rhythm, rhythm},
        verdict::LEVEL,
    },
};
use feedback::{
    insight::{InsightRow, NO_TOPIC},
    time::Timestamp,
};
use polars::prelude::*;

/// History before the period that changes are measured against, in days.
const HISTORY: i32 = 84;
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
///
/// # Errors
/// Where the tables are not what they should be.
pub fn report(
    inputs: &Inputs,
    scope: &Scope,
    now: Timestamp,
    names: &[(String, String)],
) -> Result<Report, InsightError> {
    let tables = Tables::read(inputs)?;
    let frame = Frame::read(&inputs.insights, &tables, scope, now)?;
    let tables = tables.gather(scope, frame.history)?;
    told(&tables, frame, scope, names)
}

/// The same of facts in memory, which hold all days of the scope and of the history before it.
///
/// # Errors
/// Where the table is not what it should be.
pub fn report_of(
    shelf: &Shelf,
    insights: &LazyFrame,
    scope: &Scope,
    now: Timestamp,
    names: &[(String, String)],
) -> Result<Report, InsightError> {
    told(shelf, Frame::read(insights, shelf, scope, now)?, scope, names)
}

fn told(
    facts: &impl Facts,
    frame: Frame,
    scope: &Scope,
    names: &[(String, String)],
) -> Result<Report, InsightError> {
    let Frame { period, previous, comparison, .. } = frame;
    let name = |topic: &str| {
        let known = names.iter().find(|(id, _)| id == topic).map(|(_, name)| name.as_str());
        known.unwrap_or(if topic == NO_TOPIC { "Without a topic" } else { topic }).to_owned()
    };
    let everything = of_scope(&frame.rows, scope);
    let total =
        |period| Figure { value: Tally::of(&everything, period).records, filter: Filter::of(scope, period) };
    let words = Words::read(facts, scope, period)?;
    let mut sources = by_source(&everything, &words, scope, period, previous, comparison);
    let mut scores = scores(facts, scope, period, comparison)?;
    let study = Study::new(&frame.rows, frame.study.from, period.from, period.to);
    let rhythm = rhythm(&totals(&everything, frame.study), frame.study.from);
    let asked = scope.topic.as_deref();
    let beside = match asked {
        Some(_) => Some(of_all_topics(facts, scope, &frame)?),
        None => None,
    };
    let judged = judge(&study, beside, &mut sources, &mut scores, rhythm.as_ref());
    let of_topics: Vec<Judged> =
        judged.topics.into_iter().filter(|j| asked.is_none_or(|asked| asked == j.test.topic)).collect();
    let movers = movers(facts, scope, frame.study, &of_topics, name)?;
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
        unassigned: asked.is_none().then(|| unassigned(&words, scope, period)),
        without_words: words.without(scope, period),
        records_begin: frame.reach.map(|reach| reach.from).filter(|first| *first > period.from),
        records_end: frame.reach.map(|reach| reach.to).filter(|last| *last < period.to && period.days() > 0),
        kinds: words.kinds(scope, period),
        languages: words.languages(scope, period),
        previous_records: previous.map(total),
        volume_change: frame.volume_moved(&everything).map(|moved| volume_change(moved, judged.tests)),
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
pub struct Frame {
    pub rows: Vec<InsightRow>,
    pub period: Period,
    partial: Option<Partial>,
    pub previous: Option<Period>,
    pub comparison: Option<Comparison>,
    /// The period with the history before it, as far as there are records.
    study: Period,
    /// All days that anything is compared with.
    history: Period,
    /// The first and the last day of all with records of the product and sources.
    reach: Option<Period>,
}

impl Frame {
    fn read(
        insights: &LazyFrame,
        facts: &impl Facts,
        scope: &Scope,
        now: Timestamp,
    ) -> Result<Self, InsightError> {
        let asked = scope.period;
        let today = now.day();
        let period = Period { from: asked.from, to: asked.to.min(today.plus(-1)) };
        let earliest = asked.from.plus(-HISTORY).min(period.before().from);
        let mut rows = read::insights(insights, facts, scope, Period { from: earliest, to: asked.to })?;
        let open = Period { from: asked.from.max(today), to: asked.to };
        let partial = (open.days() > 0).then(|| Partial {
            days: open,
            records: Tally::of(&of_scope(&rows, scope), open).records,
            filter: Filter::of(scope, open),
        });
        rows.retain(|row| row.key.day <= period.to);
        let first = rows.iter().map(|row| row.key.day).min().unwrap_or(period.from);
        let reach = read::reach(insights, facts, scope)?;
        let is_known = |previous: &Period| reach.is_some_and(|reach| reach.from <= previous.from);
        let previous = Some(period.before()).filter(|previous| period.days() > 0 && is_known(previous));
        let known = Period { from: first.max(period.from), to: period.to };
        let told = |days: &Period| rows.iter().any(|row| days.contains(row.key.day));
        let comparison = match previous.filter(told) {
            Some(against) => Some(Comparison { of: period, against }),
            None => Comparison::halves(known),
        };
        let study = Period { from: first.max(period.from.plus(-HISTORY)), to: period.to };
        let history = Period { from: earliest, to: period.to };
        Ok(Self { rows, period, partial, previous, comparison, study, history, reach })
    }

    /// By all days that are known, up to the end of the period.
    fn volume_moved(&self, everything: &[&InsightRow]) -> Option<VolumeMoved> {
        let (reach, _) = self.reach.zip(self.previous).filter(|(reach, _)| reach.to >= self.period.to)?;
        let known = Period { from: self.history.from.max(reach.from), to: self.period.to };
        VolumeMoved::of(&totals(everything, known), self.period.days() as usize)
    }
}

/// Whoever reads a report asks it first, and there is nearly always something: so it is held to Bonferroni's bound among the
/// tests and itself, and lends no weight to the others. It is none of those that the report counts.
fn volume_change(moved: VolumeMoved, tests: usize) -> VolumeChange {
    let q = moved.can_be_judged().then(|| (moved.p * (tests + 1) as f64).min(1.0));
    VolumeChange {
        ratio: moved.ratio,
        interval: moved.interval,
        dispersion: moved.dispersion,
        p: moved.p,
        q,
        verdict: q.map(|q| Verdict::new(moved.p, q, moved.is_large_enough())),
    }
}

/// By day.
fn totals(rows: &[&InsightRow], within: Period) -> Vec<u64> {
    let mut days = vec![0; within.days() as usize];
    for row in rows.iter().filter(|row| within.contains(row.key.day)) {
        days[(row.key.day.0 - within.from.0) as usize] += row.counts.records.max(0) as u64;
    }
    days
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
