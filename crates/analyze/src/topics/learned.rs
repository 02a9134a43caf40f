//! What tells each topic from all others: ridge regression, in closed form, on the taxonomy's own texts.
//!
//! With texts x_i of topics t_i, V the likenesses of their vectors, W those of their words, Y_ic = [t_i = c] - 1/C, and
//! D as much for every topic: A = (V + W + PENALTY D⁻¹)⁻¹ Y, and the score of topic c for a text x is the sum over i of
//! A_ic (v(x, x_i) + w(x, x_i)) (Saunders et al. 1998, "Ridge regression learning algorithm in dual variables").
//! What W gives folds into a weight for each term. V is the cosine where topics are few: it folds into one direction a
//! topic. A direction in 64 dimensions cannot tell a hundred topics apart: there V is a power of it.

use super::bags::Weighed;
use super::ridge::{System, dot};
use super::rows::{Rows, likeness, product};

/// Chosen on held-out texts of banking77's train split and on clinc150's, as are the numbers below.
const PENALTY: f32 = 0.3;
/// A term's weight for a topic is dropped where it is less than this share of the term's largest.
const LEAST_SHARE: f32 = 0.3;
/// So many numbers of a vector a topic make a direction enough.
const NUMBERS_A_TOPIC: usize = 2;
/// The largest number of a direction, in steps.
const STEPS: f32 = 8191.0;

/// The vector's part of the scores.
pub enum Learned {
    /// One direction a topic, and what its step is worth.
    Straight { directions: Rows, steps: Vec<f32> },
    /// The texts, and for each topic what likeness to each of them says.
    Curved { texts: Rows, shares: Vec<f32> },
}

/// What one term says: topics and weights.
pub type TermWeights = Vec<(u16, f32)>;

impl Learned {
    /// `topics` names the topic of each text; all below `count`. The weights stand in the order of the terms.
    pub fn fit(texts: Rows, topics: &[u16], count: usize, bags: &Weighed) -> (Self, Vec<TermWeights>) {
        let curved = count * NUMBERS_A_TOPIC > texts.width();
        let shares = shares(&texts, topics, count, bags, curved);
        let terms = term_weights(&shares, count, bags);
        let learned = if curved {
            let by_topic = (0..count).flat_map(|topic| shares.iter().skip(topic).step_by(count).copied());
            Self::Curved { shares: by_topic.collect(), texts }
        } else {
            directions(&texts, &shares, count)
        };
        (learned, terms)
    }

    /// What [`Self::score`] needs of a text for all topics.
    pub fn prepare(&self, vector: &[i16], room: &mut Vec<f32>) {
        room.clear();
        if let Self::Curved { texts, shares } = self {
            let count = if shares.is_empty() { 0 } else { texts.len() };
            room.extend(texts.rows(0..count).map(|text| curve(likeness(text, vector))));
        }
    }

    pub fn score(&self, topic: usize, vector: &[i16], prepared: &[f32]) -> f32 {
        match self {
            Self::Straight { directions, steps } => {
                steps[topic] * product(directions.row(topic), vector) as f32
            }
            Self::Curved { shares, .. } => {
                dot(&shares[topic * prepared.len()..(topic + 1) * prepared.len()], prepared)
            }
        }
    }
}

/// Near texts count, far ones hardly: about exp(4 (likeness - 1)), without a call.
fn curve(likeness: f32) -> f32 {
    let half = (1.0 + likeness) / 2.0;
    let fourth = (half * half) * (half * half);
    fourth * fourth
}

