//! The temporal scan statistic: which stretch of days stands out most, and how surprising that is.
//!
//! Method: Kulldorff 2001 ("Prospective time periodic geographical disease surveillance using a scan
//! statistic", JRSS A 164:61), in time only, in both directions, stratified by source. Given the exposure
//! of every stratum and day, the events expected in a window follow from each stratum's own rate, so
//! neither a weekly rhythm of the exposure nor a burst of one source stands out. The log likelihood
//! ratio is put on the scale of the stratified variance and divided by the dispersion due in the window
//! (quasi-likelihood), when rates scatter from day to day as they do around the rates inside and outside (a
//! negative binomial's variance, as Noufaily et al. 2013 have it). Short windows are many and long ones few, so each
//! scale has a handicap of its own, or the many would hide a drift (Dümbgen and Spokoiny 2001,
//! "Multiscale testing of qualitative hypotheses", Ann Stat 29:124). The p-value is by parametric bootstrap:
//! beta-binomial replicates with the fitted dispersion go through the same steps, stopped early where
//! it is plain that nothing stands out (Besag and Clifford 1991), with a Gumbel's tail where it is
//! plain that something does (Abrams et al. 2010).

mod mirror;

use super::cells::{Cells, NullModel, expected_days};
use crate::stats::{distribution::Tail, rng::Rng};
use mirror::longest_episode;
pub use mirror::mirrored;
use std::ops::Range;

/// Replicates for a test that stays in doubt.
pub const REPLICATES: usize = 999;
/// Replicates at least as extreme as the data that settle a test as unremarkable.
const SETTLED: usize = 25;
/// With fewer replicates than this beyond the data the p-value is read off the fitted tail.
const TAIL: usize = 10;

/// By so much in log likelihood must a window that ended be better than one that goes on, and several episodes
/// than the change that they explain.
const PLAINLY: f64 = 3.0;

/// What a window must hold to be looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Least {
    /// Exposure inside and outside.
    pub exposure: f64,
    /// Observed or expected events, whichever is more.
    pub events: f64,
}

/// The window that stands out most.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Days since the start of the study.
    pub window: Range<usize>,
    pub observed: f64,
    /// At each stratum's rate over the whole study.
    pub expected: f64,
    /// Events in the whole study.
    pub total: f64,
    /// Variance of the factor by which rates scatter from day to day on either side of the window, beyond chance.
    pub scatter: f64,
    /// The variance in the window over that of chance alone; at least 1.
    pub phi: f64,
    /// Of the deflated log likelihood ratio less the handicap of the window's scale.
    pub statistic: f64,
    pub p: f64,
}

impl Found {
    /// More than expected.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.observed > self.expected
    }
}

/// Scans `cells`; `None` where no window holds enough to be looked at.
///
/// Half of the level goes to the windows that reach to the end of the study: what still goes on matters most, and
/// there are few of them, so that a drift is not held to the standard of two thousand episodes.
#[must_use]
pub fn scan(cells: &Cells, windows: &[Range<usize>], least: Least, rng: &mut Rng) -> Option<Found> {
    let (ongoing, over): (Vec<_>, Vec<_>) = windows.iter().cloned().partition(|w| w.end == cells.days());
    let ongoing = most_unusual(cells, &ongoing, least, rng);
    let over = most_unusual(cells, &over, least, rng);
    let (Some(ongoing), Some(over)) = (&ongoing, &over) else { return ongoing.or(over) };
    // A quiet last day or two do not end a change, and the long time before it is but its mirror image, unless the data
    // say otherwise plainly; what came after an episode, on other days or the other way, is another one.
    let plainly = over.statistic > ongoing.statistic + PLAINLY;
    let same = over.is_up() == ongoing.is_up() && !are_apart(&over.window, &ongoing.window);
    let one_change = same || over.window.len() > longest_episode(cells.days());
    let goes_on = ongoing.p <= over.p || (ongoing.p <= 0.01 && one_change && !plainly);
    let told = if goes_on { ongoing } else { over };
    Some(Found { p: (2.0 * ongoing.p.min(over.p)).min(1.0), ..told.clone() })
}

