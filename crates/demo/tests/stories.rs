//! The stories show in the counts, and without stories nothing moves.

use demo::{DAYS, Direction, History, Measure, Options, Plant, RecordTruth, Source, Story, Truth};
use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    judgement::SentimentLabel,
    record::Change,
    time::Day,
};
use std::collections::{BTreeMap, HashSet};

const TODAY: Day = Day(20_779);

/// What was first said of each item: the day since the start, the source, the record.
fn said(history: &History) -> Vec<(i32, Source, &RecordTruth)> {
    let (mut seen, mut all) = (HashSet::new(), Vec::new());
    for event in history.events() {
        let Truth::Item(truth) = &event.truth else { continue };
        if !truth.records.is_empty() && seen.insert(truth.item) {
            let day = truth.occurred_at.day().0 - history.period().start.0;
            all.extend(truth.records.iter().map(|record| (day, truth.source, record)));
        }
    }
    all
}

#[derive(Default, Clone, Copy)]
struct Counts {
    all: f64,
    negative: f64,
    positive: f64,
}

/// Counts of a topic's records a day within days of the history, on one platform or all.
fn rate(history: &History, topic: &str, days: std::ops::Range<i32>, platform: Option<&str>) -> Counts {
    let mut counts = Counts::default();
    for (day, _, record) in said(history) {
        let here = platform.is_none_or(|platform| platform == record.platform);
        if days.contains(&day) && here && record.topics.contains(&topic) {
            counts.all += 1.0;
            counts.negative += f64::from(u8::from(record.sentiment == Some(SentimentLabel::Negative)));
            counts.positive += f64::from(u8::from(record.sentiment == Some(SentimentLabel::Positive)));
        }
    }
    let days = f64::from(days.end - days.start);
    Counts { all: counts.all / days, negative: counts.negative / days, positive: counts.positive / days }
}

#[test]
fn each_story_shows_in_the_counts() {
    let history = History::new(Options::new(TODAY));
    for plant in history.plants() {
        let Some(topic) = plant.topic else { continue };
        let start = history.period().start.0;
        let (from, until) = (plant.from.0 - start, plant.until.0 - start);
        // The last two weeks of a gradual change, against four weeks before any.
        let from = if plant.story == Story::FasterBoards { until - 14 } else { from };
        let platform = plant.platform.map(|platform| platform.as_str());
        let then = rate(&history, topic, 0..28, platform);
        let now = rate(&history, topic, from..until, platform);
        let factor = match plant.measure {
            Measure::Volume => now.all / then.all,
            Measure::NegativeVolume => now.negative / then.negative,
            Measure::PositiveVolume => now.positive / then.positive,
            Measure::NegativeShare => (now.negative / now.all) / (then.negative / then.all),
            Measure::Nps | Measure::Weekday => continue,
        };
        println!(
            "{:?} {topic} {:?}: x{factor:.2} ({:.1} -> {:.1} a day)",
            plant.story, plant.measure, then.all, now.all
        );
        match plant.direction {
            Direction::Up => assert!(factor > 1.25, "{plant:?}: {factor}"),
            Direction::Down => assert!(factor < 0.6, "{plant:?}: {factor}"),
            Direction::Cycle => unreachable!("no topic has a cycle of its own"),
        }
    }
}

/// The net promoter score of what was first answered in these days, in points, and the number of answers.
fn nps(history: &History, days: std::ops::Range<i32>) -> (f64, usize) {
    let decoder = Decoder::new(Default::default(), Default::default());
    let (mut seen, mut scores) = (HashSet::new(), Vec::new());
    for event in history.events().iter().filter(|event| event.topic == Source::Nps.topic()) {
        let headers: Headers = event.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let Ok(Decoded::Item(item)) = decoder.decode(&event.payload, headers, event.at) else { continue };
        let day = item.occurred_at.day().0 - history.period().start.0;
        if let Change::Upsert(records) = &item.change
            && days.contains(&day)
            && seen.insert(item.item_id())
        {
            scores.extend(records.iter().filter_map(|record| record.score).map(|score| score.value()));
        }
    }
    let share = |keep: fn(f64) -> bool| scores.iter().filter(|score| keep(**score)).count() as f64;
    (100.0 * (share(|s| s >= 9.0) - share(|s| s <= 6.0)) / scores.len() as f64, scores.len())
}

