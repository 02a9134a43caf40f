//! What would have been told, and when.

use super::{
    hour::{Hour, Span},
    incident::group,
    life::{Alert, AlertEvent, Plan, Silence, fold, plan},
    rules::{LifeRules, SeverityRules, WatchRules},
    series::{History, SeriesKey},
    watch::{Records, Watch},
};
use std::collections::BTreeMap;

/// How alerts are made, but for when.
pub struct Setting<'a> {
    pub watch: &'a WatchRules,
    pub life: LifeRules,
    pub severity: SeverityRules,
    pub silences: &'a [Silence],
    pub budgets: &'a BTreeMap<String, u32>,
    pub owner: &'a dyn Fn(&SeriesKey) -> String,
}

impl<'a> Setting<'a> {
    fn plan(&self, now: Hour, seen: Option<Hour>) -> Plan<'a> {
        let (life, severity, silences) = (self.life, self.severity, self.silences);
        Plan { life, severity, silences, budgets: self.budgets, owner: self.owner, now, seen }
    }
}

/// What a run adds to the log now: after the whole history, which ends with the last complete hour. `seen` is up to where
/// the run before it had seen.
#[must_use]
pub fn run(
    history: &History,
    setting: &Setting<'_>,
    log: &[AlertEvent],
    seen: Option<Hour>,
    records: &impl Records,
) -> Vec<AlertEvent> {
    let mut watch = Watch::new(history, setting.watch, history.from);
    watch.finish(records);
    let incidents = group(&watch.spells(records), &setting.life, watch.now(), records);
    plan(&incidents, &fold(log), &setting.plan(watch.now(), seen))
}

/// The log that runs after every look from `span.from` to `span.to` would have left, as if there had been none before, and
/// the alerts it folds to. What is usual is learned from the whole history up to each hour alone.
#[must_use]
pub fn backtest(
    history: &History,
    setting: &Setting<'_>,
    span: Span,
    records: &impl Records,
) -> (Vec<AlertEvent>, Vec<Alert>) {
    let mut watch = Watch::new(history, setting.watch, history.from);
    let mut log: Vec<AlertEvent> = Vec::new();
    while !watch.is_done() && watch.now() < span.to {
        let seen = watch.now();
        let has_changed = watch.advance(records);
        let now = watch.now();
        // Between changes an alert can only grow: a look a day is enough for that.
        if now <= span.from || !(has_changed || now.0 % 24 == 0) {
            continue;
        }
        let incidents = group(&watch.spells(records), &setting.life, now, records);
        log.extend(plan(&incidents, &fold(&log), &setting.plan(now, Some(seen))));
    }
    let alerts = fold(&log);
    (log, alerts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        alerts::{
            hour::A_DAY,
            life::Step,
            series::{Counting, Tick, What},
        },
        stats::rng::Rng,
    };

    struct Known;

    impl Records for Known {
        fn people(&self, _: &SeriesKey, hours: Span) -> u64 {
            5 * hours.hours() as u64
        }

        fn overlap(&self, _: &SeriesKey, _: &SeriesKey, _: Span) -> f64 {
            0.0
        }
    }

    /// Two topics of two an hour; from day 60 to 63 there is five times as much about one of them.
    fn history(days: i32) -> History {
        let from = Hour(20_514 * 24);
        let mut counting = Counting::new(from, from.plus(days * A_DAY as i32));
        let mut rng = Rng::new(17);
        for hour in 0..days * A_DAY as i32 {
            for (topic, of) in [("login", 5.0), ("price", 1.0)] {
                let times = if (60..63).contains(&(hour / 24)) { of } else { 1.0 };
                let mut left = 2.0 * times;
                loop {
                    left += (1.0 - rng.uniform()).ln();
                    if left < 0.0 {
                        break;
                    }
                    let is_negative = Some(rng.uniform() < 0.3);
                    let tick =
                        Tick { at: from.plus(hour), product: None, source: "nps", is_negative, score: None };
                    counting.add(&What::All, &tick);
                    counting.add(&What::Topic(topic.to_owned()), &tick);
                }
            }
        }
        counting.finish()
    }

    #[test]
    fn a_burst_is_one_alert_with_a_beginning_and_an_end() {
        let (history, watch) = (history(75), WatchRules::default());
        let setting = Setting {
            watch: &watch,
            life: LifeRules::default(),
            severity: SeverityRules::default(),
            silences: &[],
            budgets: &BTreeMap::new(),
            owner: &|_| "all".to_owned(),
        };
        let span = Span { from: history.hour(30 * A_DAY), to: history.hour(history.hours) };
        let (log, alerts) = backtest(&history, &setting, span, &Known);
        assert_eq!(alerts.len(), 1, "{alerts:#?}");
        let alert = &alerts[0];
        assert!(alert.is_told && !alert.is_open() && alert.incident.topics() == ["login"]);
        assert_eq!((log[0].step, log.last().unwrap().step), (Step::Fired, Step::Resolved));
        let day = |event: &AlertEvent| (Hour::of(event.at).0 - history.from.0) / 24;
        assert!(day(&log[0]) == 60 && (63..67).contains(&day(log.last().unwrap())), "{log:#?}");
        // All at once, from a log without a word: it is over, and nobody was there.
        assert_eq!(run(&history, &setting, &[], None, &Known), []);
        assert_eq!(run(&history, &setting, &log, Some(span.to), &Known), []);
        let nothing = Span { from: history.hour(0), to: history.hour(40 * A_DAY) };
        assert_eq!(backtest(&history, &setting, nothing, &Known).0, []);
    }
}
