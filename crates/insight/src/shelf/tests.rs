use super::*;
use crate::{
    report::{
        RecordLine,
        filter::{Answers, Band, Filter, Moment, OfCases, Weekday, Wording},
        records,
    },
    stats::rng::Rng,
    testing::{self, Decided, Fact, nps},
    triage::Priority,
};
use feedback::{
    judgement::SentimentLabel,
    score::{Score, ScoreKind},
};
use polars::prelude::{IntoLazy, LazyFrame};
use proptest::prelude::*;
use std::{collections::HashSet, ops::ControlFlow};

mod answers;
mod drivers;
mod follow;
mod nearest;
mod people;
mod reach;
mod shares;
mod together;

/// A Monday.
const START: Day = Day(20_514);
const TOPICS: [&str; 4] = ["billing", "login_access", "search", "support"];
const WORDS: [&str; 8] = ["login", "LOGIN", "Straße", "refund", "can\u{2019}t", "退款", "data", "loss"];

/// What is picked from a few, so that much fits.
pub(super) struct Dice(Rng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Rng::new(seed))
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.0.uniform() * n as f64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn is_rare(&mut self) -> bool {
        self.below(5) == 0
    }

    fn rarely<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.is_rare().then(|| make(self))
    }

    fn words(&mut self, most: usize) -> String {
        let words: Vec<&str> = (0..self.below(most)).map(|_| self.one_of(&WORDS)).collect();
        words.join(self.one_of(&[" ", ", ", "\n"]))
    }
}

pub(super) fn fact(dice: &mut Dice, id: u64) -> Fact {
    let body = dice.words(6);
    let mut topics: Vec<(&str, &str, (u32, u32))> = Vec::new();
    for topic in TOPICS {
        if dice.is_rare() {
            topics.push((topic, dice.one_of(&["negative", "neutral", "positive", "unknown"]), (0, 1)));
        }
    }
    let decided = Decided {
        owner: dice.one_of(&["identity", "finance"]),
        priority: dice.one_of(&["P1", "P3"]),
        queue: dice.one_of(&["desk", "review"]),
        unsure: dice.one_of(&[None, Some("topics")]),
    };
    let score = match dice.below(4) {
        0 => nps(dice.below(11) as f64),
        1 => Score::new(ScoreKind::Csat, 1.0 + dice.below(5) as f64, 1.0, 5.0),
        _ => None,
    };
    Fact {
        origin: dice.one_of(&[None, Some("web form"), Some("file:a.csv")]),
        product: dice.one_of(&[None, Some("app"), Some("api")]),
        platform: dice.one_of(&[None, Some("web"), Some("ios")]),
        app_version: dice.one_of(&[None, Some("4.2.0")]),
        author: dice.one_of(&[None, Some(1), Some(2), Some(3)]).map(|n| format!("a_{n}")),
        author_alias: dice.one_of(&[None, Some(3), Some(4), Some(5)]).map(|n| format!("a_{n}")),
        account: dice.one_of(&[None, Some("ACME"), Some("Globex")]),
        segment: dice.one_of(&[None, Some("pro")]),
        decided: (dice.below(3) > 0).then_some(decided),
        language: dice.one_of(&["en", "de", "unknown"]),
        sentiment: dice.one_of(&["negative", "neutral", "positive", "unknown"]),
        kind: dice.one_of(&["bug", "praise", "unknown"]),
        score,
        part: dice.one_of(&["", "q1"]),
        question: dice.one_of(&[None, Some("Why?")]),
        title: dice.one_of(&[None, Some("Data LOSS"), Some("Straße")]),
        body,
        topics,
        ..Fact::new(id, START.plus(dice.below(9) as i32), dice.one_of(&["nps", "ticket"]))
    }
}

