//! Whether the texts say what they are meant to say: the shipped analysis finds most of it again. People are
//! messy on purpose, so this asks for most, not all.

use analyze::{Analyzer, Input, Options as AnalyzerOptions, Scratch, Taxonomy, redact::Redactor};
use demo::{DemoEvent, Direction, History, Measure, Options, RecordTruth, Story, Truth};
use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    judgement::SentimentLabel,
    record::{Change, Record},
    time::{Day, Timestamp},
};
use std::collections::BTreeMap;

/// Right, of all asked.
#[derive(Default, Clone, Copy)]
struct Share(u32, u32);

impl Share {
    fn add(&mut self, right: bool) {
        self.0 += u32::from(right);
        self.1 += 1;
    }

    fn of(self) -> f64 {
        f64::from(self.0) / f64::from(self.1.max(1))
    }
}

#[derive(Default)]
struct Agreement {
    sentiment: Share,
    /// Unknown answers, and the ones with the opposite sign.
    silent: Share,
    opposite: Share,
    kind: Share,
    kind_silent: Share,
    language: Share,
    /// Of the intended topics, those found; of the found ones, those intended.
    recall: BTreeMap<String, Share>,
    precision: BTreeMap<String, Share>,
    by_sentiment: BTreeMap<&'static str, Share>,
    by_kind: BTreeMap<&'static str, Share>,
    misses: Vec<String>,
}

/// Every record with words, beside what it was meant to say and when it happened.
fn each_record(events: &[DemoEvent], mut visit: impl FnMut(&Record<'_>, &RecordTruth, Timestamp)) {
    let decoder = Decoder::new(Default::default(), Default::default());
    for event in events {
        let headers: Headers = event.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let Truth::Item(truth) = &event.truth else { continue };
        let Ok(Decoded::Item(item)) = decoder.decode(&event.payload, headers, event.at) else { continue };
        let Change::Upsert(records) = &item.change else { continue };
        for record in records.iter().filter(|record| !record.body.is_empty()) {
            if let Some(truth) = truth.records.iter().find(|truth| truth.part == record.part) {
                visit(record, truth, item.occurred_at);
            }
        }
    }
}

fn input<'a>(record: &'a Record<'_>) -> Input<'a> {
    Input {
        title: record.title.as_deref(),
        body: &record.body,
        question: record.question.as_deref(),
        language_hint: record.context.language_hint.as_deref(),
        ..Input::default()
    }
}

fn measure() -> Agreement {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), AnalyzerOptions::default()).unwrap();
    let (mut scratch, mut agreement) = (Scratch::default(), Agreement::default());
    let history = History::new(Options { events: 12_000, ..Options::new(Day(20_779)) });
    each_record(history.events(), |record, truth, _| {
        agreement.compare(&analyzer, &mut scratch, record, truth);
    });
    agreement
}

impl Agreement {
    fn compare(
        &mut self,
        analyzer: &Analyzer,
        scratch: &mut Scratch,
        record: &Record<'_>,
        truth: &RecordTruth,
    ) {
        let analysis = analyzer.analyze(&input(record), scratch);
        let english = truth.language == Some("en");
        self.language.add(truth.language == Some(analysis.language.as_str()));
        let found: Vec<&str> = analysis
            .topics
            .iter()
            .filter_map(|hit| analyzer.taxonomy().get(hit.topic))
            .map(|topic| topic.id.as_str())
            .collect();
        if english {
            for topic in &truth.topics {
                let right = found.contains(topic);
                self.recall.entry((*topic).to_owned()).or_default().add(right);
                if !right && truth.topics.len() == 1 {
                    self.misses.push(format!("{topic} -> {found:?}: {}", record.body.replace('\n', " ")));
                }
            }
            for topic in found {
                if !truth.topics.contains(&topic) {
                    self.misses.push(format!(
                        "FALSE {topic} for {:?}: {}",
                        truth.topics,
                        record.body.replace('\n', " ")
                    ));
                }
                self.precision.entry(topic.to_owned()).or_default().add(truth.topics.contains(&topic));
            }
        }
        if let Some(meant) = truth.sentiment.filter(|_| english) {
            let said = analysis.sentiment.label;
            self.silent.add(said == SentimentLabel::Unknown);
            self.by_sentiment.entry(meant.as_str()).or_default().add(said == meant);
            self.sentiment.add(said == meant);
            let sign = |label| match label {
                SentimentLabel::Negative => -1,
                SentimentLabel::Positive => 1,
                _ => 0,
            };
            self.opposite.add(sign(said) * sign(meant) < 0);
        }
        if let Some(meant) = truth.kind.filter(|_| english) {
            self.kind_silent.add(analysis.kind.label.as_str() == "unknown");
            self.by_kind.entry(meant.as_str()).or_default().add(analysis.kind.label == meant);
            self.kind.add(analysis.kind.label == meant);
        }
    }
}

