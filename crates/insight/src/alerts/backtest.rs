//! What would have been told, and when.

use super::{
    hour::{Hour, Span},
    incident::group,
    life::{Alert, AlertEvent, Plan, Silence, fold, plan},
    rules::{Every, LifeRules, SeverityRules, WatchRules},
    series::{History, SeriesKey},
    watch::{Coverage, Records, Watch},
};
use std::collections::BTreeMap;

/// How alerts are made, but for when.
pub struct Setting<'a> {
    pub watch: &'a WatchRules,
    pub life: LifeRules,
    pub severity: SeverityRules,
    pub silences: &'a [Silence],
    pub budgets: &'a BTreeMap<String, u32>,
    /// Who owns a series; empty where nobody does.
    pub owner: &'a dyn Fn(&SeriesKey) -> String,
    /// The topic and the product of a case, by its id; the product is empty where its reports name none.
    pub case: &'a dyn Fn(&str) -> Option<(String, String)>,
}

impl<'a> Setting<'a> {
    fn plan(&self, now: Hour, seen: Option<Hour>) -> Plan<'a> {
        let Self { life, severity, silences, budgets, owner, case, .. } = *self;
        Plan { life, severity, silences, budgets, owner, case, now, seen }
    }
}

/// What a run found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// To be added to the log.
    pub events: Vec<AlertEvent>,
    /// Of what anything could be said: where that is nothing, that nothing was found says nothing.
    pub coverage: Coverage,
}

/// What runs over some time would have left.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    pub log: Vec<AlertEvent>,
    /// What the log folds to.
    pub alerts: Vec<Alert>,
    /// At the end of the time.
    pub coverage: Coverage,
}

/// A run now: after the whole history, which ends with the last complete hour. `seen` is up to where the run before it had
/// seen.
#[must_use]
pub fn run(
    history: &History,
    setting: &Setting<'_>,
    log: &[AlertEvent],
    seen: Option<Hour>,
    records: &impl Records,
) -> Found {
    let mut watch = Watch::new(history, setting.watch, history.from);
    watch.finish(records);
    let incidents = group(&watch.spells(records), &setting.life, watch.now(), records);
    let events = plan(&incidents, &fold(log), &setting.plan(watch.now(), seen));
    Found { events, coverage: watch.coverage() }
}

/// What runs after every look from `span.from` to `span.to` would have left, as if there had been none before. What is usual is
/// learned from the whole history up to each hour alone. `on_hour` hears with every hour how many were seen, from the
/// beginning of the history on.
#[must_use]
pub fn backtest(
    history: &History,
    setting: &Setting<'_>,
    span: Span,
    records: &impl Records,
    mut on_hour: impl FnMut(usize),
) -> Tried {
    let mut watch = Watch::new(history, setting.watch, history.from);
    let mut log: Vec<AlertEvent> = Vec::new();
    // The first look tells what still runs.
    let (mut seen, mut has_changed) = (span.from, true);
    let hours = Span { from: history.from, to: span.to }.hours().min(history.hours);
    for hour in 1..=hours {
        has_changed |= watch.advance(records);
        on_hour(hour);
        let now = watch.now();
        let is_day_over = now.0 % 24 == 0;
        let is_look = is_day_over || setting.watch.every == Every::Hour;
        // Between changes an alert can only grow: a look a day is enough for that.
        if now <= span.from || !is_look || !(has_changed || is_day_over) {
            continue;
        }
        let incidents = group(&watch.spells(records), &setting.life, now, records);
        log.extend(plan(&incidents, &fold(&log), &setting.plan(now, Some(seen))));
        (seen, has_changed) = (now, false);
    }
    Tried { alerts: fold(&log), log, coverage: watch.coverage() }
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
            case: &|_| None,
        };
        let span = Span { from: history.hour(30 * A_DAY), to: history.hour(history.hours) };
        let mut hours = Vec::new();
        let Tried { log, alerts, coverage } =
            backtest(&history, &setting, span, &Known, |hour| hours.push(hour));
        assert_eq!(hours, (1..=75 * A_DAY).collect::<Vec<_>>(), "whoever waits hears how far it is");
        assert_eq!(alerts.len(), 1, "{alerts:#?}");
        let alert = &alerts[0];
        assert!(alert.is_told && !alert.is_open() && alert.incident.topics() == ["login"]);
        assert_eq!((log[0].step, log.last().unwrap().step), (Step::Fired, Step::Resolved));
        let day = |event: &AlertEvent| (Hour::of(event.at).0 - history.from.0) / 24;
        assert!(day(&log[0]) == 60 && (63..67).contains(&day(log.last().unwrap())), "{log:#?}");
        // All at once, from a log without a word: it is over, and nobody was there.
        assert_eq!(run(&history, &setting, &[], None, &Known).events, []);
        assert_eq!(run(&history, &setting, &log, Some(span.to), &Known).events, []);
        let nothing = Span { from: history.hour(0), to: history.hour(40 * A_DAY) };
        assert_eq!(backtest(&history, &setting, nothing, &Known, |_| {}).log, []);
        // Everything and two topics, by volume and negative share. Nothing came in the very first hour: the first whole day
        // is the second one.
        let from = Some(history.from.day().plus(8));
        assert_eq!(coverage, Coverage { speaking: 6, series: 6, from });
    }

    #[test]
    fn without_a_week_of_history_it_says_that_it_cannot_say_anything() {
        let (history, watch) = (history(6), WatchRules::default());
        let setting = Setting {
            watch: &watch,
            life: LifeRules::default(),
            severity: SeverityRules::default(),
            silences: &[],
            budgets: &BTreeMap::new(),
            owner: &|_| "all".to_owned(),
            case: &|_| None,
        };
        let from = Some(history.from.day().plus(8));
        let coverage = Coverage { speaking: 0, series: 6, from };
        assert_eq!(run(&history, &setting, &[], None, &Known), Found { events: Vec::new(), coverage });
        let span = Span { from: history.from, to: history.hour(history.hours) };
        let tried = backtest(&history, &setting, span, &Known, |_| {});
        assert_eq!(tried, Tried { log: Vec::new(), alerts: Vec::new(), coverage });
    }

    #[test]
    fn with_daily_looks_everything_is_told_at_the_end_of_a_day() {
        let history = history(75);
        let watch = WatchRules { every: Every::Day, ..WatchRules::default() };
        let setting = Setting {
            watch: &watch,
            life: LifeRules::default(),
            severity: SeverityRules::default(),
            silences: &[],
            budgets: &BTreeMap::new(),
            owner: &|_| "all".to_owned(),
            case: &|_| None,
        };
        let span = Span { from: history.hour(30 * A_DAY), to: history.hour(history.hours) };
        let Tried { log, alerts, .. } = backtest(&history, &setting, span, &Known, |_| {});
        let of_login: Vec<&Alert> =
            alerts.iter().filter(|alert| alert.incident.topics() == ["login"]).collect();
        assert_eq!((of_login.len(), of_login[0].is_open()), (1, false), "{alerts:#?}");
        let after = |event: &AlertEvent| Hour::of(event.at).0 - history.from.0;
        assert!(log.iter().all(|event| after(event) % 24 == 0), "{log:#?}");
        let fired = log.iter().find(|event| event.id == of_login[0].id).unwrap();
        assert_eq!((fired.step, after(fired) / 24), (Step::Fired, 61), "after the first day of it: {log:#?}");
        // As a run after each day would have left it.
        assert_eq!(run(&history, &setting, &log, Some(span.to), &Known).events, []);
    }
}
