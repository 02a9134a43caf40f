use super::*;
use crate::{
    alerts::{
        hour::Span,
        incident::Incident,
        series::{History, Metric, Question, ScoreName, SeriesKey, Stream},
        tell::{Crowd, PartOf, UsualOf},
        watch::{Figures, Records as _, Spell},
    },
    report::{Inputs, Scope, filter::scale_name, model::ScoreRow, report},
    rollup::rollup,
    stats::Interval,
    testing::{self, Fact, nps},
};
use feedback::{score::ScoreKind, time::Day};
use std::collections::BTreeSet;

/// A Monday.
const DAY: Day = Day(20_514);

fn key(metric: Metric, what: What) -> SeriesKey {
    SeriesKey { metric, what, product: None, source: None }
}

fn facts() -> Vec<Fact> {
    let mut facts = Vec::new();
    for id in 0..10 {
        let mut fact = Fact::new(id, DAY, if id < 6 { "nps" } else { "social" });
        fact.author = (id < 8).then(|| format!("person {}", id / 2));
        fact.sentiment = if id % 2 == 0 { "negative" } else { "positive" };
        fact.app_version = Some(if id < 4 { "7.3" } else { "7.2" });
        fact.body = "please refund".to_owned();
        if id < 4 {
            fact.topics.push(("login", "negative", (0, 6)));
        }
        if id < 2 {
            fact.topics.push(("price", "unknown", (0, 6)));
        }
        facts.push(fact);
    }
    facts
}

fn all() -> (History, Stored) {
    let span = (Hour::of_day(DAY), Hour::of_day(DAY.plus(1)));
    let words = |_: Option<&str>, body: &str| -> Vec<String> {
        if body.contains("refund") { vec!["money".to_owned()] } else { Vec::new() }
    };
    let case = |id: &str| match id.chars().last() {
        Some('3') => Some("case 1".to_owned()),
        Some('4' | '5') => Some("case 2".to_owned()),
        _ => None,
    };
    counted(read(&in_parts(&facts(), 3), span, &words, &case, 2).unwrap())
}

fn counted(stored: Stored) -> (History, Stored) {
    (stored.history(), stored)
}

/// As a table that is read in parts of so many, the last one first.
pub fn in_parts(all: &[Fact], most: usize) -> Facts {
    Facts { all: testing::facts(all), parts: all.chunks(most).rev().map(testing::facts).collect() }
}

/// The facts of some days, which know neither words nor cases.
fn of_days(facts: &[Fact], days: i32) -> (History, Stored) {
    let span = (Hour::of_day(DAY), Hour::of_day(DAY.plus(days)));
    counted(read(&in_parts(facts, 50), span, &|_, _| Vec::new(), &|_| None, 1).unwrap())
}

/// What fires from a day on.
fn spell(key: SeriesKey, day: i32, figures: Figures) -> Spell {
    let onset = Hour::of_day(DAY.plus(day));
    Spell { key, onset, fired: onset, ended: None, figures, people: 0 }
}

/// Figures that only say what they are of.
fn volume() -> Figures {
    Figures::Volume { seen: 0, expected: 0.0, range: Interval::new(0.0, 1.0), times: 1.0 }
}

fn score(before: f64) -> Figures {
    let any = Interval::new(0.0, 1.0);
    Figures::Score { answers: 0, before, before_range: any, since: 0.0, since_range: any, fall: 0.1 }
}

fn named(kind: &str, scale: &str, part: &str) -> ScoreName {
    let question = (!part.is_empty()).then(|| Question { part: part.to_owned(), ..Question::default() });
    ScoreName { kind: kind.to_owned(), scale: scale.to_owned(), question }
}

/// An answer of a person, in the order of the ids within its day.
fn answer(id: u64, day: i32, source: &'static str, person: &str, score: Option<Score>) -> Fact {
    let author = (!person.is_empty()).then(|| person.to_owned());
    Fact { author, score, ..Fact::new(id, DAY.plus(day), source) }
}

fn csat(value: f64) -> Option<Score> {
    Score::new(ScoreKind::Csat, value, 1.0, 5.0)
}

#[test]
fn facts_become_series() {
    let (history, _) = all();
    let total = |what: &What, source: Option<&str>| {
        let stream = history.streams.iter().find(|s| s.what == *what && s.source.as_deref() == source);
        let counts = stream.unwrap().parts.iter().flat_map(|part| part.counts.iter());
        counts.fold((0, 0, 0), |sum, (_, of)| (sum.0 + of.records, sum.1 + of.judged, sum.2 + of.negative))
    };
    assert_eq!(total(&What::All, None), (10, 10, 5));
    assert_eq!(total(&What::All, Some("social")), (4, 4, 2));
    assert_eq!(total(&What::Topic("login".to_owned()), None), (4, 4, 4));
    assert_eq!(total(&What::Topic("price".to_owned()), None), (2, 0, 0));
    assert_eq!(total(&What::Words("money".to_owned()), None), (10, 10, 5));
    assert_eq!(total(&What::Case("case 2".to_owned()), None).0, 2);
    let is_small = |stream: &Stream| stream.what == What::Case("case 1".to_owned());
    assert!(!history.streams.iter().any(is_small) && history.small_cases == 1);
}

