//! From a target to what became of it.

use super::{
    answers::{Answer, answers, several_questions, summary},
    file::Target,
    kpi::Kpi,
    outcome::{Figure, Outcome, Standing},
    scope::{daily_of, first_day, narrowed, records_of},
    times::{step, took},
};
use crate::{
    cases::{LoopStep, Loops, Window},
    error::InsightError,
    report::{
        Filter, People, Period,
        filter::{Answers, scale_name},
    },
    stats::proportion::{Proportion, dispersion},
};
use feedback::{
    insight::Scale,
    judgement::SentimentLabel,
    score::ScoreKind,
    time::{Day, Timestamp},
};
use polars::prelude::LazyFrame;

/// What targets are measured by.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    /// Current facts: resolved, no tombstones.
    pub facts: &'a LazyFrame,
    pub loops: Loops<'a>,
    pub owners: &'a [OwnerTopics],
}

/// Who acts on which topics, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerTopics {
    pub name: String,
    pub topics: Vec<String>,
}

/// All targets as of the end of `last`, a day that may not be over: only complete days count. `end` says which these are,
/// and up to when has waited what waits.
///
/// # Errors
/// Where the facts cannot be read.
pub fn evaluate(
    targets: &[Target],
    data: &Data<'_>,
    last: Day,
    end: Timestamp,
) -> Result<Vec<Outcome>, InsightError> {
    // The people are needed by scores alone, and are read from all facts.
    let people = match targets.iter().any(|target| target.metric.score().is_some()) {
        true => People::read(data.facts)?,
        false => People::default(),
    };
    let measure = Measure { data, people: &people, end };
    targets.iter().map(|target| measure.outcome(target, last)).collect()
}

struct Measure<'a> {
    data: &'a Data<'a>,
    people: &'a People,
    end: Timestamp,
}

impl Measure<'_> {
    fn outcome(&self, target: &Target, last: Day) -> Result<Outcome, InsightError> {
        let asked = Period { from: last.plus(1 - target.period.days), to: last };
        let complete = Period { from: asked.from, to: last.min(self.end.day().plus(-1)) };
        let topics = self.topics(target);
        let is_score = target.metric.score().is_some();
        let blank = Outcome {
            name: target.name.clone(),
            metric: target.metric,
            scope: target.scope.clone(),
            period: complete,
            goal: target.goal,
            standing: if is_score { Standing::NoAnswers } else { Standing::NoData },
            n: 0,
            value: None,
            low: None,
            high: None,
            p90: None,
            waiting: 0,
            note: None,
            filter: target.scope.filter(complete, topics.as_deref()),
        };
        if complete.days() == 0 {
            let note = Some("no day of its period is over yet".to_owned());
            return Ok(Outcome { note, period: asked, ..blank });
        }
        if let Some(step) = step(target.metric) {
            return Ok(self.of_times(target, step, asked, blank));
        }
        let none =
            |note: &str| Outcome { standing: Standing::NoData, note: Some(note.to_owned()), ..blank.clone() };
        if topics.as_ref().is_some_and(Vec::is_empty) {
            return Ok(none("the owner has no topics: give them some in the taxonomy"));
        }
        let Some(first) = first_day(self.data.facts, &target.scope)? else {
            return Ok(none("there are no records yet"));
        };
        if first > complete.to {
            return Ok(none(&format!("its period is over before the first record, of {first}")));
        }
        let cut = cut(first, asked);
        let facts = |period| narrowed(self.data.facts, &target.scope, topics.as_deref(), period);
        match target.metric {
            Kpi::NegativeShare | Kpi::PositiveShare => {
                Ok(of_share(target, topics.as_deref(), facts, blank)?.open_where(cut))
            }
            Kpi::Records => of_records(target, facts(complete), asked, cut, blank),
            _ => Ok(self.of_score(target, facts(complete), blank)?.open_where(cut)),
        }
    }

    /// Those that it is asked of; `None` of all. What an owner's topic is asked for is that topic.
    fn topics(&self, target: &Target) -> Option<Vec<String>> {
        let owned = |name: &String| {
            let owner = self.data.owners.iter().find(|owner| owner.name == *name);
            owner.map(|owner| owner.topics.clone()).unwrap_or_default()
        };
        let scope = &target.scope;
        scope.topic.clone().map(|topic| vec![topic]).or(scope.owner.as_ref().map(owned))
    }

    fn of_score(&self, target: &Target, facts: LazyFrame, blank: Outcome) -> Result<Outcome, InsightError> {
        let Some((kind, scale)) = target.scale() else { return Ok(blank) };
        let all = answers(facts, kind, self.people)?;
        let (own, others): (Vec<&Answer>, Vec<&Answer>) =
            all.iter().partition(|answer| (answer.scale.min, answer.scale.max) == (scale.min, scale.max));
        let filter = blank.filter.clone().map(|filter| Filter {
            answers: matches!(kind, ScoreKind::Nps | ScoreKind::Csat).then_some(Answers::Last),
            ..filter.scale(scale)
        });
        let blank = Outcome { filter, ..blank };
        let Some((n, value, interval)) = summary(scale, &own) else {
            return Ok(Outcome { note: elsewhere(kind, scale, &others), ..blank });
        };
        let asked = several_questions(&own);
        if !asked.is_empty() {
            let note = format!(
                "it is asked in {} ways: name one by part or question in its scope ({})",
                asked.len(),
                asked.join("; ")
            );
            return Ok(Outcome { standing: Standing::SeveralQuestions, n, note: Some(note), ..blank });
        }
        let figure = Figure { n, value: Some(value), low: Some(interval.low), high: Some(interval.high) };
        Ok(blank.judged(figure, "answers"))
    }

    fn of_times(&self, target: &Target, step: LoopStep, asked: Period, blank: Outcome) -> Outcome {
        let blank = Outcome { filter: None, ..blank };
        let window = Window { period: Some(asked), end: self.end };
        let took = took(self.data.loops, step, &target.scope, window);
        let what = if step.is_of_records() { "records" } else { "cases" };
        let Some(first) = took.first.filter(|first| *first < self.end) else {
            return Outcome {
                note: Some(format!("there are no {what} yet whose time could be taken")),
                ..blank
            };
        };
        let median = took.median;
        let figure = Figure {
            n: took.n,
            value: median.and_then(|median| median.value),
            low: median.and_then(|median| median.low),
            high: median.and_then(|median| median.high),
        };
        let outcome = blank.judged(figure, &format!("{what} began"));
        let waits = outcome.standing == Standing::Open && figure.value.is_none();
        let note = waits.then(|| "half of them still wait".to_owned()).or(outcome.note);
        Outcome { note, p90: took.p90, waiting: took.waiting, ..outcome }.open_where(cut(first.day(), asked))
    }
}