fn all(seed: u64, size: usize) -> Vec<Fact> {
    let mut dice = Dice::new(seed);
    // Ids that are in no order, as those of the store.
    (0..size as u64).map(|id| fact(&mut dice, id.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect()
}

fn some(dice: &mut Dice, all: &[&str]) -> Option<String> {
    dice.rarely(|dice| dice.one_of(all).to_owned())
}

fn filter(dice: &mut Dice, facts: &[Fact]) -> Filter {
    let day = |dice: &mut Dice| START.plus(dice.below(9) as i32);
    let moment =
        |dice: &mut Dice| Moment(Timestamp(START.plus(dice.below(9) as i32).start().0 + 40_000_000_000));
    let except = dice.rarely(day);
    let ids = |dice: &mut Dice| -> HashSet<String> {
        facts.iter().filter(|_| dice.below(2) == 0).map(Fact::record_id).collect()
    };
    let several = |dice: &mut Dice, all: &[&str]| -> Vec<String> {
        if dice.is_rare() { (0..2).map(|_| dice.one_of(all).to_owned()).collect() } else { Vec::new() }
    };
    Filter {
        from: dice.rarely(day),
        to: dice.rarely(day),
        except_from: except,
        except_to: except.map(|day| day.plus(1)),
        also_except: some(dice, &["2026-03-03/2026-03-04", "2026-03-08/2026-03-08,2026-03-02/2026-03-02"]),
        weekday: dice.rarely(|dice| dice.one_of(&Weekday::ALL)),
        product: some(dice, &["app", "api", "none such", ""]),
        source: some(dice, &["nps", "ticket"]),
        event_source: several(dice, &["web form", "file:a.csv", "nps-inbox", "nowhere"]),
        topic: some(dice, &["billing", "login_access", "none", "none such"]),
        sentiment: dice.rarely(|dice| dice.one_of(SentimentLabel::ALL)),
        words: dice.rarely(|dice| dice.one_of(&[Wording::With, Wording::Without])),
        judged: dice.is_rare(),
        kind: some(dice, &["bug", "unknown"]),
        language: some(dice, &["de", "unknown"]),
        platform: some(dice, &["ios", ""]),
        app_version: some(dice, &["4.2.0"]),
        territory: some(dice, &["DE", ""]),
        part: some(dice, &["q1", ""]),
        question: some(dice, &["Why?", ""]),
        record: some(dice, &["0", "00000000000000009", "a", "A", "x", ""]),
        score: some(dice, &["nps", "csat"]),
        scale: some(dice, &["0-10", "1-5", "0-5"]),
        value: dice.rarely(|dice| dice.below(11) as f64),
        band: dice
            .rarely(|dice| dice.one_of(&[Band::Promoters, Band::Passives, Band::Detractors, Band::Top2])),
        answers: dice.rarely(|_| Answers::Last),
        since: dice.rarely(moment),
        before: dice.rarely(moment),
        any_topic: several(dice, &["billing", "search", "none such"]),
        phrase: several(dice, &["login", "data loss", "STRASSE", "can't", "款", "?!"]),
        account: some(dice, &["ACME", ""]),
        segment: some(dice, &["pro", ""]),
        owner: some(dice, &["identity", ""]),
        priority: dice.rarely(|dice| dice.one_of(&[Priority::P1, Priority::P2])),
        queue: some(dice, &["review"]),
        case: some(dice, &["aa01"]),
        unsure: dice.is_rare(),
        unresolved: dice.is_rare(),
        of_cases: Some(OfCases { members: ids(dice), resolved: ids(dice) }),
    }
}

/// Only a few of the fields, so that something is left.
fn sparse(dice: &mut Dice, facts: &[Fact]) -> Filter {
    let full = serde_json::to_value(filter(dice, facts)).unwrap();
    let mut fields: Vec<(String, serde_json::Value)> =
        full.as_object().unwrap().clone().into_iter().collect();
    while fields.len() > 3 {
        fields.remove(dice.below(fields.len()));
    }
    // Both ends or none.
    let has = |name: &str| fields.iter().any(|(known, _)| known == name);
    if has("except_from") != has("except_to") {
        fields.retain(|(name, _)| !name.starts_with("except_"));
    }
    let of_cases = filter(dice, facts).of_cases;
    let sparse: Filter =
        serde_json::from_value(serde_json::Value::Object(fields.into_iter().collect())).unwrap();
    Filter { of_cases, ..sparse }
}

/// On a shelf, in parts of so many records.
pub(super) fn shelf(frame: &dyn Fn(&[Fact]) -> LazyFrame, facts: &[Fact], size: usize) -> Shelf {
    let mut days: BTreeMap<Day, Vec<Arc<Part>>> = BTreeMap::new();
    for facts in facts.chunks(size.max(1)) {
        for part in parts(frame(facts)).unwrap() {
            days.entry(part.day()).or_default().push(Arc::new(part));
        }
    }
    Shelf::default().with(Some(1), days)
}

fn page(limit: usize) -> Page {
    Page { order: Order::Newest, after: None, limit, count: true }
}

fn ids(hits: &[Hit]) -> Vec<String> {
    hits.iter().map(|hit| hit.id().to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]
    /// The law of this room.
    #[test]
    fn a_filter_lists_what_it_lists_of_the_facts(seed in any::<u64>(), size in 1_usize..120, pieces in 1_usize..4) {
        let facts = all(seed, size);
        let mut dice = Dice::new(seed ^ 1);
        let shelf = shelf(&testing::facts, &facts, size / pieces);
        for _ in 0..8 {
            let filter = sparse(&mut dice, &facts);
            let expected = records(testing::facts(&facts), &filter).unwrap();
            for count in [true, false] {
                let listed = shelf.list(&filter.clone().into(), &Page { count, ..page(1_000) }).unwrap();
                let found: Vec<RecordLine> = listed.hits.iter().map(Hit::line).collect();
                prop_assert_eq!(&found, &expected, "{:?}", filter);
                prop_assert_eq!(listed.total, count.then_some(expected.len() as u64));
                prop_assert_eq!(listed.next, None);
            }
        }
    }

    #[test]
    fn pages_are_the_list_cut(seed in any::<u64>(), limit in 1_usize..9, count in any::<bool>(), oldest in any::<bool>()) {
        let facts = all(seed, 60);
        let mut dice = Dice::new(seed ^ 2);
        let shelf = shelf(&testing::facts, &facts, 17);
        let query = Query { filter: sparse(&mut dice, &facts), ..Query::default() };
        let order = if oldest { Order::Oldest } else { Order::Newest };
        let whole = shelf.list(&query, &Page { order, ..page(1_000) }).unwrap();
        let (mut after, mut walked) = (None, Vec::new());
        loop {
            let part = shelf.list(&query, &Page { order, after, limit, count }).unwrap();
            prop_assert!(part.hits.len() <= limit);
            walked.extend(ids(&part.hits));
            let Some(next) = part.next else { break };
            prop_assert_eq!(part.hits.len(), limit);
            // As an address has it.
            after = Some(next.to_string().parse::<Cursor>().unwrap());
        }
        prop_assert_eq!(&walked, &ids(&whole.hits));
        let mut shown = Vec::new();
        let mut show = |hit: &Hit| {
            shown.push(hit.id().to_string());
            if shown.len() < 30 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        shelf.walk(&query, order, &mut show).unwrap();
        prop_assert_eq!(&shown[..], &walked[..walked.len().min(30)]);
        let mut newest = ids(&shelf.list(&query, &page(1_000)).unwrap().hits);
        if oldest {
            newest.reverse();
        }
        prop_assert_eq!(walked, newest);
    }

    #[test]
    fn a_search_finds_what_has_all_its_words(seed in any::<u64>(), pieces in 1_usize..4) {
        let facts = all(seed, 80);
        let mut dice = Dice::new(seed ^ 3);
        let shelf = shelf(&testing::facts, &facts, 80 / pieces);
        for written in ["log", "LOGIN refund", "strasse -data", "\"data loss\"", "can't", "款", "login -log", "los data"] {
            // With a filter that leaves few, and with all.
            for filter in [Filter::default(), sparse(&mut dice, &facts)] {
                let search = Search::parse(written).unwrap();
                let whole = shelf.list(&filter.clone().into(), &page(1_000)).unwrap().hits;
                let fits = |hit: &&Hit| {
                    let row = hit.row();
                    let mut folded = String::new();
                    for text in [Text::Title, Text::Body] {
                        folded::fold_into(row.text(text).unwrap_or_default(), &mut folded);
                        folded.push(folded::END);
                    }
                    search.fits(&folded)
                };
                let expected: Vec<Hit> = whole.iter().filter(fits).cloned().collect();
                let query = Query { filter, search: search.clone() };
                let found = shelf.list(&query, &page(1_000)).unwrap();
                prop_assert_eq!(ids(&found.hits), ids(&expected));
                let first = shelf.list(&query, &Page { count: false, ..page(1) }).unwrap();
                prop_assert_eq!(ids(&first.hits), ids(&expected[..expected.len().min(1)]));
            }
        }
    }

    #[test]
    fn counts_are_those_of_the_list(seed in any::<u64>(), pieces in 1_usize..4) {
        let facts = all(seed, 80);
        let mut dice = Dice::new(seed ^ 4);
        let shelf = shelf(&testing::facts, &facts, 80 / pieces);
        let query = Query::from(sparse(&mut dice, &facts));
        let hits = shelf.list(&query, &page(1_000)).unwrap().hits;
        let facets = [Facet::Label(Label::Product), Facet::Topic, Facet::Sentiment];
        let (totals, counts) = shelf.counts(&query, &facets).unwrap();
        let mut expected = Tally::default();
        let mut values: [BTreeMap<String, Tally>; 3] = Default::default();
        for hit in &hits {
            let row = hit.row();
            expected.add(hit.sentiment);
            let mut add = |facet: usize, value: &str, sentiment| {
                values[facet].entry(value.to_owned()).or_default().add(sentiment);
            };
            add(0, row.label(Label::Product).unwrap_or_default(), hit.sentiment);
            row.topics.iter().for_each(|mention| add(1, mention.topic, mention.sentiment));
            if row.topics.is_empty() {
                add(1, "none", row.sentiment);
            }
            add(2, hit.sentiment.as_str(), hit.sentiment);
        }
        prop_assert_eq!(totals, expected);
        for (counts, values) in counts.iter().zip(values) {
            prop_assert!(counts.is_sorted_by(|a, b| a.tally.records >= b.tally.records));
            let counts: BTreeMap<String, Tally> =
                counts.iter().map(|count| (count.value.clone(), count.tally)).collect();
            prop_assert_eq!(counts, values);
        }
        let days = shelf.series(&query).unwrap();
        prop_assert!(days.is_sorted_by_key(|day| day.day));
        prop_assert_eq!(days.iter().map(|day| day.tally.records).sum::<u64>(), totals.records);
        let mut answers: BTreeMap<String, u64> = BTreeMap::new();
        for score in hits.iter().filter_map(|hit| hit.row().score()) {
            *answers.entry(format!("{:?} {}", score.scale, score.value)).or_default() += 1;
        }
        for scores in days.iter().flat_map(|day| &day.scores) {
            prop_assert!(scores.values.is_sorted_by(|a, b| a.0 < b.0));
            for (value, n) in &scores.values {
                let left = answers.get_mut(&format!("{:?} {value}", scores.scale)).unwrap();
                *left -= n;
            }
        }
        prop_assert!(answers.values().all(|left| *left == 0), "{:?}", answers);
    }
}

#[test]
fn a_case_is_refused_where_its_log_was_not_asked() {
    let shelf = shelf(&testing::facts, &all(1, 9), 9);
    let query = Query::from(Filter::default().case("aa01"));
    assert!(shelf.list(&query, &page(9)).is_err() && shelf.counts(&query, &[]).is_err());
    assert!(shelf.series(&query).is_err());
}

#[test]
fn a_record_is_found_by_its_id() {
    let facts = all(1, 40);
    let shelf = shelf(&testing::facts, &facts, 7);
    for fact in &facts {
        let id = parse_id(&fact.record_id()).unwrap();
        let hit = shelf.find(id).unwrap();
        assert_eq!(hit.row().text(Text::Body).unwrap_or_default(), fact.body);
        let found = shelf.beginning_with(&fact.record_id()[..20], 5);
        assert!(ids(&found).contains(&fact.record_id()));
    }
    assert_eq!(shelf.words(Label::Product), ["api", "app"]);
    assert!(shelf.tells(Label::Account, "ACME") && shelf.tells(Label::Account, ""));
    assert!(!shelf.tells(Label::Account, "acme") && shelf.has_topic("billing") && !shelf.has_topic("bill"));
    assert!(shelf.find(Id(1)).is_none());
    assert_eq!(shelf.beginning_with("0", 3).len(), 3);
    assert!(shelf.beginning_with("x", 3).is_empty() && shelf.beginning_with(&"0".repeat(33), 3).is_empty());
    assert_eq!((shelf.records(), shelf.days().collect::<BTreeSet<_>>().len()), (40, shelf.days().count()));
}

/// What a record takes, with 256 numbers and texts of 150 bytes: a million of them fit beside the rest of a server.
#[test]
fn a_record_takes_less_than_nine_hundred_bytes() {
    let mut dice = Dice::new(5);
    let facts: Vec<Fact> = (0..4_000)
        .map(|id: u64| Fact {
            author: Some(format!("a_{id:032x}")),
            account: Some("ACME"),
            body: "The login page is BLANK since Monday. ".repeat(4)[..150].to_owned(),
            ..Fact { day: START, ..fact(&mut dice, id.wrapping_mul(0x9e37_79b9_7f4a_7c15)) }
        })
        .collect();
    let frame = nearest::with_vectors(&facts, 256);
    let parts = parts(frame).unwrap();
    let each = parts.iter().map(Part::heap).sum::<usize>() / facts.len();
    assert!((500..900).contains(&each), "{each} bytes");
}
