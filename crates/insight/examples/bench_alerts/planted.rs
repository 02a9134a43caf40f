//! Changes planted into five of fifty topics: whether they are found, and how soon, by ours and by the common rule.

use super::{
    A_QUARTER, BEFORE, YEAR,
    common::{self, Tuned},
    ours,
    unchanging::Told,
    world::{self, A_DAY, Shape, Shift, TOPICS, World},
};
use insight::alerts::{Every, Metric, What};
use rayon::prelude::*;

const fn volume(name: &'static str, times: f64, over: usize) -> Shift {
    Shift { name, times, rise: 0.0, fall: 0.0, over }
}

const fn negative(name: &'static str, rise: f64, over: usize) -> Shift {
    Shift { name, times: 1.0, rise, fall: 0.0, over }
}

const fn score(name: &'static str, fall: f64, over: usize) -> Shift {
    Shift { name, times: 1.0, rise: 0.0, fall, over }
}

const SHIFTS: [Shift; 8] = [
    volume("volume ×1.5", 1.5, 0),
    volume("volume ×2", 2.0, 0),
    volume("volume ×5", 5.0, 0),
    volume("volume ×1.5 over 28 days", 1.5, 28),
    volume("volume ×2 over 28 days", 2.0, 28),
    negative("negative +10 points", 0.1, 0),
    negative("negative +20 points", 0.2, 0),
    negative("negative +20 points over 28 days", 0.2, 28),
];

/// An NPS falls by twice as many points as its mean by percent of the scale.
const FALLS: [Shift; 3] =
    [score("NPS −20", 0.1, 0), score("NPS −40", 0.2, 0), score("NPS −40 over 28 days", 0.2, 28)];

/// Days within which a change counts as found.
const SOON: usize = 14;
const LATE: usize = 42;

/// Hours and items until a shift was told; `None` where it was not, or not in time.
type Found = Option<(f64, f64)>;

/// What a shift moves.
fn metric(shift: &Shift) -> Metric {
    if shift.fall > 0.0 {
        Metric::Score(world::nps())
    } else if shift.rise > 0.0 {
        Metric::Negative
    } else {
        Metric::Volume
    }
}

/// `told` is what ours told of this world where nothing changed: what the common rule may tell there.
pub fn table(world: &World, told: Told, seeds: u64) -> Result<(), String> {
    let shifts: &[Shift] = if world.shape == Shape::Answers { &FALLS } else { &SHIFTS };
    println!("\n### Planted changes, {}\n", world.name);
    let mut tunings: Vec<(Metric, Tuned)> = Vec::new();
    for metric in shifts.iter().map(metric) {
        if !tunings.iter().any(|(known, _)| *known == metric) {
            let most = ours_told(&metric, told).max(1) as usize;
            let tuned = common::tuned(world, &metric, most, seeds, (BEFORE, YEAR))?;
            tunings.push((metric, tuned));
        }
    }
    let said: Vec<String> = tunings.iter().map(|(metric, tuned)| said(metric, told, *tuned)).collect();
    let quarters = seeds as f64 * YEAR as f64 / A_QUARTER;
    println!(
        "Found within {SOON} days (slow ones {LATE}), and the median of the hours and of the items until then over all that \
         was planted, where what was not found took longest: – where that is half of them. In brackets the common rule with the \
         fewest standard deviations at which it tells no more false alerts than ours, or one, on the same unchanging \
         streams, in {quarters:.0} quarters: {}. By items a day:\n",
        said.join("; ")
    );
    let rates: Vec<String> =
        (0..5).map(|size| format!("{:.0}", world::rate(planted_topic(size), TOPICS))).collect();
    println!("| change | {} |", rates.join(" | "));
    println!("|---|---|---|---|---|---|");
    for shift in shifts {
        let moved = metric(shift);
        let Some((metric, tuned)) = tunings.iter().find(|(known, _)| *known == moved) else { continue };
        let all: Vec<[(Found, Found); 5]> = (0..seeds)
            .into_par_iter()
            .map(|seed| one(world, shift, metric, tuned.sigma, 9_000 + seed))
            .collect();
        let cell = |size: usize| {
            let ours: Vec<Found> = all.iter().map(|found| found[size].0).collect();
            let common: Vec<Found> = all.iter().map(|found| found[size].1).collect();
            format!("{} ({})", summary(&ours), summary(&common))
        };
        let cells: Vec<String> = (0..5).map(cell).collect();
        println!("| {} | {} |", shift.name, cells.join(" | "));
    }
    Ok(())
}

fn ours_told(metric: &Metric, [volume, negative, score, _]: Told) -> u64 {
    match metric {
        Metric::Volume => volume,
        Metric::Negative => negative,
        Metric::Score(_) => score,
    }
}

/// `volume 4.9 sigma, 3 where ours tells 4`.
fn said(metric: &Metric, told: Told, tuned: Tuned) -> String {
    let name = match metric {
        Metric::Volume => "volume",
        Metric::Negative => "negative share",
        Metric::Score(_) => "score",
    };
    let Tuned { sigma, told: common } = tuned;
    format!("{name} {sigma:.1} sigma, {common} where ours tells {}", ours_told(metric, told))
}

/// The fifth of every ten topics.
fn planted_topic(size: usize) -> usize {
    10 * size + 4
}

fn one(world: &World, shift: &Shift, metric: &Metric, sigma: f32, seed: u64) -> [(Found, Found); 5] {
    let day = 70 + (seed % 7) as usize;
    let within = if shift.over > 0 { LATE } else { SOON };
    let history = world.history(seed, day + within, Some((shift, day)));
    let (spells, _) = ours(&history, Every::Hour, BEFORE);
    let begun = day * A_DAY;
    std::array::from_fn(|size| {
        let topic = planted_topic(size);
        let what = What::Topic(world::name(topic));
        let part = &history.streams[topic].parts[0];
        let found = |at: Option<usize>| -> Found {
            let at = at?;
            let items: u32 = part.counts.within(begun..at + 1).map(|counts| counts.records).sum();
            Some(((at + 1 - begun) as f64, f64::from(items)))
        };
        let of_it = spells.iter().filter(|spell| spell.key.metric == *metric && spell.key.what == what);
        let mut ours = of_it.map(|spell| (spell.fired.0 - history.from.0) as usize);
        let alerts = common::alerts(&common::heights(part, metric, BEFORE, history.hours), sigma);
        let mut common = alerts.into_iter().map(|at| at + BEFORE * A_DAY);
        (found(ours.find(|at| *at >= begun)), found(common.find(|at| *at >= begun)))
    })
}

/// `96% 31 h 84`.
fn summary(found: &[Found]) -> String {
    let share = 100.0 * found.iter().flatten().count() as f64 / found.len() as f64;
    match (median(found, |one| one.0), median(found, |one| one.1)) {
        (Some(hours), Some(items)) => format!("{share:.0}% {hours:.0} h {items:.0}"),
        _ => format!("{share:.0}% –"),
    }
}

/// What was not found took longer than anything; `None` where that is the middle.
fn median(found: &[Found], of: fn(&(f64, f64)) -> f64) -> Option<f64> {
    let mut all: Vec<f64> = found.iter().map(|one| one.as_ref().map_or(f64::INFINITY, of)).collect();
    all.sort_by(f64::total_cmp);
    let (low, high) = (all.get((all.len() - 1) / 2)?, all.get(all.len() / 2)?);
    let middle = f64::midpoint(*low, *high);
    middle.is_finite().then_some(middle)
}