/// Whether two windows have no day in common.
#[must_use]
pub fn are_apart(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.end <= other.start || other.end <= one.start
}

fn most_unusual(cells: &Cells, windows: &[Range<usize>], least: Least, rng: &mut Rng) -> Option<Found> {
    let scanner = Scanner::new(cells, windows, least);
    let mut work = Work::default();
    let found = scanner.most_unusual(cells.all_events(), &mut work)?;
    let null = NullModel::fit(cells, found.scatter);
    let mut drawn = vec![0; cells.all_events().len()];
    let p = p_value(found.statistic, || {
        null.draw(rng, &mut drawn);
        scanner.most_unusual(&drawn, &mut work).map_or(0.0, |replicate| replicate.statistic)
    });
    Some(Found { p, ..found })
}

/// The statistic of a window: the root of twice the ratio, as far from 0 as a standard normal would be, less
/// the handicap; squared again, so that its tail falls exponentially. Divided by a dispersion that is itself
/// estimated from so many days, a ratio has a tail like a squared t, which is taken off first.
fn statistic(ratio: f64, phi: f64, handicap: f64, days: usize) -> f64 {
    let df = days.max(2) as f64 - 1.0;
    let light = if phi > 1.0 { df / 2.0 * (2.0 * ratio / phi / df).ln_1p() } else { ratio };
    // What a window of a tenth of the study is spared: it keeps usual values above 0.
    const LEVEL: f64 = 2.57;
    ((2.0 * light).sqrt() - handicap + LEVEL).max(0.0).powi(2) / 2.0
}

/// `sqrt(2 ln(e / part))` for a window with this part of the study.
fn handicap(part: f64) -> f64 {
    (2.0 * (1.0 - part.clamp(1e-9, 1.0).ln())).sqrt()
}

/// The chance that `replicate` gives at least `statistic`.
fn p_value(statistic: f64, mut replicate: impl FnMut() -> f64) -> f64 {
    let mut drawn = Vec::with_capacity(REPLICATES);
    let mut beyond = 0;
    while drawn.len() < REPLICATES {
        let value = replicate();
        drawn.push(value);
        beyond += usize::from(value >= statistic);
        if beyond == SETTLED {
            return SETTLED as f64 / drawn.len() as f64;
        }
    }
    let rank = (beyond + 1) as f64 / (REPLICATES + 1) as f64;
    if beyond >= TAIL {
        return rank;
    }
    Tail::fit(&drawn).map_or(rank, |tail| tail.upper(statistic))
}

/// What stays the same for the data and every replicate: the exposure, seen through every window.
struct Scanner<'a> {
    cells: &'a Cells,
    windows: Vec<Range<usize>>,
    least: Least,
    /// Only windows with more events than expected, or only with fewer.
    up: Option<bool>,
    /// Exposure of each stratum over the study, of all of them, and of all of them in every window.
    totals: Vec<f64>,
    exposure: f64,
    held: Vec<f64>,
    handicap: Vec<f64>,
    /// By stratum, then window: the part of the stratum's exposure that lies inside, `a`, and
    /// `a (1 - a) E / (E - 1)`, the factor of the hypergeometric variance.
    inside: Vec<f64>,
    spread: Vec<f64>,
}

/// Buffers of one evaluation.
#[derive(Default)]
struct Work {
    /// Events of each stratum over the study.
    totals: Vec<f64>,
    /// Events up to each day, over all strata.
    prefix: Vec<f64>,
    expected: Vec<f64>,
    variance: Vec<f64>,
}

