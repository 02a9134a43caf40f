//! Net Promoter Score: the share of 9 and 10 less the share of 0 to 6, in points from -100 to 100.

use super::{Interval, Z95, distribution::normal_two_sided};

/// The category of an answer on the scale of 0 to 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// 9 and 10.
    Promoter,
    /// 7 and 8.
    Passive,
    /// 0 to 6.
    Detractor,
}

impl Category {
    #[must_use]
    pub fn of(score: f64) -> Self {
        match score {
            score if score >= 9.0 => Self::Promoter,
            score if score >= 7.0 => Self::Passive,
            _ => Self::Detractor,
        }
    }
}

/// Answers by category, recomputed from the score (vendors mislabel).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NpsCounts {
    pub promoters: u64,
    pub passives: u64,
    pub detractors: u64,
}

impl NpsCounts {
    /// Counts one answer on the scale of 0 to 10.
    pub fn add(&mut self, score: f64) {
        match Category::of(score) {
            Category::Promoter => self.promoters += 1,
            Category::Passive => self.passives += 1,
            Category::Detractor => self.detractors += 1,
        }
    }

    #[must_use]
    pub fn n(self) -> u64 {
        self.promoters + self.passives + self.detractors
    }

    /// In points; `None` without answers.
    #[must_use]
    pub fn score(self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| 100.0 * (self.promoters as f64 - self.detractors as f64) / n as f64)
    }

    /// The adjusted Wald interval, in points: 3 answers are added, 3/4 of one to the promoters and as much
    /// to the detractors (Rocks 2016, "Interval estimation for the Net Promoter Score", The American
    /// Statistician 70:365).
    #[must_use]
    pub fn interval(self) -> Interval {
        let (score, se) = self.adjusted();
        Interval::new((score - Z95 * se).max(-1.0), (score + Z95 * se).min(1.0)).scaled(100.0)
    }

    /// The adjusted score and its standard error, as fractions.
    fn adjusted(self) -> (f64, f64) {
        let n = self.n() as f64 + 3.0;
        let p = (self.promoters as f64 + 0.75) / n;
        let d = (self.detractors as f64 + 0.75) / n;
        (p - d, ((p + d - (p - d).powi(2)) / n).sqrt())
    }
}

/// How a score moved, in points, with its interval and the two-sided p-value of the z-test on the
/// adjusted values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NpsChange {
    pub points: f64,
    pub interval: Interval,
    pub p: f64,
}

/// `now - before`; `None` where either has no answers.
#[must_use]
pub fn change(now: NpsCounts, before: NpsCounts) -> Option<NpsChange> {
    let points = now.score()? - before.score()?;
    let ((a, sa), (b, sb)) = (now.adjusted(), before.adjusted());
    let se = sa.hypot(sb);
    let interval = Interval::new(a - b - Z95 * se, a - b + Z95 * se).scaled(100.0);
    Some(NpsChange { points, interval, p: normal_two_sided((a - b) / se) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(promoters: u64, passives: u64, detractors: u64) -> NpsCounts {
        NpsCounts { promoters, passives, detractors }
    }

    fn half_width(c: NpsCounts) -> f64 {
        (c.interval().high - c.interval().low) / 2.0
    }

    // The widths that the literature names at 50% promoters and 20% detractors: about 15 points for 100
    // answers and 4.8 for 1,000.
    #[test]
    fn the_usual_widths() {
        assert!((half_width(counts(50, 30, 20)) - 15.1).abs() < 0.15, "{}", half_width(counts(50, 30, 20)));
        assert!((half_width(counts(500, 300, 200)) - 4.83).abs() < 0.05);
    }

    // By hand from Rocks's formula: n = 13, p = 6.75/13, d = 2.75/13.
    #[test]
    fn a_small_sample_by_hand() {
        let interval = counts(6, 2, 2).interval();
        let (p, d) = (6.75 / 13.0, 2.75 / 13.0);
        let half = 1.959_963_984_540_054 * ((p + d - (p - d) * (p - d)) / 13.0f64).sqrt();
        assert!((interval.low - 100.0 * (p - d - half)).abs() < 1e-9);
        assert!((interval.high - 100.0 * (p - d + half)).abs() < 1e-9);
        assert_eq!(counts(6, 2, 2).score(), Some(40.0));
    }

    #[test]
    fn extremes_keep_an_open_interval() {
        let all = counts(12, 0, 0).interval();
        assert!(all.low < 100.0 && all.high <= 100.0 && all.low > 50.0, "{all:?}");
        assert_eq!(counts(0, 0, 0).score(), None);
    }

    // "Seeing a 10-point change at 80% power takes about 960 a period": the z at 960 answers a period
    // is then about 1.96 + 0.84.
    #[test]
    fn the_power_that_is_promised() {
        // 960 answers at 50/20 (NPS 30) and at 45/25 (NPS 20).
        let moved = change(counts(480, 288, 192), counts(432, 288, 240)).unwrap();
        assert!((moved.points - 10.0).abs() < 1e-9);
        let z = 1.96 * 10.0 / ((moved.interval.high - moved.interval.low) / 2.0);
        assert!((2.6..3.0).contains(&z), "{z}");
        assert!((0.002..0.009).contains(&moved.p), "{}", moved.p);
    }

    #[test]
    fn categories_follow_the_score() {
        let mut c = NpsCounts::default();
        (0..=10).for_each(|score| c.add(f64::from(score)));
        assert_eq!(c, counts(2, 2, 7));
    }
}
