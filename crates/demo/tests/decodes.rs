//! What the history says of itself, held against the decoder that every pipeline uses.

use demo::{DemoEvent, Expect, History, Options, Truth, bench, canary};
use feedback::{
    decode::{Decoded, Decoder},
    event::Headers,
    kind::Registry,
    limits::Limits,
    record::{Change, Item},
    time::{Day, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const TODAY: Day = Day(20_779);

fn decoder() -> Decoder {
    Decoder::new(Registry::default(), Limits::default())
}

fn headers<'a>(headers: &'a [(&'static str, String)]) -> Headers<'a> {
    headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect()
}

/// Version, updated time, hash and part of a record; a deletion has the part `None`.
type Row = (i64, i64, i64, Option<String>);

/// The ledger by the decoder's own ids and hashes, by the rule for the current version.
#[derive(Default)]
struct Ledger {
    consumed: u64,
    ignored: BTreeMap<&'static str, u64>,
    refused: BTreeMap<&'static str, u64>,
    items: HashMap<u128, Vec<Row>>,
}

impl Ledger {
    fn read(events: &[DemoEvent]) -> Self {
        let (decoder, mut ledger) = (decoder(), Self::default());
        for event in events {
            match decoder.decode(&event.payload, headers(&event.headers), event.at) {
                Ok(Decoded::Item(item)) => ledger.item(&item),
                Ok(Decoded::Ignored(reason)) => *ledger.ignored.entry(reason.as_str()).or_default() += 1,
                Err(refusal) => *ledger.refused.entry(refusal.reason.as_str()).or_default() += 1,
            }
        }
        ledger.consumed += ledger.ignored.values().sum::<u64>() + ledger.refused.values().sum::<u64>();
        ledger
    }

    fn item(&mut self, item: &Item<'_>) {
        let parts: Vec<Option<String>> = match &item.change {
            Change::Delete => vec![None],
            Change::Upsert(records) => records.iter().map(|r| Some(r.part.to_string())).collect(),
        };
        self.consumed += parts.len() as u64;
        let rows = self.items.entry(item.item_id().0).or_default();
        rows.extend(parts.into_iter().map(|part| (item.version, item.updated_at.0, item.content_hash, part)));
    }

    /// Facts, superseded, duplicates.
    fn resolve(&self) -> (u64, u64, u64) {
        let (mut facts, mut superseded, mut duplicates) = (0, 0, 0);
        for rows in self.items.values() {
            let winner = rows.iter().map(|(v, u, h, _)| (*v, *u, *h)).max().unwrap();
            let mut seen = HashSet::new();
            for row in rows {
                if !seen.insert(row) {
                    duplicates += 1;
                } else if (row.0, row.1, row.2) == winner && row.3.is_some() {
                    facts += 1;
                } else {
                    superseded += 1;
                }
            }
        }
        (facts, superseded, duplicates)
    }
}

fn hold(options: Options) {
    let history = History::new(options);
    let (expect, ledger) = (history.expect(), Ledger::read(history.events()));
    assert_eq!(ledger.refused, expect.dead_letters_by_reason);
    assert_eq!(ledger.ignored, expect.ignored_by_reason);
    assert_eq!(ledger.resolve(), (expect.facts, expect.superseded, expect.duplicates));
    assert_eq!(ledger.consumed, expect.consumed);
    assert_eq!(expect.facts_by_source.values().sum::<u64>(), expect.facts);
}

#[test]
fn the_ledger_is_the_decoders() {
    hold(Options::new(TODAY));
    for seed in 1..16 {
        hold(Options { events: 3_000, ..Options::null(seed, TODAY) });
    }
}

#[test]
fn each_message_decodes_as_it_was_meant() {
    let history = History::new(Options { events: 8_000, ..Options::new(TODAY) });
    let decoder = decoder();
    for event in history.events() {
        let decoded = decoder.decode(&event.payload, headers(&event.headers), event.at);
        let text = String::from_utf8_lossy(&event.payload);
        match (&event.truth, decoded) {
            (Truth::DeadLetter(reason), Err(refusal)) => {
                assert_eq!(*reason, refusal.reason.as_str(), "{refusal}")
            }
            (Truth::Ignored(reason), Ok(Decoded::Ignored(ignored))) => assert_eq!(*reason, ignored.as_str()),
            (Truth::Item(truth), Ok(Decoded::Item(item))) => {
                assert_eq!((truth.version, truth.updated_at), (item.version, item.updated_at), "{text}");
                assert_eq!(truth.source.kind(), item.kind.as_str());
                let parts: BTreeSet<&str> = truth.records.iter().map(|record| record.part).collect();
                match &item.change {
                    Change::Delete => assert!(parts.is_empty(), "{text}"),
                    Change::Upsert(records) => {
                        assert_eq!(truth.occurred_at, item.occurred_at, "{text}");
                        assert_eq!(parts, records.iter().map(|record| &*record.part).collect(), "{text}");
                        for (truth, record) in truth.records.iter().flat_map(|truth| {
                            records.iter().filter(|r| r.part == truth.part).map(move |record| (truth, record))
                        }) {
                            assert_eq!(truth.language.is_some(), !record.body.is_empty(), "{text}");
                            assert_eq!(Some(truth.platform), record.context.platform.as_deref());
                        }
                    }
                }
            }
            (truth, decoded) => panic!("{truth:?} became {decoded:?}: {text}"),
        }
    }
}

#[test]
fn the_history_has_all_there_is_to_handle() {
    let expect = History::new(Options::new(TODAY)).expect().clone();
    assert!((28_500..=31_500).contains(&expect.messages), "{expect:?}");
    assert_eq!(
        expect.consumed,
        expect.facts + expect.superseded + expect.duplicates + expect.ignored + expect.dead_letters
    );
    assert!(expect.superseded > 500 && expect.duplicates > 100 && expect.deleted_items > 100, "{expect:?}");
    assert_eq!(expect.ignored_by_reason.len(), 3, "{expect:?}");
    assert!(expect.dead_letters_by_reason.len() >= 12, "{expect:?}");
    assert_eq!(expect.facts_by_source.len(), 4);
}

#[test]
fn about_a_tenth_is_in_other_languages() {
    let history = History::new(Options::new(TODAY));
    let mut languages: BTreeMap<&str, u64> = BTreeMap::new();
    for event in history.events() {
        let Truth::Item(truth) = &event.truth else { continue };
        truth.records.iter().filter_map(|record| record.language).for_each(|language| {
            *languages.entry(language).or_default() += 1;
        });
    }
    let all = languages.values().sum::<u64>() as f64;
    let foreign = 1.0 - languages["en"] as f64 / all;
    println!("{languages:?}: {:.1}% not English", 100.0 * foreign);
    assert!((0.06..0.12).contains(&foreign) && languages.len() == 8, "{foreign}");
}

#[test]
fn the_same_options_tell_the_same_history() {
    let options = Options { events: 1_500, ..Options::new(TODAY) };
    let (one, two) = (History::new(options), History::new(options));
    assert!(one.events().iter().zip(two.events()).all(|(a, b)| a.payload == b.payload && a.at == b.at));
    assert_eq!(Expect::of(one.events()), *two.expect());
    let other = History::new(Options { seed: 8, ..options });
    assert!(one.events()[0].payload != other.events()[0].payload);
}

#[test]
fn canaries_decode_unless_they_are_broken() {
    let at = TODAY.start();
    for canary in canary::messages(3, at) {
        let decoded = decoder().decode(&canary.payload, headers(&canary.headers), at);
        assert_eq!(decoded.is_err(), canary.broken, "{}: {decoded:?}", canary.field);
    }
}

#[test]
fn bench_events_are_facts() {
    let end = TODAY.start();
    for i in 0..3_000 {
        let event = bench::event(i, end);
        let decoded = decoder().decode(&event.payload, Headers::default(), end);
        let Ok(Decoded::Item(item)) = decoded else { panic!("{decoded:?}") };
        assert!(item.occurred_at < end && item.occurred_at >= Timestamp(end.0 - 7 * 86_400_000_000));
        assert!(matches!(&item.change, Change::Upsert(records) if records.len() == 1));
    }
}