/// The scatter from day to day beyond chance widens the interval, as it does in the report.
fn of_share(
    target: &Target,
    topics: Option<&[String]>,
    facts: impl Fn(Period) -> LazyFrame,
    blank: Outcome,
) -> Result<Outcome, InsightError> {
    let label = match target.metric {
        Kpi::PositiveShare => SentimentLabel::Positive,
        _ => SentimentLabel::Negative,
    };
    let days = daily_of(facts(blank.period), label)?;
    let phi = dispersion(&days).max(dispersion(&daily_of(facts(blank.period.before()), label)?));
    let (hits, known) = days.iter().fold((0, 0), |(hits, n), day| (hits + day.0, n + day.1));
    let share = Proportion::new(hits, known);
    let interval = share.deflated(phi).wilson();
    // Of several topics a filter lists records as wholes, which may speak well of one and ill of another.
    let is_of_one = topics.is_none_or(|topics| topics.len() == 1);
    let narrow = |filter: Filter| if is_of_one { filter.sentiment(label) } else { filter };
    let filter = blank.filter.clone().map(narrow);
    let figure =
        Figure { n: known, value: Some(share.share()), low: Some(interval.low), high: Some(interval.high) };
    Ok(Outcome { filter, ..blank }.judged(figure, "judged records"))
}

/// Why nothing is decided yet where there is nothing of the first days of a period.
fn cut(first: Day, asked: Period) -> Option<String> {
    (first > asked.from)
        .then(|| format!("its period begins on {}, and there is nothing before {first}", asked.from))
}

/// A count is what it is: there is no doubt about days that are over. Any number may come on the others, and may have been on
/// those before the first record.
fn of_records(
    target: &Target,
    facts: LazyFrame,
    asked: Period,
    cut: Option<String>,
    blank: Outcome,
) -> Result<Outcome, InsightError> {
    let n = records_of(facts)?;
    let count = n as f64;
    let is_over = blank.period == asked;
    let high = (is_over && cut.is_none()).then_some(count);
    let standing = Standing::of(target.goal, Some(count), high);
    let why = cut.or((!is_over).then(|| "its period is not over yet".to_owned()));
    let note = why.filter(|_| standing == Standing::Open);
    Ok(Outcome { standing, n, value: Some(count), low: Some(count), high, note, ..blank })
}

/// Answers on other scales than the one that is asked for.
fn elsewhere(kind: ScoreKind, scale: Scale, others: &[&Answer]) -> Option<String> {
    let mut names: Vec<String> = others.iter().map(|answer| scale_name(answer.scale)).collect();
    names.sort_unstable();
    names.dedup();
    (!names.is_empty()).then(|| {
        format!(
            "there are {} answers to {kind} on {}, and none on {}: set its scale",
            others.len(),
            names.join(" and "),
            scale_name(scale)
        )
    })
}
