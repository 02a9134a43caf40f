//! Alerts: what moved, who has heard of it, and what people say of it.

use super::list::Listed;
use super::moments::{At, Date};
use feedback::time::Day;
pub use insight::alerts::Change as AlertChange;
use insight::alerts::{Contribution, Coverage, Moved, PartOf, Precision, State, UsualOf};
use insight::report::Filter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    Firing,
    /// Somebody has taken it up.
    Acknowledged,
    /// The rules or a person hold it back.
    Silenced,
    /// Its owner had as many this week as they agreed to.
    OverBudget,
    Resolved,
}

impl AlertState {
    pub const ALL: [Self; 5] =
        [Self::Firing, Self::Acknowledged, Self::Silenced, Self::OverBudget, Self::Resolved];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        State::from(self).as_str()
    }

    #[must_use]
    pub fn is_open(self) -> bool {
        self != Self::Resolved
    }
}

impl From<State> for AlertState {
    fn from(state: State) -> Self {
        match state {
            State::Firing => Self::Firing,
            State::Acknowledged => Self::Acknowledged,
            State::Silenced => Self::Silenced,
            State::OverBudget => Self::OverBudget,
            State::Resolved => Self::Resolved,
        }
    }
}

impl From<AlertState> for State {
    fn from(state: AlertState) -> Self {
        match state {
            AlertState::Firing => Self::Firing,
            AlertState::Acknowledged => Self::Acknowledged,
            AlertState::Silenced => Self::Silenced,
            AlertState::OverBudget => Self::OverBudget,
            AlertState::Resolved => Self::Resolved,
        }
    }
}

/// Those that fit all that is set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlertsFilter {
    /// Those that run, or those that are over; both where nothing is said.
    pub open: Option<bool>,
    pub state: Option<AlertState>,
    /// Whoever owns a part of it.
    pub owner: Option<String>,
    /// A topic that it names.
    pub topic: Option<String>,
    /// Of those that are over, the ones that were not before this day.
    pub since: Option<Day>,
}

/// A list of alerts, with how far it can be relied on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Alerts {
    #[serde(flatten)]
    pub list: Listed<AlertRow>,
    /// How many run now, whatever is listed.
    pub firing: u64,
    /// Of all alerts, whenever they were.
    pub precision: AlertsPrecision,
    /// Up to when the counts were looked at last; null before the first look has ended, so that nobody knows whether anything
    /// fires.
    #[schema(required = true)]
    pub looked_to: Option<At>,
    /// Of how much of what is watched anything could be said by then; null where that was not noted.
    #[schema(required = true)]
    pub coverage: Option<AlertsCoverage>,
    /// Since when none runs; null while one does, or where there never was one.
    #[schema(required = true)]
    pub quiet_since: Option<At>,
}

/// What is known of all alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertsStanding {
    /// The counts were not looked at yet, so that nothing is known.
    NotLookedYet,
    /// So many run.
    Firing(u64),
    /// None runs, since the last one ended.
    QuietSince(At),
    /// There never was one.
    NeverFired,
}

impl Alerts {
    #[must_use]
    pub fn standing(&self) -> AlertsStanding {
        match (self.firing, self.quiet_since, self.looked_to) {
            (0, Some(since), _) => AlertsStanding::QuietSince(since),
            (0, None, None) => AlertsStanding::NotLookedYet,
            (0, None, Some(_)) => AlertsStanding::NeverFired,
            (firing, ..) => AlertsStanding::Firing(firing),
        }
    }
}

/// Of the alerts that people spoke about, how many were of use.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct AlertsPrecision {
    pub told: u64,
    pub useful: u64,
    pub not_useful: u64,
    /// Of those that somebody spoke about, from 0 to 1, and its interval of 95%.
    #[schema(required = true)]
    pub share: Option<f64>,
    #[schema(required = true)]
    pub low: Option<f64>,
    #[schema(required = true)]
    pub high: Option<f64>,
}

