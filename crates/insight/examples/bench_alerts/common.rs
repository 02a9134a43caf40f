//! The common rule: the last 24 hours against the 30 days before, so many standard deviations beyond their mean, at least five
//! items, looked at every hour. After an alert it is quiet for a day.

use super::world::{A_DAY, World};
use insight::alerts::{Metric, Part};
use rayon::prelude::*;
use std::ops::RangeInclusive;

const DAYS: usize = 30;
const LEAST: f64 = 5.0;
/// Tenths of standard deviations that are tried.
const TENTHS: RangeInclusive<u16> = 20..=500;

/// How far the last 24 hours lie beyond the mean of the days before, in standard deviations of those, for every hour from the
/// day `from` on, of so many hours. Without bound below where they do not lie beyond it, or hold fewer than five items.
pub fn heights(part: &Part, metric: &Metric, from: usize, hours: usize) -> Vec<f32> {
    let sums = sums(part, metric, hours);
    let window = |to: usize| {
        let ((hits, n), (hits_before, n_before)) = (sums[to], sums[to - A_DAY]);
        (hits - hits_before, n - n_before)
    };
    let value = |(hits, n): (f64, f64)| match metric {
        Metric::Volume => n,
        Metric::Negative => hits / n.max(1.0),
        // A score falls.
        Metric::Score(_) => -hits / n.max(1.0),
    };
    let (mut mean, mut deviation) = (0.0, 0.0);
    let mut heights = Vec::with_capacity(hours - from * A_DAY);
    for at in from * A_DAY..hours {
        if at.is_multiple_of(A_DAY) {
            let day = at / A_DAY;
            let days = (day - DAYS + 1..=day).map(|day| window(day * A_DAY));
            let known = days.filter(|(_, n)| *metric == Metric::Volume || *n > 0.0);
            (mean, deviation) = moments(&known.map(value).collect::<Vec<f64>>());
        }
        let last = window(at + 1);
        let above = value(last) - mean;
        let is_enough = last.1 >= LEAST && above > 0.0;
        heights.push(if is_enough { (above / deviation) as f32 } else { f32::NEG_INFINITY });
    }
    heights
}

/// Of the first so many hours what the metric adds up, and of how many.
fn sums(part: &Part, metric: &Metric, hours: usize) -> Vec<(f64, f64)> {
    let mut sums = vec![(0.0, 0.0)];
    let (mut hits, mut n) = (0.0, 0.0);
    for at in 0..hours {
        let counts = part.counts.at(at);
        let answers = match metric {
            Metric::Score(name) => part.answers.get(name).map(|answers| answers.at(at)),
            Metric::Volume | Metric::Negative => None,
        };
        let hour = answers.map_or((f64::from(counts.negative), counts.records), |of| (of.sum, of.n));
        (hits, n) = (hits + hour.0, n + f64::from(hour.1));
        sums.push((hits, n));
    }
    sums
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The hours of which it tells something at `sigma` standard deviations, from the first height on.
pub fn alerts(heights: &[f32], sigma: f32) -> Vec<usize> {
    let (mut found, mut was_above, mut quiet_until) = (Vec::new(), false, 0);
    for (at, height) in heights.iter().enumerate() {
        let is_above = *height > sigma;
        if is_above && !was_above && at >= quiet_until {
            found.push(at);
            quiet_until = at + A_DAY;
        }
        was_above = is_above;
    }
    found
}

/// At how many standard deviations the rule tells as few as it should.
#[derive(Debug, Clone, Copy)]
pub struct Tuned {
    pub sigma: f32,
    /// What it tells then.
    pub told: usize,
}

/// The fewest standard deviations at which it tells at most `most` of a metric, on the same streams that never change as ours
/// was measured on.
///
/// # Errors
/// Where no number that is tried is enough.
pub fn tuned(
    world: &World,
    metric: &Metric,
    most: usize,
    seeds: u64,
    (before, days): (usize, usize),
) -> Result<Tuned, String> {
    let of = |seed: u64| -> Vec<Vec<f32>> {
        let history = world.unchanging(seed, before + days);
        let topics = world.shape.topics(&history).iter();
        topics.map(|stream| heights(&stream.parts[0], metric, before, history.hours)).collect()
    };
    let all: Vec<Vec<f32>> = (0..seeds).into_par_iter().flat_map_iter(of).collect();
    for tenths in TENTHS {
        let sigma = f32::from(tenths) / 10.0;
        let told: usize = all.par_iter().map(|heights| alerts(heights, sigma).len()).sum();
        if told <= most {
            return Ok(Tuned { sigma, told });
        }
    }
    let most_tried = TENTHS.end() / 10;
    Err(format!(
        "{}, {metric:?}: the common rule tells more than {most} even at {most_tried} standard deviations",
        world.name
    ))
}
