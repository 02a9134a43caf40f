//! From a target to what became of it.

use super::{
    answers::{Answer, answers, several_questions, summary},
    file::Target,
    goal::{Goal, Side},
    kpi::Kpi,
    scope::{TargetScope, narrowed, tally_of},
    times::took,
};
use crate::{
    cases::Loop,
    error::InsightError,
    report::{
        Filter, People, Period,
        filter::{Answers, scale_name},
    },
    stats::{FEW, SUPPRESSED, proportion::Proportion},
};
use feedback::{
    insight::Scale,
    judgement::SentimentLabel,
    score::ScoreKind,
    time::{Day, Timestamp},
};
use polars::prelude::LazyFrame;
use serde::Serialize;

/// What targets are measured by.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    /// Current facts: resolved, no tombstones.
    pub facts: &'a LazyFrame,
    /// Of all records or cases whose times are measured.
    pub loops: &'a [Loop<'a>],
    pub owners: &'a [OwnerTopics],
}

/// Who acts on which topics, by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerTopics {
    pub name: String,
    pub topics: Vec<String>,
}

/// What became of a target.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    pub name: String,
    pub metric: Kpi,
    pub scope: TargetScope,
    pub period: Period,
    pub goal: Goal,
    pub standing: Standing,
    /// People in NPS and CSAT, each with the last answer; answers to the others; judged records; records; loops that began.
    pub n: u64,
    /// In the unit of the metric; suppressed below 5.
    pub value: Option<f64>,
    /// The ends of the interval of 95%; `None` where it is suppressed, or an end is open.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Of times, in seconds: nine of ten take no longer; `None` where more still wait.
    pub p90: Option<f64>,
    /// Of times: how many of `n` still wait.
    pub waiting: u64,
    /// What stands in the way of a verdict, in a sentence.
    pub note: Option<String>,
    /// Lists what was counted; `None` where no filter does.
    pub filter: Option<Filter>,
}

/// Whether a target is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The whole interval lies within the goal.
    Met,
    /// The whole interval lies outside.
    Missed,
    /// Not yet decidable: the interval lies on both sides.
    Open,
    /// Fewer than 30: the count and the interval, no verdict.
    TooFew,
    /// Fewer than 5.
    Suppressed,
    /// None at all.
    NoAnswers,
    /// A source asks several questions on the scale, and the target names none of them.
    SeveralQuestions,
}

impl Standing {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Open => "not yet decidable",
            Self::TooFew => "too few to judge",
            Self::Suppressed => "too few to show",
            Self::NoAnswers => "no answers",
            Self::SeveralQuestions => "several questions",
        }
    }
}

/// All targets as of the end of `last`, a day that may not be over: only complete days count. `now` says which these are,
/// and how long has waited what waits.
///
/// # Errors
/// Where the facts cannot be read.
pub fn evaluate(
    targets: &[Target],
    data: &Data<'_>,
    last: Day,
    now: Timestamp,
) -> Result<Vec<Outcome>, InsightError> {
    // The people are needed by scores alone, and are read from all facts.
    let people = match targets.iter().any(|target| target.metric.score().is_some()) {
        true => People::read(data.facts)?,
        false => People::default(),
    };
    let measure = Measure { data, people: &people, now };
    targets.iter().map(|target| measure.outcome(target, last)).collect()
}

struct Measure<'a> {
    data: &'a Data<'a>,
    people: &'a People,
    now: Timestamp,
}

/// A figure before it is judged.
#[derive(Default)]
struct Figure {
    n: u64,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

impl Measure<'_> {
    fn outcome(&self, target: &Target, last: Day) -> Result<Outcome, InsightError> {
        let asked = Period { from: last.plus(1 - target.period.days), to: last };
        let complete = Period { from: asked.from, to: last.min(self.now.day().plus(-1)) };
        let blank = Outcome {
            name: target.name.clone(),
            metric: target.metric,
            scope: target.scope.clone(),
            period: complete,
            goal: target.goal,
            standing: Standing::NoAnswers,
            n: 0,
            value: None,
            low: None,
            high: None,
            p90: None,
            waiting: 0,
            note: None,
            filter: target.scope.filter(complete),
        };
        if complete.days() == 0 {
            let note = Some("no day of its period is over yet".to_owned());
            return Ok(Outcome { note, period: asked, ..blank });
        }
        match target.metric {
            Kpi::Nps | Kpi::Csat | Kpi::Ces | Kpi::Stars => self.of_score(target, blank),
            Kpi::NegativeShare | Kpi::PositiveShare => self.of_share(target, blank),
            Kpi::Records => self.of_records(target, asked, blank),
            Kpi::TimeToTriage | Kpi::TimeToAcknowledge | Kpi::TimeToResolve => {
                Ok(self.of_times(target, asked, blank))
            }
        }
    }

