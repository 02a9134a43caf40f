//! What speaks for a topic, as numbers that mean the same for every topic of every taxonomy.

use crate::encoder::weights::TopicFacts;

/// How many signs there are.
pub const SIGNS: usize = 11;
/// What a segment shows of a topic, in this order: likeness to the topic's centre; that above the mean of all topics; that
/// above the best other topic; likeness to its nearest text, and to the second; the most telling word in common; the
/// sum of words in common, for the length; that above the best other topic; the logarithm of the length; the learned
/// score; that above the best other topic.
pub type Signs = [f32; SIGNS];

/// Where in the signs the likeness to the nearest and to the second text stands.
pub const NEAREST: usize = 3;
pub const SECOND: usize = 4;
/// No likeness is above it: vectors have length 127 but for the rounding of their parts.
pub const LIKEST: f32 = 1.05;

/// How much a sign says depends on the topic's setting: [`Setting::numbers`].
const SETTINGS: usize = 3;
/// Coefficients of a model of topics, but for its bias: of the signs by themselves and times each number of the setting,
/// then of these numbers by themselves.
pub const EVIDENCE: usize = SIGNS * SETTINGS + SETTINGS - 1;
/// What the coefficients multiply.
pub type Evidence = [f32; EVIDENCE];

/// What is known of a topic before any text is read.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    pub examples: usize,
    pub keywords: usize,
}

impl Setting {
    fn numbers(self) -> [f32; SETTINGS] {
        [1.0, (1.0 + self.examples as f32).ln(), (1.0 + self.keywords as f32).ln()]
    }

    /// What the coefficients multiply for these signs.
    #[must_use]
    pub fn evidence(self, signs: &Signs) -> Evidence {
        let numbers = self.numbers();
        std::array::from_fn(|at| match at.checked_sub(SIGNS * SETTINGS) {
            Some(number) => numbers[number + 1],
            None => signs[at % SIGNS] * numbers[at / SIGNS],
        })
    }
}

/// The model for one topic: its setting is put in already.
#[derive(Debug, Clone, Copy)]
pub struct Weighing {
    bias: f32,
    weights: Signs,
}

impl Weighing {
    #[must_use]
    pub fn new(facts: &TopicFacts, setting: Setting) -> Self {
        let numbers = setting.numbers();
        let (signs, rest) = facts.coefficients.split_at(SIGNS * SETTINGS);
        let weight = |sign: usize| (0..SETTINGS).map(|at| numbers[at] * signs[at * SIGNS + sign]).sum();
        let bias = rest.iter().zip(&numbers[1..]).map(|(coefficient, number)| coefficient * number);
        Self { bias: facts.bias + bias.sum::<f32>(), weights: std::array::from_fn(weight) }
    }

    /// The logarithm of the odds.
    #[must_use]
    pub fn score(&self, signs: &Signs) -> f32 {
        self.bias + signs.iter().zip(&self.weights).map(|(sign, weight)| sign * weight).sum::<f32>()
    }

    #[must_use]
    pub fn probability(&self, signs: &Signs) -> f32 {
        1.0 / (1.0 + (-self.score(signs)).exp())
    }

    /// What the score could be at most, before the topic's texts are looked at: most topics need no more.
    #[must_use]
    pub fn highest(&self, without_texts: &Signs) -> f32 {
        let mut signs = *without_texts;
        for at in [NEAREST, SECOND] {
            signs[at] = if self.weights[at] > 0.0 { LIKEST } else { 0.0 };
        }
        self.score(&signs)
    }
}

/// The largest two of some numbers.
#[derive(Debug, Clone, Copy)]
pub struct TopTwo {
    pub first: f32,
    pub second: f32,
}

impl TopTwo {
    /// Never below `floor`, which stands for what is missing.
    pub fn of(values: impl Iterator<Item = f32>, floor: f32) -> Self {
        values.fold(Self { first: floor, second: floor }, |top, value| {
            if value > top.first {
                Self { first: value, second: top.first }
            } else {
                Self { first: top.first, second: top.second.max(value) }
            }
        })
    }

    /// The largest but this one.
    pub fn best_of_others(self, value: f32) -> f32 {
        if value >= self.first { self.second } else { self.first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topics_model_is_the_model_on_its_evidence() {
        let facts = TopicFacts {
            bias: -0.5,
            coefficients: (0..EVIDENCE).map(|at| (at as f32 * 0.7).sin()).collect(),
            threshold: 0.5,
        };
        let setting = Setting { examples: 7, keywords: 3 };
        let signs: Signs = std::array::from_fn(|at| 0.1 * at as f32);
        let weighed =
            setting.evidence(&signs).iter().zip(&facts.coefficients).map(|(e, c)| e * c).sum::<f32>();
        let expected = 1.0 / (1.0 + (-(facts.bias + weighed)).exp());
        let weighing = Weighing::new(&facts, setting);
        assert!((weighing.probability(&signs) - expected).abs() < 1e-5);
        assert!(weighing.highest(&signs) >= weighing.score(&signs));
    }

    #[test]
    fn the_best_of_others_leaves_one_out() {
        let top = TopTwo::of([0.2, 0.9, 0.5].into_iter(), 0.0);
        assert_eq!((top.best_of_others(0.9), top.best_of_others(0.5)), (0.5, 0.9));
        assert_eq!(TopTwo::of([-0.5].into_iter(), -1.0).best_of_others(-0.5), -1.0);
    }
}
