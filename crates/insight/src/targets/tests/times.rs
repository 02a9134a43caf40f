//! Times by what began in the period, with what still waits.

use super::*;
use crate::cases::LoopTimes;
use feedback::time::Timestamp;

/// A loop that began on Monday and was taken up after so many hours.
fn taken_up(hours: Option<i64>) -> Loop<'static> {
    let began = LAST.plus(-6).start();
    let after = |hours: i64| Timestamp(began.0 + hours * 3_600_000_000);
    let times = LoopTimes {
        occurred: began,
        stored: Some(began),
        triaged: Some(began),
        acknowledged: hours.map(after),
        resolved: None,
    };
    Loop { owner: "finance", topic: "billing", times }
}

#[test]
fn a_time_is_judged_by_its_median_and_what_waits() {
    // Of 40 in order the median lies between the 14th and the 27th (the tables of the sign test): 14 to 27 hours.
    let loops: Vec<Loop<'_>> = (1..=40).map(|hours| taken_up(Some(hours))).collect();
    let of = |goal: &str, loops: &[Loop<'_>]| {
        one(&target(&format!("metric = \"time_to_acknowledge\"\n{goal}")), &[], loops)
    };
    let outcome = of("under = \"1d\"", &loops);
    assert_eq!((outcome.n, outcome.standing), (40, Standing::Open));
    assert_eq!(
        (outcome.value, outcome.low, outcome.high),
        (Some(20.5 * 3600.0), Some(14.0 * 3600.0), Some(27.0 * 3600.0))
    );
    // Four of 40 take longer: between the 36th and the 37th.
    assert_eq!(outcome.p90, Some(36.5 * 3600.0));
    assert_eq!(of("under = \"28h\"", &loops).standing, Standing::Met);
    assert_eq!(of("under = \"27h\"", &loops).standing, Standing::Open);
    assert_eq!(of("at_most = \"27h\"", &loops).standing, Standing::Met);
    assert_eq!(of("under = \"14h\"", &loops).standing, Standing::Missed);
    assert_eq!(of("under = \"15h\"", &loops).standing, Standing::Open);

    // Ten quick ones and thirty that have waited for a week by now: the quick ones alone would look well.
    let waiting: Vec<Loop<'_>> = (0..40).map(|at| taken_up((at < 10).then_some(1))).collect();
    let slow = of("under = \"1d\"", &waiting);
    assert_eq!((slow.standing, slow.value, slow.waiting), (Standing::Missed, None, 30));
    assert_eq!((slow.low, slow.high), (Some(7.0 * 86_400.0), None));
    assert_eq!(slow.p90, None, "nine of ten not yet");
    // Twelve wait, for longer than any that is done took.
    let mixed: Vec<Loop<'_>> = (0..40).map(|at| taken_up((at < 28).then_some(1 + at * 4))).collect();
    let outcome = of("under = \"10d\"", &mixed);
    assert_eq!((outcome.value, outcome.waiting), (Some(79.0 * 3600.0), 12));
    assert_eq!((outcome.p90, outcome.standing), (None, Standing::Met));
    let patient = of("under = \"30d\"", &waiting);
    assert_eq!(
        (patient.standing, patient.note.as_deref()),
        (Standing::Open, Some("half of them still wait"))
    );

    assert_eq!(of("under = \"1d\"", &loops[..3]).standing, Standing::Suppressed);
    let few = of("under = \"1d\"", &loops[..12]);
    assert_eq!((few.standing, few.value), (Standing::TooFew, Some(6.5 * 3600.0)));
    let other = "under = \"1d\"\nscope = { owner = \"identity\" }";
    assert_eq!(of(other, &loops).standing, Standing::NoData);
}

#[test]
fn times_are_as_of_the_end_and_of_a_whole_period() {
    let text = target("metric = \"time_to_acknowledge\"\nunder = \"1d\"");
    let facts = testing::facts(&[]);
    let evaluated = |text: &str, loops: &[Loop<'_>], end: Timestamp| {
        let data = Data { facts: &facts, loops: Loops { cases: loops, ..Loops::default() }, owners: &[] };
        evaluate(&file(text).targets, &data, LAST, end).unwrap().remove(0)
    };
    // Taken up an hour after the week was over.
    let late: Vec<Loop<'_>> = (0..40).map(|_| taken_up(Some(7 * 24 + 1))).collect();
    let then = evaluated(&text, &late, NOW.start());
    assert_eq!((then.standing, then.waiting, then.low), (Standing::Missed, 40, Some(7.0 * 86_400.0)));
    let weeks = format!("{text}period = \"4 weeks\"\n");
    let young = evaluated(&weeks, &late, NOW.start());
    assert_eq!(young.standing, Standing::Open);
    assert!(young.note.unwrap().starts_with("its period begins on 2026-02-09"));
    let none = evaluated(&text, &[], NOW.start());
    assert_eq!((none.standing, none.n), (Standing::NoData, 0));
    assert_eq!(none.note.as_deref(), Some("there are no cases yet whose time could be taken"));
}

#[test]
fn what_is_triaged_is_every_record() {
    let one = |stored: i32, hours: Option<i64>| {
        let at = |hours: i64| Timestamp(LAST.plus(stored).start().0 + hours * 3_600_000_000);
        let times = LoopTimes {
            occurred: at(-1),
            stored: Some(at(0)),
            triaged: hours.map(at),
            acknowledged: None,
            resolved: None,
        };
        Loop { owner: "", topic: "billing", times }
    };
    let records: Vec<Loop<'_>> = (0..40).map(|at| one(-3, (at % 4 > 0).then_some(1))).collect();
    let facts = testing::facts(&[]);
    let of = |since: Option<Timestamp>| {
        let data = Data { facts: &facts, loops: Loops { records: &records, cases: &[], since }, owners: &[] };
        let text = target("metric = \"time_to_triage\"\nunder = \"2h\"");
        evaluate(&file(&text).targets, &data, LAST, NOW.start()).unwrap().remove(0)
    };
    let whole = of(Some(LAST.plus(-30).start()));
    assert_eq!((whole.n, whole.waiting, whole.value), (40, 10, Some(3_600.0)));
    assert_eq!((whole.standing, whole.p90), (Standing::Met, None), "a quarter still waits");
    assert_eq!(of(None).standing, Standing::Open, "the first of all was stored within the week");
}