impl From<Precision> for AlertsPrecision {
    fn from(precision: Precision) -> Self {
        let Precision { told, useful, not_useful, share, range } = precision;
        let (low, high) = (range.map(|range| range.low), range.map(|range| range.high));
        Self { told, useful, not_useful, share, low, high }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertsCoverage {
    /// Series that something could be said of, and all that are watched.
    pub speaking: u64,
    pub series: u64,
    /// The first day on which something could be said of any of them, or can be.
    #[schema(required = true)]
    pub from: Option<Date>,
}

impl From<Coverage> for AlertsCoverage {
    fn from(Coverage { speaking, series, from }: Coverage) -> Self {
        Self { speaking: speaking as u64, series: series as u64, from: from.map(Date) }
    }
}

/// An alert in a list.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertRow {
    /// 16 hexadecimal digits, which never change.
    pub id: String,
    /// What moved, in a few words.
    pub title: String,
    pub state: AlertState,
    /// P1 to P4.
    pub severity: &'static str,
    /// Empty where nobody owns any of it.
    pub owner: String,
    /// Whoever owns a part of it, the owner first.
    pub owners: Vec<String>,
    /// Ids of the topics that moved.
    pub topics: Vec<String>,
    /// When it began, by estimate, to the hour.
    pub since: At,
    pub opened_at: At,
    pub last_at: At,
    #[schema(required = true)]
    pub resolved_at: Option<At>,
    /// Whether anybody was told of it.
    pub is_told: bool,
    /// The alert that tells it since this one is closed.
    #[schema(required = true)]
    pub told_with: Option<String>,
    /// Why it is held back, or over.
    #[schema(required = true)]
    pub why: Option<String>,
    /// How often it came back.
    pub reopened: u32,
    /// At least so many.
    pub people: u64,
    #[schema(required = true)]
    pub is_useful: Option<bool>,
    /// Who took it up.
    #[schema(required = true)]
    pub acknowledged: Option<AlertSaid>,
    /// Who silenced it, while that lasts.
    #[schema(required = true)]
    pub silenced: Option<AlertSilence>,
    /// Lists the records of what names it; null of words that the rules no longer name.
    #[schema(value_type = Option<Object>, required = true)]
    pub filter: Option<Filter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertSaid {
    pub at: At,
    #[schema(required = true)]
    pub by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertSilence {
    pub at: At,
    #[schema(required = true)]
    pub by: Option<String>,
    /// The last day of it; null until somebody ends it.
    #[schema(required = true)]
    pub until: Option<Date>,
    pub reason: String,
}

/// An alert with everything that is behind it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertWhole {
    #[serde(flatten)]
    pub alert: AlertRow,
    /// One line: the figures of what names it, since when, and how many people.
    pub summary: String,
    /// What moved; the first names it.
    pub moved: Vec<AlertMoved>,
    /// Parts of that by product, source and case.
    pub parts: Vec<AlertMoved>,
    /// Whether what carries it and the quotes were read: false while they are.
    pub is_read: bool,
    pub carried_by: Vec<Carried>,
    /// Customers' words, each with the record that it is of.
    pub quotes: Vec<AlertQuote>,
    /// Everything that happened to it, the first first.
    pub log: Vec<AlertEntry>,
}

#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertMoved {
    pub text: String,
    /// Lists its records, as many as were counted for it.
    #[schema(value_type = Option<Object>, required = true)]
    pub filter: Option<Filter>,
}

impl From<Moved> for AlertMoved {
    fn from(moved: Moved) -> Self {
        Self { text: moved.text, filter: moved.filter }
    }
}

/// What a good part of a change has in common.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Carried {
    /// In words.
    pub text: String,
    /// `segment`, `app_version`, `territory`, `language`, `source_kind` and so on.
    pub field: String,
    pub value: String,
    /// `excess` of records, or `fall` of a score.
    pub part_of: &'static str,
    /// Its part of the change, from 0 to 1.
    pub share: f64,
    /// Whether its usual part is that of the `same` thing before, or of `everything`.
    pub usual_of: &'static str,
    pub usual: f64,
    /// Records since the change began.
    pub since: u64,
}

impl Carried {
    #[must_use]
    pub fn new(one: Contribution, text: String) -> Self {
        Self {
            text,
            field: one.field,
            value: one.value,
            part_of: match one.part_of {
                PartOf::Excess => "excess",
                PartOf::Fall => "fall",
            },
            share: one.share,
            usual_of: match one.usual_of {
                UsualOf::Same => "same",
                UsualOf::Everything => "everything",
            },
            usual: one.usual,
            since: one.since,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertQuote {
    /// The record's id.
    pub record: String,
    pub text: String,
}

/// Something that happened to an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AlertEntry {
    pub at: At,
    /// `fired`, `updated`, `resolved`, `merged`, `reopened`, `silenced`, `over_budget`, `useful`, `not_useful`,
    /// `acknowledged`, `muted`, `unmuted`.
    pub step: &'static str,
    /// Who said so, or why, or the alert that tells it from then on.
    #[schema(required = true)]
    pub by: Option<String>,
    /// At least so many people by then.
    #[schema(required = true)]
    pub people: Option<u64>,
    /// Of a silence: its last day, and why.
    #[schema(required = true)]
    pub until: Option<Date>,
    #[schema(required = true)]
    pub reason: Option<String>,
}

/// A change that was noted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertChanged {
    /// As it stands behind it.
    pub alert: AlertRow,
    pub precision: AlertsPrecision,
}

#[cfg(test)]
mod tests {
    use super::*;
    use insight::stats::Interval;

    #[test]
    fn states_are_those_of_the_insight() {
        for state in State::ALL {
            let own = AlertState::from(state);
            assert_eq!((State::from(own), own.as_str()), (state, state.as_str()));
            assert_eq!(serde_json::to_value(own).unwrap(), state.as_str());
        }
        assert!(AlertState::OverBudget.is_open() && !AlertState::Resolved.is_open());
    }

    #[test]
    fn figures_keep_their_interval() {
        let range = Some(Interval::new(0.2, 0.8));
        let precision = Precision { told: 9, useful: 2, not_useful: 2, share: Some(0.5), range };
        let told = AlertsPrecision::from(precision);
        assert_eq!((told.share, told.low, told.high), (Some(0.5), Some(0.2), Some(0.8)));
        let coverage = AlertsCoverage::from(Coverage { speaking: 3, series: 9, from: Some(Day(20_514)) });
        assert_eq!(serde_json::to_value(coverage).unwrap()["from"], "2026-03-02");
    }
}
