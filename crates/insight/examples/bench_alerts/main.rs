//! How alerts do on invented streams, beside the common rule: `cargo xtask bench-alerts [--quick]`.
//!
//! Everything comes from seeds. First streams that never change: whatever is told is false. Then changes planted into
//! five of fifty topics, one of each size: whether they are found, and how soon. The common rule compares the last 24
//! hours with the mean of the 30 days before, once as it is used, and once with as many standard deviations as bring its
//! false alerts down to the same number.

mod common;
mod world;

use insight::alerts::{Figures, History, Metric, Records, SeriesKey, Span, Spell, Watch, WatchRules, What};
use rayon::prelude::*;
use std::time::Instant;
use world::{A_DAY, Shift, TOPICS, World};

/// Days of history before anything is counted.
const BEFORE: usize = 63;
const YEAR: usize = 365;
const QUARTERS: f64 = 4.0;

/// Streams that scatter by chance alone; with busy and quiet days of 15% and moods of 0.2 on the logit scale; and with
/// days that are twice as restless in their variance.
const WORLDS: [World; 3] = [
    World { name: "by chance alone", restless: 0.0, moody: 0.0 },
    World { name: "restless days", restless: 0.15, moody: 0.2 },
    World { name: "very restless days", restless: 0.2, moody: 0.3 },
];

const SHIFTS: [Shift; 8] = [
    Shift { name: "volume ×1.5", times: 1.5, rise: 0.0, over: 0 },
    Shift { name: "volume ×2", times: 2.0, rise: 0.0, over: 0 },
    Shift { name: "volume ×5", times: 5.0, rise: 0.0, over: 0 },
    Shift { name: "volume ×1.5 over 28 days", times: 1.5, rise: 0.0, over: 28 },
    Shift { name: "volume ×2 over 28 days", times: 2.0, rise: 0.0, over: 28 },
    Shift { name: "negative +10 points", times: 1.0, rise: 0.1, over: 0 },
    Shift { name: "negative +20 points", times: 1.0, rise: 0.2, over: 0 },
    Shift { name: "negative +20 points over 28 days", times: 1.0, rise: 0.2, over: 28 },
];

/// Everybody speaks once.
struct Everybody<'a>(&'a History);

impl Records for Everybody<'_> {
    fn people(&self, key: &SeriesKey, hours: Span) -> u64 {
        let of = |hour: insight::alerts::Hour| (hour.0 - self.0.from.0) as usize;
        let parts = self.0.streams.iter().filter(|stream| stream.what == key.what);
        let counts = parts.flat_map(|stream| &stream.parts[0].counts[of(hours.from)..of(hours.to)]);
        let is_negative = key.metric == Metric::Negative;
        counts.map(|counts| u64::from(if is_negative { counts.negative } else { counts.records })).sum()
    }

    fn overlap(&self, _: &SeriesKey, _: &SeriesKey, _: Span) -> f64 {
        0.0
    }
}

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let seeds = if is_quick { 4 } else { 24 };
    let begun = Instant::now();
    println!("50 topics of 10 to 300 items a day, a weekly and a daily rhythm, hourly looks, {seeds} seeds.");
    println!("\n### Streams that never change\n");
    println!(
        "| a year of | false alerts a quarter, all topics | volume | negative share | the common rule, 2 sigma, a month and series |"
    );
    println!("|---|---|---|---|---|");
    for world in &WORLDS {
        unchanging(world, seeds);
    }
    println!("\n### With a short history\n");
    println!("| days of history | false alerts in the 28 days after, all topics |");
    println!("|---|---|");
    for days in [7, 10, 14, 21, 28, 42] {
        young(&WORLDS[1], days, seeds);
    }
    for world in &WORLDS[..2] {
        planted(world, seeds);
    }
    eprintln!("{:.0} seconds", begun.elapsed().as_secs_f64());
}

/// All episodes from the day `from` on.
fn ours(history: &History, from: usize) -> Vec<Spell> {
    let (rules, records) = (WatchRules { scores: false, ..WatchRules::default() }, Everybody(history));
    let mut watch = Watch::new(history, &rules, history.from.plus((from * A_DAY) as i32));
    watch.finish(&records);
    watch.spells(&records)
}

fn is_volume(spell: &Spell) -> bool {
    matches!(spell.figures, Figures::Volume { .. })
}

