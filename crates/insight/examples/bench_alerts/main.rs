//! How alerts do on invented streams, beside the common rule: `cargo xtask bench-alerts [--quick]`. Prints Markdown.
//!
//! Everything comes from seeds. First streams that never change: whatever is told is false. Then changes planted into
//! five of fifty topics, one of each size: whether they are found, and how soon. The common rule compares the last 24
//! hours with the 30 days before, once as it is used, and once with as many standard deviations as bring its false alerts
//! down to ours, on the same streams.

mod common;
mod planted;
mod unchanging;
mod world;

use insight::alerts::{
    Coverage, Every, History, Hour, Metric, Part, Records, SeriesKey, Span, Spell, Watch, WatchRules,
};
use std::time::Instant;
use world::{A_DAY, Shape, World};

/// Days of history before anything is counted.
const BEFORE: usize = 63;
const YEAR: usize = 365;
const A_QUARTER: f64 = 91.0;

const fn topics(name: &'static str, restless: f64, moody: f64, alike: f64) -> World {
    World { name, restless, moody, alike, shape: Shape::Topics }
}

/// Streams that scatter by chance alone; with busy and quiet days of 15% and moods of 0.2 on the logit scale; with days that
/// are twice as restless in their variance; and with days that are alike.
const CHANCE: World = topics("by chance alone", 0.0, 0.0, 0.0);
const RESTLESS: World = topics("restless days", 0.15, 0.2, 0.0);
const VERY_RESTLESS: World = topics("very restless days", 0.2, 0.3, 0.0);
const ALIKE: World = topics("restless days, neighbours correlated by 0.3", 0.15, 0.2, 0.3);
const VERY_ALIKE: World = topics("restless days, neighbours correlated by 0.5", 0.15, 0.2, 0.5);
const ANSWERS: World = World { name: "restless days, with NPS answers", shape: Shape::Answers, ..RESTLESS };
const PARTS: World = World {
    name: "restless days, with NPS answers, 6 topics of 2 products and 2 kinds of source",
    shape: Shape::Parts,
    ..RESTLESS
};
const CASES: World =
    World { name: "restless days, 10 topics and about 200 cases", shape: Shape::Cases, ..RESTLESS };

/// Everybody speaks once.
struct Everybody<'a>(&'a History);

impl Records for Everybody<'_> {
    fn people(&self, key: &SeriesKey, hours: Span) -> u64 {
        let at = |hour: Hour| (hour.0 - self.0.from.0) as usize;
        let hours = at(hours.from)..at(hours.to);
        let mut streams = self.0.streams.iter();
        let stream = streams.find(|stream| {
            stream.what == key.what && stream.product == key.product && stream.source == key.source
        });
        let parts = stream.into_iter().flat_map(|stream| &stream.parts);
        let people = |part: &Part| -> u32 {
            let counts = part.counts.within(hours.clone());
            match &key.metric {
                Metric::Volume => counts.map(|of| of.records).sum(),
                Metric::Negative => counts.map(|of| of.negative).sum(),
                Metric::Score(name) => part.answers[name].within(hours.clone()).map(|of| of.n).sum(),
            }
        };
        parts.map(|part| u64::from(people(part))).sum()
    }

    fn overlap(&self, _: &SeriesKey, _: &SeriesKey, _: Span) -> f64 {
        0.0
    }
}

/// All episodes from the day `from` on, of how many series.
fn ours(history: &History, every: Every, from: usize) -> (Vec<Spell>, Coverage) {
    let rules = WatchRules { every, ..WatchRules::default() };
    let records = Everybody(history);
    let mut watch = Watch::new(history, &rules, history.from.plus((from * A_DAY) as i32));
    watch.finish(&records);
    (watch.spells(&records), watch.coverage())
}

fn main() -> Result<(), String> {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let seeds = if is_quick { 4 } else { 24 };
    let begun = Instant::now();
    println!(
        "50 topics of 10 to 300 items a day, where it says nothing else; a weekly and a daily rhythm; {seeds} seeds, of a year \
         each; hourly looks, unless it says daily. In brackets behind a rate the exact 95% interval of a Poisson number."
    );
    unchanging::head();
    let mut told = Vec::new();
    for world in [&CHANCE, &RESTLESS, &VERY_RESTLESS, &ALIKE, &VERY_ALIKE, &ANSWERS, &PARTS, &CASES] {
        told.push(unchanging::row(world, seeds));
    }
    unchanging::young(&[&RESTLESS, &ALIKE], seeds);
    for (world, told) in [(&CHANCE, told[0]), (&RESTLESS, told[1]), (&ALIKE, told[3]), (&ANSWERS, told[5])] {
        planted::table(world, told, seeds)?;
    }
    eprintln!("{:.0} seconds", begun.elapsed().as_secs_f64());
    Ok(())
}
