//! How a topic's share of all records moved from one period to the one behind it, judged among the topics beside it.
//!
//! Within kinds of sources, with Mantel and Haenszel's weights: a source that sends more than before moves no topic by that
//! alone. The scatter of days beyond chance counts against a change, as it does where the sentiment of a source moves.
//!
//! p and the interval come from two methods: Cochran's test pools the two sides, Newcombe's interval does not. Where they
//! contradict each other the change is not real: what is told as real has an interval without 0.
//!
//! Where nothing moves p is at most 0.05 in 2 to 5% (simulated 400 times and more each: a week and four weeks beside as many
//! before, three sources of 10 or 40 records a day with quiet weekends, topics of 3% and of 10% whose rates scatter from day to
//! day by nothing or by 30%).

use super::{
    cells::{Cells, expected_days},
    movers::LEAST_RATIO,
    verdict::Verdict,
};
use crate::stats::{
    FEW, Interval, SUPPRESSED,
    fdr::benjamini_hochberg,
    proportion::{
        Difference, Proportion, stratified_newcombe, stratified_shares, stratified_two_proportions,
    },
};
use std::ops::Range;

/// One topic's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareMoved {
    /// Before and after.
    pub mentions: [u64; 2],
    /// Of all topics, and of none.
    pub records: [u64; 2],
    /// Before and after, within the sources that are on both sides, weighed as the difference is. Where the parts of the sources
    /// changed they are not the [`Self::shares`] of all records.
    pub within: [f64; 2],
    /// Of the two shares `within`, as a fraction.
    pub difference: f64,
    pub interval: Interval,
    pub p: f64,
    /// Benjamini-Hochberg, among the topics that are judged together; none where there are fewer than 30 records on a side, or
    /// 30 mentions on both.
    pub q: Option<f64>,
    /// Real only where the interval excludes 0.
    pub verdict: Option<Verdict>,
}

impl ShareMoved {
    /// `cells` has the topic's mentions among all records; its days from `split` on are the ones after. `None` where there are
    /// fewer than 5 records on a side, or no source has any on both. Nothing is [judged](judge) yet.
    #[must_use]
    pub fn of(cells: &Cells, split: usize) -> Option<Self> {
        let sides = [0..split, split..cells.days()];
        let [before, after] = sides.clone().map(|days| scatter(cells, &days));
        let phi = before.max(after);
        let (mut mentions, mut records, mut strata) = ([0; 2], [0; 2], Vec::new());
        for source in 0..cells.strata() {
            let counted = sides.clone().map(|days| cells.within(source, days));
            for (side, (hits, n)) in counted.into_iter().enumerate() {
                mentions[side] += hits;
                records[side] += n;
            }
            let [before, after] = counted.map(|(hits, n)| Proportion::new(hits, n).deflated(phi));
            strata.push((after, before));
        }
        let is_common = strata.iter().any(|(after, before)| after.n > 0.0 && before.n > 0.0);
        if !is_common || records.iter().any(|n| *n < SUPPRESSED) {
            return None;
        }
        let Difference { value: difference, interval } = stratified_newcombe(&strata);
        let [after, before] = stratified_shares(&strata);
        let (within, p) = ([before, after], stratified_two_proportions(&strata));
        Some(Self { mentions, records, within, difference, interval, p, q: None, verdict: None })
    }

    /// Before and after.
    #[must_use]
    pub fn shares(&self) -> [f64; 2] {
        [0, 1].map(|side: usize| Proportion::new(self.mentions[side], self.records[side]).share())
    }

    fn can_be_judged(&self) -> bool {
        self.records.iter().all(|n| *n >= FEW) && self.mentions.iter().sum::<u64>() >= FEW
    }

    /// By a fifth, within sources, as a volume has to.
    fn is_large_enough(&self) -> bool {
        let [before, after] = self.within;
        before.max(after) >= LEAST_RATIO * before.min(after)
    }

    fn may_be_real(&self) -> bool {
        self.is_large_enough() && !self.interval.contains(0.0)
    }
}