#[test]
fn people_count_once_and_topics_share_records() {
    let (history, stored) = all();
    let day = Span { from: history.from, to: history.hour(history.hours) };
    let [login, price] = ["login", "price"].map(|id| key(Metric::Volume, What::Topic(id.to_owned())));
    assert_eq!(stored.people(&key(Metric::Volume, What::All), day), 4 + 1, "two of nobody knows whom");
    assert_eq!(stored.people(&key(Metric::Negative, What::All), day), 4 + 1);
    assert_eq!(stored.people(&login, day), 2);
    assert_eq!(stored.overlap(&login, &price, day), 1.0);
    assert_eq!(stored.overlap(&login, &key(Metric::Negative, What::Topic("none".to_owned())), day), 0.0);
    assert_eq!(stored.ids(&price, day).len(), 2);
}

#[test]
fn who_stands_behind_an_incident_is_told_with_whom_nobody_knows() {
    let (history, stored) = all();
    let incident = |spells| Incident { spells };
    let of = |what: &str| spell(key(Metric::Volume, What::Topic(what.to_owned())), 0, volume());
    let everything = spell(key(Metric::Volume, What::All), 0, volume());
    let now = history.hour(history.hours);
    let crowd = |spells| stored.crowd(&incident(spells), now);
    assert_eq!(crowd(vec![everything.clone()]), Some(Crowd { known: 4, unknown: 2 }));
    assert_eq!(
        crowd(vec![of("login"), everything]),
        Some(Crowd { known: 2, unknown: 0 }),
        "of what names it"
    );
    assert_eq!(crowd(vec![of("gone")]), None);
}

#[test]
fn of_a_person_the_first_answer_of_a_day_counts_by_the_hour() {
    let ces = |value| Score::new(ScoreKind::Ces, value, 1.0, 7.0);
    let facts = [
        answer(1, 0, "nps", "a", nps(2.0)),
        Fact { topics: vec![("login", "positive", (0, 0))], ..answer(2, 0, "nps", "a", nps(9.0)) },
        answer(3, 1, "nps", "a", nps(9.0)),
        answer(4, 0, "nps", "b", nps(6.0)),
        answer(5, 0, "nps", "", nps(10.0)),
        answer(6, 0, "nps", "", nps(10.0)),
        answer(7, 0, "ticket", "a", ces(7.0)),
        answer(8, 0, "ticket", "a", ces(7.0)),
    ];
    let (history, stored) = of_days(&facts, 2);
    let counted = |what: What, name: &ScoreName, at: usize| {
        let stream = history.streams.iter().find(|s| s.what == what && s.source.is_none()).unwrap();
        let answers = stream.parts.iter().find_map(|part| part.answers.get(name)).unwrap().at(at);
        (answers.n, answers.sum)
    };
    let nps = named("nps", "0-10", "");
    assert_eq!(counted(What::All, &nps, 0), (4, 2.0), "of nobody knows whom each");
    assert_eq!(counted(What::All, &nps, 24), (1, 1.0));
    assert_eq!(counted(What::Topic("login".to_owned()), &nps, 0), (1, 1.0), "the first about this");
    assert_eq!(counted(What::All, &named("ces", "1-7", ""), 0), (2, 2.0), "of an occasion each");
    // A report has the last answer of all the days.
    let both = Span { from: history.from, to: history.hour(48) };
    let listed = stored.ids(&key(Metric::Score(nps), What::All), both);
    assert_eq!(listed, [3, 6, 5, 4].map(|at: u64| Fact::new(at, DAY, "nps").record_id()));
}