impl<'a> Scanner<'a> {
    fn new(cells: &'a Cells, windows: &[Range<usize>], least: Least) -> Self {
        let strata = cells.strata();
        let prefix: Vec<Vec<f64>> = (0..strata).map(|s| prefix_sums(cells.exposure(s))).collect();
        let totals: Vec<f64> = prefix.iter().map(|p| p[cells.days()]).collect();
        let all: f64 = totals.iter().sum();
        let sum = |w: &Range<usize>| prefix.iter().map(|p| p[w.end] - p[w.start]).sum::<f64>();
        let enough = |w: &&Range<usize>| {
            let inside = sum(w);
            inside >= least.exposure && all - inside >= least.exposure
        };
        let windows: Vec<Range<usize>> = windows.iter().filter(enough).cloned().collect();
        let held: Vec<f64> = windows.iter().map(sum).collect();
        // The smaller side decides: a window of nine tenths is as many as one of a tenth.
        let handicap = held.iter().map(|held| handicap(held.min(all - held) / all)).collect();
        let (mut inside, mut spread) = (Vec::new(), Vec::new());
        for (prefix, total) in prefix.iter().zip(&totals) {
            for w in &windows {
                let a = if *total > 0.0 { (prefix[w.end] - prefix[w.start]) / total } else { 0.0 };
                inside.push(a);
                spread.push(if *total > 1.0 { a * (1.0 - a) * total / (total - 1.0) } else { 0.0 });
            }
        }
        Self { cells, windows, least, up: None, totals, exposure: all, held, handicap, inside, spread }
    }

    /// Expected events and their variance in every window, given each stratum's total.
    fn expect(&self, events: &[u32], work: &mut Work) {
        let (days, n) = (self.cells.days(), self.windows.len());
        work.expected.clear();
        work.expected.resize(n, 0.0);
        work.variance.clear();
        work.variance.resize(n, 0.0);
        work.prefix.clear();
        work.prefix.resize(days + 1, 0.0);
        work.totals.clear();
        for (s, events) in events.chunks_exact(days).enumerate() {
            let mut count = 0;
            for (day, c) in events.iter().enumerate() {
                count += u64::from(*c);
                work.prefix[day + 1] += count as f64;
            }
            let count = count as f64;
            work.totals.push(count);
            let scale = if self.totals[s] > 0.0 { count * (1.0 - count / self.totals[s]) } else { 0.0 };
            let (inside, spread) = (&self.inside[s * n..][..n], &self.spread[s * n..][..n]);
            for i in 0..n {
                work.expected[i] += count * inside[i];
                work.variance[i] += scale * spread[i];
            }
        }
    }

    fn most_unusual(&self, events: &[u32], work: &mut Work) -> Option<Found> {
        self.expect(events, work);
        let total: f64 = work.totals.iter().sum();
        let (mut best, mut at) = (f64::NEG_INFINITY, None);
        for (i, window) in self.windows.iter().enumerate() {
            let observed = work.prefix[window.end] - work.prefix[window.start];
            let (expected, variance) = (work.expected[i], work.variance[i]);
            let (off, least) = (observed - expected, best + self.handicap[i]);
            // Twice the ratio is never above 2 off^2 / variance: most windows need no logarithm.
            if 2.0 * off * off <= least * least.max(0.0) * variance
                || observed.max(expected) < self.least.events
                || self.up.is_some_and(|up| up != (off > 0.0))
            {
                continue;
            }
            let ratio = scaled_ratio(observed, expected, total, self.held[i], self.exposure, variance);
            let above = (2.0 * ratio.max(0.0)).sqrt() - self.handicap[i];
            if above > best {
                (best, at) = (above, Some((i, ratio)));
            }
        }
        let (at, ratio) = at?;
        let window = self.windows[at].clone();
        let (scatter, phi) = self.dispersion(events, &window, &work.totals);
        let observed = work.prefix[window.end] - work.prefix[window.start];
        let expected = work.expected[at];
        let statistic = statistic(ratio, phi, self.handicap[at], self.cells.days());
        Some(Found { window, observed, expected, total, scatter, phi, statistic, p: 1.0 })
    }

