//! How much evidence is enough among everything that is looked at.
//!
//! Held to e-BH (Wang and Ramdas 2022, "False discovery rate control with e-values"), as Dandapanthula and Ramdas 2025 do
//! ("Multiple testing in multi-stream sequential change detection"): the `i` series with the most evidence are told where
//! each has at least `series x looks a quarter / (allowed x i)`. Of what one look tells the part that is false is on average at
//! most `allowed / looks a quarter`.
//!
//! A series whose episode runs is not ranked. It was told before; to count it as one that is told now would be right for the
//! part of false ones among all that stand, and would let the others through with less evidence for as long as an outage
//! lasts. So false alerts a quarter are what was asked for, during an outage as well.

use crate::alerts::{
    hour::A_DAY,
    rules::{Every, WatchRules},
    series::{SeriesKey, What},
};

/// By how much more evidence is asked for than the theory of known parameters would have it: what is usual is estimated.
const CAUTION: f64 = 5.0;

/// What has an allowance of false alerts of its own: parts are many and repeat what the whole says, cases are many, small and
/// short-lived, and among one allowance either would set the threshold of everything else. Those that can say something
/// share what is allowed alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Everything, topics, and words, of all products and sources.
    Whole,
    /// The same of one product or one kind of source.
    Parts,
    Cases,
}

impl Family {
    pub const ALL: [Self; 3] = [Self::Whole, Self::Parts, Self::Cases];

    pub fn of(key: &SeriesKey) -> Self {
        match key.what {
            What::Case(_) => Self::Cases,
            _ if key.narrowed() > 0 => Self::Parts,
            _ => Self::Whole,
        }
    }
}

/// The evidence that a series by itself is told from, in each of [`Family::ALL`], of which so many series can say
/// something; `None` where none can. Cases that are too small to be told are looked at as well: they might have grown.
pub(super) fn alone(speaking: [usize; 3], small_cases: usize, rules: &WatchRules) -> [Option<f64>; 3] {
    let families = speaking.iter().filter(|series| **series > 0).count();
    let allowed = rules.false_alerts / families.max(1) as f64;
    let [whole, parts, cases] = speaking;
    [(whole, 0), (parts, 0), (cases, small_cases)].map(|(series, small)| {
        let all = (series + small) as f64;
        (series > 0).then(|| CAUTION * all * rules.every.looks_a_quarter() / allowed)
    })
}

/// The evidence from which on a series is told: the largest `i` for which `i` of them have at least `alone / i`. Sorts
/// what it is given.
pub(super) fn e_bh(evidence: &mut [f64], alone: f64) -> Option<f64> {
    let most = evidence.iter().copied().fold(0.0, f64::max);
    // The least that any of them needs, were all of them moving.
    if most < alone / evidence.len() as f64 {
        return None;
    }
    evidence.sort_by(|a, b| b.total_cmp(a));
    let enough = |(at, value): &(usize, &f64)| **value >= alone / (at + 1) as f64;
    let last = evidence.iter().enumerate().rfind(enough)?.0;
    Some(alone / (last + 1) as f64)
}

impl Every {
    fn looks_a_quarter(self) -> f64 {
        let days = 91.0;
        match self {
            Self::Hour => days * A_DAY as f64,
            Self::Day => days,
        }
    }

    /// Whether there was a look just before this hour, which counts from the beginning of a day.
    pub(super) fn looks_before(self, at: usize) -> bool {
        self == Self::Hour || at.is_multiple_of(A_DAY)
    }

    pub(super) fn looks_after(self, at: usize) -> bool {
        self.looks_before(at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::series::Metric;

    // e-BH by hand: of four looks' worth 100, three with at least 33.3 are told, though none has 100.
    #[test]
    fn several_that_move_together_need_less_each() {
        assert_eq!(e_bh(&mut [40.0, 1.0, 35.0, 60.0], 100.0), Some(100.0 / 3.0));
        assert_eq!(e_bh(&mut [40.0, 1.0, 2.0, 60.0], 100.0), None);
        assert_eq!(e_bh(&mut [100.0, 1.0], 100.0), Some(100.0));
        assert_eq!(e_bh(&mut [f64::INFINITY, 50.0, 3.0], 100.0), Some(50.0));
        assert_eq!(e_bh(&mut [], 100.0), None);
    }

    #[test]
    fn each_family_has_its_part_of_what_is_allowed() {
        let rules = WatchRules { false_alerts: 2.0, every: Every::Day, ..WatchRules::default() };
        let a_day = |series: f64, allowed: f64| Some(5.0 * series * 91.0 / allowed);
        assert_eq!(
            alone([40, 0, 0], 900, &rules),
            [a_day(40.0, 2.0), None, None],
            "no case has a week of life"
        );
        assert_eq!(alone([40, 0, 10], 900, &rules), [a_day(40.0, 1.0), None, a_day(910.0, 1.0)]);
        let third = |series: f64| a_day(series, 2.0 / 3.0);
        assert_eq!(alone([40, 90, 10], 900, &rules), [third(40.0), third(90.0), third(910.0)]);
        assert_eq!(alone([0, 0, 10], 0, &rules), [None, None, a_day(10.0, 2.0)]);
        assert_eq!(alone([0, 0, 0], 3, &rules), [None, None, None]);
        let of = |what: What, source: Option<&str>| {
            let source = source.map(str::to_owned);
            Family::of(&SeriesKey { metric: Metric::Volume, what, product: None, source })
        };
        assert_eq!(of(What::Case("aa01".to_owned()), None), Family::Cases);
        assert_eq!([None, Some("nps")].map(|source| of(What::All, source)), [Family::Whole, Family::Parts]);
    }

    #[test]
    fn a_look_is_an_hour_or_a_day() {
        assert_eq!(Every::Hour.looks_a_quarter(), 24.0 * Every::Day.looks_a_quarter());
        assert!((0..30).all(|at| Every::Hour.looks_after(at)));
        let days: Vec<usize> = (0..72).filter(|at| Every::Day.looks_after(*at)).collect();
        assert_eq!(days, [23, 47, 71]);
        assert!(Every::Day.looks_before(24) && !Every::Day.looks_before(23));
    }
}
