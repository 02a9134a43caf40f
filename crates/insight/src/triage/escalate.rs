//! When a case that nobody takes up is told to the owners above its own: `[escalate]` of `triage.toml`.

use super::file::Priority;
use feedback::time::Timestamp;
use serde::{Deserialize, Deserializer, de::Error as _};
use std::time::Duration;

/// In place of a time.
const NEVER: &str = "never";
const MICROS_PER_DAY: i64 = 86_400_000_000;

/// How long a case may wait for somebody to acknowledge it, by the highest priority of its reports; `None`: for ever.
/// Each owner above hears of it when that time has gone by once more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Escalate {
    #[serde(rename = "P1", deserialize_with = "wait")]
    pub p1: Option<Duration>,
    #[serde(rename = "P2", deserialize_with = "wait")]
    pub p2: Option<Duration>,
    #[serde(rename = "P3", deserialize_with = "wait")]
    pub p3: Option<Duration>,
    #[serde(rename = "P4", deserialize_with = "wait")]
    pub p4: Option<Duration>,
    /// A case whose last report had occurred more than so many days before it was opened, or came back, is history that
    /// was read in: nobody waits for it.
    pub history_days: u32,
}

impl Default for Escalate {
    fn default() -> Self {
        let hours = |hours: u64| Some(Duration::from_secs(hours * 3_600));
        Self { p1: hours(4), p2: hours(48), p3: None, p4: None, history_days: 7 }
    }
}

/// A case that nobody has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unacknowledged {
    /// When it was opened, or came back the last time.
    pub since: Timestamp,
    /// When the last of its reports occurred; `None` where nothing says so.
    pub last_seen: Option<Timestamp>,
    /// The highest of its reports.
    pub priority: Priority,
    /// Owners above its own.
    pub steps: u32,
}

/// A step of an escalation whose time has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueStep {
    /// 1 is the owner right above.
    pub step: u32,
    /// Since when.
    pub at: Timestamp,
}

impl Escalate {
    /// How long a case of this priority may wait.
    #[must_use]
    pub fn wait(&self, priority: Priority) -> Option<Duration> {
        match priority {
            Priority::P1 => self.p1,
            Priority::P2 => self.p2,
            Priority::P3 => self.p3,
            Priority::P4 => self.p4,
        }
    }

    /// Whether anything ever escalates.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.shortest().is_some()
    }

    /// Whether a case that waits since then may have waited too long, before anybody has looked what priority it has.
    #[must_use]
    pub fn may_be_due(&self, since: Timestamp, now: Timestamp) -> bool {
        self.shortest().is_some_and(|wait| after(since, wait, 1) <= now)
    }

    fn shortest(&self) -> Option<Duration> {
        Priority::ALL.into_iter().filter_map(|priority| self.wait(priority)).min()
    }

    /// The steps whose time has come by `now`, the first one first: as many as have gone by, whoever has been told. `begun`
    /// is when escalation was switched on: what had waited too long by then stays where it is, so that the first look at
    /// an old store is no flood.
    #[must_use]
    pub fn due(&self, case: &Unacknowledged, begun: Timestamp, now: Timestamp) -> Vec<DueStep> {
        let Some(wait) = self.wait(case.priority) else { return Vec::new() };
        let at = |step: u32| after(case.since, wait, step);
        if self.is_history(case) || at(1) <= begun {
            return Vec::new();
        }
        let all = (1..=case.steps).map(|step| DueStep { step, at: at(step) });
        all.take_while(|due| due.at <= now).collect()
    }

    fn is_history(&self, case: &Unacknowledged) -> bool {
        let days = i64::from(self.history_days).saturating_mul(MICROS_PER_DAY);
        case.last_seen.is_some_and(|last| case.since.0.saturating_sub(last.0) > days)
    }
}

/// The end of so many times of waiting; the end of time where that is beyond it.
fn after(since: Timestamp, wait: Duration, times: u32) -> Timestamp {
    let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    Timestamp(since.0.saturating_add(wait.saturating_mul(i64::from(times))))
}

fn wait<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim() == NEVER {
        return Ok(None);
    }
    duration(&text).map(Some).ok_or_else(|| {
        D::Error::custom(format!(
            "{text:?} is no time that a case may wait: write one such as \"4h\" or \"2d\", or \"{NEVER}\""
        ))
    })
}

