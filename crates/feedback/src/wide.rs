//! Vectors in more dimensions than the built-in encoder has, for measurements of what longer ones cost: the features
//! `wide-vectors` of other crates use it, and no normal build does.

/// Numbers of a vector that was [`widened`].
pub const WIDE: usize = 256;
/// Stands behind the version of a space whose vectors were.
pub const WIDENED: &str = " in 256";

/// The same direction and length in [`WIDE`] dimensions; what is behind so many numbers is left out. Every number counts in
/// all of those of the result (columns of a Hadamard matrix, which are orthogonal), so that products and cosines stay as
/// they are, but for rounding.
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
}
