//! What an alert speaks of is what its command lists.

use super::*;
use crate::{
    alerts::{
        file::NamedWords,
        hour::{A_DAY, Span},
        read::{Stored, read, tests::in_parts},
        rules::WatchRules,
        series::{History, ScoreName, SeriesKey},
        watch::{Ending, Figures, Records as _, Watch},
    },
    report::{filter::OfCases, records},
    stats::Interval,
    testing::{self, Fact, nps},
};
use feedback::time::Day;
use proptest::prelude::*;
use std::collections::HashSet;

/// A Monday.
const DAY: Day = Day(20_514);

fn rivals() -> Wordings {
    let any = vec!["Acme".to_owned(), "switch to".to_owned()];
    Wordings::new(&[NamedWords { name: "rivals".to_owned(), any }])
}

fn case_of(record: &str) -> Option<String> {
    record.ends_with(['3', 'a', 'f']).then(|| "aa01".to_owned())
}

/// A fact of its own near the beginning of an hour: what of the id is below 86,000 are seconds of the day. The last digit of
/// the id, which is hexadecimal, goes by turns.
fn fact(at: usize, hour: usize, source: &'static str) -> Fact {
    let id = at as u64 * 86_000 + (hour % A_DAY) as u64 * 3_600 + at as u64 % 16;
    Fact::new(id, DAY.plus((hour / A_DAY) as i32), source)
}

fn read_all(facts: &[Fact], hours: usize) -> (History, Stored) {
    let (from, wordings) = (Hour::of_day(DAY), rivals());
    let words = |title: Option<&str>, body: &str| wordings.of(title, body);
    let span = (from, from.plus(hours as i32));
    // Small cases are watched as well.
    let stored = read(&in_parts(facts, 50), span, &words, &case_of, 1).unwrap();
    (stored.history(), stored)
}

/// The ids that the filter of a change lists, in their order.
fn listed(facts: &[Fact], spell: &Spell, now: Hour) -> Vec<String> {
    let members: HashSet<String> =
        facts.iter().map(Fact::record_id).filter(|id| case_of(id).is_some()).collect();
    let of_cases = Some(OfCases { members, resolved: HashSet::new() });
    let filter = Filter { of_cases, ..filter(spell, now, &rivals()).unwrap() };
    let lines = records(testing::facts(facts), &filter).unwrap();
    let mut ids: Vec<String> = lines.into_iter().map(|line| line.record_id).collect();
    ids.sort_unstable();
    ids
}

/// Any record of a few days: `turn` says what it is.
fn invented(at: usize, hour: usize, turn: usize) -> Fact {
    let (source, turn) = (["nps", "ticket"][turn % 2], turn / 2);
    let (product, turn) = ([None, Some("app")][turn % 2], turn / 2);
    let (sentiment, turn) = (["negative", "positive", "unknown"][turn % 3], turn / 3);
    let (topics, turn) = (
        match turn % 4 {
            0 => vec![],
            1 => vec![("login", "negative", (0, 2))],
            2 => vec![("login", "positive", (0, 2)), ("price", "negative", (0, 2))],
            _ => vec![("price", "unknown", (0, 2))],
        },
        turn / 4,
    );
    let (body, turn) = (["We SWITCH  to Globex", "refund", "acmes", ""][turn % 4], turn / 4);
    let title = [None, Some("Acme")][turn % 2];
    let score = if source == "nps" { nps((at % 11) as f64) } else { None };
    // Some say more than once, and of some nobody knows who they are.
    let author = (!at.is_multiple_of(3)).then(|| format!("person {}", at % 5));
    Fact { product, sentiment, topics, body: body.to_owned(), title, score, author, ..fact(at, hour, source) }
}

