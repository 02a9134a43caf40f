use super::*;
use crate::alerts::incident::tests::spell;

fn event(id: &str, at: i64, step: Step, is_told: bool) -> AlertEvent {
    let incident = Incident { spells: vec![spell("access", 1, 2, None, at as u64)] };
    AlertEvent {
        id: id.to_owned(),
        at: Timestamp(at),
        step,
        is_told,
        owner: "mobile".to_owned(),
        owners: vec!["mobile".to_owned()],
        severity: Priority::P3,
        incident: (!step.is_mark()).then_some(incident),
        by: None,
        mute: None,
    }
}

fn by(why: &str, event: AlertEvent) -> AlertEvent {
    AlertEvent { by: Some(why.to_owned()), ..event }
}

#[test]
fn an_alert_is_the_fold_of_its_log() {
    let log = [
        event("a", 1, Step::Fired, true),
        event("b", 2, Step::Silenced, false),
        event("a", 5, Step::Updated, true),
        event("a", 7, Step::Useful, false),
        event("a", 9, Step::Resolved, true),
        event("a", 12, Step::Reopened, true),
        event("c", 13, Step::NotUseful, false),
    ];
    let alerts = fold(&log);
    assert_eq!(alerts.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    let (a, b) = (&alerts[0], &alerts[1]);
    assert!(a.is_open() && a.is_told && a.reopened == 1 && a.is_useful == Some(true));
    assert_eq!((a.opened_at, a.last_at, a.incident.people()), (Timestamp(1), Timestamp(12), 12));
    assert!(!b.is_told && b.held_back == Some(Step::Silenced));
    let resolved = fold(&log[..5]);
    assert_eq!(resolved[0].resolved_at, Some(Timestamp(9)));
    let mut turned = log.to_vec();
    turned.reverse();
    assert_eq!(fold(&turned), alerts);
}

#[test]
fn it_is_known_when_somebody_was_told_first_and_why_not() {
    let log = [
        by("this week's are spent", event("a", 1, Step::OverBudget, false)),
        event("a", 5, Step::Fired, true),
        event("a", 6, Step::Updated, true),
        by("jo", event("a", 7, Step::Useful, false)),
    ];
    let at = |n: usize| fold(&log[..n]).remove(0);
    let held = at(1);
    assert_eq!((held.told_at, held.held_back), (None, Some(Step::OverBudget)));
    assert_eq!(held.why.as_deref(), Some("this week's are spent"));
    let told = at(4);
    assert_eq!((told.opened_at, told.told_at), (Timestamp(1), Some(Timestamp(5))));
    assert_eq!((told.held_back, told.why), (None, None), "who marked it is no reason");
}

#[test]
fn one_that_another_tells_is_closed_until_it_comes_back() {
    let log = [
        event("b", 1, Step::Fired, true),
        by("a", event("b", 3, Step::Merged, false)),
        event("b", 9, Step::Reopened, true),
    ];
    let merged = fold(&log[..2]).remove(0);
    assert_eq!((merged.resolved_at, merged.told_with.as_deref()), (Some(Timestamp(3)), Some("a")));
    let back = fold(&log).remove(0);
    assert_eq!((back.is_open(), back.told_with), (true, None));
}

#[test]
fn events_go_through_json() {
    for step in Step::ALL {
        assert_eq!(Step::parse(step.as_str()), Some(step));
        let event = event("a", 3, step, true);
        let json = serde_json::to_string(&event).unwrap();
        assert!(json.contains(&format!("\"{step}\"")), "{json}");
        assert_eq!(serde_json::from_str::<AlertEvent>(&json).unwrap(), event);
    }
}
