use super::*;
use crate::{
    alerts::{
        rules::Every,
        series::{Answers, Counts, Metric, Part, Stream, What},
    },
    stats::rng::Rng,
};
use std::collections::BTreeMap;

/// A Monday.
const FROM: Hour = Hour(20_514 * 24);

/// Everybody is somebody else, and nothing is shared.
struct Everybody<'a>(&'a History);

impl Records for Everybody<'_> {
    fn people(&self, key: &SeriesKey, hours: Span) -> u64 {
        let of = |hour: Hour| (hour.0 - self.0.from.0) as usize;
        let stream = self.0.streams.iter().find(|s| s.what == key.what && s.source == key.source).unwrap();
        let counts = stream.parts.iter().flat_map(|part| part.counts.within(of(hours.from)..of(hours.to)));
        counts.map(|counts| u64::from(counts.records)).sum()
    }

    fn overlap(&self, _: &SeriesKey, _: &SeriesKey, _: Span) -> f64 {
        0.0
    }
}

struct Nobody;

impl Records for Nobody {
    fn people(&self, _: &SeriesKey, _: Span) -> u64 {
        1
    }

    fn overlap(&self, _: &SeriesKey, _: &SeriesKey, _: Span) -> f64 {
        0.0
    }
}

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

/// `rate(hour)` records of a source, of which the share `negative(hour)` is negative.
fn hourly(source: &str, days: usize, rate: impl Fn(usize) -> f64, negative: impl Fn(usize) -> f64) -> Part {
    let mut rng = Rng::named(5, source);
    let hour = |at: usize| {
        let records = poisson(&mut rng, rate(at));
        let hits = (0..records).filter(|_| rng.uniform() < negative(at)).count();
        Counts { records, judged: records, negative: hits as u32 }
    };
    let counts = (0..days * A_DAY).map(hour).collect();
    Part { source: source.to_owned(), since: 0, counts, answers: BTreeMap::new() }
}

/// `times(day)` times `a_day` records of a source, of which the share `negative(day)` is negative.
fn part(
    source: &str,
    days: usize,
    a_day: f64,
    times: impl Fn(usize) -> f64,
    negative: impl Fn(usize) -> f64,
) -> Part {
    hourly(source, days, |at| a_day / 24.0 * times(at / A_DAY), |at| negative(at / A_DAY))
}

fn topic(id: &str, parts: Vec<Part>) -> Stream {
    Stream { what: What::Topic(id.to_owned()), product: None, source: None, parts }
}

fn history(days: usize, streams: Vec<Stream>) -> History {
    History { from: FROM, hours: days * A_DAY, streams, small_cases: 0 }
}

fn spells(history: &History, rules: &WatchRules) -> Vec<Spell> {
    let records = Everybody(history);
    let mut watch = Watch::new(history, rules, history.from);
    watch.finish(&records);
    watch.spells(&records)
}

