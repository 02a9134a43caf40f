//! The taxonomy's own texts as bags of terms, weighed by how few of them hold a term and how rare it is elsewhere.

use super::terms::each_term;
use crate::encoder::wordpiece::Pieces;
use crate::encoder::words::Words;
use std::collections::HashMap;

/// A pair counts half of what a word does.
pub const PAIR: f32 = 0.5;

/// Terms are numbered in the order of their first mention.
#[derive(Default)]
pub struct Bags {
    numbers: HashMap<u64, u32>,
    terms: Vec<TermFacts>,
    texts: Vec<Vec<(u32, f32)>>,
}

#[derive(Clone, Copy)]
struct TermFacts {
    hash: u64,
    /// How many texts hold it.
    texts: u32,
    /// What does not depend on the texts: rarity, word or pair.
    factor: f32,
}

/// What terms weigh, and the texts as vectors of length one.
pub struct Weighed {
    /// Hash and weight of each term.
    pub terms: Vec<(u64, f32)>,
    /// Term numbers and their values, in order.
    pub texts: Vec<Vec<(u32, f32)>>,
    /// What a term weighs that is in no text.
    pub unseen: f32,
}

impl Bags {
    pub fn push(&mut self, words: &Words, pieces: &Pieces<'_>) {
        let mut bag: Vec<(u32, f32)> = Vec::new();
        for at in 0..words.segments() {
            each_term(words, words.segment(at), |term| {
                let next = self.terms.len() as u32;
                let number = *self.numbers.entry(term.hash).or_insert(next);
                if number == next {
                    let kind = if term.second.is_some() { PAIR } else { 1.0 };
                    let factor = kind * (1.0 + term.rarity(pieces)) / 2.0;
                    self.terms.push(TermFacts { hash: term.hash, texts: 0, factor });
                }
                match bag.iter_mut().find(|(known, _)| *known == number) {
                    Some((_, count)) => *count += 1.0,
                    None => bag.push((number, 1.0)),
                }
            });
        }
        bag.iter().for_each(|(number, _)| self.terms[*number as usize].texts += 1);
        bag.sort_by_key(|(number, _)| *number);
        self.texts.push(bag);
    }

    /// A text without words.
    #[cfg(test)]
    pub fn push_nothing(&mut self) {
        self.texts.push(Vec::new());
    }

    /// Smoothed inverse document frequency, as scikit-learn's TF-IDF has it: 1 + ln((1 + n) / (1 + df)).
    #[must_use]
    pub fn weigh(self) -> Weighed {
        let all = self.texts.len() as f32;
        let weight = |term: &TermFacts| term.factor * (1.0 + ((1.0 + all) / (1.0 + term.texts as f32)).ln());
        let weights: Vec<f32> = self.terms.iter().map(weight).collect();
        let mut texts = self.texts;
        for bag in &mut texts {
            bag.iter_mut().for_each(|(number, value)| *value *= weights[*number as usize]);
            let length = bag.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(1e-6);
            bag.iter_mut().for_each(|(_, value)| *value /= length);
        }
        let terms = self.terms.iter().map(|term| term.hash).zip(weights).collect();
        Weighed { terms, texts, unseen: 1.0 + (1.0 + all).ln() }
    }
}

impl Weighed {
    /// Cosines of all pairs of texts: the lower triangle, row by row, each row as long as `texts`.
    #[must_use]
    pub fn cosines(&self) -> Vec<f32> {
        let size = self.texts.len();
        let mut holders: Vec<Vec<(usize, f32)>> = vec![Vec::new(); self.terms.len()];
        let mut cosines = vec![0.0; size * size];
        for (row, bag) in self.texts.iter().enumerate() {
            for (number, value) in bag {
                let holders = &mut holders[*number as usize];
                holders.push((row, *value));
                for (column, other) in holders.iter() {
                    cosines[row * size + column] += value * other;
                }
            }
        }
        cosines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::builtin::Builtin;

    fn weighed(texts: &[&str]) -> Weighed {
        let (mut bags, builtin) = (Bags::default(), Builtin::committed().unwrap());
        for text in texts {
            let mut words = Words::default();
            words.push_segment(text);
            words.finish();
            bags.push(&words, builtin.pieces());
        }
        bags.weigh()
    }

    #[test]
    fn texts_are_alike_by_rare_words() {
        let cosines = weighed(&["the invoice", "the export", "my invoices", ""]).cosines();
        assert!((cosines[0] - 1.0).abs() < 1e-5 && cosines[15] == 0.0);
        let (by_the, by_invoice) = (cosines[4], cosines[8]);
        assert!(0.0 < by_the && by_the < by_invoice && by_invoice < 1.0);
    }
}
