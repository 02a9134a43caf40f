//! How many people a new case usually has in the week in which it begins.
//!
//! In any week some cases begin, for sooner or later two people write of the same thing. One is news where more of them do
//! than in the first week of other cases. Of `n` that began in the weeks before, `k` had as many people or more:
//! (k + 1) / (n + 1) is the chance of that among cases of their kind (Davison and Hinkley 1997, "Bootstrap Methods and
//! their Application", section 4.2). But so counted no single case could ever pass Benjamini and Hochberg's procedure: where
//! as many begin every week, eight weeks let nothing fall below one in eight. So where few reached it, the tail goes on as it
//! falls: the share that reached three people, times a geometric distribution of what they had beyond. (As
//! [`crate::stats::distribution::Tail`] does it for maxima, which are no whole numbers.)
//!
//! Measured on the demo without its stories (three seeds, 27 weeks of some 140 new cases): in one week a case was told; and with
//! them in the two weeks of its outages alone. Simulated with sizes that fall off geometrically: a false one in 1 to 6% of weeks,
//! by 10 to 140 new cases a week. Where they fall off by a power (Pareto's of 1.5 to 2) the tail is heavier than this one, and
//! it would be in up to 41%: so it has to have been reached by at most one of the cases before, which leaves 9 to 21%.

use super::{BEFORE, began, people_in};
use crate::{
    digest::{given::CaseTold, week::Week},
    report::Period,
};
use feedback::time::Day;

/// People from whom on a new case is told where nobody can say what is usual.
pub(super) const FROM_PEOPLE: u64 = 10;
/// At most so many of the cases before may have begun with as many people.
pub(super) const MOST_REACHED: u64 = 1;
/// Cases of the weeks before, for anything to be usual.
const LEAST: usize = 20;
/// Days from the first record on in which everything is new to the store, and nothing is news.
const SETTLED: i32 = 14;
/// Where at least so many reached it, they are counted alone.
const MANY: u64 = 10;
/// People from whom on the tail is fitted.
const TAIL_FROM: u64 = 3;

/// People in their first week, of cases that began in the weeks before; ascending.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Usual(Vec<u64>);

impl Usual {
    /// Of a week that is not over as many days are taken of the others. `first` is that of all records.
    pub fn of(cases: &[&CaseTold], week: Week, period: Period, first: Day) -> Self {
        let monday = week.period().from;
        let from = monday.plus(-7 * BEFORE).max(first.plus(SETTLED));
        let people = |case: &&CaseTold| {
            let day = began(case)?;
            let own = Week::of(day).period().from;
            let days = Period { from: own, to: own.plus(period.days() - 1) };
            let is_before = (from..monday).contains(&own) && days.contains(day);
            is_before.then(|| people_in(case, days))
        };
        Self::new(cases.iter().filter_map(people).collect())
    }

    fn new(mut people: Vec<u64>) -> Self {
        people.sort_unstable();
        Self(people)
    }

    pub fn cases(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there are enough to say what is usual.
    pub fn is_known(&self) -> bool {
        self.0.len() >= LEAST
    }

    /// How many began with as many people or more.
    pub fn reached(&self, people: u64) -> u64 {
        (self.0.len() - self.0.partition_point(|own| *own < people)) as u64
    }

    /// The chance of so many people or more in a first week.
    pub fn p(&self, people: u64) -> f64 {
        let (all, reached) = (self.0.len() as f64 + 1.0, self.reached(people));
        let counted = (reached as f64 + 1.0) / all;
        if people <= TAIL_FROM || reached >= MANY {
            return counted;
        }
        let tail = &self.0[self.0.partition_point(|own| *own < TAIL_FROM)..];
        let beyond = tail.iter().map(|own| own - TAIL_FROM).sum::<u64>() as f64 + 1.0;
        let many = tail.len() as f64;
        // Of a geometric distribution the mean says it all; one more case that went one further is for what was not seen.
        let goes_on = beyond / (beyond + many);
        let steps = (people - TAIL_FROM) as f64;
        counted.min((many + 1.0) / all * goes_on.powf(steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 100 of one person, 30 of two, and four of 3, 3, 4 and 5.
    fn usual() -> Usual {
        let tail = [3, 3, 4, 5];
        Usual::new([vec![1; 100], vec![2; 30], tail.to_vec()].concat())
    }

    #[test]
    fn what_many_reached_is_counted() {
        let usual = usual();
        assert_eq!((usual.cases(), usual.is_known()), (134, true));
        assert_eq!([1, 2, 3, 5, 6].map(|people| usual.reached(people)), [134, 34, 4, 1, 0]);
        assert_eq!(usual.p(1), 1.0);
        assert!((usual.p(2) - 35.0 / 135.0).abs() < 1e-12 && (usual.p(3) - 5.0 / 135.0).abs() < 1e-12);
    }

    /// By hand: 0, 0, 1 and 2 beyond three, and one more, are 4 of 4 + 4: it goes on by half.
    #[test]
    fn beyond_them_the_tail_falls_off_as_it_did() {
        let usual = usual();
        for (people, p) in [(4, 0.5), (6, 0.125), (13, 0.5_f64.powi(10))] {
            let p = 5.0 / 135.0 * p;
            assert!((usual.p(people) - p).abs() < 1e-15, "{people}: {}", usual.p(people));
        }
        // Counted alone it would be one in 135 whatever the number.
        assert!(usual.p(13) < 1e-4);
        let none = Usual::new(vec![1; 50]);
        assert!((none.p(9) - 1.0 / 51.0).abs() < 1e-12, "of a tail that nobody saw nothing is known");
        assert!(!Usual::new(vec![2; 19]).is_known());
    }

    proptest! {
        #[test]
        fn more_people_are_never_more_usual(
            sizes in prop::collection::vec(1u64..30, 0..200),
            people in 1u64..40,
        ) {
            let usual = Usual::new(sizes);
            let (p, more) = (usual.p(people), usual.p(people + 1));
            prop_assert!(p > 0.0 && p <= 1.0 && more <= p + 1e-12);
        }
    }
}
