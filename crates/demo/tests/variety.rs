//! No two weeks read alike.

use demo::{DAYS, History, Options, Truth};
use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    record::Change,
    time::Day,
};
use std::collections::{HashMap, HashSet};

/// The texts of current records, by week.
fn weeks() -> Vec<Vec<String>> {
    let history = History::new(Options::new(Day(20_779)));
    let decoder = Decoder::new(Default::default(), Default::default());
    let mut last: HashMap<u64, (i64, i64, usize, Vec<String>)> = HashMap::new();
    for event in history.events() {
        let Truth::Item(truth) = &event.truth else { continue };
        let headers: Headers = event.headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let Ok(Decoded::Item(item)) = decoder.decode(&event.payload, headers, event.at) else { continue };
        let texts = match &item.change {
            Change::Delete => Vec::new(),
            Change::Upsert(records) => {
                records.iter().map(|r| r.body.to_string()).filter(|body| !body.is_empty()).collect()
            }
        };
        let week = (truth.occurred_at.day().0 - history.period().start.0) as usize / 7;
        let known = last.entry(truth.item).or_insert((i64::MIN, 0, 0, Vec::new()));
        if (truth.version, truth.updated_at.0) >= (known.0, known.1) {
            *known = (truth.version, truth.updated_at.0, week, texts);
        }
    }
    let mut weeks = vec![Vec::new(); DAYS as usize / 7];
    last.into_values().for_each(|(_, _, week, texts)| weeks[week].extend(texts));
    weeks
}

fn bigrams(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..words.len()).map(move |i| (words[i - 1], words[i])).collect::<Vec<_>>().into_iter()
}

#[test]
fn texts_seldom_repeat_and_weeks_share_little() {
    let weeks = weeks();
    let texts: Vec<&String> = weeks.iter().flatten().collect();
    let distinct: HashSet<&String> = texts.iter().copied().collect();
    let repeated = 1.0 - distinct.len() as f64 / texts.len() as f64;
    let long: Vec<&&String> = texts.iter().filter(|text| text.split_whitespace().count() >= 8).collect();
    let distinct_long: HashSet<&&&String> = long.iter().collect();
    let repeated_long = 1.0 - distinct_long.len() as f64 / long.len() as f64;
    let all: HashSet<(&str, &str)> = texts.iter().flat_map(|text| bigrams(text)).collect();
    println!(
        "{} texts, {:.1}% repeat another; of those with 8 words or more {:.2}%; {} distinct bigrams",
        texts.len(),
        100.0 * repeated,
        100.0 * repeated_long,
        all.len()
    );
    for (n, week) in weeks.iter().enumerate() {
        let others: HashSet<&String> =
            weeks.iter().enumerate().filter(|(m, _)| *m != n).flat_map(|(_, texts)| texts).collect();
        let shared = week.iter().filter(|text| others.contains(text)).count() as f64 / week.len() as f64;
        println!("week {}: {} texts, {:.1}% said in another week too", n + 1, week.len(), 100.0 * shared);
        assert!(shared < 0.25, "week {}: {shared}", n + 1);
    }
    // People do answer "nothing" and "fine I guess" in the same words; sentences are their own.
    assert!(repeated < 0.15, "{repeated}");
    assert!(repeated_long < 0.03, "{repeated_long}");
    assert!(all.len() > 40_000, "{}", all.len());
}
