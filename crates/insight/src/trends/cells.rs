//! Counts by stratum and day: what a scan looks at.

use crate::stats::rng::Rng;

/// Events among an exposure, by stratum (a source kind) and day; `events <= exposure` in every cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cells {
    days: usize,
    /// Stratum by stratum, each `days` long.
    events: Vec<u32>,
    exposure: Vec<u32>,
}

impl Cells {
    /// Both are laid out stratum by stratum. An event without exposure is given one.
    #[must_use]
    pub fn new(days: usize, events: Vec<u32>, mut exposure: Vec<u32>) -> Self {
        assert!(events.len() == exposure.len() && events.len().is_multiple_of(days.max(1)));
        exposure.iter_mut().zip(&events).for_each(|(e, c)| *e = (*e).max(*c));
        Self { days, events, exposure }
    }

    #[must_use]
    pub fn days(&self) -> usize {
        self.days
    }

    #[must_use]
    pub fn strata(&self) -> usize {
        self.events.len() / self.days.max(1)
    }

    #[must_use]
    pub fn events(&self, stratum: usize) -> &[u32] {
        &self.events[stratum * self.days..][..self.days]
    }

    #[must_use]
    pub fn exposure(&self, stratum: usize) -> &[u32] {
        &self.exposure[stratum * self.days..][..self.days]
    }

    #[must_use]
    pub fn total_events(&self) -> u64 {
        self.events.iter().map(|c| u64::from(*c)).sum()
    }

    /// `(events, exposure)` of a stratum on the days of a window.
    #[must_use]
    pub fn within(&self, stratum: usize, window: std::ops::Range<usize>) -> (u64, u64) {
        let sum = |of: &[u32]| of[window.clone()].iter().map(|n| u64::from(*n)).sum();
        (sum(self.events(stratum)), sum(self.exposure(stratum)))
    }

    /// The same with neither events nor exposure on the days of a window.
    #[must_use]
    pub fn without(&self, window: &std::ops::Range<usize>) -> Self {
        let mut left = self.clone();
        for stratum in 0..self.strata() {
            for day in window.clone() {
                left.events[stratum * self.days + day] = 0;
                left.exposure[stratum * self.days + day] = 0;
            }
        }
        left
    }

    /// Stratum by stratum.
    pub(super) fn all_events(&self) -> &[u32] {
        &self.events
    }
}

/// What a day's total is due to be over all strata.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ExpectedDay {
    pub mean: f64,
    /// Binomial.
    pub variance: f64,
}

impl ExpectedDay {
    /// The variance over the binomial one, where the day's rates scatter by a factor of variance `scatter`.
    pub fn dispersion(self, scatter: f64) -> f64 {
        if self.variance > 0.0 { 1.0 + scatter * self.mean * self.mean / self.variance } else { 1.0 }
    }
}

/// At a rate for each stratum.
pub(super) fn expected_days(cells: &Cells, rates: &[f64]) -> Vec<ExpectedDay> {
    let mut days = vec![ExpectedDay::default(); cells.days];
    for (stratum, rate) in rates.iter().enumerate() {
        for (day, n) in days.iter_mut().zip(cells.exposure(stratum)) {
            let mean = rate * f64::from(*n);
            day.mean += mean;
            day.variance += mean * (1.0 - rate);
        }
    }
    days
}

/// Draws counts as they fall when nothing moved: in every cell a beta-binomial count with the stratum's own
/// rate. A day's total scatters beyond chance as if the day's rates were multiplied by a factor of
/// variance `scatter`. Drawn by inversion from tables made once.
#[derive(Debug)]
pub struct NullModel {
    cells: Vec<(usize, Draw)>,
    tables: Vec<f64>,
}

#[derive(Debug)]
enum Draw {
    /// A cumulative table at `tables[from..to]`, whose first entry belongs to the count `first`.
    Table { from: usize, to: usize, first: u32 },
    /// So wide that a rounded normal is as good.
    Normal { mean: f64, sd: f64, most: u32 },
}

impl NullModel {
    #[must_use]
    pub fn fit(cells: &Cells, scatter: f64) -> Self {
        let mut model = Self { cells: Vec::new(), tables: Vec::new() };
        let rates: Vec<f64> = (0..cells.strata())
            .map(|stratum| cells.within(stratum, 0..cells.days))
            .map(|(events, exposure)| if exposure > 0 { events as f64 / exposure as f64 } else { 0.0 })
            .collect();
        let phi: Vec<f64> = expected_days(cells, &rates).iter().map(|day| day.dispersion(scatter)).collect();
        for (stratum, rate) in rates.into_iter().enumerate() {
            for (day, n) in cells.exposure(stratum).iter().enumerate() {
                if *n > 0 && rate > 0.0 {
                    let draw = model.cell(*n, rate, phi[day]);
                    model.cells.push((stratum * cells.days + day, draw));
                }
            }
        }
        model
    }

    /// A single cell at a given rate: for making streams to test with.
    #[cfg(test)]
    pub(super) fn single(n: u32, rate: f64, phi: f64) -> Self {
        let mut model = Self { cells: Vec::new(), tables: Vec::new() };
        if n > 0 && rate > 0.0 {
            let draw = model.cell(n, rate, phi);
            model.cells.push((0, draw));
        }
        model
    }

    fn cell(&mut self, n: u32, rate: f64, phi: f64) -> Draw {
        let size = f64::from(n);
        let mean = size * rate;
        let sd = (mean * (1.0 - rate) * phi.min(size)).sqrt();
        if rate >= 1.0 {
            return Draw::Normal { mean, sd: 0.0, most: n };
        }
        if sd > 60.0 {
            return Draw::Normal { mean, sd, most: n };
        }
        let from = self.tables.len();
        let first = push_cumulative(&mut self.tables, n, rate, phi);
        Draw::Table { from, to: self.tables.len(), first }
    }

