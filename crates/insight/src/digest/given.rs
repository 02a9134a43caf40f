//! The plain things that a digest is told from, beside the tables.

use crate::{
    cases::{Event, Life, Loop},
    report::Filter,
};
use feedback::time::Timestamp;
use serde::Serialize;

/// A case with all that is known of it by now. How it stood at the end of a week follows from that.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseTold {
    pub id: String,
    /// A topic id, or `none`.
    pub topic: String,
    /// Empty where it names none.
    pub product: String,
    pub owner: String,
    /// What happened to it, in that order; it begins with its being opened.
    pub steps: Vec<Event>,
    /// `None` where nothing is left of the report that began it.
    pub began: Option<Began>,
    /// All that are left.
    pub reports: Vec<CaseReport>,
}

/// How far the record got that began a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Began {
    pub occurred: Timestamp,
    pub stored: Timestamp,
    pub triaged: Option<Timestamp>,
}

/// A report of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseReport {
    /// The record's id.
    pub record: String,
    /// The name that stands for the person.
    pub person: Option<String>,
    pub occurred_at: Timestamp,
}

impl CaseTold {
    /// Its life up to a moment; `None` where nothing of it had been said by then. What was brought in later counts as open
    /// since it was said.
    #[must_use]
    pub fn life_at(&self, end: Timestamp) -> Option<Life> {
        let said = self.reports.iter().map(|report| report.occurred_at).filter(|at| *at < end).min()?;
        let mut steps = self.steps.iter().filter(|event| event.at < end);
        let opened = steps.next().map_or(said, |event| event.at);
        // What a state does not allow changed nothing.
        Some(steps.fold(Life::opened(opened), |life, event| life.then(event.step, event.at).unwrap_or(life)))
    }

    /// How far it was by then; `None` where nobody knew of it, or nothing is left of what began it.
    #[must_use]
    pub fn in_loop(&self, end: Timestamp) -> Option<Loop<'_>> {
        let (Began { occurred, stored, triaged }, life) = (self.began?, self.life_at(end)?);
        Some(Loop { owner: &self.owner, topic: &self.topic, times: life.times(occurred, stored, triaged) })
    }
}

/// An alert as it stood at the end of the week that is told of, or stands now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertTold {
    pub id: String,
    pub title: String,
    pub state: AlertState,
    pub topic: Option<String>,
    pub product: Option<String>,
    pub owner: Option<String>,
    /// Whoever owns a part of it.
    pub owners: Vec<String>,
    pub since: Timestamp,
    /// When it was resolved.
    pub until: Option<Timestamp>,
    pub people: u64,
    /// It was not sent, for its owner had had as many that week as they agreed to.
    pub over_budget: bool,
    /// Lists what it is about.
    pub filter: Option<Filter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    Firing,
    Resolved,
    Silenced,
}

impl AlertState {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Resolved => "resolved",
            Self::Silenced => "silenced",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{State, Step};

    fn case(steps: &[(Step, i64)], reports: &[i64]) -> CaseTold {
        let event = |(step, at): &(Step, i64)| Event { at: Timestamp(*at), step: *step, by: None };
        let report =
            |at: &i64| CaseReport { record: at.to_string(), person: None, occurred_at: Timestamp(*at) };
        CaseTold {
            id: "aa01".to_owned(),
            topic: "billing".to_owned(),
            product: String::new(),
            owner: "finance".to_owned(),
            steps: steps.iter().map(event).collect(),
            began: Some(Began { occurred: Timestamp(1), stored: Timestamp(2), triaged: Some(Timestamp(3)) }),
            reports: reports.iter().map(report).collect(),
        }
    }

    #[test]
    fn a_case_stood_as_its_log_said_by_then() {
        let steps = [
            (Step::Opened, 2),
            (Step::Acknowledged, 5),
            (Step::Acknowledged, 6),
            (Step::Resolved, 8),
            (Step::Reopened, 12),
        ];
        let case = case(&steps, &[1, 11]);
        let state = |end: i64| case.life_at(Timestamp(end)).map(|life| life.state);
        assert_eq!(
            [1, 2, 5, 6, 9, 13].map(state),
            [
                None,
                Some(State::Open),
                Some(State::Open),
                Some(State::Acknowledged),
                Some(State::Resolved),
                Some(State::Reopened)
            ]
        );
        let times = case.in_loop(Timestamp(9)).unwrap().times;
        assert_eq!((times.acknowledged, times.resolved), (Some(Timestamp(5)), Some(Timestamp(8))));
        assert_eq!(case.in_loop(Timestamp(13)).unwrap().times.resolved, None);
    }

    #[test]
    fn what_was_brought_in_later_is_open_since_it_was_said() {
        let case = case(&[(Step::Opened, 90), (Step::Acknowledged, 95)], &[10, 20]);
        let life = case.life_at(Timestamp(50)).unwrap();
        assert_eq!((life.state, life.opened_at), (State::Open, Timestamp(10)));
        assert_eq!(case.life_at(Timestamp(96)).unwrap().opened_at, Timestamp(90));
    }
}