fn keys() -> impl Strategy<Value = SeriesKey> {
    let score = ScoreName { kind: "nps".to_owned(), scale: "0-10".to_owned(), question: None };
    let metrics = vec![Metric::Volume, Metric::Negative, Metric::Score(score)];
    let named = |what: fn(String) -> What, name: &str| what(name.to_owned());
    let whats = vec![
        What::All,
        named(What::Topic, "login"),
        named(What::Topic, "price"),
        named(What::Words, "rivals"),
        named(What::Case, "aa01"),
    ];
    let text = |name: &str| Some(name.to_owned());
    let products = vec![None, text("app")];
    let sources = vec![None, text("nps"), text("ticket")];
    let select = (
        prop::sample::select(metrics),
        prop::sample::select(whats),
        prop::sample::select(products),
        prop::sample::select(sources),
    );
    select.prop_map(|(metric, what, product, source)| SeriesKey { metric, what, product, source })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_command_lists_the_records_that_were_counted(
        turns in prop::collection::vec((0_usize..72, 0_usize..384), 1..60),
        key in keys(),
        onset in 0_i32..71,
        hours in 1_i32..72,
        has_ended in any::<bool>(),
    ) {
        let facts: Vec<Fact> =
            turns.iter().enumerate().map(|(at, (hour, turn))| invented(at, *hour, *turn)).collect();
        let (history, stored) = read_all(&facts, 72);
        let (from, to) = (history.hour(onset as usize), history.hour((onset + hours).min(72) as usize));
        let spell = Spell {
            key,
            onset: from,
            fired: from,
            ended: has_ended.then(|| (to.plus(-1), Ending::Recovered)),
            figures: Figures::Volume { seen: 0, expected: 0.0, range: Interval::new(0.0, 1.0), times: 1.0 },
            people: 0,
        };
        let now = if has_ended { history.hour(72) } else { to };
        let mut counted: Vec<String> =
            stored.ids(&spell.key, Span { from, to }).into_iter().map(str::to_owned).collect();
        counted.sort_unstable();
        prop_assert_eq!(listed(&facts, &spell, now), counted);
    }
}

/// Two records an hour of two sources, and in the last three days eight, all of them unhappy ones of the login.
fn burst() -> Vec<Fact> {
    let mut facts = Vec::new();
    for hour in 0..30 * A_DAY {
        let is_news = hour >= 27 * A_DAY;
        let (many, body) = if is_news { (8, "We switch to Globex") } else { (2, "Hello") };
        for turn in 0..many {
            let at = facts.len();
            let topic = if is_news || at.is_multiple_of(3) { "login" } else { "price" };
            let mood = if is_news || at.is_multiple_of(5) { "negative" } else { "positive" };
            facts.push(Fact {
                sentiment: mood,
                topics: vec![(topic, mood, (0, 5))],
                body: body.to_owned(),
                score: nps(if is_news { 2.0 } else { 9.0 }),
                author: Some(format!("person {at}")),
                ..fact(at, hour, ["nps", "ticket"][turn % 2])
            });
        }
    }
    facts
}

#[test]
fn every_figure_that_is_told_opens_as_many_records() {
    let facts = burst();
    let (history, stored) = read_all(&facts, 30 * A_DAY);
    let rules = WatchRules::default();
    let mut watch = Watch::new(&history, &rules, history.from);
    watch.finish(&stored);
    let spells = watch.spells(&stored);
    for spell in &spells {
        let listed = listed(&facts, spell, watch.now());
        assert_eq!(listed.len() as u64, spell.figures.records(), "{:?}", spell.key);
        assert_eq!(stored.people(&spell.key, spell.span(watch.now())), spell.people);
        assert_eq!(spell.people, listed.len() as u64, "each of somebody else");
    }
    let of = |is: &dyn Fn(&SeriesKey) -> bool| spells.iter().any(|spell| is(&spell.key));
    assert!(of(&|key| key.metric == Metric::Volume && key.what == What::Topic("login".to_owned())));
    assert!(of(&|key| key.metric == Metric::Negative && key.source.is_some()));
    assert!(of(&|key| matches!(key.metric, Metric::Score(_))), "{spells:#?}");
}