#[test]
fn a_doubled_volume_is_found_told_once_and_ends() {
    let burst = |day: usize| if (80..84).contains(&day) { 2.5 } else { 1.0 };
    let quiet = part("nps", 110, 60.0, |_| 1.0, |_| 0.2);
    let history = history(
        110,
        vec![topic("login", vec![part("social", 110, 60.0, burst, |_| 0.2)]), topic("b", vec![quiet])],
    );
    let found = spells(&history, &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    let spell = &found[0];
    assert_eq!(
        (spell.key.metric.clone(), spell.key.what.clone()),
        (Metric::Volume, What::Topic("login".into()))
    );
    let day = |hour: Hour| (hour.0 - FROM.0) / 24;
    assert!((78..=80).contains(&day(spell.onset)) && (80..=81).contains(&day(spell.fired)), "{spell:?}");
    let (end, ending) = spell.ended.unwrap();
    assert!(ending == Ending::Recovered && (84..=87).contains(&day(end)), "{spell:?}");
    let Figures::Volume { seen, expected, range, .. } = spell.figures else { panic!("{spell:?}") };
    assert!(seen as f64 > range.high && range.contains(expected));
}

// The evidence of "small" reaches 0.9 of what a series by itself needs.
#[test]
fn what_runs_lets_nothing_else_through() {
    let outage = |day: usize| if (80..85).contains(&day) { 5.0 } else { 1.0 };
    let small = |at: usize| {
        let times = if (81 * A_DAY..81 * A_DAY + 66).contains(&at) { 1.5 } else { 1.0 };
        40.0 / 24.0 * times
    };
    let streams = vec![
        topic("outage", vec![part("social", 90, 60.0, outage, |_| 0.2)]),
        topic("small", vec![hourly("nps", 90, small, |_| 0.2)]),
    ];
    let history = history(90, streams);
    let found = spells(&history, &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ended.unwrap().0 >= FROM.plus(85 * 24), "it ran all the while");
    let twice = WatchRules { false_alerts: 2.0, ..WatchRules::default() };
    assert_eq!(spells(&history, &twice).len(), 2, "half as much evidence is there");
}

// Ten days of trouble from eight to six: every night is as quiet as before, and nobody wants to hear that it is over.
#[test]
fn a_trouble_by_day_is_one_episode() {
    let by_day = |at: usize| {
        let is_bad = (80..90).contains(&(at / A_DAY)) && (8..18).contains(&(at % A_DAY));
        if is_bad { 6.0 } else { 1.0 }
    };
    for every in [Every::Hour, Every::Day] {
        let login = topic("login", vec![hourly("social", 95, by_day, |_| 0.2)]);
        let found = spells(&history(95, vec![login]), &WatchRules { every, ..WatchRules::default() });
        assert_eq!(found.len(), 1, "{every:?}: {found:?}");
        let (end, ending) = found[0].ended.unwrap();
        assert_eq!(ending, Ending::Recovered);
        assert!((90..=91).contains(&((end.0 - FROM.0) / 24)), "{every:?}: {end}");
    }
}

// A worker that is stopped for a day in the midst of it hears nobody complain.
#[test]
fn a_silent_feed_is_no_recovery() {
    let stopped = 82 * A_DAY + 12..83 * A_DAY + 12;
    let rate = |at: usize| match at / A_DAY {
        _ if stopped.contains(&at) => 0.0,
        80..86 => 10.0,
        _ => 2.0,
    };
    let feed = || hourly("social", 90, rate, |_| 0.2);
    let all = Stream { what: What::All, ..topic("", vec![feed()]) };
    let found = spells(&history(90, vec![topic("login", vec![feed()]), all]), &WatchRules::default());
    assert_eq!(found.len(), 2, "the topic and everything, once each: {found:?}");
    for spell in &found {
        let (end, ending) = spell.ended.unwrap();
        assert!(ending == Ending::Recovered && (end.0 - FROM.0) / 24 >= 86, "{spell:?}");
    }
    let unknown = spells(&history(90, vec![topic("login", vec![feed()])]), &WatchRules::default());
    assert_eq!(unknown.len(), 2, "where nobody knows of the feed, it is over and comes back: {unknown:?}");
}

fn case(part: Part) -> Stream {
    Stream { what: What::Case("aa01".to_owned()), ..topic("", vec![part]) }
}

// That nobody reported it before its first report is no baseline.
#[test]
fn a_case_is_judged_by_its_own_life() {
    let born = |at: usize| if at < 60 * A_DAY { 0.0 } else { 2.0 / 24.0 };
    let since = |since: usize| Part { since, ..hourly("social", 120, born, |_| 0.2) };
    let own = history(120, vec![case(since(60 * A_DAY))]);
    assert_eq!(spells(&own, &WatchRules::default()), []);
    let of_the_feed = history(120, vec![case(since(0))]);
    assert_eq!(spells(&of_the_feed, &WatchRules::default()).len(), 1, "the test could fail");
}

#[test]
fn a_case_that_grows_is_found_unless_cases_are_not_watched() {
    let grows = |at: usize| match at / A_DAY {
        ..30 => 0.0,
        30..80 => 1.0 / 24.0,
        _ => 8.0 / 24.0,
    };
    let part = Part { since: 30 * A_DAY, ..hourly("social", 90, grows, |_| 0.2) };
    let history = history(90, vec![case(part)]);
    let found = spells(&history, &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!((80..=82).contains(&((found[0].fired.0 - FROM.0) / 24)), "{found:?}");
    let rules = WatchRules { cases: false, ..WatchRules::default() };
    let watch = Watch::new(&history, &rules, FROM);
    assert_eq!(watch.coverage(), Coverage { speaking: 0, series: 0, from: None });
}

#[test]
fn what_stays_becomes_what_is_usual() {
    let risen = |day: usize| if day >= 70 { 3.0 } else { 1.0 };
    let history = history(140, vec![topic("login", vec![part("social", 140, 40.0, risen, |_| 0.2)])]);
    let found = spells(&history, &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].ended.unwrap().1, Ending::NewNormal);
}

#[test]
fn a_share_rises_within_its_source() {
    let rise = |day: usize| if day >= 75 { 0.5 } else { 0.2 };
    let history = history(80, vec![topic("price", vec![part("nps", 80, 60.0, |_| 1.0, rise)])]);
    let found = spells(&history, &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    let Figures::Negative { before, since, rise_range, .. } = found[0].figures else { panic!("{found:?}") };
    assert!((before - 0.2).abs() < 0.05 && (since - 0.5).abs() < 0.1 && rise_range.low > 0.1);
    assert!(found[0].ended.is_none());
}

// App reviews are mostly negative: more of them is no change of mood.
#[test]
fn a_burst_of_one_source_is_no_change_of_mood() {
    let burst = |day: usize| if day >= 75 { 4.0 } else { 1.0 };
    let parts = vec![part("review", 82, 40.0, burst, |_| 0.7), part("nps", 82, 40.0, |_| 1.0, |_| 0.1)];
    let found = spells(&history(82, vec![topic("price", parts)]), &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].key.metric, Metric::Volume);
}

#[test]
fn a_fallen_score_is_found() {
    let name =
        crate::alerts::series::ScoreName { kind: "nps".to_owned(), scale: "0-10".to_owned(), question: None };
    let mut rng = Rng::new(9);
    let hour = |at: usize| {
        let best = if at < 70 * A_DAY { 0.7 } else { 0.3 };
        let sum = (0..3).filter(|_| rng.uniform() < best).count() as f64;
        Answers { n: 3, sum, sum_sq: sum }
    };
    let answers = (0..80 * A_DAY).map(hour).collect();
    let mut nps = part("nps", 80, 72.0, |_| 1.0, |_| 0.2);
    nps.answers.insert(name.clone(), answers);
    let found = spells(&history(80, vec![topic("price", vec![nps])]), &WatchRules::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].key.metric, Metric::Score(name));
    let Figures::Score { before, since, .. } = found[0].figures else { panic!("{found:?}") };
    assert!((before - 0.7).abs() < 0.03 && (since - 0.3).abs() < 0.1);
}

