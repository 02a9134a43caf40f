use super::{judge::log_odds, *};
use crate::testing::{self, Fact};
use proptest::prelude::*;

const MONDAY: Day = Day(20_514);

fn near(actual: f64, expected: f64) {
    assert!((actual - expected).abs() < 1e-12, "{actual} is not {expected}");
}

/// Equations 16 and 20 of Monroe et al., by numpy.
#[test]
fn log_odds_agree_with_the_formula() {
    for (set, other, weight, odds, error) in [
        ([20.0, 300.0], [0.0, 2400.0], 300.0, 3.843_579_433_597_961_6, 0.703_562_363_973_514_3),
        ([30.0, 300.0], [240.0, 2400.0], 300.0, 0.0, 0.142_724_806_429_612_55),
        ([12.0, 400.0], [25.0, 3100.0], 400.0, 0.899_641_382_058_401_7, 0.309_568_759_791_886_8),
    ] {
        let (found, of) = log_odds(set, other, weight);
        near(found, odds);
        near(of, error);
    }
}

/// 30 records a day of two sources, each of another person.
fn history() -> Vec<Fact> {
    let mut facts = Vec::new();
    for day in -56..7 {
        for at in 0..30_u64 {
            let id = (day + 56) as u64 * 30 + at;
            let mut fact = Fact::new(id, MONDAY.plus(day), ["ticket", "social"][at as usize % 2]);
            fact.author = Some(format!("a_{id}"));
            let part = ["billing", "search", "sync", "the reports", "my team"][(id % 5) as usize];
            fact.body = format!("Hello, we have some trouble with {part} again.");
            facts.push(fact);
        }
    }
    facts
}

fn found(facts: &[Fact]) -> EmergingWords {
    let all = testing::facts(facts);
    let week = Week::of(MONDAY);
    let filter = Filter::default();
    emerging(&all, all.clone(), &People::default(), week, week.period(), &filter).unwrap()
}

/// The first so many of the week say something new.
fn with_news(n: usize, person: impl Fn(usize) -> Option<String>) -> Vec<Fact> {
    let mut facts = history();
    let first = facts.len() - 210;
    for (at, fact) in facts[first..].iter_mut().take(n).enumerate() {
        fact.body = format!("{} An endless CAPTCHA loop [email] since.", fact.body);
        fact.author = person(at);
    }
    facts
}

#[test]
fn nothing_new_gives_no_word() {
    let words = found(&history());
    assert!(words.words.is_empty() && !words.too_little && words.looked_at > 20, "{words:?}");
}

#[test]
fn a_new_word_is_told_once_with_its_people_and_quotes() {
    let words = found(&with_news(14, |at| Some(format!("n_{at}"))));
    let [word] = words.words.as_slice() else { panic!("{words:?}") };
    assert_eq!(word.word, "endless captcha", "the longest of what the same people say");
    assert_eq!((word.people, word.of, word.before), (14, 210, 0.0));
    assert!(word.q <= 0.05 && word.interval.low > 1.0 && word.interval.contains(word.odds), "{word:?}");
    assert_eq!(word.quotes.len(), 2);
    assert!(word.quotes.iter().all(|quote| quote.text.contains("endless CAPTCHA loop")));
    assert_ne!(word.quotes[0].record_id, word.quotes[1].record_id);
    assert_eq!(word.weeks.values.len(), BEFORE + 1);
    assert_eq!(word.weeks.values[..BEFORE], [Some(0.0); BEFORE]);
    assert!(words.words.iter().all(|word| !word.word.contains("email")));
}

#[test]
fn it_is_people_that_count() {
    let one = found(&with_news(14, |_| Some("the same".to_owned())));
    assert!(one.words.is_empty(), "one person who writes often: {one:?}");
    let few = found(&with_news(4, |at| Some(format!("n_{at}"))));
    assert!(few.words.is_empty(), "{few:?}");
    let unknown = found(&with_news(14, |_| None));
    assert_eq!(unknown.words.len(), 1, "of nobody knows whom each counts");
}

#[test]
fn the_order_of_the_records_makes_no_difference() {
    let mut facts = with_news(14, |at| Some(format!("n_{at}")));
    let told = found(&facts);
    facts.reverse();
    assert_eq!(found(&facts), told);
}

/// Reviews say "love" as often as ever; there are only more of them.
#[test]
fn a_burst_of_one_source_makes_none_of_its_words_new() {
    let mut facts = history();
    for fact in facts.iter_mut().filter(|fact| fact.source == "social") {
        if fact.id % 6 == 1 {
            fact.body = "I love this lovely app.".to_owned();
        }
    }
    let last = facts.len() as u64;
    for at in 0..210 {
        let mut fact = Fact::new(last + at, MONDAY.plus(at as i32 % 7), "social");
        fact.author = Some(format!("b_{at}"));
        let is_love = at % 3 == 1;
        let part = ["billing", "search", "sync", "the reports", "my team"][(at % 5) as usize];
        fact.body = match is_love {
            true => "I love this lovely app.".to_owned(),
            false => format!("Hello, we have some trouble with {part} again."),
        };
        facts.push(fact);
    }
    let words = found(&facts);
    assert!(words.words.is_empty(), "{words:?}");
}

#[test]
fn too_little_history_is_said() {
    let facts: Vec<Fact> = history().into_iter().filter(|fact| fact.day >= MONDAY).collect();
    assert!(found(&facts).too_little);
    assert!(found(&[]).too_little);
}

proptest! {
    #[test]
    fn more_people_are_more_evidence(hits in 5.0f64..50.0, more in 1.0f64..50.0, before in 0.0f64..40.0) {
        let z = |hits: f64| {
            let (odds, error) = log_odds([hits, 300.0], [before, 2400.0], 300.0);
            odds / error
        };
        prop_assert!(z(hits + more) > z(hits));
    }
}