    /// The scatter of all days around the rates of their own side, inside `window` or outside, and the dispersion
    /// due to it inside. Both sides count: the days that a long window leaves outside are few, and often
    /// look even by chance.
    fn dispersion(&self, events: &[u32], window: &Range<usize>, totals: &[f64]) -> (f64, f64) {
        let days = self.cells.days();
        let mut counts = vec![0.0; days];
        let (mut rates, mut rates_inside) = (Vec::new(), Vec::new());
        let rate = |events: f64, exposure: f64| if exposure > 0.0 { events / exposure } else { 0.0 };
        for (s, events) in events.chunks_exact(days).enumerate() {
            let inside = |of: &[u32]| of[window.clone()].iter().map(|n| f64::from(*n)).sum::<f64>();
            let (observed, exposure) = (inside(events), inside(self.cells.exposure(s)));
            rates.push(rate(totals[s] - observed, self.totals[s] - exposure));
            rates_inside.push(rate(observed, exposure));
            counts.iter_mut().zip(events).for_each(|(count, c)| *count += f64::from(*c));
        }
        let usual = expected_days(self.cells, &rates);
        let mut due = usual.clone();
        let own = expected_days(self.cells, &rates_inside);
        due[window.clone()].copy_from_slice(&own[window.clone()]);
        let days: Vec<(f64, f64, f64)> = due
            .iter()
            .zip(counts)
            .filter(|(due, _)| due.variance > 1e-9)
            .map(|(due, count)| ((count - due.mean).powi(2), due.variance, due.mean * due.mean))
            .collect();
        let scatter = scatter(&days);
        let within = &usual[window.clone()];
        let variance: f64 = within.iter().map(|day| day.variance).sum();
        let beyond: f64 = within.iter().map(|day| day.mean * day.mean).sum();
        (scatter, if variance > 0.0 { 1.0 + scatter * beyond / variance } else { 1.0 })
    }
}

/// The scatter at which Pearson's chi-square of `(squared deviation, variance, squared mean)` by day comes down to its
/// degrees of freedom; 0 where it is not above them. By Newton's steps, which approach a convex decreasing
/// function's root from below.
fn scatter(days: &[(f64, f64, f64)]) -> f64 {
    // A rate for each side of the window was fitted.
    let df = days.len() as f64 - 2.0;
    let mut scatter = 0.0;
    if df < 1.0 {
        return scatter;
    }
    for _ in 0..30 {
        let (mut above, mut slope) = (-df, 0.0);
        for (squared, variance, mean_squared) in days {
            let total = variance + scatter * mean_squared;
            above += squared / total;
            slope += squared * mean_squared / (total * total);
        }
        if above <= 1e-6 * df || slope <= 0.0 {
            break;
        }
        scatter += above / slope;
    }
    scatter
}

fn prefix_sums(counts: &[u32]) -> Vec<f64> {
    let mut sum = 0.0;
    std::iter::once(0.0)
        .chain(counts.iter().map(|c| {
            sum += f64::from(*c);
            sum
        }))
        .collect()
}

/// Kulldorff's Bernoulli log likelihood ratio of a window that holds `observed` of `total` events and `inside`
/// of `exposure`, where `expected` events were due; times the ratio of its own variance to the
/// stratified one, so that windows of every size and mix are on one scale.
fn scaled_ratio(observed: f64, expected: f64, total: f64, inside: f64, exposure: f64, variance: f64) -> f64 {
    // Events and non-events, inside and outside.
    let due = [expected, inside - expected, total - expected, exposure - inside - total + expected];
    let off = observed - expected;
    let seen = [due[0] + off, due[1] - off, due[2] - off, due[3] + off];
    if variance <= 0.0 || due.iter().any(|due| *due <= 0.0) {
        return 0.0;
    }
    // Terms x ln(x / mu); with many strata a cell may come out below nothing by a hair.
    let term = |(x, mu): (&f64, &f64)| if *x > 0.0 { x * (x / mu).ln() } else { 0.0 };
    let ratio: f64 = seen.iter().zip(&due).map(term).sum();
    let information: f64 = due.iter().map(|due| 1.0 / due).sum();
    ratio / (information * variance)
}

#[cfg(test)]
mod tests;
