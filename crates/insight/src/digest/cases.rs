//! Which cases a week is told of: those that began with more people than usual, came back, or grow faster than before; and
//! those that were resolved.
//!
//! What is judged is judged among all cases of the product, before anybody asks whose they are: a verdict is the same in
//! everybody's digest and in an owner's.

mod faster;
mod said;
mod usual;

use super::{
    given::{CaseReport, CaseTold},
    model::{Growing, GrowthOf, NewCases, Weekly, WeeklyOf},
    series::WEEKS,
    week::Week,
};
use crate::{
    cases::{Life, Reach, Step, medoid::NO_WORDS},
    error::InsightError,
    report::{Filter, People, Period},
    stats::fdr::benjamini_hochberg,
    trends::verdict::LEVEL,
};
use faster::faster;
use feedback::time::{Day, Timestamp};
use polars::prelude::LazyFrame;
use std::collections::HashSet;
use usual::Usual;

/// Reports in the week below which a case stands nearly alone, and the people they have to be of.
const LEAST_REPORTS: u64 = 3;
const LEAST_PEOPLE: u64 = 2;
/// Weeks before that a case is measured against.
const BEFORE: i32 = 8;

/// Which cases, and of when.
pub(super) struct Of<'a> {
    /// All of the product.
    pub cases: &'a [&'a CaseTold],
    /// Whether the digest is about it.
    pub tells: &'a dyn Fn(&CaseTold) -> bool,
    pub facts: &'a LazyFrame,
    pub people: &'a People,
    pub week: Week,
    /// The days of the week that are over.
    pub period: Period,
    /// What comes from then on is not known.
    pub end: Timestamp,
    /// The first day of all with records.
    pub first: Day,
}

/// The cases of a week.
#[derive(Default)]
pub(super) struct Told {
    pub growing: Vec<Growing>,
    pub resolved: Vec<Growing>,
    pub other_cases: u64,
    pub other_reports: u64,
    pub new_cases: NewCases,
}

/// A case as the week left it.
struct Seen<'a> {
    case: &'a CaseTold,
    life: Life,
    /// Of the week.
    reports: u64,
    people: u64,
}

impl Seen<'_> {
    fn is_large(&self) -> bool {
        self.reports >= LEAST_REPORTS && self.people >= LEAST_PEOPLE
    }
}

