//! What became of a target.

use super::{goal::Goal, goal::Side, kpi::Kpi, scope::TargetScope};
use crate::{
    report::{Filter, Period},
    stats::{FEW, SUPPRESSED},
};
use serde::Serialize;

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
    /// Lists what was counted; of a share of several topics all that it is one of. `None` of times, and of an owner without
    /// topics.
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
    /// Not yet decidable: the interval lies on both sides, or there are records of a part of its period alone.
    Open,
    /// Fewer than 30: the count and the interval, no verdict.
    TooFew,
    /// Fewer than 5.
    Suppressed,
    /// Nobody answered.
    NoAnswers,
    /// There is nothing to measure it by.
    NoData,
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
            Self::NoData => "no data",
            Self::SeveralQuestions => "several questions",
        }
    }

    pub(super) fn of(goal: Goal, low: Option<f64>, high: Option<f64>) -> Self {
        match goal.side(low, high) {
            Side::Within => Self::Met,
            Side::Beyond => Self::Missed,
            Side::Across => Self::Open,
        }
    }
}

/// A figure before it is judged.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Figure {
    pub n: u64,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Outcome {
    /// With a figure, as far as there is enough of it; `what` it is counted in.
    pub(super) fn judged(self, figure: Figure, what: &str) -> Self {
        let Figure { n, value, low, high } = figure;
        match n {
            0 => Self { n, ..self },
            n if n < SUPPRESSED => {
                let note = Some(format!("{n} {what}, and fewer than {SUPPRESSED} are not shown"));
                Self { n, standing: Standing::Suppressed, note, ..self }
            }
            n if n < FEW => {
                let note = Some(format!("{n} {what}, and {FEW} are needed for a verdict"));
                Self { n, standing: Standing::TooFew, value, low, high, note, ..self }
            }
            n => Self { n, standing: Standing::of(self.goal, low, high), value, low, high, ..self },
        }
    }

    /// Without a verdict, where `why` stands in its way.
    pub(super) fn open_where(self, why: Option<String>) -> Self {
        match why {
            Some(note) if matches!(self.standing, Standing::Met | Standing::Missed | Standing::Open) => {
                Self { standing: Standing::Open, note: Some(note), ..self }
            }
            _ => self,
        }
    }
}