#[test]
fn a_feed_that_was_connected_is_no_rise() {
    let mut new = part("social", 100, 200.0, |day| if day >= 70 { 1.0 } else { 0.0 }, |_| 0.2);
    new.since = 70 * A_DAY;
    let parts = vec![part("nps", 100, 40.0, |_| 1.0, |_| 0.2), new];
    assert_eq!(spells(&history(100, vec![topic("price", parts)]), &WatchRules::default()), []);
}

#[test]
fn too_little_history_or_too_few_people_say_nothing() {
    let burst = |day: usize| if day >= 4 { 9.0 } else { 1.0 };
    let young = history(7, vec![topic("login", vec![part("social", 7, 60.0, burst, |_| 0.2)])]);
    let rules = WatchRules::default();
    let mut watch = Watch::new(&young, &rules, FROM);
    watch.finish(&Nobody);
    assert_eq!(watch.spells(&Nobody), []);
    let day = |days: i32| Some(FROM.day().plus(days));
    assert_eq!(watch.coverage(), Coverage { speaking: 0, series: 2, from: day(7) }, "tomorrow");
    let burst = |day: usize| if day >= 70 { 9.0 } else { 1.0 };
    let one = history(80, vec![topic("login", vec![part("social", 80, 60.0, burst, |_| 0.2)])]);
    let mut watch = Watch::new(&one, &rules, FROM);
    watch.finish(&Nobody);
    assert_eq!(watch.spells(&Nobody), []);
    assert_eq!(watch.coverage(), Coverage { speaking: 2, series: 2, from: day(7) });
    // Old enough, but there is next to nothing in it.
    let few = history(30, vec![topic("login", vec![part("social", 30, 0.1, |_| 1.0, |_| 0.2)])]);
    let rules = WatchRules { volume: false, ..rules };
    let mut watch = Watch::new(&few, &rules, FROM);
    watch.finish(&Nobody);
    assert_eq!(watch.coverage(), Coverage { speaking: 0, series: 1, from: None });
    let empty = history(30, Vec::new());
    assert_eq!(Watch::new(&empty, &rules, FROM).coverage(), Coverage { speaking: 0, series: 0, from: None });
}

#[test]
fn daily_looks_find_at_the_end_of_a_day() {
    let burst = |day: usize| if day >= 80 { 3.0 } else { 1.0 };
    let history = history(84, vec![topic("login", vec![part("social", 84, 60.0, burst, |_| 0.2)])]);
    let rules = WatchRules { every: Every::Day, ..WatchRules::default() };
    let found = spells(&history, &rules);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].fired.plus(1).0 % 24, 0);
}

#[test]
fn unchanging_streams_stay_silent() {
    let streams = (0..12).map(|n| {
        let parts = vec![part(&format!("source {n}"), 200, 20.0 + 10.0 * f64::from(n), |_| 1.0, |_| 0.25)];
        topic(&format!("topic {n}"), parts)
    });
    assert_eq!(spells(&history(200, streams.collect()), &WatchRules::default()), []);
}

#[test]
fn running_on_is_the_same_as_running_at_once() {
    let burst = |day: usize| if (80..84).contains(&day) { 2.5 } else { 1.0 };
    let all = history(100, vec![topic("login", vec![part("social", 100, 60.0, burst, |_| 0.2)])]);
    let rules = WatchRules::default();
    let records = Everybody(&all);
    let mut by_hours = Watch::new(&all, &rules, FROM);
    let mut changes = 0;
    while !by_hours.is_done() {
        changes += usize::from(by_hours.advance(&records));
    }
    assert_eq!((by_hours.spells(&records), changes), (spells(&all, &rules), 2));
    assert!(!by_hours.advance(&records));
}