    /// Fills `events` (laid out as in [`Cells`]) with a replicate.
    pub fn draw(&self, rng: &mut Rng, events: &mut [u32]) {
        events.fill(0);
        for (at, draw) in &self.cells {
            events[*at] = match *draw {
                Draw::Table { from, to, first } => {
                    let table = &self.tables[from..to];
                    let u = rng.uniform();
                    let step = if table.len() <= 16 {
                        table.iter().take_while(|c| **c <= u).count()
                    } else {
                        table.partition_point(|c| *c <= u)
                    };
                    first + step.min(table.len() - 1) as u32
                }
                Draw::Normal { mean, sd, most } => {
                    (mean + sd * rng.normal()).round().clamp(0.0, f64::from(most)) as u32
                }
            };
        }
    }
}

/// Appends the cumulative probabilities of the beta-binomial (binomial for `phi` of 1) from the first count
/// that matters, which it returns. By the ratio of neighbours, starting at the mean.
fn push_cumulative(tables: &mut Vec<f64>, n: u32, rate: f64, phi: f64) -> u32 {
    // Relative weight below which a tail is cut off.
    const CUT: f64 = 1e-12;
    let size = f64::from(n);
    // The correlation within a cell that gives this dispersion; a single trial cannot disperse.
    let rho = if n > 1 { ((phi - 1.0) / (size - 1.0)).clamp(0.0, 0.5) } else { 0.0 };
    // P(k + 1) / P(k), scaled so that rho = 0 is the binomial.
    let (a, b, s) = (rate * (1.0 - rho), (1.0 - rate) * (1.0 - rho), rho);
    let up = |k: f64| (size - k) * (a + s * k) / ((k + 1.0) * (b + s * (size - k - 1.0)));
    let start = (size * rate).floor().min(size);
    let mut most = 1.0_f64;
    let (mut below, mut weight, mut k) = (Vec::new(), 1.0_f64, start);
    while k >= 1.0 {
        weight /= up(k - 1.0);
        most = most.max(weight);
        if weight < CUT * most {
            break;
        }
        below.push(weight);
        k -= 1.0;
    }
    let first = start as u32 - below.len() as u32;
    let from = tables.len();
    tables.extend(below.iter().rev());
    tables.push(1.0);
    (weight, k) = (1.0, start);
    while k < size {
        weight *= up(k);
        most = most.max(weight);
        if weight < CUT * most {
            break;
        }
        tables.push(weight);
        k += 1.0;
    }
    let total: f64 = tables[from..].iter().sum();
    let mut sum = 0.0;
    for entry in &mut tables[from..] {
        sum += *entry;
        *entry = sum / total;
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(n: u32, rate: f64, phi: f64) -> (f64, f64) {
        let mut table = Vec::new();
        let first = f64::from(push_cumulative(&mut table, n, rate, phi));
        let (mut mean, mut square, mut before) = (0.0, 0.0, 0.0);
        for (step, c) in table.iter().enumerate() {
            let k = first + step as f64;
            mean += k * (c - before);
            square += k * k * (c - before);
            before = *c;
        }
        (mean, square - mean * mean)
    }

    #[test]
    fn tables_have_the_mean_and_the_dispersion_asked_for() {
        for (n, rate, phi) in
            [(1, 0.3, 1.0), (40, 0.07, 1.0), (40, 0.5, 2.0), (900, 0.03, 3.5), (6, 0.4, 1.7)]
        {
            let (mean, variance) = moments(n, rate, phi);
            let expected = f64::from(n) * rate;
            assert!((mean / expected - 1.0).abs() < 1e-6, "{n} {rate} {phi}: mean {mean}");
            let binomial = expected * (1.0 - rate);
            assert!((variance / (binomial * phi) - 1.0).abs() < 1e-4, "{n} {rate} {phi}: {variance}");
        }
    }

    // scipy 1.17.1: binom.cdf([0, 1, 2, 3], 12, 0.2).
    #[test]
    fn a_table_agrees_with_scipy() {
        let mut table = Vec::new();
        assert_eq!(push_cumulative(&mut table, 12, 0.2, 1.0), 0);
        let reference = [0.068_719_476_736, 0.274_877_906_944, 0.558_345_748_48, 0.794_568_949_76];
        for (c, r) in table.iter().zip(reference) {
            assert!((c - r).abs() < 1e-9, "{c} is not {r}");
        }
    }

    #[test]
    fn replicates_keep_to_the_exposure_and_the_rate() {
        let exposure: Vec<u32> =
            (0..60).map(|d| if d % 7 == 0 { 0 } else { 50_000 * (d % 3) + 20 }).collect();
        let events: Vec<u32> = exposure.iter().map(|e| e / 10).collect();
        let cells = Cells::new(30, events.clone(), exposure.clone());
        let model = NullModel::fit(&cells, 0.01);
        let (mut rng, mut drawn, mut total) = (Rng::new(3), vec![0; 60], 0u64);
        for _ in 0..200 {
            model.draw(&mut rng, &mut drawn);
            assert!(drawn.iter().zip(&exposure).all(|(c, e)| c <= e));
            total += drawn.iter().map(|c| u64::from(*c)).sum::<u64>();
        }
        let expected = 200.0 * cells.total_events() as f64;
        assert!((total as f64 / expected - 1.0).abs() < 0.01);
    }
}