fn unchanging(world: &World, seeds: u64) {
    let counted: Vec<[f64; 3]> = (0..seeds)
        .into_par_iter()
        .map(|seed| {
            let history = world.history(1_000 + seed, BEFORE + YEAR, None);
            let spells = ours(&history, BEFORE);
            let volume = spells.iter().filter(|spell| is_volume(spell)).count() as f64;
            let alerts = |topic| common::alerts(&history, topic, Metric::Negative, 2.0, BEFORE).len();
            let common: usize = (0..TOPICS).map(alerts).sum();
            [volume, spells.len() as f64 - volume, common as f64]
        })
        .collect();
    let sum = |at: usize| counted.iter().map(|one| one[at]).sum::<f64>() / seeds as f64;
    let (volume, negative) = (sum(0) / QUARTERS, sum(1) / QUARTERS);
    let common = sum(2) / 12.0 / TOPICS as f64;
    println!("| {} | {:.2} | {volume:.2} | {negative:.2} | {common:.1} |", world.name, volume + negative);
}

fn young(world: &World, days: usize, seeds: u64) {
    let found: usize = (0..seeds)
        .into_par_iter()
        .map(|seed| ours(&world.history(5_000 + seed, days + 28, None), days).len())
        .sum();
    println!("| {days} | {:.2} |", found as f64 / seeds as f64);
}

/// Hours and items until a shift was told; `None` where it was not, or not in time.
type Found = Option<(f64, f64)>;

fn planted(world: &World, seeds: u64) {
    // Half of the one false alert a quarter for each of the two.
    let sigma =
        [Metric::Volume, Metric::Negative].map(|metric| common::sigma(world, &metric, 0.5, BEFORE, YEAR));
    println!("\n### Planted changes, {}\n", world.name);
    println!(
        "Found within 14 days (slow ones 42), hours and items until then, by items a day. The common rule in brackets, at \
         {:.1} (volume) and {:.1} (negative share) sigma: as many false alerts.\n",
        sigma[0], sigma[1]
    );
    let rates: Vec<String> = (0..5).map(|size| format!("{:.0}", world::rate(planted_topic(size)))).collect();
    println!("| change | {} |", rates.join(" | "));
    println!("|---|---|---|---|---|---|");
    for shift in &SHIFTS {
        let is_volume = shift.times > 1.0;
        let sigma = if is_volume { sigma[0] } else { sigma[1] };
        let all: Vec<[(Found, Found); 5]> =
            (0..seeds).into_par_iter().map(|seed| one(world, shift, sigma, 9_000 + seed)).collect();
        let cell = |size: usize| {
            let ours: Vec<Found> = all.iter().map(|found| found[size].0).collect();
            let common: Vec<Found> = all.iter().map(|found| found[size].1).collect();
            format!("{} ({})", summary(&ours), summary(&common))
        };
        let cells: Vec<String> = (0..5).map(cell).collect();
        println!("| {} | {} |", shift.name, cells.join(" | "));
    }
}

/// The fifth of every ten topics.
fn planted_topic(size: usize) -> usize {
    10 * size + 4
}

fn one(world: &World, shift: &Shift, sigma: f64, seed: u64) -> [(Found, Found); 5] {
    let day = 70 + (seed % 7) as usize;
    let within = if shift.over > 0 { 42 } else { 14 };
    let history = world.history(seed, day + within, Some((shift, day)));
    let metric = if shift.times > 1.0 { Metric::Volume } else { Metric::Negative };
    let spells = ours(&history, BEFORE);
    std::array::from_fn(|size| {
        let topic = planted_topic(size);
        let what = What::Topic(world::name(topic));
        let counts = &history.streams[topic].parts[0].counts;
        let begun = day * A_DAY;
        let found = |at: Option<usize>| -> Found {
            let at = at.filter(|at| *at >= begun)?;
            let items: u32 = counts[begun..=at].iter().map(|counts| counts.records).sum();
            Some(((at + 1 - begun) as f64, f64::from(items)))
        };
        let of = |spell: &&Spell| spell.key.metric == metric && spell.key.what == what;
        let at = |spell: &Spell| (spell.fired.0 - history.from.0) as usize;
        let ours = spells.iter().filter(of).map(at).find(|at| *at >= begun);
        let common = common::alerts(&history, topic, metric.clone(), sigma, BEFORE);
        (found(ours), found(common.into_iter().find(|at| *at >= begun)))
    })
}

/// `96% 31 h 84`.
fn summary(found: &[Found]) -> String {
    let known: Vec<(f64, f64)> = found.iter().flatten().copied().collect();
    let share = 100.0 * known.len() as f64 / found.len() as f64;
    if known.is_empty() {
        return format!("{share:.0}%");
    }
    let mean = |of: fn(&(f64, f64)) -> f64| known.iter().map(of).sum::<f64>() / known.len() as f64;
    format!("{share:.0}% {:.0} h {:.0}", mean(|one| one.0), mean(|one| one.1))
}