#[test]
fn the_new_prices_cost_some_goodwill() {
    let history = History::new(Options::new(TODAY));
    let plant = history.plants().iter().find(|plant| plant.measure == Measure::Nps).unwrap();
    let from = plant.from.0 - history.period().start.0;
    let ((before, n), (after, m)) = (nps(&history, 0..from), nps(&history, from..DAYS));
    println!("NPS {before:.1} of {n} answers, then {after:.1} of {m}");
    assert!((2.0..15.0).contains(&(before - after)), "{before} -> {after}");
}

#[test]
fn weekends_are_quieter_where_a_rhythm_is_asked_for() {
    let weekend = |options: Options| {
        let history = History::new(options);
        let said = said(&history);
        said.iter().filter(|(day, ..)| day % 7 >= 5).count() as f64 / said.len() as f64
    };
    let quiet = weekend(Options::new(TODAY));
    let flat = weekend(Options { rhythm: false, ..Options::new(TODAY) });
    assert!(quiet < 0.24 && (flat - 2.0 / 7.0).abs() < 0.02, "{quiet} {flat}");
}

#[test]
fn a_history_without_plants_is_the_same_one_without_its_stories() {
    let options = Options { events: 6_000, ..Options::new(TODAY) };
    let payloads = |options: Options| -> HashSet<Vec<u8>> {
        History::new(options).into_iter().map(|event| event.payload).collect()
    };
    let (told, plain) = (payloads(options), payloads(Options { plants: false, ..options }));
    let lost = plain.difference(&told).count() as f64 / plain.len() as f64;
    // Complaints about speed that were not made, and scores that were a little lower.
    assert!(lost < 0.05, "{lost}");
    assert!(told.len() > plain.len());
    let stories = |plants: &[Plant]| plants.iter().map(|plant| plant.story).collect::<HashSet<_>>().len();
    assert_eq!(stories(History::new(options).plants()), 5);
    assert!(History::new(Options::null(1, TODAY)).plants().is_empty());
}

/// Index of dispersion of counts over the weeks: about 1 where they are Poisson at a constant rate.
fn dispersion(weeks: &[f64]) -> f64 {
    let mean = weeks.iter().sum::<f64>() / weeks.len() as f64;
    weeks.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / (weeks.len() - 1) as f64 / mean
}

#[test]
fn without_plants_nothing_moves() {
    let (mut dispersions, mut beyond, mut tests) = (Vec::new(), 0, 0);
    for seed in 1..=30 {
        let history = History::new(Options { events: 6_000, ..Options::null(seed, TODAY) });
        let mut counts: BTreeMap<(&str, Option<SentimentLabel>), [f64; (DAYS / 7) as usize]> =
            BTreeMap::new();
        for (day, _, record) in said(&history) {
            for topic in &record.topics {
                counts.entry((topic, record.sentiment)).or_default()[day as usize / 7] += 1.0;
            }
        }
        for weeks in counts.values().filter(|weeks| weeks.iter().sum::<f64>() > 60.0) {
            dispersions.push(dispersion(weeks));
            let (before, after) = (weeks[..6].iter().sum::<f64>(), weeks[6..].iter().sum::<f64>());
            tests += 1;
            // The difference of two Poisson counts of the same rate, by their sum.
            beyond += u32::from((after - before).abs() / (after + before).sqrt() > 1.96);
        }
    }
    let mean = dispersions.iter().sum::<f64>() / dispersions.len() as f64;
    let share = f64::from(beyond) / f64::from(tests);
    println!("{tests} counts: dispersion {mean:.3}, {:.1}% beyond 1.96 sigma", 100.0 * share);
    assert!((0.93..1.07).contains(&mean), "{mean}");
    assert!((0.03..0.07).contains(&share), "{share}");
}
