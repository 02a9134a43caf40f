use super::*;
use feedback::time::Day;
use proptest::prelude::*;

fn times(at: [Option<i64>; 4]) -> LoopTimes {
    let [stored, triaged, acknowledged, resolved] =
        at.map(|at| at.map(|seconds| Timestamp(seconds * 1_000_000)));
    LoopTimes { occurred: Timestamp(0), stored, triaged, acknowledged, resolved }
}

/// Up to so many seconds.
fn until(seconds: i64) -> Window {
    Window { period: None, end: Timestamp(seconds * 1_000_000) }
}

#[test]
fn steps_are_from_one_to_the_next() {
    let all = times([Some(2), Some(5), Some(65), Some(605)]);
    let took = LoopStep::ALL.map(|step| all.took(step));
    assert_eq!(took, [Some(2.0), Some(3.0), Some(60.0), Some(540.0), Some(605.0)]);
    assert_eq!(LoopStep::ALL.map(|step| all.far(step, until(1_000))), took.map(|took| took.map(Far::Done)));
    assert_eq!(times([Some(-3), None, None, None]).took(LoopStep::Stored), Some(0.0), "clocks differ");
}

#[test]
fn what_is_not_done_waits_since_the_step_before() {
    let open = times([Some(2), Some(5), None, None]);
    assert_eq!(open.took(LoopStep::Acknowledged), None);
    let far = open.far(LoopStep::Acknowledged, until(65));
    assert_eq!(far, Some(Far::Waits(Timestamp(5_000_000), 60.0)));
    assert_eq!(open.far(LoopStep::Resolved, until(65)), None, "not before it is acknowledged");
    let passed_over = times([Some(2), Some(5), None, Some(9)]);
    assert_eq!(passed_over.far(LoopStep::Acknowledged, until(65)), None);
    assert_eq!((passed_over.took(LoopStep::Resolved), passed_over.took(LoopStep::Whole)), (None, Some(9.0)));
}

#[test]
fn what_comes_later_is_not_known_yet() {
    let all = times([Some(2), Some(5), Some(65), Some(605)]);
    let far = |step, seconds| all.far(step, until(seconds));
    assert_eq!(far(LoopStep::Resolved, 605), Some(Far::Waits(Timestamp(65_000_000), 540.0)));
    assert_eq!(far(LoopStep::Whole, 600), Some(Far::Waits(Timestamp(0), 600.0)));
    assert_eq!(far(LoopStep::Acknowledged, 60), Some(Far::Waits(Timestamp(5_000_000), 55.0)));
    assert_eq!(far(LoopStep::Triaged, 5), Some(Far::Waits(Timestamp(2_000_000), 3.0)));
    assert_eq!(far(LoopStep::Whole, 2), None, "of what is not stored nobody knows");
    assert_eq!(far(LoopStep::Stored, 2), None);
}

#[test]
fn a_step_is_of_the_days_on_which_it_began() {
    let hours = |hours: i64| Some(hours * 3_600);
    let one = times([hours(30), hours(31), hours(55), None]);
    let on = |day: i32, step| {
        let period = Some(Period { from: Day(day), to: Day(day) });
        one.far(step, Window { period, ..until(1_000_000) }).is_some()
    };
    assert!(on(1, LoopStep::Stored) && !on(0, LoopStep::Stored), "it is known since it is stored");
    assert!(on(1, LoopStep::Acknowledged) && on(2, LoopStep::Resolved) && on(0, LoopStep::Whole));
    assert!(!on(2, LoopStep::Acknowledged) && !on(1, LoopStep::Resolved) && !on(1, LoopStep::Whole));
}

#[test]
fn rows_are_by_owner_by_topic_and_by_both() {
    let one = |owner, topic, acknowledged| Loop {
        owner,
        topic,
        times: times([Some(1), Some(2), acknowledged, None]),
    };
    let mut cases: Vec<Loop<'_>> = (0..5).map(|n| one("identity", "login_access", Some(3 + n))).collect();
    cases.push(one("identity", "billing", None));
    cases.push(one("finance", "billing", Some(4)));
    let records = [one("", "billing", None)];
    let rows = loop_times(Loops { records: &records, cases: &cases, since: None }, until(102));
    let row = |owner: Option<&str>, topic: Option<&str>, step| {
        rows.iter()
            .find(|row| row.owner.as_deref() == owner && row.topic.as_deref() == topic && row.step == step)
    };
    let all = row(None, None, LoopStep::Acknowledged).unwrap();
    assert_eq!((all.done, all.waiting, all.waiting_since), (6, 1, Some(Timestamp(2_000_000))));
    // 1, 2, 2, 3, 4, 5 seconds, and one that waits for 100: the fourth of seven; of those that are done it were 2.5.
    assert_eq!(all.median.unwrap().value, Some(3.0));
    let late = all.p90.unwrap();
    assert_eq!((late.value, late.high), (None, None), "a seventh still waits");
    let identity = row(Some("identity"), None, LoopStep::Acknowledged).unwrap();
    assert_eq!((identity.done, identity.waiting), (5, 1));
    let finance = row(Some("finance"), Some("billing"), LoopStep::Acknowledged).unwrap();
    assert_eq!((finance.done, finance.median), (1, None), "of one nothing is said");
    assert!(row(None, None, LoopStep::Whole).is_some_and(|row| row.done == 0 && row.waiting == 7));
    // Every record is stored and decided on, whether it is in a case or not.
    assert!(row(None, None, LoopStep::Triaged).is_some_and(|row| (row.done, row.waiting) == (1, 0)));
    assert!(row(Some("finance"), Some("billing"), LoopStep::Stored).is_none());
    assert!(loop_times(Loops::default(), until(102)).is_empty());
}

proptest! {
    #[test]
    fn the_order_of_loops_is_no_matter(
        took in prop::collection::vec((0i64..1_000, prop::option::of(0i64..1_000)), 5..80),
        cut in 0usize..80,
    ) {
        let one = |(stored, more): &(i64, Option<i64>)| Loop {
            owner: "a",
            topic: "b",
            times: times([Some(*stored), more.map(|more| stored + more), None, None]),
        };
        let loops: Vec<Loop<'_>> = took.iter().map(one).collect();
        let mut turned = loops.clone();
        turned.rotate_left(cut.min(loops.len()));
        let rows = |loops: &[Loop<'_>]| loop_times(Loops { records: loops, cases: loops, since: None }, until(1_500));
        prop_assert_eq!(rows(&loops), rows(&turned));
    }
}