#[test]
fn several_questions_are_watched_as_a_report_shows_them() {
    let names = |parts: &[(&'static str, u64)]| -> BTreeSet<String> {
        let mut facts = Vec::new();
        for &(part, people) in parts {
            for person in 0..people {
                let by = format!("person {person}");
                facts.push(Fact { part, ..answer(facts.len() as u64, 0, "survey", &by, csat(4.0)) });
            }
        }
        let (history, _) = of_days(&facts, 1);
        let names =
            history.streams.iter().flat_map(|stream| &stream.parts).flat_map(|part| part.answers.keys());
        names.map(|name| name.question.as_ref().map_or("", Question::told).to_owned()).collect()
    };
    let are = |names: BTreeSet<String>, expected: &[&str]| {
        names.iter().map(String::as_str).eq(expected.iter().copied())
    };
    assert!(are(names(&[("a", 10)]), &[""]), "one question");
    assert!(are(names(&[("a", 10), ("b", 4)]), &["a", "b"]));
    assert!(are(names(&[("a", 10), ("b", 4), ("c", 4)]), &[""]), "too few answers to most");
    let six = [("a", 9), ("b", 9), ("c", 9), ("d", 9), ("e", 9), ("f", 9)];
    assert!(are(names(&six), &["a", "b", "c", "d", "e", "f"]));
    assert!(are(names(&[&six[..], &[("g", 9)]].concat()), &[""]), "too many");
}

/// Five weeks of forty people who answer again and again, and of some whom nobody knows; from the fifth on they are less
/// content.
fn panel() -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for day in 0..33_u64 {
        for person in 0..43_u64 {
            let turn = (7 * person + 3 * day) % 10;
            if (person + day).is_multiple_of(3) {
                continue;
            }
            let is_glad = turn < if day < 28 { 7 } else { 3 };
            let who = if person < 40 { format!("person {person}") } else { String::new() };
            let mut say = |source, part, score| {
                let id = facts.len() as u64;
                facts.push(Fact { part, ..answer(id, day as i32, source, &who, score) });
            };
            say("nps", "", nps(if is_glad { 9.0 } else { 2.0 }));
            say("survey", "product", csat(if is_glad { 5.0 } else { 2.0 }));
            say("survey", "support", csat(if turn < 8 { 4.0 } else { 1.0 }));
            say("ticket", "", Score::new(ScoreKind::Ces, if is_glad { 7.0 } else { 3.0 }, 1.0, 7.0));
        }
    }
    facts
}

fn part(row: &ScoreRow, value: f64) -> f64 {
    match row.scale.kind {
        ScoreKind::Nps => (value + 100.0) / 200.0,
        ScoreKind::Csat => value,
        ScoreKind::Ces | ScoreKind::Stars => (value - row.scale.min) / (row.scale.max - row.scale.min),
    }
}

#[test]
fn a_score_is_told_as_a_report_of_the_same_hours_has_it() {
    let facts = panel();
    let (history, stored) = of_days(&facts, 33);
    let insights = testing::insights(&rollup(testing::facts(&facts)).unwrap());
    let inputs = Inputs { insights, facts: testing::facts(&facts) };
    let rows = |from: i32, to: i32| -> Vec<ScoreRow> {
        let scope = Scope::of_days(DAY.plus(from), DAY.plus(to));
        report(&inputs, &scope, DAY.plus(60).start(), &[]).unwrap().scores
    };
    let (since, before) = (rows(28, 32), rows(0, 27));
    assert_eq!((since.len(), before.len()), (4, 4), "{since:#?}");
    for (row, earlier) in since.iter().zip(&before) {
        let name = named(row.scale.kind.as_str(), &scale_name(row.scale), row.part.as_deref().unwrap_or(""));
        let source = row.source.clone();
        let watched = history.streams.iter().find(|s| s.what == What::All && s.source == source).unwrap();
        let counted = &watched.parts[0].answers[&name];
        let counted: u64 = counted.within(28 * 24..history.hours).map(|hour| u64::from(hour.n)).sum();
        let key = SeriesKey { source, ..key(Metric::Score(name), What::All) };
        let spells = vec![spell(key, 28, score(0.9))];
        let told = stored.as_reported(&Incident { spells }, history.hour(33 * 24));
        let Figures::Score { answers, before, before_range, since, since_range, fall } =
            told.spells[0].figures
        else {
            panic!("{told:?}");
        };
        assert_eq!((answers, fall), (row.n, 0.1));
        assert!(counted >= answers, "by the hour a person counts on several days: {counted}");
        let is = |part_of: f64, value: f64| (part_of - part(row, value)).abs() < 1e-12;
        let (now, then) = (row.interval.unwrap(), earlier.interval.unwrap());
        assert!(is(since, row.value.unwrap()) && is(before, earlier.value.unwrap()), "{told:?} {row:?}");
        assert!(is(since_range.low, now.low) && is(since_range.high, now.high), "{told:?} {row:?}");
        assert!(is(before_range.low, then.low) && is(before_range.high, then.high), "{told:?} {earlier:?}");
    }
}

