//! Scores of parts of the texts.

use super::bootstrap::{Estimates, of_confusion};
use super::scores::Confusion;
use super::tally::Answer;
use serde::Serialize;
use std::collections::BTreeMap;

/// Of fewer texts no score is given: its interval would leave nearly everything open.
pub const FEWEST: u64 = 30;

/// What one part came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sliced {
    pub n: u64,
    /// `None` below [`FEWEST`] texts.
    pub scores: Option<Estimates>,
}

/// The parts that a key makes, in its order. The answers are by places among `labels` labels.
#[must_use]
pub fn slices<K: Ord>(labels: usize, answers: impl IntoIterator<Item = (K, Answer)>) -> Vec<(K, Sliced)> {
    let mut parts: BTreeMap<K, Confusion> = BTreeMap::new();
    for (key, answer) in answers {
        let part = parts.entry(key).or_insert_with(|| Confusion::new(labels));
        part.add(answer.gold, answer.said, 1);
    }
    let sliced = |part: &Confusion| {
        let n = part.n();
        Sliced { n, scores: (n >= FEWEST).then(|| of_confusion(part)) }
    };
    parts.into_iter().map(|(key, part)| (key, sliced(&part))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_few_texts_only_their_number_is_told() {
        let answer = |at: usize| Answer { gold: 0, said: Some(at % 2), confidence: 0.5 };
        let texts = (0..59).map(|at| (if at < 30 { "many" } else { "few" }, answer(at)));
        let [("few", few), ("many", many)] = slices(2, texts)[..] else { panic!("two parts") };
        assert_eq!(few, Sliced { n: 29, scores: None });
        let accuracy = many.scores.unwrap().accuracy;
        assert_eq!((many.n, accuracy.value), (30, 0.5));
        assert!(accuracy.low < 0.4 && accuracy.high > 0.6, "{accuracy:?}");
    }
}
