//! The settings of `alerts.toml`, with their defaults.

use super::watch::Figures;
use crate::triage::Priority;
use serde::{Deserialize, Serialize};

/// How often there is a look at the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    #[default]
    Hour,
    /// After the last hour of a day, UTC.
    Day,
}

/// The `new_normal_days` that make sense: a week of a change at least, and no more than what is usual is learned from.
pub const NEW_NORMAL_DAYS: std::ops::RangeInclusive<u32> = 7..=56;

/// What is watched, and how seldom it may be wrong.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WatchRules {
    pub every: Every,
    /// False alerts a quarter that are accepted, over everything that is watched.
    pub false_alerts: f64,
    pub volume: bool,
    pub negative: bool,
    pub scores: bool,
    /// Whether cases are watched, by their volume.
    pub cases: bool,
    /// After so many days what has changed is what is usual.
    pub new_normal_days: u32,
    pub least: Least,
}

impl Default for WatchRules {
    fn default() -> Self {
        Self {
            every: Every::default(),
            false_alerts: 1.0,
            volume: true,
            negative: true,
            scores: true,
            cases: true,
            new_normal_days: 28,
            least: Least::default(),
        }
    }
}

/// Less than this is not told, however sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Least {
    /// Times as many records as were due, in the last week of the change.
    pub times: f64,
    /// Percentage points that the negative share rose by.
    pub points: f64,
    /// Percent of the scale that a mean answer fell by; of an NPS 2.5 are five points.
    pub score_percent: f64,
    /// Records since the change began.
    pub records: u64,
    /// Judged records, or answers, since the change began.
    pub judged: u64,
    /// Distinct people behind it.
    pub people: u64,
}

impl Default for Least {
    fn default() -> Self {
        Self { times: 1.3, points: 5.0, score_percent: 2.5, records: 10, judged: 20, people: 5 }
    }
}

impl Least {
    #[must_use]
    pub fn allows(&self, figures: &Figures) -> bool {
        match figures {
            Figures::Volume { seen, times, .. } => *seen >= self.records && *times >= self.times,
            Figures::Negative { judged, rise, .. } => *judged >= self.judged && 100.0 * rise >= self.points,
            Figures::Score { answers, fall, .. } => {
                *answers >= self.judged && 100.0 * fall >= self.score_percent
            }
        }
    }
}

/// When an alert is told again, and when it is the same one.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifeRules {
    /// It is told again once the people it reaches are so many times as many as when it was last told.
    pub update_times: f64,
    /// Days after its end within which the same thing reopens it.
    pub cooldown_days: u32,
    /// Changes that began within so many hours of each other, and share records, are one alert.
    pub together_hours: u32,
    /// The part of the smaller one's records that two topics have to share.
    pub shared: f64,
    /// New alerts a week for an owner; the others are kept for the digest. P1 always goes.
    pub budget: u32,
}

impl Default for LifeRules {
    fn default() -> Self {
        Self { update_times: 2.0, cooldown_days: 3, together_hours: 48, shared: 0.2, budget: 5 }
    }
}

/// How large a change is by the people it reaches and how far it went.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeverityRules {
    /// Distinct people from which it is large.
    pub many_people: u64,
    pub some_people: u64,
    /// From which it is strong: times as many records, points of negative share, percent of a scale.
    pub times: f64,
    pub points: f64,
    pub score_percent: f64,
}

impl Default for SeverityRules {
    fn default() -> Self {
        Self { many_people: 50, some_people: 15, times: 2.0, points: 20.0, score_percent: 20.0 }
    }
}

impl SeverityRules {
    /// P1 for large and strong, P2 for one of the two and some people at least, P3 for some people, P4 for the rest.
    #[must_use]
    pub fn of(&self, figures: &Figures, people: u64) -> Priority {
        let is_strong = match figures {
            Figures::Volume { times, .. } => *times >= self.times,
            Figures::Negative { rise, .. } => 100.0 * rise >= self.points,
            Figures::Score { fall, .. } => 100.0 * fall >= self.score_percent,
        };
        match (people >= self.many_people, people >= self.some_people) {
            (true, _) if is_strong => Priority::P1,
            (true, _) => Priority::P2,
            (false, true) if is_strong => Priority::P2,
            (false, true) => Priority::P3,
            (false, false) => Priority::P4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Interval;

    fn volume(seen: u64, times: f64) -> Figures {
        Figures::Volume { seen, expected: 10.0, range: Interval::new(5.0, 15.0), times }
    }

    #[test]
    fn what_is_small_is_not_told() {
        let least = Least::default();
        assert!(least.allows(&volume(10, 1.3)));
        assert!(!least.allows(&volume(9, 3.0)) && !least.allows(&volume(1_000, 1.29)));
        let none = Interval::new(0.0, 1.0);
        let score = |answers, fall| Figures::Score {
            answers,
            before: 0.7,
            before_range: none,
            since: 0.6,
            since_range: none,
            fall,
        };
        assert!(least.allows(&score(20, 0.025)) && !least.allows(&score(19, 0.5)));
        assert!(!least.allows(&score(500, 0.02)));
    }

    #[test]
    fn size_and_strength_make_the_severity() {
        let of = |people, times| SeverityRules::default().of(&volume(100, times), people);
        let all = [of(50, 2.0), of(50, 1.5), of(15, 2.0), of(15, 1.5), of(14, 9.0)];
        assert_eq!(all, [Priority::P1, Priority::P2, Priority::P2, Priority::P3, Priority::P4]);
    }
}
