use super::*;
use crate::alerts::{incident::tests::spell, life::fold, watch::Spell};

/// A Monday at noon.
const NOW: i32 = 20_514 * 24 + 12;

struct Setting {
    silences: Vec<Silence>,
    budgets: BTreeMap<String, u32>,
    life: LifeRules,
}

impl Setting {
    fn new() -> Self {
        Self { silences: Vec::new(), budgets: BTreeMap::new(), life: LifeRules::default() }
    }

    /// What follows at `NOW + hours`, and the log with it.
    fn after(&self, hours: i32, spells: Vec<Spell>, log: &mut Vec<AlertEvent>) -> Vec<(Step, bool)> {
        let incidents: Vec<Incident> =
            spells.into_iter().map(|spell| Incident { spells: vec![spell] }).collect();
        self.together(hours, &incidents, log)
    }

    fn together(&self, hours: i32, incidents: &[Incident], log: &mut Vec<AlertEvent>) -> Vec<(Step, bool)> {
        let setting = Plan {
            life: self.life,
            severity: SeverityRules::default(),
            silences: &self.silences,
            budgets: &self.budgets,
            owner: &|_| "mobile".to_owned(),
            now: Hour(NOW + hours),
            seen: Some(Hour(NOW + hours - 1)),
        };
        let events = plan(incidents, &fold(log), &setting);
        let steps = events.iter().map(|event| (event.step, event.is_told)).collect();
        log.extend(events);
        steps
    }
}

fn running(topic: &str, people: u64) -> Spell {
    spell(topic, NOW - 30, NOW - 1, None, people)
}

fn over(topic: &str, people: u64, ended: i32) -> Spell {
    spell(topic, NOW - 30, NOW - 1, Some(NOW + ended), people)
}

#[test]
fn an_alert_is_told_once_grows_and_is_resolved() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    assert_eq!(setting.after(0, vec![running("access", 20)], &mut log), [(Step::Fired, true)]);
    assert_eq!(setting.after(1, vec![running("access", 39)], &mut log), []);
    assert_eq!(setting.after(2, vec![running("access", 40)], &mut log), [(Step::Updated, true)]);
    assert_eq!(setting.after(3, vec![running("access", 79)], &mut log), [(Step::Updated, true)], "P1 now");
    assert_eq!(setting.after(4, vec![over("access", 80, 3)], &mut log), [(Step::Resolved, true)]);
    assert_eq!(setting.after(5, vec![over("access", 80, 3)], &mut log), []);
    let alerts = fold(&log);
    assert_eq!((alerts.len(), alerts[0].is_open()), (1, false));
}

#[test]
fn within_the_cooldown_it_is_reopened_and_later_a_new_one() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    setting.after(0, vec![running("access", 20)], &mut log);
    setting.after(4, vec![over("access", 20, 3)], &mut log);
    let back = |onset: i32| spell("access", NOW + onset, NOW + onset + 2, None, 20);
    let twice = vec![over("access", 20, 3), back(60)];
    assert_eq!(setting.after(70, twice, &mut log), [(Step::Reopened, true)]);
    assert_eq!(fold(&log)[0].reopened, 1);
    let ended = |onset: i32| spell("access", NOW + onset, NOW + onset + 2, Some(NOW + onset + 9), 20);
    setting.after(80, vec![over("access", 20, 3), ended(60)], &mut log);
    let later = vec![over("access", 20, 3), ended(60), back(160)];
    assert_eq!(setting.after(170, later, &mut log), [(Step::Fired, true)]);
    assert_eq!(fold(&log).len(), 2);
}

#[test]
fn a_moved_onset_is_the_same_alert() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    setting.after(0, vec![running("access", 20)], &mut log);
    // Late records have moved the estimate.
    let moved = spell("access", NOW - 33, NOW - 2, None, 22);
    assert_eq!(setting.after(1, vec![moved], &mut log), []);
    let incident = Incident { spells: vec![running("access", 22), running("billing", 9)] };
    assert_eq!(setting.together(2, &[incident], &mut log), [(Step::Updated, true)], "it names more");
}

#[test]
fn a_silence_holds_back_until_it_is_over() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.silences.push(Silence {
        topic: Some("access".to_owned()),
        product: None,
        source: None,
        until: Some(Hour(NOW).day()),
        reason: "a move of the servers".to_owned(),
    });
    let both = vec![running("access", 20), running("billing", 20)];
    assert_eq!(setting.after(0, both.clone(), &mut log), [(Step::Silenced, false), (Step::Fired, true)]);
    assert_eq!(log[0].by.as_deref(), Some("a move of the servers"));
    assert_eq!(setting.after(1, both.clone(), &mut log), []);
    assert_eq!(setting.after(12, both, &mut log), [(Step::Fired, true)], "the day is over");
}

#[test]
fn the_weekly_budget_holds_back_but_not_what_is_urgent() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.life.budget = 1;
    let three = vec![running("access", 20), running("billing", 20), running("crash", 60)];
    let held = [(Step::Fired, true), (Step::OverBudget, false), (Step::Fired, true)];
    assert_eq!(setting.after(0, three.clone(), &mut log), held);
    assert_eq!(setting.after(1, three.clone(), &mut log), []);
    // The next Monday.
    assert_eq!(setting.after(24 * 7, three, &mut log), [(Step::Fired, true)]);
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.budgets.insert("mobile".to_owned(), 0);
    assert_eq!(setting.after(0, vec![running("access", 20)], &mut log), [(Step::OverBudget, false)]);
}

#[test]
fn what_is_no_longer_seen_is_over() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    setting.after(0, vec![running("access", 20)], &mut log);
    assert_eq!(setting.after(1, Vec::new(), &mut log), [(Step::Resolved, true)]);
    assert!(log.last().unwrap().by.as_deref().unwrap().contains("no longer seen"));
}

#[test]
fn what_is_past_is_not_told() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    let past = spell("access", NOW - 300, NOW - 290, Some(NOW - 200), 20);
    assert_eq!(setting.after(0, vec![past], &mut log), []);
    // Found and over since the last run.
    let short = spell("crash", NOW - 9, NOW, Some(NOW), 20);
    assert_eq!(setting.after(1, vec![short.clone()], &mut log), [(Step::Fired, true)]);
    assert_eq!(setting.after(2, vec![short], &mut log), [(Step::Resolved, true)]);
}
