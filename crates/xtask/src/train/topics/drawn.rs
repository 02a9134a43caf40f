//! Taxonomies drawn from sets of intents: a model fitted on them too does not take the default taxonomy for the world.
//!
//! Numbers of topics and of examples differ from draw to draw; texts of intents that were left out, and those of no intent, are
//! about "none of these". A third of clinc150's intents is never seen here: calibration is measured on them.

use super::Eyes;
use super::pairs::{Pair, pairs};
use crate::train::data::Split;
use crate::train::intents::{self, Intents, Written};
use crate::train::linear::SplitMix;
use crate::train::seeds::Seed;
use analyze::encoder::wordpiece::Pieces;
use anyhow::Result;
use feedback::judgement::FeedbackKind;
use std::path::Path;

const DRAWS: usize = 36;
/// At least and at most so many topics a draw.
const TOPICS: (usize, usize) = (5, 60);
/// A topic has at most so many examples; which of these bounds a draw has goes round.
const EXAMPLES: [usize; 4] = [20, 10, 4, 0];
/// Texts a draw about its topics, and about none of them.
const TEXTS: usize = 240;
const OTHER_TEXTS: usize = 120;
const SEED: u64 = 20_261_127;

/// Of the intents of clinc150, by their place in the alphabet.
pub fn is_held_out(at: usize) -> bool {
    at % 3 == 2
}

/// The sets that taxonomies are drawn from.
pub struct Pool(Vec<Intents>);

impl Pool {
    pub fn read(data: &Path) -> Result<Self> {
        let [clinc] = intents::read(data, "clinc150", [Split::Train])?;
        let [bitext] = intents::read(data, "bitext-8k", [Split::Train])?;
        Ok(Self(vec![clinc.only(|at| !is_held_out(at)), bitext]))
    }

    /// Pairs of all draws, of one weight each.
    pub fn pairs(&self, eyes: Eyes<'_>) -> Result<Vec<Pair>> {
        let mut random = SplitMix(SEED);
        let mut all = Vec::new();
        for number in 0..DRAWS {
            // clinc150 twice as often: it has four times the intents.
            let set = &self.0[usize::from(number % 3 == 2)];
            let order = order(set, number.is_multiple_of(2), eyes.pieces, &mut random);
            let (topics, texts) = draw(set, &order, EXAMPLES[number / 2 % EXAMPLES.len()], &mut random);
            all.extend(pairs(&intents::taxonomy(&topics)?, eyes, &texts, 1.0)?);
        }
        Ok(all)
    }
}

/// The intents by chance, or the nearest to one of them first: a taxonomy is of one business, and its topics are
/// neighbours.
fn order<'i>(set: &'i Intents, near: bool, pieces: &Pieces<'_>, random: &mut SplitMix) -> Vec<&'i String> {
    let mut labels: Vec<&String> = set.by_label.keys().collect();
    random.shuffle(&mut labels);
    if let (true, Some(first)) = (near, labels.first()) {
        let vector = |label: &String| pieces.embed(&set.by_label[label].join(" "));
        let middle = vector(first);
        let likeness = |label: &String| -> i32 {
            vector(label).iter().zip(middle).map(|(a, b)| i32::from(*a) * i32::from(b)).sum()
        };
        labels.sort_by_cached_key(|label| -likeness(label));
    }
    labels
}

/// Topics of the first intents, but for some between that are left out, as all others are.
fn draw(
    set: &Intents,
    order: &[&String],
    most_examples: usize,
    random: &mut SplitMix,
) -> (Vec<Written>, Vec<Seed>) {
    let most = TOPICS.1.min(order.len() * 3 / 4);
    let count = TOPICS.0 + below(random, most - TOPICS.0 + 1);
    let mut labels = order.to_vec();
    random.shuffle(&mut labels[..count * 5 / 4]);
    let (mut topics, mut texts, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (at, label) in labels.iter().enumerate() {
        let examples = if at < count { below(random, most_examples + 1) } else { 0 };
        let (examples, rest) = intents::deal(&set.by_label[*label], examples, random);
        if at < count {
            let topic = intents::topic(label, examples);
            texts.extend(
                rest.into_iter().take(TEXTS / count + 1).map(|text| seed(text, vec![topic.id.clone()])),
            );
            topics.push(topic);
        } else {
            others.extend(rest.into_iter().take(if at < count * 5 / 4 { 20 } else { 4 }));
        }
    }
    others.extend(set.out_of_scope.iter().cloned());
    random.shuffle(&mut others);
    texts.extend(others.into_iter().take(OTHER_TEXTS).map(|text| seed(text, Vec::new())));
    (topics, texts)
}

fn below(random: &mut SplitMix, bound: usize) -> usize {
    (random.next() % bound as u64) as usize
}

fn seed(text: String, topics: Vec<String>) -> Seed {
    Seed { topics: Some(topics), ..Seed::of(text, FeedbackKind::Other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_and_repeat_themselves() {
        let texts = |label: &str| (0..30).map(|at| format!("{label} {at}")).collect::<Vec<_>>();
        let labels = (0..20).map(|at| format!("intent_{at}"));
        let set = Intents {
            by_label: labels.map(|label| (label.clone(), texts(&label))).collect(),
            out_of_scope: texts("nothing"),
        };
        let draws = |seed| {
            let mut random = SplitMix(seed);
            let order: Vec<&String> = set.by_label.keys().collect();
            [draw(&set, &order, 10, &mut random), draw(&set, &order, 0, &mut random)]
        };
        let [(topics, seeds), (bare, _)] = draws(1);
        assert!((5..=15).contains(&topics.len()) && bare.iter().all(|topic| topic.examples.is_empty()));
        assert!(seeds.iter().any(|seed| seed.topics == Some(Vec::new())));
        let examples: Vec<&String> = topics.iter().flat_map(|topic| &topic.examples).collect();
        assert!(seeds.iter().all(|seed| !examples.contains(&&seed.text)));
        assert_eq!(draws(1)[1].1[0].text, draws(1)[1].1[0].text);
    }
}
