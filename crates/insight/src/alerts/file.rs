//! `alerts.toml`, read. An empty file works: every setting has a default, which the file as it is shipped shows.

mod keys;

use super::{
    life::Silence,
    rules::{LifeRules, NEW_NORMAL_DAYS, SeverityRules, WatchRules},
};
use crate::{
    keys::{Fault, line_of, unknown},
    report::scope::date,
};
use feedback::time::Day;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// As it is shipped.
const DEFAULT: &str = include_str!("../../../../config/alerts.toml");

/// All are the fault of whoever wrote the file; trying again does not help.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", list(.0))]
pub struct AlertsError(pub Vec<Fault>);

fn list(faults: &[Fault]) -> String {
    let told = |fault: &Fault| format!("line {}: {}", fault.line, fault.message);
    let lines: Vec<String> = faults.iter().map(told).collect();
    match lines.as_slice() {
        [one] => format!("the alert rules are wrong. {one}"),
        many => format!("the alert rules have {} mistakes:\n  {}", many.len(), many.join("\n  ")),
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlertsFile {
    pub watch: WatchRules,
    pub life: LifeRules,
    pub severity: SeverityRules,
    /// Weekly budgets of owners that have one of their own.
    pub budgets: BTreeMap<String, u32>,
    /// Words that are watched as if they were a topic.
    pub words: Vec<NamedWords>,
    pub silences: Vec<Silence>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedWords {
    pub name: String,
    /// Whole words or phrases, in any case; one of them is enough.
    pub any: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    watch: WatchRules,
    life: LifeRules,
    severity: SeverityRules,
    budgets: BTreeMap<String, u32>,
    words: Vec<NamedWords>,
    silence: Vec<WrittenSilence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSilence {
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default, with = "date::option")]
    until: Option<Day>,
    #[serde(default)]
    reason: String,
}

impl AlertsFile {
    /// # Errors
    /// Where it is not TOML, has a key that is not known, a value of the wrong type, or one that makes no sense.
    pub fn parse(text: &str) -> Result<Self, AlertsError> {
        let fault = |error: toml::de::Error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            AlertsError(vec![Fault { line, message: error.message().to_owned() }])
        };
        let table = DeTable::parse(text).map_err(fault)?;
        let unknown = unknown(text, table.get_ref(), keys::FILE);
        if !unknown.is_empty() {
            return Err(AlertsError(unknown));
        }
        let written: Written = toml::from_str(text).map_err(fault)?;
        let file = Self::from(written);
        let senseless = file.senseless();
        if senseless.is_empty() {
            return Ok(file);
        }
        // The line of the first key of that name is near enough to what is meant.
        let lines = |key: &str| text.lines().position(|line| line.trim_start().starts_with(key));
        let fault =
            |(key, message): (&str, String)| Fault { line: lines(key).map_or(1, |at| at + 1), message };
        let mut faults: Vec<Fault> = senseless.into_iter().map(fault).collect();
        faults.sort();
        Err(AlertsError(faults))
    }

    /// The file as it is shipped.
    ///
    /// # Errors
    /// Never: a test reads it.
    pub fn standard() -> Result<Self, AlertsError> {
        Self::parse(DEFAULT)
    }

    /// The silences whose last day is over on `today`, each with that day: they may be taken out of the file. Of those that
    /// were over on `told` already somebody has heard.
    pub fn silences_over(&self, told: Option<Day>, today: Day) -> impl Iterator<Item = (&Silence, Day)> {
        let is_new = move |silence: &Silence| {
            silence.is_over(today) && !told.is_some_and(|told| silence.is_over(told))
        };
        self.silences
            .iter()
            .filter_map(move |silence| Some((silence, silence.until?)).filter(|_| is_new(silence)))
    }

    /// Settings that cannot be meant, by their key.
    fn senseless(&self) -> Vec<(&'static str, String)> {
        let (watch, life) = (&self.watch, &self.life);
        let above = |value: f64, least: f64| value.is_finite() && value > least;
        let checks = [
            (
                "false_alerts",
                above(watch.false_alerts, 0.0),
                "write a number above 0, as 1 for one a quarter",
            ),
            (
                "new_normal_days",
                NEW_NORMAL_DAYS.contains(&watch.new_normal_days),
                "write 7 to 56 days: what is usual is learned from eight weeks",
            ),
            ("times", above(watch.least.times, 1.0), "write a number above 1: so many times as many records"),
            ("points", above(watch.least.points, 0.0), "write percentage points above 0"),
            (
                "score_percent",
                above(watch.least.score_percent, 0.0),
                "write a percentage of the scale above 0",
            ),
            (
                "update_times",
                above(life.update_times, 1.0),
                "write a number above 1: so many times as many people",
            ),
            ("shared", (0.0..=1.0).contains(&life.shared), "write a part from 0 to 1"),
        ];
        let wrong = checks.into_iter().filter(|(_, is_right, _)| !is_right);
        let mut found: Vec<(&'static str, String)> =
            wrong.map(|(key, _, hint)| (key, format!("{key} makes no sense: {hint}"))).collect();
        for words in &self.words {
            let is_empty = |one: &String| !one.chars().any(char::is_alphanumeric);
            if words.any.iter().all(is_empty) {
                let message = format!("the words {:?} are none: write any = [\"…\"]", words.name);
                found.push(("[[words]]", message));
            }
        }
        found
    }
}

impl From<Written> for AlertsFile {
    fn from(file: Written) -> Self {
        let silence = |silence: WrittenSilence| {
            let WrittenSilence { topic, product, source, until, reason } = silence;
            let reason = if reason.is_empty() { "silenced in the alert rules".to_owned() } else { reason };
            Silence { topic, product, source, until, reason }
        };
        Self {
            watch: file.watch,
            life: file.life,
            severity: file.severity,
            budgets: file.budgets,
            words: file.words,
            silences: file.silence.into_iter().map(silence).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::rules::Every;

    fn mistakes(text: &str) -> Vec<String> {
        let told = |fault: Fault| format!("{} {}", fault.line, fault.message);
        AlertsFile::parse(text).unwrap_err().0.into_iter().map(told).collect()
    }

    #[test]
    fn an_empty_file_works_and_the_shipped_one_says_the_same() {
        assert_eq!(AlertsFile::parse("").unwrap(), AlertsFile::default());
        assert_eq!(AlertsFile::standard().unwrap(), AlertsFile::default());
    }

    #[test]
    fn everything_can_be_set() {
        let file = AlertsFile::parse(
            r#"
            [watch]
            every = "day"
            false_alerts = 2
            cases = false
            least = { people = 3 }
            [budgets]
            mobile = 9
            [[words]]
            name = "competitors"
            any = ["Acme", "switch to"]
            [[silence]]
            topic = "login_access"
            until = "2026-12-01"
            "#,
        )
        .unwrap();
        assert_eq!(
            (file.watch.every, file.watch.false_alerts, file.watch.least.people),
            (Every::Day, 2.0, 3)
        );
        assert!(!file.watch.cases && file.watch.scores);
        assert_eq!((file.watch.least.records, file.budgets["mobile"]), (10, 9));
        assert_eq!(file.words[0].any.len(), 2);
        assert_eq!(file.silences[0].until.unwrap().to_string(), "2026-12-01");
        assert!(!file.silences[0].reason.is_empty());
    }

    #[test]
    fn a_silence_that_is_over_is_told_once() {
        let file = AlertsFile::parse(
            "[[silence]]\ntopic = \"a\"\nuntil = \"2026-12-01\"\n[[silence]]\ntopic = \"b\"\nuntil = \"2026-12-03\"\n\
             [[silence]]\ntopic = \"c\"\n",
        )
        .unwrap();
        let day = |text: &str| Day::from_date(text.parse().unwrap());
        let over = |told: Option<&str>, today: &str| {
            let over = file.silences_over(told.map(day), day(today));
            over.map(|(silence, last)| format!("{silence} {last}")).collect::<Vec<_>>()
        };
        assert_eq!(over(None, "2026-12-01"), [""; 0], "its last day is not over");
        assert_eq!(over(None, "2026-12-02"), ["the topic a 2026-12-01"]);
        assert_eq!(over(Some("2026-12-02"), "2026-12-02"), [""; 0], "it was told");
        assert_eq!(over(Some("2026-12-02"), "2026-12-09"), ["the topic b 2026-12-03"]);
        assert_eq!(over(None, "2026-12-09").len(), 2);
    }

    #[test]
    fn a_slip_is_told_with_its_line_and_the_nearest_key() {
        assert_eq!(
            mistakes("[watch]\nevry = \"day\"\n[lief]\n"),
            [
                "2 there is no key watch.evry: did you mean every?",
                "3 there is no key lief: did you mean life?"
            ]
        );
        assert!(mistakes("[watch]\nevery = \"week\"\n")[0].starts_with("2 "));
        assert_eq!(mistakes("[[silence]]\nuntil = \"soon\"\n").len(), 1);
        assert_eq!(mistakes("[watch\n").len(), 1);
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        assert_eq!(
            mistakes("[watch]\nfalse_alerts = 0.0\n\n[life]\nshared = 2.0\n"),
            [
                "2 false_alerts makes no sense: write a number above 0, as 1 for one a quarter",
                "5 shared makes no sense: write a part from 0 to 1",
            ]
        );
        for days in [6, 57] {
            let wrong = mistakes(&format!("[watch]\nnew_normal_days = {days}\n"));
            assert!(
                wrong[0].starts_with("2 new_normal_days makes no sense: write 7 to 56 days"),
                "{wrong:?}"
            );
        }
        assert!(AlertsFile::parse("[watch]\nnew_normal_days = 56\n").is_ok());
        assert_eq!(mistakes("[[words]]\nname = \"x\"\nany = [\"!?\"]\n").len(), 1);
        let error = AlertsFile::parse("[watch]\nfalse_alerts = -1.0\n").unwrap_err();
        assert!(error.to_string().starts_with("the alert rules are wrong. line 2: "), "{error}");
    }
}
