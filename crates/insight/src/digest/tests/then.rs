//! A week that is over is told the same at its end and later.

use super::*;

/// As many again in the week after, of other people.
fn and_a_week_later(facts: &[Fact]) -> Vec<Fact> {
    let last = facts.iter().filter(|fact| fact.day >= MONDAY);
    let later = last.map(|fact| Fact {
        id: fact.id + 7 * 36,
        day: fact.day.plus(7),
        author: fact.author.as_ref().map(|author| format!("{author}_later")),
        ..fact.clone()
    });
    facts.iter().cloned().chain(later).collect()
}

/// With reports of the week after.
fn and_later(mut case: CaseTold, people: usize) -> CaseTold {
    let report = |at: usize| CaseReport {
        record: format!("{:032x}", 91 * 36 + at),
        person: Some(format!("l_{at}")),
        occurred_at: Timestamp(MONDAY.plus(8).start().0 + at as i64),
    };
    case.reports.extend((0..people).map(report));
    case
}

fn at(day: i32) -> Timestamp {
    MONDAY.plus(day).start()
}

/// Everything that came after the week is in it.
fn cases() -> Vec<CaseTold> {
    let own = |id: &str, people: usize| case(id, "login_access", "identity", people);
    let grown = stepped(and_later(own("grown", 14), 40), Step::Acknowledged, at(9));
    let done = stepped(stepped(and_later(own("done", 13), 2), Step::Resolved, at(4)), Step::Reopened, at(8));
    let mut next = and_later(own("next", 0), 30);
    (next.steps[0].at, next.began) =
        (at(8), Some(Began { occurred: at(8), stored: at(8), triaged: Some(at(8)) }));
    let slow = (0..40)
        .map(|number| stepped(own(&format!("s{number:02}"), 1), Step::Acknowledged, at(7 + number % 3)));
    [grown, done, next].into_iter().chain(slow).collect()
}

/// What of a case was known then.
fn known(case: CaseTold) -> CaseTold {
    let CaseTold { steps, reports, .. } = case.clone();
    CaseTold {
        steps: steps.into_iter().filter(|event| event.at < at(7)).collect(),
        reports: reports.into_iter().filter(|report| report.occurred_at < at(7)).collect(),
        ..case
    }
}

fn goals() -> Vec<Target> {
    let text = "[[target]]\nname = \"taken up\"\nmetric = \"time_to_acknowledge\"\nunder = \"3d\"\n\
                [[target]]\nname = \"decided\"\nmetric = \"time_to_triage\"\nunder = \"1h\"\nperiod = \"4 weeks\"\n\
                [[target]]\nname = \"NPS\"\nmetric = \"nps\"\nat_least = 0\n";
    TargetsFile::parse(text).unwrap().targets
}

#[test]
fn a_week_that_is_over_stays_as_it_was() {
    let facts = history(true);
    let world = |cases| World { cases, targets: goals(), ..World::full() };
    let then: Vec<CaseTold> =
        cases().into_iter().map(known).filter(|case| !case.reports.is_empty()).collect();
    for owner in [None, Some("identity")] {
        let then = World { owner, ..world(then.clone()) }.tell(&tables(&facts), "2026-W10", MONDAY.plus(7));
        let later = World { owner, ..world(cases()) };
        let later = later.tell(&tables(&and_a_week_later(&facts)), "2026-W10", MONDAY.plus(30));
        assert_eq!(later, then, "{owner:?}");
        assert_eq!(page(&later), page(&then));
    }
}

#[test]
fn what_came_after_the_week_is_not_in_it() {
    let world = World { cases: cases(), targets: goals(), ..World::full() };
    let told = world.tell(&tables(&and_a_week_later(&history(true))), "2026-W10", MONDAY.plus(30));
    let ids: Vec<&str> = told.cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["grown"]);
    let grown = &told.cases[0];
    assert_eq!((grown.reach.reports, grown.life.acknowledged_at), (14, None));
    assert_eq!(
        (told.resolved.len(), told.resolved[0].reach.reports),
        (1, 13),
        "that it came back is later news"
    );
    // Nobody had taken anything up by then, and every record was decided on.
    let [taken_up, decided, nps] = told.targets.as_slice() else { panic!("{:?}", told.targets) };
    assert_eq!((taken_up.standing, taken_up.waiting), (Standing::Missed, 41));
    assert_eq!((decided.n, decided.value, decided.standing), (28 * 36, Some(60.0), Standing::Met));
    assert_eq!(nps.n, 126);
    let row =
        told.loops.iter().find(|row| row.owner.is_none() && row.step == LoopStep::Acknowledged).unwrap();
    assert_eq!((row.done, row.waiting), (0, 41));
    assert_eq!(row.p90.unwrap().value, None);
    let page = page(&told);
    let loops = page.sections.iter().find(|section| section.title == "How long it takes").unwrap();
    let point = loops.points.iter().find(|point| point.title == "Until somebody takes it up").unwrap();
    assert!(point.text.contains("nine of ten not yet: 100% still wait"), "{}", point.text);
}
