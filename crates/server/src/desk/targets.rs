//! The goals that a team set itself, as they stand.

use super::moments::{At, Date};
use insight::report::Filter;
use insight::targets::{Kpi, Outcome, Standing, TargetScope, between};
use serde::Serialize;
use utoipa::ToSchema;

/// All of them.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Targets {
    /// Only what was known by then counts: the last day that was over.
    pub as_of: At,
    pub targets: Vec<TargetRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetStanding {
    /// The whole interval lies within the goal.
    Met,
    /// The whole interval lies outside.
    Missed,
    /// Not yet decidable.
    Open,
    /// Fewer than 30: no verdict.
    TooFew,
    /// Fewer than 5: not shown.
    Suppressed,
    NoAnswers,
    NoData,
    /// A source asks several questions on the scale, and the target names none of them.
    SeveralQuestions,
}

impl From<Standing> for TargetStanding {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Met => Self::Met,
            Standing::Missed => Self::Missed,
            Standing::Open => Self::Open,
            Standing::TooFew => Self::TooFew,
            Standing::Suppressed => Self::Suppressed,
            Standing::NoAnswers => Self::NoAnswers,
            Standing::NoData => Self::NoData,
            Standing::SeveralQuestions => Self::SeveralQuestions,
        }
    }
}

impl TargetStanding {
    /// As its badge is called.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Open => "undecided",
            Self::TooFew => "too few",
            Self::Suppressed => "suppressed",
            Self::NoAnswers => "no answers",
            Self::NoData => "no data",
            Self::SeveralQuestions => "several questions",
        }
    }
}

/// What a value should be, in the unit of its metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct TargetGoal {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Below this, and not this itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub under: Option<f64>,
}

/// A goal with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TargetRow {
    pub name: String,
    /// `nps`, `csat`, `ces`, `stars`, `negative_share`, `positive_share`, `records`, `time_to_triage`,
    /// `time_to_acknowledge`, `time_to_resolve`.
    pub metric: &'static str,
    #[serde(skip)]
    #[schema(ignore)]
    pub kpi: Kpi,
    /// Of what: everything where nothing is set.
    #[schema(value_type = Object)]
    pub scope: TargetScope,
    /// The days that count.
    pub from: Date,
    pub to: Date,
    pub goal: TargetGoal,
    /// The goal in words: `at least +40`.
    pub goal_told: String,
    pub standing: TargetStanding,
    /// People, answers, judged records, records, or loops that began.
    pub n: u64,
    /// In the unit of the metric: points, a fraction, a mean, a number, seconds.
    #[schema(required = true)]
    pub value: Option<f64>,
    /// The ends of the interval of 95%; null where an end is open.
    #[schema(required = true)]
    pub low: Option<f64>,
    #[schema(required = true)]
    pub high: Option<f64>,
    /// Of times, in seconds: nine of ten take no longer.
    #[schema(required = true)]
    pub p90: Option<f64>,
    /// Of times: how many still wait.
    pub waiting: u64,
    /// What stands in the way of a verdict.
    #[schema(required = true)]
    pub note: Option<String>,
    /// Lists what was counted.
    #[schema(value_type = Option<Object>, required = true)]
    pub filter: Option<Filter>,
}

impl From<Outcome> for TargetRow {
    fn from(outcome: Outcome) -> Self {
        let (kpi, goal) = (outcome.metric, outcome.goal);
        Self {
            name: outcome.name,
            metric: kpi.as_str(),
            kpi,
            scope: outcome.scope,
            from: Date(outcome.period.from),
            to: Date(outcome.period.to),
            goal: TargetGoal { at_least: goal.at_least, at_most: goal.at_most, under: goal.under },
            goal_told: goal.tell(kpi),
            standing: outcome.standing.into(),
            n: outcome.n,
            value: outcome.value,
            low: outcome.low,
            high: outcome.high,
            p90: outcome.p90,
            waiting: outcome.waiting,
            note: outcome.note,
            filter: outcome.filter,
        }
    }
}

impl TargetRow {
    /// The value as a person reads it.
    #[must_use]
    pub fn value_told(&self) -> Option<String> {
        self.value.map(|value| self.kpi.tell(value))
    }

    /// Its interval, `+31 to +44`; `None` where nothing is shown of it.
    #[must_use]
    pub fn interval_told(&self) -> Option<String> {
        let shown = self.low.is_some() || self.high.is_some();
        shown.then(|| between(self.low, self.high, |value| self.kpi.tell(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Day;
    use insight::report::Period;
    use insight::targets::Goal;

    #[test]
    fn a_goal_is_told_with_its_value_and_interval() {
        let outcome = Outcome {
            name: "NPS of the app".to_owned(),
            metric: Kpi::Nps,
            scope: TargetScope { product: Some("app".to_owned()), ..TargetScope::default() },
            period: Period { from: Day(20_514), to: Day(20_520) },
            goal: Goal { at_least: Some(40.0), ..Goal::default() },
            standing: Standing::Open,
            n: 120,
            value: Some(38.0),
            low: Some(31.0),
            high: Some(44.0),
            p90: None,
            waiting: 0,
            note: None,
            filter: None,
        };
        let row = TargetRow::from(outcome);
        assert_eq!((row.goal_told.as_str(), row.value_told().as_deref()), ("at least +40", Some("+38")));
        assert_eq!(row.interval_told().as_deref(), Some("+31 to +44"));
        let json = serde_json::to_value(&row).unwrap();
        assert_eq!(
            (&json["metric"], &json["standing"], &json["from"]),
            (&"nps".into(), &"open".into(), &"2026-03-02".into())
        );
        assert_eq!((&json["goal"]["at_least"], json.get("kpi")), (&40.0.into(), None));
        assert_eq!(TargetRow { low: None, high: None, ..row }.interval_told(), None);
    }
}
