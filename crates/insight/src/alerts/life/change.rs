//! What people may say of an alert, and what of it makes sense.

use super::{Alert, AlertEvent, Mute, Step};
use crate::triage::Priority;
use feedback::time::{Day, Timestamp};

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Somebody has taken it up.
    Acknowledge,
    Useful,
    NotUseful,
    /// Nothing more of it is told until the day is over; without one until somebody takes that back. That it is over is told
    /// all the same.
    Silence {
        until: Option<Day>,
        reason: String,
    },
    Unsilence,
}

/// Why that is not noted. All are the fault of whoever said it; trying again does not help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the alert is over, so that there is nothing to take up or to silence")]
    Over,
    #[error("the alert is acknowledged already")]
    AcknowledgedAlready,
    #[error("the silence would end on {0}, which is over: name a later day, or none")]
    Past(Day),
    #[error("nobody has silenced the alert; what the alert rules silence is ended there")]
    NotSilenced,
}

impl Change {
    /// As commands, addresses and the audit log name it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Useful => "useful",
            Self::NotUseful => "not-useful",
            Self::Silence { .. } => "silence",
            Self::Unsilence => "unsilence",
        }
    }

    fn step(&self) -> Step {
        match self {
            Self::Acknowledge => Step::Acknowledged,
            Self::Useful => Step::Useful,
            Self::NotUseful => Step::NotUseful,
            Self::Silence { .. } => Step::Muted,
            Self::Unsilence => Step::Unmuted,
        }
    }

    /// What is to be noted with it; of a silence always a reason.
    fn mute(&self, by: Option<&str>) -> Option<Mute> {
        let Self::Silence { until, reason } = self else { return None };
        let reason = match (reason.trim(), by) {
            ("", Some(by)) => format!("silenced by {by}"),
            ("", None) => "somebody silenced it".to_owned(),
            (reason, _) => reason.to_owned(),
        };
        Some(Mute { until: *until, reason })
    }
}

impl Alert {
    /// The entry of the log by which somebody says so.
    ///
    /// # Errors
    /// Where it makes no sense as the alert stands at `now`.
    pub fn changed(&self, change: &Change, by: Option<&str>, now: Timestamp) -> Result<AlertEvent, Refused> {
        let today = now.day();
        match change {
            Change::Acknowledge | Change::Silence { .. } if !self.is_open() => return Err(Refused::Over),
            Change::Acknowledge if self.acknowledged.is_some() => return Err(Refused::AcknowledgedAlready),
            Change::Silence { until: Some(until), .. } if *until < today => {
                return Err(Refused::Past(*until));
            }
            Change::Unsilence if self.muted_on(today).is_none() => return Err(Refused::NotSilenced),
            _ => {}
        }
        Ok(AlertEvent {
            id: self.id.clone(),
            at: now.max(self.opened_at),
            step: change.step(),
            is_told: false,
            owner: String::new(),
            owners: Vec::new(),
            severity: Priority::P4,
            incident: None,
            by: by.map(str::to_owned),
            mute: change.mute(by),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::{Incident, State, fold, incident::tests::spell};

    const DAY: Day = Day(20_514);

    fn fired() -> AlertEvent {
        AlertEvent {
            id: "a".to_owned(),
            at: DAY.start(),
            step: Step::Fired,
            is_told: true,
            owner: "mobile".to_owned(),
            owners: Vec::new(),
            severity: Priority::P3,
            incident: Some(Incident { spells: vec![spell("access", 1, 2, None, 5)] }),
            by: None,
            mute: None,
        }
    }

    /// What becomes of the log, hour by hour.
    fn after(log: &mut Vec<AlertEvent>, change: &Change) -> Result<State, Refused> {
        let now = Timestamp(DAY.start().0 + log.len() as i64 * 3_600_000_000);
        let event = fold(log).remove(0).changed(change, Some("jo"), now)?;
        log.push(event);
        Ok(fold(log).remove(0).state(DAY))
    }

    #[test]
    fn what_is_said_is_what_it_folds_to() {
        let mut log = vec![fired()];
        assert_eq!(after(&mut log, &Change::Acknowledge), Ok(State::Acknowledged));
        assert_eq!(after(&mut log, &Change::Acknowledge), Err(Refused::AcknowledgedAlready));
        let silence = Change::Silence { until: Some(DAY), reason: " ".to_owned() };
        assert_eq!(after(&mut log, &silence), Ok(State::Silenced));
        let muted = fold(&log).remove(0).muted.unwrap();
        assert_eq!((muted.mute.reason.as_str(), muted.mute.until), ("silenced by jo", Some(DAY)));
        assert_eq!(after(&mut log, &Change::Unsilence), Ok(State::Acknowledged));
        assert_eq!(after(&mut log, &Change::Unsilence), Err(Refused::NotSilenced));
        after(&mut log, &Change::Useful).unwrap();
        after(&mut log, &Change::NotUseful).unwrap();
        assert_eq!(fold(&log)[0].is_useful, Some(false), "the last word counts");
        assert_eq!(log.len(), 6, "what was refused is not noted");
    }

    #[test]
    fn of_what_is_over_only_its_use_is_told() {
        let over = AlertEvent { step: Step::Resolved, at: Timestamp(DAY.start().0 + 1), ..fired() };
        let mut log = vec![fired(), over];
        let silence = Change::Silence { until: None, reason: String::new() };
        assert_eq!(after(&mut log, &Change::Acknowledge), Err(Refused::Over));
        assert_eq!(after(&mut log, &silence), Err(Refused::Over));
        assert_eq!(after(&mut log, &Change::Useful), Ok(State::Resolved));
    }

    #[test]
    fn a_silence_that_would_be_over_is_none() {
        let past = Change::Silence { until: Some(DAY.plus(-1)), reason: String::new() };
        let error = after(&mut vec![fired()], &past).unwrap_err();
        assert!(error.to_string().contains("on 2026-03-01, which is over"), "{error}");
    }
}
