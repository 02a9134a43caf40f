//! Chance of our own: the same seed gives the same history on every machine and with every library version.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};

/// xoshiro256++ (Blackman and Vigna 2019), seeded through splitmix64.
#[derive(Debug, Clone)]
pub struct Rng(Xoshiro256PlusPlus);

/// One step of splitmix64; also a good hash of a counter.
#[must_use]
pub fn splitmix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Rng {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let (mut state, mut bytes) = (seed, [0; 32]);
        for word in bytes.as_chunks_mut().0 {
            state = splitmix(state);
            *word = state.to_le_bytes();
        }
        Self(Xoshiro256PlusPlus::from_seed(bytes))
    }

    /// A stream of its own: what one subject draws does not move what another sees.
    #[must_use]
    pub fn stream(seed: u64, subject: &str) -> Self {
        Self::new(subject.bytes().fold(splitmix(seed), |hash, byte| splitmix(hash ^ u64::from(byte))))
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform below `n`; 0 for `n` = 0. The bias of the multiplication is below 2^-40 for every use here.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }

    /// Uniform in `low..=high`.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// Uniform among `items`, which are never empty here: they are the crate's own constant tables.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// An index with probability proportional to its weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Poisson by Knuth's product, in steps small enough not to underflow.
    pub fn poisson(&mut self, mean: f64) -> usize {
        let (mut left, mut count) = (mean, 0);
        while left > 0.0 {
            let step = left.min(30.0);
            let limit = (-step).exp();
            let mut product = self.unit();
            while product > limit {
                count += 1;
                product *= self.unit();
            }
            left -= step;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_says_the_same() {
        let draw = |seed| {
            let mut rng = Rng::stream(seed, "test");
            (0..8).map(|_| rng.next_u64()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn poisson_has_its_mean_and_variance() {
        let mut rng = Rng::new(3);
        let draws: Vec<f64> = (0..20_000).map(|_| rng.poisson(90.0) as f64).collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / draws.len() as f64;
        assert!((mean - 90.0).abs() < 0.4, "mean {mean}");
        assert!((variance - 90.0).abs() < 5.0, "variance {variance}");
    }
}