#[test]
fn without_enough_before_a_score_stays_as_it_was_counted() {
    let facts: Vec<Fact> =
        (0..9).map(|at| answer(at, 28, "nps", &format!("person {at}"), nps(2.0))).collect();
    let (history, stored) = of_days(&facts, 29);
    let spells = vec![spell(key(Metric::Score(named("nps", "0-10", "")), What::All), 28, score(0.9))];
    let told = stored.as_reported(&Incident { spells }, history.hour(29 * 24));
    let Figures::Score { answers, before, before_range, since, .. } = told.spells[0].figures else {
        panic!("{told:?}");
    };
    assert_eq!((answers, since, before, before_range), (9, 0.0, 0.9, Interval::new(0.0, 1.0)));
}

#[test]
fn what_is_quoted_under_a_lower_score_are_low_answers() {
    let said = |id: u64, body: &str, score| {
        let fact = answer(id, 0, "nps", &format!("person {id}"), score);
        Fact {
            body: body.to_owned(),
            sentiment: if id.is_multiple_of(2) { "negative" } else { "positive" },
            ..fact
        }
    };
    let facts = [
        said(1, "a wonderful tool", nps(10.0)),
        said(2, "it is far too slow", nps(2.0)),
        said(3, "", nps(0.0)),
        said(4, "good enough", nps(7.0)),
        said(5, "the price is too high", nps(6.0)),
    ];
    let (history, stored) = of_days(&facts, 1);
    let ids = |metric, figures| -> Vec<String> {
        let spell = spell(key(metric, What::All), 0, figures);
        stored.speaking(&spell, history.hour(24)).into_iter().map(str::to_owned).collect()
    };
    let of =
        |at: &[u64]| -> Vec<String> { at.iter().map(|at| Fact::new(*at, DAY, "nps").record_id()).collect() };
    assert_eq!(ids(Metric::Score(named("nps", "0-10", "")), score(0.7)), of(&[5, 2]));
    assert_eq!(ids(Metric::Negative, volume()), of(&[4, 2]), "the negative ones");
    assert_eq!(ids(Metric::Volume, volume()), of(&[5, 4, 2, 1]));
}

/// Four weeks of fifteen records a day, and twenty more on each of two days about a crash; three in ten use the version that
/// all of these use.
fn crash() -> Vec<Fact> {
    let mut facts = Vec::new();
    for at in 0..28 * 15_u64 {
        let topics = if at.is_multiple_of(105) { vec![("crash", "negative", (0, 0))] } else { Vec::new() };
        let app_version = Some(if at % 10 < 3 { "7.3" } else { "7.2" });
        facts.push(Fact { topics, app_version, ..Fact::new(at, DAY.plus(at as i32 / 15), "ticket") });
    }
    for at in 420..460_u64 {
        let (day, topics) = (DAY.plus(28 + (at % 2) as i32), vec![("crash", "negative", (0, 0))]);
        facts.push(Fact { topics, app_version: Some("7.3"), ..Fact::new(at, day, "ticket") });
    }
    facts
}

#[test]
fn where_little_was_before_everything_says_what_is_usual() {
    let (history, stored) = of_days(&crash(), 30);
    let crash = key(Metric::Volume, What::Topic("crash".to_owned()));
    let found = stored.carried_by(&spell(crash.clone(), 28, volume()), history.hour(30 * 24));
    assert_eq!(found.len(), 1, "neither the language nor the source that all have: {found:?}");
    let one = &found[0];
    assert_eq!((one.field.as_str(), one.value.as_str(), one.since), ("app_version", "7.3", 40));
    assert_eq!((one.part_of, one.usual_of), (PartOf::Excess, UsualOf::Everything));
    assert!((one.usual - 0.3).abs() < 1e-12 && one.share == 1.0, "{one:?}");
    // Where nothing was before, nobody knows what is usual.
    assert_eq!(stored.carried_by(&spell(crash, 0, volume()), history.hour(30 * 24)), []);
}

#[test]
fn a_lower_score_is_carried_by_where_it_fell() {
    let mut facts = panel();
    for fact in &mut facts {
        let is_glad = fact.score.is_some_and(|score| score.value() >= 9.0);
        // All who are less content come to have another version.
        fact.app_version = Some(if fact.day < DAY.plus(28) || is_glad { "7.2" } else { "7.3" });
    }
    let (history, stored) = of_days(&facts, 33);
    let nps = spell(key(Metric::Score(named("nps", "0-10", "")), What::All), 28, score(0.9));
    let now = history.hour(33 * 24);
    let told = stored.as_reported(&Incident { spells: vec![nps] }, now);
    let found = stored.carried_by(&told.spells[0], now);
    assert_eq!(found.len(), 1, "{found:?}");
    let one = &found[0];
    assert_eq!((one.value.as_str(), one.part_of, one.usual_of), ("7.3", PartOf::Fall, UsualOf::Same));
    assert!(one.usual == 0.0 && one.share > 0.9, "{one:?}");
}
