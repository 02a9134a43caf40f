//! Of how much of what is watched anything could be said. That nothing was found says nothing where that is none of it.

use crate::output::grouped;
use feedback::time::Day;
use insight::alerts::Coverage;

/// A sentence on it; `until` is the last day that was looked at.
pub fn said(coverage: &Coverage, until: Day) -> String {
    lacking(coverage, until).unwrap_or_else(|| {
        let [speaking, series] = [coverage.speaking, coverage.series].map(|number| grouped(number as u64));
        format!(
            "Of {speaking} of the {series} series that are watched there is history enough to say something."
        )
    })
}

/// Why nothing could be said of anything, if so.
pub fn lacking(coverage: &Coverage, until: Day) -> Option<String> {
    let why = match (coverage, coverage.from) {
        (Coverage { speaking: 1.., .. }, _) => return None,
        (Coverage { series: 0, .. }, _) => {
            format!("there is no feedback up to {until} of what is watched")
        }
        (_, Some(from)) if from > until => {
            format!(
                "of what is watched nothing is a week old on {until}; something can be said from {from} on"
            )
        }
        _ => format!("of what is watched there are too few records up to {until}"),
    };
    Some(format!("Not enough history: {why}."))
}

/// From when on something could be said, where that was only after `from`.
pub fn since(coverage: &Coverage, from: Day) -> Option<String> {
    let since = coverage.from.filter(|since| *since > from)?;
    Some(format!("Before {since} there was too little history to say anything."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day = Day(20_514);

    fn of(speaking: usize, series: usize, from: Option<Day>) -> Coverage {
        Coverage { speaking, series, from }
    }

    #[test]
    fn too_little_history_is_told_from_nothing_found() {
        let said = |coverage: Coverage| said(&coverage, DAY);
        assert_eq!(
            said(of(0, 0, None)),
            "Not enough history: there is no feedback up to 2026-03-02 of what is watched."
        );
        assert_eq!(
            said(of(0, 6, Some(DAY.plus(3)))),
            "Not enough history: of what is watched nothing is a week old on 2026-03-02; something can be said from \
             2026-03-05 on."
        );
        for from in [None, Some(DAY)] {
            assert_eq!(
                said(of(0, 6, from)),
                "Not enough history: of what is watched there are too few records up to 2026-03-02."
            );
        }
        assert_eq!(
            said(of(12, 1_034, Some(DAY))),
            "Of 12 of the 1,034 series that are watched there is history enough to say something."
        );
    }

    #[test]
    fn what_came_before_there_was_enough_is_told() {
        assert_eq!(since(&of(3, 6, Some(DAY)), DAY), None);
        let told = since(&of(3, 6, Some(DAY)), DAY.plus(-1)).unwrap();
        assert_eq!(told, "Before 2026-03-02 there was too little history to say anything.");
        assert_eq!(since(&of(0, 6, None), DAY), None);
    }
}
