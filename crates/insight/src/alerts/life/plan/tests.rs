use super::*;
use crate::alerts::{
    incident::tests::{of, spell, within},
    life::{Mute, fold},
    series::Metric,
};

/// A Monday at noon.
const NOW: i32 = 20_514 * 24 + 12;

struct Setting {
    silences: Vec<Silence>,
    budgets: BTreeMap<String, u32>,
    life: LifeRules,
    owner: fn(&SeriesKey) -> String,
}

impl Setting {
    fn new() -> Self {
        Self {
            silences: Vec::new(),
            budgets: BTreeMap::new(),
            life: LifeRules::default(),
            owner: |_| "mobile".to_owned(),
        }
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
            owner: &self.owner,
            case: &|_| Some(("access".to_owned(), String::new())),
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

fn all(people: u64) -> Spell {
    of(What::All, &running("", people))
}

fn case(people: u64) -> Spell {
    of(What::Case("aa01".to_owned()), &running("", people))
}

/// Whatever moved, the first found first.
fn incident(mut spells: Vec<Spell>) -> Incident {
    spells.sort_by(by_found);
    Incident { spells }
}

/// Topics have teams of their own, cases a crew, and what is of everything nobody.
fn by_topic(key: &SeriesKey) -> String {
    match &key.what {
        What::Topic(id) => format!("{id} team"),
        What::Case(_) => "crew".to_owned(),
        What::All | What::Words(_) => String::new(),
    }
}

fn silence(topic: &str) -> Silence {
    Silence {
        topic: Some(topic.to_owned()),
        product: None,
        source: None,
        until: Some(Hour(NOW).day()),
        reason: "a move of the servers".to_owned(),
    }
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
    setting.silences.push(silence("access"));
    let both = vec![running("access", 20), running("billing", 20)];
    assert_eq!(setting.after(0, both.clone(), &mut log), [(Step::Silenced, false), (Step::Fired, true)]);
    assert_eq!(log[0].by.as_deref(), Some("a move of the servers"));
    assert_eq!(setting.after(1, both.clone(), &mut log), []);
    assert_eq!(setting.after(12, both, &mut log), [(Step::Fired, true)], "the day is over");
}

#[test]
fn a_silenced_topic_is_not_told_because_everything_together_joins_it() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.silences.push(silence("access"));
    let access = || running("access", 20);
    let after = |hours, spells, log: &mut Vec<AlertEvent>| setting.together(hours, &[incident(spells)], log);
    assert_eq!(after(0, vec![access()], &mut log), [(Step::Silenced, false)]);
    assert_eq!(after(1, vec![access(), all(300)], &mut log), []);
    assert_eq!(after(2, vec![access(), all(300), case(20)], &mut log), [], "a case of that topic");
    let with_another = vec![access(), all(300), running("billing", 20)];
    assert_eq!(after(3, with_another, &mut log), [(Step::Fired, true)]);
    let told = log.last().unwrap().incident.as_ref().unwrap();
    assert_eq!(told.topics(), ["billing"], "of the silenced one nothing is said");
    assert_eq!(fold(&log).len(), 1);
}

#[test]
fn what_was_told_before_a_silence_is_told_to_be_over_and_no_more() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.after(0, vec![running("access", 20)], &mut log);
    setting.silences.push(silence("access"));
    assert_eq!(setting.after(1, vec![running("access", 60)], &mut log), [], "it has grown");
    assert_eq!(setting.after(4, vec![over("access", 60, 3)], &mut log), [(Step::Resolved, true)]);
    let back = || spell("access", NOW + 5, NOW + 7, None, 20);
    assert_eq!(setting.after(8, vec![back()], &mut log), [], "back, and silenced");
    assert_eq!(setting.after(12, vec![back()], &mut log), [(Step::Reopened, true)], "the day is over");
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
    // It counts for the week in which it was told.
    let four = ["access", "billing", "crash", "delays"].map(|topic| running(topic, 20)).to_vec();
    assert_eq!(setting.after(24 * 7 + 1, four, &mut log), [(Step::OverBudget, false)]);
    let why = log.last().unwrap().by.as_deref();
    assert_eq!(why, Some("mobile has had this week's alerts; the digest tells it"));
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.budgets.insert("mobile".to_owned(), 0);
    assert_eq!(setting.after(0, vec![running("access", 20)], &mut log), [(Step::OverBudget, false)]);
}

#[test]
fn whoever_owns_a_part_hears_of_it_and_one_of_them_owns_it() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.owner = by_topic;
    let heard = |hours, spells, log: &mut Vec<AlertEvent>| {
        setting.together(hours, &[incident(spells)], log);
        let last = log.last().unwrap();
        (last.step, last.owner.clone(), last.owners.join(", "))
    };
    let by = |step, owner: &str, owners: &str| (step, owner.to_owned(), owners.to_owned());
    let (access, billing) = (|people| running("access", people), |people| running("billing", people));
    let first = vec![all(300), access(20), within("app", &access(12)), billing(25), case(9)];
    let told = by(Step::Fired, "billing team", "billing team, access team, crew");
    assert_eq!(heard(0, first, &mut log), told, "each once, and of everything together nobody");
    let grown = vec![all(300), access(60), billing(25)];
    let told = by(Step::Updated, "billing team", "billing team, access team, crew");
    assert_eq!(heard(1, grown, &mut log), told, "it stays with its owner, and the crew hears how it goes on");
    let rest = vec![over("access", 60, 2), of(What::All, &over("", 300, 2))];
    let told = by(Step::Resolved, "access team", "access team, billing team, crew");
    assert_eq!(heard(3, rest, &mut log), told, "billing is none of it any more");
    let (mut log, led) = (Vec::new(), vec![all(300), case(9)]);
    assert_eq!(heard(0, led, &mut log), by(Step::Fired, "crew", "crew"), "led by everything together");
}

