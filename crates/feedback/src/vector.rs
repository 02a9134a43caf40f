//! Products of vectors of eight bits a number, as facts hold what their texts mean.

/// The product of two vectors; of two widths that of the numbers that both have. In whole numbers, so the same on every
/// machine; beyond 32 bits it wraps.
///
/// A page may wait for a million of them. This crate is built with all optimisation in every profile, so that the loop goes
/// over many numbers at once; inlined elsewhere it would be built as what is around it.
#[must_use]
#[inline(never)]
pub fn product(a: &[i8], b: &[i16]) -> i32 {
    let pairs = a.iter().zip(b);
    pairs.fold(0, |sum, (a, b)| sum.wrapping_add(i32::from(*a).wrapping_mul(i32::from(*b))))
}

/// Numbers of a vector that was [`widened`].
pub const WIDE: usize = 256;
/// Stands behind the version of a space whose vectors were.
pub const WIDENED: &str = " in 256";

/// The same direction and length in [`WIDE`] dimensions; what is behind so many numbers is left out. Every number counts in
/// all of those of the result (columns of a Hadamard matrix, which are orthogonal), so that products and cosines stay as
/// they are, but for rounding.
///
/// For measurements with longer vectors than the built-in encoder has.
#[must_use]
pub fn widened(vector: impl IntoIterator<Item = i32>) -> [i32; WIDE] {
    let mut wide = [0; WIDE];
    for (at, number) in vector.into_iter().take(WIDE).enumerate() {
        // Odd, so that each has a place of its own; in places beside each other, the result would repeat itself.
        wide[at * 197 % WIDE] = number;
    }
    let mut half = 1;
    while half < WIDE {
        for both in wide.chunks_exact_mut(2 * half) {
            let (low, high) = both.split_at_mut(half);
            low.iter_mut().zip(high).for_each(|(a, b)| (*a, *b) = (*a + *b, *a - *b));
        }
        half *= 2;
    }
    // The root of their number: what all these sums are longer.
    wide.map(|sum| (sum as f32 / 16.0).round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of 64 numbers, with a length near 127.
    fn vector(seed: u8) -> Vec<i32> {
        let number = |at| (xxhash_rust::xxh3::xxh3_64(&[seed, at]) % 55) as i32 - 27;
        (0..64).map(number).collect()
    }

    fn cosine(a: &[i32], b: &[i32]) -> f64 {
        let product = |a: &[i32], b: &[i32]| -> f64 {
            a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        product(a, b) / (product(a, a) * product(b, b)).sqrt()
    }

    #[test]
    fn what_was_widened_is_as_alike_as_before() {
        let narrow: Vec<Vec<i32>> = (1..20).map(vector).collect();
        let wide: Vec<[i32; WIDE]> = narrow.iter().map(|vector| widened(vector.iter().copied())).collect();
        for (at, other) in (0..narrow.len()).flat_map(|at| (0..at).map(move |other| (at, other))) {
            let (before, after) = (cosine(&narrow[at], &narrow[other]), cosine(&wide[at], &wide[other]));
            assert!((before - after).abs() < 0.02, "{before} and {after}");
        }
        let length =
            |vector: &[i32]| f64::from(vector.iter().map(|number| number * number).sum::<i32>()).sqrt();
        assert!((length(&wide[0]) / length(&narrow[0]) - 1.0).abs() < 0.02);
        // No number stands in it twice for every vector.
        let column = |at: usize| wide.iter().map(|vector| vector[at]).collect::<Vec<i32>>();
        let columns: std::collections::BTreeSet<Vec<i32>> = (0..WIDE).map(column).collect();
        assert_eq!(columns.len(), WIDE);
    }

    #[test]
    fn products_by_hand() {
        assert_eq!(product(&[1, -2, 3], &[4, 5, -6]), -24);
        assert_eq!(product(&[-128; 4], &[i16::MIN; 4]), 4 * 128 * 32_768);
        assert_eq!((product(&[], &[]), product(&[7], &[2, 9]), product(&[7, 9], &[2])), (0, 14, 14));
    }

    proptest! {
        /// However many numbers the loop takes at once.
        #[test]
        fn it_is_the_sum_number_by_number(pairs in prop::collection::vec((any::<i8>(), any::<i16>()), 0..90)) {
            let (a, b): (Vec<i8>, Vec<i16>) = pairs.iter().copied().unzip();
            let sum: i64 = pairs.iter().map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
            prop_assert_eq!(i64::from(product(&a, &b)), sum);
        }
    }
}