/// A row a text: its share in each topic's score.
fn shares(texts: &Rows, topics: &[u16], count: usize, bags: &Weighed, curved: bool) -> Vec<f32> {
    let size = topics.len();
    let mut of_topic = vec![0usize; count];
    topics.iter().for_each(|topic| of_topic[usize::from(*topic)] += 1);
    let with_texts = of_topic.iter().filter(|texts| **texts > 0).count();
    let mean = size as f32 / with_texts.max(1) as f32;
    let cosines = bags.cosines();
    let likeness = |row: usize, column: usize| {
        let near = likeness(texts.row(row), texts.row(column));
        cosines[row * size + column] + if curved { curve(near) } else { near }
    };
    let penalty = |row: usize| PENALTY * of_topic[usize::from(topics[row])] as f32 / mean;
    let mut shares = vec![-1.0 / count.max(1) as f32; size * count];
    topics.iter().enumerate().for_each(|(row, topic)| shares[row * count + usize::from(*topic)] += 1.0);
    System::new(size, likeness, penalty).solve(&mut shares, count);
    shares
}

fn term_weights(shares: &[f32], count: usize, bags: &Weighed) -> Vec<TermWeights> {
    let mut holders: Vec<Vec<(usize, f32)>> = vec![Vec::new(); bags.terms.len()];
    for (text, bag) in bags.texts.iter().enumerate() {
        bag.iter().for_each(|(number, value)| holders[*number as usize].push((text, *value)));
    }
    let mut weights = vec![0.0f32; count];
    let of_term = |holders: &Vec<(usize, f32)>| {
        weights.fill(0.0);
        for (text, value) in holders {
            let shares = &shares[text * count..(text + 1) * count];
            weights.iter_mut().zip(shares).for_each(|(weight, share)| *weight += value * share);
        }
        let least = LEAST_SHARE * weights.iter().map(|weight| weight.abs()).fold(0.0, f32::max);
        let kept = weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0 && weight.abs() >= least);
        kept.map(|(topic, weight)| (topic as u16, *weight)).collect()
    };
    holders.iter().map(of_term).collect()
}

fn directions(texts: &Rows, shares: &[f32], count: usize) -> Learned {
    let mut learned = (Rows::new(texts.width()), Vec::with_capacity(count));
    for topic in 0..count {
        let mut sum = vec![0.0f32; texts.width()];
        for (text, share) in texts.rows(0..texts.len()).zip(shares.iter().skip(topic).step_by(count)) {
            sum.iter_mut().zip(text).for_each(|(sum, value)| *sum += share * f32::from(*value));
        }
        let step = sum.iter().map(|value| value.abs()).fold(1e-6, f32::max) / STEPS;
        learned.0.push(sum.iter().map(|value| (value / step).round() as i16));
        learned.1.push(step / (127.0 * 127.0));
    }
    Learned::Straight { directions: learned.0, steps: learned.1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topics::bags::Bags;

    /// Two corners of a square are one topic, the other two the other: no direction tells them apart, a curve does.
    fn corners(count: usize) -> (Learned, Vec<[i16; 64]>) {
        let corner = |x: i16, y: i16| std::array::from_fn(|at| [x, y, 0][at.min(2)]);
        let corners = vec![corner(90, 90), corner(-90, -90), corner(90, -90), corner(-90, 90)];
        let mut texts = Rows::new(64);
        corners.iter().for_each(|corner| texts.push(*corner));
        let mut bags = Bags::default();
        for _ in &corners {
            bags.push_nothing();
        }
        let (learned, terms) = Learned::fit(texts, &[0, 0, 1, 1], count, &bags.weigh());
        assert!(terms.is_empty());
        (learned, corners)
    }

    fn score(learned: &Learned, topic: usize, vector: &[i16; 64]) -> f32 {
        let mut room = Vec::new();
        learned.prepare(vector, &mut room);
        learned.score(topic, vector, &room)
    }

    #[test]
    fn many_topics_are_told_apart_by_curves() {
        let (straight, corners) = corners(2);
        assert!(matches!(straight, Learned::Straight { .. }));
        assert!((score(&straight, 0, &corners[0]) - score(&straight, 1, &corners[0])).abs() < 0.1);
        let (curved, corners) = self::corners(40);
        for (at, corner) in corners.iter().enumerate() {
            assert!(score(&curved, at / 2, corner) > score(&curved, 1 - at / 2, corner) + 0.5);
        }
    }
}