/// All that can be judged are one family.
pub fn judge<'m>(all: impl Iterator<Item = &'m mut ShareMoved>) {
    let judged: Vec<&mut ShareMoved> = all.filter(|moved| moved.can_be_judged()).collect();
    let p: Vec<f64> = judged.iter().map(|moved| moved.p).collect();
    for (moved, q) in judged.into_iter().zip(benjamini_hochberg(&p)) {
        moved.q = Some(q);
        moved.verdict = Some(Verdict::new(moved.p, q, moved.may_be_real()));
    }
}

/// How much more the totals of days scatter around the rates of their sources than by chance: Pearson's chi-square over its
/// degrees of freedom; at least 1.
fn scatter(cells: &Cells, days: &Range<usize>) -> f64 {
    let rate = |source: usize| {
        let (hits, n) = cells.within(source, days.clone());
        Proportion::new(hits, n).share()
    };
    let rates: Vec<f64> = (0..cells.strata()).map(rate).collect();
    let due = expected_days(cells, &rates);
    let seen =
        |day: usize| (0..cells.strata()).map(|source| f64::from(cells.events(source)[day])).sum::<f64>();
    let known = days.clone().filter(|day| due[*day].variance > 1e-9);
    let squares: Vec<f64> =
        known.map(|day| (seen(day) - due[day].mean).powi(2) / due[day].variance).collect();
    if squares.len() < 2 {
        return 1.0;
    }
    (squares.iter().sum::<f64>() / (squares.len() - 1) as f64).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Four weeks and four more, in which a source has so many mentions among so many records a day.
    fn source(before: (u32, u32), after: (u32, u32)) -> (Vec<u32>, Vec<u32>) {
        let days = |of: fn((u32, u32)) -> u32| [vec![of(before); 28], vec![of(after); 28]].concat();
        (days(|(hits, _)| hits), days(|(_, n)| n))
    }

    fn cells(sources: &[(Vec<u32>, Vec<u32>)]) -> Cells {
        let (hits, n): (Vec<_>, Vec<_>) = sources.iter().cloned().unzip();
        Cells::new(56, hits.concat(), n.concat())
    }

    fn judged(sources: &[(Vec<u32>, Vec<u32>)]) -> ShareMoved {
        let mut moved = ShareMoved::of(&cells(sources), 28).unwrap();
        judge([&mut moved].into_iter());
        moved
    }

    #[test]
    fn what_rises_in_its_source_is_real() {
        let moved = judged(&[source((10, 100), (15, 100)), source((4, 50), (4, 50))]);
        assert_eq!((moved.mentions, moved.records), ([392, 532], [4_200, 4_200]));
        // Two thirds of the records are of the source in which it rose by five points.
        assert!((moved.difference - 0.05 * 2.0 / 3.0).abs() < 1e-12, "{moved:?}");
        assert!(moved.interval.low > 0.0 && moved.q == Some(moved.p) && moved.p < 0.001, "{moved:?}");
        assert_eq!(moved.verdict, Some(Verdict::Real));
        let [before, after] = moved.shares();
        assert!((after - before - moved.difference).abs() < 1e-12, "the sources' parts are the same");
    }

    #[test]
    fn a_source_that_sends_more_moves_no_topic() {
        let moved = judged(&[source((20, 100), (80, 400)), source((5, 100), (5, 100))]);
        let [before, after] = moved.shares();
        assert!(after - before > 0.04 && moved.difference.abs() < 1e-12, "{moved:?}");
        assert_eq!((moved.verdict, moved.interval.contains(0.0)), (Some(Verdict::Noise), true));
    }

    #[test]
    fn a_change_among_days_that_scatter_is_less_sure() {
        let even = judged(&[source((10, 100), (12, 100))]);
        assert!(even.p < 0.05, "{even:?}");
        let (hits, n) = source((10, 100), (12, 100));
        let uneven = hits
            .iter()
            .enumerate()
            .map(|(day, hits)| if day.is_multiple_of(2) { 0 } else { 2 * hits })
            .collect();
        let moved = judged(&[(uneven, n)]);
        assert_eq!((moved.mentions, moved.verdict), (even.mentions, Some(Verdict::Noise)));
        assert!(moved.interval.low < 0.0 && moved.p > 0.3, "{moved:?}");
    }

    #[test]
    fn of_many_topics_one_that_chance_moved_is_not_real() {
        let of = |after: u32| ShareMoved::of(&cells(&[source((2, 20), (after, 20))]), 28).unwrap();
        let mut alone = of(3);
        judge([&mut alone].into_iter());
        assert!(alone.verdict == Some(Verdict::Real) && alone.p > 0.01, "{alone:?}");
        let mut many = [vec![of(3)], vec![of(2); 19]].concat();
        judge(many.iter_mut());
        assert_eq!((many[0].p, many[0].verdict), (alone.p, Some(Verdict::Unclear)));
        assert_eq!(many[1].verdict, Some(Verdict::Noise));
    }

    #[test]
    fn a_change_that_is_sure_and_small_is_unclear() {
        let moved = judged(&[source((1_000, 10_000), (1_100, 10_000))]);
        assert!(moved.p < 1e-9, "{moved:?}");
        assert_eq!(moved.verdict, Some(Verdict::Unclear));
    }

    #[test]
    fn a_source_that_begins_makes_no_change_larger() {
        // By 15% in the one source that is on both sides, however small the share of all records is then.
        let begins = (vec![0; 56], [vec![0; 28], vec![5_000; 28]].concat());
        let moved = judged(&[source((100, 1_000), (115, 1_000)), begins]);
        let [before, after] = moved.shares();
        assert!(after < before / 4.0 && moved.difference > 0.0, "{moved:?}");
        assert!(
            (moved.within[0] - 0.1).abs() < 1e-12 && (moved.within[1] - 0.115).abs() < 1e-12,
            "{moved:?}"
        );
        assert!(moved.p < 1e-6 && !moved.interval.contains(0.0), "{moved:?}");
        assert_eq!(moved.verdict, Some(Verdict::Unclear));
    }

    #[test]
    fn what_the_test_alone_takes_for_a_change_is_unclear() {
        // Sixteen sources of a record a day, each with one mention before and two after, spread over the days.
        let source = |source: usize| {
            let mut hits = vec![0; 56];
            for day in [source, 28 + source, 28 + (source + 14) % 28] {
                hits[day] = 1;
            }
            (hits, vec![1; 56])
        };
        let moved = judged(&(0..16).map(source).collect::<Vec<_>>());
        assert_eq!((moved.mentions, moved.records), ([16, 32], [448, 448]));
        assert!(
            (moved.p - 0.017_603).abs() < 1e-6 && (moved.interval.high - 0.075_160).abs() < 1e-6,
            "{moved:?}"
        );
        assert!(moved.interval.contains(0.0) && moved.is_large_enough(), "{moved:?}");
        assert_eq!(moved.verdict, Some(Verdict::Unclear));
    }

    proptest! {
        #[test]
        fn what_is_real_excludes_nothing_moved(
            sources in prop::collection::vec(((0u32..=9, 0u32..=9), (0u32..=9, 0u32..=9)), 1..5)
        ) {
            let of = |(hits, others)| (hits, hits + others);
            let sources: Vec<_> =
                sources.into_iter().map(|(before, after)| source(of(before), of(after))).collect();
            if let Some(mut moved) = ShareMoved::of(&cells(&sources), 28) {
                judge([&mut moved].into_iter());
                let [before, after] = moved.within;
                prop_assert!((after - before - moved.difference).abs() < 1e-12, "{moved:?}");
                if moved.verdict == Some(Verdict::Real) {
                    prop_assert!(!moved.interval.contains(0.0), "{moved:?}");
                    prop_assert_eq!(moved.difference > 0.0, moved.interval.low > 0.0);
                }
            }
        }
    }

    #[test]
    fn of_few_nothing_is_judged_and_of_fewer_nothing_told() {
        let few = judged(&[source((0, 1), (1, 1))]);
        assert_eq!((few.mentions, few.q, few.verdict), ([0, 28], None, None));
        assert_eq!(ShareMoved::of(&cells(&[source((0, 0), (1, 4))]), 28), None);
        // No source on both sides.
        assert_eq!(ShareMoved::of(&cells(&[source((0, 0), (1, 4)), source((1, 4), (0, 0))]), 28), None);
        assert_eq!(ShareMoved::of(&Cells::new(56, Vec::new(), Vec::new()), 28), None);
    }
}