fn total(shares: &BTreeMap<String, Share>) -> Share {
    shares.values().fold(Share::default(), |sum, share| Share(sum.0 + share.0, sum.1 + share.1))
}

#[test]
fn the_analysis_finds_most_of_what_was_meant() {
    let found = measure();
    let percent = |share: Share| format!("{:.1}%", 100.0 * share.of());
    println!(
        "sentiment {} right, {} unknown, {} of the opposite sign; kind {} right, {} unknown; language {}",
        percent(found.sentiment),
        percent(found.silent),
        percent(found.opposite),
        percent(found.kind),
        percent(found.kind_silent),
        percent(found.language)
    );
    for (label, share) in found.by_sentiment.iter().chain(&found.by_kind) {
        println!("  {label}: {} of {}", percent(*share), share.1);
    }
    for (topic, recall) in &found.recall {
        let precision = found.precision.get(topic).copied().unwrap_or_default();
        println!("  {topic}: recall {} precision {} (n {})", percent(*recall), percent(precision), recall.1);
    }
    let (recall, precision) = (total(&found.recall), total(&found.precision));
    println!("topics: recall {} precision {}", percent(recall), percent(precision));
    for miss in found.misses.iter().step_by(found.misses.len() / 40 + 1) {
        println!("miss {miss}");
    }
    assert!(found.sentiment.of() > 0.6 && found.opposite.of() < 0.1);
    assert!(recall.of() > 0.6 && precision.of() > 0.6);
    assert!(found.language.of() > 0.8);
    for plant in ["availability", "pricing", "login_access", "performance"] {
        let shares = (found.recall[plant].of(), found.precision[plant].of());
        assert!(shares.0 > 0.7 && shares.1 > 0.4, "{plant}: {shares:?}");
    }
}

/// Records found to have the topic, a day, on one platform or all: all of them, negative and positive ones.
fn found_a_day(
    found: &[Found],
    topic: &str,
    days: std::ops::Range<i32>,
    platform: Option<&'static str>,
) -> [f64; 3] {
    let here =
        |f: &&Found| f.topic == topic && days.contains(&f.day) && platform.is_none_or(|p| p == f.platform);
    let count = |keep: fn(SentimentLabel) -> bool| {
        found.iter().filter(here).filter(|f| keep(f.sentiment)).count() as f64
            / f64::from(days.end - days.start)
    };
    [count(|_| true), count(|s| s == SentimentLabel::Negative), count(|s| s == SentimentLabel::Positive)]
}

struct Found {
    topic: String,
    day: i32,
    platform: &'static str,
    sentiment: SentimentLabel,
}