/// `"90m"`, `"4h"`, `"2d"`, `"1w"`; more than none.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let seconds: u64 = match unit.trim() {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    number.checked_mul(seconds).filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000_000;

    fn hours(hours: i64) -> Timestamp {
        Timestamp(hours * HOUR)
    }

    /// Opened at hour 100, an hour after its last report.
    fn case(priority: Priority, steps: u32) -> Unacknowledged {
        Unacknowledged { since: hours(100), last_seen: Some(hours(99)), priority, steps }
    }

    fn due(case: &Unacknowledged, begun: i64, now: i64) -> Vec<(u32, i64)> {
        let due = Escalate::default().due(case, hours(begun), hours(now));
        due.into_iter().map(|due| (due.step, due.at.0 / HOUR)).collect()
    }

    #[test]
    fn each_owner_above_hears_when_the_time_has_gone_by_once_more() {
        let urgent = case(Priority::P1, 2);
        assert_eq!(due(&urgent, 0, 103), []);
        assert_eq!(due(&urgent, 0, 104), [(1, 104)]);
        assert_eq!(due(&urgent, 0, 107), [(1, 104)]);
        assert_eq!(due(&urgent, 0, 108), [(1, 104), (2, 108)]);
        assert_eq!(due(&urgent, 0, 9_000), [(1, 104), (2, 108)], "there is nobody above");
        assert_eq!(due(&case(Priority::P2, 1), 0, 147), []);
        assert_eq!(due(&case(Priority::P2, 1), 0, 148), [(1, 148)]);
        assert_eq!(due(&case(Priority::P3, 9), 0, 9_000), [], "it may wait for ever");
        assert_eq!(due(&case(Priority::P1, 0), 0, 9_000), []);
    }

    #[test]
    fn what_had_waited_too_long_before_it_was_switched_on_stays_where_it_is() {
        let urgent = case(Priority::P1, 2);
        assert_eq!(due(&urgent, 104, 200), []);
        assert_eq!(due(&urgent, 103, 104), [(1, 104)], "its time had not come yet");
    }

    #[test]
    fn history_that_was_read_in_waits_for_nobody() {
        let since = |last_seen: Option<i64>| {
            let case = Unacknowledged { last_seen: last_seen.map(hours), ..case(Priority::P1, 1) };
            due(&case, 0, 104).len()
        };
        assert_eq!([since(Some(100 - 7 * 24)), since(Some(99 - 7 * 24)), since(None)], [1, 0, 1]);
        assert_eq!(since(Some(103)), 1, "a report that came later");
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        let read = |text: &str| toml::from_str::<Escalate>(text);
        assert_eq!(read("").unwrap(), Escalate::default());
        let given = read("P1 = \"90m\"\nP2 = \"never\"\nP3 = \"1w\"\nhistory_days = 30\n").unwrap();
        let wait = |priority| given.wait(priority).map(|wait| wait.as_secs());
        assert_eq!(Priority::ALL.map(wait), [Some(5_400), None, Some(604_800), None]);
        assert_eq!((given.history_days, given.shortest()), (30, Some(Duration::from_secs(5_400))));
        let off = read("P1 = \"never\"\nP2 = \"never\"\n").unwrap();
        assert!(!off.is_on() && given.is_on());
        assert!(!off.may_be_due(hours(0), hours(9_000)));
        let after = |micros: i64| given.may_be_due(Timestamp(0), Timestamp(micros));
        assert_eq!([after(5_399_999_999), after(5_400_000_000)], [false, true]);
        for wrong in ["", "4", "h", "0h", "-4h", "4 parsecs", "99999999999999999999h", "9999999999999999w"] {
            let error = read(&format!("P1 = {wrong:?}\n")).unwrap_err().to_string();
            assert!(error.contains("is no time that a case may wait"), "{wrong}: {error}");
        }
        assert!(read("P5 = \"4h\"\n").is_err());
    }

    proptest! {
        /// Time takes nothing back: what was due stays due, and comes first.
        #[test]
        fn what_was_due_stays_due(
            since in -1_000_000i64..1_000_000, steps in 0u32..6, begun in 0i64..500_000,
            now in 0i64..1_000_000, later in 0i64..1_000_000, priority in 0usize..4,
        ) {
            let case = Unacknowledged {
                since: Timestamp(since * 1_000_000),
                last_seen: None,
                priority: Priority::ALL[priority],
                steps,
            };
            let due = |now: i64| Escalate::default().due(&case, Timestamp(begun), Timestamp(now * 1_000_000));
            let (before, after) = (due(now), due(now + later));
            prop_assert!(after.starts_with(&before));
            prop_assert!(after.len() <= steps as usize);
            prop_assert!(before.iter().all(|due| due.at.0 <= now * 1_000_000 && due.at > case.since));
        }
    }
}
