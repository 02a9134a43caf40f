//! How often the trends call chance real, and how often they find what is there: on simulated counts.

use feedback::time::Day;
use insight::{
    stats::rng::Rng,
    trends::{Metric, Study, TopicTest, Verdict, movers::test_topics, study::TopicSeries, verdict::q_values},
};

const DAYS: usize = 84;
const SOURCES: [(&str, f64); 4] = [("nps", 90.0), ("social", 60.0), ("survey", 100.0), ("ticket", 80.0)];
const TOPICS: usize = 24;

/// What differs from an even history, by topic and day.
#[derive(Clone, Copy)]
struct World {
    /// Day-to-day scatter of a topic's rates: 0 is none, 0.3 makes them vary by 30%.
    scatter: f64,
    /// Factor on the share of mentions, and points on the negative share.
    volume: fn(usize, usize) -> f64,
    negative: fn(usize, usize) -> f64,
}

const EVEN: World = World { scatter: 0.0, volume: |_, _| 1.0, negative: |_, _| 0.0 };

fn binomial(rng: &mut Rng, n: u32, p: f64) -> u32 {
    (0..n).filter(|_| rng.uniform() < p).count() as u32
}

/// About 330 records a day with quiet weekends and bursts of one source; topics from 9% down to 1%.
fn study(seed: u64, world: World) -> Study {
    let mut rng = Rng::new(seed);
    let mut records = Vec::new();
    for (_, size) in SOURCES {
        for day in 0..DAYS {
            let weekend = if day % 7 >= 5 { 0.45 } else { 1.0 };
            let burst = if size == 60.0 && rng.uniform() < 0.03 { 5.0 } else { 1.0 };
            records.push((size * weekend * burst * (0.85 + 0.3 * rng.uniform())) as u32);
        }
    }
    let topics = (0..TOPICS).map(|topic| series(&mut rng, topic, &records, world)).collect();
    Study {
        start: Day(20_458),
        days: DAYS,
        period: DAYS - 28..DAYS,
        sources: SOURCES.map(|(name, _)| name.to_owned()).to_vec(),
        records,
        topics,
    }
}

fn series(rng: &mut Rng, topic: usize, records: &[u32], world: World) -> TopicSeries {
    let share = 0.09 * (0.11_f64).powf(topic as f64 / (TOPICS - 1) as f64);
    let ill = 0.2 + 0.02 * topic as f64;
    let scatter: Vec<f64> = (0..DAYS).map(|_| (1.0 + world.scatter * rng.normal()).max(0.0)).collect();
    let mut series = TopicSeries {
        topic: format!("topic{topic:02}"),
        mentions: vec![],
        negative: vec![],
        positive: vec![],
        known: vec![],
    };
    for (at, n) in records.iter().enumerate() {
        let (source, day) = (at / DAYS, at % DAYS);
        // Sources speak of different things, in a different tone.
        let taste = [1.2, 0.7, 0.9, 1.2][source];
        let tone = [-0.05, 0.1, 0.0, 0.05][source];
        let mentions = binomial(rng, *n, share * taste * scatter[day] * (world.volume)(topic, day));
        let known = binomial(rng, mentions, 0.92);
        let negative = binomial(rng, known, ill + tone + (world.negative)(topic, day));
        series.mentions.push(mentions);
        series.known.push(known);
        series.negative.push(negative);
        series.positive.push(binomial(rng, known - negative, 0.7));
    }
    series
}

/// The tests of a report that are real.
fn real(study: &Study) -> Vec<TopicTest> {
    let tests: Vec<TopicTest> =
        test_topics(study, 1).into_iter().filter(|test| test.change.is_some()).collect();
    let p: Vec<f64> = tests.iter().filter_map(|test| Some(test.change.as_ref()?.p)).collect();
    // One more test beside, as a report has the weekly rhythm.
    let (q, _) = q_values(&p, &[1e-9]);
    let verdict = |test: &TopicTest, q: f64| {
        let change = test.change.as_ref().unwrap();
        Verdict::new(change.p, q, change.effect.is_large_enough())
    };
    tests
        .into_iter()
        .zip(q)
        .filter(|(test, q)| verdict(test, *q) == Verdict::Real)
        .map(|(test, _)| test)
        .collect()
}

