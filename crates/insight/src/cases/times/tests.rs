use super::*;
use crate::stats::rng::Rng;
use proptest::prelude::*;

/// By adding up the binomial distribution in exact fractions (Python's `math.comb`). The ranks of the median for n = 6,
/// 10 and 20 are those of the tables of the sign test.
#[test]
fn ranks_agree_with_the_binomial_distribution() {
    for (n, median, p90) in [
        (5, (None, None), (Some(3), None)),
        (6, (Some(1), Some(6)), (Some(4), None)),
        (10, (Some(2), Some(9)), (Some(7), None)),
        (20, (Some(6), Some(15)), (Some(15), None)),
        (35, (Some(12), Some(24)), (Some(28), None)),
        (36, (Some(12), Some(25)), (Some(29), Some(36))),
        (100, (Some(40), Some(61)), (Some(84), Some(96))),
        (1000, (Some(469), Some(532)), (Some(881), Some(919))),
    ] {
        assert_eq!((ranks(n, 0.5), ranks(n, 0.9)), (Some(median), Some(p90)), "{n}");
    }
}

#[test]
fn quantiles_by_hand() {
    let values: Vec<f64> = (1..=20).map(f64::from).collect();
    let median = quantile(&values, 0.5).unwrap();
    assert_eq!((median.value, median.low, median.high), (10.5, Some(6.0), Some(15.0)));
    let p90 = quantile(&values, 0.9).unwrap();
    assert!((p90.value - 18.1).abs() < 1e-9);
    assert_eq!((p90.low, p90.high), (Some(15.0), None), "of twenty the upper end is open");
    assert_eq!(quantile(&values[..4], 0.5), None);
    assert_eq!(quantile(&[], 0.5), None);
}

/// Skewed as waiting times are: of 400 samples of 40 the interval misses the true median in no more than the 5% that it
/// promises, by the 2.3 standard errors of 400 (the exact coverage of its ranks is 96.2%).
#[test]
fn the_interval_holds_the_true_quantile() {
    let mut rng = Rng::named(3, "quantiles");
    let mut missed = 0;
    for _ in 0..400 {
        let mut sample: Vec<f64> = (0..40).map(|_| rng.normal().exp()).collect();
        sample.sort_by(f64::total_cmp);
        let Quantile { low, high, .. } = quantile(&sample, 0.5).unwrap();
        missed += usize::from(low.is_some_and(|low| low > 1.0) || high.is_some_and(|high| high < 1.0));
    }
    assert!(missed <= 30, "{missed} of 400");
}

fn times(at: [Option<i64>; 4]) -> LoopTimes {
    let [stored, triaged, acknowledged, resolved] =
        at.map(|at| at.map(|seconds| Timestamp(seconds * 1_000_000)));
    LoopTimes { occurred: Timestamp(0), stored, triaged, acknowledged, resolved }
}

#[test]
fn steps_are_from_one_to_the_next() {
    let all = times([Some(2), Some(5), Some(65), Some(605)]);
    let took = LoopStep::ALL.map(|step| all.took(step));
    assert_eq!(took, [Some(2.0), Some(3.0), Some(60.0), Some(540.0), Some(605.0)]);
    let waiting = times([Some(2), Some(5), None, None]);
    assert_eq!(waiting.took(LoopStep::Acknowledged), None);
    assert_eq!(waiting.waits_since(LoopStep::Acknowledged), Some(Timestamp(5_000_000)));
    assert_eq!(waiting.waits_since(LoopStep::Resolved), None, "not before it is acknowledged");
    let passed_over = times([Some(2), Some(5), None, Some(9)]);
    assert_eq!(passed_over.waits_since(LoopStep::Acknowledged), None);
    assert_eq!((passed_over.took(LoopStep::Resolved), passed_over.took(LoopStep::Whole)), (None, Some(9.0)));
    assert_eq!(times([Some(-3), None, None, None]).took(LoopStep::Stored), Some(0.0), "clocks differ");
}

#[test]
fn rows_are_by_owner_by_topic_and_by_both() {
    let one = |owner, topic, acknowledged| Loop {
        owner,
        topic,
        times: times([Some(1), Some(2), acknowledged, None]),
    };
    let mut loops: Vec<Loop<'_>> = (0..5).map(|n| one("identity", "login_access", Some(3 + n))).collect();
    loops.push(one("identity", "billing", None));
    loops.push(one("finance", "billing", Some(4)));
    let rows = loop_times(&loops);
    let row = |owner: Option<&str>, topic: Option<&str>, step| {
        rows.iter()
            .find(|row| row.owner.as_deref() == owner && row.topic.as_deref() == topic && row.step == step)
    };
    let all = row(None, None, LoopStep::Acknowledged).unwrap();
    assert_eq!((all.done, all.waiting, all.waiting_since), (6, 1, Some(Timestamp(2_000_000))));
    assert_eq!(all.median.unwrap().value, 2.5);
    let identity = row(Some("identity"), None, LoopStep::Acknowledged).unwrap();
    assert_eq!((identity.done, identity.waiting), (5, 1));
    let finance = row(Some("finance"), Some("billing"), LoopStep::Acknowledged).unwrap();
    assert_eq!((finance.done, finance.median), (1, None), "of one nothing is said");
    assert!(row(Some("finance"), Some("login_access"), LoopStep::Stored).is_none());
    assert!(row(None, None, LoopStep::Whole).is_some_and(|row| row.done == 0 && row.waiting == 7));
    assert!(loop_times(&[]).is_empty());
}

proptest! {
    #[test]
    fn an_interval_holds_its_value_and_the_order_of_loops_is_no_matter(
        took in prop::collection::vec(0i64..1_000, 5..80),
        cut in 0usize..80,
    ) {
        let mut sorted: Vec<f64> = took.iter().map(|seconds| *seconds as f64).collect();
        sorted.sort_by(f64::total_cmp);
        for p in [0.5, 0.9] {
            let Quantile { value, low, high } = quantile(&sorted, p).unwrap();
            prop_assert!(low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high));
        }
        let loops: Vec<Loop<'_>> = took
            .iter()
            .map(|seconds| Loop { owner: "a", topic: "b", times: times([Some(*seconds), None, None, None]) })
            .collect();
        let mut turned = loops.clone();
        turned.rotate_left(cut.min(loops.len()));
        prop_assert_eq!(loop_times(&loops), loop_times(&turned));
    }
}
