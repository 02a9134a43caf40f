//! The life of a case: a log of events, folded to a state.

use super::times::LoopTimes;
use feedback::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has taken it up.
    Open,
    Acknowledged,
    Resolved,
    /// It came back after it was resolved, and nobody has taken it up again.
    Reopened,
}

impl State {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What happened to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Opened,
    Acknowledged,
    Resolved,
    Reopened,
}

impl Step {
    pub const ALL: [Self; 4] = [Self::Opened, Self::Acknowledged, Self::Resolved, Self::Reopened];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }
}

/// An entry of the log, which only grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub at: Timestamp,
    pub step: Step,
    /// Who did it: a name that was given, or the record that did.
    pub by: Option<String>,
}

/// Why an event is not taken. All are the fault of whoever asked; trying again does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the case has no beginning: its log has to start with \"opened\"")]
    NoBeginning,
    #[error("the case is {0}, so that it cannot be opened once more: a case opens once")]
    OpenedAlready(State),
    #[error("the case is acknowledged already: resolve it when it is done")]
    AcknowledgedAlready,
    #[error("the case is resolved already: reopen it first if it is not")]
    ResolvedAlready,
    #[error("the case is {0}, so that there is nothing to reopen: only a resolved case is reopened")]
    NotResolved(State),
    #[error("the event lies before the last one of the case: give a time after it, or none for now")]
    OutOfOrder,
}

/// The state of a case, and when it got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Life {
    pub state: State,
    pub opened_at: Timestamp,
    /// For the first time.
    pub acknowledged_at: Option<Timestamp>,
    /// Since when it is resolved; `None` while it is not, though it may have been.
    pub resolved_at: Option<Timestamp>,
    /// How often it came back.
    pub reopened: u32,
    /// The last event.
    pub last_at: Timestamp,
}

impl Life {
    #[must_use]
    pub fn opened(at: Timestamp) -> Self {
        Self {
            state: State::Open,
            opened_at: at,
            acknowledged_at: None,
            resolved_at: None,
            reopened: 0,
            last_at: at,
        }
    }

    /// The fold of a log, in its order.
    ///
    /// # Errors
    /// At the first event that the state before it does not allow.
    pub fn fold<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Self, Refused> {
        let mut events = events.into_iter();
        let first = events.next().filter(|event| event.step == Step::Opened).ok_or(Refused::NoBeginning)?;
        events.try_fold(Self::opened(first.at), |life, event| life.then(event.step, event.at))
    }

    /// The life after one more step.
    ///
    /// # Errors
    /// Where the state does not allow it, or it lies before the last one.
    pub fn then(self, step: Step, at: Timestamp) -> Result<Self, Refused> {
        if at < self.last_at {
            return Err(Refused::OutOfOrder);
        }
        let life = Self { last_at: at, ..self };
        match (step, self.state) {
            (Step::Opened, state) => Err(Refused::OpenedAlready(state)),
            (Step::Acknowledged, State::Open | State::Reopened) => Ok(Self {
                state: State::Acknowledged,
                acknowledged_at: self.acknowledged_at.or(Some(at)),
                ..life
            }),
            (Step::Acknowledged, State::Acknowledged) => Err(Refused::AcknowledgedAlready),
            (Step::Acknowledged | Step::Resolved, State::Resolved) => Err(Refused::ResolvedAlready),
            (Step::Resolved, State::Open | State::Acknowledged | State::Reopened) => {
                Ok(Self { state: State::Resolved, resolved_at: Some(at), ..life })
            }
            (Step::Reopened, State::Resolved) => {
                Ok(Self { state: State::Reopened, resolved_at: None, reopened: self.reopened + 1, ..life })
            }
            (Step::Reopened, state) => Err(Refused::NotResolved(state)),
        }
    }

    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.state == State::Resolved
    }

    /// The way from the first report to the end, so far.
    #[must_use]
    pub fn times(&self, occurred: Timestamp, stored: Timestamp, triaged: Option<Timestamp>) -> LoopTimes {
        LoopTimes {
            occurred,
            stored: Some(stored),
            triaged,
            acknowledged: self.acknowledged_at,
            resolved: self.resolved_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn log(steps: &[(i64, Step)]) -> Vec<Event> {
        steps.iter().map(|(at, step)| Event { at: Timestamp(*at), step: *step, by: None }).collect()
    }

    #[test]
    fn a_life_is_the_fold_of_its_log() {
        let steps = [
            (1, Step::Opened),
            (2, Step::Acknowledged),
            (5, Step::Resolved),
            (8, Step::Reopened),
            (9, Step::Acknowledged),
            (12, Step::Resolved),
        ];
        let at = |n: usize| Life::fold(&log(&steps[..n])).unwrap();
        assert_eq!(
            (at(1).state, at(2).state, at(4).state),
            (State::Open, State::Acknowledged, State::Reopened)
        );
        assert_eq!((at(3).resolved_at, at(4).resolved_at), (Some(Timestamp(5)), None));
        let end = at(6);
        assert_eq!((end.acknowledged_at, end.resolved_at), (Some(Timestamp(2)), Some(Timestamp(12))));
        assert_eq!((end.reopened, end.is_resolved(), end.opened_at), (1, true, Timestamp(1)));
        let times = end.times(Timestamp(0), Timestamp(1), None);
        assert_eq!((times.acknowledged, times.resolved), (Some(Timestamp(2)), Some(Timestamp(12))));
    }

    #[test]
    fn what_a_state_does_not_allow_is_refused_in_words() {
        let refused = |steps: &[(i64, Step)]| Life::fold(&log(steps)).unwrap_err();
        assert_eq!(refused(&[]), Refused::NoBeginning);
        assert_eq!(refused(&[(1, Step::Resolved)]), Refused::NoBeginning);
        let opened = (1, Step::Opened);
        assert_eq!(refused(&[opened, opened]), Refused::OpenedAlready(State::Open));
        let (acknowledged, resolved) = ((2, Step::Acknowledged), (2, Step::Resolved));
        assert_eq!(refused(&[opened, acknowledged, acknowledged]), Refused::AcknowledgedAlready);
        assert_eq!(refused(&[opened, resolved, resolved]), Refused::ResolvedAlready);
        assert_eq!(refused(&[opened, resolved, acknowledged]), Refused::ResolvedAlready);
        assert_eq!(refused(&[opened, (0, Step::Resolved)]), Refused::OutOfOrder);
        let reopened = refused(&[opened, (3, Step::Reopened)]);
        assert_eq!(
            reopened.to_string(),
            "the case is open, so that there is nothing to reopen: only a resolved case is reopened"
        );
    }

    proptest! {
        /// Whoever takes the steps one by one, and passes over what is refused, gets what the log of the others folds to.
        #[test]
        fn refused_steps_change_nothing(
            steps in prop::collection::vec((0i64..20, prop::sample::select(Step::ALL.to_vec())), 0..20),
        ) {
            let mut life = Life::opened(Timestamp(0));
            let mut kept = vec![(0, Step::Opened)];
            for (at, step) in steps {
                if let Ok(next) = life.then(step, Timestamp(at)) {
                    life = next;
                    kept.push((at, step));
                }
            }
            prop_assert_eq!(Life::fold(&log(&kept)), Ok(life));
            prop_assert_eq!(life.is_resolved(), life.resolved_at.is_some());
            let resolved = kept.iter().filter(|(_, step)| *step == Step::Resolved).count();
            prop_assert_eq!(resolved, life.reopened as usize + usize::from(life.is_resolved()));
        }
    }
}
