//! A seeded random stream for Monte Carlo: the same numbers on every machine, in every version.

/// xoshiro256++ (Blackman and Vigna 2019), seeded by splitmix64.
#[derive(Debug, Clone)]
pub struct Rng([u64; 4]);

impl Rng {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| splitmix64(&mut state)))
    }

    /// A stream of its own for every name, whatever order they are drawn in.
    #[must_use]
    pub fn named(seed: u64, name: &str) -> Self {
        // FNV-1a: stable, unlike the standard library's hasher.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self::new(seed ^ hash)
    }

    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.0;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// Uniform in [0, 1), in steps of 2^-53.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Standard normal (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The reference code's output for the state 1, 2, 3, 4 (prng.di.unimi.it, xoshiro256plusplus.c), and
    // of splitmix64.c from 1234567.
    #[test]
    fn the_stream_is_the_published_one() {
        let mut rng = Rng([1, 2, 3, 4]);
        let first: Vec<u64> = (0..4).map(|_| rng.next_u64()).collect();
        assert_eq!(first, [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386]);
        let mut state = 1_234_567;
        assert_eq!(splitmix64(&mut state), 6_457_827_717_110_365_317);
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut rng = Rng::named(7, "moments");
        let n = 200_000;
        let uniform: f64 = (0..n).map(|_| rng.uniform()).sum::<f64>() / f64::from(n);
        assert!((uniform - 0.5).abs() < 0.004);
        let (mut sum, mut square) = (0.0, 0.0);
        for _ in 0..n {
            let x = rng.normal();
            (sum, square) = (sum + x, square + x * x);
        }
        assert!((sum / f64::from(n)).abs() < 0.012 && (square / f64::from(n) - 1.0).abs() < 0.02);
    }

    #[test]
    fn names_do_not_share_a_stream() {
        assert_ne!(Rng::named(1, "login").next_u64(), Rng::named(1, "pricing").next_u64());
        assert_eq!(Rng::named(1, "login").next_u64(), Rng::named(1, "login").next_u64());
    }
}
