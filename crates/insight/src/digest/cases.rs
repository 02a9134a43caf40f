//! Which cases a week is told of: those that began, came back, or grow faster than before; and those that were resolved.

use super::{
    model::{CaseReport, CaseTold, Growing, GrowthOf, Weekly, WeeklyOf},
    quotes,
    series::WEEKS,
    week::Week,
};
use crate::{
    cases::State, error::InsightError, report::Period, stats::fdr::benjamini_hochberg, trends::verdict::LEVEL,
};
use feedback::time::Timestamp;
use polars::prelude::LazyFrame;
use statrs::distribution::{Binomial, DiscreteCDF};
use std::collections::{BTreeSet, HashSet};

/// Reports in the week below which a case stands nearly alone, and the people they have to be of.
const LEAST_REPORTS: u64 = 3;
const LEAST_PEOPLE: u64 = 2;
/// Weeks before that a case's growth is measured against.
const BEFORE: i32 = 8;
/// Cases that are quoted; a page shows fewer.
const QUOTED: usize = 5;

/// The cases of a week.
#[derive(Default)]
pub(super) struct Told {
    pub growing: Vec<Growing>,
    pub resolved: Vec<Growing>,
    pub other_cases: u64,
    pub other_reports: u64,
}

/// `cases` are those that the digest is about; `period` has the days of the week that are over.
pub(super) fn told(
    cases: &[&CaseTold],
    facts: &LazyFrame,
    week: Week,
    period: Period,
) -> Result<Told, InsightError> {
    let days = week.period();
    let is_in = |at: Timestamp| days.contains(at.day());
    let mut told = Told::default();
    let mut steady: Vec<(Growing, f64)> = Vec::new();
    for case in cases {
        if case.life.resolved_at.is_some_and(is_in) {
            told.resolved.push(growing(case, GrowthOf::Resolved, week, period));
            continue;
        }
        let began = case.reports.iter().map(|report| report.occurred_at).min();
        let is_back = case.life.state == State::Reopened && is_in(case.life.last_at);
        let growth = if is_back { GrowthOf::Back } else { GrowthOf::New };
        let one = growing(case, growth, week, period);
        let is_large = one.reports >= LEAST_REPORTS && one.people >= LEAST_PEOPLE;
        if (is_back || began.is_some_and(is_in)) && is_large {
            told.growing.push(one);
        } else if let Some((before, p)) = faster(case, week, period).filter(|_| is_large) {
            steady.push((Growing { growth: GrowthOf::Faster { before, p, q: 1.0 }, ..one }, p));
        } else if one.reports > 0 {
            told.other_cases += 1;
            told.other_reports += one.reports;
        }
    }
    let q = benjamini_hochberg(&steady.iter().map(|(_, p)| *p).collect::<Vec<f64>>());
    for ((one, _), q) in steady.into_iter().zip(q) {
        match one.growth {
            GrowthOf::Faster { before, p, .. } if q <= LEVEL => {
                told.growing.push(Growing { growth: GrowthOf::Faster { before, p, q }, ..one });
            }
            _ => {
                told.other_cases += 1;
                told.other_reports += one.reports;
            }
        }
    }
    let most_people = |a: &Growing, b: &Growing| {
        (b.people, b.reports).cmp(&(a.people, a.reports)).then_with(|| a.id.cmp(&b.id))
    };
    told.growing.sort_by(most_people);
    told.resolved.sort_by(|a, b| b.reach.people.cmp(&a.reach.people).then_with(|| a.id.cmp(&b.id)));
    let mut quoted = HashSet::new();
    for one in told.growing.iter_mut().take(QUOTED) {
        if let Some(case) = cases.iter().find(|case| case.id == one.id) {
            let ids = newest(case, period);
            one.quotes = quotes::of_records(facts, &ids, &one.topic, &mut quoted, quotes::QUOTES)?;
        }
    }
    Ok(told)
}

fn within(case: &CaseTold, period: Period) -> impl Iterator<Item = &CaseReport> {
    case.reports.iter().filter(move |report| period.contains(report.occurred_at.day()))
}

fn newest(case: &CaseTold, period: Period) -> Vec<&str> {
    let mut reports: Vec<&CaseReport> = within(case, period).collect();
    reports.sort_by(|a, b| (b.occurred_at, &b.record).cmp(&(a.occurred_at, &a.record)));
    reports.into_iter().map(|report| report.record.as_str()).collect()
}

fn growing(case: &CaseTold, growth: GrowthOf, week: Week, period: Period) -> Growing {
    let people: BTreeSet<&str> = within(case, period).filter_map(|report| report.person.as_deref()).collect();
    // Reports of nobody knows whom may all be of one person.
    let unknown = u64::from(within(case, period).any(|report| report.person.is_none()));
    let first = week.plus(1 - WEEKS as i32);
    let count = |at: usize| {
        let days = first.plus(at as i32).period();
        Some(within(case, Period { to: days.to.min(period.to), ..days }).count() as f64)
    };
    Growing {
        id: case.id.clone(),
        title: case.title.clone(),
        topic: case.topic.clone(),
        product: case.product.clone(),
        owner: case.owner.clone(),
        growth,
        life: case.life,
        reach: case.reach.clone(),
        reports: within(case, period).count() as u64,
        people: people.len() as u64 + unknown,
        weeks: Weekly { of: WeeklyOf::Records, first, values: (0..WEEKS).map(count).collect() },
        quotes: Vec::new(),
    }
}

