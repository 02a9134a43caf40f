//! What people say of an alert, and how it stands.

use super::{Alert, AlertEvent, Step};
use crate::report::scope::date;
use feedback::time::{Day, Timestamp};
use serde::{Deserialize, Serialize};

/// Who said something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    pub at: Timestamp,
    pub by: Option<String>,
}

impl Said {
    pub(super) fn of(event: &AlertEvent) -> Self {
        Self { at: event.at, by: event.by.clone() }
    }
}

/// What somebody asks for who wants to hear no more of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mute {
    /// The last day of it, UTC; `None` until it is taken back.
    #[serde(default, with = "date::option", skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Muted {
    #[serde(flatten)]
    pub said: Said,
    #[serde(flatten)]
    pub mute: Mute,
}

/// How an alert stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Firing,
    /// Somebody has taken it up.
    Acknowledged,
    /// The rules or a person hold it back.
    Silenced,
    /// Its owner had as many this week as they agreed to.
    OverBudget,
    Resolved,
}

impl State {
    pub const ALL: [Self; 5] =
        [Self::Firing, Self::Acknowledged, Self::Silenced, Self::OverBudget, Self::Resolved];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Firing => "firing",
            Self::Acknowledged => "acknowledged",
            Self::Silenced => "silenced",
            Self::OverBudget => "over_budget",
            Self::Resolved => "resolved",
        }
    }

    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl Alert {
    #[must_use]
    pub fn state(&self, today: Day) -> State {
        match (self.is_open(), self.is_told, self.held_back) {
            (false, ..) => State::Resolved,
            (true, false, Some(Step::Silenced)) => State::Silenced,
            (true, false, Some(Step::OverBudget)) => State::OverBudget,
            _ if self.muted_on(today).is_some() => State::Silenced,
            _ if self.acknowledged.is_some() => State::Acknowledged,
            _ => State::Firing,
        }
    }

    /// By whom it is silenced on a day, where somebody silenced it.
    #[must_use]
    pub fn muted_on(&self, day: Day) -> Option<&Muted> {
        self.muted.as_ref().filter(|muted| muted.mute.until.is_none_or(|until| day <= until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alerts::{Incident, fold, incident::tests::spell},
        triage::Priority,
    };

    const DAY: Day = Day(20_514);

    fn event(at: i64, step: Step, is_told: bool) -> AlertEvent {
        let incident = Incident { spells: vec![spell("access", 1, 2, None, 5)] };
        AlertEvent {
            id: "a".to_owned(),
            at: Timestamp(at),
            step,
            is_told,
            owner: "mobile".to_owned(),
            owners: Vec::new(),
            severity: Priority::P3,
            incident: (!step.is_mark()).then_some(incident),
            by: Some("jo".to_owned()),
            mute: None,
        }
    }

    fn stands(log: &[AlertEvent], today: Day) -> State {
        fold(log)[0].state(today)
    }

    #[test]
    fn what_people_say_tells_how_it_stands() {
        let until = Mute { until: Some(DAY), reason: "we know".to_owned() };
        let log = [
            event(1, Step::Fired, true),
            event(2, Step::Acknowledged, false),
            AlertEvent { mute: Some(until), ..event(3, Step::Muted, false) },
            event(4, Step::Unmuted, false),
            event(5, Step::Resolved, true),
            event(6, Step::Reopened, true),
        ];
        let at = |n: usize, today: Day| stands(&log[..n], today);
        assert_eq!(
            [at(1, DAY), at(2, DAY), at(3, DAY)],
            [State::Firing, State::Acknowledged, State::Silenced]
        );
        assert_eq!(at(3, DAY.plus(1)), State::Acknowledged, "its last day is over");
        assert_eq!([at(4, DAY), at(5, DAY)], [State::Acknowledged, State::Resolved]);
        assert_eq!(at(6, DAY), State::Firing, "nobody has taken it up since it came back");
        let muted = fold(&log[..3]).remove(0).muted.unwrap();
        assert_eq!((muted.said.by.as_deref(), muted.mute.reason.as_str()), (Some("jo"), "we know"));
    }

    #[test]
    fn what_was_held_back_says_by_what() {
        assert_eq!(stands(&[event(1, Step::Silenced, false)], DAY), State::Silenced);
        assert_eq!(stands(&[event(1, Step::OverBudget, false)], DAY), State::OverBudget);
        assert!(State::ALL.iter().all(|state| State::parse(state.as_str()) == Some(*state)));
    }

    #[test]
    fn without_a_last_day_it_lasts() {
        let lasting = AlertEvent { mute: Some(Mute::default()), ..event(3, Step::Muted, false) };
        assert_eq!(
            stands(&[event(1, Step::Fired, true), lasting.clone()], DAY.plus(10_000)),
            State::Silenced
        );
        let json = serde_json::to_string(&lasting).unwrap();
        assert_eq!(serde_json::from_str::<AlertEvent>(&json).unwrap(), lasting);
        let until = Mute { until: Some(DAY), ..Mute::default() };
        assert_eq!(serde_json::to_string(&until).unwrap(), r#"{"until":"2026-03-02","reason":""}"#);
    }
}
