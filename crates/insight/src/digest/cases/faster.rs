//! Whether a case that was there before is said by more people than it was.

use super::{BEFORE, began, people_in, within};
use crate::{
    digest::{given::CaseTold, week::Week},
    report::Period,
};
use statrs::distribution::{Binomial, DiscreteCDF};
use std::collections::HashSet;

/// People a week before, and the chance of as many as the week's or more at an even rate: given how many there are in all,
/// they fall into the week as a binomial with the week's part of the days (Przyborowski and Wilenski 1940, "Homogeneity
/// of results in testing samples from Poisson series", Biometrika 31:313). A person counts once a week, however often they
/// write. `None` of a case that began in the week, and of one that nobody has spoken of lately.
pub(super) fn faster(case: &CaseTold, week: Week, period: Period) -> Option<(f64, f64)> {
    let monday = week.period().from;
    let past = Period { from: began(case)?.max(monday.plus(-7 * BEFORE)), to: monday.plus(-1) };
    if past.days() == 0 || period.days() == 0 {
        return None;
    }
    let of_week = |at: i32| (monday.0 - 1 - at).div_euclid(7);
    let told =
        within(case, past).map(|report| (of_week(report.occurred_at.day().0), report.person.as_deref()));
    let (before, now) = (told.collect::<HashSet<_>>().len() as u64, people_in(case, period));
    if before + now == 0 {
        return None;
    }
    let part = f64::from(period.days()) / f64::from(period.days() + past.days());
    // At least so many: all but those below.
    let p = match now.checked_sub(1) {
        Some(below) => Binomial::new(part, before + now).ok()?.sf(below),
        None => 1.0,
    };
    Some((before as f64 * 7.0 / f64::from(past.days()), p))
}