fn share_of(reports: u64, from: u64, world: World, hit: impl Fn(&[TopicTest]) -> bool) -> f64 {
    let hits = (0..reports).filter(|seed| hit(&real(&study(from + seed, world)))).count();
    hits as f64 / reports as f64
}

/// 5% and 2.6 binomial standard errors: exceeded by chance once in 200 times, but the seeds are fixed.
fn bound(reports: u64) -> f64 {
    0.05 + 2.6 * (0.05 * 0.95 / reports as f64).sqrt()
}

#[test]
fn even_histories_call_nothing_real_more_often_than_the_level() {
    let reports = 150;
    for (name, world) in [("even", EVEN), ("scattered", World { scatter: 0.3, ..EVEN })] {
        let share = share_of(reports, 10_000, world, |real| !real.is_empty());
        println!("{name}: {:.1}% of {reports} reports call something real", 100.0 * share);
        assert!(share <= bound(reports), "{name}: {share}");
    }
}

#[test]
fn what_is_planted_is_found() {
    let reports = 25;
    let outage =
        World { volume: |topic, day| if topic == 8 && (70..72).contains(&day) { 3.0 } else { 1.0 }, ..EVEN };
    let rise = World { volume: |topic, day| if topic == 8 && day >= 63 { 1.5 } else { 1.0 }, ..EVEN };
    let drift = World {
        volume: |topic, day| if topic == 8 { 1.0 + 0.8 * day.saturating_sub(42) as f64 / 42.0 } else { 1.0 },
        ..EVEN
    };
    let worse = World { negative: |topic, day| if topic == 8 && day >= 63 { 0.2 } else { 0.0 }, ..EVEN };
    let better = World { negative: |topic, day| if topic == 8 && day >= 56 { -0.15 } else { 0.0 }, ..EVEN };
    let cases = [
        ("three times as many for two days", Metric::Volume, outage, 70..72, 0.9),
        ("half as many again for three weeks", Metric::Volume, rise, 63..84, 0.9),
        ("a drift to 1.8 times in six weeks", Metric::Volume, drift, 60..84, 0.9),
        ("20 points worse for three weeks", Metric::Negative, worse, 63..84, 0.6),
        ("15 points better for four weeks", Metric::Negative, better, 56..84, 0.5),
    ];
    let (mut false_share, mut all) = (0.0, 0);
    for (name, metric, world, days, least) in cases {
        let found = |tests: &[TopicTest]| {
            let mut planted = tests.iter().filter(|test| test.topic == "topic08" && test.metric == metric);
            planted.any(|test| {
                let window = &test.change.as_ref().unwrap().window;
                let common = window.end.min(days.end).saturating_sub(window.start.max(days.start));
                2 * common >= days.len() && 2 * common >= window.len()
            })
        };
        let mut hits = 0;
        for seed in 0..reports {
            // Every case has histories of its own.
            let tests =
                real(&study(20_000 + 1_000 * days.start as u64 + days.len() as u64 + 97 * seed, world));
            let of_others = tests.iter().filter(|test| test.topic != "topic08").count();
            false_share += of_others as f64 / tests.len().max(1) as f64;
            all += 1;
            hits += u64::from(found(&tests));
        }
        let power = hits as f64 / reports as f64;
        println!("{name}: found in {:.0}% of {reports}", 100.0 * power);
        assert!(power >= least, "{name}: {power}");
    }
    let false_share = false_share / all as f64;
    println!("of what is called real, {:.1}% is false", 100.0 * false_share);
    assert!(false_share <= bound(all), "{false_share}");
}
