//! On which days the reports may be that a case is in reach of: a wider net than the rules of cases, which decide.

use feedback::time::{Day, Timestamp};
use insight::cases::CaseRules;
use std::collections::BTreeSet;

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// From a first day to a last one: around the case's own reports, and behind its resolution.
pub type Reach = [Option<(Day, Day)>; 2];

fn micros(days: u32) -> i64 {
    // Somebody may want no end of it.
    i64::from(days).saturating_mul(MICROS_PER_DAY)
}

/// Where nothing says when its reports occurred, any day.
pub fn reach(
    seen: Option<(Timestamp, Timestamp)>,
    resolved_at: Option<Timestamp>,
    rules: &CaseRules,
) -> Reach {
    let (window, reopen) = (micros(rules.window_days), micros(rules.reopen_days));
    let around = seen.map_or((Day(i32::MIN), Day(i32::MAX)), |(first, last)| {
        let (from, to) = (first.0.saturating_sub(window), last.0.saturating_add(window));
        (Timestamp(from).day(), Timestamp(to).day())
    });
    let behind = resolved_at.map(|at| (at.day(), Timestamp(at.0.saturating_add(reopen)).day()));
    [Some(around), behind]
}

/// Whether it has one of these days.
pub fn meets(reach: &Reach, days: &BTreeSet<Day>) -> bool {
    reach.iter().flatten().any(|(from, to)| days.range(*from..=*to).next().is_some())
}

/// The first day of the window before a day.
pub fn window_before(day: Day, rules: &CaseRules) -> Day {
    Timestamp(day.start().0.saturating_sub(micros(rules.window_days))).day()
}

#[cfg(test)]
mod tests {
    use super::super::book::Book;
    use super::super::testing::{life, opened};
    use super::*;

    #[test]
    fn only_cases_within_reach_of_the_days_are_read() {
        let mut book = Book::default();
        book.take(&opened("aa01", "r1", 100 * MICROS_PER_DAY));
        let rules = CaseRules::default();
        let window = rules.window_days as i32;
        let near = |book: &Book, days: &[i32]| {
            let case = &book.cases["aa01"];
            let days: BTreeSet<Day> = days.iter().copied().map(Day).collect();
            meets(&reach(case.seen(), case.life.resolved_at, &rules), &days)
        };
        // It occurred at the very end of day 99.
        assert!(near(&book, &[101]) && near(&book, &[300, 99 + window]) && near(&book, &[0, 99 - window]));
        assert!(!near(&book, &[100 + window, 300]) && !near(&book, &[0, 98 - window]));
        assert!(!near(&book, &[0, 300]), "what lies between two days is none of theirs");
        book.take(&life("aa01", "resolved", 110 * MICROS_PER_DAY, "jane"));
        assert!(near(&book, &[140]) && !near(&book, &[141, 150]), "it may come back for 30 days");
        let endless = CaseRules { window_days: u32::MAX, reopen_days: u32::MAX, ..CaseRules::default() };
        let case = &book.cases["aa01"];
        let days = BTreeSet::from([Day(-100_000)]);
        assert!(meets(&reach(case.seen(), case.life.resolved_at, &endless), &days));
        assert!(meets(&reach(None, None, &rules), &days), "nothing says when");
    }
}
