use super::case::{Capability, Rate, Test};
use super::data::Base;
use super::floors::Floors;
use super::{BUILT_IN, Column, section, suite};
use crate::train::data::Normaliser;
use crate::train::seeds;
use analyze::{Analyzer, Options, Taxonomy};
use feedback::judgement::FeedbackKind;
use feedback::kind::Contract;
use std::collections::HashSet;

/// A sentence of which nothing else is known.
pub fn base(text: &str) -> Base {
    Base {
        text: text.to_owned(),
        kind: FeedbackKind::Other,
        sentiment: None,
        source: Contract::Ticket,
        question: None,
        word: None,
        product: None,
    }
}

pub fn rate(name: &'static str, cases: usize, failed: usize) -> Rate {
    let (capability, test) = (Capability::Sentiment, Test::Invariance);
    Rate { name, capability, test, cases, failed: vec![String::new(); failed] }
}

#[test]
fn no_behaviour_of_the_built_in_encoder_is_below_its_floor() {
    let analyzer = Analyzer::new(Taxonomy::standard().unwrap(), Options::default()).unwrap();
    let column = Column::measure(BUILT_IN, &analyzer).unwrap();
    let broken = Floors::read().unwrap().broken(&column);
    assert!(broken.is_empty(), "{}\n{}", broken.join("\n"), section(&[column]));
}

/// Where this is built with it; the public weights are brought on the first call.
#[cfg(feature = "rust-bert")]
#[test]
fn no_behaviour_of_the_transformer_is_below_its_floor() {
    let column = Column::measure(super::RUST_BERT, &super::transformer().unwrap()).unwrap();
    let broken = Floors::read().unwrap().broken(&column);
    assert!(broken.is_empty(), "{}\n{}", broken.join("\n"), section(&[column]));
}

#[test]
fn there_are_enough_behaviours_and_cases() {
    let behaviours = suite::behaviours().unwrap();
    for behaviour in &behaviours {
        let (name, cases) = (behaviour.name, behaviour.cases.len());
        assert!(cases >= 40, "{name} of {} has {cases} cases", behaviour.capability.as_str());
        let least = if behaviour.test == Test::Functionality { 1 } else { 2 };
        assert!(behaviour.cases.iter().all(|case| case.texts.len() >= least), "{name}");
    }
    for test in [Test::Functionality, Test::Invariance, Test::Direction] {
        assert!(behaviours.iter().filter(|behaviour| behaviour.test == test).count() >= 4, "{test:?}");
    }
    let names: HashSet<_> = behaviours.iter().map(|b| (b.name, b.capability.as_str())).collect();
    assert_eq!(names.len(), behaviours.len());
    let pairs = behaviours.iter().filter(|behaviour| behaviour.test == Test::Functionality);
    assert!(pairs.flat_map(|b| &b.cases).filter(|case| case.texts.len() >= 2).count() >= 150);
}

#[test]
fn the_cases_are_the_same_in_every_run() {
    let texts = || {
        let cases = suite::behaviours().unwrap().into_iter().flat_map(|behaviour| behaviour.cases);
        cases.flat_map(|case| case.texts).collect::<Vec<_>>()
    };
    assert_eq!(texts(), texts());
}

/// A model that has learned the cases by heart would say nothing of how it behaves.
#[test]
fn no_text_is_trained_on() {
    let seeds = seeds::read(&Taxonomy::standard().unwrap()).unwrap();
    let mut normal = Normaliser::default();
    let seen = seeds.written().chain(&seeds.frames).chain(&seeds.padded).map(|seed| &seed.text);
    let drawn = seeds.contrasts.iter().map(|contrast| &contrast.text);
    let trained: HashSet<u64> = seen.chain(drawn).map(|text| normal.key(text)).collect();
    let with_question: HashSet<(u64, Option<String>)> = seeds
        .contrasts
        .iter()
        .map(|contrast| (normal.key(&contrast.text), contrast.question.as_deref().map(str::to_lowercase)))
        .collect();
    for (text, question) in super::asked().unwrap() {
        let key = normal.key(&text);
        // "Nothing" and its like are answers that stand everywhere; of those the question belongs to the text.
        let is_long = text.split_whitespace().count() >= 4;
        assert!(!(is_long && trained.contains(&key)), "{text:?}");
        let asked = (key, question.as_deref().map(str::to_lowercase));
        let has_words = text.chars().any(char::is_alphanumeric);
        assert!(!(has_words && with_question.contains(&asked)), "{text:?} to {question:?}");
    }
}
