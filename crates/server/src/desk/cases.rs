//! Cases: reports of the same thing, with a life of their own.

use super::moments::At;
use insight::cases::{Life, Reach, State, Step, Tell};
use insight::report::Filter;
use insight::triage::Priority;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseState {
    /// Nobody has taken it up.
    Open,
    Acknowledged,
    Resolved,
    /// It came back after it was resolved, and nobody has taken it up again.
    Reopened,
}

impl CaseState {
    pub const ALL: [Self; 4] = [Self::Open, Self::Acknowledged, Self::Resolved, Self::Reopened];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
        }
    }

    /// Whether it may be taken in this state.
    #[must_use]
    pub fn allows(self, step: CaseStep) -> bool {
        match step {
            CaseStep::Acknowledge => matches!(self, Self::Open | Self::Reopened),
            CaseStep::Resolve => self != Self::Resolved,
            CaseStep::Reopen => self == Self::Resolved,
        }
    }
}

impl From<State> for CaseState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Acknowledged => Self::Acknowledged,
            State::Resolved => Self::Resolved,
            State::Reopened => Self::Reopened,
        }
    }
}

/// What a person does about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseStep {
    Acknowledge,
    Resolve,
    Reopen,
}

impl CaseStep {
    pub const ALL: [Self; 3] = [Self::Acknowledge, Self::Resolve, Self::Reopen];

    /// As addresses and the audit log name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Resolve => "resolve",
            Self::Reopen => "reopen",
        }
    }
}

impl From<CaseStep> for Step {
    fn from(step: CaseStep) -> Self {
        match step {
            CaseStep::Acknowledge => Self::Acknowledged,
            CaseStep::Resolve => Self::Resolved,
            CaseStep::Reopen => Self::Reopened,
        }
    }
}

/// In which states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CasesIn {
    /// All but the resolved ones.
    #[default]
    Unresolved,
    All,
    Only(CaseState),
}

impl CasesIn {
    #[must_use]
    pub fn has(self, state: CaseState) -> bool {
        match self {
            Self::Unresolved => state != CaseState::Resolved,
            Self::All => true,
            Self::Only(only) => state == only,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CasesSort {
    /// Those that reach most people first.
    #[default]
    People,
    /// What was reported last.
    Newest,
    /// What was opened last.
    Opened,
    /// The most urgent, then those that reach most people.
    Priority,
}

/// Those that fit all that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CasesFilter {
    pub state: CasesIn,
    pub owner: Option<String>,
    /// A topic id, or `none`.
    pub topic: Option<String>,
    pub kind: Option<String>,
    pub product: Option<String>,
    pub priority: Option<Priority>,
    pub sort: CasesSort,
}

/// The state of a case, and when it got there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseLife {
    pub state: CaseState,
    pub opened_at: At,
    /// For the first time.
    #[schema(required = true)]
    pub acknowledged_at: Option<At>,
    /// Since when it is resolved; null while it is not.
    #[schema(required = true)]
    pub resolved_at: Option<At>,
    /// How often it came back.
    pub reopened: u32,
    /// The last thing that happened to it.
    pub last_at: At,
}

impl From<&Life> for CaseLife {
    fn from(life: &Life) -> Self {
        Self {
            state: life.state.into(),
            opened_at: At(life.opened_at),
            acknowledged_at: life.acknowledged_at.map(At),
            resolved_at: life.resolved_at.map(At),
            reopened: life.reopened,
            last_at: At(life.last_at),
        }
    }
}

/// How far a case reaches: people and accounts, not mentions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct CaseReach {
    pub reports: u64,
    /// Distinct people who are known.
    pub people: u64,
    /// Reports of nobody knows whom.
    pub anonymous: u64,
    pub accounts: u64,
    /// Yearly, of those who reported it.
    pub revenue: f64,
    #[schema(required = true)]
    pub first_seen: Option<At>,
    #[schema(required = true)]
    pub last_seen: Option<At>,
}

impl From<&Reach> for CaseReach {
    fn from(reach: &Reach) -> Self {
        Self {
            reports: reach.reports,
            people: reach.people,
            anonymous: reach.anonymous,
            accounts: reach.accounts,
            revenue: reach.revenue,
            first_seen: reach.first_seen.map(At),
            last_seen: reach.last_seen.map(At),
        }
    }
}

