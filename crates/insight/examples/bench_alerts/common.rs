//! The common rule: the last 24 hours against the mean of the 30 days before, so many standard deviations above it, at least
//! five items, looked at every hour. After an alert it is quiet for a day.

use super::world::{A_DAY, TOPICS, World};
use insight::alerts::{History, Metric};
use rayon::prelude::*;

const DAYS: usize = 30;
const LEAST: f64 = 5.0;
/// Seeds that the number of standard deviations is found from.
const SEEDS: u64 = 6;

/// The hours at whose end it tells something of a topic, from the day `from` on.
pub fn alerts(history: &History, topic: usize, metric: Metric, sigma: f64, from: usize) -> Vec<usize> {
    let counts = &history.streams[topic].parts[0].counts;
    let is_volume = metric == Metric::Volume;
    let value = |hits: f64, n: f64| if is_volume { n } else { hits / n.max(1.0) };
    let window = |to: usize| {
        counts[to - A_DAY..to].iter().fold((0.0, 0.0), |(hits, n), counts| {
            (hits + f64::from(counts.negative), n + f64::from(counts.records))
        })
    };
    let days: Vec<(f64, f64)> = (1..=history.hours / A_DAY).map(|day| window(day * A_DAY)).collect();
    let (mut found, mut was_above, mut quiet_until) = (Vec::new(), false, 0);
    let mut threshold = f64::INFINITY;
    for at in from * A_DAY..history.hours {
        if at.is_multiple_of(A_DAY) {
            let day = at / A_DAY;
            let past = days[day - DAYS..day].iter().filter(|(_, n)| is_volume || *n > 0.0);
            let past: Vec<f64> = past.map(|(hits, n)| value(*hits, *n)).collect();
            let mean = past.iter().sum::<f64>() / past.len() as f64;
            let squares: f64 = past.iter().map(|value| (value - mean).powi(2)).sum();
            threshold = mean + sigma * (squares / (past.len() as f64 - 1.0)).sqrt();
        }
        let (hits, n) = window(at + 1);
        let is_above = n >= LEAST && value(hits, n) > threshold;
        if is_above && !was_above && at >= quiet_until {
            found.push(at);
            quiet_until = at + A_DAY;
        }
        was_above = is_above;
    }
    found
}

/// The fewest standard deviations that give at most `allowed` false alerts a quarter over all topics.
pub fn sigma(world: &World, metric: &Metric, allowed: f64, before: usize, days: usize) -> f64 {
    let histories: Vec<History> =
        (0..SEEDS).into_par_iter().map(|seed| world.history(3_000 + seed, before + days, None)).collect();
    let quarters = SEEDS as f64 * days as f64 / 91.25;
    let rate = |sigma: f64| {
        let of = |history: &History| -> usize {
            (0..TOPICS).map(|topic| alerts(history, topic, metric.clone(), sigma, before).len()).sum()
        };
        histories.par_iter().map(of).sum::<usize>() as f64 / quarters
    };
    let mut steps = (20..=100).map(|tenths| f64::from(tenths) / 10.0);
    steps.find(|sigma| rate(*sigma) <= allowed).unwrap_or(10.0)
}