#[test]
fn what_nobody_owns_has_no_owner_and_a_budget() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.owner = by_topic;
    assert_eq!(setting.after(0, vec![all(40)], &mut log), [(Step::Fired, true)]);
    assert_eq!((log[0].owner.as_str(), log[0].owners.len()), ("", 0));
    setting.life.budget = 0;
    let mut log = Vec::new();
    assert_eq!(setting.after(0, vec![all(40)], &mut log), [(Step::OverBudget, false)]);
    let why = log[0].by.as_deref();
    assert_eq!(why, Some("what nobody owns has had this week's alerts; the digest tells it"));
}

#[test]
fn a_later_look_with_another_lead_is_the_same_alert() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    let access = running("access", 20);
    let share = |spell: &Spell| Spell {
        key: SeriesKey { metric: Metric::Negative, ..spell.key.clone() },
        ..spell.clone()
    };
    assert_eq!(setting.after(0, vec![within("app", &access)], &mut log), [(Step::Fired, true)]);
    assert_eq!(setting.after(1, vec![access.clone()], &mut log), [], "all products");
    assert_eq!(setting.after(2, vec![share(&within("app", &access))], &mut log), [], "another metric");
    assert_eq!(setting.after(3, vec![all(20), access], &mut log), [(Step::Fired, true)], "not the same");
    // Everything together is the same where it goes on, and where nothing else moved.
    let later = of(What::All, &spell("", NOW + 60, NOW + 70, None, 20));
    assert_eq!(setting.after(80, vec![share(&later), running("access", 20)], &mut log), []);
    let with_another = incident(vec![share(&later), spell("billing", NOW + 60, NOW + 70, None, 20)]);
    let both = [incident(vec![all(20)]), incident(vec![running("access", 20)]), with_another];
    assert_eq!(setting.together(81, &both, &mut log), [(Step::Fired, true)]);
}

#[test]
fn two_alerts_that_turn_out_one_are_told_by_the_first() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    let (app, web) = (within("app", &running("access", 20)), within("web", &running("access", 20)));
    let apart = vec![app.clone(), web.clone()];
    assert_eq!(setting.after(0, apart.clone(), &mut log), [(Step::Fired, true), (Step::Fired, true)]);
    let one = [incident(vec![app, web, running("access", 30)])];
    let steps = setting.together(1, &one, &mut log);
    assert_eq!(steps, [(Step::Updated, false), (Step::Merged, false)], "nobody hears that it is over");
    let alerts = fold(&log);
    let (kept, other) = (&alerts[0], &alerts[1]);
    assert_eq!((kept.is_open(), other.is_open(), kept.incident.spells.len()), (true, false, 3));
    assert_eq!(other.told_with.as_deref(), Some(kept.id.as_str()));
    assert!(log[2].by.as_deref().unwrap().contains(&other.id), "{:?}", log[2].by);
    assert_eq!(setting.after(2, apart, &mut log), [], "and it stays one");
    let ends = ["app", "web"].map(|product| within(product, &over("access", 20, 2)));
    assert_eq!(setting.after(3, ends.to_vec(), &mut log), [(Step::Resolved, true)]);
}

#[test]
fn of_two_that_are_one_the_one_that_somebody_has_heard_of_goes_on() {
    let (mut setting, mut log) = (Setting::new(), Vec::new());
    setting.silences.push(silence("access"));
    setting.after(0, vec![running("access", 20)], &mut log);
    setting.after(1, vec![running("access", 20), running("billing", 20)], &mut log);
    let told: Vec<bool> = fold(&log).iter().map(|alert| alert.is_told).collect();
    assert_eq!(told, [false, true]);
    setting.silences.clear();
    let one = [incident(vec![running("access", 20), running("billing", 20)])];
    assert_eq!(setting.together(2, &one, &mut log), [(Step::Merged, false), (Step::Updated, true)]);
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

#[test]
fn an_alert_that_somebody_silenced_is_told_on_once_that_is_over() {
    let (setting, mut log) = (Setting::new(), Vec::new());
    setting.after(0, vec![running("access", 20)], &mut log);
    let mute = Mute { until: Some(Hour(NOW).day()), reason: "we know".to_owned() };
    let muted = AlertEvent {
        step: Step::Muted,
        at: Hour(NOW + 1).start(),
        is_told: false,
        incident: None,
        mute: Some(mute),
        ..log[0].clone()
    };
    log.push(muted);
    assert_eq!(setting.after(2, vec![running("access", 60)], &mut log), [], "it has grown");
    let mut over_meanwhile = log.clone();
    assert_eq!(
        setting.after(3, vec![over("access", 60, 2)], &mut over_meanwhile),
        [(Step::Resolved, true)],
        "whoever heard of it hears of its end"
    );
    assert_eq!(setting.after(12, vec![running("access", 60)], &mut log), [(Step::Updated, true)]);
}