    fn facts(&self, target: &Target, period: Period) -> LazyFrame {
        let scope = &target.scope;
        let owned = scope.owner.as_ref().map(|name| {
            let owner = self.data.owners.iter().find(|owner| owner.name == *name);
            owner.map(|owner| owner.topics.clone()).unwrap_or_default()
        });
        // What an owner's topic is asked for is that topic.
        let topics = scope.topic.clone().map(|topic| vec![topic]).or(owned);
        narrowed(self.data.facts, scope, topics.as_deref(), period)
    }

    fn of_score(&self, target: &Target, blank: Outcome) -> Result<Outcome, InsightError> {
        let Some((kind, scale)) = target.scale() else { return Ok(blank) };
        let all = answers(self.facts(target, blank.period), kind, self.people)?;
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
        Ok(judged(blank, figure, "answers"))
    }

    fn of_share(&self, target: &Target, blank: Outcome) -> Result<Outcome, InsightError> {
        let tally = tally_of(self.facts(target, blank.period))?;
        let (hits, label) = match target.metric {
            Kpi::PositiveShare => (tally.positive, SentimentLabel::Positive),
            _ => (tally.negative, SentimentLabel::Negative),
        };
        let share = Proportion::new(hits.min(tally.known), tally.known);
        let interval = share.wilson();
        let filter = blank.filter.clone().map(|filter| filter.sentiment(label));
        let figure = Figure {
            n: tally.known,
            value: Some(share.share()),
            low: Some(interval.low),
            high: Some(interval.high),
        };
        Ok(judged(Outcome { filter, ..blank }, figure, "judged records"))
    }

    /// A count is what it is: there is no doubt about days that are over, and any number may come on the others.
    fn of_records(&self, target: &Target, asked: Period, blank: Outcome) -> Result<Outcome, InsightError> {
        let n = tally_of(self.facts(target, blank.period))?.records;
        let count = n as f64;
        let high = (blank.period == asked).then_some(count);
        let standing = standing(target.goal, Some(count), high);
        let note = (standing == Standing::Open).then(|| "its period is not over yet".to_owned());
        Ok(Outcome { standing, n, value: Some(count), low: Some(count), high, note, ..blank })
    }

    fn of_times(&self, target: &Target, asked: Period, blank: Outcome) -> Outcome {
        let blank = Outcome { filter: None, ..blank };
        let took = took(self.data.loops, target.metric, &target.scope, asked, self.now);
        let Some(took) = took else { return blank };
        let figure = Figure { n: took.n, value: took.median, low: took.low, high: took.high };
        let outcome = judged(blank, figure, "cases began");
        let waits = outcome.standing == Standing::Open && took.median.is_none();
        let note = waits.then(|| "half of them still wait".to_owned()).or(outcome.note);
        Outcome { note, p90: took.p90.filter(|_| took.n >= SUPPRESSED), waiting: took.waiting, ..outcome }
    }
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

fn standing(goal: Goal, low: Option<f64>, high: Option<f64>) -> Standing {
    match goal.side(low, high) {
        Side::Within => Standing::Met,
        Side::Beyond => Standing::Missed,
        Side::Across => Standing::Open,
    }
}

fn judged(blank: Outcome, figure: Figure, what: &str) -> Outcome {
    let Figure { n, value, low, high } = figure;
    match n {
        0 => Outcome { n, ..blank },
        n if n < SUPPRESSED => {
            let note = Some(format!("{n} {what}, and fewer than {SUPPRESSED} are not shown"));
            Outcome { n, standing: Standing::Suppressed, note, ..blank }
        }
        n if n < FEW => {
            let note = Some(format!("{n} {what}, and {FEW} are needed for a verdict"));
            Outcome { n, standing: Standing::TooFew, value, low, high, note, ..blank }
        }
        n => {
            let standing = standing(blank.goal, low, high);
            Outcome { n, standing, value, low, high, ..blank }
        }
    }
}
