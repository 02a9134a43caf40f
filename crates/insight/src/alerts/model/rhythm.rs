//! The week's rhythm: how an hour of the week compares with an average one.

use crate::alerts::hour::{A_DAY, A_WEEK};

/// Records that a usual share is worth before any was seen: factors are drawn towards 1, those of a single hour of a
/// single day towards what the day and the hour make by themselves. (A gamma prior with a mean of 1.)
const PRIOR: f64 = 20.0;
const PRIOR_CELL: f64 = 20.0;

/// Records and hours by hour of the week.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Week {
    pub records: [f64; A_WEEK],
    pub hours: [f64; A_WEEK],
}

impl Week {
    pub fn new() -> Self {
        Self { records: [0.0; A_WEEK], hours: [0.0; A_WEEK] }
    }

    pub fn add(&mut self, of_week: usize, records: u32) {
        self.records[of_week] += f64::from(records);
        self.hours[of_week] += 1.0;
    }

    /// Records and hours in all.
    pub fn totals(&self) -> (f64, f64) {
        (self.records.iter().sum(), self.hours.iter().sum())
    }

    /// A factor for each hour of the week, about 1 on average; flat where little was counted.
    pub fn rhythm(&self) -> [f64; A_WEEK] {
        let (records, hours) = self.totals();
        let mut rhythm = [1.0; A_WEEK];
        if hours <= 0.0 {
            return rhythm;
        }
        let level = (records + 0.5) / hours;
        self.refine::<7>(&mut rhythm, level, PRIOR, |cell| cell / A_DAY);
        self.refine::<A_DAY>(&mut rhythm, level, PRIOR, |cell| cell % A_DAY);
        self.refine::<A_WEEK>(&mut rhythm, level, PRIOR_CELL, |cell| cell);
        rhythm
    }

    /// Multiplies the factors of each group of hours by what was seen in it over what they had expected.
    fn refine<const GROUPS: usize>(
        &self,
        rhythm: &mut [f64; A_WEEK],
        level: f64,
        prior: f64,
        group: impl Fn(usize) -> usize,
    ) {
        let (mut seen, mut expected) = ([prior; GROUPS], [prior; GROUPS]);
        for (cell, factor) in rhythm.iter().enumerate() {
            seen[group(cell)] += self.records[cell];
            expected[group(cell)] += level * self.hours[cell] * factor;
        }
        for (cell, factor) in rhythm.iter_mut().enumerate() {
            *factor *= seen[group(cell)] / expected[group(cell)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight weeks with `of(hour of the week)` records an hour.
    fn weeks(of: impl Fn(usize) -> u32) -> Week {
        let mut week = Week::new();
        for hour in 0..8 * A_WEEK {
            week.add(hour % A_WEEK, of(hour % A_WEEK));
        }
        week
    }

    #[test]
    fn many_records_show_their_rhythm() {
        let busy = |cell: usize| if cell / A_DAY < 5 && cell % A_DAY < 12 { 30 } else { 10 };
        let rhythm = weeks(busy).rhythm();
        let mean = (60.0 * 30.0 + 108.0 * 10.0) / 168.0;
        assert!((rhythm[5] - 30.0 / mean).abs() < 0.1, "{}", rhythm[5]);
        assert!((rhythm[150] - 10.0 / mean).abs() < 0.1, "{}", rhythm[150]);
        let average = rhythm.iter().sum::<f64>() / A_WEEK as f64;
        assert!((average - 1.0).abs() < 0.04, "{average}");
    }

    #[test]
    fn few_records_show_none() {
        // One a week, on Monday at nine.
        let rhythm = weeks(|cell| u32::from(cell == 9)).rhythm();
        assert!(rhythm.iter().all(|factor| (0.6..3.0).contains(factor)), "{rhythm:?}");
        assert_eq!(Week::new().rhythm(), [1.0; A_WEEK]);
    }
}
