//! The windows a scan looks at.

use std::ops::Range;

/// Days before the end of the study that a window must leave outside, so that there is something to
/// compare with.
const LEAST_OUTSIDE: usize = 7;
/// Up to this length every number of days is tried; beyond, whole weeks.
const DAILY: usize = 14;

/// Every window of 1 to 14 days and of whole weeks, up to the study's length less one week, that says
/// something of `period`: it begins there, or goes on to its end, or lies there by half. (A stretch of history
/// that reaches into the first days of the period is better told as what came after it; so is one that takes
/// more than half of the study, or begins with it and lasts.) Days are counted from the start of the
/// study, which is `days` long.
#[must_use]
pub fn windows(days: usize, period: &Range<usize>) -> Vec<Range<usize>> {
    let longest = days.saturating_sub(LEAST_OUTSIDE);
    let lengths = (1..=DAILY).chain((DAILY + 7..).step_by(7).take_while(|l| *l <= longest));
    let mut all = Vec::new();
    for length in lengths.take_while(|l| *l <= longest) {
        let from = period.start.saturating_sub(length - 1);
        let to = period.end.min(days - length + 1);
        let says = |w: &Range<usize>| {
            let within = w.end.min(period.end) - w.start.max(period.start);
            let told_by_its_end = 2 * length > days || (w.start == 0 && length > DAILY);
            w.end == days || !told_by_its_end && (w.start >= period.start || 2 * within >= length)
        };
        all.extend((from..to).map(|start| start..start + length).filter(says));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_touches_the_period_and_leaves_a_week() {
        let all = windows(84, &(70..84));
        assert!(all.iter().all(|w| w.end > 70 && w.end <= 84 && w.len() <= 77));
        assert!(all.contains(&(70..71)) && all.contains(&(83..84)) && all.contains(&(7..84)));
        assert!(all.contains(&(63..77)) && !all.contains(&(62..76)));
        assert!(all.contains(&(63..84)) && all.contains(&(42..84)) && !all.contains(&(56..77)));
        let whole = windows(84, &(0..84));
        assert!(whole.contains(&(56..84)) && !whole.contains(&(0..56)) && !whole.contains(&(1..57)));
        assert!(whole.contains(&(0..14)) && whole.contains(&(20..62)) && !whole.contains(&(0..42)));
    }

    #[test]
    fn a_study_without_a_week_to_compare_with_has_none() {
        assert!(windows(7, &(0..7)).is_empty());
        assert!(windows(0, &(0..0)).is_empty());
        assert_eq!(windows(8, &(0..8)).len(), 8);
    }
}