/// Reports a week before, and the chance of as many as the week's or more at an even rate: given how many there are in all,
/// they fall into the week as a binomial with the week's part of the days (Przyborowski and Wilenski 1940, "Homogeneity
/// of results in testing samples from Poisson series", Biometrika 31:313). `None` of a case that began in the week.
fn faster(case: &CaseTold, week: Week, period: Period) -> Option<(f64, f64)> {
    let began = case.reports.iter().map(|report| report.occurred_at.day()).min()?;
    let monday = week.period().from;
    let from = began.max(monday.plus(-7 * BEFORE));
    let past = Period { from, to: monday.plus(-1) };
    if past.days() == 0 || period.days() == 0 {
        return None;
    }
    let (before, now) = (within(case, past).count() as u64, within(case, period).count() as u64);
    let part = f64::from(period.days()) / f64::from(period.days() + past.days());
    // At least so many: all but those below.
    let p = match now.checked_sub(1) {
        Some(below) => Binomial::new(part, before + now).ok()?.sf(below),
        None => 1.0,
    };
    Some((before as f64 * 7.0 / f64::from(past.days()), p))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::{Life, Reach, Step},
        testing,
    };
    use feedback::time::Day;

    const WEEK_START: Day = Day(20_514);

    fn case(id: &str, reports: &[(i32, Option<&str>)]) -> CaseTold {
        let report = |(at, (day, person)): (usize, &(i32, Option<&str>))| CaseReport {
            record: format!("{id}-{at}"),
            person: person.map(str::to_owned),
            occurred_at: WEEK_START.plus(*day).start(),
        };
        let reports: Vec<CaseReport> = reports.iter().enumerate().map(report).collect();
        CaseTold {
            id: id.to_owned(),
            title: id.to_owned(),
            topic: "billing".to_owned(),
            product: String::new(),
            owner: "finance".to_owned(),
            life: Life::opened(reports[0].occurred_at),
            reach: Reach {
                reports: reports.len() as u64,
                people: 1,
                anonymous: 0,
                accounts: 0,
                revenue: 0.0,
                first_seen: None,
                last_seen: None,
            },
            reports,
        }
    }

    fn told_of(cases: &[CaseTold]) -> Told {
        let week = Week::of(WEEK_START);
        let cases: Vec<&CaseTold> = cases.iter().collect();
        told(&cases, &testing::facts(&[]), week, week.period()).unwrap()
    }

    #[test]
    fn a_case_is_new_where_several_people_began_it() {
        let told = told_of(&[
            case("a", &[(0, Some("x")), (1, Some("y")), (2, None)]),
            case("b", &[(0, Some("x")), (1, Some("x")), (2, Some("x"))]),
            case("c", &[(0, None), (1, None), (2, None), (3, None)]),
            case("d", &[(6, Some("x")), (7, Some("y")), (8, Some("z"))]),
        ]);
        let ids: Vec<&str> = told.growing.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["a"], "one person, nobody knows whom, and the next week begin none");
        assert_eq!((told.growing[0].people, told.growing[0].growth), (3, GrowthOf::New));
        assert_eq!((told.other_cases, told.other_reports), (3, 8));
    }

    /// Of 12 reports in 35 days 10 or more in the last 7: the binomial tail, added up in exact fractions (Python's `math.comb`).
    const P_OF_TEN: f64 = 4.526_08e-6;

    #[test]
    fn a_case_grows_where_its_rate_does() {
        let mut reports = vec![(-28, Some("a")), (-14, Some("b"))];
        reports.extend((0..10).map(|at| (at % 7, Some(["c", "d", "e"][at as usize % 3]))));
        let grown = case("grown", &reports);
        let even: Vec<(i32, Option<&str>)> =
            (-28..7).map(|day| (day, Some(["c", "d"][(day + 28) as usize % 2]))).collect();
        let told = told_of(&[grown, case("even", &even)]);
        assert_eq!(told.growing.len(), 1);
        let GrowthOf::Faster { before, p, q } = told.growing[0].growth else {
            panic!("{:?}", told.growing[0])
        };
        assert!((before - 0.5).abs() < 1e-12 && (p / P_OF_TEN - 1.0).abs() < 1e-6, "{before} {p}");
        assert!((q - 2.0 * p).abs() < 1e-15, "of two that were looked at");
        assert_eq!((told.other_cases, told.other_reports), (1, 7));
        assert_eq!(told.growing[0].weeks.values.last(), Some(&Some(10.0)));
    }

    #[test]
    fn what_comes_back_and_what_is_resolved() {
        let mut back = case("back", &[(-20, Some("a")), (1, Some("b")), (2, Some("c")), (3, Some("d"))]);
        back.life = back.life.then(Step::Resolved, WEEK_START.plus(-10).start()).unwrap();
        back.life = back.life.then(Step::Reopened, WEEK_START.plus(1).start()).unwrap();
        let mut done = case("done", &[(-20, Some("a")), (1, Some("b"))]);
        done.life = done.life.then(Step::Resolved, WEEK_START.plus(5).start()).unwrap();
        let told = told_of(&[back, done]);
        assert_eq!(told.growing[0].growth, GrowthOf::Back);
        assert_eq!((told.resolved.len(), told.resolved[0].id.as_str()), (1, "done"));
        assert_eq!(told.other_cases, 0);
    }
}
