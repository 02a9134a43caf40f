//! Means of scores on a bounded scale: customer effort, stars.

use super::{
    Interval,
    distribution::{t_two_sided, t95},
};

/// What a mean needs, and what adds up over days.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    pub n: u64,
    pub sum: f64,
    pub sum_sq: f64,
}

impl Moments {
    pub fn add(&mut self, value: f64) {
        self.n += 1;
        self.sum += value;
        self.sum_sq += value * value;
    }

    #[must_use]
    pub fn mean(self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / self.n as f64)
    }

    /// The sample variance; `None` for fewer than two values.
    #[must_use]
    pub fn variance(self) -> Option<f64> {
        let n = self.n as f64;
        (self.n > 1).then(|| ((self.sum_sq - self.sum * self.sum / n) / (n - 1.0)).max(0.0))
    }

    /// Student's t interval, cut to the scale it stands on; the whole scale for fewer than two values.
    #[must_use]
    pub fn interval(self, scale: Interval) -> Interval {
        let half = || Some(t95(self.n as f64 - 1.0)? * (self.variance()? / self.n as f64).sqrt());
        match (self.mean(), half()) {
            (Some(mean), Some(half)) => {
                Interval::new((mean - half).max(scale.low), (mean + half).min(scale.high))
            }
            _ => scale,
        }
    }
}

/// How a mean moved, with its interval and the p-value of Welch's unequal-variances t-test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanChange {
    pub value: f64,
    pub interval: Interval,
    pub p: f64,
}

/// `now - before` (Welch 1947); `None` where either has fewer than two values or neither varies.
#[must_use]
pub fn welch(now: Moments, before: Moments) -> Option<MeanChange> {
    let value = now.mean()? - before.mean()?;
    let (va, vb) = (now.variance()? / now.n as f64, before.variance()? / before.n as f64);
    let se2 = va + vb;
    if se2 <= 0.0 {
        return None;
    }
    let df = se2 * se2 / (va * va / (now.n as f64 - 1.0) + vb * vb / (before.n as f64 - 1.0));
    let (half, p) = (t95(df)? * se2.sqrt(), t_two_sided(value / se2.sqrt(), df)?);
    Some(MeanChange { value, interval: Interval::new(value - half, value + half), p })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Moments {
        let mut moments = Moments::default();
        values.iter().for_each(|v| moments.add(*v));
        moments
    }

    // Student 1908, the sleep data: drug 1 and drug 2 (R: datasets::sleep).
    const ONE: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const TWO: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    // R 4: t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p = 0.07939,
    // 95 percent confidence interval -3.3654832 0.2054832.
    #[test]
    fn welch_agrees_with_r() {
        let change = welch(of(&ONE), of(&TWO)).unwrap();
        assert!((change.value + 1.58).abs() < 1e-12);
        assert!((change.p - 0.079_394_14).abs() < 1e-7, "{}", change.p);
        assert!((change.interval.low + 3.365_483_2).abs() < 1e-6, "{:?}", change.interval);
        assert!((change.interval.high - 0.205_483_2).abs() < 1e-6);
    }

    // R 4: t.test(sleep$extra[1:10])$conf.int: -0.5297804 2.0297804.
    #[test]
    fn the_t_interval_agrees_with_r() {
        let interval = of(&ONE).interval(Interval::new(-10.0, 10.0));
        assert!((interval.low + 0.529_780_4).abs() < 1e-6, "{interval:?}");
        assert!((interval.high - 2.029_780_4).abs() < 1e-6);
    }

    #[test]
    fn too_few_values_leave_the_scale_open() {
        let scale = Interval::new(1.0, 7.0);
        assert_eq!(of(&[]).interval(scale), scale);
        assert_eq!(of(&[6.0]).interval(scale), scale);
        assert_eq!(welch(of(&[6.0]), of(&TWO)), None);
        assert_eq!(welch(of(&[6.0, 6.0]), of(&[6.0, 6.0])), None);
    }
}
