//! All behaviours with their cases: the same in every run, and a text that is added changes no other case.

use super::case::{Behaviour, Capability, Case, Demand, Test, Towards};
use super::data::{self, Base};
use super::{around, directions, letters, wording};
use crate::train::linear::SplitMix;
use analyze::encoder::words::hash_bytes;
use anyhow::Result;

/// `None` where a change does not apply to a text.
type Change = fn(&Base, &mut SplitMix) -> Option<String>;
type Move = fn(&Base, &mut SplitMix) -> Option<(String, Towards)>;

/// Of either capability.
const INVARIANCES: &[(&str, Change)] = &[
    ("typos", letters::typos),
    ("upper_case", letters::upper_case),
    ("lower_case", letters::lower_case),
    ("no_punctuation", letters::no_punctuation),
    ("numbers", letters::numbers),
    ("products", wording::products),
    ("contractions", wording::contractions),
    ("greeting", around::greeting),
    ("neutral_emoji", around::neutral_emoji),
    ("neutral_sentence", around::neutral_sentence),
    ("three_sentences", around::three_sentences),
    ("ten_sentences", around::ten_sentences),
];

/// Of sentiment.
const DIRECTIONS: &[(&str, Move)] = &[
    ("intensifier", directions::intensifier),
    ("diminisher", directions::diminisher),
    ("emoji", directions::emoji),
    ("added_praise", directions::added_praise),
    ("added_blame", directions::added_blame),
];

/// Written by hand: name, capability, content of `data/behaviour/<name>.jsonl`.
const WRITTEN: &[(&str, Capability, &str)] = &[
    ("negation", Capability::Sentiment, include_str!("../../../data/behaviour/negation.jsonl")),
    ("time", Capability::Sentiment, include_str!("../../../data/behaviour/time.jsonl")),
    ("comparison", Capability::Sentiment, include_str!("../../../data/behaviour/comparison.jsonl")),
    ("scores", Capability::Sentiment, include_str!("../../../data/behaviour/scores.jsonl")),
    ("asked", Capability::Sentiment, include_str!("../../../data/behaviour/asked.jsonl")),
    ("sarcasm", Capability::Sentiment, include_str!("../../../data/behaviour/sarcasm.jsonl")),
    ("contrast", Capability::Kind, include_str!("../../../data/behaviour/contrast.jsonl")),
];

/// In the order of the card.
///
/// # Errors
/// Where a committed text cannot be read.
pub fn behaviours() -> Result<Vec<Behaviour>> {
    let base = data::base()?;
    let mut behaviours = vec![plain_sentiment(&base), plain_kind(&base)];
    for (name, capability, content) in WRITTEN {
        let cases = data::cases(name, content, *capability)?;
        behaviours.push(Behaviour { name, capability: *capability, test: Test::Functionality, cases });
    }
    for capability in [Capability::Sentiment, Capability::Kind] {
        behaviours
            .extend(INVARIANCES.iter().map(|(name, change)| invariance(name, capability, *change, &base)));
    }
    behaviours.extend(DIRECTIONS.iter().map(|(name, change)| direction(name, *change, &base)));
    Ok(behaviours)
}

/// The sentences as they were written, of which the others are changes.
fn plain_sentiment(base: &[Base]) -> Behaviour {
    let expected = |base: &Base| Some(expecting(base, base.sentiment?.as_str()));
    let cases = base.iter().filter_map(expected).collect();
    Behaviour { name: "plain", capability: Capability::Sentiment, test: Test::Functionality, cases }
}

fn plain_kind(base: &[Base]) -> Behaviour {
    let cases = base.iter().map(|base| expecting(base, base.kind.as_str())).collect();
    Behaviour { name: "plain", capability: Capability::Kind, test: Test::Functionality, cases }
}

fn expecting(base: &Base, label: &str) -> Case {
    Case { texts: vec![base.as_written()], demand: Demand::Labels(vec![vec![label.to_owned()]]) }
}

fn invariance(name: &'static str, capability: Capability, change: Change, base: &[Base]) -> Behaviour {
    let changed = |base: &Base| {
        let other = change(base, &mut random(name, base))?;
        Some(Case { texts: vec![base.as_written(), base.with(other)], demand: Demand::Same })
    };
    let cases = base.iter().filter_map(changed).collect();
    Behaviour { name, capability, test: Test::Invariance, cases }
}

fn direction(name: &'static str, change: Move, base: &[Base]) -> Behaviour {
    let moved = |base: &Base| {
        let (other, towards) = change(base, &mut random(name, base))?;
        Some(Case { texts: vec![base.as_written(), base.with(other)], demand: Demand::Moves(towards) })
    };
    let cases = base.iter().filter_map(moved).collect();
    Behaviour { name, capability: Capability::Sentiment, test: Test::Direction, cases }
}

/// What is drawn for a text depends on nothing but the behaviour and the text.
fn random(name: &str, base: &Base) -> SplitMix {
    SplitMix(hash_bytes(name.as_bytes()).rotate_left(32) ^ hash_bytes(base.text.as_bytes()))
}
