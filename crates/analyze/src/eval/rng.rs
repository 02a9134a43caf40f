//! Chance that is the same in every run.

/// splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
#[derive(Debug)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end`, which is not reached.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// How many of `n` trials succeed that have the chance `part / whole` each.
    ///
    /// Exactly binomial: a trial is a uniform number below 1, in binary, and succeeds where it is less than the chance.
    /// The trials are compared with the chance bit by bit, 64 at once, and at each bit half of them are decided.
    pub(super) fn binomial(&mut self, n: u64, part: u64, whole: u64) -> u64 {
        if part >= whole {
            return n;
        }
        let (mut open, mut hits, mut rest) = (n, 0, part);
        while open > 0 && rest > 0 {
            // The chance's next bit, by long division.
            rest *= 2;
            let ones = self.heads(open);
            if rest >= whole {
                rest -= whole;
                hits += open - ones;
                open = ones;
            } else {
                open -= ones;
            }
        }
        hits
    }

    /// Of `n` fair coins.
    fn heads(&mut self, n: u64) -> u64 {
        let mut heads: u64 = (0..n / 64).map(|_| u64::from(self.next().count_ones())).sum();
        if !n.is_multiple_of(64) {
            heads += u64::from((self.next() >> (64 - n % 64)).count_ones());
        }
        heads
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the reference code, splitmix64.c (prng.di.unimi.it), from the seed 1234567.
    #[test]
    fn the_numbers_are_the_reference_codes() {
        let mut rng = Rng::new(1_234_567);
        let numbers: [u64; 3] = std::array::from_fn(|_| rng.next());
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn binomials_have_their_mean_and_variance() {
        let mut rng = Rng::new(1);
        for (n, part, whole) in [(1000, 800, 1000), (7, 1, 3), (64, 1, 4), (1, 1, 2)] {
            let drawn: Vec<f64> = (0..10_000).map(|_| rng.binomial(n, part, whole) as f64).collect();
            let mean = drawn.iter().sum::<f64>() / 1e4;
            let variance = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e4;
            let (n, chance) = (n as f64, part as f64 / whole as f64);
            let expected = n * chance * (1.0 - chance);
            // Five standard errors of each.
            assert!((mean - n * chance).abs() < 0.05 * expected.sqrt(), "{mean} {n} {chance}");
            assert!((variance / expected - 1.0).abs() < 0.1, "{variance} {expected}");
        }
        assert_eq!([rng.binomial(9, 0, 5), rng.binomial(9, 5, 5), rng.binomial(0, 1, 2)], [0, 9, 0]);
    }

    #[test]
    fn every_place_below_an_end_is_as_likely() {
        let (mut rng, mut counts) = (Rng::new(2), [0_u32; 7]);
        (0..70_000).for_each(|_| counts[rng.below(7)] += 1);
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
    }
}
