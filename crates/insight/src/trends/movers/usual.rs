//! What is usual beside a change: the other days, but for what stood out there by itself.

use super::Test;
use crate::trends::{
    cells::Cells,
    scan::{Found, are_apart, mirrored},
    verdict::LEVEL,
};
use std::ops::Range;

/// Past episodes that are left out of what is usual.
const MOST_LEFT_OUT: usize = 3;
/// The 95% point of the standard normal distribution.
const ONE_SIDED: f64 = 1.645;

/// A change, and what it is measured against.
pub(super) struct Usual {
    pub found: Found,
    /// The counts of its days and of the usual ones.
    pub cells: Cells,
    /// The others, in the order in which they were found.
    pub left_out: Vec<Range<usize>>,
    /// Those of them with more events than usual.
    pub outbreaks: Vec<Range<usize>>,
}

/// Weeks after an outage are no good news, and the day after it is no part of it: what may be the mirror image of
/// episodes, or was over before the period, is looked for again in the other days (past outbreaks are no part of
/// the baseline in Farrington et al. 1996 either), and so is what is found there. The p-value is the largest of
/// all looks, so that none ever makes anything more of it.
pub(super) fn beside_the_usual(test: &Test<'_>, mut cells: Cells, mut found: Found) -> Usual {
    let mut windows = test.windows.to_vec();
    let (mut left_out, mut outbreaks) = (Vec::new(), Vec::new());
    while found.p < LEVEL {
        let room = MOST_LEFT_OUT.saturating_sub(left_out.len());
        let over = over_before(&test.study.period, &cells, &found);
        let with_more = over.is_some() == found.is_up();
        let episodes = match over {
            Some(over) => vec![over],
            None => mirrored(&cells, &found, test.least(), room),
        };
        if episodes.is_empty() {
            break;
        }
        for episode in &episodes {
            windows.retain(|window| are_apart(window, episode));
            cells = cells.without(episode);
        }
        if with_more {
            outbreaks.extend_from_slice(&episodes);
        }
        left_out.extend(episodes);
        found = match test.scan(&cells, &windows) {
            Some(again) => Found { p: again.p.max(found.p), ..again },
            // Too little is left to tell one from the other.
            None => Found { p: 1.0, ..found },
        };
    }
    Usual { found, cells, left_out, outbreaks }
}

/// The days before the period of what began there and is over: a report is about its own days. It goes on where they
/// show it by themselves: they are nearer to it, within sources, than to what is usual, and beyond what chance
/// makes of that.
fn over_before(period: &Range<usize>, cells: &Cells, found: &Found) -> Option<Range<usize>> {
    let (window, from) = (&found.window, period.start);
    if window.start >= from {
        return None;
    }
    let own = from..window.end;
    let rate = |events: u64, exposure: u64| if exposure > 0 { events as f64 / exposure as f64 } else { 0.0 };
    // Events on the period's own days of it: those there are, and those due at the rates outside of it and inside.
    let (mut seen, mut usual, mut told, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for source in 0..cells.strata() {
        let (all, inside) = (cells.within(source, 0..cells.days()), cells.within(source, window.clone()));
        let (events, exposure) = cells.within(source, own.clone());
        let outside = rate(all.0 - inside.0, all.1 - inside.1);
        seen += events as f64;
        usual += outside * exposure as f64;
        told += rate(inside.0, inside.1) * exposure as f64;
        variance += outside * (1.0 - outside) * exposure as f64 * found.phi;
    }
    let nearer = if found.is_up() { 2.0 * seen > usual + told } else { 2.0 * seen < usual + told };
    let plain = (seen - usual).powi(2) > ONE_SIDED * ONE_SIDED * variance;
    (!nearer || !plain).then_some(window.start..from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: usize = 30;
    /// The last two days.
    const PERIOD: Range<usize> = 28..DAYS;

    /// Two sources of 100 records a day; of each a twentieth speaks of the topic, but for these days and numbers.
    fn cells(days: Range<usize>, mentions: u32, last: u32) -> Cells {
        let of = |day: usize| match day {
            day if PERIOD.contains(&day) => last,
            day if days.contains(&day) => mentions,
            _ => 5,
        };
        let events: Vec<u32> = (0..2 * DAYS).map(|at| of(at % DAYS)).collect();
        Cells::new(DAYS, events, vec![100; 2 * DAYS])
    }

    fn found(cells: &Cells, window: Range<usize>) -> Found {
        let of = |days: Range<usize>| (0..2).map(|source| cells.within(source, days.clone()).0).sum::<u64>();
        let (observed, total) = (of(window.clone()) as f64, of(0..DAYS) as f64);
        let expected = total * window.len() as f64 / DAYS as f64;
        Found { window, observed, expected, total, scatter: 0.0, phi: 1.0, statistic: 9.0, p: 0.001 }
    }

    #[test]
    fn what_was_over_before_the_period_is_no_change_of_it() {
        for (mentions, last, over) in
            [(20, 5, true), (20, 8, true), (20, 20, false), (20, 16, false), (0, 5, true), (0, 0, false)]
        {
            let cells = cells(20..28, mentions, last);
            let told = over_before(&PERIOD, &cells, &found(&cells, 20..DAYS));
            assert_eq!(told, over.then_some(20..28), "{mentions} a day, then {last}");
        }
    }

    #[test]
    fn what_begins_in_the_period_is_never_over_before_it() {
        let cells = cells(26..28, 20, 5);
        for start in [28, 29] {
            assert_eq!(over_before(&PERIOD, &cells, &found(&cells, start..DAYS)), None, "{start}");
        }
    }

    /// Neither no records nor a hair more than usual tell that something goes on.
    #[test]
    fn the_days_of_the_period_show_by_themselves_that_a_change_goes_on() {
        let silent = cells(26..28, 20, 5).without(&PERIOD);
        assert_eq!(over_before(&PERIOD, &silent, &found(&silent, 26..DAYS)), Some(26..28));
        // Seven where six are nearer to five: one day of so few is no evidence.
        let (slight, last_day) = (cells(20..28, 7, 7), DAYS - 1..DAYS);
        assert_eq!(over_before(&last_day, &slight, &found(&slight, 20..DAYS)), Some(20..DAYS - 1));
    }
}
