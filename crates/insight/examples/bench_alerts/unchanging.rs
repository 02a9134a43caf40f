//! Streams that never change: whatever is told is false.

use super::{A_QUARTER, BEFORE, YEAR, common, ours, world::World};
use insight::{
    alerts::{Every, Metric, Spell, What},
    stats::poisson::garwood,
};
use rayon::prelude::*;

/// What was told, of volumes, negative shares, scores, and cases.
pub type Told = [u64; 4];

const LOOKS: [(Every, &str); 2] = [(Every::Hour, "hourly"), (Every::Day, "daily")];
/// As it is used.
const SIGMA: f32 = 2.0;

fn kind(spell: &Spell) -> usize {
    match (&spell.key.what, &spell.key.metric) {
        (What::Case(_), _) => 3,
        (_, Metric::Volume) => 0,
        (_, Metric::Negative) => 1,
        (_, Metric::Score(_)) => 2,
    }
}

fn count(spells: &[Spell]) -> Told {
    let mut told = Told::default();
    spells.iter().for_each(|spell| told[kind(spell)] += 1);
    told
}

pub fn head() {
    println!("\n### Streams that never change\n");
    println!(
        "| a year of | looks | series | false alerts a quarter, in all | volume | negative share | score | cases | the common \
         rule on the negative share, 2 sigma, hourly: a month and topic |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
}

/// One seed's.
struct Year {
    told: [Told; 2],
    series: usize,
    common: usize,
    topics: usize,
}

/// What was told with hourly looks in all the years.
pub fn row(world: &World, seeds: u64) -> Told {
    let year = |seed: u64| -> Year {
        let history = world.unchanging(seed, BEFORE + YEAR);
        let looks = LOOKS.map(|(every, _)| ours(&history, every, BEFORE));
        let topics = world.shape.topics(&history);
        let common = topics.iter().map(|stream| {
            common::alerts(
                &common::heights(&stream.parts[0], &Metric::Negative, BEFORE, history.hours),
                SIGMA,
            )
            .len()
        });
        Year {
            series: looks[0].1.series,
            common: common.sum(),
            topics: topics.len(),
            told: looks.map(|(spells, _)| count(&spells)),
        }
    };
    let years: Vec<Year> = (0..seeds).into_par_iter().map(year).collect();
    let quarters = seeds as f64 * YEAR as f64 / A_QUARTER;
    let mean = |of: fn(&Year) -> usize| years.iter().map(of).sum::<usize>() as f64 / seeds as f64;
    let series = mean(|year| year.series);
    let mut all = [Told::default(); 2];
    for (at, (_, looks)) in LOOKS.into_iter().enumerate() {
        for year in &years {
            all[at].iter_mut().zip(year.told[at]).for_each(|(sum, told)| *sum += told);
        }
        let kinds = all[at].map(|told| format!("{:.2}", told as f64 / quarters));
        let topics = mean(|year| year.topics);
        let common = mean(|year| year.common) / 12.0 / topics;
        let common = if at == 0 && topics > 0.0 { format!("{common:.1}") } else { String::new() };
        println!(
            "| {} | {looks} | {series:.0} | {} | {} | {common} |",
            world.name,
            rate(all[at].iter().sum(), quarters),
            kinds.join(" | ")
        );
    }
    all[0]
}

/// `0.15 (0.08–0.25)`.
fn rate(told: u64, over: f64) -> String {
    let range = garwood(told);
    format!("{:.2} ({:.2}–{:.2})", told as f64 / over, range.low / over, range.high / over)
}

/// With a history that has only begun.
pub fn young(worlds: &[&World], seeds: u64) {
    println!("\n### With a short history\n");
    let names: Vec<&str> = worlds.iter().map(|world| world.name).collect();
    println!(
        "False alerts in the 28 days after it, over all topics, volume and negative share. No other rule takes over: neither a \
         negative-binomial CUSUM nor EARS.\n"
    );
    println!("| days of history | {} |", names.join(" | "));
    println!("|---|{}", "---|".repeat(worlds.len()));
    for days in [7, 10, 14, 21, 28, 42] {
        let cells: Vec<String> = worlds
            .iter()
            .map(|world| {
                let told = (0..seeds).into_par_iter().map(|seed| {
                    let history = world.history(5_000 + seed, days + 28, None);
                    ours(&history, Every::Hour, days).0.len() as u64
                });
                rate(told.sum(), seeds as f64)
            })
            .collect();
        println!("| {days} | {} |", cells.join(" | "));
    }
}
