//! Invented streams.

use insight::{
    alerts::{Counts, History, Hour, Part, Stream, What},
    stats::rng::Rng,
};
use std::collections::BTreeMap;

pub const A_DAY: usize = 24;
pub const TOPICS: usize = 50;
/// A Monday.
const FROM: Hour = Hour(20_458 * 24);
/// Monday first.
const WEEK: [f64; 7] = [1.15, 1.1, 1.1, 1.05, 1.0, 0.8, 0.8];

pub struct World {
    pub name: &'static str,
    /// The standard deviation of a day's factor, which all its hours share.
    pub restless: f64,
    /// That of a day's negative share, on the logit scale.
    pub moody: f64,
}

pub struct Shift {
    pub name: &'static str,
    pub times: f64,
    pub rise: f64,
    /// Days over which it comes; 0 for at once.
    pub over: usize,
}

/// Items a day, from 10 to 300.
pub fn rate(topic: usize) -> f64 {
    10.0 * 30.0_f64.powf(topic as f64 / (TOPICS - 1) as f64)
}

pub fn name(topic: usize) -> String {
    format!("topic {topic:02}")
}

impl World {
    /// Fifty topics, and all of them together; with a shift from a day on in the fifth of every ten topics.
    pub fn history(&self, seed: u64, days: usize, shift: Option<(&Shift, usize)>) -> History {
        let mut all = vec![Counts::default(); days * A_DAY];
        let mut streams = Vec::with_capacity(TOPICS + 1);
        for topic in 0..TOPICS {
            let mut rng = Rng::named(seed, &name(topic));
            let shift = shift.filter(|_| topic % 10 == 4);
            let counts = self.topic(&mut rng, rate(topic), days, shift);
            for (sum, counts) in all.iter_mut().zip(&counts) {
                sum.records += counts.records;
                sum.judged += counts.judged;
                sum.negative += counts.negative;
            }
            streams.push(stream(What::Topic(name(topic)), counts));
        }
        streams.push(stream(What::All, all));
        History { from: FROM, hours: days * A_DAY, streams }
    }

    fn topic(&self, rng: &mut Rng, rate: f64, days: usize, shift: Option<(&Shift, usize)>) -> Vec<Counts> {
        let (usual, phase) = (0.1 + 0.3 * rng.uniform(), 24.0 * rng.uniform());
        let mut counts = Vec::with_capacity(days * A_DAY);
        for day in 0..days {
            let shape = self.restless.powi(-2);
            let factor = if self.restless > 0.0 { gamma(rng, shape) / shape } else { 1.0 };
            let logit = (usual / (1.0 - usual)).ln() + self.moody * rng.normal();
            let share = 1.0 / (1.0 + (-logit).exp());
            for hour in 0..A_DAY {
                let part = shift.map_or(0.0, |(shift, from)| grown(shift, from, day, hour));
                let (times, rise) = shift.map_or((1.0, 0.0), |(shift, _)| (shift.times, shift.rise));
                let of_day = 1.0 + 0.8 * (std::f64::consts::TAU * (hour as f64 - phase) / 24.0).sin();
                let mean = rate / 24.0 * WEEK[day % 7] * of_day * factor * (1.0 + part * (times - 1.0));
                let records = poisson(rng, mean);
                let share = (share + part * rise).min(0.97);
                let negative = (0..records).filter(|_| rng.uniform() < share).count() as u32;
                counts.push(Counts { records, judged: records, negative });
            }
        }
        counts
    }
}

/// How much of the shift is there, from 0 to 1.
fn grown(shift: &Shift, from: usize, day: usize, hour: usize) -> f64 {
    if day < from {
        0.0
    } else if shift.over == 0 {
        1.0
    } else {
        (((day - from) * A_DAY + hour) as f64 / (shift.over * A_DAY) as f64).min(1.0)
    }
}

fn stream(what: What, counts: Vec<Counts>) -> Stream {
    let part = Part { source: "nps".to_owned(), since: 0, counts, answers: BTreeMap::new() };
    Stream { what, product: None, source: None, parts: vec![part] }
}

/// By counting exponential gaps.
fn poisson(rng: &mut Rng, mean: f64) -> u32 {
    let (mut n, mut sum) = (0, 0.0);
    loop {
        sum -= (1.0 - rng.uniform()).ln();
        if sum > mean {
            return n;
        }
        n += 1;
    }
}

/// Of a shape of at least 1 and the scale 1 (Marsaglia and Tsang 2000).
fn gamma(rng: &mut Rng, shape: f64) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = rng.normal();
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && (1.0 - rng.uniform()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}