#[test]
fn each_story_shows_in_what_the_analysis_finds() {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), AnalyzerOptions::default()).unwrap();
    let (mut scratch, mut all) = (Scratch::default(), Vec::new());
    let history = History::new(Options::new(Day(20_779)));
    let start = history.period().start.0;
    each_record(history.events(), |record, truth, at| {
        let analysis = analyzer.analyze(&input(record), &mut scratch);
        for hit in analysis.topics {
            let topic = analyzer.taxonomy().get(hit.topic).unwrap().id.clone();
            let (day, platform) = (at.day().0 - start, truth.platform);
            all.push(Found { topic, day, platform, sentiment: hit.sentiment });
        }
    });
    for plant in history.plants() {
        let Some(topic) = plant.topic else { continue };
        let (from, until) = (plant.from.0 - start, plant.until.0 - start);
        let from = if plant.story == Story::FasterBoards { until - 14 } else { from };
        let platform = plant.platform.map(|platform| platform.as_str());
        let then = found_a_day(&all, topic, 0..28, platform);
        let now = found_a_day(&all, topic, from..until, platform);
        let factor = match plant.measure {
            Measure::Volume => now[0] / then[0],
            Measure::NegativeVolume => now[1] / then[1],
            Measure::PositiveVolume => now[2] / then[2],
            Measure::NegativeShare => (now[1] / now[0]) / (then[1] / then[0]),
            Measure::Nps | Measure::Weekday => continue,
        };
        println!(
            "{:?} {topic} {:?}: x{factor:.2} ({then:.1?} -> {now:.1?} a day)",
            plant.story, plant.measure
        );
        match plant.direction {
            Direction::Up => assert!(factor > 1.15, "{plant:?}: {factor}"),
            Direction::Down => assert!(factor < 0.8, "{plant:?}: {factor}"),
            Direction::Cycle => unreachable!("no topic has a cycle of its own"),
        }
    }
}

#[test]
fn personal_data_of_known_shapes_is_found() {
    let (redactor, mut rng) = (Redactor::new(), demo::rng::Rng::new(4));
    type Shape = (&'static str, fn(&mut demo::rng::Rng) -> String);
    let shapes: [Shape; 5] = [
        ("phone", demo::pii::phone),
        ("card", demo::pii::card),
        ("iban", demo::pii::iban),
        ("ip", demo::pii::ip),
        ("token", demo::pii::token),
    ];
    for (name, shape) in shapes {
        for _ in 0..200 {
            let secret = shape(&mut rng);
            assert!(!redactor.is_clean(&format!("Please use {secret}, thanks.")), "{name} {secret}");
        }
    }
}

#[test]
fn stories_speak_of_their_own_topic() {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), AnalyzerOptions::default()).unwrap();
    let mut scratch = Scratch::default();
    let options = Options::new(Day(20_779));
    let usual: std::collections::HashSet<_> =
        History::new(Options { plants: false, ..options }).into_iter().map(|event| event.payload).collect();
    let stories: Vec<_> =
        History::new(options).into_iter().filter(|event| !usual.contains(&event.payload)).collect();
    let mut found: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
    each_record(&stories, |record, truth, _| {
        let ([topic], Some("en")) = (truth.topics.as_slice(), truth.language) else { return };
        let counts = found.entry(topic).or_default();
        *counts.entry("all".to_owned()).or_default() += 1;
        for hit in analyzer.analyze(&input(record), &mut scratch).topics {
            let other = analyzer.taxonomy().get(hit.topic).unwrap().id.clone();
            *counts.entry(other).or_default() += 1;
        }
    });
    for topic in ["availability", "login_access", "performance", "pricing"] {
        let counts = &found[topic];
        println!("{topic}: {counts:?}");
        let share = |n: u32| f64::from(n) / f64::from(counts["all"]);
        assert!(share(counts[topic]) > 0.85, "{topic}: {counts:?}");
        let others = counts.iter().filter(|(other, _)| *other != "all" && *other != topic);
        for (other, n) in others {
            assert!(share(*n) < 0.2, "{topic} speaks of {other}: {counts:?}");
        }
    }
}