impl CaseReach {
    /// The least number of people that its reports can be of: those of nobody knows whom may be of one.
    #[must_use]
    pub fn people_at_least(&self) -> u64 {
        self.people + u64::from(self.anonymous > 0)
    }
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CaseRow {
    /// 32 hexadecimal digits, which never change.
    pub id: String,
    /// A topic id, or `none`.
    pub topic: String,
    pub kind: String,
    /// Empty where its reports name none.
    pub product: String,
    /// Empty where nobody has it.
    pub owner: String,
    /// What it is about, in the words of one of its reports; null where none has any.
    #[schema(required = true)]
    pub title: Option<String>,
    pub life: CaseLife,
    /// Null while it is counted for the first time.
    #[schema(required = true)]
    pub reach: Option<CaseReach>,
    /// Reports of nobody knows whom count as of one person.
    #[schema(required = true)]
    pub people_at_least: Option<u64>,
    /// When what was reported last occurred: as it was counted, and until then as the log of cases noted it. Null where nothing
    /// is left of its reports.
    #[schema(required = true)]
    pub last_reported_at: Option<At>,
    /// The highest of its reports, P1 to P4.
    #[schema(required = true)]
    pub priority: Option<&'static str>,
    /// Seconds that each step took, of those that are done: `stored`, `triaged`, `acknowledged`, `resolved`, `whole`.
    pub took: BTreeMap<String, f64>,
    /// Lists its reports, whenever they occurred.
    #[schema(value_type = Object)]
    pub filter: Filter,
}

/// A case with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CaseWhole {
    #[serde(flatten)]
    pub case: CaseRow,
    /// What happened to it, the first first.
    pub steps: Vec<CaseEntry>,
    /// Each time that somebody gave it to another owner.
    pub assigned: Vec<CaseAssigned>,
    /// Everybody who reported it and waits for an answer, by their pseudonyms.
    pub tell: Vec<CaseTell>,
    /// The newest first, at most 200.
    pub reports: Vec<CaseReport>,
}

/// Something that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseEntry {
    pub at: At,
    /// `opened`, `acknowledged`, `resolved`, `reopened`.
    pub step: &'static str,
    /// Who did it: a person's name, or the record that did.
    #[schema(required = true)]
    pub by: Option<String>,
    /// Whether a record did.
    pub by_record: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseAssigned {
    pub at: At,
    pub owner: String,
    #[schema(required = true)]
    pub by: Option<String>,
}

/// Somebody who waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseTell {
    /// All pseudonyms of one person; none where nobody knows who it was.
    pub names: Vec<String>,
    /// Where to answer.
    pub reports: Vec<NativeId>,
}

/// What the source knows a report by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NativeId {
    pub source: String,
    pub event_source: String,
    pub native_id: String,
}

impl From<&Tell> for CaseTell {
    fn from(tell: &Tell) -> Self {
        let native = |id: &insight::cases::NativeId| NativeId {
            source: id.source.clone(),
            event_source: id.event_source.clone(),
            native_id: id.native_id.clone(),
        };
        Self { names: tell.names.clone(), reports: tell.reports.iter().map(native).collect() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseReport {
    /// The record's id.
    pub record: String,
    pub occurred_at: At,
    /// The source kind, and the form, inbox or network within it.
    pub source: String,
    pub event_source: String,
    /// What the source knows it by.
    pub native_id: String,
    /// The name that stands for the person.
    #[schema(required = true)]
    pub person: Option<String>,
    #[schema(required = true)]
    pub account: Option<String>,
    /// Extracted from what was said.
    pub words: String,
}

/// A change that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseChanged {
    pub id: String,
    pub before: CaseState,
    pub state: CaseState,
    pub owner: String,
    pub at: At,
    pub by: String,
    /// Of a case that is resolved now: whom to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tell: Option<Vec<CaseTell>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use feedback::time::Timestamp;

    #[test]
    fn a_state_allows_what_its_life_does() {
        let at = Timestamp(5);
        let open = Life::opened(at);
        let lives = [
            open,
            open.then(Step::Acknowledged, at).unwrap(),
            open.then(Step::Resolved, at).unwrap(),
            open.then(Step::Resolved, at).and_then(|life| life.then(Step::Reopened, at)).unwrap(),
        ];
        for (life, state) in lives.iter().zip(CaseState::ALL) {
            assert_eq!(CaseLife::from(life).state, state);
            for step in CaseStep::ALL {
                assert_eq!(state.allows(step), life.then(step.into(), at).is_ok(), "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn resolved_ones_are_listed_where_they_are_asked_for() {
        let of = |wanted: CasesIn| CaseState::ALL.into_iter().filter(|state| wanted.has(*state)).count();
        assert_eq!(
            [of(CasesIn::Unresolved), of(CasesIn::All), of(CasesIn::Only(CaseState::Resolved))],
            [3, 4, 1]
        );
    }

    #[test]
    fn reports_of_nobody_knows_whom_are_of_one_person_at_least() {
        let reach = CaseReach {
            reports: 9,
            people: 4,
            anonymous: 3,
            accounts: 1,
            revenue: 0.0,
            first_seen: None,
            last_seen: Some(At(Timestamp(0))),
        };
        assert_eq!(reach.people_at_least(), 5);
        let json = serde_json::to_value(reach).unwrap();
        assert_eq!(
            (&json["first_seen"], &json["last_seen"]),
            (&serde_json::Value::Null, &"1970-01-01T00:00:00Z".into())
        );
    }
}