impl Of<'_> {
    pub fn told(&self) -> Result<Told, InsightError> {
        let mut told = Told::default();
        let (mut new, mut steady): (Vec<Seen<'_>>, Vec<(Seen<'_>, f64, f64)>) = (Vec::new(), Vec::new());
        for case in self.cases {
            let Some(life) = case.life_at(self.end) else { continue };
            let seen = Seen {
                case,
                life,
                reports: within(case, self.period).count() as u64,
                people: people_in(case, self.period),
            };
            if life.resolved_at.is_some_and(|at| self.is_in(at)) {
                self.put(&mut told.resolved, &seen, GrowthOf::Resolved);
            } else if self.is_back(case) && seen.is_large() {
                self.put(&mut told.growing, &seen, GrowthOf::Back);
            } else if self.is_new(case) {
                new.push(seen);
            } else if let Some((before, p)) = faster(case, self.week, self.period) {
                steady.push((seen, before, p));
            }
        }
        self.judge_new(new, &mut told);
        self.judge_steady(steady, &mut told);
        let most_people = |a: &Growing, b: &Growing| {
            (b.people, b.reports).cmp(&(a.people, a.reports)).then_with(|| a.id.cmp(&b.id))
        };
        told.growing.sort_by(most_people);
        self.say(&mut told)?;
        Ok(told)
    }

    fn is_in(&self, at: Timestamp) -> bool {
        self.week.period().contains(at.day())
    }

    /// It came back in the week, whatever was done about it since.
    fn is_back(&self, case: &CaseTold) -> bool {
        let back = |at: Timestamp| at < self.end && self.is_in(at);
        case.steps.iter().any(|event| event.step == Step::Reopened && back(event.at))
    }

    fn is_new(&self, case: &CaseTold) -> bool {
        began(case).is_some_and(|day| self.week.period().contains(day))
    }

    /// Told where more people say it than new cases usually have; where too few began before to say what is usual, from a
    /// fixed number of people on.
    fn judge_new(&self, new: Vec<Seen<'_>>, told: &mut Told) {
        let usual = Usual::of(self.cases, self.week, self.period, self.first);
        let is_known = usual.is_known();
        let (looked_at, earlier) = (new.len() as u64, usual.cases());
        told.new_cases =
            NewCases { looked_at, earlier, from_people: (!is_known).then_some(usual::FROM_PEOPLE) };
        let p: Vec<f64> = new.iter().map(|seen| usual.p(seen.people)).collect();
        let q = benjamini_hochberg(&p);
        for (seen, (p, q)) in new.iter().zip(p.into_iter().zip(q)) {
            let reached = usual.reached(seen.people);
            let is_real = match is_known {
                true => q <= LEVEL && reached <= usual::MOST_REACHED,
                false => seen.people >= usual::FROM_PEOPLE,
            };
            if is_real && seen.is_large() {
                let (p, q) = (is_known.then_some(p), is_known.then_some(q));
                self.put(&mut told.growing, seen, GrowthOf::New { reached, of: earlier, p, q });
            } else {
                self.leave(told, seen);
            }
        }
    }

    /// Every case is tested, whatever the week brought; too small a one is left out only then.
    fn judge_steady(&self, steady: Vec<(Seen<'_>, f64, f64)>, told: &mut Told) {
        let q = benjamini_hochberg(&steady.iter().map(|(_, _, p)| *p).collect::<Vec<f64>>());
        for ((seen, before, p), q) in steady.into_iter().zip(q) {
            if q <= LEVEL && seen.is_large() {
                self.put(&mut told.growing, &seen, GrowthOf::Faster { before, p, q });
            } else {
                self.leave(told, &seen);
            }
        }
    }

    fn put(&self, into: &mut Vec<Growing>, seen: &Seen<'_>, growth: GrowthOf) {
        if (self.tells)(seen.case) {
            into.push(self.growing(seen, growth));
        }
    }

    /// Not worth a point.
    fn leave(&self, told: &mut Told, seen: &Seen<'_>) {
        if seen.reports > 0 && (self.tells)(seen.case) {
            told.other_cases += 1;
            told.other_reports += seen.reports;
        }
    }

    /// Without what is read from the facts.
    fn growing(&self, seen: &Seen<'_>, growth: GrowthOf) -> Growing {
        let case = seen.case;
        let first = self.week.plus(1 - WEEKS as i32);
        let count = |at: usize| {
            let days = first.plus(at as i32).period();
            Some(within(case, Period { to: days.to.min(self.period.to), ..days }).count() as f64)
        };
        let Period { from, to } = self.period;
        Growing {
            id: case.id.clone(),
            title: NO_WORDS.to_owned(),
            record: None,
            topic: case.topic.clone(),
            product: case.product.clone(),
            owner: case.owner.clone(),
            growth,
            life: seen.life,
            reach: Reach {
                reports: 0,
                people: 0,
                anonymous: 0,
                accounts: 0,
                revenue: 0.0,
                first_seen: None,
                last_seen: None,
            },
            reports: seen.reports,
            people: seen.people,
            filter: Filter { from: Some(from), to: Some(to), ..Filter::default() }.case(&case.id),
            weeks: Weekly { of: WeeklyOf::Records, first, values: (0..WEEKS).map(count).collect() },
            quotes: Vec::new(),
        }
    }
}

fn within(case: &CaseTold, period: Period) -> impl Iterator<Item = &CaseReport> {
    case.reports.iter().filter(move |report| period.contains(report.occurred_at.day()))
}

/// The day of its first report.
fn began(case: &CaseTold) -> Option<Day> {
    case.reports.iter().map(|report| report.occurred_at.day()).min()
}

/// The least number of people that the reports of some days are of: those of nobody knows whom may all be of one.
fn people_in(case: &CaseTold, period: Period) -> u64 {
    let people: HashSet<Option<&str>> = within(case, period).map(|report| report.person.as_deref()).collect();
    people.len() as u64
}

#[cfg(test)]
mod tests;
